//! What runs leave open, who may settle it, and what settles it, one rule a test.

use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::domain::archive_state::{State, Target};
use crate::domain::change_outcome::OutcomeKind;
use crate::domain::observed::{ObservedMailbox, sample_mailbox};
use crate::domain::record::entry::{
    Begun, Ended, FORMAT, HandOver, HandOverFile, OutcomeEvent, RecordLine,
};
use crate::domain::record::settlement::{settle_by_portal, settled_event};

const A: &str = "a@agensi.example";
const B: &str = "b@agensi.example";

fn begun(portal: PortalKind) -> Event {
    Event::Begun(Begun {
        format: FORMAT.into(),
        arkib: String::new(),
        agency: "A".into(),
        by: String::new(),
        job: None,
        portal,
        export: None,
        commit: None,
        accepted: false,
        policy: String::new(),
        plan: String::new(),
        as_of: String::new(),
        changes: 1,
        hand_over: None,
        shard: None,
    })
}

fn intent(mailbox: &str, action: Target) -> Event {
    Event::Intent(Intent {
        mailbox: mailbox.into(),
        action,
        request: "R-1".into(),
        from: "enabled".into(),
        id: "1".into(),
    })
}

fn outcome(mailbox: &str, outcome: OutcomeKind, detail: Option<&str>) -> Event {
    Event::Outcome(OutcomeEvent {
        is_settling: false,
        mailbox: mailbox.into(),
        request: "R-1".into(),
        outcome,
        detail: detail.map(Into::into),
    })
}

/// The record of a run on that day.
fn run(day: u32, portal: PortalKind, events: Vec<Event>) -> RunRecord {
    let events = std::iter::once(begun(portal)).chain(events);
    let lines = (0..).zip(events).map(|(seq, event)| {
        let at = format!("2026-11-{day:02}T01:00:{seq:02}.000Z");
        (seq as usize + 1, RecordLine::new(seq, at, vec![], event))
    });
    RunRecord {
        file: format!("records/{day}.jsonl").into(),
        lines: lines.collect(),
        findings: vec![],
        is_under_way: false,
    }
}

fn mailboxes(open: &[OpenChange]) -> Vec<&str> {
    open.iter().map(|open_change| open_change.intent.mailbox.as_str()).collect()
}

const NONE: [&str; 0] = [];

#[test]
fn what_has_no_certain_end_is_open() {
    for (end, is_open) in [
        (None, true),
        (Some(OutcomeKind::Unknown), true),
        (Some(OutcomeKind::HandedOver), true),
        (Some(OutcomeKind::Applied), false),
        (Some(OutcomeKind::AlreadySo), false),
        (Some(OutcomeKind::Failed), false),
        (Some(OutcomeKind::Skipped), false),
    ] {
        let mut events = vec![intent(A, Target::Terminated), intent(B, Target::Enabled)];
        events.extend(end.map(|end| outcome(A, end, None)));
        events.push(outcome(B, OutcomeKind::Applied, None));
        let left = open_changes(&[run(1, PortalKind::Scim, events)]);
        assert_eq!(!left.is_empty(), is_open, "{end:?}");
        assert!(left.iter().all(|open_change| open_change.intent.mailbox == A));
    }
}

#[test]
fn what_the_portal_accepted_and_works_on_is_open() {
    for kind in [OutcomeKind::Applied, OutcomeKind::AlreadySo] {
        let Event::Outcome(mut accepted) = outcome(A, kind, Some("the portal works on it")) else {
            unreachable!()
        };
        accepted.is_settling = true;
        let events = vec![intent(A, Target::Terminated), Event::Outcome(accepted)];
        let left = open_changes(&[run(1, PortalKind::Scim, events)]);
        assert_eq!(mailboxes(&left), [A]);
        // Nobody waits for it as for a change that was sent and not seen.
        assert_eq!((left[0].detail.as_deref(), left[0].is_accepted), (None, true));
    }
}

#[test]
fn a_run_that_is_under_way_leaves_nothing_to_others() {
    let mut running = run(1, PortalKind::Scim, vec![intent(A, Target::Enabled)]);
    running.is_under_way = true;
    let ended = run(2, PortalKind::Scim, vec![intent(B, Target::Enabled)]);
    assert_eq!(mailboxes(&open_changes(&[running.clone(), ended.clone()])), [B]);
    // Once it is over, what it left is anybody's.
    running.is_under_way = false;
    assert_eq!(mailboxes(&open_changes(&[running, ended])), [A, B]);
}

