//! When a notice is due that was given before, or of whose users something else is known.

use super::{APPROVED, CHIEF, Case, ROSLI, SITI, applied, archive, day, given, notice, request};
use crate::domain::archive_state::State;
use crate::domain::notice::due::{due_notices, notice_list_digest, unconfirmed_notices};
use crate::domain::observed::ObservedMailbox;
use crate::domain::request::RequestId;
use std::sync::Arc;

const NONE: [&str; 0] = [];

fn on(mailbox: &str) -> ObservedMailbox {
    archive(mailbox, State::Enabled, "R-1")
}

fn off(mailbox: &str) -> ObservedMailbox {
    archive(mailbox, State::Disabled, "")
}

/// What is told after notices of a kind that came to such an end.
fn after(case: Case, kind: &str, outcome: &str) -> Vec<String> {
    case.after(given(kind, SITI, outcome)).words()
}

#[test]
fn what_came_before_the_end_is_given_once_whatever_became_of_it() {
    let pending = || Case::of(&[request("R-1", "enable", &[SITI], "", "")], &[off(SITI)]);
    let approved = || {
        let requests = [request("R-1", "enable", &[SITI], "", APPROVED)];
        Case::of(&requests, &[off(SITI)])
    };
    let [received, notices] = [["R-1 received siti: siti"], ["R-1 approved siti: siti"]];
    for outcome in ["sent", "printed", "refused", "unknown"] {
        assert_eq!(after(pending(), "received", outcome), NONE, "{outcome}");
        assert_eq!(after(approved(), "approved", outcome), NONE, "{outcome}");
        assert_eq!(after(approved(), "received", outcome), notices, "{outcome}");
        // An obstacle that went away is no end.
        assert_eq!(after(approved(), "blocked", outcome), notices, "{outcome}");
        for last in ["enabled", "terminated", "withdrawn"] {
            assert_eq!(after(approved(), last, outcome), NONE, "{last} {outcome}");
            assert_eq!(after(pending(), last, outcome), NONE, "{last} {outcome}");
        }
    }
    assert_eq!(after(pending(), "received", "deferred"), received);
    assert_eq!(after(approved(), "approved", "deferred"), notices);
    assert_eq!(after(approved(), "enabled", "deferred"), notices);
}

#[test]
fn a_final_notice_is_due_after_any_other() {
    for (action, state, kind) in
        [("enable", State::Enabled, "enabled"), ("terminate", State::Terminated, "terminated")]
    {
        let requests = [request("R-1", action, &[SITI], "", APPROVED)];
        let case = || Case::of(&requests, &[archive(SITI, state.clone(), "R-1")]);
        let notices = [format!("R-1 {kind} siti: siti")];
        for before in ["received", "approved", "blocked"] {
            assert_eq!(after(case(), before, "sent"), notices, "{before}");
        }
        assert_eq!(after(case(), kind, "sent"), NONE);
    }
}

#[test]
fn only_what_nobody_knows_to_have_arrived_is_unconfirmed() {
    let requests = [request("R-1", "enable", &[SITI], SITI, APPROVED)];
    let case = |events| Case::of(&requests, &[on(SITI)]).after(events);
    let open = |case: &Case| case.ask(|facts| unconfirmed_notices(facts).len());
    for (outcome, expected) in
        [("unknown", 1), ("refused", 1), ("sent", 0), ("printed", 0), ("deferred", 0)]
    {
        let case = case(given("enabled", SITI, outcome));
        assert_eq!(open(&case), expected, "{outcome}");
    }
    // Nothing says what became of it; of a run that goes on that is no wonder.
    let silent = || case(vec![notice("enabled", SITI)]);
    assert_eq!(open(&silent()), 1);
    let under_way = Case { is_under_way: true, ..silent() };
    assert_eq!(open(&under_way), 0);
    // It is about to be given again, to this one or to all; or about something else.
    assert_eq!(open(&silent().again("R-1", None)), 0);
    assert_eq!(open(&silent().again("R-1", Some(SITI))), 0);
    assert_eq!(open(&silent().again("R-1", Some(ROSLI))), 1);
    assert_eq!(open(&silent().again("R-2", None)), 1);
    // What it told of is over.
    let over = case(given("approved", SITI, "unknown"));
    assert_eq!(open(&over), 0);
}

