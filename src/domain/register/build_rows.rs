//! Makes the rows of the register from the lifecycles of an agency's requests. Pure.

use jiff::Timestamp;
use jiff::civil::Date;

use super::period::Period;
use super::relative_link::RelativeLinks;
use super::row::{
    ApprovalRow, EvidenceRow, FailedAttemptRow, MailboxRow, NoticeRow, ObstacleRow, ReceivedRow,
    RequestRow,
};
use crate::domain::approval::statement::statement;
use crate::domain::lifecycle::{MailboxLifecycle, RequestLifecycle};
use crate::domain::local_time::{last_whole_day, local_day};
use crate::domain::observed::Observed;
use crate::domain::plan::Plan;
use crate::domain::policy::Policy;
use crate::domain::record::chain::RunRecord;
use crate::domain::record::history::{History, NoticeDelivery, RunSource};
use crate::domain::request::{Approval, Request, RequestId, evidence};
use crate::language::Message;
use crate::text::path_below;

/// What a register needs beside the lifecycles of the requests.
#[derive(Clone, Copy)]
pub struct RegisterContext<'a> {
    /// The agency's policy.
    pub policy: &'a Policy,
    /// Where the requests were read.
    pub requests_at: &'a Message,
    /// The commit that holds them all.
    pub commit: Option<&'a str>,
    /// The day.
    pub as_of: Date,
    /// The days of receipt to cover.
    pub period: Option<Period>,
    /// The only request to cover.
    pub only: Option<&'a RequestId>,
    /// What the portal has, if it was asked.
    pub portal: Option<(&'a Observed, &'a Plan)>,
    /// The records of runs.
    pub runs: &'a [RunRecord],
    /// How many problems they have.
    pub record_problems: usize,
    /// What they say.
    pub history: &'a History,
    /// The requests folder, at the start of the paths of request files.
    pub files: &'a str,
    /// The links from the register to files.
    pub links: &'a RelativeLinks,
}

/// The row of a request.
pub(super) fn register_row(
    lifecycle: &RequestLifecycle,
    context: &RegisterContext<'_>,
) -> RequestRow {
    let request: &Request = &lifecycle.request;
    let id = request.id.as_str();
    let mailbox = |lifecycle: &MailboxLifecycle| {
        let by_record = context.history.mailbox(id, lifecycle.mailbox.as_str());
        mailbox_row(lifecycle, by_record.and_then(|entry| entry.done_in.as_ref()))
    };
    let approval = |approval: &Approval| ApprovalRow {
        by: approval.by.to_string(),
        date: approval.date.to_string(),
        statement: context
            .only
            .map(|_| statement(request, context.policy, &approval.by, approval.date)),
    };
    RequestRow {
        id: id.to_owned(),
        action: request.action_word(),
        withdraws: request.withdraws().map(ToString::to_string),
        stage: lifecycle.stage.as_str(),
        waits_for: lifecycle.stage.waits_for(),
        received: ReceivedRow {
            date: request.received.date.to_string(),
            channel: request.received.channel.as_str(),
            reference: request.received.reference.clone(),
            from: request.received.from.as_ref().map(ToString::to_string),
            name: request.received.name_line(),
            file: request.received.file.clone(),
        },
        approvals: request.approvals.iter().map(approval).collect(),
        approved: request.approved_on().map(|day| day.to_string()),
        day: request.effect_day().map(|day| day.to_string()),
        done_on: lifecycle.done_on().map(|day| day.to_string()),
        days_to_done: lifecycle.days_to_done(),
        age_days: lifecycle.age_in_days(context.as_of),
        withdrawn_by: lifecycle.withdrawn_by.as_ref().map(ToString::to_string),
        reason: request.reason.clone(),
        mailboxes: lifecycle.mailboxes.iter().map(mailbox).collect(),
        notices: context.history.notices(id).iter().map(notice_row).collect(),
        evidence: evidence_rows(request, context),
        file: request.file.to_string(),
    }
}

fn mailbox_row(lifecycle: &MailboxLifecycle, done_in: Option<&RunSource>) -> MailboxRow {
    MailboxRow {
        mailbox: lifecycle.mailbox.to_string(),
        stage: lifecycle.stage.as_str(),
        done_on: lifecycle.done_at.map(format_local_day),
        done_at: lifecycle.done_at.map(|at| at.to_string()),
        done_by: done_in.and_then(|run| run.by.as_deref().map(str::to_owned)),
        record: done_in.map(|run| run.record.to_string()),
        obstacle: lifecycle
            .obstacle
            .as_ref()
            .map(|obstacle| ObstacleRow { code: obstacle.code(), detail: obstacle.to_string() }),
        superseded_by: lifecycle.superseded_by.as_ref().map(ToString::to_string),
        drifted: lifecycle.has_drifted,
        recoverable_until: lifecycle.recoverable_until.map(|at| at.to_string()),
        last_recoverable_day: lifecycle
            .recoverable_until
            .and_then(last_whole_day)
            .map(|day| day.to_string()),
        trouble: lifecycle.last_problem.as_ref().map(failed_attempt_row),
    }
}

fn failed_attempt_row((outcome, cause): &(String, Option<String>)) -> FailedAttemptRow {
    FailedAttemptRow { outcome: outcome.clone(), cause: cause.clone() }
}

fn notice_row(given: &NoticeDelivery) -> NoticeRow {
    NoticeRow {
        kind: given.kind.as_str().to_owned(),
        to: given.to.clone(),
        channel: given.channel.as_str().to_owned(),
        day: format_local_day(given.at),
        at: given.at.to_string(),
        outcome: given.outcome.as_str().to_owned(),
        detail: given.detail.clone(),
        by: given.run.by.as_deref().map(str::to_owned),
        record: given.run.record.to_string(),
    }
}

/// The documents filed with a request.
fn evidence_rows(request: &Request, context: &RegisterContext<'_>) -> Vec<EvidenceRow> {
    let each = request.evidence.iter().map(|document| {
        let whole = evidence::evidence_path(&request.file, document);
        let file = path_below(&whole, context.files).to_owned();
        EvidenceRow {
            href: context.links.href_to(&file),
            file,
            sha256: document.sha256.clone(),
            size: document.size,
        }
    });
    each.collect()
}

fn format_local_day(at: Timestamp) -> String {
    local_day(at).to_string()
}
