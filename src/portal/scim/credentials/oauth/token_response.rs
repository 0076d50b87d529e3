//! What a token endpoint answers: a token (RFC 6749 section 5.1), an error (section 5.2) or neither,
//! and what that means in words that a person understands. Answers are taken as they are meant: some
//! write the life of a token as text, and some a life of nothing where they mean no end. Pure.

use std::time::Duration;

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use tokio::time::Instant;

use crate::portal::scim::credentials::header::{header, is_token};
use crate::portal::scim::credentials::secrets::Secrets;
use crate::portal::scim::http::explain;
use crate::portal::{ErrorKind, PortalError};

pub(super) const DOING: &str = "asking for an access token";

/// The longest life that is believed.
const LONGEST_LIFE: Duration = Duration::from_secs(10 * 365 * 86_400);

const WRONG_ADDRESS: &str = "is the address right? check ARKIB_PORTAL_OAUTH_URL: it is where programs get tokens, not where people log in";
const WRONG_TOKEN: &str = "show this message to whoever runs the token endpoint; arkib takes bearer tokens only (RFC 6750)";

/// A token that can be used.
#[derive(Debug)]
pub(crate) struct Grant {
    pub(super) header: HeaderValue,
    /// Nothing where it is good until it is refused.
    pub(super) life: Option<Duration>,
    /// Its life counts from here: it may have begun when the question came.
    pub(super) asked_at: Instant,
}

/// An answer as it came.
pub(super) struct Answer {
    pub(super) status: u16,
    /// In small letters.
    pub(super) content_type: Option<String>,
    /// The host that a redirect points to.
    pub(super) elsewhere: Option<String>,
    /// Nothing where it is too long to be read.
    pub(super) body: Option<Vec<u8>>,
}

impl Answer {
    /// The token in it, or what the answer means.
    pub(super) fn grant(&self, asked_at: Instant, secrets: &Secrets) -> Result<Grant, PortalError> {
        let no_answer = |why| Err(error(ErrorKind::Configuration, why, WRONG_ADDRESS));
        let Some(body) = &self.body else {
            return no_answer("its answer is longer than any token");
        };
        let content_type = self.content_type.as_deref();
        let is_json = content_type.is_none_or(|kind| kind.starts_with("application/json"));
        let is_page = explain::is_web_page(content_type, body);
        if self.status == 200 && is_page {
            return no_answer("it answered a web page for people, not a token");
        }
        if self.status == 200
            && is_json
            && let Ok(token) = serde_json::from_slice::<TokenResponse>(body)
        {
            let grant = token.grant(asked_at, secrets);
            return grant.map_err(|why| error(ErrorKind::Configuration, why, WRONG_TOKEN));
        }
        let refusal: Option<ErrorResponse> = serde_json::from_slice(body).ok();
        let mut error = match (self.status, &refusal) {
            // Some refuse with the status of success. Anything else in it may hold a token.
            (200, Some(refusal)) if is_json => refusal.meaning(),
            (200, _) => {
                return no_answer(
                    "its answer is not the JSON of an access token with a token_type (RFC 6749 section 5.1)",
                );
            }
            // What may pass by itself is no matter of the client.
            (408 | 429 | 500..=599, _) | (_, None) => status(self.status, is_page),
            (_, Some(refusal)) => refusal.meaning(),
        };
        if let Some(said) = refusal.and_then(ErrorResponse::said) {
            error.detail += &format!("; it says: {}", secrets.quote(&said));
        }
        if matches!(self.status, 300..=399) {
            if let Some(host) = &self.elsewhere {
                error.detail += &format!(", to {}", secrets.quote(host));
            }
            error.detail += "; arkib does not follow, so that the secret goes nowhere else";
        }
        Err(error)
    }
}

/// The body of a success.
#[derive(Debug, Deserialize)]
struct TokenResponse {
    #[serde(deserialize_with = "secret")]
    access_token: SecretString,
    token_type: String,
    #[serde(default, deserialize_with = "life")]
    expires_in: Option<Duration>,
}

