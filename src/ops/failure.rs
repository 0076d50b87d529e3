//! Why a run ends before its end.

use crate::exit::Exit;
use crate::git::GitError;
use crate::portal::{ErrorKind, PortalError};

/// What ended it.
pub(super) enum Halt {
    /// The portal fails.
    Portal(PortalError),
    /// git fails.
    Git(GitError),
    /// Something else: the status, the reason in words, and what to do.
    Because(Exit, String, String),
    /// A person or the system interrupts.
    Interrupted,
}

impl From<PortalError> for Halt {
    fn from(error: PortalError) -> Self {
        Self::Portal(error)
    }
}

impl From<GitError> for Halt {
    fn from(error: GitError) -> Self {
        Self::Git(error)
    }
}

impl Halt {
    /// The status, the reason in words, and what the user can do.
    pub(super) fn told(self) -> (Exit, String, Option<String>) {
        match self {
            Self::Portal(error) if error.kind == ErrorKind::Refused => (
                Exit::Refused,
                format!("Refused while {error}. Nothing was changed."),
                Some(error.help),
            ),
            Self::Portal(error) => (
                Exit::Failed,
                format!("Failed while {error}"),
                Some(error.help).filter(|help| !help.is_empty()),
            ),
            Self::Git(error) => (
                Exit::Failed,
                format!("Failed while asking git who approved: {error}"),
                Some(error.help().to_owned()),
            ),
            Self::Because(exit, reason, help) => (exit, reason, Some(help)),
            Self::Interrupted => (
                Exit::Partly,
                "Interrupted: nothing was changed for this agency.".to_owned(),
                Some("run arkib again when it suits; nothing is lost".to_owned()),
            ),
        }
    }
}
