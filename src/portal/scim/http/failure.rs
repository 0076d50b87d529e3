//! An exchange that failed: the error for a person, and what of the answer the client acts on. May
//! not know HTTP beyond a status.

use std::time::Duration;

use super::retry_rules::FailureCause;
use crate::http::{HttpErrorKind, Peer, explain_transport_error};
use crate::portal::{Doing, ErrorKind, PortalError};

/// One attempt that gave no answer, or the last one of an exchange.
#[derive(Debug)]
pub(crate) struct RequestFailure {
    pub(crate) error: PortalError,
    pub(crate) cause: FailureCause,
    pub(crate) retry_after: Option<Duration>,
    /// The portal's `scimType`.
    pub(crate) scim_type: Option<Box<str>>,
    /// Whether a page for people came in place of SCIM.
    pub(crate) web_page: bool,
}

impl RequestFailure {
    pub(crate) fn has_scim_type(&self, scim_type: &str) -> bool {
        self.scim_type.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(scim_type))
    }

    /// The status, where there was an answer that is no success.
    pub(crate) fn status(&self) -> Option<u16> {
        match self.cause {
            FailureCause::Status(status) => Some(status),
            _ => None,
        }
    }
}

/// An error that another attempt would not fix.
impl From<PortalError> for RequestFailure {
    fn from(error: PortalError) -> Self {
        Self {
            error,
            cause: FailureCause::Final,
            retry_after: None,
            scim_type: None,
            web_page: false,
        }
    }
}

impl From<RequestFailure> for PortalError {
    fn from(failure: RequestFailure) -> Self {
        failure.error
    }
}

/// Why no answer came, or none to its end. `quote` makes words of others safe to show.
pub(crate) fn no_answer_failure(
    error: reqwest::Error,
    peer: &Peer,
    doing: Doing,
    connect: Duration,
    quote: &dyn Fn(&str) -> String,
) -> RequestFailure {
    let error = explain_transport_error(error, peer, connect, quote);
    let (kind, cause) = match error.kind {
        HttpErrorKind::Configuration => (ErrorKind::Configuration, FailureCause::Final),
        HttpErrorKind::Unreachable => (ErrorKind::Unreachable, FailureCause::NotSent),
        HttpErrorKind::Broken => (ErrorKind::Broken, FailureCause::NoAnswer),
        HttpErrorKind::Timeout => (ErrorKind::Timeout, FailureCause::NoAnswer),
    };
    let error = PortalError::new(kind, doing, error.why, error.help);
    RequestFailure { cause, ..RequestFailure::from(error) }
}

/// An answer of the portal that cannot be understood; for those who read bodies.
pub(crate) fn malformed_error(doing: Doing, why: &str) -> PortalError {
    PortalError::new(
        ErrorKind::Malformed,
        doing,
        format!("the portal's answer cannot be read: {why}"),
        "show this message to the portal's operator: the answer is not SCIM 2.0 (RFC 7644)",
    )
}
