//! The lifecycle of an archive: which state may follow which, and what a change entails. Pure: the time
//! is passed in. May not know HTTP, JSON or the store.

#[cfg(test)]
mod tests;

use jiff::{SignedDuration, Timestamp};

use super::enum_words::{Account, State};

/// What the portal holds of one archive and its account. `None` is "unassigned" (RFC 7643 section 2.5).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Archive {
    pub(crate) state: State,
    pub(crate) request: Option<String>,
    pub(crate) changed_at: Option<Timestamp>,
    pub(crate) recoverable_until: Option<Timestamp>,
    pub(crate) hold: Option<bool>,
    pub(crate) account: Option<Account>,
    /// Core `active`.
    pub(crate) active: Option<bool>,
    /// When enabling or terminating ends, in milliseconds of the wall clock.
    pub(crate) settles_at: Option<i64>,
}

/// How long a terminated archive can be recovered.
const RECOVERABLE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The portal's rules and the time of a write.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TransitionTiming {
    pub(crate) now: Timestamp,
    /// When what begins now would settle; `None` where everything is done at once.
    pub(crate) settles_at: Option<i64>,
}

/// A line of the audit trail, before it has a number, a time and a mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AuditEntry {
    pub(crate) from: Option<State>,
    pub(crate) to: Option<State>,
    pub(crate) request: Option<String>,
    pub(crate) detail: String,
}

/// Why a write is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum WriteRefusal {
    #[error("`{}` is set by the portal itself; a client can only set enabled or terminated", .0.as_str())]
    NotWritable(State),
    #[error("the archive is {}; its state cannot be changed until this has finished", .0.as_str())]
    Busy(State),
    #[error("the mailbox is on legal hold, so its archive must not be terminated")]
    OnHold,
    #[error("the account is not active, so no archive can be enabled for it")]
    NotActive,
    #[error("there is no archive to terminate")]
    NoArchive,
    #[error("an archive that is {} cannot become disabled; terminate it instead", .0.as_str())]
    HasArchive(State),
}

impl Archive {
    /// A mailbox without an archive.
    pub(crate) fn for_new_mailbox() -> Self {
        Self {
            hold: Some(false),
            account: Some(Account::Active),
            active: Some(true),
            ..Self::default()
        }
    }

    /// Whether the account is in use; core `active` counts where `account` is absent.
    fn is_active(&self) -> bool {
        match self.account {
            Some(account) => account == Account::Active,
            None => self.active == Some(true),
        }
    }

    /// Keeps `account` and core `active` in step after a write: the changed one wins, and if two
    /// changes contradict each other, `account` wins because it says more.
    fn sync_account_and_active(&mut self, wanted: &Self) {
        if wanted.account != self.account {
            self.account = wanted.account;
            self.active = match wanted.account {
                Some(account) => Some(account == Account::Active),
                None => wanted.active,
            };
        } else if wanted.active != self.active {
            self.active = wanted.active;
            self.account = match (wanted.active, self.account) {
                (Some(true), Some(_)) => Some(Account::Active),
                (Some(false), Some(Account::Active)) => Some(Account::Disabled),
                (_, account) => account,
            };
        }
    }

    /// A mailbox as a client creates it. It may have an archive already, like a mailbox that is
    /// migrated from another system; this portal does not know when that archive last changed.
    pub(crate) fn create(
        wanted: &Self,
        transition_timing: &TransitionTiming,
    ) -> Result<(Self, Vec<AuditEntry>), WriteRefusal> {
        if wanted.state.is_settling() {
            return Err(WriteRefusal::NotWritable(wanted.state));
        }
        let mut archive = Self {
            state: wanted.state,
            request: wanted.request.clone(),
            hold: wanted.hold,
            ..Self::for_new_mailbox()
        };
        archive.sync_account_and_active(wanted);
        if archive.state == State::Disabled {
            return Ok((archive, Vec::new()));
        }
        if archive.state == State::Terminated {
            archive.recoverable_until = Some(transition_timing.recoverable_until());
        }
        let audit_entry = archive.audit_entry(None, "the mailbox was created with this state");
        Ok((archive, vec![audit_entry]))
    }

    /// The audit trail's entry for the archive as it is now.
    fn audit_entry(&self, from: Option<State>, detail: impl Into<String>) -> AuditEntry {
        AuditEntry {
            from,
            to: Some(self.state),
            request: self.request.clone(),
            detail: detail.into(),
        }
    }

