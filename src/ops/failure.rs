//! Why an operation fails.

use std::fmt::Display;

use crate::exit::Exit;
use crate::finding::Finding;
use crate::git::GitError;
use crate::output::json::ExitOutput;
use crate::portal::{ErrorKind, PortalError};

/// A failure: the exit status, the reason in words, and what the user can do.
#[derive(Debug)]
pub(crate) struct Failure {
    pub exit: Exit,
    pub reason: String,
    pub help: Option<String>,
    /// Whether the portal failed; some commands work without it.
    pub is_of_portal: bool,
    /// Problems of files, if they are the reason.
    pub findings: Vec<Finding>,
}

impl Failure {
    /// A failure of these parts; an empty `help` means none.
    pub fn new(exit: Exit, reason: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            exit,
            reason: reason.into(),
            help: Some(help.into()).filter(|help| !help.is_empty()),
            is_of_portal: false,
            findings: Vec::new(),
        }
    }

    /// Makes the reason a sentence that starts with the result of the operation.
    pub fn with_prefix(self, what: &str) -> Self {
        Self { reason: format!("{what}: {}.", self.reason), ..self }
    }

    /// Something went wrong.
    pub fn failed(reason: impl Into<String>, help: impl Into<String>) -> Self {
        Self::new(Exit::Failed, reason, help)
    }

    /// A guard refuses, so nothing was changed; `why` is a clause without a full stop.
    pub fn refused(why: impl Display, help: impl Into<String>) -> Self {
        Self::failed(why.to_string(), help).into_refusal("Nothing was changed.")
    }

    /// A person or the system interrupted the run.
    pub fn interrupted() -> Self {
        Self::new(
            Exit::Partly,
            "Interrupted: nothing was changed for this agency.",
            "run arkib again at any time; nothing is lost",
        )
    }

    /// Makes the reason a refusal; `so` says what the refusal means.
    pub fn into_refusal(self, so: &str) -> Self {
        let reason = format!("Refused: {}. {so}", self.reason);
        Self { exit: Exit::Refused, reason: reason.trim_end().to_owned(), ..self }
    }
}

impl From<Failure> for ExitOutput {
    fn from(failure: Failure) -> Self {
        Self { status: failure.exit, reason: failure.reason, help: failure.help }
    }
}

impl From<PortalError> for Failure {
    fn from(error: PortalError) -> Self {
        let (exit, reason) = match error.kind {
            ErrorKind::Refused => {
                (Exit::Refused, format!("Refused while {error}. Nothing was changed."))
            }
            _ => (Exit::Failed, format!("Failed while {error}")),
        };
        Self { is_of_portal: true, ..Self::new(exit, reason, error.help) }
    }
}

impl From<GitError> for Failure {
    fn from(error: GitError) -> Self {
        let reason = format!("Failed while asking git who approved: {error}");
        Self::failed(reason, error.help())
    }
}
