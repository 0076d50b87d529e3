//! What a portal says itself of a refusal. Pure.

use serde_json::Value;

use crate::portal::scim::json::scalar;

/// How much of the portal's own words is shown, in characters.
pub(crate) const LONGEST_QUOTE: usize = 200;

/// An error answer of RFC 7644 section 3.12.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct ErrorBody {
    pub(crate) detail: Option<String>,
    pub(crate) scim_type: Option<Box<str>>,
}

/// Reads an error body. What is no such body says nothing.
pub(crate) fn parse_error_body(body: &[u8]) -> ErrorBody {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    ErrorBody {
        detail: scalar(&body, "detail").as_text().map(str::to_owned),
        scim_type: scalar(&body, "scimType").as_text().map(Into::into),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_error_bodies_with_any_status() {
        for status in ["\"400\"", "400"] {
            let body = format!(r#"{{"status":{status},"scimType":"invalidFilter","Detail":"no"}}"#);
            let refusal = parse_error_body(body.as_bytes());
            assert_eq!(refusal.detail.as_deref(), Some("no"));
            assert_eq!(refusal.scim_type.as_deref(), Some("invalidFilter"));
        }
        assert_eq!(parse_error_body(b"<html>"), ErrorBody::default());
        assert_eq!(parse_error_body(b"[]"), ErrorBody::default());
    }
}
