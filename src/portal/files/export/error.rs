//! Why an export cannot be read: what was found, and what to do. Which file it is, is put to it last.

use crate::language::Message;
use crate::portal::{ErrorKind, PortalError};
use crate::table::{TableError, TableFault};

/// What to do with an export that lacks a part of what it had.
pub(super) fn download_again_help() -> Message {
    message!("export-again-help")
}

/// The file is not what an export is.
pub(super) fn malformed_error(detail: Message, help: Message) -> PortalError {
    PortalError::new(ErrorKind::Malformed, "", detail, help)
}

/// The file contradicts itself, or lacks a part of what it had.
pub(super) fn inconsistent_error(detail: Message, help: Message) -> PortalError {
    PortalError::new(ErrorKind::Inconsistent, "", detail, help)
}

/// The policy and the file do not fit each other.
pub(super) fn policy_mismatch_error(detail: Message, help: Message) -> PortalError {
    PortalError::new(ErrorKind::Configuration, "", detail, help)
}

/// What the file says must not be taken for the agency's own.
pub(super) fn foreign_export_error(detail: Message, help: Message) -> PortalError {
    PortalError::new(ErrorKind::Refused, "", detail, help)
}

impl From<TableError> for PortalError {
    fn from(error: TableError) -> Self {
        let kind = match error.fault {
            TableFault::Malformed => ErrorKind::Malformed,
            TableFault::Inconsistent => ErrorKind::Inconsistent,
        };
        let help = Some(error.help).filter(|help| !help.is_empty());
        Self::new(kind, "", error.detail, help.unwrap_or_else(download_again_help))
    }
}
