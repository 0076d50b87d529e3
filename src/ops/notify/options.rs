//! What `arkib notify` is asked for, and what all of its agencies have in common.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::civil::Date;

use crate::apply::Stop;
use crate::domain::mailbox::Mailbox;
use crate::domain::notice::due::DueNotice;
use crate::domain::policy::Language;
use crate::domain::request::RequestId;
use crate::load::{Location, Source};
use crate::ops::failure::Failure;
use crate::ops::session::PortalOptions;
use crate::output::format::Format;
use crate::printer;

/// How notices are given.
#[derive(Debug)]
pub struct Options {
    /// Where the requests are.
    pub requests: Location,
    /// Which portal, as far as the environment does not say.
    pub portal: PortalOptions,
    /// Show the notices, give and write nothing
    pub dry_run: bool,
    /// With --dry-run: show the whole text of each notice
    pub show: bool,
    /// Give them without asking
    pub yes: bool,
    /// Only about this request, or for this address; several times for several
    pub only: Vec<Only>,
    /// Give the notice that this request is at once more, whatever became of it before
    pub again: Vec<RequestId>,
    /// With --again: only for this address
    pub to: Option<Mailbox>,
    /// The folder for what is to be printed
    pub output: PathBuf,
    /// Write in this language, whatever the policy says
    pub language: Option<Language>,
    /// Let exactly the notices of this digest exceed the limit; several times for several agencies
    pub accept: Vec<String>,
    /// The folder to record the run in [default: `records` beside the agency's policy]
    pub records: Option<PathBuf>,
    /// Give notices about requests that are not committed; for rehearsals
    pub allow_uncommitted: bool,
    /// How the result is written
    pub format: Format,
}

/// What a run is narrowed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Only {
    /// About this request.
    Request(RequestId),
    /// For this address.
    Address(Mailbox),
}

impl Options {
    /// Whether a notice is among those that are asked for.
    pub(super) fn ask_for(&self, due: &DueNotice) -> bool {
        let is_meant = |only: &Only| match only {
            Only::Request(id) => *id == due.request.id,
            Only::Address(mailbox) => *mailbox == due.to,
        };
        self.only.is_empty() || self.only.iter().any(is_meant)
    }

    /// Prints for people; for programs everything comes at the end.
    pub(super) fn show(&self, text: impl FnOnce() -> String) {
        if self.format == Format::Human {
            printer::result(&text());
        }
    }
}

/// What every agency of a run has in common.
pub(super) struct Context<'a> {
    pub options: &'a Options,
    pub source: &'a Source,
    pub stop: Arc<Stop>,
    /// The real day.
    pub today: Date,
}

/// What it means that a run ends before the first notice.
pub(super) const NOBODY_INFORMED: &str = "Nobody was told anything.";

/// Something went wrong before the first notice; `why` comes as a sentence without its end.
pub(super) fn failed(why: &str, help: &str) -> Failure {
    Failure::failed(format!("Failed: {why}. {NOBODY_INFORMED}"), help)
}

/// A guard says no before the first notice; `why` comes likewise.
pub(super) fn refused(why: impl Into<String>, help: impl Into<String>) -> Failure {
    Failure::failed(why, help).refusing(NOBODY_INFORMED)
}
