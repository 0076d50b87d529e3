//! One attempt: a request on the wire, and what came back. The only place where requests are sent;
//! whether there is a second one is the policy's to say.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};

use reqwest::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderValue, IF_MATCH};
use reqwest::{Client, Method, RequestBuilder, Response, Url};

use crate::domain::mapping::scim_urns::MEDIA_TYPE;
use crate::http::{
    content_type, date, header_text, is_web_page, read_body, redirect_host, retry_after,
};
use crate::portal::scim::connection_config::ConnectionConfig;
use crate::portal::scim::credentials::CredentialsProvider;
use crate::portal::scim::http::error_meanings::{ErrorMeaning, explain_scim_type};
use crate::portal::scim::http::{
    FailureCause, RepeatRule, RequestFailure, RetryingSender, error_body, no_answer_failure,
};
use crate::portal::scim::limits::ClientLimits;
use crate::portal::scim::variables::PORTAL;
use crate::portal::{Doing, ErrorKind, PortalError};

/// How much of an error answer is looked at, in bytes.
const LONGEST_REFUSAL: usize = 64 << 10;

/// A successful answer.
#[derive(Debug)]
pub(crate) struct SuccessfulResponse {
    /// JSON, or empty where a write was answered without one.
    pub(crate) body: Vec<u8>,
    /// The ETag header, verbatim.
    pub(crate) etag: Option<Box<str>>,
}

/// A request as it is sent, each time anew.
pub(super) struct ScimRequest {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) body: Option<Vec<u8>>,
    pub(super) if_match: Option<HeaderValue>,
    pub(super) doing: Doing,
    pub(super) repeats: RepeatRule,
}

/// What every request of a connection shares.
pub(super) struct ScimClient {
    pub(super) client: Client,
    pub(super) endpoint: ConnectionConfig,
    /// The latest `Date` of the answers, in seconds since 1970.
    pub(super) latest_date: AtomicI64,
    /// How many bytes may still be received.
    pub(super) receivable: AtomicU64,
    pub(super) credentials: CredentialsProvider,
    pub(super) limits: ClientLimits,
    pub(super) policy: RetryingSender,
}

impl ScimClient {
    /// Sends it, and once more if the credentials were refused and newer ones exist: a portal that
    /// answers 401 has not processed it. `renewed` says whether that was done for this request already.
    pub(super) async fn attempt(
        &self,
        call: &ScimRequest,
        renewed: &AtomicBool,
    ) -> Result<SuccessfulResponse, RequestFailure> {
        let none = |error| no_token_failure(error, call.doing);
        let shown = self.credentials.current_header().await.map_err(none)?;
        let first = self.send(call, &shown).await;
        let is_refused = matches!(&first, Err(failure) if failure.status() == Some(401));
        if !is_refused || renewed.swap(true, Ordering::Relaxed) {
            return first;
        }
        match self.credentials.renewed_header(&shown).await.map_err(none)? {
            Some(other) => self.send(call, &other).await,
            None => first,
        }
    }

    async fn send(
        &self,
        call: &ScimRequest,
        credentials: &HeaderValue,
    ) -> Result<SuccessfulResponse, RequestFailure> {
        let answer = self.exchange_once(call, credentials).await;
        // Any other refusal shows that the credentials were accepted.
        let is_in = match &answer {
            Ok(_) => true,
            Err(failure) => matches!(failure.status(), Some(400 | 402..500)),
        };
        if is_in {
            self.credentials.mark_accepted(credentials);
        }
        answer
    }

    async fn exchange_once(
        &self,
        call: &ScimRequest,
        credentials: &HeaderValue,
    ) -> Result<SuccessfulResponse, RequestFailure> {
        let no_answer_failure = |error| {
            let quote = |words: &str| self.credentials.quote_redacted(words);
            no_answer_failure(error, &PORTAL, call.doing, self.limits.connect, &quote)
        };
        let sent = self.build_request(call, credentials).send().await;
        let mut response = sent.map_err(no_answer_failure)?;
        if response.status().is_redirection() {
            return Err(self.redirect_failure(call, &response));
        }
        if !response.status().is_success() {
            return Err(self.read_refusal(call, &mut response).await);
        }
        self.latest_date.fetch_max(date(&response).unwrap_or_default(), Ordering::Relaxed);
        let content_type = content_type(&response);
        let packing = header_text(&response, CONTENT_ENCODING).map(str::to_owned);
        let etag = header_text(&response, ETAG).map(Into::into);
        let body = read_body(&mut response, self.limits.max_body).await;
        let body = body.map_err(no_answer_failure)?;
        let (content_type, packing) = (content_type.as_deref(), packing.as_deref());
        let body = self.check_scim_body(call, content_type, packing, body)?;
        Ok(SuccessfulResponse { body, etag })
    }

