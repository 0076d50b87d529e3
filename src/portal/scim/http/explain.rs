//! What a portal's refusal means, in words that a person understands, and the portal's own words
//! made safe to show. Pure.

use std::borrow::Cow;

use serde_json::Value;

use crate::portal::scim::json::scalar;
use crate::portal::{ErrorKind, PortalError};

/// How much of the portal's own words is shown, in characters.
pub(crate) const LONGEST_QUOTE: usize = 200;

/// Text from the portal as it can be shown: at most `most` characters, and nothing in it that moves
/// the cursor, ends a line or turns the direction of reading around.
pub(crate) fn clean(text: &str, most: usize) -> String {
    crate::text::excerpt(text.trim(), most)
}

/// An error answer of RFC 7644 section 3.12.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Refusal {
    pub(crate) detail: Option<String>,
    pub(crate) scim_type: Option<Box<str>>,
}

/// Reads an error body. What is no such body says nothing.
pub(crate) fn refusal(body: &[u8]) -> Refusal {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    Refusal {
        detail: scalar(&body, "detail").text().map(str::to_owned),
        scim_type: scalar(&body, "scimType").text().map(Into::into),
    }
}

/// Whether this is a page for people: a proxy's, a login form or a portal's front page.
pub(crate) fn is_web_page(content_type: Option<&str>, body: &[u8]) -> bool {
    let says_html = content_type
        .is_some_and(|kind| kind.contains("text/html") || kind.contains("application/xhtml"));
    says_html || body.trim_ascii_start().starts_with(b"<")
}

/// The error words of RFC 7644 table 9 and RFC 9865 table 2, in plain ones.
pub(crate) fn in_plain_words(scim_type: &str) -> Option<&'static str> {
    const WORDS: &[(&str, &str)] = &[
        (
            "invalidFilter",
            "it does not understand the question (filter)",
        ),
        ("tooMany", "the answer would be too long for it"),
        ("uniqueness", "another account already has that value"),
        ("mutability", "it does not let this attribute be changed"),
        ("invalidSyntax", "it does not understand the request"),
        (
            "invalidPath",
            "it does not know the attribute that is to be changed",
        ),
        ("noTarget", "it finds nothing to change at that place"),
        ("invalidValue", "it does not accept the value"),
        ("invalidVers", "it does not speak this version of SCIM"),
        (
            "sensitive",
            "the request would put personal data into an address",
        ),
        (
            "invalidCursor",
            "it does not know the page that was asked for",
        ),
        (
            "expiredCursor",
            "the list was kept for too short a time to be read to its end",
        ),
        ("invalidCount", "it does not give pages of that size"),
    ];
    WORDS
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(scim_type))
        .map(|(_, words)| *words)
}

/// What it means that the portal refuses the credentials, which depends on what they are.
#[derive(Debug)]
pub(crate) struct Refused {
    /// A 401: who it is is not believed.
    pub(crate) unauthorized: Cow<'static, str>,
    pub(crate) unauthorized_help: Cow<'static, str>,
    /// A 403: it may not do that.
    pub(crate) forbidden: Cow<'static, str>,
    pub(crate) forbidden_help: Cow<'static, str>,
}

impl Refused {
    /// For a bearer token.
    pub(crate) const TOKEN: Self = Self {
        unauthorized: Cow::Borrowed("the portal does not accept the token (401)"),
        unauthorized_help: Cow::Borrowed(
            "the token is wrong or has expired: get a new one and set ARKIB_PORTAL_TOKEN or ARKIB_PORTAL_TOKEN_FILE",
        ),
        forbidden: Cow::Borrowed("the token may not do this (403)"),
        forbidden_help: Cow::Borrowed(
            "ask the portal's operator to give this token the right to read mailboxes, and to change them where arkib applies",
        ),
    };
    /// For one in a file, which has been read again.
    pub(crate) const TOKEN_IN_FILE: Self = Self {
        unauthorized_help: Cow::Borrowed(
            "the token is wrong or has expired, and the file has no other by now: get a new one and put it into the file that ARKIB_PORTAL_TOKEN_FILE names",
        ),
        ..Self::TOKEN
    };
    /// For a user's name and password.
    pub(crate) const PASSWORD: Self = Self {
        unauthorized: Cow::Borrowed(
            "the portal does not accept the user's name and password (401)",
        ),
        unauthorized_help: Cow::Borrowed(
            "check ARKIB_PORTAL_USER and ARKIB_PORTAL_PASSWORD or ARKIB_PORTAL_PASSWORD_FILE; the portal may also take no passwords, but a token or OAuth",
        ),
        forbidden: Cow::Borrowed("the user in ARKIB_PORTAL_USER may not do this (403)"),
        forbidden_help: Cow::Borrowed(
            "ask the portal's operator to give this user the right to read mailboxes, and to change them where arkib applies",
        ),
    };

