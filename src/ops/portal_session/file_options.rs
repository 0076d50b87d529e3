//! The options of the portal that the environment does not set, and the default places of its files.

use std::path::{Component, Path, PathBuf};

use jiff::SignedDuration;

use crate::language::Message;
use crate::portal::{ErrorKind, PortalError};

/// The files of the embedded portal, and the export of a portal that people operate.
#[derive(Debug, Clone)]
pub struct PortalFileOptions {
    /// CSV file with the mailboxes that the embedded portal starts with.
    #[cfg(feature = "embedded")]
    pub roster: Option<PathBuf>,
    /// The embedded portal's database.
    #[cfg(feature = "embedded")]
    pub database: Option<PathBuf>,
    /// With `portal: files`, the portal's export (CSV or XLSX) or a folder of exports; `AGENCY=FILE` for
    /// one of several.
    pub portal_export: Vec<String>,
    /// With `portal: files`, the maximum age of the export.
    pub max_export_age: SignedDuration,
}

/// An error in the setup, so that the portal cannot be opened.
pub fn configuration_error(detail: impl Into<Message>, help: impl Into<Message>) -> PortalError {
    PortalError::new(ErrorKind::Configuration, message!("portal-opening"), detail, help)
}

/// A path next to the requests folder.
pub fn path_beside(requests: &Path, name: &str) -> PathBuf {
    let ends_in_a_name = matches!(requests.components().next_back(), Some(Component::Normal(_)));
    if ends_in_a_name && let Some(parent) = requests.parent() {
        return parent.join(name);
    }
    // `.` and `..` have no name, so the real path is used. On Windows that begins with `\\?\`, which
    // people and other programs do not know; there `..` means the same in any path.
    let whole = match cfg!(windows) {
        true => std::path::absolute(requests),
        false => requests.canonicalize(),
    };
    let whole = whole.unwrap_or_else(|_| requests.to_owned());
    whole.parent().unwrap_or(&whole).join(name)
}
