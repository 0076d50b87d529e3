//! What the headers of an answer say. May not know who answers.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reqwest::Response;
use reqwest::header::{CONTENT_TYPE, DATE, HeaderName, LOCATION, RETRY_AFTER};

use super::retry::parse_retry_after;

/// A header's value, where it is text.
pub fn header_text(response: &Response, name: HeaderName) -> Option<&str> {
    response.headers().get(name)?.to_str().ok()
}

/// The media type, in small letters.
pub fn content_type(response: &Response) -> Option<String> {
    header_text(response, CONTENT_TYPE).map(str::to_ascii_lowercase)
}

/// When the answer was made, in seconds since 1970.
pub fn date(response: &Response) -> Option<i64> {
    let date = httpdate::parse_http_date(header_text(response, DATE)?).ok()?;
    i64::try_from(date.duration_since(UNIX_EPOCH).ok()?.as_secs()).ok()
}

/// For how long the answer asks to wait.
pub fn retry_after(response: &Response) -> Option<Duration> {
    parse_retry_after(header_text(response, RETRY_AFTER)?, SystemTime::now())
}

/// The host that a redirect points to.
pub fn redirect_host(response: &Response) -> Option<String> {
    let to = response.url().join(header_text(response, LOCATION)?).ok()?;
    to.host_str().map(str::to_owned)
}

/// Whether this is a page for people: a proxy's, a login form or a front page.
pub fn is_web_page(content_type: Option<&str>, body: &[u8]) -> bool {
    let says_html = content_type
        .is_some_and(|kind| kind.contains("text/html") || kind.contains("application/xhtml"));
    says_html || body.trim_ascii_start().starts_with(b"<")
}