#[test]
fn what_a_later_run_settled_is_open_no_more() {
    let left =
        run(1, PortalKind::Scim, vec![intent(A, Target::Enabled), intent(B, Target::Enabled)]);
    let first = &open_changes(std::slice::from_ref(&left))[0];
    let settling = Event::Settled(settled_event(first, Settlement::Unknown, String::new()));
    let ended = Event::Ended(Ended { status: 0, reason: String::new() });
    let later = run(2, PortalKind::Scim, vec![settling, ended]);
    assert_eq!(mailboxes(&open_changes(&[left, later])), [B]);
}

#[test]
fn the_oldest_comes_first_whatever_the_order_of_records() {
    let one = run(1, PortalKind::Scim, vec![intent(B, Target::Enabled)]);
    let two = run(2, PortalKind::Scim, vec![intent(A, Target::Enabled)]);
    assert_eq!(mailboxes(&open_changes(&[two.clone(), one.clone()])), [B, A]);
    assert_eq!(mailboxes(&open_changes(&[one, two])), [B, A]);
}

#[test]
fn a_rehearsal_and_a_real_portal_know_nothing_of_each_other() {
    use PortalKind::{Embedded, Files, Scim};
    let runs = [
        run(1, Embedded, vec![intent(A, Target::Enabled)]),
        run(2, Scim, vec![intent(B, Target::Enabled)]),
    ];
    for (portal, expected) in [(Embedded, [A]), (Scim, [B]), (Files, [B])] {
        assert_eq!(mailboxes(&open_changes_for_portal(portal, &runs)), expected, "{portal:?}");
    }
}

#[test]
fn a_shard_settles_its_own_mailboxes_alone() {
    let events = vec![intent(A, Target::Enabled), intent(B, Target::Enabled)];
    let left = open_changes(&[run(1, PortalKind::Scim, events)]);
    let shards: Vec<Shard> =
        (1..=16).map(|index| format!("{index}/16").parse().expect("a shard")).collect();
    for open in &left {
        let own = shards.iter().filter(|shard| open.is_in_shard(Some(**shard)));
        let own: Vec<u64> = own.map(|shard| shard.index()).collect();
        assert_eq!(own.len(), 1);
        assert!(open.is_in_shard(None));
    }
}

fn hand_over(file: &str, void: &[&str], cancelled: &[&str]) -> Event {
    let names = |files: &[&str]| files.iter().map(|&file| file.to_owned()).collect();
    let (void, cancelled) = (names(void), names(cancelled));
    Event::HandOver(HandOver { file: file.into(), sha256: "3f".into(), void, cancelled })
}

fn handed_over(file: &str) -> Event {
    Event::HandedOver(HandOverFile { file: file.into(), sha256: "3f".into() })
}

/// The open changes with their files, `?` where these may be there, and `!` where they are void.
fn files(runs: &[RunRecord]) -> Vec<(String, String)> {
    let open = open_changes(runs);
    let each = open.iter().map(|open| {
        let file = open.file.as_ref().map_or(String::new(), |announced| {
            let perhaps = if announced.is_there { "" } else { "?" };
            let void = if announced.is_void { "!" } else { "" };
            format!("{}{perhaps}{void}", announced.file.file)
        });
        (open.intent.mailbox.clone(), file)
    });
    let mut each: Vec<(String, String)> = each.collect();
    each.sort();
    each
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(mailbox, file)| ((*mailbox).to_owned(), (*file).to_owned())).collect()
}

