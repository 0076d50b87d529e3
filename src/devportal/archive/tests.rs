//! Every move of an archive.

use super::*;

fn transition_timing(now: &str) -> TransitionTiming {
    TransitionTiming { now: now.parse().expect("a time"), settles_at: None }
}

fn archive(state: State) -> Archive {
    Archive { state, ..Archive::for_new_mailbox() }
}

fn wanted(archive: &Archive, state: State) -> Archive {
    Archive { state, request: Some("BMT-1".to_owned()), ..archive.clone() }
}

#[test]
fn decides_every_pair_of_states() {
    use State::{Disabled, Enabled, Enabling, Terminated, Terminating};
    let now = transition_timing("2026-11-03T00:00:00Z");
    let all = [Disabled, Enabling, Enabled, Terminating, Terminated];
    for from in all {
        for to in all {
            let before = archive(from);
            let got = before
                .apply_client_write(&wanted(&before, to), &now)
                .map(|(after, changes)| (after.state, changes.len()));
            let expected = match (from, to) {
                (from, to) if from == to => Ok((from, 0)),
                (_, Enabling | Terminating) => Err(WriteRefusal::NotWritable(to)),
                (Enabling | Terminating, _) => Err(WriteRefusal::Busy(from)),
                (Disabled | Terminated, Enabled) => Ok((Enabled, 1)),
                (Enabled, Terminated) => Ok((Terminated, 1)),
                (Disabled, Terminated) => Err(WriteRefusal::NoArchive),
                (_, _) => Err(WriteRefusal::HasArchive(from)),
            };
            assert_eq!(got, expected, "{from:?} to {to:?}");
        }
    }
}

#[test]
fn reconnects_a_recoverable_archive_else_creates_one() {
    let before = archive(State::Enabled);
    let (gone, _) = before
        .apply_client_write(
            &wanted(&before, State::Terminated),
            &transition_timing("2026-11-01T00:00:00Z"),
        )
        .expect("terminated");
    assert_eq!(
        gone.recoverable_until.map(|until| until.to_string()),
        Some("2026-12-01T00:00:00Z".to_owned())
    );
    for (now, expected) in [
        ("2026-12-01T00:00:00Z", "the archive was reconnected"),
        (
            "2026-12-01T00:00:01Z",
            "a new, empty archive: the old one could not be recovered after 2026-12-01T00:00:00Z",
        ),
    ] {
        let (back, changes) = gone
            .apply_client_write(&wanted(&gone, State::Enabled), &transition_timing(now))
            .expect("enabled");
        assert_eq!(changes[0].detail, expected);
        assert_eq!(back.recoverable_until, None);
    }
}

#[test]
fn hold_and_account_count_as_after_the_write() {
    let now = transition_timing("2026-11-03T00:00:00Z");
    let mut held = archive(State::Enabled);
    held.hold = Some(true);
    let mut ask = wanted(&held, State::Terminated);
    assert_eq!(held.apply_client_write(&ask, &now), Err(WriteRefusal::OnHold));
    ask.hold = Some(false);
    let (_, changes) = held.apply_client_write(&ask, &now).expect("released and terminated");
    assert_eq!(changes.len(), 2);
    assert_eq!(changes[0].detail, "hold: false");

    let mut idle = archive(State::Disabled);
    (idle.account, idle.active) = (Some(Account::Disabled), Some(false));
    let mut ask = wanted(&idle, State::Enabled);
    assert_eq!(idle.apply_client_write(&ask, &now), Err(WriteRefusal::NotActive));
    ask.active = Some(true);
    assert_eq!(
        idle.apply_client_write(&ask, &now).map(|(after, _)| after.account),
        Ok(Some(Account::Active))
    );
}

#[test]
fn account_and_active_follow_each_other() {
    let now = transition_timing("2026-11-03T00:00:00Z");
    let before = archive(State::Disabled);
    let mut ask = wanted(&before, State::Disabled);
    ask.account = Some(Account::Deleted);
    let (after, changes) = before.apply_client_write(&ask, &now).expect("written");
    assert_eq!(after.active, Some(false));
    assert_eq!(changes[0].detail, "account: active to deleted");
    let mut ask = wanted(&before, State::Disabled);
    ask.active = Some(false);
    let (after, _) = before.apply_client_write(&ask, &now).expect("written");
    assert_eq!(after.account, Some(Account::Disabled));
}

#[test]
fn the_portal_settles_changes_after_the_delay() {
    let mut slow = transition_timing("2026-11-03T00:00:00Z");
    slow.settles_at = Some(7);
    let before = archive(State::Enabled);
    let (going, _) =
        before.apply_client_write(&wanted(&before, State::Terminated), &slow).expect("terminating");
    assert_eq!(going.state, State::Terminating);
    assert_eq!(going.recoverable_until, None);
    assert_eq!(going.settles_at, Some(7));
    let (gone, change) = going.settle_transition(&slow).expect("settled");
    assert_eq!(gone.state, State::Terminated);
    assert!(gone.recoverable_until.is_some());
    assert_eq!(change.from, Some(State::Terminating));
    assert_eq!(gone.settle_transition(&slow), None);
}
