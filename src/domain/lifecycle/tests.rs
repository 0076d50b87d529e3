//! Each stage once, and what decides between two.

use std::sync::Arc;

use jiff::civil::Date;

use super::*;
use crate::domain::approval::verification::UnverifiedApprovals;
use crate::domain::archive_state::State;
use crate::domain::change_outcome::OutcomeKind;
use crate::domain::desired::fold_requests;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::observed::{ObservedMailbox, sample_mailbox};
use crate::domain::plan::plan;
use crate::domain::record::chain::RunRecord;
use crate::domain::record::entry::{Event, OutcomeEvent, RecordLine};
use crate::domain::request::sample;

const SITI: &str = "siti@agensi.example";
const TODAY: &str = "2026-11-23";

fn request(id: &str, more: &str) -> Arc<Request> {
    let received = "date: 2026-11-02, channel: letter, reference: R";
    sample::request(id, received, more)
}

fn change(id: &str, action: &str, approved: &str) -> Arc<Request> {
    let approval = format!("approvals: [{{by: uc@agensi.example, date: {approved}}}]");
    request(id, &format!("action: {action}\nmailboxes: [{SITI}]\n{approval}"))
}

fn lifecycles_of(
    requests: &[Arc<Request>],
    observed: Option<ObservedMailbox>,
) -> Vec<RequestLifecycle> {
    lifecycles_with(requests, Some(observed), &History::default())
}

fn lifecycles_with(
    requests: &[Arc<Request>],
    portal: Option<Option<ObservedMailbox>>,
    history: &History,
) -> Vec<RequestLifecycle> {
    let as_of: Date = TODAY.parse().expect("a day");
    let desired = fold_requests(requests, as_of, &UnverifiedApprovals::new());
    let observed = portal.map(|observed| Observed::new(observed.into_iter().collect(), true));
    let plan = observed.as_ref().map(|observed| plan(&desired, observed, &sample::policy("A", "")));
    request_lifecycles(&LifecycleInput {
        requests,
        desired: &desired,
        portal: observed.as_ref().zip(plan.as_ref()),
        history,
    })
}

/// The record of a run with a change that the portal accepted, and still worked on.
fn accepted_history(request: &str) -> History {
    let outcome = Event::Outcome(OutcomeEvent {
        mailbox: SITI.into(),
        request: request.into(),
        outcome: OutcomeKind::Applied,
        is_settling: true,
        detail: None,
    });
    let line = RecordLine::new(0, "2026-11-20T01:00:00.000Z".into(), vec![], outcome);
    History::from_runs(&[RunRecord {
        file: "records/1.jsonl".into(),
        lines: vec![(1, line)],
        findings: vec![],
        is_under_way: false,
    }])
}

fn archive(state: State, request: Option<&str>) -> Option<ObservedMailbox> {
    Some(ObservedMailbox {
        request: request.map(Into::into),
        changed_at: Some("2026-11-12T02:00:00Z".parse().expect("a moment")),
        ..sample_mailbox(SITI, "1", state)
    })
}

fn stages(lifecycles: &[RequestLifecycle]) -> Vec<Stage> {
    lifecycles.iter().map(|lifecycle| lifecycle.stage).collect()
}

