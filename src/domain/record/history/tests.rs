//! Unit tests of the file above.

use super::*;
use crate::domain::archive_state::Target;
use crate::domain::record::chain::verify;
use crate::domain::record::entry::{
    Begun, Delivery, Ended, FORMAT, Intent, Notice, OutcomeEvent, RecordLine, Settled,
};
use crate::domain::record::enums::Settlement;

fn run(events: Vec<Event>) -> RunRecord {
    let lines = (0..).zip(events).map(|(seq, event)| {
        let at = format!("2026-11-23T01:00:{seq:02}.000Z");
        (seq as usize + 1, RecordLine::new(seq, at, vec![], event))
    });
    RunRecord {
        file: "requests/records/1.jsonl".into(),
        lines: lines.collect(),
        findings: vec![],
        is_under_way: false,
    }
}

/// What a record has under a word.
fn read<T: serde::de::DeserializeOwned>(word: &str) -> T {
    serde_json::from_value(word.into()).expect("a word of records")
}

fn outcome(word: &str) -> Event {
    Event::Outcome(OutcomeEvent {
        is_settling: false,
        mailbox: "a@agensi.example".into(),
        request: "R-1".into(),
        outcome: read(word),
        detail: None,
    })
}

fn notice() -> Event {
    Event::Notice(Notice {
        request: "R-1".into(),
        kind: NoticeKind::Enabled,
        to: "a@agensi.example".into(),
        channel: Channel::Email,
        message_id: None,
        file: None,
        sha256: String::new(),
    })
}

fn delivery(word: &str) -> Event {
    Event::Delivery(Delivery {
        request: "R-1".into(),
        kind: NoticeKind::Enabled,
        to: "a@agensi.example".into(),
        outcome: read(word),
        detail: None,
    })
}

#[test]
fn keeps_the_first_completion_and_last_problem() {
    let summary = |words: &[&str]| {
        let history = History::from_runs(&[run(words.iter().map(|word| outcome(word)).collect())]);
        let mailbox = history.mailbox("R-1", "a@agensi.example").cloned();
        let mailbox = mailbox.unwrap_or_default();
        (mailbox.done_at.map(|at| at.to_string()), mailbox.last_problem.map(|problem| problem.0))
    };
    let at = |second| Some(format!("2026-11-23T01:00:0{second}Z"));
    let last_problem = |word: &str| Some(word.to_owned());
    assert_eq!(summary(&["failed"]), (None, last_problem("failed")));
    assert_eq!(summary(&["failed", "applied"]), (at(1), None));
    assert_eq!(summary(&["already-so", "applied"]), (at(0), None));
    assert_eq!(summary(&["applied", "unknown"]), (at(0), last_problem("unknown")));
}

/// A run that follows another.
fn after(previous: &RunRecord, at: &str, events: Vec<Event>) -> RunRecord {
    let mut run = run(events);
    for (_, line) in &mut run.lines {
        line.at = at.to_owned();
    }
    let last_line = previous.last_line().map(|line| line.hash.clone());
    run.lines[0].1.prev = last_line.into_iter().collect();
    run
}

#[test]
fn order_comes_from_the_chain_not_clocks() {
    // The clock of the first run was a day ahead.
    let mut first = run(vec![notice(), delivery("deferred")]);
    for (_, line) in &mut first.lines {
        line.at = "2026-11-24T01:00:00.000Z".to_owned();
    }
    let events = vec![notice(), delivery("sent")];
    let second = after(&first, "2026-11-23T02:00:00.000Z", events);
    for runs in [[first.clone(), second.clone()], [second, first]] {
        let history = History::from_runs(&runs);
        let given = history.notice("R-1", NoticeKind::Enabled, "a@agensi.example");
        assert_eq!(given.map(|given| given.outcome), Some(DeliveryOutcome::Sent));
    }
}

/// A run that did something to a portal of that kind.
fn on(portal: &str, file: &str, events: &[(&str, &str, &str)]) -> RunRecord {
    let begun = serde_json::json!({"begun": {
        "format": "arkib.record/1", "arkib": "0", "agency": "A", "by": "k", "job": null,
        "portal": portal, "commit": null, "accepted": false, "policy": "", "plan": "",
        "as_of": "2026-11-23", "changes": 1
    }});
    let mut all = vec![serde_json::from_value(begun).expect("an event")];
    for (mailbox, request, word) in events {
        all.push(Event::Intent(Intent {
            mailbox: (*mailbox).into(),
            action: Target::Terminated,
            request: (*request).into(),
            from: "enabled".into(),
            id: "1".into(),
        }));
        all.push(Event::Outcome(OutcomeEvent {
            is_settling: word.starts_with('~'),
            mailbox: (*mailbox).into(),
            request: (*request).into(),
            outcome: read(word.trim_start_matches('~')),
            detail: None,
        }));
    }
    RunRecord { file: file.into(), ..run(all) }
}

#[test]
fn keeps_the_last_request_and_separates_rehearsals() {
    let first = on("scim", "1", &[("a", "R-1", "applied"), ("b", "R-1", "applied")]);
    let mut second = on("files", "2", &[("a", "R-2", "already-so"), ("b", "R-2", "failed")]);
    let last_line = first.last_line().map(|line| line.hash.clone());
    second.lines[0].1.prev = last_line.into_iter().collect();
    let rehearsal = on("embedded", "0", &[("a", "R-3", "applied"), ("c", "R-3", "applied")]);
    let without = run(vec![notice()]);
    // In any order.
    for runs in [
        [first.clone(), second.clone(), rehearsal.clone(), without.clone()],
        [rehearsal, second, first, without],
    ] {
        let summary = |of_rehearsals| {
            let mut summary: Vec<String> = last_done_requests(&runs, of_rehearsals, None)
                .iter()
                .map(|done| format!("{} {} {}", done.mailbox, done.target.verb(), done.request))
                .collect();
            summary.sort();
            summary
        };
        assert_eq!(summary(false), ["a terminate R-2", "b terminate R-1"]);
        assert_eq!(summary(true), ["a terminate R-3", "c terminate R-3"]);
    }
}

