//! An exchange that failed: the error for a person, and what of the answer the client acts on. May
//! not know HTTP beyond a status.

use crate::portal::{ErrorKind, PortalError};

/// An exchange that failed for good.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) error: PortalError,
    /// The status, where there was an answer.
    pub(crate) status: Option<u16>,
    /// The portal's `scimType`.
    pub(crate) scim_type: Option<Box<str>>,
    /// Whether a page for people came in place of SCIM.
    pub(crate) web_page: bool,
}

impl Failure {
    pub(crate) fn is(&self, scim_type: &str) -> bool {
        self.scim_type
            .as_deref()
            .is_some_and(|it| it.eq_ignore_ascii_case(scim_type))
    }
}

impl From<PortalError> for Failure {
    fn from(error: PortalError) -> Self {
        Self {
            error,
            status: None,
            scim_type: None,
            web_page: false,
        }
    }
}

impl From<Failure> for PortalError {
    fn from(failure: Failure) -> Self {
        failure.error
    }
}

/// An answer of the portal that cannot be understood; for those who read bodies.
pub(crate) fn malformed(doing: &str, why: &str) -> PortalError {
    PortalError::new(
        ErrorKind::Malformed,
        doing,
        format!("the portal's answer cannot be understood: {why}"),
        "show this message to the portal's operator; its answer is not SCIM 2.0 (RFC 7644)",
    )
}
