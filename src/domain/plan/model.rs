//! The contents of a plan: the changes, and everything else that a reviewer must know. Pure.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use crate::domain::approval::verification::UnverifiedApprovals;
use crate::domain::archive_state::{State, Target};
use crate::domain::desired::{Desired, UnverifiedRequest};
use crate::domain::mailbox_address::Mailbox;
use crate::domain::observed::{HandedOverChange, ObservedMailbox, PortalId, RelatedAccount};
use crate::domain::plan::digest::Digest;
use crate::domain::plan::handed_over::RecalledChange;
use crate::domain::plan::note::Note;
use crate::domain::plan::refusal::Refusal;
use crate::domain::request::{Request, RequestId};
use crate::language::Message;
use jiff::Timestamp;
use jiff::civil::Date;

/// Why a change is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// A request asks for it and was not carried out yet.
    Request,
    /// The portal says that the request was carried out, but it is no longer so.
    Drift,
    /// The same, but only the records of runs say so: the portal cannot, or was restored from a backup.
    Recorded,
}

impl Cause {
    /// The word in outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Drift | Self::Recorded => "drift",
        }
    }

    /// The cause in a saved or accepted plan: what the portal says. Records change how a change is
    /// described, but not what is done.
    pub(crate) fn to_reviewed_cause(self) -> ReviewedCause {
        match self {
            Self::Request | Self::Recorded => ReviewedCause::Request,
            Self::Drift => ReviewedCause::Drift,
        }
    }

    /// Whether it was done and is no longer so.
    pub fn is_drift(self) -> bool {
        matches!(self, Self::Drift | Self::Recorded)
    }
}

words! {
    /// Why a change is made, as in a saved plan.
    pub enum ReviewedCause {
        /// A request asks for it.
        Request = "request",
        /// The portal says that it was carried out, but it is no longer so.
        Drift = "drift",
    }
}

/// What the portal tells of a mailbox's last change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LastChange {
    /// When it was.
    pub at: Option<Timestamp>,
    /// The id of the request that it was for.
    pub request: Option<Box<str>>,
}

/// One archive that will be enabled or terminated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The mailbox.
    pub mailbox: Mailbox,
    /// What its archive becomes.
    pub target: Target,
    /// Why.
    pub cause: Cause,
    /// The approved request that is the authority for it.
    pub request: Arc<Request>,
    /// The line of the request's file that names the mailbox.
    pub line: u32,
    /// The state of the archive when it was planned.
    pub from: State,
    /// The portal's key of the mailbox.
    pub id: PortalId,
    /// The version of the mailbox when it was planned, if the portal has versions.
    pub version: Option<Box<str>>,
    /// What a reviewer should know.
    pub note: Option<Note>,
    /// Of drift: what the portal tells of it.
    pub last_change: LastChange,
}

impl Change {
    /// What a reviewer should know, for people.
    pub fn remark(&self) -> Option<Message> {
        let went_back = (self.cause == Cause::Recorded).then(|| message!("plan-went-back"));
        let remarks: Vec<Message> =
            went_back.into_iter().chain(self.note.map(Note::describe)).collect();
        (!remarks.is_empty()).then(|| Message::joined(remarks, "; "))
    }
}

/// Why a wanted change cannot be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// The portal has no account of that address, but perhaps one that is meant. It is not known whether
    /// its archive was terminated: absence is never taken for success.
    NoAccount(Option<RelatedAccount>),
    /// The account was created after the request was approved, on that day.
    AnotherAccount(Option<Date>),
    /// A row of the export that cannot be read is probably this mailbox; the file and the row.
    UnreadableRow(Box<str>),
    /// More than one account has the address.
    Ambiguous,
    /// The account is not active; the portal's word for its state.
    AccountNotActive(Box<str>),
    /// It is on legal hold.
    Hold,
    /// The policy protects it from termination.
    Protected,
    /// The portal reports a state that arkib does not know.
    UnknownState(Box<str>),
    /// The approval of the deciding request, or of its withdrawal, is unverified.
    Unverified(Box<UnverifiedRequest>),
}

