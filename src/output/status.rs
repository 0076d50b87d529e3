//! The story of a mailbox or a request, for people and for programs.

use schemars::JsonSchema;
use serde::Serialize;
use std::fmt::Write as _;

use jiff::civil::Date;

use super::groups;
use super::groups::{NAMED, STORIES};
use super::json::{ExitOutput, FindingOutput};
use super::phrases;
use crate::domain::archive::Target;
use crate::domain::calendar::local_day;
use crate::domain::lifecycle::{MailboxLifecycle, RequestLifecycle};
use crate::domain::mailbox::Mailbox;
use crate::domain::observed::ObservedMailbox;
use crate::domain::record::history::GivenNotice;
use crate::finding::Finding;
use crate::text::{escape, optional};

/// What an output of `arkib status` begins with.
#[derive(Debug, Serialize, JsonSchema)]

pub struct Head {
    /// The agency's short name; null where the run ended before one was looked at.
    agency: Option<String>,
    /// Where the requests were read: a commit, or a folder.
    requests: String,
    /// The day for which it holds.
    as_of: String,
    /// Whether the portal was left alone, so that the records alone tell.
    pub offline: bool,
}

impl Head {
    /// Builds it.
    pub fn of(agency: Option<&str>, requests: String, as_of: Date, offline: bool) -> Self {
        Self {
            agency: agency.map(str::to_owned),
            requests,
            as_of: as_of.to_string(),
            offline,
        }
    }
}

/// The output of `arkib status --format json` for one agency.
#[derive(Debug, Serialize, JsonSchema)]

pub struct StatusOutput {
    /// `arkib.status/1`.
    format: &'static str,
    #[serde(flatten)]
    head: Head,
    /// The mailboxes asked for, or those of the request asked for.
    mailboxes: Vec<MailboxTimeline>,
    /// Problems of the files, which keep the run from going on.
    findings: Vec<FindingOutput>,
    /// How the run ended.
    exit: ExitOutput,
}

impl StatusOutput {
    /// Builds it.
    pub fn of(
        head: Head,
        mailboxes: Vec<MailboxTimeline>,
        found: &[Finding],
        exit: ExitOutput,
    ) -> Self {
        Self {
            format: "arkib.status/1",
            head,
            mailboxes,
            findings: found.iter().map(FindingOutput::of).collect(),
            exit,
        }
    }
}

/// What is to be said of one mailbox.
#[derive(Debug, Serialize, JsonSchema)]

pub struct MailboxTimeline {
    /// The address.
    mailbox: String,
    /// What the portal has; null where it has no such account, or was left alone.
    portal: Option<PortalTimeline>,
    /// What is wanted: enabled, terminated, or null where no approved request is due.
    wanted: Option<&'static str>,
    /// What the next run does about it, in words.
    next: String,
    /// Every request that names it, in the order in which they take effect.
    requests: Vec<RequestTimeline>,
}

impl MailboxTimeline {
    /// Builds it.
    pub fn of(
        mailbox: &Mailbox,
        observed: Option<&ObservedMailbox>,
        wanted: Option<Target>,
        next: String,
        requests: Vec<RequestTimeline>,
    ) -> Self {
        Self {
            mailbox: mailbox.to_string(),
            portal: observed.map(PortalTimeline::of),
            wanted: wanted.map(Target::state),
            next,
            requests,
        }
    }
}

/// One mailbox as the portal has it.
#[derive(Debug, Serialize, JsonSchema)]

pub struct PortalTimeline {
    /// The archive's state.
    state: String,
    /// The account's state.
    account: String,
    /// The request that last changed it, says the portal.
    request: Option<String>,
    /// When it was last changed (RFC 3339).
    changed_at: Option<String>,
    /// Until when a terminated archive can be had back (RFC 3339).
    recoverable_until: Option<String>,
    /// Whether a legal hold lies on it.
    hold: bool,
}

impl PortalTimeline {
    /// Builds it.
    pub fn of(observed: &ObservedMailbox) -> Self {
        Self {
            state: observed.state.to_string(),
            account: observed.account.as_str().to_owned(),
            request: observed.request.as_deref().map(str::to_owned),
            changed_at: observed.changed_at.map(|at| at.to_string()),
            recoverable_until: observed.recoverable_until.map(|at| at.to_string()),
            hold: observed.hold,
        }
    }
}

