//! Files of requests for `arkib request`, `arkib import` and `arkib approve`: checked together with all others
//! before they are written, written completely, never over another file, and committed on a new
//! branch. Knows none of these commands.

pub(super) mod branch;
pub(super) mod candidate;
pub(super) mod filing_result;
pub mod parse_answers;
pub(super) mod prompter;
mod shell_commands;

use super::failure::Failure;
use super::read_requests::load;
use crate::exit::Exit;
use crate::finding::Finding;
use crate::git::GitFolder;
use crate::language::Message;
use crate::load::{LoadedRequests, RequestsLocation};
use crate::output::findings::count_problems;
use crate::output::format::DialogueFormat;

/// Where and how the files of requests are written.
#[derive(Debug)]
pub struct FilingOptions {
    /// The folder with the requests and their `agency.yaml`, and the day to use as today.
    pub requests: RequestsLocation,
    /// Write without asking.
    pub yes: bool,
    /// Show what would be written, and write nothing.
    pub dry_run: bool,
    /// Also commit only these files on a new branch.
    pub branch: bool,
    /// Also push that branch.
    pub push: bool,
    /// Its name, if it is not made of the command and an id.
    pub branch_name: Option<String>,
    /// The format of the result.
    pub format: DialogueFormat,
}

impl FilingOptions {
    /// Reads the requests in the folder. Where something is to be committed, git must know by whom.
    pub(super) fn load(&self) -> Result<LoadedRequests, Failure> {
        let source = load(&self.requests, None).and_then(|source| {
            let place = source.repository().filter(|_| self.branch && !self.dry_run);
            place.map_or(Ok(()), GitFolder::check_identity).map(|()| source)
        });
        source.map_err(|error| failure_before_writing(error.to_string(), error.help()))
    }
}

/// A failure before anything was written; `why` is a clause.
pub(super) fn failure_before_writing(why: impl Into<Message>, help: impl Into<Message>) -> Failure {
    Failure::failed(why, help).with_prefix(message!("run-nothing-written"))
}

/// A failure because of these problems; nothing was written.
pub(super) fn failure_of_findings(findings: Vec<Finding>, help: impl Into<Message>) -> Failure {
    let failure = failure_before_writing(count_problems(&findings), help);
    Failure { findings, ..failure }
}

/// A failure because the command line lacks these values and nobody can be asked.
pub(super) fn missing_values_failure<M: Into<Message> + Clone>(what: &[M]) -> Failure {
    let what = Message::joined(what.iter().cloned().map(Into::into), "\n  ");
    Failure::new(Exit::Usage, message!("filing-missing", what), message!("filing-missing-help"))
}
