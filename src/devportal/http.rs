//! The parts of HTTP that every endpoint shares: the token, bodies in and out. May not know
//! endpoints or the store.

use axum::body::{Bytes, HttpBody};
use axum::extract::{DefaultBodyLimit, FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use super::error::{ScimError, ScimResult};
use super::portal::PortalContext;
use crate::domain::mapping::scim_urns as wire;

/// The largest body, in bytes; also `maxPayloadSize` of bulk.
pub(crate) const MAX_BODY: usize = 1024 * 1024;

/// RFC 6750 section 2.1. Digests are compared, so that the time reveals nothing about the token.
pub(crate) fn authorize(portal: &PortalContext, headers: &HeaderMap) -> ScimResult<()> {
    let token = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim());
    let (challenge, detail) = match token {
        Some(token) if Sha256::digest(token)[..] == portal.token_digest[..] => return Ok(()),
        None => ("Bearer realm=\"arkib development portal\"", "a bearer token is required"),
        Some(_) => (
            "Bearer realm=\"arkib development portal\", error=\"invalid_token\"",
            "the bearer token is wrong",
        ),
    };
    Err(ScimError::new(StatusCode::UNAUTHORIZED, detail)
        .with_header(header::WWW_AUTHENTICATE, challenge))
}

/// Reads a body of the right type and size.
///
/// # Errors
/// 415, 413, or 400 for an incomplete body.
pub(crate) async fn read_body(mut request: Request) -> ScimResult<Bytes> {
    if let Some(kind) = request.headers().get(header::CONTENT_TYPE) {
        let kind = kind.to_str().unwrap_or_default();
        let essence = kind.split(';').next().unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case(wire::MEDIA_TYPE)
            && !essence.eq_ignore_ascii_case("application/json")
        {
            return Err(ScimError::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                format!("the body must be {}", wire::MEDIA_TYPE),
            ));
        }
    }
    let too_large =
        || ScimError::payload_too_large(format!("a body may have at most {MAX_BODY} bytes"));
    // A body that is announced as too large is not read at all.
    if request.body().size_hint().lower() > MAX_BODY as u64 {
        return Err(too_large());
    }
    DefaultBodyLimit::max(MAX_BODY).apply(&mut request);
    Bytes::from_request(request, &()).await.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        _ => ScimError::invalid_syntax("the body ended early"),
    })
}

/// An answer with a SCIM body.
pub(crate) fn scim_response(status: StatusCode, body: impl Into<Bytes>) -> Response {
    let content_type = [(header::CONTENT_TYPE, wire::MEDIA_TYPE)];
    (status, content_type, body.into()).into_response()
}

impl IntoResponse for ScimError {
    fn into_response(self) -> Response {
        let header = self.header.clone().map(|header| [header]);
        (header, scim_response(self.status, self.to_json_body().to_string())).into_response()
    }
}
