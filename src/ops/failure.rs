//! Why an operation ends before its end.

use crate::exit::Exit;
use crate::finding::Finding;
use crate::git::GitError;
use crate::portal::{ErrorKind, PortalError};

/// What ended it: the exit status, the reason in words, and what the user can do.
#[derive(Debug)]
pub(crate) struct Failure {
    pub exit: Exit,
    pub reason: String,
    pub help: Option<String>,
    /// Whether it is the portal that failed, which some commands can do without.
    pub is_of_portal: bool,
    /// Problems of files, where these are why.
    pub findings: Vec<Finding>,
}

impl Failure {
    /// All of it as given.
    pub fn new(exit: Exit, reason: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            exit,
            ..Self::failed(reason, help)
        }
    }

    /// Something went wrong.
    pub fn failed(reason: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            exit: Exit::Failed,
            reason: reason.into(),
            help: Some(help.into()).filter(|help| !help.is_empty()),
            is_of_portal: false,
            findings: Vec::new(),
        }
    }

    /// A bare reason as a sentence that begins with what came of the operation.
    pub fn prefixed(self, what: &str) -> Self {
        Self {
            reason: format!("{what}: {}.", self.reason),
            ..self
        }
    }

    /// A guard says no; `why` comes as a sentence without its end.
    pub fn refused(why: impl std::fmt::Display, help: impl Into<String>) -> Self {
        let reason = format!("Refused: {why}. Nothing was changed.");
        Self::new(Exit::Refused, reason, help)
    }

    /// A person or the system interrupts.
    pub fn interrupted() -> Self {
        Self::new(
            Exit::Partly,
            "Interrupted: nothing was changed for this agency.",
            "run arkib again when it suits; nothing is lost",
        )
    }
}

impl From<PortalError> for Failure {
    fn from(error: PortalError) -> Self {
        let (exit, reason) = match error.kind {
            ErrorKind::Refused => (
                Exit::Refused,
                format!("Refused while {error}. Nothing was changed."),
            ),
            _ => (Exit::Failed, format!("Failed while {error}")),
        };
        Self {
            is_of_portal: true,
            ..Self::new(exit, reason, error.help)
        }
    }
}

impl From<GitError> for Failure {
    fn from(error: GitError) -> Self {
        let reason = format!("Failed while asking git who approved: {error}");
        Self::failed(reason, error.help())
    }
}
