//! The plan as JSON: part of the output of `arkib reconcile`.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::plan::{Change, Plan, Recalled, Stale};
use crate::domain::request::{Action, Request};
use crate::output::{Otherwise, PullRequestSummary};

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

#[derive(Debug, Serialize, JsonSchema)]
struct UnmanagedOutput {
    mailbox: String,
    state: String,
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

#[derive(Debug, Serialize, JsonSchema)]
struct RefusalOutput {
    limit: &'static str,
    message: String,
}

/// What a pull request does besides its plan.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct PullRequestOutput {
    /// The branch that it is to be merged into, and its commit.
    onto: String,
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

#[derive(Debug, Serialize, JsonSchema)]
struct MetOutput {
    mailbox: String,
    action: &'static str,
    request: String,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct PolicyOutput {
    file: String,
    words: Vec<String>,
}

/// Why a kept plan no longer holds.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct StaleOutput {
    /// The mailbox or file, where one is meant.
    subject: Option<String>,
    reason: String,
}

pub(super) fn each<T, O>(items: &[T], output: impl Fn(&T) -> O) -> Vec<O> {
    items.iter().map(output).collect()
}

pub(super) fn pull_request(pull_request: &PullRequestSummary) -> PullRequestOutput {
    let (otherwise, not_looked_at) = match &pull_request.otherwise {
        Otherwise::Counted(plan) => (Some(summary(plan)), 0),
        Otherwise::NotLookedAt(others) => (None, *others),
    };
    PullRequestOutput {
        onto: pull_request.onto.clone(),
        prevents: each(&pull_request.prevented, change),
        withdraws: each(&pull_request.lifted, |lifted| request(lifted)),
        met: each(&pull_request.met, |wish| MetOutput {
            mailbox: wish.mailbox.to_string(),
            action: wish.target.verb(),
            request: wish.request.id.to_string(),
        }),
        policies: policies(&pull_request.policies),
        otherwise,
        not_looked_at,
    }
}

pub(super) fn policies(changes: &[(String, Vec<String>)]) -> Vec<PolicyOutput> {
    each(changes, |(file, words)| PolicyOutput {
        file: file.clone(),
        words: words.clone(),
    })
}

pub(super) fn stale(stale: &Stale) -> StaleOutput {
    StaleOutput {
        subject: stale.subject.clone(),
        reason: stale.why.clone(),
    }
}

fn summary(plan: &Plan) -> Summary {
    Summary {
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

pub(super) fn plan(plan: &Plan) -> PlanOutput {
    PlanOutput {
        digest: plan.digest.to_string(),
        as_of: plan.as_of.to_string(),
        summary: summary(plan),
        changes: each(&plan.changes, change),
        blocked: each(&plan.blocked, |blocked| BlockedOutput {
            mailbox: blocked.mailbox.to_string(),
            action: blocked.target.verb(),
            code: blocked.obstacle.code(),
            reason: blocked.obstacle.to_string(),
            request: blocked.request.id.to_string(),
            file: blocked.request.file.to_string(),
            line: blocked.line,
        }),
        in_progress: each(&plan.in_progress, |item| InProgressOutput {
            mailbox: item.mailbox.to_string(),
            state: item.state.to_string(),
            wanted: item.target.state(),
            request: item.request.to_string(),
            handed_over: item.handed_over.as_ref().map(|item| item.at.to_string()),
        }),
        recalled: each(&plan.recalled, recalled),
        unmanaged: each(&plan.unmanaged, |item| UnmanagedOutput {
            mailbox: item.mailbox.to_string(),
            state: item.state.to_string(),
        }),
        pending: each(&plan.pending, |pending| request(pending)),
        scheduled: each(&plan.scheduled, |scheduled| request(scheduled)),
        refusals: each(&plan.refusals, |refusal| RefusalOutput {
            limit: refusal.code(),
            message: refusal.to_string(),
        }),
    }
}

fn recalled(recalled: &Recalled) -> RecalledOutput {
    let handed_over = &recalled.handed_over;
    RecalledOutput {
        mailbox: handed_over.mailbox.to_string(),
        action: handed_over.target.verb(),
        request: handed_over.request.to_string(),
        handed_over: handed_over.at.to_string(),
        file: handed_over.file.as_deref().map(str::to_owned),
        done: recalled.is_done,
    }
}

fn change(change: &Change) -> ChangeOutput {
    let request = &change.request;
    let approval = request.approval.as_ref();
    ChangeOutput {
        mailbox: change.mailbox.to_string(),
        action: change.target.verb(),
        cause: change.cause.as_str(),
        request: request.id.to_string(),
        approved: approval.map(|approval| approval.date.to_string()),
        file: request.file.to_string(),
        line: change.line,
        from: change.from.to_string(),
        to: change.target.state(),
        note: change.note.map(|note| note.to_string()),
    }
}

fn request(request: &Request) -> RequestOutput {
    let withdraws = match &request.action {
        Action::Withdraw { withdraws } => Some(withdraws.to_string()),
        Action::Change { .. } => None,
    };
    RequestOutput {
        request: request.id.to_string(),
        action: request.action_word(),
        mailboxes: request.mailboxes().len(),
        withdraws,
        file: request.file.to_string(),
        day: request.day().map(|day| day.to_string()),
    }
}
