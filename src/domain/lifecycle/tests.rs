//! Each stage once, and what decides between two.

use std::sync::Arc;

use jiff::civil::Date;

use super::*;
use crate::domain::approval::UnverifiedApprovals;
use crate::domain::archive::State;
use crate::domain::desired::fold;
use crate::domain::mailbox::Mailbox;
use crate::domain::observed::{ObservedMailbox, entry};
use crate::domain::plan::plan;
use crate::domain::request::sample;

const SITI: &str = "siti@agensi.example";
const TODAY: &str = "2026-11-23";

fn request(id: &str, more: &str) -> Arc<Request> {
    let received = "date: 2026-11-02, channel: letter, reference: R";
    sample::request(id, received, more)
}

fn change(id: &str, action: &str, approved: &str) -> Arc<Request> {
    let approval = format!("approval: {{by: uc@agensi.example, date: {approved}}}");
    request(
        id,
        &format!("action: {action}\nmailboxes: [{SITI}]\n{approval}"),
    )
}

fn lives_of(requests: &[Arc<Request>], seen: Option<ObservedMailbox>) -> Vec<RequestLifecycle> {
    lives_with(requests, Some(seen), &History::default())
}

fn lives_with(
    requests: &[Arc<Request>],
    portal: Option<Option<ObservedMailbox>>,
    history: &History,
) -> Vec<RequestLifecycle> {
    let as_of: Date = TODAY.parse().expect("a day");
    let desired = fold(requests, as_of, &UnverifiedApprovals::new());
    let observed = portal.map(|seen| Observed::new(seen.into_iter().collect(), true));
    let plan = observed
        .as_ref()
        .map(|seen| plan(&desired, seen, &sample::policy("A", "")));
    lives(&Known {
        requests,
        desired: &desired,
        portal: observed.as_ref().zip(plan.as_ref()),
        history,
    })
}

fn archive(state: State, request: Option<&str>) -> Option<ObservedMailbox> {
    Some(ObservedMailbox {
        request: request.map(Into::into),
        changed_at: Some("2026-11-12T02:00:00Z".parse().expect("a moment")),
        ..entry(SITI, "1", state)
    })
}

fn stages(lives: &[RequestLifecycle]) -> Vec<Stage> {
    lives.iter().map(|life| life.stage).collect()
}

#[test]
fn a_request_comes_from_receipt_to_done() {
    let pending = [request(
        "R-1",
        &format!("action: enable\nmailboxes: [{SITI}]"),
    )];
    let lives = lives_of(&pending, archive(State::Disabled, None));
    assert_eq!(stages(&lives), [Stage::Pending]);
    assert_eq!(lives[0].age(TODAY.parse().expect("a day")), Some(21));
    assert_eq!(lives[0].stage.waits_for(), Some("approver"));

    let later = [change("R-1", "enable", "2026-12-01")];
    let stage = |requests: &[_], seen| stages(&lives_of(requests, seen));
    assert_eq!(
        stage(&later, archive(State::Disabled, None)),
        [Stage::Scheduled]
    );

    let approved = [change("R-1", "enable", "2026-11-03")];
    assert_eq!(
        stage(&approved, archive(State::Disabled, None)),
        [Stage::Waiting]
    );
    assert_eq!(
        stage(&approved, archive(State::Enabling, None)),
        [Stage::InProgress]
    );
    assert_eq!(stage(&approved, None), [Stage::Blocked]);

    let lives = lives_of(&approved, archive(State::Enabled, Some("R-1")));
    assert_eq!(stages(&lives), [Stage::Done]);
    assert_eq!(lives[0].days_to_done(), Some(10));
    assert!(
        !lives[0].mailboxes[0].has_drifted && lives[0].age(TODAY.parse().expect("a day")).is_none()
    );
}

#[test]
fn an_archive_that_someone_else_enabled_is_done_at_no_known_day() {
    let lives = lives_of(
        &[change("R-1", "enable", "2026-11-03")],
        archive(State::Enabled, None),
    );
    assert_eq!(stages(&lives), [Stage::Done]);
    assert_eq!(lives[0].done_on(), None);
}

#[test]
fn what_was_done_and_is_no_longer_so_was_done() {
    let requests = [change("R-1", "enable", "2026-11-03")];
    let lives = lives_of(&requests, archive(State::Disabled, Some("R-1")));
    assert_eq!(stages(&lives), [Stage::Done]);
    assert!(lives[0].mailboxes[0].has_drifted);
}

#[test]
fn what_a_later_request_replaced_is_told_apart_from_what_it_came_after() {
    let two = [
        change("R-1", "enable", "2026-11-03"),
        change("R-2", "terminate", "2026-11-05"),
    ];
    let lives = lives_of(&two, archive(State::Enabled, None));
    assert_eq!(stages(&lives), [Stage::Superseded, Stage::Waiting]);
    let by = lives[0].mailboxes[0]
        .superseded_by
        .as_ref()
        .map(RequestId::as_str);
    assert_eq!(by, Some("R-2"));
    let lives = lives_of(&two, archive(State::Enabled, Some("R-1")));
    assert_eq!(stages(&lives), [Stage::Done, Stage::Waiting]);
}

#[test]
fn a_withdrawn_request_says_by_which_and_the_withdrawal_knows_it() {
    let approval = "approval: {by: uc@agensi.example, date: 2026-11-05}";
    let two = [
        change("R-1", "enable", "2026-11-03"),
        request(
            "R-2",
            &format!("action: withdraw\nwithdraws: R-1\n{approval}"),
        ),
    ];
    let lives = lives_of(&two, archive(State::Disabled, None));
    assert_eq!(stages(&lives), [Stage::Withdrawn, Stage::Done]);
    assert_eq!(
        lives[0].withdrawn_by.as_ref().map(RequestId::as_str),
        Some("R-2")
    );
    let withdraws = lives[1].withdraws.as_ref().map(|it| it.id.as_str());
    assert_eq!(withdraws, Some("R-1"));
}

#[test]
fn the_most_urgent_mailbox_gives_a_request_its_stage() {
    let other = Mailbox::parse("other@agensi.example").expect("an address");
    let requests = [request(
        "R-1",
        &format!(
            "action: enable\nmailboxes: [{SITI}, {other}]\napproval: {{by: uc@agensi.example, date: 2026-11-03}}"
        ),
    )];
    let lives = lives_of(&requests, archive(State::Enabled, Some("R-1")));
    assert_eq!(stages(&lives), [Stage::Blocked]);
    let each: Vec<Stage> = lives[0].mailboxes.iter().map(|it| it.stage).collect();
    assert_eq!(each, [Stage::Done, Stage::Blocked]);
    assert_eq!(lives[0].done_on(), None);
}

#[test]
fn without_the_portal_the_records_alone_tell() {
    let requests = [change("R-1", "enable", "2026-11-03")];
    let nothing = History::default();
    assert_eq!(
        stages(&lives_with(&requests, None, &nothing)),
        [Stage::Waiting]
    );
}
