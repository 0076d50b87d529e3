//! What a token endpoint answers: a token (RFC 6749 section 5.1), an error (section 5.2) or neither,
//! and what that means in words that a person understands. Answers are taken as they are meant: some
//! write the life of a token as text, and some a life of nothing where they mean no end. Pure.

use std::time::Duration;

use reqwest::Response;
use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use tokio::time::Instant;

use crate::environment::secret::is_valid_in_header;
use crate::http::{content_type, is_web_page, redirect_host};
use crate::portal::scim::credentials::redaction::{Secrets, authorization_header};
use crate::portal::scim::http::error_meanings::ErrorMeaning;
use crate::portal::{Doing, PortalError};

/// Where [`ErrorMeaning`] lists the errors of RFC 6749 section 5.2.
const ERRORS: &str = "token error";

/// The longest life that is believed.
const LONGEST_LIFETIME: Duration = Duration::from_secs(10 * 365 * 86_400);

/// A token that can be used.
#[derive(Debug)]
pub(crate) struct TokenGrant {
    pub(super) header: HeaderValue,
    /// Nothing where it is good until it is refused.
    pub(super) lifetime: Option<Duration>,
    /// Its life counts from here: it may have begun when the question came.
    pub(super) asked_at: Instant,
}

/// The token in an answer with this body, or what the answer means. No body is one that is too long.
pub(super) fn read(
    response: &Response,
    body: Option<&[u8]>,
    asked_at: Instant,
    secrets: &Secrets,
) -> Result<TokenGrant, PortalError> {
    let no_token =
        |word| ErrorMeaning::for_word("no token", word).to_error(Doing::GettingToken, &[]);
    let Some(body) = body else {
        return Err(no_token("too long"));
    };
    let status = response.status().as_u16();
    let content_type = content_type(response);
    let content_type = content_type.as_deref();
    let is_json = content_type.is_none_or(|kind| kind.starts_with("application/json"));
    let is_page = is_web_page(content_type, body);
    if status == 200 && is_page {
        return Err(no_token("web page"));
    }
    if status == 200
        && is_json
        && let Ok(token) = serde_json::from_slice::<TokenResponse>(body)
    {
        return token.into_grant(asked_at, secrets).map_err(no_token);
    }
    let refusal: Option<ErrorResponse> = serde_json::from_slice(body).ok();
    let mut error = match (status, &refusal) {
        // Some refuse with the status of success. Anything else in it may hold a token.
        (200, Some(refusal)) if is_json => refusal.to_error(),
        (200, _) => return Err(no_token("not JSON")),
        // What may pass by itself is no matter of the client.
        (408 | 429 | 500..=599, _) | (_, None) => status_error(status, is_page),
        (_, Some(refusal)) => refusal.to_error(),
    };
    if let Some(said) = refusal.and_then(ErrorResponse::endpoint_message) {
        error.add_detail(&format!("; it says: {}", secrets.quote_redacted(&said)));
    }
    if response.status().is_redirection() {
        if let Some(host) = redirect_host(response) {
            error.add_detail(&format!(", to {}", secrets.quote_redacted(&host)));
        }
        error.add_detail(
            "; arkib does not follow redirects, so that the secret is sent nowhere else",
        );
    }
    Err(error)
}

/// The body of a success.
#[derive(Debug, Deserialize)]
struct TokenResponse {
    #[serde(deserialize_with = "deserialize_secret")]
    access_token: SecretString,
    token_type: String,
    #[serde(default, deserialize_with = "deserialize_lifetime")]
    expires_in: Option<Duration>,
}

impl TokenResponse {
    /// The token as it is sent, or the word for why it is none.
    fn into_grant(self, asked_at: Instant, secrets: &Secrets) -> Result<TokenGrant, &'static str> {
        let token = self.access_token.expose_secret();
        // No token has one (RFC 6750 section 2.1), but each mailbox has: it would be hidden like a
        // token from then on, in plans and records.
        if !token.contains('@') {
            secrets.add_secret(token);
            if !self.token_type.eq_ignore_ascii_case("bearer") {
                return Err("not Bearer");
            }
            if token.is_empty() {
                return Err("empty");
            }
        }
        let is_plain = is_valid_in_header(token) && !token.contains('@');
        let header = is_plain.then(|| authorization_header("Bearer", token)).flatten();
        Ok(TokenGrant { header: header.ok_or("character")?, lifetime: self.expires_in, asked_at })
    }
}

fn deserialize_secret<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<SecretString, D::Error> {
    String::deserialize(deserializer).map(SecretString::from)
}

/// Seconds as a number or as text. What is neither, or no time at all, says nothing.
fn deserialize_lifetime<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Duration>, D::Error> {
    let seconds = match Value::deserialize(deserializer)? {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    Ok(seconds
        .filter(|seconds: &f64| *seconds > 0.0)
        .map(|seconds| Duration::try_from_secs_f64(seconds).unwrap_or(LONGEST_LIFETIME))
        .map(|lifetime| lifetime.min(LONGEST_LIFETIME)))
}

/// The body of a refusal.
#[derive(Debug, Deserialize)]
struct ErrorResponse {
    error: String,
    error_description: Option<String>,
}

impl ErrorResponse {
    fn to_error(&self) -> PortalError {
        ErrorMeaning::for_word(ERRORS, &self.error).to_error(Doing::GettingToken, &[])
    }

    /// The endpoint's own words: what the error is called, where that is not in the RFC, and its
    /// description.
    fn endpoint_message(self) -> Option<String> {
        match self.error_description {
            description if ErrorMeaning::is_listed(ERRORS, &self.error) => description,
            Some(description) => Some(format!("{}: {description}", self.error)),
            None => Some(self.error),
        }
    }
}

/// What a status means by itself.
fn status_error(status: u16, is_page: bool) -> PortalError {
    let page = is_page.then_some(", with a web page for people");
    let page = page.unwrap_or_default();
    let values = [("status", &*status.to_string()), ("page", page)];
    ErrorMeaning::for_status("token endpoint", status).to_error(Doing::GettingToken, &values)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(expires_in: &str) -> Option<u64> {
        let body = format!(r#"{{"access_token":"a","token_type":"bEARER"{expires_in}}}"#);
        let granted: TokenResponse = serde_json::from_str(&body).expect("an answer");
        granted.expires_in.map(|lifetime| lifetime.as_secs())
    }

    #[test]
    fn reads_token_lifetimes_leniently() {
        for (written, lifetime) in [
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
            (r#","expires_in":1e30"#, Some(LONGEST_LIFETIME.as_secs())),
            (r#","expires_in":"inf""#, Some(LONGEST_LIFETIME.as_secs())),
            (r#","expires_in":9223372036854775807"#, Some(LONGEST_LIFETIME.as_secs())),
        ] {
            assert_eq!(read(written), lifetime, "{written}");
        }
    }

    #[test]
    fn refuses_tokens_invalid_in_headers() {
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
            let refused = granted.into_grant(Instant::now(), &secrets).expect_err("no token");
            assert!(refused.contains(says), "{refused}");
        }
        assert!(!secrets.redact("rahsia-1").contains("rahsia-1"));
        let mailbox = "siti.aminah@agensi.example";
        assert_eq!(secrets.redact(mailbox), mailbox);
    }
}
