//! The parts of HTTP that every endpoint shares: the token, bodies in and out. May not know
//! endpoints or the store.

use std::time::Duration;

use axum::body::{Body, BodyDataStream, Bytes};
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
const MOST_DRAINED: usize = 64 * MAX_BODY;
/// How long they are read.
const PATIENCE: Duration = Duration::from_secs(3);

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

/// Refuses a body that says that it is too large.
///
/// # Errors
/// 413.
pub(crate) fn check_length(headers: &HeaderMap) -> ScimResult<()> {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    match length.and_then(|length| length.parse::<usize>().ok()) {
        Some(length) if length > MAX_BODY => Err(too_large()),
        _ => Ok(()),
    }
}

/// Reads a body.
///
/// # Errors
/// 413, or 400 for an incomplete body.
pub(crate) async fn read_body(body: Body) -> ScimResult<Vec<u8>> {
    let mut stream = body.into_data_stream();
    let mut kept = Vec::new();
    while let Some(piece) = stream.next().await {
        let piece = piece.map_err(|_| ScimError::invalid_syntax("the body ended early"))?;
        if kept.len() + piece.len() > MAX_BODY {
            drop(kept);
            drain(stream).await;
            return Err(too_large());
        }
        kept.extend_from_slice(&piece);
    }
    Ok(kept)
}

fn too_large() -> ScimError {
    ScimError::payload_too_large(format!("a body may have at most {MAX_BODY} bytes"))
}

/// Reads the rest of a body that is refused, and keeps nothing of it: where a connection is closed before
/// all that was sent is read, the other side may lose the answer (RFC 9112 section 9.6). One without a
/// reasonable end is left.
pub(crate) async fn drain(mut body: BodyDataStream) {
    let mut length = 0;
    let end = async {
        while let Some(Ok(piece)) = body.next().await {
            length += piece.len();
            if length > MOST_DRAINED {
                break;
            }
        }
    };
    // Whatever was read, the answer is the same.
    let _ = tokio::time::timeout(PATIENCE, end).await;
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
