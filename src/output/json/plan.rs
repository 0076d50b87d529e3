//! The plan as JSON: part of the output of `arkib reconcile`.

use crate::domain::desired::DesiredMailbox;
use crate::domain::plan::{
    Blocked, Change, InProgress, Plan, Recalled, Refusal, StaleReason, Unmanaged,
};
use crate::domain::request::Request;
use crate::output::{Otherwise, PullRequestSummary};
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Debug, Serialize, JsonSchema)]

pub(super) struct PlanOutput {
    digest: String,
    as_of: String,
    summary: Summary,
    changes: Vec<ChangeOutput>,
    blocked: Vec<BlockedOutput>,
    in_progress: Vec<InProgressOutput>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    recalled: Vec<RecalledOutput>,
    unmanaged: Vec<UnmanagedOutput>,
    pending: Vec<RequestOutput>,
    scheduled: Vec<RequestOutput>,
    refusals: Vec<RefusalOutput>,
}

impl PlanOutput {
    /// Builds it.
    pub(super) fn of(plan: &Plan) -> Self {
        Self {
            digest: plan.digest.to_string(),
            as_of: plan.as_of.to_string(),
            summary: Summary::of(plan),
            changes: each(&plan.changes, ChangeOutput::of),
            blocked: each(&plan.blocked, BlockedOutput::of),
            in_progress: each(&plan.in_progress, InProgressOutput::of),
            recalled: each(&plan.recalled, RecalledOutput::of),
            unmanaged: each(&plan.unmanaged, UnmanagedOutput::of),
            pending: each(&plan.pending, |pending| RequestOutput::of(pending)),
            scheduled: each(&plan.scheduled, |later| RequestOutput::of(later)),
            refusals: each(&plan.refusals, RefusalOutput::of),
        }
    }
}

#[derive(Debug, Serialize, JsonSchema)]

struct Summary {
    enable: usize,
    terminate: usize,
    blocked: usize,
    in_progress: usize,
    in_sync: usize,
    unmanaged: usize,
    pending: usize,
    scheduled: usize,
}

impl Summary {
    /// Builds it.
    fn of(plan: &Plan) -> Self {
        Self {
            enable: plan.enables(),
            terminate: plan.terminations(),
            blocked: plan.blocked.len(),
            in_progress: plan.in_progress.len(),
            in_sync: plan.in_sync,
            unmanaged: plan.unmanaged.len(),
            pending: plan.pending.len(),
            scheduled: plan.scheduled.len(),
        }
    }
}

#[derive(Debug, Serialize, JsonSchema)]

struct ChangeOutput {
    mailbox: String,
    action: &'static str,
    cause: &'static str,
    request: String,
    approved: Option<String>,
    file: String,
    line: u32,
    from: String,
    to: &'static str,
    note: Option<String>,
}

impl ChangeOutput {
    /// Builds it.
    fn of(change: &Change) -> Self {
        Self {
            mailbox: change.mailbox.to_string(),
            action: change.target.verb(),
            cause: change.cause.as_str(),
            request: change.request.id.to_string(),
            approved: change
                .request
                .approval
                .as_ref()
                .map(|it| it.date.to_string()),
            file: change.request.file.to_string(),
            line: change.line,
            from: change.from.to_string(),
            to: change.target.state(),
            note: change.note.map(|note| note.to_string()),
        }
    }
}

#[derive(Debug, Serialize, JsonSchema)]

struct BlockedOutput {
    mailbox: String,
    action: &'static str,
    code: &'static str,
    reason: String,
    request: String,
    file: String,
    line: u32,
}

impl BlockedOutput {
    /// Builds it.
    fn of(blocked: &Blocked) -> Self {
        Self {
            mailbox: blocked.mailbox.to_string(),
            action: blocked.target.verb(),
            code: blocked.obstacle.code(),
            reason: blocked.obstacle.to_string(),
            request: blocked.request.id.to_string(),
            file: blocked.request.file.to_string(),
            line: blocked.line,
        }
    }
}

#[derive(Debug, Serialize, JsonSchema)]

struct InProgressOutput {
    mailbox: String,
    state: String,
    wanted: &'static str,
    request: String,
    /// When people were asked to do it (RFC 3339); absent where the portal itself works on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    handed_over: Option<String>,
}

impl InProgressOutput {
    /// Builds it.
    fn of(item: &InProgress) -> Self {
        Self {
            mailbox: item.mailbox.to_string(),
            state: item.state.to_string(),
            wanted: item.target.state(),
            request: item.request.to_string(),
            handed_over: item.handed_over.as_ref().map(|item| item.at.to_string()),
        }
    }
}

/// What people were asked to do, have not done as far as is known, and should not do any more.
#[derive(Debug, Serialize, JsonSchema)]

