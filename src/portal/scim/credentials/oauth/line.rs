//! One request to a token endpoint, and what came back, as far as it is an answer in the words of RFC
//! 6749. Whether there is a second one is not for here to say.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use oauth2::basic::BasicErrorResponse;
use oauth2::{AsyncHttpClient, HttpRequest, HttpResponse};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, LOCATION, RETRY_AFTER};
use reqwest::{Client, Response};

use super::Settings;
use super::words;
use super::words::Words;
use crate::portal::scim::credentials::choice::OAUTH_URL;
use crate::portal::scim::credentials::secrets::Secrets;
use crate::portal::scim::http::client::{Route, client};
use crate::portal::scim::http::{
    Attempt, Cause, Failure, NoBody, Peer, explain, no_answer, read_body, retry_after,
};
use crate::portal::scim::tls::Tls;
use crate::portal::scim::{Limits, address};
use crate::portal::{ErrorKind, PortalError};

pub(super) const DOING: &str = "asking for an access token";

/// The longest answer, in bytes; a token is some thousand at most.
const LONGEST: usize = 64 << 10;

/// The line to a token endpoint.
#[derive(Clone)]
pub(super) struct Line {
    client: Client,
    host: Arc<str>,
    peer: Arc<Peer>,
    connect: Duration,
    secrets: Arc<Secrets>,
}

/// Why there is no answer that the crate could read.
#[derive(Debug, thiserror::Error)]
#[error("no answer")]
pub(super) struct NoAnswer(pub(super) Box<Attempt>);

impl<'c> AsyncHttpClient<'c> for Line {
    type Error = NoAnswer;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, NoAnswer>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            let sent = self.send(request).await;
            sent.map_err(|attempt| NoAnswer(Box::new(attempt)))
        })
    }
}

impl Line {
    pub(super) fn open(
        settings: &Settings,
        secrets: &Arc<Secrets>,
        tls: &Tls,
        limits: &Limits,
    ) -> Result<Self, PortalError> {
        let route = Route {
            to: &settings.url,
            tls,
            proxy: settings.proxy.as_ref(),
        };
        let peer = Peer {
            name: "the token endpoint".into(),
            variable: OAUTH_URL,
        };
        Ok(Self {
            client: client(&route, limits, HeaderMap::new())?,
            host: address::host(&settings.url).into(),
            peer: Arc::new(peer),
            connect: limits.connect,
            secrets: Arc::clone(secrets),
        })
    }

    async fn send(&self, mut request: HttpRequest) -> Result<HttpResponse, Attempt> {
        if let Some(pair) = request.headers_mut().get_mut(AUTHORIZATION) {
            pair.set_sensitive(true);
        }
        let broken = |error| self.broken(error);
        let request = reqwest::Request::try_from(request).map_err(broken)?;
        let mut response = self.client.execute(request).await.map_err(broken)?;
        if response.status().is_redirection() {
            return Err(self.redirected(&response));
        }
        let body = match read_body(&mut response, LONGEST).await {
            Ok(body) => body,
            Err(NoBody::Transport(error)) => return Err(broken(error)),
            Err(NoBody::TooLarge) => {
                let why = "its answer is longer than any token";
                return Err(self.failed(words::no_answer(why), Cause::Final, None));
            }
        };
        self.check(&response, &body).map_err(|attempt| *attempt)?;
        let mut answer = HttpResponse::new(body);
        *answer.status_mut() = response.status();
        *answer.headers_mut() = response.headers().clone();
        Ok(answer)
    }

    /// What is no answer in the words of RFC 6749, or not the last word.
    fn check(&self, response: &Response, body: &[u8]) -> Result<(), Box<Attempt>> {
        let status = response.status().as_u16();
        let content_type = text(response.headers(), &CONTENT_TYPE).map(str::to_ascii_lowercase);
        let is_page = explain::is_web_page(content_type.as_deref(), body);
        if status == 200 && !is_page {
            return Ok(());
        }
        if status == 200 {
            let words = words::no_answer("it answered a web page for people, not a token");
            return Err(self.failed(words, Cause::Final, None).into());
        }
        let refusal: Option<BasicErrorResponse> = serde_json::from_slice(body).ok();
        let may_pass = matches!(status, 408 | 429 | 500..=599);
        if refusal.is_some() && !may_pass {
            return Ok(());
        }
        let mut words = words::status(status, is_page);
        if let Some(said) = refusal.as_ref().and_then(words::said) {
            words.detail += "; it says: ";
            words.detail += &self.quote(&said);
        }
        let pause = text(response.headers(), &RETRY_AFTER)
            .and_then(|value| retry_after(value, SystemTime::now()));
        Err(self.failed(words, Cause::Status(status), pause).into())
    }

    /// Redirects are not followed: the secret is for this endpoint alone.
    fn redirected(&self, response: &Response) -> Attempt {
        let mut words = words::status(response.status().as_u16(), false);
        let host = text(response.headers(), &LOCATION)
            .and_then(|location| response.url().join(location).ok())
            .and_then(|url| url.host_str().map(|host| self.quote(host)));
        if let Some(host) = host {
            words.detail += ", to ";
            words.detail += &host;
        }
        words.detail += "; arkib does not follow, so that the secret goes nowhere else";
        self.failed(words, Cause::Final, None)
    }

    fn broken(&self, error: reqwest::Error) -> Attempt {
        let quote = |words: &str| self.quote(words);
        let none = no_answer(error, &self.peer, self.connect, &quote);
        // Whatever came of the question: nothing has been sent to the portal.
        let kind = match none.kind {
            ErrorKind::Configuration => ErrorKind::Configuration,
            _ => ErrorKind::Unreachable,
        };
        let words = Words {
            kind,
            detail: none.detail,
            help: none.help,
        };
        self.failed(words, none.cause, None)
    }

    pub(super) fn failed(
        &self,
        words: Words,
        cause: Cause,
        retry_after: Option<Duration>,
    ) -> Attempt {
        let error = PortalError {
            kind: words.kind,
            doing: DOING.into(),
            detail: format!("no access token from {}: {}", self.host, words.detail),
            help: words.help,
        };
        Attempt {
            failure: Failure::from(error),
            cause,
            retry_after,
        }
    }

    /// The endpoint's words as they can be shown.
    pub(super) fn quote(&self, words: &str) -> String {
        explain::clean(&self.secrets.without(words), explain::LONGEST_QUOTE)
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
