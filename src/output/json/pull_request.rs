//! What a pull request does besides its plan, as JSON: part of the output of `arkib reconcile`.

use schemars::JsonSchema;
use serde::Serialize;

use super::plan::{ChangeOutput, PlanCounts, WaitingRequestOutput, outputs_of};
use crate::domain::archive_state::Target;
use crate::domain::desired::DesiredMailbox;
use crate::domain::other_files::{OtherFile, OtherFileKind};
use crate::domain::plan::{LaterDayChange, LaterDayEffect, OutstandingOnBase, PullRequestEffects};
use crate::domain::policy::diff::PolicyChange;
use crate::language::Message;

/// What a pull request does besides its plan.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct PullRequestOutput {
    /// The branch to merge into, and its commit.
    base: String,
    /// Changes pending on that branch that the pull request prevents or replaces.
    prevents: Vec<ChangeOutput>,
    /// Requests of that branch that the pull request withdraws from today on.
    withdraws: Vec<WaitingRequestOutput>,
    /// What it asks for and is already so.
    met: Vec<AlreadyMetOutput>,
    /// How it changes policies.
    policies: Vec<PolicyChangeOutput>,
    /// Other files that it changes.
    files: Vec<OtherFileOutput>,
    /// What happens on later days: terminations first, then by day and mailbox. Also mailboxes about which
    /// no request decides any more.
    later: Vec<LaterChangeOutput>,
    /// Terminations that are due without it, too, as far as they were looked at.
    due_terminations: Vec<ChangeOutput>,
    /// What is already outstanding without it: counted with --drift, else null.
    otherwise: Option<PlanCounts>,
    /// How many other mailboxes requests name that were not read.
    not_looked_at: usize,
}

impl PullRequestOutput {
    /// Builds the output.
    pub(super) fn new(pull_request: &PullRequestEffects) -> Self {
        Self {
            base: pull_request.base.clone(),
            prevents: outputs_of(&pull_request.prevented, ChangeOutput::new),
            withdraws: outputs_of(&pull_request.lifted, |request| {
                WaitingRequestOutput::new(request)
            }),
            met: outputs_of(&pull_request.met, AlreadyMetOutput::new),
            policies: outputs_of(&pull_request.policies, PolicyChangeOutput::new),
            files: outputs_of(&pull_request.files, OtherFileOutput::new),
            later: outputs_of(&pull_request.later, LaterChangeOutput::new),
            due_terminations: outputs_of(&pull_request.due_terminations, ChangeOutput::new),
            otherwise: match &pull_request.outstanding {
                OutstandingOnBase::Counted(plan) => Some(PlanCounts::new(plan)),
                OutstandingOnBase::NotLookedAt(_) => None,
            },
            not_looked_at: match pull_request.outstanding {
                OutstandingOnBase::Counted(_) => 0,
                OutstandingOnBase::NotLookedAt(others) => others,
            },
        }
    }
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "MetOutput")]
struct AlreadyMetOutput {
    mailbox: String,
    action: &'static str,
    request: String,
}

impl AlreadyMetOutput {
    fn new(wanted: &DesiredMailbox) -> Self {
        Self {
            mailbox: wanted.mailbox.to_string(),
            action: wanted.target.verb(),
            request: wanted.request.id.to_string(),
        }
    }
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PolicyOutput")]
pub(super) struct PolicyChangeOutput {
    file: String,
    words: Vec<String>,
}

impl PolicyChangeOutput {
    /// Builds the output.
    pub(super) fn new((file, lines): &PolicyChange) -> Self {
        let words = lines.iter().map(|line| line.text().in_english()).collect();
        Self { file: file.clone(), words }
    }
}

/// A file that a pull request changes and that is no request.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct OtherFileOutput {
    file: String,
    kind: OtherFileKind,
    /// What the pull request does to it, in words.
    change: String,
}

impl OtherFileOutput {
    /// Builds the output.
    pub(super) fn new(file: &OtherFile) -> Self {
        Self { file: file.file.clone(), kind: file.kind, change: file.describe().in_english() }
    }
}

/// What happens to a mailbox from a later day on.
#[derive(Debug, Serialize, JsonSchema)]
struct LaterChangeOutput {
    mailbox: String,
    /// `terminate`, `enable`, `prevented` (the base would have changed it), or `ended` (no request decides
    /// about it any more).
    effect: &'static str,
    day: String,
    /// The request that decides; or that would have, or did until then.
    request: String,
    file: String,
    line: u32,
    /// Whether it happens without the pull request, too.
    otherwise: bool,
    /// How many approvals it waits for, if its request is pending; null if it is approved.
    missing_approvals: Option<usize>,
    note: Option<String>,
}

impl LaterChangeOutput {
    fn new(change: &LaterDayChange) -> Self {
        Self {
            mailbox: change.mailbox.to_string(),
            effect: match change.effect {
                LaterDayEffect::Terminated => Target::Terminated.verb(),
                LaterDayEffect::Enabled => Target::Enabled.verb(),
                LaterDayEffect::Prevented(_) => "prevented",
                LaterDayEffect::Ended => "ended",
            },
            day: change.day.to_string(),
            request: change.request.id.to_string(),
            file: change.request.file.to_string(),
            line: change.line,
            otherwise: change.is_on_base,
            missing_approvals: change.waits.as_ref().map(|missing| missing.needs),
            note: change.remark.as_ref().map(Message::in_english),
        }
    }
}