struct RecalledOutput {
    mailbox: String,
    action: &'static str,
    request: String,
    handed_over: String,
    /// The file that asks for it, which is not to be uploaded any more.
    file: Option<String>,
    /// Whether it was done all the same.
    done: bool,
}

impl RecalledOutput {
    /// Builds it.
    fn of(recalled: &Recalled) -> Self {
        Self {
            mailbox: recalled.handed_over.mailbox.to_string(),
            action: recalled.handed_over.target.verb(),
            request: recalled.handed_over.request.to_string(),
            handed_over: recalled.handed_over.at.to_string(),
            file: recalled.handed_over.file.as_deref().map(str::to_owned),
            done: recalled.is_done,
        }
    }
}

#[derive(Debug, Serialize, JsonSchema)]

struct UnmanagedOutput {
    mailbox: String,
    state: String,
}

impl UnmanagedOutput {
    /// Builds it.
    fn of(item: &Unmanaged) -> Self {
        Self {
            mailbox: item.mailbox.to_string(),
            state: item.state.to_string(),
        }
    }
}

#[derive(Debug, Serialize, JsonSchema)]

struct RequestOutput {
    request: String,
    action: &'static str,
    mailboxes: usize,
    withdraws: Option<String>,
    file: String,
    day: Option<String>,
}

impl RequestOutput {
    /// Builds it.
    fn of(request: &Request) -> Self {
        Self {
            request: request.id.to_string(),
            action: request.action_word(),
            mailboxes: request.mailboxes().len(),
            withdraws: request.withdraws().map(ToString::to_string),
            file: request.file.to_string(),
            day: request.day().map(|day| day.to_string()),
        }
    }
}

#[derive(Debug, Serialize, JsonSchema)]

struct RefusalOutput {
    limit: &'static str,
    message: String,
}

impl RefusalOutput {
    /// Builds it.
    fn of(refusal: &Refusal) -> Self {
        Self {
            limit: refusal.code(),
            message: refusal.to_string(),
        }
    }
}

/// What a pull request does besides its plan.
#[derive(Debug, Serialize, JsonSchema)]

pub(super) struct PullRequestOutput {
    /// The branch that it is to be merged into, and its commit.
    base: String,
    /// Changes that are pending on that branch and that the pull request prevents or replaces.
    prevents: Vec<ChangeOutput>,
    /// Requests that wait on that branch and that it withdraws.
    withdraws: Vec<RequestOutput>,
    /// What it asks for and is so already.
    met: Vec<MetOutput>,
    /// How it changes policies.
    policies: Vec<PolicyOutput>,
    /// What would be done without it: counted with --drift, else null.
    otherwise: Option<Summary>,
    /// How many other mailboxes requests name that nobody looked at.
    not_looked_at: usize,
}

impl PullRequestOutput {
    /// Builds it.
    pub(super) fn of(pull_request: &PullRequestSummary) -> Self {
        Self {
            base: pull_request.base.clone(),
            prevents: each(&pull_request.prevented, ChangeOutput::of),
            withdraws: each(&pull_request.lifted, |it| RequestOutput::of(it)),
            met: each(&pull_request.met, MetOutput::of),
            policies: each(&pull_request.policies, PolicyOutput::of),
            otherwise: match &pull_request.otherwise {
                Otherwise::Counted(plan) => Some(Summary::of(plan)),
                Otherwise::NotLookedAt(_) => None,
            },
            not_looked_at: match pull_request.otherwise {
                Otherwise::Counted(_) => 0,
                Otherwise::NotLookedAt(others) => others,
            },
        }
    }
}

#[derive(Debug, Serialize, JsonSchema)]

struct MetOutput {
    mailbox: String,
    action: &'static str,
    request: String,
}

impl MetOutput {
    /// Builds it.
    fn of(wanted: &DesiredMailbox) -> Self {
        Self {
            mailbox: wanted.mailbox.to_string(),
            action: wanted.target.verb(),
            request: wanted.request.id.to_string(),
        }
    }
}

#[derive(Debug, Serialize, JsonSchema)]

pub(super) struct PolicyOutput {
    file: String,
    words: Vec<String>,
}

impl PolicyOutput {
    /// Builds it.
    pub(super) fn of(change: &(String, Vec<String>)) -> Self {
        Self {
            file: change.0.clone(),
            words: change.1.clone(),
        }
    }
}

/// Why a kept plan no longer holds.
#[derive(Debug, Serialize, JsonSchema)]

pub(super) struct StaleOutput {
    /// The mailbox or file, where one is meant.
    subject: Option<String>,
    reason: String,
}

impl StaleOutput {
    /// Builds it.
    pub(super) fn of(stale: &StaleReason) -> Self {
        Self {
            subject: stale.subject.clone(),
            reason: stale.why.clone(),
        }
    }
}

pub(super) fn each<T, O>(items: &[T], output: impl Fn(&T) -> O) -> Vec<O> {
    items.iter().map(output).collect()
}