    /// The archive after a client's write, and its audit entries. Of the wanted values
    /// only those that a client may write count: state, request, hold and account. A state change is
    /// judged by hold and account as they are after the write.
    pub(crate) fn apply_client_write(
        &self,
        wanted: &Self,
        transition_timing: &TransitionTiming,
    ) -> Result<(Self, Vec<AuditEntry>), WriteRefusal> {
        let mut next = Self { request: wanted.request.clone(), hold: wanted.hold, ..self.clone() };
        next.sync_account_and_active(wanted);
        let mut changes = Vec::new();
        let mut facts = Vec::new();
        if next.account != self.account || next.is_active() != self.is_active() {
            facts.push(format!("account: {} to {}", self.account_word(), next.account_word()));
        }
        if next.hold.unwrap_or(false) != self.hold.unwrap_or(false) {
            facts.push(format!("hold: {}", next.hold.unwrap_or(false)));
        }
        if !facts.is_empty() {
            changes.push(next.audit_entry(Some(self.state), facts.join("; ")));
        }
        if wanted.state != self.state {
            changes.push(next.change_state(wanted.state, transition_timing)?);
        }
        Ok((next, changes))
    }

    fn account_word(&self) -> &'static str {
        match (self.account, self.is_active()) {
            (Some(account), _) => account.as_str(),
            (None, true) => "active",
            (None, false) => "unassigned",
        }
    }

    fn change_state(
        &mut self,
        to: State,
        transition_timing: &TransitionTiming,
    ) -> Result<AuditEntry, WriteRefusal> {
        let from = self.state;
        if to.is_settling() {
            return Err(WriteRefusal::NotWritable(to));
        }
        if from.is_settling() {
            return Err(WriteRefusal::Busy(from));
        }
        let begun = match to {
            State::Enabled if !self.is_active() => return Err(WriteRefusal::NotActive),
            State::Enabled => self.begin_enabling(transition_timing),
            State::Terminated if from == State::Disabled => return Err(WriteRefusal::NoArchive),
            State::Terminated if self.hold == Some(true) => return Err(WriteRefusal::OnHold),
            State::Terminated => {
                self.state = State::Terminating;
                "the archive is being removed".to_owned()
            }
            _ => return Err(WriteRefusal::HasArchive(from)),
        };
        self.changed_at = Some(transition_timing.now);
        self.settles_at = transition_timing.settles_at;
        let detail = match transition_timing.settles_at {
            Some(_) => begun,
            // For an immediate removal the entry describes its end; for a new archive, its origin.
            None => match self.finish_transition(transition_timing) {
                Some(ended) if to == State::Terminated => ended,
                _ => begun,
            },
        };
        Ok(self.audit_entry(Some(from), detail))
    }

    /// Starts enabling.
    fn begin_enabling(&mut self, transition_timing: &TransitionTiming) -> String {
        let was = std::mem::replace(&mut self.state, State::Enabling);
        match (was, self.recoverable_until.take()) {
            (State::Terminated, Some(until)) if transition_timing.now <= until => {
                "the archive was reconnected".to_owned()
            }
            (State::Terminated, Some(until)) => {
                format!("a new, empty archive: the old one could not be recovered after {until}")
            }
            (State::Terminated, None) => {
                "a new, empty archive: it is not known that the old one can be recovered".to_owned()
            }
            _ => "a new, empty archive".to_owned(),
        }
    }

    /// Ends enabling or terminating; `None` where there is nothing to end.
    fn finish_transition(&mut self, transition_timing: &TransitionTiming) -> Option<String> {
        self.settles_at = None;
        match self.state {
            State::Enabling => {
                self.state = State::Enabled;
                Some("the archive is ready".to_owned())
            }
            State::Terminating => {
                self.state = State::Terminated;
                let until = transition_timing.recoverable_until();
                self.recoverable_until = Some(until);
                Some(format!("the archive can be recovered until {until}"))
            }
            _ => None,
        }
    }

    /// The archive after enabling or terminating has ended, and its audit entry;
    /// `None` where there is nothing to end.
    pub(crate) fn settle_transition(
        &self,
        transition_timing: &TransitionTiming,
    ) -> Option<(Self, AuditEntry)> {
        let mut next = self.clone();
        let detail = next.finish_transition(transition_timing)?;
        next.changed_at = Some(transition_timing.now);
        let audit_entry = next.audit_entry(Some(self.state), detail);
        Some((next, audit_entry))
    }
}

impl TransitionTiming {
    fn recoverable_until(&self) -> Timestamp {
        self.now.checked_add(RECOVERABLE).unwrap_or(Timestamp::MAX)
    }
}