    fn build_request(&self, call: &ScimRequest, credentials: &HeaderValue) -> RequestBuilder {
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

    /// The body of a success, which must be JSON by its name; only a write may be answered without
    /// one.
    fn check_scim_body(
        &self,
        call: &ScimRequest,
        content_type: Option<&str>,
        packing: Option<&str>,
        body: Option<Vec<u8>>,
    ) -> Result<Vec<u8>, RequestFailure> {
        let media = content_type.and_then(|kind| kind.split(';').next());
        let media = media.map(str::trim);
        let is_json = |media: &str| media.ends_with("/json") || media.ends_with("+json");
        let word = match body {
            None => "too long",
            Some(body) if !self.takes_from_receivable(body.len()) => "too much",
            Some(body) if body.trim_ascii().is_empty() => match call.method.is_safe() {
                true => "empty",
                false => return Ok(body),
            },
            Some(body) if is_web_page(content_type, &body) => "web page",
            Some(body) if packing.is_some() && !looks_like_json(&body) => "packed",
            Some(body) if media.is_none_or(is_json) => return Ok(body),
            Some(_) => "other",
        };
        let values = [
            ("most", &*(self.limits.max_body >> 20).to_string()),
            ("media", &self.credentials.quote_redacted(media.unwrap_or_default())),
            ("packing", &self.credentials.quote_redacted(packing.unwrap_or_default())),
        ];
        Err(RequestFailure {
            web_page: word == "web page",
            ..ErrorMeaning::for_word("no SCIM", word).to_error(call.doing, &values).into()
        })
    }

    /// Allows for the answers about so many users, or of a request.
    pub(super) fn raise_receive_limit(&self, users: usize) {
        let more = self.limits.per_user.saturating_mul(users as u64);
        self.receivable.fetch_add(more, Ordering::Relaxed);
    }

    fn takes_from_receivable(&self, length: usize) -> bool {
        self.raise_receive_limit(1);
        let less = |left: u64| left.checked_sub(length as u64);
        self.receivable.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).is_ok()
    }

    /// Redirects are not followed: the token is for this portal alone.
    fn redirect_failure(&self, call: &ScimRequest, response: &Response) -> RequestFailure {
        let place = match redirect_host(response) {
            Some(host) => format!("to {}", self.credentials.quote_redacted(&host)),
            None => "elsewhere".to_owned(),
        };
        let status = response.status().as_u16();
        let values = [("place", &*place), ("status", &status.to_string())];
        let error = ErrorMeaning::for_status("portal", status).to_error(call.doing, &values);
        RequestFailure { cause: FailureCause::Status(status), ..RequestFailure::from(error) }
    }

    async fn read_refusal(&self, call: &ScimRequest, response: &mut Response) -> RequestFailure {
        let status = response.status().as_u16();
        let content_type = content_type(response);
        // The status matters; without the body only the portal's message is missing.
        let body = read_body(response, LONGEST_REFUSAL).await;
        let body = body.ok().flatten().unwrap_or_default();
        let web_page = is_web_page(content_type.as_deref(), &body);
        let mut failure = RequestFailure {
            retry_after: retry_after(response),
            ..self.status_failure(status, &body, web_page, call.doing)
        };
        // A portal that sends Retry-After has not processed the request.
        if status == 503 && failure.retry_after.is_some() {
            failure.error.kind = ErrorKind::RateLimited;
        }
        failure
    }

    /// The meaning of a status, with the portal's own message if there is one.
    pub(super) fn status_failure(
        &self,
        status: u16,
        body: &[u8],
        web_page: bool,
        doing: Doing,
    ) -> RequestFailure {
        let refusal = error_body::parse_error_body(body);
        let plain = refusal.scim_type.as_deref().and_then(explain_scim_type);
        let detail = refusal.detail.as_deref();
        let detail = detail
            .map(|detail| format!("the portal says: {}", self.credentials.quote_redacted(detail)));
        let said: Vec<&str> = plain.into_iter().chain(detail.as_deref()).collect();
        let mut error = match status {
            401 | 403 => self.credentials.refusal_error(status, doing),
            _ => {
                let values = [("status", &*status.to_string())];
                ErrorMeaning::for_status("portal", status).to_error(doing, &values)
            }
        };
        if !said.is_empty() {
            error.add_detail(&format!(": {}", said.join("; ")));
        }
        if web_page {
            error.add_detail("; it answered with a web page, not with SCIM");
        }
        RequestFailure {
            cause: FailureCause::Status(status),
            scim_type: refusal.scim_type,
            web_page,
            ..RequestFailure::from(error)
        }
    }
}

/// By its first letter; what is packed begins with none of these.
fn looks_like_json(body: &[u8]) -> bool {
    matches!(body.trim_ascii_start().first(), Some(b'{' | b'['))
}

/// Nothing was sent to the portal: there were no credentials.
pub(super) fn no_token_failure(error: PortalError, doing: Doing) -> RequestFailure {
    RequestFailure::from(PortalError { doing: doing.into(), ..error })
}
