//! Files of new requests, as `arkib request` and `arkib import` both make them: checked among all
//! others before they are anywhere, written whole and never over another, and committed on a branch of
//! their own. Knows neither of the two commands.

pub mod answers;
pub(super) mod branch;
pub(super) mod candidate;
pub(super) mod dialogue;
pub(super) mod ending;
pub(super) mod write_new;

use super::failure::Failure;
use crate::exit::Exit;
use crate::finding::Finding;
use crate::load::{Location, Source};
use crate::output::findings::count;
use crate::output::format::DialogueFormat;

/// Where new requests go, and how.
#[derive(Debug)]
pub struct Filing {
    /// The folder with the requests and their `agency.yaml`, and the day that is taken for today.
    pub requests: Location,
    /// Write without asking first.
    pub yes: bool,
    /// Show what would be written, and write nothing.
    pub dry_run: bool,
    /// Also make a branch, and on it a commit of the new files alone; nothing is pushed.
    pub branch: bool,
    /// How the result is written.
    pub format: DialogueFormat,
}

impl Filing {
    /// The requests as they lie in the folder.
    pub(super) fn load(&self) -> Result<Source, Failure> {
        let source = self.requests.load(None);
        source.map_err(|error| unwritten(&error.to_string(), error.help()))
    }
}

/// Why nothing was written, as a clause, and what to do.
pub(super) fn unwritten(why: &str, help: &str) -> Failure {
    Failure::failed(why, help).prefixed("Nothing was written")
}

/// Nothing was written, because of these problems.
pub(super) fn faulty(findings: Vec<Finding>, help: &str) -> Failure {
    let failure = unwritten(&count(&findings), help);
    Failure {
        findings,
        ..failure
    }
}

/// What the command line lacks, where nobody can be asked for it.
pub(super) fn missing(what: &[&str]) -> Failure {
    let what = what.join("\n  ");
    Failure::new(
        Exit::Usage,
        format!("Nothing was written. What is missing:\n  {what}"),
        "on a terminal arkib asks for it",
    )
}
