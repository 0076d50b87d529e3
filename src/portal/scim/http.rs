//! The one HTTP policy of the portal: how requests leave, how long they may take, when they are
//! sent again, how many at once, and what is taken as an answer. May not know what is in a body
//! beyond that it is JSON, nor what a mailbox is.
//!
//! Read-only by type: [`GetOnly`] has no way to send anything but GET, and none to become a
//! [`ReadWrite`].

mod attempt;
mod body;
pub(super) mod client;
pub(super) mod explain;
mod latency;
mod limiter;
mod policy;
mod retry;
mod transport;

pub(super) use attempt::malformed;
pub(super) use body::{NoBody, read as read_body};
pub(super) use policy::{Attempt, Policy};
pub(super) use retry::{Cause, Repeats, retry_after};
pub(super) use transport::{Peer, no_answer};

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::SystemTime;

use reqwest::header::{
    ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, IF_MATCH,
};
use reqwest::{Client, Method, Url};

use self::client::{Route, client};
use super::credentials::Credentials;
use super::endpoint::{Endpoint, URL};
use super::{Limits, wire};
use crate::portal::{ErrorKind, PortalError};

/// A client that can only look.
#[derive(Clone)]
pub(super) struct GetOnly(Arc<Http>);

/// A client that can also change users.
#[derive(Clone)]
pub(super) struct ReadWrite(Arc<Http>);

impl GetOnly {
    pub(super) fn open(endpoint: &Endpoint, limits: &Limits) -> Result<Self, PortalError> {
        Http::open(endpoint, limits).map(|http| Self(Arc::new(http)))
    }

    /// GET of a path below the base with a query, both already percent-encoded. The answer is JSON.
    pub(super) async fn get(
        &self,
        path: &str,
        query: &str,
        doing: &'static str,
    ) -> Result<Answer, Failure> {
        self.0.get(path, query, doing).await
    }
}

impl ReadWrite {
    pub(super) fn open(endpoint: &Endpoint, limits: &Limits) -> Result<Self, PortalError> {
        Http::open(endpoint, limits).map(|http| Self(Arc::new(http)))
    }

    /// The same client without its way to write.
    pub(super) fn get_only(&self) -> GetOnly {
        GetOnly(Arc::clone(&self.0))
    }

    /// PATCH (RFC 7644 section 3.5.2), with If-Match where a version is given.
    pub(super) async fn patch(
        &self,
        path: &str,
        body: Vec<u8>,
        version: Option<&str>,
        doing: &'static str,
    ) -> Result<Answer, Failure> {
        self.0.patch(path, body, version, doing).await
    }

    /// POST to /Bulk (RFC 7644 section 3.7). Each operation carries its own version.
    pub(super) async fn bulk(&self, body: Vec<u8>, doing: &'static str) -> Result<Answer, Failure> {
        let call = Call {
            method: Method::POST,
            url: self.0.url("Bulk"),
            body: Some(body),
            if_match: None,
            doing,
        };
        self.0.exchange(&call).await
    }

    /// What the status of one operation of a bulk request means.
    pub(super) fn refusal(&self, status: u16, body: &[u8], doing: &str) -> Failure {
        self.0.refusal(status, body, false, doing)
    }
}

/// A successful answer.
#[derive(Debug)]
pub(super) struct Answer {
    /// JSON, or empty where a write was answered without one.
    pub(super) body: Vec<u8>,
    /// The ETag header, verbatim.
    pub(super) etag: Option<Box<str>>,
}

/// An exchange that failed for good.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) error: PortalError,
    /// The status, where there was an answer.
    pub(super) status: Option<u16>,
    /// The portal's `scimType`.
    pub(super) scim_type: Option<Box<str>>,
    /// Whether a page for people came in place of SCIM.
    pub(super) web_page: bool,
}

impl Failure {
    pub(super) fn is(&self, scim_type: &str) -> bool {
        self.scim_type
            .as_deref()
            .is_some_and(|it| it.eq_ignore_ascii_case(scim_type))
    }
}

impl From<PortalError> for Failure {
    fn from(error: PortalError) -> Self {
        Self {
            error,
            status: None,
            scim_type: None,
            web_page: false,
        }
    }
}

impl From<Failure> for PortalError {
    fn from(failure: Failure) -> Self {
        failure.error
    }
}

