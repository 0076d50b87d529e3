//! A secret as it is sent: the header Authorization (RFC 9110 section 11.6.2), which nothing shows.

use reqwest::header::HeaderValue;

/// The header of a scheme. Nothing where no header can hold the secret.
pub(super) fn header(scheme: &str, secret: &str) -> Option<HeaderValue> {
    let mut header = HeaderValue::from_str(&format!("{scheme} {secret}")).ok()?;
    header.set_sensitive(true);
    Some(header)
}

/// What a header takes as it is (RFC 6750 section 2.1 allows less).
pub(super) fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}