#[test]
fn a_run_that_was_killed_asked_for_what_its_file_asks() {
    let [a, b] = [A, B].map(|mailbox| intent(mailbox, Target::Enabled));
    let (file, there) = (hand_over("1.csv", &[], &[]), handed_over("1.csv"));
    let failed = outcome(B, OutcomeKind::Failed, None);
    let left = |events: &[&Event]| {
        let events = events.iter().map(|event| (*event).clone()).collect();
        files(&[run(1, PortalKind::Files, events)])
    };
    // There is no file before it is announced.
    assert_eq!(left(&[&a, &b]), pairs(&[(A, ""), (B, "")]));
    assert_eq!(left(&[&a, &b, &file]), pairs(&[(A, "1.csv?"), (B, "1.csv?")]));
    assert_eq!(left(&[&a, &b, &failed, &file]), pairs(&[(A, "1.csv?")]));
    assert_eq!(left(&[&a, &b, &file, &failed]), pairs(&[(A, "1.csv?")]));
    // That it is there is so for all its changes.
    assert_eq!(left(&[&a, &b, &file, &there]), pairs(&[(A, "1.csv"), (B, "1.csv")]));
    // Later a run found it.
    let killed = run(1, PortalKind::Files, vec![a, file]);
    assert!(!handed_over_changes(&open_changes(std::slice::from_ref(&killed)))[0].is_certain);
    let later = run(2, PortalKind::Files, vec![there]);
    assert_eq!(files(&[killed, later]), pairs(&[(A, "1.csv")]));
}

#[test]
fn a_later_file_replaces_what_it_asks_for_again() {
    let [a, b] = [A, B].map(|mailbox| intent(mailbox, Target::Enabled));
    let first = vec![a.clone(), b.clone(), hand_over("1.csv", &[], &[]), handed_over("1.csv")];
    let first = run(1, PortalKind::Files, first);
    let with = |events: Vec<Event>| [first.clone(), run(2, PortalKind::Files, events)];
    let untouched = pairs(&[(A, "1.csv"), (B, "1.csv")]);
    // Not before it is announced.
    assert_eq!(files(&with(vec![])), untouched);
    let recalled = || hand_over("2.csv", &["1.csv"], &[]);
    let runs = with(vec![a.clone(), recalled()]);
    assert_eq!(files(&runs), pairs(&[(A, "2.csv?"), (B, "1.csv!")]));
    let there = with(vec![a.clone(), recalled(), handed_over("2.csv")]);
    assert_eq!(files(&there), pairs(&[(A, "2.csv"), (B, "1.csv!")]));
    // What the user cancelled is open no more.
    let cancelled = hand_over("2.csv", &["1.csv"], &["1.csv"]);
    assert_eq!(files(&with(vec![a.clone(), cancelled])), pairs(&[(A, "2.csv?")]));
    // It never appeared.
    let open = open_changes(&runs);
    let announced = open.iter().find(|open| open.intent.mailbox == A).expect("it is open");
    let absent = Event::Settled(settled_event(announced, Settlement::NotApplied, String::new()));
    let [one, two] = runs;
    assert_eq!(files(&[one, two, run(3, PortalKind::Files, vec![absent])]), untouched);
    let failed = outcome(A, OutcomeKind::Failed, None);
    assert_eq!(files(&with(vec![a, recalled(), failed])), untouched);
}

#[test]
fn a_cut_record_does_not_say_what_became_of_its_file() {
    let begun = |changes| {
        let Event::Begun(begun) = begun(PortalKind::Files) else { unreachable!() };
        Event::Begun(Begun { changes, hand_over: Some("1.csv".into()), ..begun })
    };
    let a = intent(A, Target::Enabled);
    let announced = hand_over("1.csv", &[], &[]);
    let ended = Event::Ended(Ended { status: 0, reason: String::new() });
    for (events, is_over, is_announced) in [
        (vec![], false, false),
        (vec![&a], false, false),
        (vec![&a, &announced], false, true),
        (vec![&a, &ended], true, false),
    ] {
        let events: Vec<Event> = events.into_iter().cloned().collect();
        let has = events.len().min(1);
        let mut cut = run(1, PortalKind::Files, events);
        cut.lines[0].1.event = begun(2);
        let mut runs = vec![cut];
        let of = |runs: &[RunRecord], open: &[OpenChange]| {
            let found = &reserved_files(runs, open)[0];
            assert_eq!((found.changes, found.on_record.len()), (2, has));
            (found.is_over, found.is_announced)
        };
        let open = open_changes(&runs);
        assert_eq!(of(&runs, &open), (is_over, is_announced));
        // All that is on record was settled.
        assert_eq!(of(&runs, &[]).0, is_over || has > 0);
        // Notices were sent, and then a run with files began, which had proof.
        for (portal, is_proof) in [(PortalKind::Scim, false), (PortalKind::Files, true)] {
            let mut next = run(2, portal, vec![]);
            next.lines[0].1.prev = vec![runs[runs.len() - 1].lines.last().unwrap().1.hash.clone()];
            runs.push(next);
            assert_eq!(of(&runs, &open).0, is_over || (has == 0 && is_proof), "{portal:?}");
        }
    }
}

