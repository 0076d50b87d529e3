//! The rows of the register as written: separate types, described by `arkib schema`. Pure.

use schemars::JsonSchema;
use serde::Serialize;

/// One request, from its receipt to the notices about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Row")]
pub struct RequestRow {
    /// Its id.
    pub id: String,
    /// enable, terminate or withdraw.
    pub action: &'static str,
    /// The request that it withdraws, if it is a withdrawal.
    pub withdraws: Option<String>,
    /// Its stage, which is the most urgent of its mailboxes: pending, blocked, waiting, in-progress,
    /// scheduled, done, superseded or withdrawn.
    pub stage: &'static str,
    /// Who has to act next, while it is open: approver, administrator, run, portal or day.
    pub waits_for: Option<&'static str>,
    /// Its receipt (procedure step 1).
    pub received: ReceivedRow,
    /// Its approvals (step 2), in the order of the file.
    pub approvals: Vec<ApprovalRow>,
    /// The day of the approval that completed their number; null while it is pending.
    pub approved: Option<String>,
    /// The day on which it takes effect; null while it is pending.
    pub day: Option<String>,
    /// The day on which its last mailbox was done that no other request replaced (step 3), if known.
    pub done_on: Option<String>,
    /// The days from receipt until then.
    pub days_to_done: Option<i32>,
    /// The days since receipt, while it is open.
    pub age_days: Option<i32>,
    /// The request that withdrew it.
    pub withdrawn_by: Option<String>,
    /// Why it was made.
    pub reason: Option<String>,
    /// Its mailboxes, in the order of the file; a withdrawal has none.
    pub mailboxes: Vec<MailboxRow>,
    /// The notices about it (step 4), oldest first.
    pub notices: Vec<NoticeRow>,
    /// The documents filed with it (section 6).
    pub evidence: Vec<EvidenceRow>,
    /// Its file.
    pub file: String,
}

/// The receipt of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReceivedRow {
    /// The day.
    pub date: String,
    /// email, memo, letter or form.
    pub channel: &'static str,
    /// The reference under which the document is filed.
    pub reference: String,
    /// The applicant.
    pub from: Option<String>,
    /// The applicant's name, as in a letter.
    pub name: Option<String>,
    /// The agency's own file.
    pub file: Option<String>,
}

/// An approval of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ApprovalRow {
    /// Who approved.
    pub by: String,
    /// The day.
    pub date: String,
    /// In the register of one request: the text that is approved, as it is signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statement: Option<String>,
}

/// The lifecycle of one mailbox of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MailboxRow {
    /// The address.
    pub mailbox: String,
    /// Its stage, with the same words as for a request.
    pub stage: &'static str,
    /// The day on which it was done in the agency's time zone, if known.
    pub done_on: Option<String>,
    /// The moment (RFC 3339).
    pub done_at: Option<String>,
    /// Who ran arkib when it was done, or found to be so, if a record says it.
    pub done_by: Option<String>,
    /// The record of that run.
    pub record: Option<String>,
    /// Why it cannot be done.
    pub obstacle: Option<ObstacleRow>,
    /// The request that decides instead.
    pub superseded_by: Option<String>,
    /// Whether it was done and is no longer so in the portal.
    pub drifted: bool,
    /// Until when a terminated archive can be recovered (RFC 3339).
    pub recoverable_until: Option<String>,
    /// The last whole day before that, in the agency's time zone.
    pub last_recoverable_day: Option<String>,
    /// Why the last attempt failed.
    pub trouble: Option<FailedAttemptRow>,
}

/// Why a change cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ObstacleRow {
    /// no-account, another-account, unreadable-row, ambiguous, account-not-active, hold, protected,
    /// unknown-state or unverified.
    pub code: &'static str,
    /// As a text.
    pub detail: String,
}

/// An attempt that failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FailedAttemptRow {
    /// failed, unknown or skipped.
    pub outcome: String,
    /// Its cause.
    pub cause: Option<String>,
}

/// A notice that was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NoticeRow {
    /// received, approved, enabled, blocked, terminated or withdrawn.
    pub kind: String,
    /// The recipient.
    pub to: String,
    /// email, memo, letter or form.
    pub channel: String,
    /// The day in the agency's time zone.
    pub day: String,
    /// The moment (RFC 3339).
    pub at: String,
    /// sent, printed, refused, deferred or unknown.
    pub outcome: String,
    /// The mail server's answer, or the name of the file.
    pub detail: Option<String>,
    /// Who ran arkib when it was given.
    pub by: Option<String>,
    /// The record of that run.
    pub record: String,
}

/// A document filed with a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EvidenceRow {
    /// Its file.
    pub file: String,
    /// The link to it from the folder of the register, as a relative reference (RFC 3986 section 4.2);
    /// null if there is none.
    pub href: Option<String>,
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
    /// Its size in bytes.
    pub size: u64,
}
