//! What an import shows programs.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::plan::adoption::Group;
use crate::output::json::{ExitOutput, FindingOutput};

/// The output of `arkib import --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "arkib import output")]
pub struct ImportOutput {
    /// `arkib.import/1`.
    pub(super) format: &'static str,
    /// Where the requests were read: a commit, or a folder; null where they could not be.
    pub(super) requests: Option<String>,
    /// The day for which it was asked.
    pub(super) as_of: String,
    /// By agency; none where nothing could be looked at.
    pub(super) agencies: Vec<AgencyOutput>,
    /// The branch on which the files were committed.
    pub(super) branch: Option<String>,
    /// The commands that come next.
    pub(super) next: Vec<String>,
    /// What else is worth knowing.
    pub(super) notes: Vec<String>,
    /// What is wrong with files, or what should be minded.
    pub(super) findings: Vec<FindingOutput>,
    /// How the command ended.
    pub(super) exit: ExitOutput,
}

/// One agency's part of an import.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct AgencyOutput {
    /// Its short name.
    pub agency: String,
    /// The files that were written; of a dry run, those that would be.
    pub files: Vec<FileOutput>,
    /// Archives that were looked at and left alone.
    pub left: Vec<LeftOutput>,
}

/// A request file.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct FileOutput {
    /// The id of the request.
    pub id: String,
    /// The file, as the user knows it.
    pub file: String,
    /// The file's way from the top of the repository, where it was written into one.
    pub request: Option<String>,
    /// Whether the file is there now.
    pub written: bool,
    /// What its archives have in common: request, month, undated, inactive or approver.
    pub group: &'static str,
    /// The portal's word for the request; the month as YYYY-MM, or YYYY-MM/YYYY-MM from one to another;
    /// or the approver.
    pub group_value: Option<String>,
    /// The mailboxes that it names, sorted.
    pub mailboxes: Vec<String>,
    /// What the file would hold, of a dry run with a reference.
    pub text: Option<String>,
    #[serde(skip)]
    pub in_common: Group,
    /// Its way from the requests folder.
    #[serde(skip)]
    pub path: String,
}

/// An archive that was left alone.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct LeftOutput {
    /// The mailbox.
    pub mailbox: String,
    /// terminating, unknown-state, ambiguous or not-an-address; of those that were named with --only
    /// also no-account, no-archive and named.
    pub code: &'static str,
    /// Why, in words.
    pub reason: String,
}