/// What the portal says of a change that was to be made to a, so many minutes after it was announced.
fn says(
    action: Target,
    portal: PortalKind,
    seen: Option<State>,
    whole: bool,
    minutes: i64,
) -> Option<Settlement> {
    let mut events = vec![intent(A, action)];
    if portal == PortalKind::Files {
        events.push(hand_over("1.csv", &[], &[]));
    }
    let left = open_changes(&[run(1, portal, events)]);
    let seen = seen.map(|state| ObservedMailbox {
        request: (portal != PortalKind::Files).then(|| "R-1".into()),
        ..sample_mailbox(A, "1", state)
    });
    let observed = Observed::new(seen.into_iter().collect(), whole);
    let at: Timestamp = left[0].at.parse().expect("a time");
    let now = at + SignedDuration::from_mins(minutes);
    let settled = settle_by_portal(&left[0], &observed, portal != PortalKind::Files, now)?;
    assert_eq!((settled.mailbox.as_str(), &settled.intent), (A, &left[0].hash));
    Some(settled.outcome)
}

#[test]
fn what_the_portal_shows_settles_a_change() {
    use Settlement::{SeenDone, Unknown};
    for (action, state, at_once, later) in [
        (Target::Terminated, State::Terminated, Some(SeenDone), Some(SeenDone)),
        // A portal may have no word for an archive that was removed.
        (Target::Terminated, State::Disabled, Some(SeenDone), Some(SeenDone)),
        // What was sent right before a kill may take effect after this read.
        (Target::Terminated, State::Enabled, None, Some(Unknown)),
        (Target::Terminated, State::Terminating, None, None),
        (Target::Terminated, State::Enabling, None, None),
        (Target::Enabled, State::Enabled, Some(SeenDone), Some(SeenDone)),
        (Target::Enabled, State::Disabled, None, Some(Unknown)),
        (Target::Enabled, State::Enabling, None, None),
        (Target::Enabled, State::Unknown("?".into()), None, Some(Unknown)),
    ] {
        let found = |minutes| says(action, PortalKind::Scim, Some(state.clone()), true, minutes);
        assert_eq!((found(5), found(61)), (at_once, later), "{action:?} {state}");
        // A clock that goes back settles nothing.
        assert_eq!(found(-5), at_once, "{action:?} {state}");
    }
}

#[test]
fn a_missing_account_settles_nothing_soon() {
    for whole in [true, false] {
        let says = |portal, minutes| says(Target::Enabled, portal, None, whole, minutes);
        assert_eq!(says(PortalKind::Scim, 5), None);
        assert_eq!(says(PortalKind::Scim, 61), Some(Settlement::Unknown));
        // An export may lack a row.
        assert_eq!(says(PortalKind::Files, 61), None);
    }
}

#[test]
fn a_hand_over_settles_only_as_done() {
    let says = |action, state| says(action, PortalKind::Files, Some(state), true, 600);
    let done = Some(Settlement::SeenDone);
    assert_eq!(says(Target::Terminated, State::Disabled), done);
    assert_eq!(says(Target::Terminated, State::Terminated), done);
    assert_eq!(says(Target::Enabled, State::Enabled), done);
    assert_eq!(says(Target::Enabled, State::Disabled), None);
    assert_eq!(says(Target::Terminated, State::Enabled), None);
    assert_eq!(mailboxes(&open_changes(&[])), NONE);
}

#[test]
fn a_change_that_a_later_run_sent_too_is_marked() {
    let one =
        run(1, PortalKind::Scim, vec![intent(A, Target::Enabled), intent(B, Target::Enabled)]);
    let again = vec![intent(A, Target::Enabled), outcome(A, OutcomeKind::Applied, None)];
    let two = run(2, PortalKind::Scim, again);
    let left = open_changes(&[one, two]);
    let marked: Vec<_> = left.iter().map(|open| open.is_sent_again).collect();
    assert_eq!((mailboxes(&left), marked), (vec![A, B], vec![true, false]));
}
