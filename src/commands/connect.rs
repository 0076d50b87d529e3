//! Gives a command the portal that the policy names. Address and credentials come from the
//! environment alone, so a pull request cannot send the token elsewhere.

#[cfg(feature = "embedded")]
pub(super) mod embedded;

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;
#[cfg(feature = "embedded")]
use std::path::PathBuf;

use jiff::civil::Date;

use crate::mapping::scim::Mapping;
use crate::policy::PortalKind;
use crate::portal::scim::{self, Endpoint, Limits, Reader, Writer};
use crate::portal::{ErrorKind, PortalError};
use crate::printer;

/// Where the embedded portal is; nothing where arkib was built without it.
#[derive(Debug, Clone, clap::Args)]
pub struct Embedded {
    /// The embedded portal's mailboxes when it is first started, as CSV
    /// [default: portal.csv beside the requests folder]
    #[cfg(feature = "embedded")]
    #[arg(long, value_name = "FILE", env = "ARKIB_EMBEDDED_ROSTER")]
    pub roster: Option<PathBuf>,
    /// The embedded portal's database [default: .arkib/portal.db beside the requests folder]
    #[cfg(feature = "embedded")]
    #[arg(long, value_name = "FILE", env = "ARKIB_EMBEDDED_DATABASE")]
    pub database: Option<PathBuf>,
}

/// The largest file that is read for a token or for certificates, in bytes. (All authorities that a
/// system trusts are a quarter of it.)
pub(super) const LARGEST_CREDENTIAL: u64 = 1 << 20;

/// What a command needs to know to reach a portal.
#[cfg_attr(
    not(feature = "embedded"),
    expect(dead_code, reason = "most of it is about the embedded portal")
)]
pub struct Wanted<'a> {
    /// The embedded portal's options.
    pub embedded: &'a Embedded,
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
pub struct Session {
    endpoint: Endpoint,
    limits: Limits,
    #[cfg(feature = "embedded")]
    embedded: Option<crate::portal::embedded::Running>,
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
            PortalKind::Scim => Ok(Self {
                endpoint: from_environment()?,
                limits,
                #[cfg(feature = "embedded")]
                embedded: None,
            }),
            #[cfg(feature = "embedded")]
            PortalKind::Embedded => embedded::open(wanted, limits).await,
            #[cfg(not(feature = "embedded"))]
            PortalKind::Embedded => Err(configuration(
                "this arkib was built without the embedded portal".to_owned(),
                "use a build with the feature `embedded`, or `portal: scim` in the policy",
            )),
        }
    }

    /// A handle that can only read, by the policy's mapping.
    ///
    /// # Errors
    /// Where the portal does not answer as a SCIM portal, or the mapping does not fit it.
    pub async fn reader(&self, mapping: &Mapping) -> Result<Reader, PortalError> {
        scim::connect(&self.endpoint, &self.limits, mapping)
            .await
            .map_err(|error| self.named(error))
    }

    /// A handle that writes, for `apply` alone.
    ///
    /// # Errors
    /// As for [`Session::reader`].
    pub async fn writer(&self, mapping: &Mapping) -> Result<Writer, PortalError> {
        scim::connect_to_write(&self.endpoint, &self.limits, mapping)
            .await
            .map_err(|error| self.named(error))
    }

    /// Says which host could not be reached or understood.
    fn named(&self, mut error: PortalError) -> PortalError {
        error.doing = format!("{} ({})", error.doing, self.endpoint.host());
        error
    }

    /// Ends what was started.
    pub async fn close(self) {
        #[cfg(feature = "embedded")]
        if let Some(running) = self.embedded {
            running.stop().await;
        }
    }
}

/// The real portal, as the environment says.
pub(super) fn from_environment() -> Result<Endpoint, PortalError> {
    // What is not text is kept, so that it is refused: to pass over it would be to trust the
    // system's authorities where others were named.
    let variable =
        |name: &str| std::env::var_os(name).map(|value| value.to_string_lossy().into_owned());
    let endpoint =
        Endpoint::from_environment(&variable, &|path| read_bounded(path, LARGEST_CREDENTIAL))?;
    printer::never_print(endpoint.token());
    Ok(endpoint)
}

/// A file's bytes, but not without end: what a name leads to may be a device.
///
/// # Errors
/// Where it cannot be read, or is larger.
pub(super) fn read_bounded(path: &Path, largest: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?
        .take(largest + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > largest {
        let why = format!("it is larger than {largest} bytes");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, why));
    }
    Ok(bytes)
}

pub(super) fn configuration(detail: String, help: &str) -> PortalError {
    PortalError {
        kind: ErrorKind::Configuration,
        doing: "opening the portal".to_owned(),
        detail,
        help: help.to_owned(),
    }
}