impl fmt::Display for Obstacle {
    /// For programs, records and diagnostics.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.describe().in_english())
    }
}

impl Obstacle {
    /// Why the change cannot be made, for people.
    pub fn describe(&self) -> Message {
        match self {
            Self::NoAccount(None) => message!("plan-obstacle-no-account"),
            Self::NoAccount(Some(RelatedAccount::Similar(near))) => {
                message!("plan-obstacle-similar-account", similar = near.as_str())
            }
            Self::NoAccount(Some(RelatedAccount::AliasOf(own))) => {
                message!("plan-obstacle-alias", address = own.as_str())
            }
            Self::NoAccount(Some(RelatedAccount::RenamedTo(new))) => {
                message!("plan-obstacle-renamed", address = new.as_str())
            }
            Self::AnotherAccount(None) => message!("plan-obstacle-another-account"),
            Self::AnotherAccount(Some(day)) => {
                message!("plan-obstacle-another-account-since", day = *day)
            }
            Self::UnreadableRow(place) => {
                message!("plan-obstacle-unreadable-row", place = &**place)
            }
            Self::Ambiguous => message!("plan-obstacle-ambiguous"),
            Self::AccountNotActive(state) => match &**state {
                "disabled" => message!("plan-obstacle-account-disabled"),
                "deleted" => message!("plan-obstacle-account-deleted"),
                "requested-to-delete" => message!("plan-obstacle-account-about-to-be-deleted"),
                state => message!("plan-obstacle-account-not-active", state),
            },
            Self::Hold => message!("plan-obstacle-hold"),
            Self::Protected => message!("plan-obstacle-protected"),
            Self::UnknownState(state) => message!("plan-obstacle-unknown-state", state = &**state),
            Self::Unverified(unverified) => {
                let UnverifiedRequest { request, reason } = &**unverified;
                let (request, reason) = (request.as_str(), reason.describe());
                message!("plan-obstacle-unverified", request, reason)
            }
        }
    }

    /// The stable name in outputs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoAccount(_) => "no-account",
            Self::AnotherAccount(_) => "another-account",
            Self::UnreadableRow(_) => "unreadable-row",
            Self::Ambiguous => "ambiguous",
            Self::AccountNotActive(_) => "account-not-active",
            Self::Hold => "hold",
            Self::Protected => "protected",
            Self::UnknownState(_) => "unknown-state",
            Self::Unverified(_) => "unverified",
        }
    }
}

/// A mailbox whose wanted change cannot be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockedMailbox {
    /// The mailbox.
    pub mailbox: Mailbox,
    /// What its archive should become.
    pub target: Target,
    /// Why it cannot.
    pub obstacle: Obstacle,
    /// The request that wants it.
    pub request: Arc<Request>,
    /// The line of the request's file that names the mailbox.
    pub line: u32,
}

/// A mailbox on which the portal is still working.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailboxInProgress {
    /// The mailbox.
    pub mailbox: Mailbox,
    /// Enabling or terminating.
    pub state: State,
    /// The desired state of its archive.
    pub target: Target,
    /// The request that wants it.
    pub request: RequestId,
    /// If people operate the portal, what was handed over; the export does not show it yet.
    pub handed_over: Option<HandedOverChange>,
}

/// An archive that no request names. arkib never touches it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnmanagedMailbox {
    /// The mailbox.
    pub mailbox: Mailbox,
    /// Its archive's state.
    pub state: State,
}

impl UnmanagedMailbox {
    pub(super) fn new(observed: &ObservedMailbox) -> Self {
        Self { mailbox: observed.mailbox.clone(), state: observed.state.clone() }
    }
}

