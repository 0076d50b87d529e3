//! Gives a command the portal that the policy names. Address and credentials come from the
//! environment alone, so a pull request cannot send the token elsewhere.

use std::path::{Path, PathBuf};

use jiff::civil::Date;

use crate::policy::PortalKind;
use crate::portal::scim::{self, Endpoint, Limits, Reader, Writer};
use crate::portal::{ErrorKind, PortalError};

/// Where the embedded portal is.
#[derive(Debug, Clone, clap::Args)]
pub struct Embedded {
    /// The embedded portal's mailboxes when it is first started, as CSV
    /// [default: portal.csv beside the requests folder]
    #[arg(long, value_name = "FILE", env = "ARKIB_EMBEDDED_ROSTER")]
    pub roster: Option<PathBuf>,
    /// The embedded portal's database [default: .arkib/portal.db beside the requests folder]
    #[arg(long, value_name = "FILE", env = "ARKIB_EMBEDDED_DATABASE")]
    pub database: Option<PathBuf>,
}

/// What a command needs to know to reach a portal.
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
                endpoint: Endpoint::from_environment(&|name| std::env::var(name).ok(), &|path| {
                    std::fs::read_to_string(path)
                })?,
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

    /// A handle that can only read.
    ///
    /// # Errors
    /// Where the portal does not answer as a SCIM portal.
    pub async fn reader(&self) -> Result<Reader, PortalError> {
        scim::connect(&self.endpoint, &self.limits)
            .await
            .map_err(|error| self.named(error))
    }

    /// A handle that writes, for `apply` alone.
    ///
    /// # Errors
    /// As for [`Session::reader`].
    pub async fn writer(&self) -> Result<Writer, PortalError> {
        scim::connect_to_write(&self.endpoint, &self.limits)
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

pub(super) fn configuration(detail: String, help: &str) -> PortalError {
    PortalError {
        kind: ErrorKind::Configuration,
        doing: "opening the portal".to_owned(),
        detail,
        help: help.to_owned(),
    }
}

/// What stands beside the requests folder.
fn beside(requests: &Path, name: &str) -> PathBuf {
    let parent = match requests.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ if requests == Path::new(".") => Path::new(".."),
        _ => Path::new("."),
    };
    parent.join(name)
}

#[cfg(feature = "embedded")]
pub(super) mod embedded {
    //! Starts the embedded portal for one run.

    use std::path::{Path, PathBuf};

    use secrecy::SecretString;

    use super::{Session, Wanted, beside, configuration};
    use crate::calendar::noon;
    use crate::portal::PortalError;
    use crate::portal::embedded::{Clock, Database, Options, Roster, Running, Seeded, start};
    use crate::portal::scim::{Endpoint, Limits};
    use crate::printer;

    pub(super) async fn open(wanted: &Wanted<'_>, limits: Limits) -> Result<Session, PortalError> {
        let file = wanted
            .embedded
            .database
            .clone()
            .unwrap_or_else(|| beside(wanted.requests, ".arkib/portal.db"));
        let exists = file.exists();
        let roster = roster_for(wanted, exists)?;
        let token = new_token()?;
        let mut options = Options::new(token.clone());
        options.roster = roster;
        options.database = if exists || wanted.may_write {
            Database::File(prepared(file)?)
        } else {
            Database::Memory
        };
        if let Some(today) = wanted.today {
            options.clock = Clock::Fixed(noon(today));
        }
        let running = start(options).await.map_err(|error| {
            configuration(
                format!("the embedded portal does not start: {error}"),
                "if its database is damaged or of another version, delete it; it is only a rehearsal's",
            )
        })?;
        warn_of_another_roster(&running);
        Ok(Session {
            endpoint: Endpoint::new(running.url(), token)?,
            limits,
            embedded: Some(running),
        })
    }

    /// The roster that was asked for, or the one that lies beside the requests.
    fn roster_for(wanted: &Wanted<'_>, has_mailboxes: bool) -> Result<Option<Roster>, PortalError> {
        if let Some(file) = &wanted.embedded.roster {
            return read_roster(file).map(Some);
        }
        let file = beside(wanted.requests, "portal.csv");
        if file.exists() {
            return read_roster(&file).map(Some);
        }
        if has_mailboxes {
            return Ok(None);
        }
        Err(configuration(
            format!(
                "the embedded portal has no mailboxes yet, and there is no {}",
                file.display()
            ),
            "name a roster with --roster FILE; examples/roster.csv is one",
        ))
    }

    /// A token that nobody can guess.
    ///
    /// # Errors
    /// Where the system gives no randomness.
    pub(in crate::commands) fn new_token() -> Result<SecretString, PortalError> {
        let mut bytes = [0; 24];
        rustls::crypto::ring::default_provider()
            .secure_random
            .fill(&mut bytes)
            .map_err(|_| {
                configuration(
                    "the system gives no random numbers for a token".to_owned(),
                    "this should not happen; try again, and report it",
                )
            })?;
        let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(digits.into())
    }

    /// Reads a roster from disk.
    ///
    /// # Errors
    /// Where it cannot be read or is not a roster.
    pub(in crate::commands) fn read_roster(file: &Path) -> Result<Roster, PortalError> {
        let name = file.display().to_string();
        let bytes = std::fs::read(file).map_err(|error| {
            configuration(
                format!("the roster {name} cannot be read: {error}"),
                "name a roster with --roster FILE; examples/roster.csv is one",
            )
        })?;
        Roster::read(&bytes, &name).map_err(|error| {
            configuration(
                error.to_string(),
                "the columns are mailbox,name,account,state,request,changed_at,recoverable_until,hold",
            )
        })
    }

    /// Makes the folder of a database.
    ///
    /// # Errors
    /// Where it cannot be made.
    pub(in crate::commands) fn prepared(file: PathBuf) -> Result<PathBuf, PortalError> {
        let folder = file
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder {
            std::fs::create_dir_all(folder).map_err(|error| {
                configuration(
                    format!("the folder {} cannot be made: {error}", folder.display()),
                    "name another place with --database FILE",
                )
            })?;
        }
        Ok(file)
    }

    fn warn_of_another_roster(running: &Running) {
        if let Seeded::Kept {
            same_roster: false, ..
        } = running.seeded()
        {
            printer::say(
                "note: the embedded portal keeps the mailboxes it has; the roster is another one than \
                 it was filled from. Delete its database to begin anew.",
            );
        }
    }
}
