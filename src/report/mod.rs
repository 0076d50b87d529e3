//! What a run tells: for people, and as JSON for programs. Makes text, prints nothing.

pub mod findings;
pub mod human;
pub mod json;

pub mod status;
mod table;

use jiff::civil::Date;

use crate::apply::Outcome;
use crate::exit::Exit;
use crate::plan::Plan;

/// What became of the reconciliation of one agency.
#[derive(Debug)]
pub struct Reconciled {
    /// The agency's short name.
    pub agency: String,
    /// Where the requests were read: a commit, or a folder.
    pub requests_at: String,
    /// The portal's kind.
    pub portal: &'static str,
    /// The day that was asked for; the real one where none was.
    pub as_of: Option<Date>,
    /// The plan, where there came to be one.
    pub plan: Option<Plan>,
    /// The outcomes in the order of the plan's changes, where it was applied.
    pub outcomes: Option<Vec<Outcome>>,
    /// How it ended.
    pub exit: Exit,
    /// In words.
    pub reason: String,
    /// What the user can do, where something can be done.
    pub help: Option<String>,
}
