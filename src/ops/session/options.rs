//! Which portal, as far as the environment does not say, and where its things are that have no place of
//! their own.

use std::path::{Component, Path, PathBuf};

use jiff::SignedDuration;

use crate::portal::{ErrorKind, PortalError};

/// Which portal: the embedded one's files, and the export of one that people operate.
#[derive(Debug, Clone)]
pub struct PortalOptions {
    /// The embedded portal's mailboxes when it is first started, as CSV.
    #[cfg(feature = "embedded")]
    pub roster: Option<PathBuf>,
    /// The embedded portal's database.
    #[cfg(feature = "embedded")]
    pub database: Option<PathBuf>,
    /// With `portal: files`, the portal's export (CSV or XLSX); `AGENCY=FILE` for one of several.
    pub portal_export: Vec<String>,
    /// With `portal: files`, the oldest export to take.
    pub max_export_age: SignedDuration,
}

/// Something is not set up so that a portal can be opened.
pub fn configuration(detail: String, help: &str) -> PortalError {
    PortalError {
        kind: ErrorKind::Configuration,
        doing: "opening the portal".to_owned(),
        detail,
        help: help.to_owned(),
    }
}

/// What stands beside the requests folder.
pub fn beside(requests: &Path, name: &str) -> PathBuf {
    let ends_in_a_name = matches!(
        requests.components().next_back(),
        Some(Component::Normal(_))
    );
    if ends_in_a_name && let Some(parent) = requests.parent() {
        return parent.join(name);
    }
    // `.` and `..` have no name of their own to stand beside.
    let whole = requests
        .canonicalize()
        .unwrap_or_else(|_| requests.to_owned());
    whole.parent().unwrap_or(&whole).join(name)
}
