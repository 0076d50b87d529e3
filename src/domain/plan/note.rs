//! Notes for reviewers: what happens to the content of a changed archive. Pure.

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::domain::archive_state::{State, Target};
use crate::domain::local_time::local_day;
use crate::domain::observed::ObservedMailbox;
use crate::domain::policy::Policy;
use crate::language::Message;

/// A note beside a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Note {
    /// According to the policy, the portal keeps the terminated archive until some moment of that day.
    KeptUntil(Date),
    /// It is not known how long the portal keeps a terminated archive.
    KeepingUnknown,
    /// Enabling restores the old archive, which is kept until that day.
    ComesBack(Date),
    /// The old archive is deleted at some moment of this day.
    LastDay(Date),
    /// The old archive was deleted after that day: enabling gives an empty one.
    EmptySince(Date),
    /// The portal does not say whether the old archive is still there.
    OldArchiveUnknown,
}

impl Note {
    /// The note for people.
    pub fn describe(self) -> Message {
        match self {
            Self::KeptUntil(day) => message!("plan-note-kept-until", day),
            Self::KeepingUnknown => message!("plan-note-keeping-unknown"),
            Self::ComesBack(day) => message!("plan-note-comes-back", day),
            Self::LastDay(day) => message!("plan-note-last-day", day),
            Self::EmptySince(day) => message!("plan-note-empty-since", day),
            Self::OldArchiveUnknown => message!("plan-note-old-archive-unknown"),
        }
    }

    /// The note in digests and saved plans, which never changes with the text that is shown. The day
    /// of [`Note::KeptUntil`] changes every day; the policy has the number of days.
    pub(super) fn stable_key(self) -> String {
        match self {
            Self::KeptUntil(_) => "kept-until".to_owned(),
            Self::KeepingUnknown => "keeping-unknown".to_owned(),
            Self::ComesBack(day) => format!("comes-back {day}"),
            Self::LastDay(day) => format!("last-day {day}"),
            Self::EmptySince(day) => format!("empty-since {day}"),
            Self::OldArchiveUnknown => "old-archive-unknown".to_owned(),
        }
    }
}

pub(super) fn note_for(
    target: Target,
    mailbox: &ObservedMailbox,
    as_of: Date,
    policy: &Policy,
) -> Option<Note> {
    let end = || {
        let days = i64::from(policy.recoverable_days?);
        as_of.checked_add(days.days()).ok()
    };
    let until = mailbox.recoverable_until.map(local_day);
    match (target, &mailbox.state) {
        (Target::Terminated, _) => Some(end().map_or(Note::KeepingUnknown, Note::KeptUntil)),
        (Target::Enabled, State::Terminated) => Some(match until {
            Some(until) if as_of < until => Note::ComesBack(until),
            Some(until) if as_of == until => Note::LastDay(until),
            Some(until) => Note::EmptySince(until),
            None => Note::OldArchiveUnknown,
        }),
        (Target::Enabled, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::observed::sample_mailbox;
    use crate::domain::request::sample;
    use jiff::civil::date;

    fn policy(recoverable_days: Option<u32>) -> Policy {
        Policy { recoverable_days, ..sample::policy("CONTOH", "") }
    }

    fn mailbox(state: State, until: Option<&str>) -> ObservedMailbox {
        ObservedMailbox {
            recoverable_until: until.map(|until| until.parse().unwrap()),
            ..sample_mailbox("m1@agensi.example", "1", state)
        }
    }

    #[test]
    fn note_on_the_old_archive_depends_on_the_day() {
        let until = date(2026, 12, 23);
        // Late on the 22nd in UTC is the 23rd in Malaysia.
        let mailbox = mailbox(State::Terminated, Some("2026-12-22T20:00:00Z"));
        for (as_of, note) in [
            (date(2026, 12, 22), Note::ComesBack(until)),
            (date(2026, 12, 23), Note::LastDay(until)),
            (date(2026, 12, 24), Note::EmptySince(until)),
        ] {
            let found = note_for(Target::Enabled, &mailbox, as_of, &policy(None));
            assert_eq!(found, Some(note));
        }
    }

    #[test]
    fn note_says_only_what_is_known() {
        let as_of = date(2026, 11, 23);
        let enabled = mailbox(State::Enabled, None);
        for (days, note) in
            [(None, Note::KeepingUnknown), (Some(30), Note::KeptUntil(date(2026, 12, 23)))]
        {
            let found = note_for(Target::Terminated, &enabled, as_of, &policy(days));
            assert_eq!(found, Some(note));
        }
        for (state, note) in
            [(State::Terminated, Some(Note::OldArchiveUnknown)), (State::Disabled, None)]
        {
            let found = note_for(Target::Enabled, &mailbox(state, None), as_of, &policy(None));
            assert_eq!(found, note);
        }
    }
}