#[test]
fn request_passes_every_stage() {
    let pending = [request("R-1", &format!("action: enable\nmailboxes: [{SITI}]"))];
    let lifecycles = lifecycles_of(&pending, archive(State::Disabled, None));
    assert_eq!(stages(&lifecycles), [Stage::Pending]);
    assert_eq!(lifecycles[0].age_in_days(TODAY.parse().expect("a day")), Some(21));
    assert_eq!(lifecycles[0].stage.waits_for(), Some("approver"));

    let later = [change("R-1", "enable", "2026-12-01")];
    let stage = |requests: &[_], observed| stages(&lifecycles_of(requests, observed));
    assert_eq!(stage(&later, archive(State::Disabled, None)), [Stage::Scheduled]);

    let approved = [change("R-1", "enable", "2026-11-03")];
    assert_eq!(stage(&approved, archive(State::Disabled, None)), [Stage::Waiting]);
    assert_eq!(stage(&approved, archive(State::Enabling, None)), [Stage::InProgress]);
    assert_eq!(stage(&approved, None), [Stage::Blocked]);

    let lifecycles = lifecycles_of(&approved, archive(State::Enabled, Some("R-1")));
    assert_eq!(stages(&lifecycles), [Stage::Done]);
    assert_eq!(lifecycles[0].days_to_done(), Some(10));
    assert!(
        !lifecycles[0].mailboxes[0].has_drifted
            && lifecycles[0].age_in_days(TODAY.parse().expect("a day")).is_none()
    );
}

#[test]
fn archive_enabled_elsewhere_has_no_done_day() {
    let lifecycles =
        lifecycles_of(&[change("R-1", "enable", "2026-11-03")], archive(State::Enabled, None));
    assert_eq!(stages(&lifecycles), [Stage::Done]);
    assert_eq!(lifecycles[0].done_on(), None);
}

#[test]
fn drifted_archive_stays_done() {
    let requests = [change("R-1", "enable", "2026-11-03")];
    let lifecycles = lifecycles_of(&requests, archive(State::Disabled, Some("R-1")));
    assert_eq!(stages(&lifecycles), [Stage::Done]);
    assert!(lifecycles[0].mailboxes[0].has_drifted);
}

#[test]
fn what_the_portal_accepted_is_not_done() {
    let requests = [change("R-1", "enable", "2026-11-03")];
    let history = accepted_history("R-1");
    let stage = |portal| stages(&lifecycles_with(&requests, portal, &history));
    assert_eq!(stage(None), [Stage::InProgress]);
    assert_eq!(stage(Some(archive(State::Enabling, Some("R-1")))), [Stage::InProgress]);
    assert_eq!(stage(Some(archive(State::Enabled, Some("R-1")))), [Stage::Done]);
    // It gave up: this is no drift.
    assert_eq!(stage(Some(archive(State::Disabled, Some("R-1")))), [Stage::Waiting]);
    // A moment before it was accepted, or after this day, is none.
    for (changed_at, done_on) in [
        ("2026-11-21T02:00:00Z", "2026-11-21"),
        ("2001-01-01T02:00:00Z", "2026-11-20"),
        ("2031-01-01T02:00:00Z", "2026-11-20"),
    ] {
        let enabled = ObservedMailbox {
            changed_at: Some(changed_at.parse().expect("a moment")),
            ..archive(State::Enabled, Some("R-1")).expect("an archive")
        };
        let lifecycles = lifecycles_with(&requests, Some(Some(enabled)), &history);
        let done_on_day = lifecycles[0].done_on().map(|day| day.to_string());
        assert_eq!(done_on_day.as_deref(), Some(done_on), "{changed_at}");
    }
}

#[test]
fn superseded_differs_from_done_before() {
    let two = [change("R-1", "enable", "2026-11-03"), change("R-2", "terminate", "2026-11-05")];
    let lifecycles = lifecycles_of(&two, archive(State::Enabled, None));
    assert_eq!(stages(&lifecycles), [Stage::Superseded, Stage::Waiting]);
    let by = lifecycles[0].mailboxes[0].superseded_by.as_ref().map(RequestId::as_str);
    assert_eq!(by, Some("R-2"));
    let lifecycles = lifecycles_of(&two, archive(State::Enabled, Some("R-1")));
    assert_eq!(stages(&lifecycles), [Stage::Done, Stage::Waiting]);
}

