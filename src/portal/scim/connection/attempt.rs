//! One attempt: a request on the wire, and what came back. The only place where requests are sent;
//! whether there is a second one is the policy's to say.

use std::borrow::Cow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use reqwest::header::{
    AUTHORIZATION, CONTENT_TYPE, ETAG, HeaderValue, IF_MATCH, LOCATION, RETRY_AFTER,
};
use reqwest::{Client, Method, RequestBuilder, Response, Url};

use crate::domain::mapping::scim_names::MEDIA_TYPE;
use crate::portal::scim::credentials::Credentials;
use crate::portal::scim::endpoint::URL;
use crate::portal::scim::http::{
    Attempt, Cause, Failure, NoBody, Peer, Policy, explain, header, no_answer, read_body,
    retry_after,
};
use crate::portal::scim::limits::Limits;
use crate::portal::{ErrorKind, PortalError};

/// How much of an error answer is looked at, in bytes.
const LONGEST_REFUSAL: usize = 64 << 10;

const PEER: Peer = Peer {
    name: Cow::Borrowed("the portal"),
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
    ) -> Result<Answer, Attempt> {
        let none = |error| final_failure(no_token(error, call.doing));
        let credentials = self.credentials.current().await.map_err(none)?;
        let first = self.send(call, &credentials).await;
        match &first {
            Err(attempt) if attempt.cause == Cause::Status(401) => {}
            _ => {
                self.note_accepted(&first, &credentials);
                return first;
            }
        }
        if renewed.swap(true, Ordering::Relaxed) {
            return first;
        }
        let Some(credentials) = self.credentials.renewed(&credentials).await.map_err(none)? else {
            return first;
        };
        let second = self.send(call, &credentials).await;
        self.note_accepted(&second, &credentials);
        second
    }

    /// Who was let in far enough to be refused something else was let in.
    fn note_accepted(&self, answer: &Result<Answer, Attempt>, credentials: &HeaderValue) {
        let is_in = match answer {
            Ok(_) => true,
            Err(attempt) => {
                matches!(attempt.cause, Cause::Status(status @ 400..500) if status != 401)
            }
        };
        if is_in {
            self.credentials.accepted(credentials);
        }
    }

    async fn send(&self, call: &Call, credentials: &HeaderValue) -> Result<Answer, Attempt> {
        let mut response = match self.request(call, credentials).send().await {
            Ok(response) => response,
            Err(error) => return Err(self.no_answer(call, error)),
        };
        let status = response.status();
        if status.is_redirection() {
            return Err(final_failure(self.redirected(call, &response)));
        }
        if !status.is_success() {
            return Err(self.refused(call, &mut response).await);
        }
        let content_type = header(response.headers(), CONTENT_TYPE).map(str::to_ascii_lowercase);
        let etag = header(response.headers(), ETAG).map(Into::into);
        let body = match read_body(&mut response, self.limits.max_body).await {
            Ok(body) => body,
            Err(NoBody::Transport(error)) => return Err(self.no_answer(call, error)),
            Err(NoBody::TooLarge) => {
                return Err(final_failure(PortalError::new(
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
        self.check_media(call, content_type.as_deref(), &body)
            .map_err(final_failure)?;
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
        let kind = self.quote(kind.unwrap_or_default());
        Err(no_scim(format!("the portal answered {kind}, not SCIM")))
    }

    /// Redirects are not followed: the token is for this portal alone.
    fn redirected(&self, call: &Call, response: &Response) -> Failure {
        let target = header(response.headers(), LOCATION)
            .and_then(|location| call.url.join(location).ok())
            .and_then(|url| url.host_str().map(|host| self.quote(host)));
        let place = target.map_or_else(|| "elsewhere".into(), |host| format!("to {host}"));
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
            status: Some(status),
            ..Failure::from(error)
        }
    }

    async fn refused(&self, call: &Call, response: &mut Response) -> Attempt {
        let status = response.status().as_u16();
        let retry_after = header(response.headers(), RETRY_AFTER)
            .and_then(|value| retry_after(value, SystemTime::now()));
        let content_type = header(response.headers(), CONTENT_TYPE).map(str::to_ascii_lowercase);
        // The status has said what matters; a body that cannot be had only takes the words away.
        let body = read_body(response, LONGEST_REFUSAL)
            .await
            .unwrap_or_default();
        let web_page = explain::is_web_page(content_type.as_deref(), &body);
        let mut failure = self.refusal(status, &body, web_page, call.doing);
        // Who says when to come back has not taken the request.
        if status == 503 && retry_after.is_some() {
            failure.error.kind = ErrorKind::RateLimited;
        }
        Attempt {
            failure,
            cause: Cause::Status(status),
            retry_after,
        }
    }

    /// What a status means, in the portal's own words where it has some.
    pub(super) fn refusal(&self, status: u16, body: &[u8], web_page: bool, doing: &str) -> Failure {
        let refusal = explain::refusal(body);
        let plain = refusal
            .scim_type
            .as_deref()
            .and_then(explain::in_plain_words);
        let said = match (
            plain,
            refusal.detail.as_deref().map(|detail| self.quote(detail)),
        ) {
            (Some(plain), Some(detail)) => format!("{plain}; the portal says: {detail}"),
            (Some(plain), None) => plain.to_owned(),
            (None, Some(detail)) => format!("the portal says: {detail}"),
            (None, None) => String::new(),
        };
        Failure {
            error: explain::status(status, doing, &said, web_page, &self.credentials.refused),
            status: Some(status),
            scim_type: refusal.scim_type,
            web_page,
        }
    }

    /// No answer, or none to its end.
    fn no_answer(&self, call: &Call, error: reqwest::Error) -> Attempt {
        let quote = |words: &str| self.quote(words);
        let none = no_answer(error, &PEER, self.limits.connect, &quote);
        Attempt {
            cause: none.cause(),
            failure: PortalError::new(none.kind, call.doing, none.detail, none.help).into(),
            retry_after: None,
        }
    }

    /// The portal's words as they can be shown; without the credentials, should it repeat them.
    fn quote(&self, words: &str) -> String {
        self.credentials.quote(words)
    }
}

fn final_failure(failure: impl Into<Failure>) -> Attempt {
    Attempt {
        failure: failure.into(),
        cause: Cause::Final,
        retry_after: None,
    }
}

/// Nothing has been sent to the portal: there was nothing to show it.
pub(super) fn no_token(error: PortalError, doing: &str) -> Failure {
    Failure::from(PortalError {
        doing: doing.to_owned(),
        ..error
    })
}
