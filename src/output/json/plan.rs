//! The plan as JSON: part of the output of `arkib reconcile`.

use std::sync::Arc;

use crate::domain::mapping::written_words::WrittenWord;
use crate::domain::plan::{
    BlockedMailbox, Change, MailboxInProgress, Plan, RecalledChange, Refusal, StaleReason,
    UnmanagedMailbox,
};
use crate::domain::request::Request;
use schemars::JsonSchema;
use serde::Serialize;

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct PlanOutput {
    digest: String,
    as_of: String,
    summary: PlanCounts,
    changes: Vec<ChangeOutput>,
    /// What is written to the portal, if the policy's mapping has words of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    writes: Vec<WrittenWordOutput>,
    blocked: Vec<BlockedOutput>,
    in_progress: Vec<InProgressOutput>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    recalled: Vec<RecalledChangeOutput>,
    unmanaged: Vec<UnmanagedOutput>,
    pending: Vec<WaitingRequestOutput>,
    scheduled: Vec<WaitingRequestOutput>,
    refusals: Vec<RefusalOutput>,
}

impl PlanOutput {
    /// Builds the output.
    pub(super) fn new(plan: &Plan, words: &[WrittenWord]) -> Self {
        let waiting = |request: &Arc<Request>| WaitingRequestOutput {
            unverified: plan.unverified.get(&request.id).map(ToString::to_string),
            ..WaitingRequestOutput::new(request)
        };
        Self {
            writes: outputs_of(words, WrittenWordOutput::new),
            digest: plan.digest.to_string(),
            as_of: plan.as_of.to_string(),
            summary: PlanCounts::new(plan),
            changes: outputs_of(&plan.changes, ChangeOutput::new),
            blocked: outputs_of(&plan.blocked, BlockedOutput::new),
            in_progress: outputs_of(&plan.in_progress, InProgressOutput::new),
            recalled: outputs_of(&plan.recalled, RecalledChangeOutput::new),
            unmanaged: outputs_of(&plan.unmanaged, UnmanagedOutput::new),
            pending: outputs_of(&plan.pending, waiting),
            scheduled: outputs_of(&plan.scheduled, waiting),
            refusals: outputs_of(&plan.refusals, RefusalOutput::new),
        }
    }
}

/// The portal's word for a kind of change.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "WriteOutput")]
struct WrittenWordOutput {
    action: &'static str,
    attribute: String,
    word: String,
    /// Whether a mailbox in the portal has the word; null if not all of them were read.
    seen: Option<bool>,
}

impl WrittenWordOutput {
    fn new(word: &WrittenWord) -> Self {
        Self {
            action: word.target.verb(),
            attribute: word.attribute.clone(),
            word: word.word.clone(),
            seen: word.is_seen,
        }
    }
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Summary")]
pub(super) struct PlanCounts {
    enable: usize,
    terminate: usize,
    blocked: usize,
    in_progress: usize,
    in_sync: usize,
    unmanaged: usize,
    pending: usize,
    scheduled: usize,
}

impl PlanCounts {
    /// Builds the output.
    pub(super) fn new(plan: &Plan) -> Self {
        Self {
            enable: plan.count_enables(),
            terminate: plan.count_terminations(),
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
pub(super) struct ChangeOutput {
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
    /// Builds the output.
    pub(super) fn new(change: &Change) -> Self {
        Self {
            mailbox: change.mailbox.to_string(),
            action: change.target.verb(),
            cause: change.cause.as_str(),
            request: change.request.id.to_string(),
            approved: change.request.approved_on().map(|day| day.to_string()),
            file: change.request.file.to_string(),
            line: change.line,
            from: change.from.to_string(),
            to: change.target.state_word(),
            note: change.remark().map(|remark| remark.in_english()),
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
    fn new(blocked: &BlockedMailbox) -> Self {
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
    /// When it was handed over to people (RFC 3339); absent if the portal itself works on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    handed_over: Option<String>,
    /// When it was about to be handed over (RFC 3339), if its run was killed and it is not known whether
    /// people have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    perhaps_handed_over: Option<String>,
}

impl InProgressOutput {
    fn new(item: &MailboxInProgress) -> Self {
        let handed_over = |is_certain| {
            let handed_over = item.handed_over.as_ref();
            let handed_over = handed_over.filter(|change| change.is_certain == is_certain);
            handed_over.map(|change| change.at.to_string())
        };
        Self {
            mailbox: item.mailbox.to_string(),
            state: item.state.to_string(),
            wanted: item.target.state_word(),
            request: item.request.to_string(),
            handed_over: handed_over(true),
            perhaps_handed_over: handed_over(false),
        }
    }
}

/// A change that was handed over to people, is not known to be done, and should no longer be done.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "RecalledOutput")]
struct RecalledChangeOutput {
    mailbox: String,
    action: &'static str,
    request: String,
    handed_over: String,
    /// The file that asks for it, which must no longer be uploaded.
    file: String,
    /// Whether it was done nevertheless.
    done: bool,
}

impl RecalledChangeOutput {
    fn new(recalled: &RecalledChange) -> Self {
        Self {
            mailbox: recalled.handed_over.mailbox.to_string(),
            action: recalled.handed_over.target.verb(),
            request: recalled.handed_over.request.to_string(),
            handed_over: recalled.handed_over.at.to_string(),
            file: recalled.handed_over.file.to_string(),
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
    fn new(item: &UnmanagedMailbox) -> Self {
        Self { mailbox: item.mailbox.to_string(), state: item.state.to_string() }
    }
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "RequestOutput")]
pub(super) struct WaitingRequestOutput {
    request: String,
    action: &'static str,
    mailboxes: usize,
    withdraws: Option<String>,
    file: String,
    day: Option<String>,
    /// How many more approvals it waits for; null for a scheduled request.
    missing_approvals: Option<usize>,
    /// Who may give them.
    approvers: Vec<String>,
    /// Why an approval does not count, so that it will not be carried out.
    unverified: Option<String>,
}

impl WaitingRequestOutput {
    /// Builds the output.
    pub(super) fn new(request: &Request) -> Self {
        let missing = request.missing_approvals();
        Self {
            request: request.id.to_string(),
            action: request.action_word(),
            mailboxes: request.mailboxes().len(),
            withdraws: request.withdraws().map(ToString::to_string),
            file: request.file.to_string(),
            day: request.effect_day().map(|day| day.to_string()),
            missing_approvals: missing.map(|missing| missing.needs),
            approvers: missing
                .map_or(&[][..], |missing| &missing.approvers)
                .iter()
                .map(ToString::to_string)
                .collect(),
            unverified: None,
        }
    }
}

#[derive(Debug, Serialize, JsonSchema)]
struct RefusalOutput {
    limit: &'static str,
    message: String,
}

impl RefusalOutput {
    fn new(refusal: &Refusal) -> Self {
        Self { limit: refusal.code(), message: refusal.to_string() }
    }
}

/// Why a saved plan is outdated.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "StaleOutput")]
pub(super) struct StaleReasonOutput {
    /// The mailbox or file, if there is one.
    subject: Option<String>,
    reason: String,
}

impl StaleReasonOutput {
    /// Builds the output.
    pub(super) fn new(stale: &StaleReason) -> Self {
        Self { subject: stale.subject.clone(), reason: stale.why.in_english() }
    }
}

pub(super) fn outputs_of<T, O>(items: &[T], output: impl Fn(&T) -> O) -> Vec<O> {
    items.iter().map(output).collect()
}
