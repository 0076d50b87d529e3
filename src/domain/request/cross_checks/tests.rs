//! What must hold between requests, one rule a test.

use jiff::civil::date;

use super::*;
use crate::domain::approval_signature::UnverifiedReason;
use crate::domain::request::sample::{change, withdrawal};
use crate::domain::request::{Approval, Received};
use crate::yaml::PathSegment;

const TODAY: Date = date(2026, 11, 23);

/// Each as `R-2 contradiction mailboxes.0`.
fn found(requests: &[Arc<Request>]) -> Vec<String> {
    let found = check(requests, &HashSet::from(["R-unread"]), TODAY);
    let each = found.iter().map(|(index, issue)| {
        let steps = issue.at.segments().iter().map(|step| match step {
            PathSegment::Key(key) => key.clone(),
            PathSegment::Index(index) => index.to_string(),
        });
        let at: Vec<String> = steps.collect();
        format!("{} {} {}", requests[*index].file, issue.kind, at.join("."))
    });
    each.collect()
}

const NONE: [&str; 0] = [];

#[test]
fn an_id_is_that_of_one_request() {
    let one = change("R-1", "enable", &["a"], "2026-01-03", "");
    let twin = Arc::new(Request { file: "R-2.yaml".into(), ..Request::clone(&one) });
    assert_eq!(found(std::slice::from_ref(&one)), NONE);
    // Where case makes no difference they are one file.
    let id = RequestId::parse("r-1").expect("an id");
    let other_case = Arc::new(Request { id, ..Request::clone(&twin) });
    assert_eq!(found(&[Arc::clone(&one), other_case]), ["R-2.yaml id-twice id"]);
    assert_eq!(found(&[one, twin]), ["R-2.yaml id-twice id"]);
}

#[test]
fn a_withdrawal_names_a_request_that_asks_for_a_change() {
    let requests = |withdraws| {
        found(&[
            change("R-1", "enable", &["a"], "2026-01-03", ""),
            withdrawal("R-2", withdraws, "", ""),
            withdrawal("R-3", "R-1", "", ""),
        ])
    };
    let unknown = ["R-2.yaml withdraws-unknown withdraws"];
    assert_eq!(requests("R-1"), NONE);
    assert_eq!(requests("R-9"), unknown);
    assert_eq!(requests("R-3"), unknown);
    // Nothing is said of one whose file has findings of its own.
    assert_eq!(requests("R-unread"), NONE);
}

#[test]
fn nobody_whom_the_withdrawn_request_is_about_approves_its_withdrawal() {
    let approved_by = |user: &str| {
        let asked = change("R-1", "enable", &["a", "b"], "2026-01-03", "");
        let applicant = Mailbox::parse("kerani@agensi.example").ok();
        let received = Received { from: applicant, ..asked.received.clone() };
        let asked = Arc::new(Request { received, ..Request::clone(&asked) });
        let mut taken_back = Request::clone(&withdrawal("R-2", "R-1", "2026-01-04", ""));
        let by = Mailbox::parse(&format!("{user}@agensi.example")).expect("an address");
        taken_back.approvals.push(Approval { by, ..taken_back.approvals[0].clone() });
        found(&[asked, Arc::new(taken_back)])
    };
    assert_eq!(approved_by("ketua"), NONE);
    for concerned in ["b", "kerani"] {
        assert_eq!(
            approved_by(concerned),
            ["R-2.yaml self-approval approvals.1.by"],
            "{concerned}"
        );
    }
}

/// What is found of R-1, which enables a and b on 2026-12-10, and R-2, with more requests.
fn beside(two: Arc<Request>, more: &[Arc<Request>]) -> Vec<String> {
    let one = change("R-1", "enable", &["b", "a"], "2026-01-03", DECEMBER_10);
    let mut requests = vec![one, two];
    requests.extend_from_slice(more);
    found(&requests)
}

const DECEMBER_10: &str = "effective: 2026-12-10";
const CONTRADICTION: [&str; 1] = ["R-2.yaml contradiction mailboxes.0"];

fn ends(user: &str, approved: &str, more: &str) -> Arc<Request> {
    change("R-2", "terminate", &[user], approved, more)
}

