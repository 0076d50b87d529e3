//! How requests leave, how long they may take, when they are sent again, how many at once, and what
//! a failure means in words. May not know whose credentials they carry, nor what is asked.

mod body;
pub(super) mod build_client;
mod classify_transport_error;
mod concurrency_limiter;
pub(super) mod error_body;
pub(super) mod error_meanings;
mod failure;
mod latency;
pub(super) mod outage;
mod retry_rules;
mod retrying_sender;
mod wait_reporter;

pub(super) use body::read as read_body;
pub(super) use classify_transport_error::{Peer, no_answer_failure};
pub(super) use failure::{RequestFailure, malformed_error};
pub(super) use retry_rules::{FailureCause, RepeatRule};
pub(super) use retrying_sender::RetryingSender;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reqwest::Response;
use reqwest::header::{CONTENT_TYPE, DATE, HeaderName, LOCATION, RETRY_AFTER};

/// A header's value, where it is text.
pub(super) fn header_text(response: &Response, name: HeaderName) -> Option<&str> {
    response.headers().get(name)?.to_str().ok()
}

/// The media type, in small letters.
pub(super) fn content_type(response: &Response) -> Option<String> {
    header_text(response, CONTENT_TYPE).map(str::to_ascii_lowercase)
}

/// When the answer was made, in seconds since 1970.
pub(super) fn date(response: &Response) -> Option<i64> {
    let date = httpdate::parse_http_date(header_text(response, DATE)?).ok()?;
    i64::try_from(date.duration_since(UNIX_EPOCH).ok()?.as_secs()).ok()
}

/// For how long the answer asks to wait.
pub(super) fn retry_after(response: &Response) -> Option<Duration> {
    retry_rules::parse_retry_after(header_text(response, RETRY_AFTER)?, SystemTime::now())
}

/// The host that a redirect points to.
pub(super) fn redirect_host(response: &Response) -> Option<String> {
    let to = response.url().join(header_text(response, LOCATION)?).ok()?;
    to.host_str().map(str::to_owned)
}
