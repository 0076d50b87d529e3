//! What a run tells: for people, and as JSON for programs. Makes text, prints nothing.

mod ended;
mod endings;
pub mod findings;
pub mod format;
pub mod github;
pub mod gitlab;
mod groups;
pub mod human;
pub mod inspect;
pub mod json;
mod lines;
mod listing;
pub mod markdown;
mod notes;
pub mod notify;
pub mod pending;
mod phrases;
pub mod records;
pub mod register;
mod rows;
pub(crate) mod show;
pub mod status;
mod table;
pub(crate) mod writer;

use std::sync::Arc;

use jiff::civil::Date;

use self::ended::ExitOutput;
use crate::domain::desired::DesiredMailbox;
use crate::domain::observed::Export;
use crate::domain::outcome::Outcome;
use crate::domain::places::RepositoryPaths;
use crate::domain::plan::{Change, Plan, Share, StaleReason};
use crate::domain::policy::Policy;
use crate::domain::request::Request;
use crate::exit::Exit;
use crate::finding::Finding;

/// What became of the reconciliation of one agency.
#[derive(Debug, Default)]
pub struct Reconciled {
    /// The agency's short name.
    pub agency: String,
    /// The file of its policy, as the user knows it.
    pub policy_file: String,
    /// Where the requests were read: a commit, or a folder.
    pub requests_at: String,
    /// The portal's kind.
    pub portal: &'static str,
    /// The export that was looked at, where people operate the portal.
    pub export: Option<Export>,
    /// The day that was asked for; the real one where none was.
    pub as_of: Option<Date>,
    /// The plan, where there came to be one; with a base, the pull request's own.
    pub plan: Option<Plan>,
    /// What else a pull request does.
    pub pull_request: Option<PullRequestSummary>,
    /// Which part of the plan was this run's, where it was to make a part.
    pub share: Option<Share>,
    /// Whether limits that the plan exceeds were let pass by its digest.
    pub accepted: bool,
    /// Why a kept plan no longer holds.
    pub stale: Vec<StaleReason>,
    /// The outcomes in the order of the plan's changes, where it was applied.
    pub outcomes: Option<Vec<Outcome>>,
    /// What earlier runs left open and this one settled, in words.
    pub settled: Option<String>,
    /// The file that the run was recorded in.
    pub record: Option<String>,
    /// How it ended.
    pub exit: Exit,
    /// In words.
    pub reason: String,
    /// What the user can do, where something can be done.
    pub help: Option<String>,
}

impl Reconciled {
    /// Of an agency of which nothing is known yet.
    pub fn begin(policy: &Policy, requests_at: String, as_of: Option<Date>) -> Self {
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

/// What else a pull request does besides its plan.
#[derive(Debug)]
pub struct PullRequestSummary {
    /// The branch that it is to be merged into, and its commit.
    pub base: String,
    /// Changes that it prevents or replaces.
    pub prevented: Vec<Change>,
    /// Wishes of its that are met already.
    pub met: Vec<DesiredMailbox>,
    /// Requests that wait and that it withdraws.
    pub lifted: Vec<Arc<Request>>,
    /// Policies that it changes, by file, in words.
    pub policies: Vec<(String, Vec<String>)>,
    /// What would be done anyway.
    pub otherwise: Otherwise,
}

/// What would be done without a pull request.
#[derive(Debug)]
pub enum Otherwise {
    /// The plan of the base.
    Counted(Box<Plan>),
    /// Nobody looked: requests name so many other mailboxes.
    NotLookedAt(usize),
}

/// What a run of `arkib check` or `arkib reconcile` comes to, for the formats that come at its end.
#[derive(Debug)]
pub struct RunSummary<'a> {
    /// The command.
    pub command: &'static str,
    /// Where the requests were read: a commit, or a folder.
    pub requests_at: String,
    /// Problems of the files.
    pub findings: &'a [Finding],
    /// How a pull request changes policies, by file, where no agency tells.
    pub policies: &'a [(String, Vec<String>)],
    /// What became of each agency; empty where the run ended before.
    pub runs: &'a [Reconciled],
    /// How the run ended, where no agency tells.
    pub ended: Option<ExitOutput>,
    /// Where files are in the repository.
    pub places: RepositoryPaths,
}