fn settled(outcome: Settlement, done_at: Option<&str>) -> Event {
    Event::Settled(Settled {
        mailbox: "a@agensi.example".into(),
        request: "R-1".into(),
        intent: String::new(),
        outcome,
        done_at: done_at.map(Into::into),
        detail: "the archive is enabled".into(),
    })
}

#[test]
fn settlement_by_a_later_run_counts() {
    let events = vec![outcome("unknown"), settled(Settlement::SeenDone, None)];
    let history = History::from_runs(&[run(events)]);
    let mailbox = history.mailbox("R-1", "a@agensi.example");
    assert!(
        mailbox.is_some_and(|mailbox| mailbox.done_at.is_some() && mailbox.last_problem.is_none())
    );
}

#[test]
fn what_the_portal_accepted_is_done_once_a_run_saw_it() {
    let Event::Outcome(mut accepted) = outcome("applied") else { unreachable!() };
    accepted.is_settling = true;
    let accepted = Event::Outcome(accepted);
    let summary = |events: &[Event]| {
        let history = History::from_runs(&[run(events.to_vec())]);
        let mailbox = history.mailbox("R-1", "a@agensi.example").cloned().unwrap_or_default();
        (mailbox.done_at.map(|at| at.to_string()), mailbox.accepted_at.is_some())
    };
    assert_eq!(summary(std::slice::from_ref(&accepted)), (None, true));
    let done = "2026-11-22T23:00:00Z";
    for (end, done_at) in [
        (settled(Settlement::SeenDone, Some(done)), Some(done)),
        (settled(Settlement::AlreadySo, None), Some("2026-11-23T01:00:01Z")),
        (settled(Settlement::Unknown, None), None),
        (outcome("failed"), None),
    ] {
        let is_accepted = done_at.is_none();
        assert_eq!(summary(&[accepted.clone(), end]), (done_at.map(Into::into), is_accepted));
    }
}

#[test]
fn notice_without_delivery_is_unknown() {
    let outcome = |events| {
        let history = History::from_runs(&[run(events)]);
        assert_eq!(history.notices("R-1").len(), 1);
        let given = history.notice("R-1", NoticeKind::Enabled, "a@agensi.example");
        given.map(|given| given.outcome.as_str())
    };
    assert_eq!(outcome(vec![notice()]), Some("unknown"));
    let events = vec![notice(), delivery("sent")];
    assert_eq!(outcome(events), Some("sent"));
    let events = vec![notice(), delivery("deferred"), notice(), delivery("sent")];
    assert_eq!(outcome(events), Some("sent"));
    let events = vec![notice(), delivery("sent"), notice(), delivery("deferred")];
    assert_eq!(outcome(events), Some("sent"));
    let events = vec![notice(), delivery("deferred"), notice()];
    assert_eq!(outcome(events), Some("unknown"));
}

#[test]
fn a_run_without_an_end_is_reported() {
    let ended = Event::Ended(Ended { status: 0, reason: "Done.".into() });
    let codes = |run: RunRecord| -> Vec<&str> {
        let findings = verify(&[run]).into_iter();
        findings.map(|finding| finding.kind).collect()
    };
    let cut = || run(vec![outcome("applied")]);
    assert_eq!(codes(cut()), ["no-end"]);
    assert_eq!(codes(run(vec![outcome("applied"), ended])), [""; 0]);
    let under_way = RunRecord { is_under_way: true, ..cut() };
    assert_eq!(codes(under_way), [""; 0]);
    assert_eq!(codes(run(vec![])), [""; 0]);
}

#[test]
fn a_rehearsal_is_told_by_its_day_and_a_real_run_by_the_clock() {
    for (portal, day) in
        [("embedded", "2026-12-01"), ("scim", "2026-11-23"), ("files", "2026-11-23")]
    {
        let begun = Event::Begun(Begun {
            format: FORMAT.to_owned(),
            arkib: "1".into(),
            agency: "A".into(),
            by: "siti".into(),
            job: None,
            portal: read(portal),
            export: None,
            commit: None,
            accepted: false,
            policy: String::new(),
            plan: String::new(),
            as_of: "2026-12-01".into(),
            changes: 1,
            hand_over: None,
            shard: None,
        });
        let history = History::from_runs(&[run(vec![begun, outcome("applied")])]);
        let known = history.mailbox("R-1", "a@agensi.example").and_then(|known| known.done_at);
        assert_eq!(known.map(|at| local_day(at).to_string()).as_deref(), Some(day), "{portal}");
    }
}

#[test]
fn what_was_seen_done_stays_so_while_it_is_sent_again() {
    let is_finished = |events: &[(&str, &str, &str)]| {
        let last = last_done_requests(&[on("scim", "1", events)], false, None);
        last.iter().map(|entry| entry.is_finished).collect::<Vec<_>>()
    };
    assert_eq!(is_finished(&[("a", "R-1", "~applied")]), [false]);
    assert_eq!(is_finished(&[("a", "R-1", "applied"), ("a", "R-1", "~applied")]), [true]);
    assert_eq!(is_finished(&[("a", "R-1", "applied"), ("a", "R-2", "~applied")]), [false]);
}