#[test]
fn opposite_requests_from_the_same_day_on_contradict_each_other() {
    assert_eq!(beside(ends("a", "2026-01-04", DECEMBER_10), &[]), CONTRADICTION);
    for other in [
        ends("c", "2026-01-04", DECEMBER_10),
        ends("a", "2026-01-04", "effective: 2026-12-11"),
        ends("a", "2026-01-04", ""),
        ends("a", "", DECEMBER_10),
        change("R-2", "enable", &["a"], "2026-01-04", DECEMBER_10),
    ] {
        assert_eq!(beside(other, &[]), NONE);
    }
}

#[test]
fn a_contradiction_is_found_in_the_later_file_at_its_entry() {
    let day = "2026-01-03";
    let enables = |id| change(id, "enable", &["x", "a"], day, "");
    let ends = |id| change(id, "terminate", &["y", "z", "a"], day, "");
    assert_eq!(found(&[enables("R-1"), ends("R-2")]), ["R-2.yaml contradiction mailboxes.2"]);
    assert_eq!(found(&[ends("R-1"), enables("R-2")]), ["R-2.yaml contradiction mailboxes.1"]);
    // Each with each.
    assert_eq!(
        found(&[ends("R-1"), enables("R-2"), ends("R-3")]),
        ["R-2.yaml contradiction mailboxes.1", "R-3.yaml contradiction mailboxes.2"]
    );
}

#[test]
fn a_contradiction_ends_with_a_withdrawal_that_is_due_by_then() {
    for (approved, more, is_over) in [
        // Before today; today; before they take effect; on that day.
        ("2026-11-01", "", true),
        ("2026-11-23", "", true),
        ("2026-11-01", "effective: 2026-12-05", true),
        ("2026-11-01", "effective: 2026-12-10", true),
        ("2026-11-01", "effective: 2026-12-11", false),
        ("", "", false),
    ] {
        for withdrawn in ["R-1", "R-2"] {
            let two = ends("a", "2026-01-04", DECEMBER_10);
            let back = withdrawal("R-3", withdrawn, approved, more);
            let expected = if is_over { &NONE[..] } else { &CONTRADICTION };
            assert_eq!(beside(two, &[back]), expected, "{approved}{more}");
        }
    }
}

#[test]
fn a_contradiction_that_was_there_before_ends_with_a_withdrawal_of_today() {
    let day = "2026-01-03";
    let requests = |approved| {
        found(&[
            change("R-1", "enable", &["a"], day, ""),
            change("R-2", "terminate", &["a"], day, ""),
            withdrawal("R-3", "R-1", approved, ""),
        ])
    };
    assert_eq!(requests("2026-11-23"), NONE);
    assert_eq!(requests("2026-11-24"), CONTRADICTION);
}

#[test]
fn a_request_is_withdrawn_from_the_first_day_of_a_verified_withdrawal() {
    let requests = [
        change("R-1", "enable", &["a"], "2026-01-03", ""),
        withdrawal("R-2", "R-1", "2026-02-02", ""),
        withdrawal("R-3", "R-1", "2026-03-03", ""),
        withdrawal("R-4", "R-1", "", ""),
    ];
    let is_withdrawn = |day, unverified: &[&str]| {
        let unverified = unverified
            .iter()
            .filter_map(|id| Some((RequestId::parse(id)?, UnverifiedReason::SHALLOW)));
        !withdrawn_requests(&requests, day, &unverified.collect()).is_empty()
    };
    for (day, unverified, expected) in [
        (date(2026, 2, 1), &[][..], false),
        (date(2026, 2, 2), &[], true),
        (date(2026, 2, 2), &["R-3"], true),
        (date(2026, 2, 2), &["R-2"], false),
        (date(2026, 3, 3), &["R-2"], true),
        (date(2026, 3, 3), &["R-2", "R-3"], false),
    ] {
        assert_eq!(is_withdrawn(day, unverified), expected, "{day} {unverified:?}");
    }
}

#[test]
fn a_withdrawal_concerns_the_mailboxes_of_what_it_withdraws() {
    let all = [
        change("R-1", "enable", &["a", "b"], "", ""),
        withdrawal("R-2", "R-1", "", ""),
        withdrawal("R-3", "R-9", "", ""),
    ];
    let counts: Vec<usize> =
        all.iter().map(|request| concerned_mailboxes(request, &all).len()).collect();
    assert_eq!(counts, [2, 2, 0]);
}
