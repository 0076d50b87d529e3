//! Why an operation ends before its end.

use std::fmt::Display;

use crate::exit::Exit;
use crate::git::GitError;
use crate::output::Ended;
use crate::output::json::ExitOutput;
use crate::portal::{ErrorKind, PortalError};

/// What ended it: the exit status, the reason in words, and what the user can do.
#[derive(Debug)]
pub(crate) struct Failure {
    pub exit: Exit,
    pub reason: String,
    pub help: Option<String>,
    /// Whether it is the portal that failed, which some commands can do without.
    pub is_of_portal: bool,
}

impl Failure {
    /// All of it as given; where there is no help, it comes as an empty text.
    pub fn new(exit: Exit, reason: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            exit,
            reason: reason.into(),
            help: Some(help.into()).filter(|help| !help.is_empty()),
            is_of_portal: false,
        }
    }

    /// Something went wrong.
    pub fn failed(reason: impl Into<String>, help: impl Into<String>) -> Self {
        Self::new(Exit::Failed, reason, help)
    }

    /// A guard says no, so nothing was changed; `why` comes as a sentence without its end.
    pub fn refused(why: impl Display, help: impl Into<String>) -> Self {
        Self::failed(why.to_string(), help).refusing("Nothing was changed.")
    }

    /// A person or the system interrupts.
    pub fn interrupted() -> Self {
        Self::new(
            Exit::Partly,
            "Interrupted: nothing was changed for this agency.",
            "run arkib again when it suits; nothing is lost",
        )
    }

    /// A bare reason as the operation says it that refuses because of it; `so` says what that means.
    pub fn refusing(self, so: &str) -> Self {
        let reason = format!("Refused: {}. {so}", self.reason);
        Self {
            exit: Exit::Refused,
            reason: reason.trim_end().to_owned(),
            ..self
        }
    }
}

impl From<Failure> for Ended {
    fn from(failure: Failure) -> Self {
        Self {
            exit: failure.exit,
            reason: failure.reason,
            help: failure.help,
        }
    }
}

impl From<Failure> for ExitOutput {
    fn from(failure: Failure) -> Self {
        Self {
            status: failure.exit,
            reason: failure.reason,
            help: failure.help,
        }
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
