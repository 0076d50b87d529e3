//! Why a report cannot be read: what was found, and what to do.

use crate::portal::{ErrorKind, PortalError};

/// A reason without the file's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Trouble {
    kind: ErrorKind,
    detail: String,
    help: String,
}

impl Trouble {
    /// The file is not what a report is.
    pub(super) fn malformed(detail: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            kind: ErrorKind::Malformed,
            detail: detail.into(),
            help: help.into(),
        }
    }

    /// The file contradicts itself, or lacks a part of what it had.
    pub(super) fn inconsistent(detail: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            kind: ErrorKind::Inconsistent,
            ..Self::malformed(detail, help)
        }
    }

    /// The policy and the file do not fit each other.
    pub(super) fn unfit(detail: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            kind: ErrorKind::Configuration,
            ..Self::malformed(detail, help)
        }
    }

    /// What the file says must not be taken for the agency's own.
    pub(super) fn refused(detail: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            kind: ErrorKind::Refused,
            ..Self::malformed(detail, help)
        }
    }

    /// The error that a user sees.
    pub(super) fn of(self, doing: String) -> PortalError {
        PortalError {
            kind: self.kind,
            doing,
            detail: self.detail,
            help: self.help,
        }
    }
}

/// What to do with a report that lacks a part of what it had.
pub(super) const DOWNLOAD_AGAIN: &str = "download the report from the portal again";
