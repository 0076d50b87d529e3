//! What a command needs to know to reach a portal, as far as the environment does not say.

#[cfg(feature = "embedded")]
use std::path::PathBuf;

use jiff::SignedDuration;

use crate::load::Location;
use crate::portal::{ErrorKind, PortalError};

/// Which portal: the embedded one's files, and the report of one that people operate.
#[derive(Debug, Clone)]
pub struct PortalOptions {
    /// The embedded portal's mailboxes when it is first started, as CSV.
    #[cfg(feature = "embedded")]
    pub roster: Option<PathBuf>,
    /// The embedded portal's database.
    #[cfg(feature = "embedded")]
    pub database: Option<PathBuf>,
    /// With `portal: files`, the portal's report (CSV or XLSX); `AGENCY=FILE` for one of several.
    pub portal_report: Vec<String>,
    /// With `portal: files`, the oldest report to take.
    pub max_report_age: SignedDuration,
}

/// How a command reaches a portal.
#[cfg_attr(
    not(feature = "embedded"),
    expect(dead_code, reason = "most of it is about the embedded portal")
)]
pub struct Access<'a> {
    /// The options that say which portal.
    pub portal: &'a PortalOptions,
    /// The requests: the embedded portal keeps its things beside their folder, and takes their day
    /// for today.
    pub requests: &'a Location,
    /// Whether anything may be written; a dry run leaves no database behind.
    pub may_write: bool,
    /// The most requests under way at a time.
    pub concurrency: usize,
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
