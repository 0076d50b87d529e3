//! What a pull request brings for later days.

use std::sync::Arc;

use jiff::civil::date;

use super::*;
use crate::domain::archive_state::State;
use crate::domain::observed::sample_mailbox;
use crate::domain::request::Request;
use crate::domain::request::sample;
use crate::domain::request::sample::{change, withdrawal};

const TODAY: Date = date(2026, 11, 23);
const APPROVED: &str = "2026-01-03";

/// A line for each change of a pull request that adds requests; each mailbox is in that state.
fn adding(base: &[Arc<Request>], added: &[Arc<Request>], state: &State) -> Vec<String> {
    let head: Vec<_> = base.iter().chain(added).cloned().collect();
    let days = LaterDayPlanner::new(base, &head, TODAY);
    let seen = days.mailboxes.iter();
    let seen = seen.map(|mailbox| sample_mailbox(mailbox.as_str(), "1", state.clone()));
    let observed = Observed::new(seen.collect(), true);
    let changes = days.changes(&observed, &sample::policy("A", ""));
    let lines = changes.iter().map(|change| {
        let (user, _) = change.mailbox.as_str().split_once('@').expect("an address");
        let (effect, day, request) = (change.effect, change.day, &change.request.id);
        let anyway = if change.is_on_base { " anyway" } else { "" };
        let remark = change.remark.as_ref().map_or("-".to_owned(), Message::in_english);
        format!("{effect:?} {day} {user} {request}{anyway}: {remark}")
    });
    lines.collect()
}

fn later(id: &str, action: &str, users: &[&str], day: &str) -> Arc<Request> {
    change(id, action, users, APPROVED, &format!("effective: {day}"))
}

const LOST: &str = "the archive's mail is lost once the portal no longer keeps it";

#[test]
fn every_mailbox_of_every_later_day_is_named_and_terminations_come_first() {
    let added = [
        later("R-1", "enable", &["a", "b"], "2026-12-01"),
        later("R-2", "terminate", &["y", "x"], "2099-01-01"),
        later("R-3", "terminate", &["z"], "2027-01-01"),
        // Not approved: it brings nothing yet.
        change("R-4", "terminate", &["p"], "", "effective: 2026-12-01"),
    ];
    assert_eq!(
        adding(&[], &added, &State::Enabled),
        [
            format!("Terminated 2027-01-01 z R-3: {LOST}"),
            format!("Terminated 2099-01-01 x R-2: {LOST}"),
            format!("Terminated 2099-01-01 y R-2: {LOST}"),
            "Enabled 2026-12-01 a R-1: already so".to_owned(),
            "Enabled 2026-12-01 b R-1: already so".to_owned(),
        ]
    );
    assert_eq!(
        adding(&[], &[change("R-1", "enable", &["a"], APPROVED, "")], &State::Enabled),
        [""; 0]
    );
}

#[test]
fn each_day_is_planned_as_if_the_days_before_were_carried_out() {
    // It is disabled today, enabled by the first request and terminated by the second.
    let added = [
        change("R-1", "enable", &["a"], APPROVED, ""),
        later("R-2", "terminate", &["a"], "2026-12-01"),
        later("R-3", "enable", &["a"], "2026-12-02"),
    ];
    assert_eq!(
        adding(&[], &added, &State::Disabled),
        [
            format!("Terminated 2026-12-01 a R-2: {LOST}"),
            "Enabled 2026-12-02 a R-3: the portal does not say whether the old archive is restored"
                .to_owned(),
        ]
    );
    // What stands in its way today may be gone by then.
    let ends = [later("R-2", "terminate", &["a"], "2026-12-01")];
    for (state, remark) in [
        (State::Disabled, "already so"),
        (State::Enabling, "today: enabling"),
        (
            State::Unknown("?".into()),
            "today: the portal reports a state that arkib does not know: ?",
        ),
    ] {
        let found = adding(&[], &ends, &state);
        assert_eq!(found, [format!("Terminated 2026-12-01 a R-2: {remark}")]);
    }
}

#[test]
fn what_the_base_terminates_later_is_named_whatever_the_pull_request_does() {
    let base = [
        later("R-1", "terminate", &["a", "b"], "2026-12-01"),
        later("R-2", "enable", &["c"], "2026-12-01"),
    ];
    let anyway = ["a", "b"].map(|user| format!("Terminated 2026-12-01 {user} R-1 anyway: {LOST}"));
    assert_eq!(adding(&base, &[], &State::Enabled), anyway);
    // It sets a termination off that would have found nothing to do.
    let enables = [change("R-3", "enable", &["a"], APPROVED, "")];
    let found = adding(&base, &enables, &State::Disabled);
    assert_eq!(found[0], anyway[0]);
    assert_eq!(found[1], "Terminated 2026-12-01 b R-1 anyway: already so");
}