/// One request, as far as it concerns a mailbox: how far it has come `here`, by these `notices`.
#[derive(Debug, Serialize, JsonSchema)]

pub struct RequestTimeline {
    /// Its id.
    request: String,
    /// enable, terminate or withdraw.
    action: &'static str,
    /// pending, scheduled, decides, superseded or withdrawn; of a withdrawal also in-effect.
    standing: &'static str,
    /// How far it has come for this mailbox: pending, scheduled, blocked, waiting, in-progress, done,
    /// superseded or withdrawn.
    stage: &'static str,
    /// When it was done for this mailbox (RFC 3339), where that is on record or the portal says so.
    done_at: Option<String>,
    /// The same, as a day of the agency.
    done_on: Option<String>,
    /// What came of the last attempt, where it did not end well.
    trouble: Option<String>,
    /// The notices about it that this mailbox's user or the applicant was given.
    notices: Vec<NoticeTimeline>,
    /// The request that it withdraws, where it is a withdrawal.
    withdraws: Option<String>,
    /// By which request, where it was withdrawn.
    withdrawn_by: Option<String>,
    /// The day of receipt.
    received: String,
    /// email, memo, letter or form.
    channel: &'static str,
    /// Under which it is filed.
    reference: String,
    /// The applicant.
    from: Option<String>,
    /// The approver.
    approved_by: Option<String>,
    /// The day of approval.
    approved: Option<String>,
    /// The day it takes effect.
    day: Option<String>,
    /// Why it was made.
    reason: Option<String>,
    /// Its file.
    file: String,
}

impl RequestTimeline {
    /// Builds it.
    pub fn of(
        life: &RequestLifecycle,
        here: Option<&MailboxLifecycle>,
        standing: &'static str,
        notices: Vec<NoticeTimeline>,
    ) -> Self {
        Self {
            request: life.request.id.to_string(),
            action: life.request.action_word(),
            standing,
            stage: here.map_or(life.stage, |here| here.stage).as_str(),
            done_at: here.and_then(|here| Some(here.done_at?.to_string())),
            done_on: here.and_then(|here| Some(local_day(here.done_at?).to_string())),
            trouble: here.and_then(MailboxLifecycle::problem_text),
            notices,
            withdraws: life.request.withdraws().map(ToString::to_string),
            withdrawn_by: life.withdrawn_by.as_ref().map(ToString::to_string),
            received: life.request.received.date.to_string(),
            channel: life.request.received.channel.as_str(),
            reference: life.request.received.reference.clone(),
            from: life.request.received.from.as_ref().map(ToString::to_string),
            approved_by: life.request.approval.as_ref().map(|it| it.by.to_string()),
            approved: life.request.approval.as_ref().map(|it| it.date.to_string()),
            day: life.request.day().map(|day| day.to_string()),
            reason: life.request.reason.clone(),
            file: life.request.file.to_string(),
        }
    }
}

/// A notice that was given, or was to be.
#[derive(Debug, Serialize, JsonSchema)]

pub struct NoticeTimeline {
    /// The request that it is about.
    pub request: String,
    /// received, approved, enabled, blocked, terminated or withdrawn.
    kind: String,
    /// Whom it was for.
    to: String,
    /// email, memo, letter or form.
    channel: String,
    /// sent, printed, refused, deferred or unknown.
    outcome: String,
    /// When (RFC 3339).
    at: String,
    /// The same, as a day of the agency.
    on: String,
    /// What the mail server said, or the name of the file.
    detail: Option<String>,
}

impl NoticeTimeline {
    /// Builds it.
    pub fn of(given: &GivenNotice) -> Self {
        Self {
            request: given.request.clone(),
            kind: given.kind.as_str().to_owned(),
            to: given.to.clone(),
            channel: given.channel.as_str().to_owned(),
            outcome: given.outcome.as_str().to_owned(),
            at: given.at.to_string(),
            on: local_day(given.at).to_string(),
            detail: given.detail.clone(),
        }
    }
}

