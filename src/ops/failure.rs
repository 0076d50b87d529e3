//! Why an operation fails.

use crate::exit::Exit;
use crate::finding::Finding;
use crate::git::GitError;
use crate::language::Message;
use crate::output::json::ExitOutput;
use crate::portal::{ErrorKind, PortalError};

/// A failure: the exit status, the reason in words, and what the user can do.
#[derive(Debug)]
pub(crate) struct Failure {
    pub exit: Exit,
    pub reason: Message,
    pub help: Option<Message>,
    /// Whether the portal failed; some commands work without it.
    pub is_of_portal: bool,
    /// Problems of files, if they are the reason.
    pub findings: Vec<Finding>,
}

impl Failure {
    /// A failure of these parts; an empty `help` means none.
    pub fn new(exit: Exit, reason: impl Into<Message>, help: impl Into<Message>) -> Self {
        Self {
            exit,
            reason: reason.into(),
            help: Some(help.into()).filter(|help| !help.is_empty()),
            is_of_portal: false,
            findings: Vec::new(),
        }
    }

    /// Makes the reason a sentence that starts with the result of the operation.
    pub fn with_prefix(self, what: impl Into<Message>) -> Self {
        Self { reason: message!("run-prefixed", what = what.into(), reason = self.reason), ..self }
    }

    /// Adds another way out to the help.
    pub fn with_more_help(mut self, more: Message) -> Self {
        self.help = Some(Message::joined(self.help.into_iter().chain([more]), "; "));
        self
    }

    /// Something went wrong.
    pub fn failed(reason: impl Into<Message>, help: impl Into<Message>) -> Self {
        Self::new(Exit::Failed, reason, help)
    }

    /// A guard refuses, so nothing was changed; `why` is a clause without a full stop.
    pub fn refused(why: impl Into<Message>, help: impl Into<Message>) -> Self {
        Self::failed(why, help).into_refusal(message!("run-nothing-changed"))
    }

    /// A person or the system interrupted the run.
    pub fn interrupted() -> Self {
        Self::new(Exit::Partly, message!("run-interrupted"), message!("run-interrupted-help"))
    }

    /// Makes the reason a refusal; `so` says what the refusal means.
    pub fn into_refusal(self, so: impl Into<Message>) -> Self {
        let so = so.into();
        let reason = match so.is_empty() {
            true => message!("run-refused", reason = self.reason),
            false => message!("run-refused-so", reason = self.reason, so),
        };
        Self { exit: Exit::Refused, reason, ..self }
    }
}

/// That the record of a run lacks something.
pub(super) fn record_incomplete(file: &str, why: Message) -> Message {
    message!("run-record-incomplete", file, why)
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
                (Exit::Refused, message!("run-portal-refused", error = error.message()))
            }
            _ => (Exit::Failed, message!("run-portal-failed", error = error.message())),
        };
        Self { is_of_portal: true, ..Self::new(exit, reason, error.help) }
    }
}

impl From<GitError> for Failure {
    fn from(error: GitError) -> Self {
        let reason = message!("run-git-failed", error = error.to_string());
        Self::failed(reason, error.help())
    }
}
