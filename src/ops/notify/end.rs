//! How one notice ended, and why no other is given after it.

use crate::domain::record::words::DeliveryOutcome;

/// How one notice ended.
#[derive(Debug, Clone)]
pub(super) struct End {
    /// sent, printed, refused, deferred or unknown.
    pub outcome: DeliveryOutcome,
    /// What is to be said of it.
    pub detail: Option<String>,
    pub file: Option<String>,
}

impl End {
    pub(super) fn of_message(outcome: DeliveryOutcome, said: String) -> Self {
        Self {
            outcome,
            detail: Some(said),
            file: None,
        }
    }

    /// It was not sent, and no record says that it was about to be.
    pub(super) fn not_begun(why: &str) -> Self {
        Self::of_message(DeliveryOutcome::Deferred, why.to_owned())
    }
}

/// Why no other notice is to be given.
pub(super) struct Stopped {
    pub why: String,
    pub help: String,
    /// How the notice ended at which that showed, where it was begun.
    pub end: Option<Box<End>>,
}

impl Stopped {
    pub(super) fn new(why: String, help: impl Into<String>) -> Self {
        Self {
            why,
            help: help.into(),
            end: None,
        }
    }

    /// What cannot be recorded is not done.
    pub(super) fn unrecorded(why: String) -> Self {
        let help = "see that the folder of the records can be written, and run arkib again";
        Self::new(why, help)
    }

    pub(super) fn after(mut self, end: End) -> Self {
        self.end = Some(Box::new(end));
        self
    }
}