#[test]
fn withdrawn_request_and_withdrawal_name_each_other() {
    let approval = "approvals: [{by: uc@agensi.example, date: 2026-11-05}]";
    let two = [
        change("R-1", "enable", "2026-11-03"),
        request("R-2", &format!("action: withdraw\nwithdraws: R-1\n{approval}")),
    ];
    let lifecycles = lifecycles_of(&two, archive(State::Disabled, None));
    assert_eq!(stages(&lifecycles), [Stage::Withdrawn, Stage::Done]);
    assert_eq!(lifecycles[0].withdrawn_by.as_ref().map(RequestId::as_str), Some("R-2"));
    let withdraws = lifecycles[1].withdraws.as_ref().map(|request| request.id.as_str());
    assert_eq!(withdraws, Some("R-1"));
}

#[test]
fn what_was_done_before_a_withdrawal_stays_done() {
    let approval = "approvals: [{by: uc@agensi.example, date: 2026-11-15}]";
    let two = [
        change("R-1", "terminate", "2026-11-03"),
        request("R-2", &format!("action: withdraw\nwithdraws: R-1\n{approval}")),
    ];
    let until: Timestamp = "2026-12-12T02:00:00Z".parse().expect("a moment");
    let kept = |state, request| {
        let observed = archive(state, request);
        observed.map(|one| ObservedMailbox { recoverable_until: Some(until), ..one })
    };
    let lifecycles = lifecycles_of(&two, kept(State::Terminated, Some("R-1")));
    assert_eq!(stages(&lifecycles), [Stage::Withdrawn, Stage::Done]);
    assert_eq!(lifecycles[0].done_on().map(|day| day.to_string()).as_deref(), Some("2026-11-12"));
    assert_eq!(lifecycles[0].mailboxes[0].recoverable_until, Some(until));
    // Another request's termination, or another account at the address, says nothing of this one.
    let lifecycles = lifecycles_of(&two, kept(State::Terminated, Some("R-9")));
    assert_eq!(lifecycles[0].mailboxes[0].recoverable_until, None);
    assert!(!lifecycles[0].mailboxes[0].is_as_requested);
    // Of two mailboxes one was done: the request was not.
    let half = [
        request(
            "R-1",
            &format!("action: terminate\nmailboxes: [{SITI}, b@agensi.example]\n{approval}"),
        ),
        two[1].clone(),
    ];
    let lifecycles = lifecycles_of(&half, kept(State::Terminated, Some("R-1")));
    assert_eq!(stages(&lifecycles), [Stage::Withdrawn, Stage::Done]);
    assert!(lifecycles[0].mailboxes[0].done_at.is_some());
    assert_eq!(lifecycles[0].done_on(), None);
    // It was not done, or is enabled again.
    let lifecycles = lifecycles_of(&two, kept(State::Enabled, None));
    assert_eq!(
        (lifecycles[0].done_on(), lifecycles[0].mailboxes[0].recoverable_until),
        (None, None)
    );
}

#[test]
fn request_stage_is_its_most_urgent_mailbox() {
    let other = Mailbox::parse("other@agensi.example").expect("an address");
    let requests = [request(
        "R-1",
        &format!(
            "action: enable\nmailboxes: [{SITI}, {other}]\napprovals: [{{by: uc@agensi.example, date: 2026-11-03}}]"
        ),
    )];
    let lifecycles = lifecycles_of(&requests, archive(State::Enabled, Some("R-1")));
    assert_eq!(stages(&lifecycles), [Stage::Blocked]);
    let each: Vec<Stage> = lifecycles[0].mailboxes.iter().map(|mailbox| mailbox.stage).collect();
    assert_eq!(each, [Stage::Done, Stage::Blocked]);
    assert_eq!(lifecycles[0].done_on(), None);
}

#[test]
fn stage_without_portal_comes_from_records() {
    let requests = [change("R-1", "enable", "2026-11-03")];
    let nothing = History::default();
    assert_eq!(stages(&lifecycles_with(&requests, None, &nothing)), [Stage::Waiting]);
}