#[test]
fn what_was_never_given_is_not_given_again_but_for_the_first_time() {
    let requests = [request("R-1", "enable", &[SITI], "", APPROVED)];
    let case = |events| Case::of(&requests, &[on(SITI)]).after(events).again("R-1", None);
    assert_eq!(case(vec![]).words(), ["R-1 enabled siti: siti"]);
    let put_off = given("enabled", SITI, "deferred");
    assert_eq!(case(put_off).words(), ["R-1 enabled siti: siti"]);
    let sent = given("enabled", SITI, "sent");
    assert_eq!(case(sent).words(), ["R-1 enabled siti: siti again"]);
    // Also what would come too late.
    let late =
        Case::of(&requests, &[off(SITI)]).after(given("enabled", SITI, "sent")).again("R-1", None);
    assert_eq!(late.words(), ["R-1 approved siti: siti"]);
}

#[test]
fn users_without_an_account_get_no_notice() {
    let requests = [request("R-1", "enable", &[SITI, ROSLI], "", "")];
    let words = |portal: &[ObservedMailbox]| Case::of(&requests, portal).words();
    assert_eq!(words(&[off(SITI)]), ["R-1 received siti: siti"]);
    assert_eq!(words(&[]), NONE);
    let count = |case: &Case| {
        case.ask(|facts| {
            let unseen = super::NoticeFacts { observed: None, ..*facts };
            due_notices(&unseen).len()
        })
    };
    assert_eq!(count(&Case::of(&requests, &[off(SITI)])), 0);
    // The applicant is known by the request.
    let named = [request("R-1", "enable", &[SITI], CHIEF, "")];
    assert_eq!(count(&Case::of(&named, &[])), 1);
}

#[test]
fn applicants_get_final_notices_while_everything_holds() {
    let requests = [request("R-1", "enable", &[SITI, ROSLI], CHIEF, APPROVED)];
    let chief = |portal: &[ObservedMailbox]| {
        let mut words = Case::of(&requests, portal).words();
        words.retain(|word| word.contains("ketua"));
        words
    };
    assert_eq!(chief(&[on(SITI), on(ROSLI)]), ["R-1 enabled ketua: siti rosli"]);
    // Done and undone in the portal: the next run fixes it.
    let undone = archive(ROSLI, State::Disabled, "R-1");
    assert_eq!(chief(&[on(SITI), undone]), NONE);
}

#[test]
fn superseded_changes_get_no_notice() {
    let later = "approvals: [{by: uc@agensi.example, date: 2026-11-05}]";
    let requests = [
        request("R-1", "enable", &[SITI], "", APPROVED),
        request("R-2", "terminate", &[SITI], "", later),
    ];
    let both = vec![applied("R-1", SITI), applied("R-2", SITI)];
    let enabled_again = archive(SITI, State::Enabled, "");
    let case = Case::of(&requests, &[enabled_again]).after(both);
    assert_eq!(case.words(), NONE);
}

#[test]
fn a_request_received_on_the_first_day_is_written_about() {
    let requests = [request("R-1", "enable", &[SITI], "", "")];
    for (since, count) in [("2026-11-01", 1), ("2026-11-02", 1), ("2026-11-03", 0)] {
        let case = Case { since: day(since), ..Case::of(&requests, &[off(SITI)]) };
        assert_eq!(case.words().len(), count, "{since}");
    }
}

#[test]
fn each_hashed_field_of_a_list_of_notices_changes_its_digest() {
    let requests = [request("R-1", "enable", &[SITI, ROSLI], CHIEF, APPROVED)];
    let list = Case::of(&requests, &[on(SITI), on(ROSLI)]).due();
    let own = notice_list_digest("A", &list);
    assert_ne!(own, notice_list_digest("B", &list));
    assert_ne!(own, notice_list_digest("A", &list[1..]));
    type Become = fn(&mut super::DueNotice);
    let fields: [(&str, Become); 5] = [
        ("request", |due| {
            Arc::make_mut(&mut due.request).id = RequestId::parse("R-2").expect("an id");
        }),
        ("kind", |due| due.kind = crate::domain::notice::Kind::Blocked),
        ("to", |due| due.to = due.mailboxes[0].mailbox.clone()),
        ("channel", |due| {
            Arc::make_mut(&mut due.request).received.channel =
                crate::domain::request::Channel::Email;
        }),
        ("mailboxes", |due| due.mailboxes.truncate(1)),
    ];
    for (field, otherwise) in fields {
        let mut list = list.clone();
        otherwise(&mut list[0]);
        assert_ne!(notice_list_digest("A", &list), own, "{field}");
    }
    // Whether it is given again, and what is said of each day, are not part of the list's name.
    let mut again = list.clone();
    again[0].is_again = true;
    again[0].mailboxes[0].done_on = None;
    assert_eq!(notice_list_digest("A", &again), own);
}