impl TokenResponse {
    /// The token as it is sent, or why it is none.
    fn grant(self, asked_at: Instant, secrets: &Secrets) -> Result<Grant, &'static str> {
        let token = self.access_token.expose_secret();
        // No token has one (RFC 6750 section 2.1), but each mailbox has: it would be hidden like a
        // token from then on, in plans and records.
        if !token.contains('@') {
            secrets.keep(token);
            if !self.token_type.eq_ignore_ascii_case("bearer") {
                return Err("its token is not of the type Bearer");
            }
            if token.is_empty() {
                return Err("its token is empty");
            }
        }
        let is_plain = is_token(token) && !token.contains('@');
        let header = is_plain.then(|| header("Bearer", token)).flatten();
        Ok(Grant {
            header: header.ok_or("its token has a character in it that no token has")?,
            life: self.expires_in,
            asked_at,
        })
    }
}

fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SecretString, D::Error> {
    String::deserialize(deserializer).map(SecretString::from)
}

/// Seconds as a number or as text. What is neither, or no time at all, says nothing.
fn life<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
    let seconds = match Value::deserialize(deserializer)? {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    Ok(seconds
        .filter(|seconds: &f64| *seconds > 0.0)
        .map(|seconds| Duration::try_from_secs_f64(seconds).unwrap_or(LONGEST_LIFE))
        .map(|life| life.min(LONGEST_LIFE)))
}

/// The body of a refusal.
#[derive(Debug, Deserialize)]
struct ErrorResponse {
    error: String,
    error_description: Option<String>,
}

impl ErrorResponse {
    /// What an error of RFC 6749 section 5.2 means, and what to do.
    fn known(&self) -> Option<(&'static str, &'static str)> {
        Some(match self.error.as_str() {
            "invalid_client" => (
                "it does not accept the client's name and secret (invalid_client)",
                "check ARKIB_PORTAL_OAUTH_CLIENT_ID and ARKIB_PORTAL_OAUTH_CLIENT_SECRET (or its file); where both are right, the endpoint may take the secret in the form only: set ARKIB_PORTAL_OAUTH_AUTH to post",
            ),
            "invalid_scope" => (
                "it does not give tokens for this scope (invalid_scope)",
                "set ARKIB_PORTAL_OAUTH_SCOPE as the portal's operator says, or take it away where none is asked for",
            ),
            "unauthorized_client" => (
                "it does not let this client ask for tokens by itself (unauthorized_client)",
                "ask whoever runs it to allow the client the grant client_credentials",
            ),
            "unsupported_grant_type" => (
                "it does not offer the grant client_credentials (unsupported_grant_type)",
                "check ARKIB_PORTAL_OAUTH_URL, and ask whoever runs it whether programs get tokens there",
            ),
            "invalid_grant" => (
                "it refuses the client (invalid_grant)",
                "check ARKIB_PORTAL_OAUTH_CLIENT_ID, and ask whoever runs it what the client may do",
            ),
            "invalid_request" => (
                "it does not understand the question (invalid_request)",
                "it may need ARKIB_PORTAL_OAUTH_SCOPE, or ARKIB_PORTAL_OAUTH_AUTH set to post; show this message to whoever runs it",
            ),
            _ => return None,
        })
    }

    fn meaning(&self) -> PortalError {
        let (what, help) = self.known().unwrap_or((
            "it gives no token",
            "if its own words do not say what is wrong, show this message to whoever runs it",
        ));
        error(ErrorKind::Unauthorized, what, help)
    }

    /// The endpoint's own words: what the error is called, where that is not in the RFC, and its
    /// description.
    fn said(self) -> Option<String> {
        let is_known = self.known().is_some();
        match self.error_description {
            description if is_known => description,
            Some(description) => Some(format!("{}: {description}", self.error)),
            None => Some(self.error),
        }
    }
}

