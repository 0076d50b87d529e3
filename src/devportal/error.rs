//! Errors as SCIM answers them (RFC 7644 section 3.12). May not know HTTP routing or the store's tables.

use axum::http::{HeaderName, StatusCode, header};
use rusqlite::ErrorCode;
use serde_json::{Value, json};

use crate::domain::mapping::scim_urns as wire;

/// The result of an operation that a request can make fail.
pub(crate) type ScimResult<T> = Result<T, ScimError>;

/// One error: the HTTP status, the `scimType` if RFC 7644 table 9 has one, and a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ScimError {
    pub(crate) status: StatusCode,
    pub(crate) scim_type: Option<&'static str>,
    pub(crate) detail: String,
    /// A header that belongs to the status: `Allow`, `Retry-After`, `WWW-Authenticate`.
    pub(crate) header: Option<(HeaderName, &'static str)>,
}

impl ScimError {
    /// An error with that status, without a `scimType`.
    pub(crate) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self { status, scim_type: None, detail: detail.into(), header: None }
    }

    pub(crate) fn conflict(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, detail)
    }

    pub(crate) fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("{what} not found"))
    }

    pub(crate) fn internal_error(detail: &str) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, detail)
    }

    pub(crate) fn payload_too_large(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, detail)
    }

    pub(crate) fn method_not_allowed(allow: &'static str) -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, format!("allowed here: {allow}"))
            .with_header(header::ALLOW, allow)
    }

    /// The same error with a header.
    pub(crate) fn with_header(mut self, name: HeaderName, value: &'static str) -> Self {
        self.header = Some((name, value));
        self
    }

    /// The body of RFC 7644 section 3.12.
    pub(crate) fn to_json_body(&self) -> Value {
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
}

/// The errors of status 400, each with its `scimType`.
macro_rules! bad_requests {
    ($($name:ident = $scim_type:literal,)+) => {
        impl ScimError {
            $(pub(crate) fn $name(detail: impl Into<String>) -> Self {
                Self {
                    scim_type: Some($scim_type),
                    ..Self::new(StatusCode::BAD_REQUEST, detail)
                }
            })+
        }
    };
}

// RFC 7644 table 9, and RFC 9865 section 2.1 for the cursor.
bad_requests! {
    invalid_filter = "invalidFilter",
    invalid_syntax = "invalidSyntax",
    invalid_value = "invalidValue",
    invalid_path = "invalidPath",
    no_target = "noTarget",
    mutability = "mutability",
    invalid_cursor = "invalidCursor",
}

/// Whether the database is only locked by another process.
pub(crate) fn is_database_busy(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseBusy, DatabaseLocked};
    matches!(error.sqlite_error_code(), Some(DatabaseBusy | DatabaseLocked))
}

impl From<rusqlite::Error> for ScimError {
    /// The database's message may quote a row, so it is not part of the answer.
    fn from(error: rusqlite::Error) -> Self {
        if is_database_busy(&error) {
            return Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "the database is in use by another process",
            );
        }
        match error.sqlite_error_code() {
            Some(ErrorCode::ConstraintViolation) => Self {
                scim_type: Some("uniqueness"),
                ..Self::conflict("another user has this userName")
            },
            // SQLite reports no error, but the value has the wrong type.
            None => {
                tracing::error!("the portal's database has a row that cannot be read");
                Self::internal_error("the database has a row that cannot be read")
            }
            code => {
                tracing::error!(?code, "the portal's database failed");
                Self::internal_error("the database failed")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn error_body_has_string_status_and_optional_type() {
        let body = ScimError::invalid_filter("x").to_json_body();
        assert_eq!(body["status"], "400");
        assert_eq!(body["scimType"], "invalidFilter");
        assert!(ScimError::conflict("x").to_json_body().get("scimType").is_none());
    }
}
