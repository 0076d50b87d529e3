//! Asks a token endpoint for a token (RFC 6749 section 4.4.2), under the same rules as the portal is
//! asked: the same certificates and proxies, timeouts, and a bounded number of tries. May not know
//! what is in an answer.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::Client;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, LOCATION, RETRY_AFTER};
use secrecy::ExposeSecret as _;
use tokio::time::Instant;

use super::token_endpoint::{Auth, TokenEndpoint};
use super::token_response::{Answer, DOING, Grant};
use crate::portal::scim::address;
use crate::portal::scim::credentials::secrets::Secrets;
use crate::portal::scim::credentials::variables::OAUTH_URL;
use crate::portal::scim::http::client::{Route, client};
use crate::portal::scim::http::{
    Attempt, Cause, Failure, NoBody, Peer, Policy, Repeats, header, no_answer, read_body,
    retry_after,
};
use crate::portal::scim::limits::Limits;
use crate::portal::scim::tls::Tls;
use crate::portal::{ErrorKind, PortalError};

/// The longest answer, in bytes; a token is some thousand at most.
const LONGEST: usize = 64 << 10;

const PEER: Peer = Peer {
    name: Cow::Borrowed("the token endpoint"),
    variable: OAUTH_URL,
};

/// Asks one token endpoint. Each client has its own, with limits of its own; all share the token.
pub(crate) struct Asker {
    pub(crate) endpoint: Arc<TokenEndpoint>,
    client: Client,
    connect: Duration,
    policy: Policy,
    secrets: Arc<Secrets>,
}

impl Asker {
    pub(crate) fn open(
        endpoint: &Arc<TokenEndpoint>,
        secrets: &Arc<Secrets>,
        tls: &Tls,
        limits: &Limits,
    ) -> Result<Self, PortalError> {
        let route = Route {
            to: &endpoint.url,
            tls,
            proxy: endpoint.proxy.as_ref(),
        };
        Ok(Self {
            endpoint: Arc::clone(endpoint),
            client: client(&route, limits, HeaderMap::new())?,
            connect: limits.connect,
            policy: Policy::new(limits),
            secrets: Arc::clone(secrets),
        })
    }

    /// Asks until there is an answer, or no sense in asking again. To ask twice does no harm.
    pub(crate) async fn ask(&self) -> Result<Grant, PortalError> {
        let secret = self.endpoint.secret.now(&self.secrets);
        let once = || self.attempt(secret.expose_secret());
        let asked = self.policy.exchange(Repeats::Freely, DOING, once).await;
        asked.map_err(PortalError::from)
    }

    /// One request, and the token that came back.
    async fn attempt(&self, secret: &str) -> Result<Grant, Attempt> {
        let asked_at = Instant::now();
        let broken = |error| self.broken(error);
        let mut response = self.request(secret).send().await.map_err(broken)?;
        let status = response.status();
        // Redirects are not followed: the secret is for this endpoint alone.
        let body = match status.is_redirection() {
            true => Ok(Vec::new()),
            false => read_body(&mut response, LONGEST).await,
        };
        let body = match body {
            Ok(body) => Some(body),
            Err(NoBody::TooLarge) => None,
            Err(NoBody::Transport(error)) => return Err(self.broken(error)),
        };
        let headers = response.headers();
        let elsewhere = header(headers, LOCATION).and_then(|it| response.url().join(it).ok());
        let answer = Answer {
            status: status.as_u16(),
            content_type: header(headers, CONTENT_TYPE).map(str::to_ascii_lowercase),
            elsewhere: elsewhere.and_then(|url| url.host_str().map(str::to_owned)),
            body,
        };
        answer.grant(asked_at, &self.secrets).map_err(|error| {
            let pause = header(headers, RETRY_AFTER)
                .and_then(|value| retry_after(value, SystemTime::now()));
            self.failed(error, Cause::Status(answer.status), pause)
        })
    }

    /// Name and secret are form-urlencoded in the pair, too, which plain HTTP Basic does not ask for
    /// (RFC 6749 section 2.3.1).
    fn request(&self, secret: &str) -> reqwest::RequestBuilder {
        let endpoint = &*self.endpoint;
        let (name, password) = (encoded(&endpoint.client_id), encoded(secret));
        self.secrets.keep_pair(&name, &password);
        let mut form = vec![("grant_type", "client_credentials")];
        form.extend(endpoint.scope.as_deref().map(|scope| ("scope", scope)));
        let mut request = self.client.post(endpoint.url.clone());
        request = request.header(ACCEPT, "application/json");
        match endpoint.auth {
            Auth::Basic => request = request.basic_auth(name, Some(password)),
            Auth::Post => {
                form.push(("client_id", &endpoint.client_id));
                form.push(("client_secret", secret));
            }
        }
        request.form(&form)
    }

    /// No answer, or none to its end. Nothing has been sent to the portal.
    fn broken(&self, error: reqwest::Error) -> Attempt {
        let quote = |words: &str| self.secrets.quote(words);
        let none = no_answer(error, &PEER, self.connect, &quote);
        let cause = none.cause();
        let kind = match none.kind {
            ErrorKind::Configuration => ErrorKind::Configuration,
            _ => ErrorKind::Unreachable,
        };
        let error = PortalError::new(kind, DOING, none.detail, none.help);
        self.failed(error, cause, None)
    }

    fn failed(&self, mut error: PortalError, cause: Cause, pause: Option<Duration>) -> Attempt {
        let host = address::host(&self.endpoint.url);
        error.detail = format!("no access token from {host}: {}", error.detail);
        Attempt {
            failure: Failure::from(error),
            cause,
            retry_after: pause,
        }
    }
}

/// As it stands in a form.
fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
