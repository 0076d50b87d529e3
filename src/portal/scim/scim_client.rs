//! The connection to a portal: each request is sent until there is an answer or no point in
//! sending it again. May not know what is in a body beyond that it is JSON, nor what a mailbox is.
//!
//! Read-only by type: [`GetOnlyClient`] has no way to send anything but GET, and none to become a
//! [`ReadWriteClient`].

mod request_attempt;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};

use jiff::Timestamp;
use reqwest::Method;
use reqwest::header::{ACCEPT, HeaderMap, HeaderValue};

pub(super) use self::request_attempt::SuccessfulResponse;
use self::request_attempt::{ScimClient, ScimRequest, no_token_failure};
use super::connection_config::ConnectionConfig;
use super::credentials::CredentialsProvider;
use super::http::{RepeatRule, RequestFailure, RetryingSender};
use super::limits::ClientLimits;
use crate::http::build_client;
use crate::portal::{ErrorKind, PortalError};

/// A client that can only look.
#[derive(Clone)]
pub(super) struct GetOnlyClient(Arc<ScimClient>);

impl GetOnlyClient {
    pub(super) fn new(
        endpoint: &ConnectionConfig,
        limits: &ClientLimits,
    ) -> Result<Self, PortalError> {
        ScimClient::new(endpoint, limits).map(|http| Self(Arc::new(http)))
    }

    /// GET of a path below the base with a query, both already percent-encoded. The answer is JSON.
    pub(super) async fn get(
        &self,
        path: &str,
        query: &str,
        doing: &'static str,
    ) -> Result<SuccessfulResponse, RequestFailure> {
        self.get_with(RepeatRule::Freely, path, query, doing).await
    }

    /// As [`Self::get`], but an error of the server is not tried again.
    pub(super) async fn get_once(
        &self,
        path: &str,
        query: &str,
        doing: &'static str,
    ) -> Result<SuccessfulResponse, RequestFailure> {
        self.get_with(RepeatRule::ExceptServerErrors, path, query, doing).await
    }

    /// Allows for the answers about so many users that a list has.
    pub(super) fn raise_receive_limit(&self, users: usize) {
        self.0.raise_receive_limit(users);
    }

    /// The latest `Date` of the answers; one that is older may come from a cache.
    pub(super) fn portal_time(&self) -> Option<Timestamp> {
        let second = self.0.latest_date.load(Ordering::Relaxed);
        (second > 0).then(|| Timestamp::from_second(second).ok())?
    }

    async fn get_with(
        &self,
        repeats: RepeatRule,
        path: &str,
        query: &str,
        doing: &'static str,
    ) -> Result<SuccessfulResponse, RequestFailure> {
        let mut call = ScimRequest { repeats, ..self.0.new_request(Method::GET, path, doing) };
        call.url.set_query((!query.is_empty()).then_some(query));
        self.0.exchange_with_retries(&call).await
    }
}

/// A client that can also change users.
#[derive(Clone)]
pub(super) struct ReadWriteClient(Arc<ScimClient>);

impl ReadWriteClient {
    pub(super) fn new(
        endpoint: &ConnectionConfig,
        limits: &ClientLimits,
    ) -> Result<Self, PortalError> {
        ScimClient::new(endpoint, limits).map(|http| Self(Arc::new(http)))
    }

    /// The same client without its way to write.
    pub(super) fn to_get_only_client(&self) -> GetOnlyClient {
        GetOnlyClient(Arc::clone(&self.0))
    }

    /// PATCH (RFC 7644 section 3.5.2), with If-Match where a version is given.
    pub(super) async fn patch(
        &self,
        path: &str,
        body: Vec<u8>,
        version: Option<&str>,
        doing: &'static str,
    ) -> Result<SuccessfulResponse, RequestFailure> {
        let header = |version: &str| HeaderValue::from_bytes(version.as_bytes());
        let if_match = version.map(header).transpose().map_err(|_| {
            PortalError::new(
                ErrorKind::Rejected,
                doing,
                "the portal's version of the mailbox cannot be sent in a header",
                "nothing was sent; tell the portal's operator that meta.version has control characters in it",
            )
        })?;
        let call = ScimRequest {
            body: Some(body),
            if_match,
            ..self.0.new_request(Method::PATCH, path, doing)
        };
        self.0.exchange_with_retries(&call).await
    }

    /// POST to /Bulk (RFC 7644 section 3.7). Each operation carries its own version.
    pub(super) async fn post_bulk(
        &self,
        body: Vec<u8>,
        doing: &'static str,
    ) -> Result<SuccessfulResponse, RequestFailure> {
        let call =
            ScimRequest { body: Some(body), ..self.0.new_request(Method::POST, "Bulk", doing) };
        self.0.exchange_with_retries(&call).await
    }

    /// What the status of one operation of a bulk request means.
    pub(super) fn status_failure(&self, status: u16, body: &[u8], doing: &str) -> RequestFailure {
        self.0.rename_variables(self.0.status_failure(status, body, false, doing))
    }
}

impl ScimClient {
    fn new(endpoint: &ConnectionConfig, limits: &ClientLimits) -> Result<Self, PortalError> {
        let accept = "application/scim+json, application/json;q=0.9";
        let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(accept))]);
        let proxy = endpoint.proxy.as_ref();
        Ok(Self {
            client: build_client(&endpoint.base, &endpoint.tls, proxy, limits.timeouts(), headers)?,
            endpoint: endpoint.clone(),
            latest_date: AtomicI64::new(0),
            receivable: AtomicU64::new(limits.max_received),
            credentials: CredentialsProvider::new(&endpoint.method, &endpoint.tls, limits)?,
            limits: limits.clone(),
            policy: RetryingSender::new(limits, endpoint.outage.clone()),
        })
    }

    async fn exchange_with_retries(
        &self,
        call: &ScimRequest,
    ) -> Result<SuccessfulResponse, RequestFailure> {
        // Before there is a place for the request: the portal is not slow because a token takes its
        // time.
        let token = self.credentials.current_header().await;
        token.map_err(|error| self.rename_variables(no_token_failure(error, call.doing)))?;
        let renewed = AtomicBool::new(false);
        let send = || self.attempt(call, &renewed);
        let answer = self.policy.send_with_retries(call.repeats, call.doing, send).await;
        answer.map_err(|failure| self.rename_variables(failure))
    }

    fn rename_variables(&self, failure: RequestFailure) -> RequestFailure {
        RequestFailure { error: self.endpoint.rename_variables(failure.error), ..failure }
    }

    /// A call of a path below the base, without a body.
    fn new_request(&self, method: Method, path: &str, doing: &'static str) -> ScimRequest {
        let mut url = self.endpoint.base.clone();
        let base = url.path().trim_end_matches('/').to_owned();
        url.set_path(&format!("{base}/{path}"));
        let repeats = match method {
            Method::GET => RepeatRule::Freely,
            // Many changes: a portal that fails in the middle may have made some.
            Method::POST => RepeatRule::Untaken,
            _ => RepeatRule::Put,
        };
        ScimRequest { method, url, body: None, if_match: None, doing, repeats }
    }
}
