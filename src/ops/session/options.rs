//! Which portal, as far as the environment does not say.

#[cfg(feature = "embedded")]
use std::path::PathBuf;

use jiff::SignedDuration;

use crate::ops::arguments::age;
use crate::portal::{ErrorKind, PortalError};

/// Which portal, as far as the environment does not say: the embedded one's files, and the report of
/// one that people operate.
#[derive(Debug, Clone, clap::Args)]
pub struct PortalOptions {
    /// The embedded portal's mailboxes when it is first started, as CSV
    /// [default: portal.csv beside the requests folder]
    #[cfg(feature = "embedded")]
    #[arg(long, value_name = "FILE", env = "ARKIB_EMBEDDED_ROSTER")]
    pub roster: Option<PathBuf>,
    /// The embedded portal's database [default: .arkib/portal.db beside the requests folder]
    #[cfg(feature = "embedded")]
    #[arg(long, value_name = "FILE", env = "ARKIB_EMBEDDED_DATABASE")]
    pub database: Option<PathBuf>,
    /// With portal: files, the portal's report (CSV or XLSX); AGENCY=FILE, several times, for several
    #[arg(
        long = "portal-report",
        hide_env_values = true,
        value_name = "FILE",
        env = "ARKIB_PORTAL_REPORT"
    )]
    pub portal_report: Vec<String>,
    /// With portal: files, the oldest report to take, such as 90m or 24h
    #[arg(long, value_name = "TIME", default_value = "24h", value_parser = age)]
    pub max_report_age: SignedDuration,
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
