//! One attempt: a request on the wire, and what came back. The only place where requests are sent;
//! whether there is a second one is the policy's to say.

use std::sync::atomic::{AtomicBool, Ordering};

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, ETAG, HeaderValue, IF_MATCH};
use reqwest::{Client, Method, RequestBuilder, Response, Url};

use crate::domain::mapping::scim_names::MEDIA_TYPE;
use crate::portal::scim::credentials::Credentials;
use crate::portal::scim::endpoint::URL;
use crate::portal::scim::http::meanings::in_plain_words;
use crate::portal::scim::http::{
    Cause, Failure, NoBody, Peer, Policy, content_type, elsewhere, explain, header, no_answer,
    read_body, retry_after,
};
use crate::portal::scim::limits::Limits;
use crate::portal::{ErrorKind, PortalError};

/// How much of an error answer is looked at, in bytes.
const LONGEST_REFUSAL: usize = 64 << 10;

const PEER: Peer = Peer {
    name: "the portal",
    variable: URL,
};

/// A successful answer.
#[derive(Debug)]
pub(crate) struct Answer {
    /// JSON, or empty where a write was answered without one.
    pub(crate) body: Vec<u8>,
    /// The ETag header, verbatim.
    pub(crate) etag: Option<Box<str>>,
}

/// A request as it is sent, each time anew.
pub(super) struct Call {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) body: Option<Vec<u8>>,
    pub(super) if_match: Option<HeaderValue>,
    pub(super) doing: &'static str,
}

/// What every request of a connection shares.
pub(super) struct Http {
    pub(super) client: Client,
    pub(super) base: Url,
    pub(super) credentials: Credentials,
    pub(super) limits: Limits,
    pub(super) policy: Policy,
}

impl Http {
    /// Sends it, and once more where the credentials were refused and there are others by now: who
    /// answers 401 has not taken it. `renewed` says whether that has been done for this request.
    pub(super) async fn attempt(
        &self,
        call: &Call,
        renewed: &AtomicBool,
    ) -> Result<Answer, Failure> {
        let none = |error| no_token(error, call.doing);
        let shown = self.credentials.current().await.map_err(none)?;
        let first = self.send(call, &shown).await;
        let is_refused = matches!(&first, Err(failure) if failure.status() == Some(401));
        if !is_refused || renewed.swap(true, Ordering::Relaxed) {
            return first;
        }
        match self.credentials.renewed(&shown).await.map_err(none)? {
            Some(other) => self.send(call, &other).await,
            None => first,
        }
    }

    async fn send(&self, call: &Call, credentials: &HeaderValue) -> Result<Answer, Failure> {
        let answer = self.exchange_once(call, credentials).await;
        // Who was let in far enough to be refused something else was let in.
        let is_in = match &answer {
            Ok(_) => true,
            Err(failure) => matches!(failure.status(), Some(400 | 402..500)),
        };
        if is_in {
            self.credentials.accepted(credentials);
        }
        answer
    }

    async fn exchange_once(
        &self,
        call: &Call,
        credentials: &HeaderValue,
    ) -> Result<Answer, Failure> {
        let no_answer = |error| {
            let quote = |words: &str| self.credentials.quote(words);
            no_answer(error, &PEER, call.doing, self.limits.connect, &quote)
        };
        let sent = self.request(call, credentials).send().await;
        let mut response = sent.map_err(no_answer)?;
        if response.status().is_redirection() {
            return Err(self.redirected(call, &response));
        }
        if !response.status().is_success() {
            return Err(self.refused(call, &mut response).await);
        }
        let content_type = content_type(&response);
        let etag = header(&response, ETAG).map(Into::into);
        let body = match read_body(&mut response, self.limits.max_body).await {
            Ok(body) => body,
            Err(NoBody::Transport(error)) => return Err(no_answer(error)),
            Err(NoBody::TooLarge) => {
                return Err(Failure::from(PortalError::new(
                    ErrorKind::Malformed,
                    call.doing,
                    format!(
                        "the answer is larger than {} MiB, and arkib reads no further",
                        self.limits.max_body >> 20
                    ),
                    "the portal should answer in smaller pages; ask its operator for a lower page size",
                )));
            }
        };
        self.check_media(call, content_type.as_deref(), &body)?;
        Ok(Answer { body, etag })
    }

