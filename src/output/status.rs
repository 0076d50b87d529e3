//! The timeline of a mailbox or a request, for people and for programs.

use schemars::JsonSchema;
use serde::Serialize;
use std::fmt::Write as _;

use jiff::civil::Date;

use super::groups;
use super::groups::{MOST_TIMELINES, NAMED};
use super::json::{ExitOutput, FindingOutput};
use super::phrases;
use crate::domain::archive_state::Target;
use crate::domain::lifecycle::{MailboxLifecycle, RequestLifecycle};
use crate::domain::local_time::local_day;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::observed::ObservedMailbox;
use crate::domain::record::history::NoticeDelivery;
use crate::finding::Finding;
use crate::text::{escape, plural, prefix_if_some};

/// The beginning of each output of `arkib status`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StatusHead {
    /// The agency's short name; null if the run ended before the first agency.
    agency: Option<String>,
    /// Where the requests were read: a commit, or a folder.
    requests: String,
    /// The day that counts as today.
    as_of: String,
    /// Whether the portal was not read, so that only the records say what was done.
    pub offline: bool,
}

impl StatusHead {
    /// Builds the output.
    pub fn new(agency: Option<&str>, requests: String, as_of: Date, offline: bool) -> Self {
        Self { agency: agency.map(str::to_owned), requests, as_of: as_of.to_string(), offline }
    }

    /// The first line.
    pub(super) fn first_line(&self) -> String {
        let offline = self.offline.then(|| "without the portal".to_owned());
        let more = [offline, Some(format!("as of {}", self.as_of))];
        let agency = self.agency.as_deref().unwrap_or_default();
        phrases::header(agency, &self.requests, more) + "\n"
    }
}

/// The output of `arkib status --format json` for one agency.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StatusOutput {
    /// `arkib.status/1`.
    format: &'static str,
    #[serde(flatten)]
    head: StatusHead,
    /// The mailboxes asked for, or those of the request asked for.
    mailboxes: Vec<MailboxTimeline>,
    /// Problems of the files, which stop the run.
    findings: Vec<FindingOutput>,
    /// How the run ended.
    exit: ExitOutput,
}

impl StatusOutput {
    /// Builds the output.
    pub fn new(
        head: StatusHead,
        mailboxes: Vec<MailboxTimeline>,
        found: &[Finding],
        exit: ExitOutput,
    ) -> Self {
        Self {
            format: "arkib.status/1",
            head,
            mailboxes,
            findings: found.iter().map(FindingOutput::new).collect(),
            exit,
        }
    }
}

/// The timeline of a mailbox.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MailboxTimeline {
    /// The address.
    mailbox: String,
    /// The state in the portal; null if it has no such account, or was not read.
    portal: Option<PortalStateOutput>,
    /// The wanted state: enabled, terminated, or null if no approved request is due.
    wanted: Option<&'static str>,
    /// What the next run does with it, in words.
    next: String,
    /// Every request that names it, in the order in which they take effect.
    requests: Vec<RequestStatusOutput>,
}

impl MailboxTimeline {
    /// Builds the output.
    pub fn new(
        mailbox: &Mailbox,
        observed: Option<&ObservedMailbox>,
        wanted: Option<Target>,
        next: String,
        requests: Vec<RequestStatusOutput>,
    ) -> Self {
        Self {
            mailbox: mailbox.to_string(),
            portal: observed.map(PortalStateOutput::new),
            wanted: wanted.map(Target::state_word),
            next,
            requests,
        }
    }
}

/// The state of a mailbox in the portal.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PortalTimeline")]
pub struct PortalStateOutput {
    /// The archive's state.
    state: String,
    /// The account's state.
    account: String,
    /// The request that last changed it, according to the portal.
    request: Option<String>,
    /// When it was last changed (RFC 3339).
    changed_at: Option<String>,
    /// Until when a terminated archive can be recovered (RFC 3339).
    recoverable_until: Option<String>,
    /// Whether it is on legal hold.
    hold: bool,
}

