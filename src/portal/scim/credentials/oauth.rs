//! Tokens that arkib asks for itself: the client credentials grant of OAuth 2.0 (RFC 6749 section
//! 4.4), under the same rules as the portal is asked: the same certificates and proxies, timeouts, and
//! a bounded number of tries. They are kept in memory and nowhere else. May not know what is in an
//! answer.

mod token_cache;
mod token_response;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, HeaderMap};
use reqwest::{Client, Proxy, RequestBuilder, Url};
use secrecy::ExposeSecret as _;
use tokio::time::Instant;

use self::token_cache::TokenCache;
use self::token_response::TokenGrant;
use super::redaction::Secrets;
use super::source::RereadableSecret;
use crate::http::{Peer, Tls, build_client, host_and_port, read_body, retry_after};
use crate::portal::scim::http::{
    FailureCause, RepeatRule, RequestFailure, RetryingSender, no_answer_failure,
};
use crate::portal::scim::limits::ClientLimits;
use crate::portal::scim::variables::TLS;
use crate::portal::{Doing, ErrorKind, PortalError};

/// The longest answer, in bytes; a token is some thousand at most.
const LONGEST: usize = 64 << 10;

const PEER: Peer =
    Peer { name: "the token endpoint", variable: "ARKIB_PORTAL_OAUTH_URL", tls: &TLS };

/// The token endpoint, as the environment names it, and the token that it gave.
pub(crate) struct TokenEndpoint {
    pub(super) url: Url,
    pub(super) proxy: Option<Proxy>,
    pub(super) client_id: String,
    pub(super) secret: RereadableSecret,
    pub(super) scope: Option<String>,
    /// Whether the client proves who it is in the form, in place of HTTP Basic, which every token
    /// endpoint must take (RFC 6749 section 2.3.1).
    pub(super) is_in_form: bool,
    pub(super) secrets: Secrets,
    pub(super) cache: TokenCache,
}

/// Shows where tokens come from, and nothing of them.
impl fmt::Debug for TokenEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuth")
            .field("host", &host_and_port(&self.url))
            .field("secret", &self.secret)
            .finish_non_exhaustive()
    }
}

/// Asks one token endpoint. Each client has its own, with limits of its own; all share the token.
pub(crate) struct TokenClient {
    pub(super) endpoint: Arc<TokenEndpoint>,
    client: Client,
    connect: Duration,
    policy: RetryingSender,
}

impl TokenClient {
    pub(super) fn new(
        endpoint: &Arc<TokenEndpoint>,
        tls: &Tls,
        limits: &ClientLimits,
    ) -> Result<Self, PortalError> {
        let proxy = endpoint.proxy.as_ref();
        Ok(Self {
            endpoint: Arc::clone(endpoint),
            client: build_client(&endpoint.url, tls, proxy, limits.timeouts(), HeaderMap::new())?,
            connect: limits.connect,
            policy: RetryingSender::new(limits, None),
        })
    }

    /// Asks until there is an answer, or no sense in asking again. To ask twice does no harm.
    pub(super) async fn ask_for_token(&self) -> Result<TokenGrant, PortalError> {
        let endpoint = &self.endpoint;
        let secret = endpoint.secret.read_again(&endpoint.secrets);
        let once = || async {
            let asked = self.request_token_once(secret.expose_secret()).await;
            asked.map_err(|mut failure| {
                let host = host_and_port(&endpoint.url);
                let why = failure.error.detail.in_english();
                failure.error.detail = format!("no access token from {host}: {why}").into();
                failure
            })
        };
        let asked =
            self.policy.send_with_retries(RepeatRule::Freely, Doing::GettingToken, once).await;
        asked.map_err(PortalError::from)
    }

    /// One request, and the token that came back.
    async fn request_token_once(&self, secret: &str) -> Result<TokenGrant, RequestFailure> {
        let asked_at = Instant::now();
        let broken = |error| self.exchange_failure(error);
        let mut response = self.build_request(secret).send().await.map_err(broken)?;
        let status = response.status();
        // Redirects are not followed: the secret is for this endpoint alone.
        let body = match status.is_redirection() {
            true => Some(Vec::new()),
            false => read_body(&mut response, LONGEST).await.map_err(broken)?,
        };
        let secrets = &self.endpoint.secrets;
        let read = token_response::read(&response, body.as_deref(), asked_at, secrets);
        read.map_err(|error| RequestFailure {
            cause: FailureCause::Status(status.as_u16()),
            retry_after: retry_after(&response),
            ..RequestFailure::from(error)
        })
    }

    /// Name and secret are form-urlencoded in the pair, too, which plain HTTP Basic does not ask for
    /// (RFC 6749 section 2.3.1).
    fn build_request(&self, secret: &str) -> RequestBuilder {
        let endpoint = &*self.endpoint;
        let (name, password) = (form_encode(&endpoint.client_id), form_encode(secret));
        endpoint.secrets.add_basic_pair(&name, &password);
        let mut form = vec![("grant_type", "client_credentials")];
        form.extend(endpoint.scope.as_deref().map(|scope| ("scope", scope)));
        let mut request = self.client.post(endpoint.url.clone());
        request = request.header(ACCEPT, "application/json");
        if endpoint.is_in_form {
            form.push(("client_id", &endpoint.client_id));
            form.push(("client_secret", secret));
        } else {
            request = request.basic_auth(name, Some(password));
        }
        request.form(&form)
    }

    /// No answer, or none to its end. Nothing has been sent to the portal.
    fn exchange_failure(&self, error: reqwest::Error) -> RequestFailure {
        let quote = |words: &str| self.endpoint.secrets.quote_redacted(words);
        let mut failure =
            no_answer_failure(error, &PEER, Doing::GettingToken, self.connect, &quote);
        if failure.error.kind != ErrorKind::Configuration {
            failure.error.kind = ErrorKind::Unreachable;
        }
        failure
    }
}

/// As it stands in a form.
fn form_encode(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