/// A request as it is sent, each time anew.
struct Call {
    method: Method,
    url: Url,
    body: Option<Vec<u8>>,
    if_match: Option<HeaderValue>,
    doing: &'static str,
}

struct Http {
    client: Client,
    base: Url,
    credentials: Credentials,
    peer: Peer,
    limits: Limits,
    policy: Policy,
    /// The wall clock, for a Retry-After that is a date.
    now: fn() -> SystemTime,
}

impl Http {
    fn open(endpoint: &Endpoint, limits: &Limits) -> Result<Self, PortalError> {
        let route = Route {
            to: endpoint.base(),
            tls: endpoint.tls(),
            proxy: endpoint.proxy(),
        };
        let accept = "application/scim+json, application/json;q=0.9";
        let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(accept))]);
        Ok(Self {
            client: client(&route, limits, headers)?,
            base: endpoint.base().clone(),
            credentials: Credentials::open(endpoint.way(), endpoint.tls(), limits)?,
            peer: Peer {
                name: "the portal".into(),
                variable: URL,
            },
            limits: limits.clone(),
            policy: Policy::new(limits),
            now: SystemTime::now,
        })
    }

    async fn get(&self, path: &str, query: &str, doing: &'static str) -> Result<Answer, Failure> {
        let mut url = self.url(path);
        url.set_query((!query.is_empty()).then_some(query));
        let call = Call {
            method: Method::GET,
            url,
            body: None,
            if_match: None,
            doing,
        };
        self.exchange(&call).await
    }

    async fn patch(
        &self,
        path: &str,
        body: Vec<u8>,
        version: Option<&str>,
        doing: &'static str,
    ) -> Result<Answer, Failure> {
        let if_match = match version.map(|version| HeaderValue::from_bytes(version.as_bytes())) {
            None => None,
            Some(Ok(value)) => Some(value),
            Some(Err(_)) => {
                return Err(self.failure(
                    ErrorKind::Rejected,
                    doing,
                    "the portal's version of the mailbox cannot be sent back in a header".into(),
                    "nothing was sent; tell the portal's operator that meta.version has control characters in it",
                ));
            }
        };
        let call = Call {
            method: Method::PATCH,
            url: self.url(path),
            body: Some(body),
            if_match,
            doing,
        };
        self.exchange(&call).await
    }

    async fn exchange(&self, call: &Call) -> Result<Answer, Failure> {
        // Before there is a place for the request: the portal is not slow because a token takes its
        // time.
        self.credentials
            .current()
            .await
            .map_err(|error| no_token(error, call.doing))?;
        let renewed = AtomicBool::new(false);
        let send = || self.attempt(call, &renewed);
        let repeats = match call.method {
            Method::GET => Repeats::Freely,
            // Many changes: who fails in the middle may have made some.
            Method::POST => Repeats::Untaken,
            _ => Repeats::Put,
        };
        self.policy.exchange(repeats, call.doing, send).await
    }

    fn url(&self, path: &str) -> Url {
        let mut url = self.base.clone();
        url.set_path(&format!(
            "{}/{path}",
            self.base.path().trim_end_matches('/')
        ));
        url
    }

    fn request(&self, call: &Call, credentials: &HeaderValue) -> reqwest::RequestBuilder {
        let mut request = self.client.request(call.method.clone(), call.url.clone());
        request = request.header(AUTHORIZATION, credentials.clone());
        if let Some(version) = &call.if_match {
            request = request.header(IF_MATCH, version.clone());
        }
        if let Some(body) = &call.body {
            request = request
                .header(CONTENT_TYPE, wire::MEDIA_TYPE)
                .body(body.clone());
        }
        request
    }

    /// The portal's words as they can be shown; without the credentials, should it repeat them.
    fn quote(&self, words: &str) -> String {
        self.credentials.quote(words)
    }

    fn failure(&self, kind: ErrorKind, doing: &str, detail: String, help: &str) -> Failure {
        Failure::from(PortalError {
            kind,
            doing: doing.to_owned(),
            detail,
            help: help.to_owned(),
        })
    }
}

/// Nothing has been sent to the portal: there was nothing to show it.
fn no_token(error: PortalError, doing: &str) -> Failure {
    Failure::from(PortalError {
        doing: doing.to_owned(),
        ..error
    })
}

/// A header's value, where it is text.
pub(super) fn header(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}
