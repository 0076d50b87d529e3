//! The parts of HTTP that every endpoint shares: the token, bodies in and out, paths. May not know
//! endpoints or the store.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use sha2::{Digest, Sha256};

use super::error::{Scim, ScimError};
use super::{Portal, user};
use crate::domain::mapping::scim_names as wire;

/// The largest body, in bytes; also `maxPayloadSize` of bulk.
pub(crate) const MAX_BODY: usize = 1024 * 1024;
/// RFC 6750 section 2.1. Digests are compared, so that the time it takes says nothing of the token.
pub(crate) fn authorize(portal: &Portal, headers: &HeaderMap) -> Scim<()> {
    let token = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim());
    let challenge = |value: &'static str, detail: &str| {
        Err(ScimError::new(StatusCode::UNAUTHORIZED, detail)
            .with(header::WWW_AUTHENTICATE, HeaderValue::from_static(value)))
    };
    match token {
        None => challenge(
            "Bearer realm=\"arkib development portal\"",
            "a bearer token is required",
        ),
        Some(token) if Sha256::digest(token)[..] == portal.token_digest[..] => Ok(()),
        Some(_) => challenge(
            "Bearer realm=\"arkib development portal\", error=\"invalid_token\"",
            "the bearer token is not the portal's",
        ),
    }
}

/// Reads a body of the right type and size.
///
/// # Errors
/// 415, 413, or 400 for one that breaks off.
pub(crate) async fn read(body: Body, headers: &HeaderMap) -> Scim<Vec<u8>> {
    if let Some(kind) = headers.get(header::CONTENT_TYPE) {
        let kind = kind.to_str().unwrap_or_default();
        let essence = kind.split(';').next().unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case(wire::MEDIA_TYPE)
            && !essence.eq_ignore_ascii_case("application/json")
        {
            return Err(ScimError::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                format!("a body must be {}", wire::MEDIA_TYPE),
            ));
        }
    }
    let too_large = || ScimError::too_large(format!("a body may have {MAX_BODY} bytes"));
    let announced = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > MAX_BODY) {
        return Err(too_large());
    }
    match axum::body::to_bytes(body, MAX_BODY).await {
        Ok(bytes) => Ok(bytes.into()),
        Err(error) => {
            let mut cause: Option<&dyn std::error::Error> = Some(&error);
            while let Some(error) = cause {
                // The one error of a body that is read whole but for its size.
                if error.to_string() == "length limit exceeded" {
                    return Err(too_large());
                }
                cause = error.source();
            }
            Err(ScimError::invalid_syntax("the body ended early"))
        }
    }
}

/// Undoes the percent-encoding of a path (RFC 3986 section 2.1): some clients encode the colons of
/// a URN. `None` where it is not UTF-8.
pub(crate) fn percent_decoded(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = |byte: u8| {
            char::from(byte)
                .to_digit(16)
                .and_then(|d| u8::try_from(d).ok())
        };
        let encoded = match (first, tail) {
            (b'%', [high, low, ..]) => hex(*high).zip(hex(*low)),
            _ => None,
        };
        if let Some((high, low)) = encoded {
            bytes.push(high << 4 | low);
            rest = &tail[2..];
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).ok()
}

/// An answer with a SCIM body.
pub(crate) fn json_response(status: StatusCode, body: impl Into<Body>) -> Response<Body> {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(wire::MEDIA_TYPE),
    );
    response
}

/// RFC 7644 section 3.14.
pub(crate) fn set_etag(response: &mut Response<Body>, version: i64) {
    if let Ok(etag) = HeaderValue::try_from(user::etag(version)) {
        response.headers_mut().insert(header::ETAG, etag);
    }
}

#[cfg(test)]
mod tests {
    use super::percent_decoded;

    #[test]
    fn paths_are_decoded_once_and_whole() {
        for (path, expected) in [
            (
                "/Schemas/urn%3Aietf%3aparams",
                Some("/Schemas/urn:ietf:params"),
            ),
            ("%2525", Some("%25")),
            ("%", Some("%")),
            ("%2", Some("%2")),
            ("%zz", Some("%zz")),
            ("%+1", Some("%+1")),
            ("%ff", None),
        ] {
            assert_eq!(percent_decoded(path).as_deref(), expected, "{path}");
        }
    }
}
