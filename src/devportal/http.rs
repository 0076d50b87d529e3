//! The parts of HTTP that every endpoint shares: the token, bodies in and out. May not know
//! endpoints or the store.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt as _;
use sha2::{Digest, Sha256};

use super::error::{ScimError, ScimResult};
use super::portal::PortalContext;
use crate::domain::mapping::scim_urns as wire;

/// The largest body, in bytes; also `maxPayloadSize` of bulk.
pub(crate) const MAX_BODY: usize = 1024 * 1024;
/// The most bytes that are read of a body that is refused.
const MOST_READ: usize = 64 * MAX_BODY;

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

/// Refuses a body of another type.
///
/// # Errors
/// 415.
pub(crate) fn check_type(headers: &HeaderMap) -> ScimResult<()> {
    let Some(kind) = headers.get(header::CONTENT_TYPE) else { return Ok(()) };
    let kind = kind.to_str().unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    let is_json = |name: &&str| essence.eq_ignore_ascii_case(name);
    match [wire::MEDIA_TYPE, "application/json"].iter().any(is_json) {
        true => Ok(()),
        false => Err(ScimError::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            format!("the body must be {}", wire::MEDIA_TYPE),
        )),
    }
}

/// Reads a body to its end, also one that is too large: where a connection is closed before all that was
/// sent is read, the other side may lose the answer (RFC 9112 section 9.6). One without a reasonable end is
/// left at [`MOST_READ`].
///
/// # Errors
/// 413, or 400 for an incomplete body.
pub(crate) async fn read_body(body: Body) -> ScimResult<Vec<u8>> {
    let mut stream = body.into_data_stream();
    let (mut kept, mut length) = (Vec::new(), 0);
    while let Some(piece) = stream.next().await {
        let piece = piece.map_err(|_| ScimError::invalid_syntax("the body ended early"))?;
        length += piece.len();
        if length <= MAX_BODY {
            kept.extend_from_slice(&piece);
        } else if length > MOST_READ {
            break;
        }
    }
    match length <= MAX_BODY {
        true => Ok(kept),
        false => {
            let detail = format!("a body may have at most {MAX_BODY} bytes");
            Err(ScimError::payload_too_large(detail))
        }
    }
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