impl PortalStateOutput {
    /// Builds the output.
    pub fn new(observed: &ObservedMailbox) -> Self {
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

/// One request for a mailbox: its stage there, and its notices.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RequestStatusOutput {
    /// Its id.
    request: String,
    /// enable, terminate or withdraw.
    action: &'static str,
    /// pending, scheduled, decides, superseded or withdrawn; of a withdrawal also in-effect.
    standing: &'static str,
    /// Its stage for this mailbox: pending, scheduled, blocked, waiting, in-progress, done,
    /// superseded or withdrawn.
    stage: &'static str,
    /// When it was done for this mailbox (RFC 3339), according to the records or the portal.
    done_at: Option<String>,
    /// The same, as a local day.
    done_on: Option<String>,
    /// How the last attempt failed.
    trouble: Option<String>,
    /// The notices about it to the user of this mailbox or the applicant.
    notices: Vec<NoticeDeliveryOutput>,
    /// For a withdrawal, the request that it withdraws.
    withdraws: Option<String>,
    /// The request that withdrew it, if it was withdrawn.
    withdrawn_by: Option<String>,
    /// The day of receipt.
    received: String,
    /// email, memo, letter or form.
    channel: &'static str,
    /// The file reference.
    reference: String,
    /// The applicant.
    from: Option<String>,
    /// The applicant's name, as in a letter.
    name: Option<String>,
    /// Who approved, in the order of the file.
    approved_by: Vec<String>,
    /// The day of the approval that completed their number.
    approved: Option<String>,
    /// The approvals that it still waits for, as a text.
    missing_approvals: Option<String>,
    /// While it is pending or scheduled, why an approval does not count, so that it will not be carried out.
    unverified: Option<String>,
    /// The agency's own file.
    own_file: Option<String>,
    /// The day it takes effect.
    day: Option<String>,
    /// Why it was made.
    reason: Option<String>,
    /// Its file.
    file: String,
}

impl RequestStatusOutput {
    /// Builds the output.
    pub fn new(
        lifecycle: &RequestLifecycle,
        here: Option<&MailboxLifecycle>,
        standing: &'static str,
        notices: Vec<NoticeDeliveryOutput>,
    ) -> Self {
        let request = &lifecycle.request;
        let received = &request.received;
        Self {
            request: request.id.to_string(),
            action: request.action_word(),
            standing,
            stage: here.map_or(lifecycle.stage, |here| here.stage).as_str(),
            done_at: here.and_then(|here| Some(here.done_at?.to_string())),
            done_on: here.and_then(|here| Some(local_day(here.done_at?).to_string())),
            trouble: here.and_then(MailboxLifecycle::last_failure_text),
            notices,
            withdraws: request.withdraws().map(ToString::to_string),
            withdrawn_by: lifecycle.withdrawn_by.as_ref().map(ToString::to_string),
            received: received.date.to_string(),
            channel: received.channel.as_str(),
            reference: received.reference.clone(),
            from: received.from.as_ref().map(ToString::to_string),
            name: received.name_line(),
            approved_by: request.approvals.iter().map(|approval| approval.by.to_string()).collect(),
            approved: request.approved_on().map(|day| day.to_string()),
            missing_approvals: request.missing_approvals().map(ToString::to_string),
            unverified: lifecycle.unverified.as_ref().map(ToString::to_string),
            own_file: received.file.clone(),
            day: request.effect_day().map(|day| day.to_string()),
            reason: request.reason.clone(),
            file: request.file.to_string(),
        }
    }
}

/// A notice that was delivered, or should have been.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "NoticeTimeline")]
pub struct NoticeDeliveryOutput {
    /// The request that it is about.
    pub request: String,
    /// received, approved, enabled, blocked, terminated or withdrawn.
    kind: String,
    /// The recipient.
    to: String,
    /// email, memo, letter or form.
    channel: String,
    /// sent, printed, refused, deferred or unknown.
    outcome: String,
    /// When (RFC 3339).
    at: String,
    /// The same, as a local day.
    on: String,
    /// The answer of the mail server, or the name of the file.
    detail: Option<String>,
}

impl NoticeDeliveryOutput {
    /// Builds the output.
    pub fn new(given: &NoticeDelivery) -> Self {
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

    /// The notice on one line, without the request.
    pub fn notice_line(&self) -> String {
        format!(
            "notice {} to {} by {}, {} {}{}",
            self.kind,
            escape(&self.to),
            self.channel,
            self.outcome,
            self.on,
            prefix_if_some(": ", self.detail.as_ref())
        )
    }
}

/// For people.
pub fn render_text(output: &StatusOutput) -> String {
    let mut text = output.head.first_line();
    let count = output.mailboxes.len();
    if count > MOST_TIMELINES {
        text.push_str(&next_step_counts(output));
    }
    for timeline in output.mailboxes.iter().take(MOST_TIMELINES) {
        let _ = writeln!(text, "\n{}", escape(&timeline.mailbox));
        if !output.head.offline {
            let _ = writeln!(text, "  portal   {}", portal_text(timeline.portal.as_ref()));
        }
        let nothing = "nothing: no approved request is due";
        let _ = writeln!(text, "  wanted   {}", timeline.wanted.unwrap_or(nothing));
        let _ = writeln!(text, "  next     {}", escape(&timeline.next));
        for request in &timeline.requests {
            text.push_str(&request_lines(request));
        }
    }
    if count > MOST_TIMELINES {
        let _ = writeln!(text, "\n{}", groups::and_more_text(count - MOST_TIMELINES));
    }
    text
}

/// The numbers of mailboxes of a large request by their next step.
fn next_step_counts(output: &StatusOutput) -> String {
    let mut text = format!("\n{}\n", plural(output.mailboxes.len(), "mailbox", "mailboxes"));
    // The next step may name the mailbox; without the name, many are equal.
    let mut alike = groups::group_by(&output.mailboxes, |timeline| {
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

fn portal_text(timeline: Option<&PortalStateOutput>) -> String {
    let Some(timeline) = timeline else {
        return "no such account".to_owned();
    };
    format!(
        "{}; account {}{}{}{}{}",
        escape(&timeline.state),
        escape(&timeline.account),
        if timeline.hold { "; legal hold" } else { "" },
        prefix_if_some("; changed ", timeline.changed_at.as_ref()),
        prefix_if_some(" by ", timeline.request.as_ref()),
        prefix_if_some("; can be recovered until ", timeline.recoverable_until.as_ref())
    )
}

fn request_lines(request: &RequestStatusOutput) -> String {
    let mut text = format!(
        "\n  {}  {}  {}{}{}\n",
        request.request,
        request.action,
        request.standing,
        prefix_if_some("; withdraws ", request.withdraws.as_ref()),
        prefix_if_some(" by ", request.withdrawn_by.as_ref())
    );
    let mut lines = vec![format!(
        "received {} by {}, {}{}",
        request.received,
        request.channel,
        escape(&request.reference),
        prefix_if_some(", from ", request.from.as_ref())
    )];
    let name = request.name.iter();
    lines.extend(name.map(|name| format!("name {}", escape(name))));
    lines.extend(request.own_file.iter().map(|file| format!("own file {}", escape(file))));
    let by = request.approved_by.join(", ");
    let by = escape(&by);
    lines.push(match &request.approved {
        Some(day) => {
            let effective = request.day.as_ref().filter(|effective| *effective != day);
            let effective = prefix_if_some(", effective ", effective);
            format!("approved {day} by {by}{effective}")
        }
        None if by.is_empty() => "not approved yet".to_owned(),
        None => format!(
            "approved by {by}; {}",
            escape(request.missing_approvals.as_deref().unwrap_or_default())
        ),
    });
    let unverified = request.unverified.iter();
    lines.extend(unverified.map(|why| format!("not verified: {}", escape(why))));
    lines.extend(request.done_on.iter().map(|day| format!("done {day}")));
    let trouble = request.trouble.iter();
    lines.extend(trouble.map(|trouble| format!("last time {}", escape(trouble))));
    lines.extend(request.notices.iter().map(NoticeDeliveryOutput::notice_line));
    let reason = request.reason.iter().flat_map(|reason| reason.trim().lines());
    lines.extend(reason.map(|line| escape(line).into_owned()));
    lines.push(escape(&request.file).into_owned());
    for line in lines {
        let _ = writeln!(text, "    {line}");
    }
    text
}