impl NoticeTimeline {
    /// On one line, without the request.
    pub fn line(&self) -> String {
        format!(
            "notice {} to {} by {}, {} {}{}",
            self.kind,
            escape(&self.to),
            self.channel,
            self.outcome,
            self.on,
            optional(": ", self.detail.as_ref())
        )
    }
}

impl Head {
    /// The first line.
    pub(super) fn line(&self) -> String {
        let offline = self.offline.then(|| "without the portal".to_owned());
        let more = [offline, Some(format!("as of {}", self.as_of))];
        let agency = self.agency.as_deref().unwrap_or_default();
        phrases::header(agency, &self.requests, more) + "\n"
    }
}

/// For people.
pub fn human(output: &StatusOutput) -> String {
    let mut text = output.head.line();
    let count = output.mailboxes.len();
    if count > STORIES {
        text.push_str(&totals(output));
    }
    for timeline in output.mailboxes.iter().take(STORIES) {
        let _ = writeln!(text, "\n{}", escape(&timeline.mailbox));
        if !output.head.offline {
            let _ = writeln!(text, "  portal   {}", portal(timeline.portal.as_ref()));
        }
        let nothing = "nothing: no approved request is due";
        let _ = writeln!(text, "  wanted   {}", timeline.wanted.unwrap_or(nothing));
        let _ = writeln!(text, "  next     {}", escape(&timeline.next));
        for request in &timeline.requests {
            text.push_str(&request_lines(request));
        }
    }
    if count > STORIES {
        let _ = writeln!(text, "\n{}", groups::and_more(count - STORIES));
    }
    text
}

/// How many of the mailboxes of a large request stand where.
fn totals(output: &StatusOutput) -> String {
    let mut text = format!("\n{} mailboxes\n", output.mailboxes.len());
    // What a story says next is often its own; but not of very many.
    let mut alike = groups::by(&output.mailboxes, |timeline| {
        timeline.next.replace(&timeline.mailbox, "…")
    });
    alike.sort_by_key(|group| std::cmp::Reverse(group.count));
    for group in alike.iter().take(NAMED) {
        let _ = writeln!(text, "  {:>6}  {}", group.count, escape(&group.key));
    }
    let others: usize = alike.iter().skip(NAMED).map(|group| group.count).sum();
    if others > 0 {
        let _ = writeln!(text, "  {others:>6}  other");
    }
    text
}

fn portal(timeline: Option<&PortalTimeline>) -> String {
    let Some(timeline) = timeline else {
        return "no such account".to_owned();
    };
    format!(
        "{}; account {}{}{}{}{}",
        escape(&timeline.state),
        escape(&timeline.account),
        if timeline.hold { "; legal hold" } else { "" },
        optional("; changed ", timeline.changed_at.as_ref()),
        optional(" by ", timeline.request.as_ref()),
        optional(
            "; can be had back until ",
            timeline.recoverable_until.as_ref()
        )
    )
}

fn request_lines(request: &RequestTimeline) -> String {
    let mut text = format!(
        "\n  {}  {}  {}{}{}\n",
        request.request,
        request.action,
        request.standing,
        optional("; withdraws ", request.withdraws.as_ref()),
        optional(" by ", request.withdrawn_by.as_ref())
    );
    let mut lines = vec![format!(
        "received {} by {}, {}{}",
        request.received,
        request.channel,
        escape(&request.reference),
        optional(", from ", request.from.as_ref())
    )];
    lines.push(match (&request.approved, &request.approved_by) {
        (Some(day), Some(by)) => {
            let effective = request.day.as_ref().filter(|effective| *effective != day);
            let effective = optional(", effective ", effective);
            format!("approved {day} by {}{effective}", escape(by))
        }
        _ => "not approved yet".to_owned(),
    });
    lines.extend(request.done_on.iter().map(|day| format!("done {day}")));
    let trouble = request.trouble.iter();
    lines.extend(trouble.map(|trouble| format!("last time {}", escape(trouble))));
    lines.extend(request.notices.iter().map(NoticeTimeline::line));
    let reason = request
        .reason
        .iter()
        .flat_map(|reason| reason.trim().lines());
    lines.extend(reason.map(|line| escape(line).into_owned()));
    lines.push(escape(&request.file).into_owned());
    for line in lines {
        let _ = writeln!(text, "    {line}");
    }
    text
}
