//! The one HTTP policy of the portal: how requests leave, how long they may take, when they are
//! sent again, how many at once, and what is taken as an answer. May not know what is in a body
//! beyond that it is JSON, nor what a mailbox is.
//!
//! Read-only by type: [`GetOnly`] has no way to send anything but GET, and none to become a
//! [`ReadWrite`].

mod attempt;
mod body;
pub(super) mod explain;
mod latency;
mod limiter;
mod policy;
mod retry;
mod transport;

pub(super) use attempt::malformed;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::header::{
    ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, IF_MATCH,
};
use reqwest::{Client, Method, Url};
use secrecy::{ExposeSecret, SecretString};

use self::policy::Policy;
use self::retry::Repeats;
use super::endpoint::Endpoint;
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
    token: SecretString,
    limits: Limits,
    policy: Policy,
    /// The wall clock, for a Retry-After that is a date.
    now: fn() -> SystemTime,
}

impl Http {
    fn open(endpoint: &Endpoint, limits: &Limits) -> Result<Self, PortalError> {
        // An error says that a provider is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Ok(Self {
            client: client(endpoint, limits)?,
            base: endpoint.base().clone(),
            token: endpoint.token().clone(),
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
        let send = || self.attempt(call);
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

    fn request(&self, call: &Call) -> reqwest::RequestBuilder {
        let mut request = self.client.request(call.method.clone(), call.url.clone());
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

    /// The portal's words as they can be shown; without the token, should it repeat it.
    fn quote(&self, words: &str) -> String {
        let words = words.replace(self.token.expose_secret(), "[token]");
        explain::clean(&words, explain::LONGEST_QUOTE)
    }

    fn failure(&self, kind: ErrorKind, doing: &str, detail: String, help: &str) -> Failure {
        Failure {
            error: PortalError {
                kind,
                doing: doing.to_owned(),
                detail,
                help: help.to_owned(),
            },
            status: None,
            scim_type: None,
            web_page: false,
        }
    }
}

/// The HTTP client: it follows no redirect, repeats nothing by itself, and talks to loopback without
/// a proxy and without the system's certificates.
fn client(endpoint: &Endpoint, limits: &Limits) -> Result<Client, PortalError> {
    let mut builder = Client::builder()
        .user_agent(concat!("arkib/", env!("CARGO_PKG_VERSION")))
        .default_headers(headers(endpoint.token())?)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .connect_timeout(limits.connect)
        .read_timeout(limits.read)
        .timeout(limits.request)
        .pool_idle_timeout(Duration::from_secs(30));
    builder = endpoint.tls().set_up(builder);
    if endpoint.is_loopback() {
        let port = endpoint.base().port_or_known_default().unwrap_or_default();
        builder = builder.no_proxy().resolve_to_addrs(
            "localhost",
            &[
                ([127, 0, 0, 1], port).into(),
                (std::net::Ipv6Addr::LOCALHOST, port).into(),
            ],
        );
        if endpoint.base().scheme() == "http" {
            builder = builder.tls_certs_only([]);
        }
    } else {
        builder = builder.https_only(true);
        // Otherwise the system's own settings may name one.
        if let Some(proxy) = endpoint.proxy() {
            builder = builder.proxy(proxy.clone());
        }
    }
    builder.build().map_err(|error| PortalError {
        kind: ErrorKind::Configuration,
        doing: "setting up the connection to the portal".into(),
        detail: format!(
            "no HTTPS client can be made: {}",
            attempt::root_cause(&error)
        ),
        help: "check that the system's root certificates are installed (package ca-certificates)"
            .into(),
    })
}

fn headers(token: &SecretString) -> Result<HeaderMap, PortalError> {
    // Checked when the endpoint was made: visible ASCII only.
    let mut authorization = HeaderValue::from_str(&format!("Bearer {}", token.expose_secret()))
        .map_err(|_| PortalError {
            kind: ErrorKind::Configuration,
            doing: "setting up the connection to the portal".into(),
            detail: "the token cannot be sent in a header".into(),
            help: "copy the token again, alone on one line".into(),
        })?;
    authorization.set_sensitive(true);
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, authorization);
    headers.insert(
        ACCEPT,
        HeaderValue::from_static("application/scim+json, application/json;q=0.9"),
    );
    Ok(headers)
}

/// A header's value, where it is text.
fn header(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}
