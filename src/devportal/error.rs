//! Errors as SCIM answers them (RFC 7644 section 3.12). May not know HTTP routing or the store's tables.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Response, StatusCode, header};
use serde_json::{Value, json};

use crate::domain::mapping::scim_names as wire;

/// Outcome of anything that a request can make fail.
pub(crate) type Scim<T> = Result<T, ScimError>;

/// One refusal: the HTTP status, the `scimType` where RFC 7644 table 9 has one, and words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ScimError {
    pub(crate) status: StatusCode,
    pub(crate) scim_type: Option<&'static str>,
    pub(crate) detail: String,
    /// A header that belongs to the status: `Allow`, `Retry-After`, `WWW-Authenticate`.
    header: Option<(HeaderName, HeaderValue)>,
}

impl ScimError {
    /// An error of that status, without a `scimType`.
    pub(crate) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            status,
            scim_type: None,
            detail: detail.into(),
            header: None,
        }
    }

    fn bad(scim_type: &'static str, detail: impl Into<String>) -> Self {
        Self {
            scim_type: Some(scim_type),
            ..Self::new(StatusCode::BAD_REQUEST, detail)
        }
    }

    pub(crate) fn invalid_filter(detail: impl Into<String>) -> Self {
        Self::bad("invalidFilter", detail)
    }

    pub(crate) fn invalid_syntax(detail: impl Into<String>) -> Self {
        Self::bad("invalidSyntax", detail)
    }

    pub(crate) fn invalid_value(detail: impl Into<String>) -> Self {
        Self::bad("invalidValue", detail)
    }

    pub(crate) fn invalid_path(detail: impl Into<String>) -> Self {
        Self::bad("invalidPath", detail)
    }

    pub(crate) fn no_target(detail: impl Into<String>) -> Self {
        Self::bad("noTarget", detail)
    }

    pub(crate) fn mutability(detail: impl Into<String>) -> Self {
        Self::bad("mutability", detail)
    }

    /// RFC 9865 section 2.1.
    pub(crate) fn invalid_cursor(detail: impl Into<String>) -> Self {
        Self::bad("invalidCursor", detail)
    }

    pub(crate) fn uniqueness(detail: impl Into<String>) -> Self {
        Self {
            scim_type: Some("uniqueness"),
            ..Self::conflict(detail)
        }
    }

    pub(crate) fn conflict(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, detail)
    }

    pub(crate) fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("there is no {what}"))
    }

    pub(crate) fn stale() -> Self {
        Self::new(
            StatusCode::PRECONDITION_FAILED,
            "the resource has changed since the version in If-Match",
        )
    }

    pub(crate) fn too_large(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, detail)
    }

    pub(crate) fn not_allowed(allow: &'static str) -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            format!("allowed here: {allow}"),
        )
        .with(header::ALLOW, HeaderValue::from_static(allow))
    }

    /// The same error with a header.
    pub(crate) fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.header = Some((name, value));
        self
    }

    /// The body of RFC 7644 section 3.12.
    pub(crate) fn body(&self) -> Value {
        let mut body = json!({
            "schemas": [wire::ERROR],
            "status": self.status.as_str(),
            "detail": self.detail,
        });
        if let Some(scim_type) = self.scim_type {
            body["scimType"] = scim_type.into();
        }
        body
    }

    /// The whole answer.
    pub(crate) fn response(&self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body().to_string()));
        *response.status_mut() = self.status;
        response.headers_mut().insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static(wire::MEDIA_TYPE),
        );
        if let Some((name, value)) = &self.header {
            response.headers_mut().insert(name.clone(), value.clone());
        }
        response
    }
}

impl From<rusqlite::Error> for ScimError {
    /// What the database says may quote a row, so it is kept out of the answer.
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode::{ConstraintViolation, DatabaseBusy, DatabaseLocked};
        match error.sqlite_error_code() {
            Some(DatabaseBusy | DatabaseLocked) => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "the database is in use by another process",
            ),
            Some(ConstraintViolation) => Self::uniqueness("another user has this userName"),
            code => {
                tracing::error!(?code, "the portal's database failed");
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "the database failed")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_is_a_string_and_the_type_stands_only_where_there_is_one() {
        let body = ScimError::invalid_filter("x").body();
        assert_eq!(body["status"], "400");
        assert_eq!(body["scimType"], "invalidFilter");
        assert!(ScimError::conflict("x").body().get("scimType").is_none());
    }
}
