//! Asks for a token, under the same rules as the portal is asked: the same certificates and proxies,
//! timeouts, and a bounded number of tries.

use std::sync::Arc;

use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse,
};
use oauth2::{
    AuthType, ClientId, ClientSecret, RequestTokenError, Scope, StandardRevocableToken, TokenUrl,
};
use secrecy::ExposeSecret as _;
use tokio::time::Instant;

use super::answer::{Grant, Granted};
use super::line::{DOING, Line, NoAnswer};
use super::words;
use super::words::Words;
use super::{Auth, Settings};
use crate::portal::PortalError;
use crate::portal::scim::Limits;
use crate::portal::scim::credentials::secrets::Secrets;
use crate::portal::scim::http::{Attempt, Cause, Policy, Repeats};
use crate::portal::scim::tls::Tls;

/// A client of the crate that knows no other endpoint.
type TokenClient = oauth2::Client<
    BasicErrorResponse,
    Granted,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
>;

/// Asks one token endpoint.
pub(crate) struct Asker {
    line: Line,
    policy: Policy,
    secrets: Arc<Secrets>,
}

impl Asker {
    pub(super) fn open(
        settings: &Settings,
        secrets: &Arc<Secrets>,
        tls: &Tls,
        limits: &Limits,
    ) -> Result<Self, PortalError> {
        Ok(Self {
            line: Line::open(settings, secrets, tls, limits)?,
            policy: Policy::new(limits),
            secrets: Arc::clone(secrets),
        })
    }

    /// Asks until there is an answer, or no sense in asking again. To ask twice does no harm.
    pub(super) async fn ask(&self, settings: &Settings) -> Result<Grant, PortalError> {
        let secrets = &self.secrets;
        let secret = settings.secret.now(secrets);
        secrets.keep_pair(&form(&settings.client_id), &form(secret.expose_secret()));
        let client = TokenClient::new(ClientId::new(settings.client_id.clone()))
            .set_client_secret(ClientSecret::new(secret.expose_secret().to_owned()))
            .set_auth_type(match settings.auth {
                Auth::Basic => AuthType::BasicAuth,
                Auth::Post => AuthType::RequestBody,
            })
            .set_token_uri(TokenUrl::from_url(settings.url.clone()));
        let scope = settings.scope.clone().map(Scope::new);
        let once = || async {
            let asked_at = Instant::now();
            let answer = client
                .exchange_client_credentials()
                .add_scopes(scope.clone())
                .request_async(&self.line)
                .await;
            self.grant(answer, asked_at).map_err(|attempt| *attempt)
        };
        let asked = self.policy.exchange(Repeats::Freely, DOING, once).await;
        asked.map_err(PortalError::from)
    }

    fn grant(
        &self,
        answer: Result<Granted, RequestTokenError<NoAnswer, BasicErrorResponse>>,
        asked_at: Instant,
    ) -> Result<Grant, Box<Attempt>> {
        let words = match answer {
            Ok(granted) => match granted.grant(asked_at, &self.secrets) {
                Ok(grant) => return Ok(grant),
                Err(why) => words::unusable(why),
            },
            Err(RequestTokenError::Request(NoAnswer(attempt))) => return Err(attempt),
            Err(RequestTokenError::ServerResponse(refusal)) => self.refusal(&refusal),
            // Some refuse with the status of success. Anything else in it may hold a token.
            Err(RequestTokenError::Parse(_, body)) => match serde_json::from_slice(&body) {
                Ok(refusal) => self.refusal(&refusal),
                Err(_) => words::no_token(),
            },
            Err(RequestTokenError::Other(_)) => words::no_token(),
        };
        Err(self.line.failed(words, Cause::Final, None).into())
    }

    fn refusal(&self, refusal: &BasicErrorResponse) -> Words {
        let said = words::said(refusal).map(|said| self.line.quote(&said));
        words::refusal(refusal, said.as_deref())
    }
}

/// As it stands in a form, and in the pair of RFC 6749 section 2.3.1.
fn form(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
