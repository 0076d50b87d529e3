//! What it means where no token can be had, in words that a person understands. Pure.

use oauth2::basic::{BasicErrorResponse, BasicErrorResponseType as Type};

use crate::portal::ErrorKind;
use crate::portal::scim::credentials::choice::{
    OAUTH_AUTH, OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET, OAUTH_SCOPE, OAUTH_URL,
};
use crate::portal::scim::http::explain::Refused;

/// Why there is no token: the cause, what happened, what to do.
pub(super) struct Words {
    pub(super) kind: ErrorKind,
    pub(super) detail: String,
    pub(super) help: String,
}

impl Words {
    fn new(kind: ErrorKind, detail: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            kind,
            detail: detail.into(),
            help: help.into(),
        }
    }
}

/// The endpoint's own words for it (RFC 6749 section 5.2); they come already made safe.
pub(super) fn refusal(response: &BasicErrorResponse, said: Option<&str>) -> Words {
    let secret = format!(
        "check {OAUTH_CLIENT_ID} and {OAUTH_CLIENT_SECRET} (or its file); where both are right, the endpoint may take the secret in the form only: set {OAUTH_AUTH} to post"
    );
    let (what, help) = match response.error() {
        Type::InvalidClient => (
            "it does not accept the client's name and secret (invalid_client)",
            secret,
        ),
        Type::InvalidScope => (
            "it does not give tokens for this scope (invalid_scope)",
            format!(
                "set {OAUTH_SCOPE} as the portal's operator says, or take it away where none is asked for"
            ),
        ),
        Type::UnauthorizedClient => (
            "it does not let this client ask for tokens by itself (unauthorized_client)",
            "ask whoever runs it to allow the client the grant client_credentials".to_owned(),
        ),
        Type::UnsupportedGrantType => (
            "it does not offer the grant client_credentials (unsupported_grant_type)",
            format!("check {OAUTH_URL}, and ask whoever runs it whether programs get tokens there"),
        ),
        Type::InvalidGrant => (
            "it refuses the client (invalid_grant)",
            format!("check {OAUTH_CLIENT_ID}, and ask whoever runs it what the client may do"),
        ),
        Type::InvalidRequest => (
            "it does not understand the question (invalid_request)",
            format!(
                "it may need {OAUTH_SCOPE}, or {OAUTH_AUTH} set to post; show this message to whoever runs it"
            ),
        ),
        Type::Extension(_) => (
            "it gives no token",
            "if its own words do not say what is wrong, show this message to whoever runs it"
                .to_owned(),
        ),
    };
    let detail = match said {
        Some(said) => format!("{what}; it says: {said}"),
        None => what.to_owned(),
    };
    Words::new(ErrorKind::Unauthorized, detail, help)
}

/// The endpoint's error in its own words: what it is called, where that is not in the RFC, and its
/// description.
pub(super) fn said(response: &BasicErrorResponse) -> Option<String> {
    let description = response.error_description().map(String::as_str);
    match (response.error(), description) {
        (Type::Extension(name), Some(description)) => Some(format!("{name}: {description}")),
        (Type::Extension(name), None) => Some(name.clone()),
        (_, Some(description)) => Some(description.to_owned()),
        _ => None,
    }
}

/// A status without such words.
pub(super) fn status(status: u16, is_page: bool) -> Words {
    let page = if is_page {
        ", with a web page for people"
    } else {
        ""
    };
    let (kind, what, help) = match status {
        300..=399 => (
            ErrorKind::Configuration,
            format!("it points elsewhere ({status})"),
            format!("if that place gives the tokens, put its address into {OAUTH_URL}"),
        ),
        401 | 403 => (
            ErrorKind::Unauthorized,
            format!("it does not accept the client ({status}){page}"),
            format!(
                "check {OAUTH_CLIENT_ID} and {OAUTH_CLIENT_SECRET} (or its file); the endpoint may also take the secret in the form only: set {OAUTH_AUTH} to post"
            ),
        ),
        404 | 405 => (
            ErrorKind::Configuration,
            format!("it gives no tokens at this address ({status}){page}"),
            format!("check {OAUTH_URL}, also its path"),
        ),
        429 => (
            ErrorKind::RateLimited,
            "it gives no more tokens for now (429)".to_owned(),
            "run again later, or ask whoever runs it for a higher rate".to_owned(),
        ),
        408 | 500..=599 => (
            ErrorKind::Unreachable,
            format!("it failed ({status}){page}"),
            "run again later; if it stays so, tell whoever runs it".to_owned(),
        ),
        _ => (
            ErrorKind::Unauthorized,
            format!("it gives no token ({status}){page}"),
            format!("check {OAUTH_URL}, and show this message to whoever runs it"),
        ),
    };
    Words::new(kind, what, help)
}

/// An answer that is none.
pub(super) fn no_answer(why: &str) -> Words {
    Words::new(
        ErrorKind::Configuration,
        why,
        format!(
            "is the address right? check {OAUTH_URL}: it is where programs get tokens, not where people log in"
        ),
    )
}

/// An answer in which there is no token.
pub(super) fn no_token() -> Words {
    no_answer(
        "its answer is not the JSON of an access token with a token_type (RFC 6749 section 5.1)",
    )
}

/// A token that cannot be used.
pub(super) fn unusable(why: &str) -> Words {
    Words::new(
        ErrorKind::Configuration,
        why,
        "show this message to whoever runs the token endpoint; arkib takes bearer tokens only (RFC 6750)",
    )
}

/// What a 401 and a 403 of the portal mean where the token came from here.
pub(super) fn refused_by_the_portal(host: &str) -> Refused {
    Refused {
        unauthorized: format!("the portal does not accept the token that {host} gave (401)").into(),
        unauthorized_help: format!(
            "ask the portal's operator which token endpoint and scope the portal takes tokens of, and check {OAUTH_URL}, {OAUTH_CLIENT_ID} and {OAUTH_SCOPE}"
        )
        .into(),
        forbidden: format!("the token that {host} gave may not do this (403)").into(),
        forbidden_help: format!(
            "ask the portal's operator to give the client in {OAUTH_CLIENT_ID} the right to read mailboxes, and to change them where arkib applies; it may need another {OAUTH_SCOPE}"
        )
        .into(),
    }
}