    /// For a token that a token endpoint gave.
    pub(crate) fn token_of(host: &str) -> Self {
        Self {
            unauthorized: format!("the portal does not accept the token that {host} gave (401)").into(),
            unauthorized_help: "ask the portal's operator which token endpoint and scope the portal takes tokens of, and check ARKIB_PORTAL_OAUTH_URL, ARKIB_PORTAL_OAUTH_CLIENT_ID and ARKIB_PORTAL_OAUTH_SCOPE".into(),
            forbidden: format!("the token that {host} gave may not do this (403)").into(),
            forbidden_help: "ask the portal's operator to give the client in ARKIB_PORTAL_OAUTH_CLIENT_ID the right to read mailboxes, and to change them where arkib applies; it may need another ARKIB_PORTAL_OAUTH_SCOPE".into(),
        }
    }
}

/// What a status means and what the user can do about it.
pub(crate) fn status(
    status: u16,
    doing: &str,
    said: &str,
    web_page: bool,
    refused: &Refused,
) -> PortalError {
    let (kind, what, help) = match status {
        401 => (
            ErrorKind::Unauthorized,
            &*refused.unauthorized,
            &*refused.unauthorized_help,
        ),
        403 => (
            ErrorKind::Forbidden,
            &*refused.forbidden,
            &*refused.forbidden_help,
        ),
        // A gateway's word: the portal behind it may still be at work.
        502 => (
            ErrorKind::Broken,
            "a gateway got no good answer from the portal (502)",
            "run again; if it stays so, tell the portal's operator",
        ),
        504 => (
            ErrorKind::Timeout,
            "a gateway got no answer from the portal in time (504)",
            "run again; if it stays so, tell the portal's operator",
        ),
        408 => (
            ErrorKind::Timeout,
            "the portal gave up waiting for the request (408)",
            "run again; if it stays so, tell the portal's operator",
        ),
        404 => (
            ErrorKind::NotFound,
            "the portal has nothing there (404)",
            "where this concerns a mailbox, it is gone; otherwise check ARKIB_PORTAL_URL: it usually ends in /scim/v2",
        ),
        412 => (
            ErrorKind::Stale,
            "the mailbox changed since it was read (412)",
            "run reconcile again: it plans from what the portal has now",
        ),
        429 => (
            ErrorKind::RateLimited,
            "the portal takes no more requests for now (429)",
            "run again later, or ask the portal's operator for a higher rate",
        ),
        501 => (
            ErrorKind::Rejected,
            "the portal does not offer this (501)",
            "ask the portal's operator whether it offers SCIM 2.0 with arkib's extension",
        ),
        500..=599 => (
            ErrorKind::Server,
            "the portal failed",
            "run again later; if it stays so, tell the portal's operator",
        ),
        _ => (
            ErrorKind::Rejected,
            "the portal refuses the request",
            "if the portal's own words do not say what is wrong, show this message to its operator",
        ),
    };
    let mut detail = String::from(what);
    if !what.ends_with(')') {
        detail.push_str(&format!(" ({status})"));
    }
    if !said.is_empty() {
        detail.push_str(": ");
        detail.push_str(said);
    }
    if web_page {
        detail.push_str("; it answered a web page, not SCIM");
    }
    PortalError::new(kind, doing, detail, help)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_portals_words_cannot_play_tricks() {
        assert_eq!(
            clean("a\u{1b}[2Jb\nc\u{9b}d\u{202e}e\u{2066}f", 200),
            "a␛[2Jb␊c⟨U+009B⟩d⟨U+202E⟩e⟨U+2066⟩f"
        );
        let long = clean(&"é".repeat(500), 200);
        assert_eq!(long.chars().count(), 201);
        assert!(long.ends_with('…'));
    }

    #[test]
    fn error_bodies_are_read_whatever_their_status_is_written_as() {
        for status in ["\"400\"", "400"] {
            let body = format!(r#"{{"status":{status},"scimType":"invalidFilter","Detail":"no"}}"#);
            let refusal = refusal(body.as_bytes());
            assert_eq!(refusal.detail.as_deref(), Some("no"));
            assert_eq!(refusal.scim_type.as_deref(), Some("invalidFilter"));
        }
        assert_eq!(refusal(b"<html>"), Refusal::default());
        assert_eq!(refusal(b"[]"), Refusal::default());
    }

    #[test]
    fn every_word_of_the_rfcs_has_a_plain_one() {
        for word in [
            "invalidFilter",
            "tooMany",
            "uniqueness",
            "mutability",
            "invalidSyntax",
            "invalidPath",
            "noTarget",
            "invalidValue",
            "invalidVers",
            "sensitive",
            "invalidCursor",
            "expiredCursor",
            "invalidCount",
        ] {
            assert!(in_plain_words(word).is_some(), "{word}");
        }
        assert_eq!(in_plain_words("other"), None);
    }
}
