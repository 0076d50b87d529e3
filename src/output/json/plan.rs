//! The plan as JSON: part of the output of `arkib reconcile`.

use crate::domain::desired::DesiredMailbox;
use crate::domain::plan::{Blocked, Change, InProgress, Plan, Recalled, Refusal, Stale, Unmanaged};
use crate::domain::request::Request;
use crate::output::object::object;
use crate::output::{Otherwise, PullRequestSummary};

object! {
    pub(super) struct PlanOutput of (plan: &Plan) {
        digest: String = plan.digest.to_string(),
        as_of: String = plan.as_of.to_string(),
        summary: Summary = Summary::of(plan),
        changes: Vec<ChangeOutput> = each(&plan.changes, ChangeOutput::of),
        blocked: Vec<BlockedOutput> = each(&plan.blocked, BlockedOutput::of),
        in_progress: Vec<InProgressOutput> = each(&plan.in_progress, InProgressOutput::of),
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        recalled: Vec<RecalledOutput> = each(&plan.recalled, RecalledOutput::of),
        unmanaged: Vec<UnmanagedOutput> = each(&plan.unmanaged, UnmanagedOutput::of),
        pending: Vec<RequestOutput> = each(&plan.pending, |pending| RequestOutput::of(pending)),
        scheduled: Vec<RequestOutput> = each(&plan.scheduled, |later| RequestOutput::of(later)),
        refusals: Vec<RefusalOutput> = each(&plan.refusals, RefusalOutput::of),
    }
}

object! {
    struct Summary of (plan: &Plan) {
        enable: usize = plan.enables(),
        terminate: usize = plan.terminations(),
        blocked: usize = plan.blocked.len(),
        in_progress: usize = plan.in_progress.len(),
        in_sync: usize = plan.in_sync,
        unmanaged: usize = plan.unmanaged.len(),
        pending: usize = plan.pending.len(),
        scheduled: usize = plan.scheduled.len(),
    }
}

object! {
    struct ChangeOutput of (change: &Change) {
        mailbox: String = change.mailbox.to_string(),
        action: &'static str = change.target.verb(),
        cause: &'static str = change.cause.as_str(),
        request: String = change.request.id.to_string(),
        approved: Option<String> = change.request.approval.as_ref().map(|it| it.date.to_string()),
        file: String = change.request.file.to_string(),
        line: u32 = change.line,
        from: String = change.from.to_string(),
        to: &'static str = change.target.state(),
        note: Option<String> = change.note.map(|note| note.to_string()),
    }
}

object! {
    struct BlockedOutput of (blocked: &Blocked) {
        mailbox: String = blocked.mailbox.to_string(),
        action: &'static str = blocked.target.verb(),
        code: &'static str = blocked.obstacle.code(),
        reason: String = blocked.obstacle.to_string(),
        request: String = blocked.request.id.to_string(),
        file: String = blocked.request.file.to_string(),
        line: u32 = blocked.line,
    }
}

object! {
    struct InProgressOutput of (item: &InProgress) {
        mailbox: String = item.mailbox.to_string(),
        state: String = item.state.to_string(),
        wanted: &'static str = item.target.state(),
        request: String = item.request.to_string(),
        /// When people were asked to do it (RFC 3339); absent where the portal itself works on it.
        #[serde(skip_serializing_if = "Option::is_none")]
        handed_over: Option<String> = item.handed_over.as_ref().map(|item| item.at.to_string()),
    }
}

object! {
    /// What people were asked to do, have not done as far as is known, and should not do any more.
    struct RecalledOutput of (recalled: &Recalled) {
        mailbox: String = recalled.handed_over.mailbox.to_string(),
        action: &'static str = recalled.handed_over.target.verb(),
        request: String = recalled.handed_over.request.to_string(),
        handed_over: String = recalled.handed_over.at.to_string(),
        /// The file that asks for it, which is not to be uploaded any more.
        file: Option<String> = recalled.handed_over.file.as_deref().map(str::to_owned),
        /// Whether it was done all the same.
        done: bool = recalled.is_done,
    }
}

object! {
    struct UnmanagedOutput of (item: &Unmanaged) {
        mailbox: String = item.mailbox.to_string(),
        state: String = item.state.to_string(),
    }
}

object! {
    struct RequestOutput of (request: &Request) {
        request: String = request.id.to_string(),
        action: &'static str = request.action_word(),
        mailboxes: usize = request.mailboxes().len(),
        withdraws: Option<String> = request.withdraws().map(ToString::to_string),
        file: String = request.file.to_string(),
        day: Option<String> = request.day().map(|day| day.to_string()),
    }
}

object! {
    struct RefusalOutput of (refusal: &Refusal) {
        limit: &'static str = refusal.code(),
        message: String = refusal.to_string(),
    }
}

object! {
    /// What a pull request does besides its plan.
    pub(super) struct PullRequestOutput of (pull_request: &PullRequestSummary) {
        /// The branch that it is to be merged into, and its commit.
        base: String = pull_request.base.clone(),
        /// Changes that are pending on that branch and that the pull request prevents or replaces.
        prevents: Vec<ChangeOutput> = each(&pull_request.prevented, ChangeOutput::of),
        /// Requests that wait on that branch and that it withdraws.
        withdraws: Vec<RequestOutput> = each(&pull_request.lifted, |it| RequestOutput::of(it)),
        /// What it asks for and is so already.
        met: Vec<MetOutput> = each(&pull_request.met, MetOutput::of),
        /// How it changes policies.
        policies: Vec<PolicyOutput> = each(&pull_request.policies, PolicyOutput::of),
        /// What would be done without it: counted with --drift, else null.
        otherwise: Option<Summary> = match &pull_request.otherwise {
            Otherwise::Counted(plan) => Some(Summary::of(plan)),
            Otherwise::NotLookedAt(_) => None,
        },
        /// How many other mailboxes requests name that nobody looked at.
        not_looked_at: usize = match pull_request.otherwise {
            Otherwise::Counted(_) => 0,
            Otherwise::NotLookedAt(others) => others,
        },
    }
}

object! {
    struct MetOutput of (wanted: &DesiredMailbox) {
        mailbox: String = wanted.mailbox.to_string(),
        action: &'static str = wanted.target.verb(),
        request: String = wanted.request.id.to_string(),
    }
}

object! {
    pub(super) struct PolicyOutput of (change: &(String, Vec<String>)) {
        file: String = change.0.clone(),
        words: Vec<String> = change.1.clone(),
    }
}

object! {
    /// Why a kept plan no longer holds.
    pub(super) struct StaleOutput of (stale: &Stale) {
        /// The mailbox or file, where one is meant.
        subject: Option<String> = stale.subject.clone(),
        reason: String = stale.why.clone(),
    }
}

pub(super) fn each<T, O>(items: &[T], output: impl Fn(&T) -> O) -> Vec<O> {
    items.iter().map(output).collect()
}
