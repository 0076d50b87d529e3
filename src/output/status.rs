//! The timeline of a mailbox or a request, for people and for programs.

mod human;

use schemars::JsonSchema;
use serde::Serialize;

use jiff::civil::Date;

use super::json::{AgencyOutput, ExitOutput, FindingOutput};
use super::phrases;
use crate::domain::approval::verification::UnverifiedReason;
use crate::domain::archive_state::Target;
use crate::domain::lifecycle::{MailboxLifecycle, RequestLifecycle};
use crate::domain::local_time::local_day;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::observed::ObservedMailbox;
use crate::domain::record::history::NoticeDelivery;
use crate::domain::request::approval_state::MissingApprovals;
use crate::finding::Finding;
use crate::language::Message;
use crate::printer::text;
use crate::text::escape;

pub use self::human::render_text;

/// The beginning of each output of `arkib status`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StatusHead {
    /// The agency's short name; null if the run ended before the first agency.
    agency: Option<String>,
    /// Where the requests were read: a commit, or a folder.
    requests: Message,
    /// The day that counts as today.
    as_of: String,
    /// Whether the portal was not read, so that only the records say what was done.
    pub offline: bool,
}

impl StatusHead {
    /// Builds the output.
    pub fn new(agency: Option<&str>, requests: Message, as_of: Date, offline: bool) -> Self {
        Self { agency: agency.map(str::to_owned), requests, as_of: as_of.to_string(), offline }
    }

    /// The first line.
    pub(super) fn first_line(&self) -> String {
        let offline = self.offline.then(|| text!("status-offline"));
        let more = [offline, Some(text!("plan-as-of", day = &self.as_of))];
        let agency = self.agency.as_deref().unwrap_or_default();
        phrases::header(agency, &self.requests, more) + "\n"
    }
}

/// The output of `arkib status --format json` for one agency.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StatusOutput {
    #[serde(flatten)]
    head: StatusHead,
    /// The mailboxes asked for, or those of the request asked for.
    mailboxes: Vec<MailboxTimeline>,
    /// Problems of the files, which stop the run.
    findings: Vec<FindingOutput>,
    /// How the run ended.
    exit: ExitOutput,
}

impl AgencyOutput for StatusOutput {
    const FORMAT: &'static str = "arkib.status/2";
}

impl StatusOutput {
    /// Builds the output.
    pub fn new(
        head: StatusHead,
        mailboxes: Vec<MailboxTimeline>,
        found: &[Finding],
        exit: ExitOutput,
    ) -> Self {
        Self { head, mailboxes, findings: found.iter().map(FindingOutput::new).collect(), exit }
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
    next: Message,
    /// Every request that names it, in the order in which they take effect.
    requests: Vec<RequestStatusOutput>,
}

impl MailboxTimeline {
    /// Builds the output.
    pub fn new(
        mailbox: &Mailbox,
        observed: Option<&ObservedMailbox>,
        wanted: Option<Target>,
        next: Message,
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
    trouble: Option<Message>,
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
    missing_approvals: Option<Message>,
    /// While it is pending or scheduled, why an approval does not count, so that it will not be carried out.
    unverified: Option<Message>,
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
            trouble: here.and_then(MailboxLifecycle::last_failure),
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
            missing_approvals: request.missing_approvals().map(MissingApprovals::describe),
            unverified: lifecycle.unverified.as_ref().map(UnverifiedReason::describe),
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
        let (kind, to, day) = (notice_word(&self.kind), escape(&self.to), &self.on);
        let (channel, outcome) =
            (Message::from_word(&self.channel), Message::from_word(&self.outcome));
        match &self.detail {
            Some(detail) => {
                let detail = escape(detail);
                text!("status-notice-detail", kind, to, channel, outcome, day, detail)
            }
            None => text!("status-notice", kind, to, channel, outcome, day),
        }
    }
}

/// The kind of a notice, for people.
fn notice_word(kind: &str) -> Message {
    match kind {
        "received" => message!("status-notice-received"),
        "approved" => message!("status-notice-approved"),
        "enabled" => message!("status-notice-enabled"),
        "blocked" => message!("status-notice-blocked"),
        "terminated" => message!("status-notice-terminated"),
        "withdrawn" => message!("status-notice-withdrawn"),
        other => Message::verbatim(other),
    }
}
