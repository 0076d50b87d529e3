//! What a token endpoint answers (RFC 6749 section 5.1), taken as it is meant: some write the life of
//! a token as text, and some a life of nothing where they mean no end.

use std::time::Duration;

use oauth2::basic::BasicTokenType;
use oauth2::{AccessToken, RefreshToken, Scope, TokenResponse};
use reqwest::header::HeaderValue;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use tokio::time::Instant;

use crate::portal::scim::credentials::header;
use crate::portal::scim::credentials::secrets::Secrets;
use crate::portal::scim::credentials::source::is_token;

/// The longest life that is believed.
const LONGEST_LIFE: Duration = Duration::from_secs(10 * 365 * 86_400);

/// A token that can be used.
#[derive(Debug)]
pub(super) struct Grant {
    pub(super) header: HeaderValue,
    /// Nothing where it is good until it is refused.
    pub(super) life: Option<Duration>,
    /// Its life counts from here: it may have begun when the question came.
    pub(super) asked_at: Instant,
}

/// The body of an answer.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Granted {
    access_token: AccessToken,
    #[serde(deserialize_with = "oauth2::helpers::deserialize_untagged_enum_case_insensitive")]
    token_type: BasicTokenType,
    #[serde(default, deserialize_with = "life")]
    expires_in: Option<Duration>,
}

impl Granted {
    /// The token as it is sent, or why it is none.
    pub(super) fn grant(self, asked_at: Instant, secrets: &Secrets) -> Result<Grant, &'static str> {
        let token = self.access_token.secret();
        // No token has one (RFC 6750 section 2.1), but each mailbox has: it would be hidden like a
        // token from then on, in plans and records.
        if token.contains('@') {
            return Err("its token has a character in it that no token has");
        }
        secrets.keep(token);
        if self.token_type != BasicTokenType::Bearer {
            return Err("its token is not of the type Bearer");
        }
        if token.is_empty() {
            return Err("its token is empty");
        }
        let header = Some(token)
            .filter(|token| is_token(token))
            .and_then(|token| header("Bearer", token))
            .ok_or("its token has a character in it that no token has")?;
        Ok(Grant {
            header,
            life: self.expires_in,
            asked_at,
        })
    }
}

impl TokenResponse for Granted {
    type TokenType = BasicTokenType;

    fn access_token(&self) -> &AccessToken {
        &self.access_token
    }

    fn token_type(&self) -> &BasicTokenType {
        &self.token_type
    }

    fn expires_in(&self) -> Option<Duration> {
        self.expires_in
    }

    /// There is none in this grant (RFC 6749 section 4.4.3).
    fn refresh_token(&self) -> Option<&RefreshToken> {
        None
    }

    fn scopes(&self) -> Option<&Vec<Scope>> {
        None
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn read(expires_in: &str) -> Option<u64> {
        let body = format!(r#"{{"access_token":"a","token_type":"bEARER"{expires_in}}}"#);
        let granted: Granted = serde_json::from_str(&body).expect("an answer");
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
            let granted: Granted = serde_json::from_str(&body).expect("an answer");
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
