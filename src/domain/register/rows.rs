//! Makes the rows of the register out of the lives of an agency's requests. Pure.

use jiff::Timestamp;
use jiff::civil::Date;

use super::link::Links;
use super::period::Period;
use super::row::{
    ApprovalRow, EvidenceRow, MailboxRow, NoticeRow, ObstacleRow, ReceivedRow, Row, TroubleRow,
};
use crate::domain::calendar::local_day;
use crate::domain::lifecycle::{MailboxLifecycle, RequestLifecycle};
use crate::domain::observed::Observed;
use crate::domain::plan::Plan;
use crate::domain::policy::Policy;
use crate::domain::record::chain::Run;
use crate::domain::record::history::{Given, History};
use crate::domain::request::{Request, evidence};

/// What is known around the lives of an agency's requests.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    /// The agency's policy.
    pub policy: &'a Policy,
    /// Where the requests were read, in words.
    pub requests_at: &'a str,
    /// The commit that holds them all.
    pub commit: Option<&'a str>,
    /// The day.
    pub as_of: Date,
    /// The days of receipt that are asked for.
    pub period: Option<Period>,
    /// What the portal has, where it was asked.
    pub portal: Option<(&'a Observed, &'a Plan)>,
    /// The records of runs.
    pub runs: &'a [Run],
    /// What they say.
    pub history: &'a History,
    /// The requests folder, as requests' files are named from.
    pub files: &'a str,
    /// How the register leads to files.
    pub links: &'a Links,
}

/// The row of a request.
pub(super) fn row(life: &RequestLifecycle, around: &Around<'_>) -> Row {
    let request: &Request = &life.request;
    let id = request.id.as_str();
    Row {
        id: id.to_owned(),
        action: request.action_word(),
        withdraws: request.withdraws().map(ToString::to_string),
        stage: life.stage.as_str(),
        waits_for: life.stage.waits_for(),
        received: ReceivedRow {
            date: request.received.date.to_string(),
            channel: request.received.channel.as_str(),
            reference: request.received.reference.clone(),
            from: request.received.from.as_ref().map(ToString::to_string),
        },
        approval: request.approval.as_ref().map(|approval| ApprovalRow {
            by: approval.by.to_string(),
            date: approval.date.to_string(),
        }),
        day: request.day().map(|day| day.to_string()),
        done_on: life.done_on().map(|day| day.to_string()),
        days_to_done: life.days_to_done(),
        age_days: life.age(around.as_of),
        withdrawn_by: life.withdrawn_by.as_ref().map(ToString::to_string),
        reason: request.reason.clone(),
        mailboxes: life.mailboxes.iter().map(mailbox).collect(),
        notices: around.history.notices(id).iter().map(notice).collect(),
        evidence: evidence(request, around),
        file: request.file.to_string(),
    }
}

fn mailbox(life: &MailboxLifecycle) -> MailboxRow {
    MailboxRow {
        mailbox: life.mailbox.to_string(),
        stage: life.stage.as_str(),
        done_on: life.done_at.map(day),
        done_at: life.done_at.map(|at| at.to_string()),
        obstacle: life.obstacle.as_ref().map(|obstacle| ObstacleRow {
            code: obstacle.code(),
            detail: obstacle.to_string(),
        }),
        superseded_by: life.superseded_by.as_ref().map(ToString::to_string),
        drifted: life.has_drifted,
        recoverable_until: life.recoverable_until.map(|at| at.to_string()),
        trouble: life.trouble.as_ref().map(|(outcome, cause)| TroubleRow {
            outcome: outcome.clone(),
            cause: cause.clone(),
        }),
    }
}

fn notice(given: &Given) -> NoticeRow {
    NoticeRow {
        kind: given.kind.as_str().to_owned(),
        to: given.to.clone(),
        channel: given.channel.as_str().to_owned(),
        day: day(given.at),
        at: given.at.to_string(),
        outcome: given.outcome.as_str().to_owned(),
        detail: given.detail.clone(),
    }
}

/// The documents filed with a request.
fn evidence(request: &Request, around: &Around<'_>) -> Vec<EvidenceRow> {
    let each = request.evidence.iter().map(|document| {
        let whole = evidence::path(&request.file, document);
        let below = whole.strip_prefix(around.files).unwrap_or(&whole);
        let file = below.trim_start_matches('/').to_owned();
        EvidenceRow {
            href: around.links.to(&file),
            file,
            sha256: document.sha256.clone(),
            size: document.size,
        }
    });
    each.collect()
}

fn day(at: Timestamp) -> String {
    local_day(at).to_string()
}