/// What a status means by itself.
fn status(status: u16, is_page: bool) -> PortalError {
    let (kind, what, help) = match status {
        300..=399 => (
            ErrorKind::Configuration,
            "it points elsewhere",
            "if that place gives the tokens, put its address into ARKIB_PORTAL_OAUTH_URL",
        ),
        401 | 403 => (
            ErrorKind::Unauthorized,
            "it does not accept the client",
            "check ARKIB_PORTAL_OAUTH_CLIENT_ID and ARKIB_PORTAL_OAUTH_CLIENT_SECRET (or its file); the endpoint may also take the secret in the form only: set ARKIB_PORTAL_OAUTH_AUTH to post",
        ),
        404 | 405 => (
            ErrorKind::Configuration,
            "it gives no tokens at this address",
            "check ARKIB_PORTAL_OAUTH_URL, also its path",
        ),
        429 => (
            ErrorKind::RateLimited,
            "it gives no more tokens for now",
            "run again later, or ask whoever runs it for a higher rate",
        ),
        408 | 500..=599 => (
            ErrorKind::Unreachable,
            "it failed",
            "run again later; if it stays so, tell whoever runs it",
        ),
        _ => (
            ErrorKind::Unauthorized,
            "it gives no token",
            "check ARKIB_PORTAL_OAUTH_URL, and show this message to whoever runs it",
        ),
    };
    let page = match is_page {
        true => ", with a web page for people",
        false => "",
    };
    error(kind, format!("{what} ({status}){page}"), help)
}

fn error(kind: ErrorKind, detail: impl Into<String>, help: &str) -> PortalError {
    PortalError::new(kind, DOING, detail, help)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(expires_in: &str) -> Option<u64> {
        let body = format!(r#"{{"access_token":"a","token_type":"bEARER"{expires_in}}}"#);
        let granted: TokenResponse = serde_json::from_str(&body).expect("an answer");
        granted.expires_in.map(|life| life.as_secs())
    }

    #[test]
    fn the_life_of_a_token_is_taken_as_it_is_meant() {
        for (written, life) in [
            ("", None),
            (r#","expires_in":3600"#, Some(3600)),
            (r#","expires_in":"3600""#, Some(3600)),
            (r#","expires_in":3599.5"#, Some(3599)),
            (r#","expires_in":0"#, None),
            (r#","expires_in":-1"#, None),
            (r#","expires_in":null"#, None),
            (r#","expires_in":{}"#, None),
            (r#","expires_in":"NaN""#, None),
            (r#","expires_in":"soon""#, None),
            (r#","expires_in":1e30"#, Some(LONGEST_LIFE.as_secs())),
            (r#","expires_in":"inf""#, Some(LONGEST_LIFE.as_secs())),
            (
                r#","expires_in":9223372036854775807"#,
                Some(LONGEST_LIFE.as_secs()),
            ),
        ] {
            assert_eq!(read(written), life, "{written}");
        }
    }

    #[test]
    fn what_no_header_can_hold_is_no_token() {
        let secrets = Secrets::new(None);
        for (token, kind, says) in [
            ("rahsia-1", "mac", "Bearer"),
            ("rahsia-1", "", "Bearer"),
            ("", "Bearer", "empty"),
            (r"rahsia-1\r\nX-Admin: 1", "Bearer", "character"),
            (r"rahsia-1\n", "Bearer", "character"),
            ("rahsia 1", "Bearer", "character"),
            ("kunci-é", "Bearer", "character"),
            ("siti.aminah@agensi.example", "Bearer", "character"),
        ] {
            let body = format!(r#"{{"access_token":"{token}","token_type":"{kind}"}}"#);
            let granted: TokenResponse = serde_json::from_str(&body).expect("an answer");
            assert!(!format!("{granted:?}").contains("rahsia"), "{granted:?}");
            let refused = granted
                .grant(Instant::now(), &secrets)
                .expect_err("no token");
            assert!(refused.contains(says), "{refused}");
        }
        assert!(!secrets.without("rahsia-1").contains("rahsia-1"));
        let mailbox = "siti.aminah@agensi.example";
        assert_eq!(secrets.without(mailbox), mailbox);
    }
}