#[test]
fn a_withdrawal_names_the_mailboxes_and_the_day() {
    let base = [
        change("R-1", "terminate", &["a"], APPROVED, ""),
        change("R-2", "enable", &["a", "b"], "2026-01-04", ""),
        later("R-3", "terminate", &["c"], "2026-12-01"),
    ];
    // From that day on the older request decides again, and about `b` none does.
    let withdraws = withdrawal("W-1", "R-2", APPROVED, "effective: 2026-12-05");
    assert_eq!(
        adding(&base, &[withdraws], &State::Enabled),
        [
            format!("Terminated 2026-12-05 a R-1: R-2 is withdrawn; {LOST}"),
            format!("Terminated 2026-12-01 c R-3 anyway: {LOST}"),
            "Ended 2026-12-05 b R-2: R-2 is withdrawn".to_owned(),
        ]
    );
    // One that counts today prevents what the base would do later.
    let withdraws = withdrawal("W-1", "R-3", APPROVED, "");
    let found = adding(&base, &[withdraws], &State::Enabled);
    assert_eq!(found, ["Prevented(Terminated) 2026-12-01 c R-3: -"]);
    // A request of an earlier day does not.
    let enables = later("R-4", "enable", &["c"], "2026-11-30");
    let found = adding(&base, &[enables], &State::Enabled);
    assert_eq!(
        found,
        [
            format!("Terminated 2026-12-01 c R-3 anyway: {LOST}"),
            "Enabled 2026-11-30 c R-4: already so".to_owned()
        ]
    );
}

#[test]
fn a_request_of_today_is_none_of_a_later_day() {
    let added = [
        later("R-1", "terminate", &["a"], "2026-11-23"),
        later("R-2", "terminate", &["a"], "2026-11-24"),
    ];
    let days = LaterDayPlanner::new(&[], &added, TODAY);
    assert_eq!(days.head.len(), 2);
    let ids: Vec<&str> = days.later_requests().iter().map(|request| request.id.as_str()).collect();
    assert_eq!(ids, ["R-2"]);
}

#[test]
fn an_unverified_approval_is_named() {
    let added = [later("R-2", "terminate", &["a"], "2026-12-01")];
    let mut days = LaterDayPlanner::new(&[], &added, TODAY);
    assert_eq!(days.later_requests().len(), 1);
    let id = added[0].id.clone();
    days.unverified = [(id, sample::unsigned_reason())].into();
    let seen = sample_mailbox("a@agensi.example", "1", State::Enabled);
    let observed = Observed::new(vec![seen], true);
    let found = days.changes(&observed, &sample::policy("A", ""));
    let remark = found[0].remark.as_ref().expect("a remark").in_english();
    assert!(remark.starts_with("today: the approval of R-2 is not verified"), "{remark}");
}

#[test]
fn a_pending_request_says_what_it_would_do_once_it_is_approved() {
    let base = [
        change("R-1", "enable", &["a", "b"], APPROVED, ""),
        later("R-2", "terminate", &["b"], "2026-12-01"),
    ];
    let pending = [
        change("R-3", "terminate", &["a"], "", ""),
        change("R-4", "enable", &["c"], "", "effective: 2026-12-05"),
        withdrawal("R-5", "R-2", "", ""),
    ];
    let requests: Vec<_> = base.iter().chain(&pending).cloned().collect();
    let days = LaterDayPlanner::once_approved(&requests, &pending, TODAY);
    let users: Vec<&str> = days.mailboxes.iter().map(Mailbox::as_str).collect();
    assert_eq!(users, ["a@agensi.example", "b@agensi.example", "c@agensi.example"]);
    let observed = days.mailboxes.iter();
    let observed =
        observed.map(|mailbox| sample_mailbox(mailbox.as_str(), "1", State::Enabled)).collect();
    let changes = days.changes(&Observed::new(observed, true), &sample::policy("A", ""));
    let lines = changes.iter().map(|change| {
        let waits = change.waits.as_ref().expect("missing approvals");
        format!("{:?} {} {}: {waits}", change.effect, change.day, change.request.id)
    });
    assert_eq!(
        lines.collect::<Vec<_>>(),
        [
            "Terminated 2026-11-23 R-3: waits for approval",
            "Enabled 2026-12-05 R-4: waits for approval",
            "Prevented(Terminated) 2026-12-01 R-2: waits for approval",
        ]
    );
    let none = LaterDayPlanner::once_approved(&requests, &[], TODAY);
    assert_eq!(none.mailboxes, []);
}
