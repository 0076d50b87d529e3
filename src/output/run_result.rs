//! The result of a run: that of each agency, and what a pull request does. Data alone.

use jiff::civil::Date;

use super::exit_output::ExitOutput;
use crate::domain::change_outcome::Outcome;
use crate::domain::mapping::written_words::WrittenWord;
use crate::domain::observed::ExportFile;
use crate::domain::other_files::OtherFile;
use crate::domain::plan::{Plan, PullRequestEffects, ShardSummary, StaleReason};
use crate::domain::policy::Policy;
use crate::domain::policy::diff::PolicyChange;
use crate::domain::repository_path_resolver::RepositoryPathResolver;
use crate::exit::Exit;
use crate::finding::Finding;
use crate::language::Message;

/// The result of reconciling one agency.
#[derive(Debug, Default)]
pub struct AgencyResult {
    /// The agency's short name.
    pub agency: String,
    /// The file of its policy, as shown to the user.
    pub policy_file: String,
    /// Where the requests were read: a commit, or a folder.
    pub requests_at: Message,
    /// The portal's kind.
    pub portal: &'static str,
    /// The export that was read, if people operate the portal.
    pub export: Option<ExportFile>,
    /// The day of --as-of; `None` for today.
    pub as_of: Option<Date>,
    /// The plan, if there is one; with a base, only that of the pull request.
    pub plan: Option<Plan>,
    /// The words that the plan writes, if the policy's mapping has words of its own.
    pub words: Vec<WrittenWord>,
    /// Whether the mailboxes that no request names are asked for, and not only their number.
    pub names_unmanaged: bool,
    /// What else a pull request does.
    pub pull_request: Option<PullRequestEffects>,
    /// With --shard: the part of the plan.
    pub share: Option<ShardSummary>,
    /// Whether a plan over its limits was accepted by its digest.
    pub accepted: bool,
    /// Why the saved plan is outdated.
    pub stale: Vec<StaleReason>,
    /// The outcomes in the order of the plan's changes, if it was applied.
    pub outcomes: Option<Vec<Outcome>>,
    /// What became of the changes that earlier runs left open, in words.
    pub settled: Option<Message>,
    /// The file with the record of the run.
    pub record: Option<String>,
    /// How it ended.
    pub exit: Exit,
    /// The reason, in words.
    pub reason: Message,
    /// What the user can do, if anything.
    pub help: Option<Message>,
}

impl AgencyResult {
    /// The empty summary of an agency.
    pub fn for_policy(policy: &Policy, requests_at: Message, as_of: Option<Date>) -> Self {
        Self {
            agency: policy.agency.clone(),
            policy_file: policy.file.to_string(),
            requests_at,
            portal: policy.portal.as_str(),
            as_of,
            ..Self::default()
        }
    }
}

/// The result of `arkib check` or `arkib reconcile`, for the formats that are written at the end.
#[derive(Debug)]
pub struct RunResult<'a> {
    /// The command.
    pub command: &'static str,
    /// Where the requests were read: a commit, or a folder.
    pub requests_at: Message,
    /// Problems of the files.
    pub findings: &'a [Finding],
    /// How a pull request changes policies, by file, if no agency summary includes it.
    pub policies: &'a [PolicyChange],
    /// Other files that a pull request changes, likewise.
    pub files: &'a [OtherFile],
    /// The result of each agency; empty if the run ended before the first one.
    pub runs: &'a [AgencyResult],
    /// How the run ended, if it ended before the first agency.
    pub ended: Option<ExitOutput>,
    /// The paths of files in the repository.
    pub places: RepositoryPathResolver,
}