/// Everything that a run will do for one agency, and what it will not do, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The agency's short name.
    pub agency: String,
    /// The day for which it was made.
    pub as_of: Date,
    /// Terminations first, then by mailbox.
    pub changes: Vec<Change>,
    /// By mailbox.
    pub blocked: Vec<BlockedMailbox>,
    /// By mailbox.
    pub in_progress: Vec<MailboxInProgress>,
    /// The number of mailboxes that are as their requests say.
    pub in_sync: usize,
    /// Mailboxes whose address another account has now, after their request was carried out; sorted.
    pub over: Vec<Mailbox>,
    /// What was handed over and is no longer wanted: it should not be done any more. By mailbox.
    pub recalled: Vec<RecalledChange>,
    /// The files that were handed over and must not be uploaded any more, by name.
    pub void: Vec<Box<str>>,
    /// By mailbox.
    pub unmanaged: Vec<UnmanagedMailbox>,
    /// Requests without an approval, by id.
    pub pending: Vec<Arc<Request>>,
    /// Approved requests that are not due yet, by id.
    pub scheduled: Vec<Arc<Request>>,
    /// Of both, why an approval does not count.
    pub unverified: UnverifiedApprovals,
    /// The limits that the plan exceeds; empty if it may run.
    pub refusals: Vec<Refusal>,
    /// The digest of the changes, the observed states, the exceeded limits and the policy.
    pub digest: Digest,
}

/// What a plan says about one mailbox that is not in its desired state.
#[derive(Debug, Clone, Copy)]
pub enum PlanEntry<'a> {
    /// It is changed.
    Change(&'a Change),
    /// It cannot be changed.
    Blocked(&'a BlockedMailbox),
    /// The portal is still working on it.
    InProgress(&'a MailboxInProgress),
}

impl Plan {
    /// A request that something is still to be done for, or that waits.
    pub fn find_request(&self, id: &RequestId) -> Option<&Arc<Request>> {
        let changed = self.changes.iter().map(|change| &change.request);
        let blocked = self.blocked.iter().map(|blocked| &blocked.request);
        let mut all = changed.chain(blocked).chain(&self.pending).chain(&self.scheduled);
        all.find(|request| request.id == *id)
    }

    /// What it says about each mailbox; a mailbox that is missing is in its desired state.
    pub fn by_mailbox(&self) -> HashMap<&Mailbox, PlanEntry<'_>> {
        let changes = self.changes.iter();
        let blocked = self.blocked.iter();
        let in_progress = self.in_progress.iter();
        changes
            .map(|change| (&change.mailbox, PlanEntry::Change(change)))
            .chain(blocked.map(|blocked| (&blocked.mailbox, PlanEntry::Blocked(blocked))))
            .chain(in_progress.map(|item| (&item.mailbox, PlanEntry::InProgress(item))))
            .collect()
    }

    /// Its terminations of mailboxes that a pull request does not change.
    pub fn other_terminations(&self, difference: &Desired) -> Vec<Change> {
        let ends = self.changes.iter().filter(|change| change.target == Target::Terminated);
        let others = ends.filter(|change| difference.named.binary_search(&change.mailbox).is_err());
        others.cloned().collect()
    }

    /// How many accounts that requests name the portal has.
    pub(super) fn count_seen_accounts(&self) -> usize {
        let is_seen =
            |blocked: &&BlockedMailbox| !matches!(blocked.obstacle, Obstacle::NoAccount(_));
        self.changes.len()
            + self.blocked.iter().filter(is_seen).count()
            + self.in_progress.len()
            + self.in_sync
            + self.over.len()
    }

    /// How many archives it terminates.
    pub fn count_terminations(&self) -> usize {
        let changes = self.changes.iter();
        changes.filter(|change| change.target == Target::Terminated).count()
    }

    /// How many archives it enables.
    pub fn count_enables(&self) -> usize {
        self.changes.len() - self.count_terminations()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inactive_accounts_have_their_own_texts() {
        for (state, words) in [
            ("disabled", "the account is disabled in the portal"),
            ("deleted", "the account is deleted in the portal"),
            ("requested-to-delete", "the account is about to be deleted in the portal"),
            ("sleeping", "the account is not active in the portal: sleeping"),
        ] {
            let obstacle = Obstacle::AccountNotActive(state.into());
            assert_eq!(obstacle.to_string(), words);
        }
    }
}