    fn request(&self, call: &Call, credentials: &HeaderValue) -> RequestBuilder {
        let mut request = self.client.request(call.method.clone(), call.url.clone());
        request = request.header(AUTHORIZATION, credentials.clone());
        if let Some(version) = &call.if_match {
            request = request.header(IF_MATCH, version.clone());
        }
        match &call.body {
            Some(body) => request.header(CONTENT_TYPE, MEDIA_TYPE).body(body.clone()),
            None => request,
        }
    }

    /// A body must be JSON by its name; only a write may be answered without one.
    fn check_media(
        &self,
        call: &Call,
        content_type: Option<&str>,
        body: &[u8],
    ) -> Result<(), Failure> {
        let no_scim = |detail: String| {
            Failure::from(PortalError::new(
                ErrorKind::Malformed,
                call.doing,
                detail,
                "is the address right? check ARKIB_PORTAL_URL: it usually ends in /scim/v2",
            ))
        };
        if body.trim_ascii().is_empty() {
            return match call.method.is_safe() {
                true => Err(no_scim("the portal's answer is empty".to_owned())),
                false => Ok(()),
            };
        }
        if explain::is_web_page(content_type, body) {
            return Err(Failure {
                web_page: true,
                ..no_scim("the portal answered a web page, not SCIM".to_owned())
            });
        }
        let kind = content_type
            .and_then(|kind| kind.split(';').next())
            .map(str::trim);
        if kind.is_none_or(|kind| kind.ends_with("/json") || kind.ends_with("+json")) {
            return Ok(());
        }
        let kind = self.credentials.quote(kind.unwrap_or_default());
        Err(no_scim(format!("the portal answered {kind}, not SCIM")))
    }

    /// Redirects are not followed: the token is for this portal alone.
    fn redirected(&self, call: &Call, response: &Response) -> Failure {
        let place = match elsewhere(response) {
            Some(host) => format!("to {}", self.credentials.quote(&host)),
            None => "elsewhere".to_owned(),
        };
        let status = response.status().as_u16();
        let error = PortalError::new(
            ErrorKind::Redirected,
            call.doing,
            format!(
                "the portal points {place} ({status}); arkib does not follow, so that the token goes nowhere else"
            ),
            "if that place is the portal, put its address into ARKIB_PORTAL_URL; a redirect to a login page means that the address is not the SCIM one",
        );
        Failure {
            cause: Cause::Status(status),
            ..Failure::from(error)
        }
    }

    async fn refused(&self, call: &Call, response: &mut Response) -> Failure {
        let status = response.status().as_u16();
        let content_type = content_type(response);
        // The status has said what matters; a body that cannot be had only takes the words away.
        let body = read_body(response, LONGEST_REFUSAL)
            .await
            .unwrap_or_default();
        let web_page = explain::is_web_page(content_type.as_deref(), &body);
        let mut failure = Failure {
            retry_after: retry_after(response),
            ..self.refusal(status, &body, web_page, call.doing)
        };
        // Who says when to come back has not taken the request.
        if status == 503 && failure.retry_after.is_some() {
            failure.error.kind = ErrorKind::RateLimited;
        }
        failure
    }

    /// What a status means, in the portal's own words where it has some.
    pub(super) fn refusal(&self, status: u16, body: &[u8], web_page: bool, doing: &str) -> Failure {
        let refusal = explain::refusal(body);
        let plain = refusal.scim_type.as_deref().and_then(in_plain_words);
        let detail = refusal.detail.as_deref();
        let detail = detail.map(|it| format!("the portal says: {}", self.credentials.quote(it)));
        let said: Vec<&str> = plain.into_iter().chain(detail.as_deref()).collect();
        let (said, credential) = (said.join("; "), self.credentials.shown());
        Failure {
            cause: Cause::Status(status),
            scim_type: refusal.scim_type,
            web_page,
            ..explain::status(status, doing, &said, web_page, &credential).into()
        }
    }
}

/// Nothing has been sent to the portal: there was nothing to show it.
pub(super) fn no_token(error: PortalError, doing: &str) -> Failure {
    Failure::from(PortalError {
        doing: doing.to_owned(),
        ..error
    })
}
