//! Gives a command the portal that the policy names. Address and credentials come from the
//! environment alone, so a pull request cannot send the token elsewhere.

#[cfg(feature = "embedded")]
pub(super) mod embedded;
mod export;

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use jiff::SignedDuration;
use jiff::civil::Date;

use self::export::Reports;
use crate::domain::policy::{Policy, PortalKind};
use crate::environment;
use crate::environment::Outside;
use crate::portal::any::Reader;
use crate::portal::scim;
use crate::portal::scim::{Endpoint, Limits, Writer};
use crate::portal::{ErrorKind, PortalError};
use crate::printer;

/// Which portal, as far as the environment does not say: the embedded one's files, and the report of
/// one that people operate.
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

/// What a command needs to know to reach a portal.
#[cfg_attr(
    not(feature = "embedded"),
    expect(dead_code, reason = "most of it is about the embedded portal")
)]
pub struct Wanted<'a> {
    /// The options that say which portal.
    pub portal: &'a PortalOptions,
    /// The requests folder, beside which the embedded portal keeps its things.
    pub requests: &'a Path,
    /// The day that the embedded portal takes for today; the real one where nothing is said.
    pub today: Option<Date>,
    /// Whether anything may be written; a dry run leaves no database behind.
    pub may_write: bool,
    /// The most requests under way at a time.
    pub concurrency: usize,
}

/// A portal that can be reached.
pub enum Session {
    /// One that speaks SCIM, be it real or the embedded one.
    Scim(Box<Scim>),
    /// One that people operate.
    Files(Reports),
}

/// A portal that speaks SCIM.
pub struct Scim {
    endpoint: Endpoint,
    limits: Limits,
    #[cfg(feature = "embedded")]
    embedded: Option<crate::devportal::Running>,
}

impl Session {
    /// Finds the portal of a kind, and starts it where it is the embedded one.
    ///
    /// # Errors
    /// Where the environment does not say where it is, or where it cannot be started.
    pub async fn open(kind: PortalKind, wanted: &Wanted<'_>) -> Result<Self, PortalError> {
        let limits = Limits {
            concurrency: wanted.concurrency,
            ..Limits::default()
        };
        match kind {
            PortalKind::Scim => Ok(Self::Scim(Box::new(Scim {
                endpoint: from_environment()?,
                limits,
                #[cfg(feature = "embedded")]
                embedded: None,
            }))),
            PortalKind::Files => Reports::new(wanted.portal).map(Self::Files),
            #[cfg(feature = "embedded")]
            PortalKind::Embedded => embedded::open(wanted, limits)
                .await
                .map(|portal| Self::Scim(Box::new(portal))),
            #[cfg(not(feature = "embedded"))]
            PortalKind::Embedded => Err(configuration(
                "this arkib was built without the embedded portal".to_owned(),
                "use a build with the feature `embedded`, or `portal: scim` in the policy",
            )),
        }
    }

    /// A handle that can only read, for an agency.
    ///
    /// # Errors
    /// Where the portal does not answer as the policy says, or its report may not be used.
    pub async fn reader(&self, policy: &Policy) -> Result<Reader, PortalError> {
        match self {
            Self::Scim(portal) => scim::connect(&portal.endpoint, &portal.limits, &policy.mapping)
                .await
                .map(Reader::Scim)
                .map_err(|error| portal.named(error)),
            Self::Files(reports) => reports.reader(policy).map(Reader::Files),
        }
    }

    /// A handle that writes, for `apply` alone; `None` where people do that.
    ///
    /// # Errors
    /// As for [`Session::reader`].
    pub async fn writer(&self, policy: &Policy) -> Result<Option<Writer>, PortalError> {
        match self {
            Self::Scim(portal) => {
                scim::connect_to_write(&portal.endpoint, &portal.limits, &policy.mapping)
                    .await
                    .map(Some)
                    .map_err(|error| portal.named(error))
            }
            Self::Files(_) => Ok(None),
        }
    }

    /// Ends what was started.
    pub async fn close(self) {
        #[cfg(feature = "embedded")]
        if let Self::Scim(portal) = self
            && let Some(running) = portal.embedded
        {
            running.stop().await;
        }
    }
}

impl Scim {
    /// Says which host could not be reached or understood.
    fn named(&self, mut error: PortalError) -> PortalError {
        error.doing = format!("{} ({})", error.doing, self.endpoint.host());
        error
    }
}

/// The real portal, as the environment says.
pub(super) fn from_environment() -> Result<Endpoint, PortalError> {
    let outside = Outside {
        read_file: Arc::new(environment::read_credential),
        hide: Arc::new(printer::never_print),
    };
    Endpoint::from_environment(&environment::variable, &outside)
}

pub(super) fn configuration(detail: String, help: &str) -> PortalError {
    PortalError {
        kind: ErrorKind::Configuration,
        doing: "opening the portal".to_owned(),
        detail,
        help: help.to_owned(),
    }
}

/// What stands beside the requests folder.
pub(super) fn beside(requests: &Path, name: &str) -> PathBuf {
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
