//! Which request decides of a mailbox, and what a pull request adds to that, one rule a test.

use jiff::civil::date;

use super::*;
use crate::domain::request::sample::{change, unsigned_reason, withdrawal};

const TODAY: Date = date(2026, 11, 23);

fn folded(requests: &[Arc<Request>]) -> Desired {
    fold_requests(requests, TODAY, &UnverifiedApprovals::new())
}

/// Folded where the approvals of these requests are unverified.
fn fold_unverified(requests: &[Arc<Request>], ids: &[&str]) -> Desired {
    let unverified = ids.iter().map(|wanted| (id(wanted), unsigned_reason()));
    fold_requests(requests, TODAY, &unverified.collect())
}

fn id(text: &str) -> RequestId {
    RequestId::parse(text).expect("an id")
}

fn mailbox(user: &str) -> Mailbox {
    Mailbox::from_portal(&format!("{user}@agensi.example"))
}

/// Each as `a enable R-1`, with `?` and the doubted request behind it.
fn wanted(desired: &Desired) -> Vec<String> {
    let each = desired.mailboxes.iter().map(|wanted| {
        let user = wanted.mailbox.as_str().split('@').next().unwrap_or("");
        let unverified = wanted.unverified.as_ref();
        let unverified = unverified.map_or(String::new(), |wanted| format!(" ?{}", wanted.request));
        format!("{user} {} {}{unverified}", wanted.target.verb(), wanted.request.id)
    });
    each.collect()
}

fn ids(requests: &[Arc<Request>]) -> Vec<&str> {
    requests.iter().map(|request| request.id.as_str()).collect()
}

#[test]
fn the_last_request_decides_by_effect_then_approval_then_id() {
    for (first, second, decides) in [
        // The day of effect, whichever was approved later.
        (("2026-01-03", "effective: 2026-01-20"), ("2026-01-05", ""), "R-1"),
        // One that takes effect before its approval counts from that on.
        (("2026-01-10", "effective: 2026-01-02"), ("2026-01-05", ""), "R-1"),
        // The day of approval.
        (("2026-01-06", "effective: 2026-01-20"), ("2026-01-05", "effective: 2026-01-20"), "R-1"),
        // The id.
        (("2026-01-05", ""), ("2026-01-05", ""), "R-2"),
    ] {
        let one = change("R-1", "enable", &["a"], first.0, first.1);
        let other = change("R-2", "terminate", &["a"], second.0, second.1);
        let desired = folded(&[one.clone(), other.clone()]);
        assert_eq!(ids(&[desired.mailboxes[0].request.clone()]), [decides]);
        assert_eq!(desired, folded(&[other, one]), "{first:?} {second:?}");
    }
}

#[test]
fn only_what_is_approved_and_due_is_wanted() {
    for (approved, more, is_wanted, pending, scheduled) in [
        ("2026-11-23", "", true, 0, 0),
        ("2026-11-03", "effective: 2026-11-23", true, 0, 0),
        ("2026-11-03", "effective: 2026-11-24", false, 0, 1),
        ("2026-11-24", "", false, 0, 1),
        ("", "", false, 1, 0),
        ("", "effective: 2026-11-03", false, 1, 0),
    ] {
        let desired = folded(&[change("R-1", "enable", &["a"], approved, more)]);
        assert_eq!(!desired.mailboxes.is_empty(), is_wanted, "{approved}{more}");
        let waits = (desired.pending.len(), desired.scheduled.len());
        assert_eq!(waits, (pending, scheduled), "{approved}{more}");
        assert_eq!(desired.named, [mailbox("a")], "{approved}{more}");
    }
}

#[test]
fn a_withdrawn_request_counts_as_never_made() {
    let before = change("R-0", "terminate", &["a"], "2026-01-02", "");
    let withdrawn = change("R-1", "enable", &["a", "b"], "2026-01-03", "");
    for (approved, more, expected) in [
        ("2026-01-04", "", &["a terminate R-0"][..]),
        ("2026-01-04", "effective: 2026-11-24", &["a enable R-1", "b enable R-1"]),
        ("", "", &["a enable R-1", "b enable R-1"]),
    ] {
        let withdrawal = withdrawal("R-2", "R-1", approved, more);
        let desired = folded(&[before.clone(), withdrawn.clone(), withdrawal]);
        assert_eq!(wanted(&desired), expected, "{approved}{more}");
        let is_withdrawn = desired.withdrawn == [id("R-1")];
        assert_eq!(is_withdrawn, desired.named == [mailbox("a")], "{approved}{more}");
    }
    let pending = change("R-1", "enable", &["a"], "", "");
    let desired = folded(&[pending, withdrawal("R-2", "R-1", "2026-01-04", "")]);
    assert!(desired.pending.is_empty() && desired.named.is_empty());
}

#[test]
fn an_unverified_approval_stops_its_own_mailboxes() {
    let requests = [
        change("R-1", "enable", &["a", "b"], "2026-01-03", ""),
        change("R-2", "enable", &["b"], "2026-01-04", ""),
    ];
    assert_eq!(
        wanted(&fold_unverified(&requests, &["R-1"])),
        ["a enable R-1 ?R-1", "b enable R-2"]
    );
    assert_eq!(
        wanted(&fold_unverified(&requests, &["R-2"])),
        ["a enable R-1", "b enable R-2 ?R-2"]
    );
}

#[test]
fn an_unverified_withdrawal_stops_what_it_withdraws_once_it_is_due() {
    let withdrawn = change("R-1", "enable", &["a"], "2026-01-03", "");
    let with = |approved, more, unverified: &[&str]| {
        let mut requests = [withdrawn.clone(), withdrawal("R-2", "R-1", approved, more)];
        let found = wanted(&fold_unverified(&requests, unverified));
        requests.reverse();
        assert_eq!(wanted(&fold_unverified(&requests, unverified)), found);
        found
    };
    assert_eq!(with("2026-01-04", "", &["R-2"]), ["a enable R-1 ?R-2"]);
    // What is wrong with the request itself is said first.
    let both = ["R-1", "R-2"];
    assert_eq!(with("2026-01-04", "", &both), ["a enable R-1 ?R-1"]);
    for (approved, more) in [("2026-01-04", "effective: 2026-11-24"), ("", "")] {
        assert_eq!(with(approved, more, &["R-2"]), ["a enable R-1"]);
    }
    // Two withdraw it: the one that is verified does.
    let twice = [
        withdrawn.clone(),
        withdrawal("R-2", "R-1", "2026-01-04", ""),
        withdrawal("R-3", "R-1", "2026-01-04", ""),
    ];
    assert_eq!(fold_unverified(&twice, &["R-2"]).mailboxes, []);
}

#[test]
fn a_mailbox_keeps_the_line_that_names_it() {
    let lines = "mailboxes:\n- b@agensi.example\n- a@agensi.example";
    let received = "date: 2026-01-01, channel: memo, reference: R";
    let approval = "approvals: [{by: uc@agensi.example, date: 2026-01-03}]";
    let more = format!("action: enable\n{lines}\n{approval}");
    let request = crate::domain::request::sample::request("R-1", received, &more);
    let desired = folded(&[request]);
    let lines: Vec<u32> = desired.mailboxes.iter().map(|wanted| wanted.line).collect();
    assert_eq!(lines, [7, 6]);
}

#[test]
fn a_pull_request_brings_what_is_new_or_otherwise() {
    let kept = change("R-1", "enable", &["a", "b"], "2026-01-03", "");
    let base = folded(std::slice::from_ref(&kept));
    let with = |request: Arc<Request>| folded(&[kept.clone(), request]).difference_from(&base);
    assert_eq!(base.difference_from(&base).named, []);

    let difference = with(change("R-2", "enable", &["c"], "2026-01-04", ""));
    assert_eq!(wanted(&difference), ["c enable R-2"]);
    let difference = with(change("R-2", "terminate", &["b"], "2026-01-04", ""));
    assert_eq!(wanted(&difference), ["b terminate R-2"]);
    // The same, on another request's word.
    let difference = with(change("R-2", "enable", &["b"], "2026-01-04", ""));
    assert_eq!(wanted(&difference), ["b enable R-2"]);

    let difference = with(withdrawal("R-2", "R-1", "2026-01-04", ""));
    assert_eq!(wanted(&difference), [""; 0]);
    assert_eq!(difference.named, [mailbox("a"), mailbox("b")]);

    let difference = with(change("R-2", "enable", &["c"], "", ""));
    assert_eq!(ids(&difference.pending), ["R-2"]);
    let difference = with(change("R-2", "enable", &["c"], "2027-01-04", ""));
    assert_eq!(ids(&difference.scheduled), ["R-2"]);
    for waits in ["", "2027-01-04"] {
        let base = folded(&[change("R-2", "enable", &["c"], waits, "")]);
        let difference = base.difference_from(&base);
        assert!(difference.pending.is_empty() && difference.scheduled.is_empty());
    }
    // Named and freed again before it was due: nothing is wanted of it any more.
    let base = folded(&[change("R-2", "enable", &["c"], "", "")]);
    assert_eq!(folded(&[]).difference_from(&base).named, [mailbox("c")]);
}

#[test]
fn an_approval_that_becomes_verified_is_new() {
    let requests = [change("R-1", "enable", &["a"], "2026-01-03", "")];
    let (unverified, verified) = (fold_unverified(&requests, &["R-1"]), folded(&requests));
    assert_eq!(wanted(&verified.difference_from(&unverified)), ["a enable R-1"]);
    assert_eq!(wanted(&unverified.difference_from(&verified)), ["a enable R-1 ?R-1"]);
    assert_eq!(unverified.difference_from(&unverified).mailboxes, []);
}

#[test]
fn what_a_branch_withdraws_is_new() {
    let base = [
        change("R-1", "enable", &["a"], "", ""),
        change("R-2", "enable", &["b"], "2027-01-03", ""),
        change("R-3", "enable", &["c"], "2026-01-03", ""),
        change("R-4", "enable", &["d"], "2026-01-03", ""),
        withdrawal("W-1", "R-4", "2026-01-04", ""),
    ];
    for withdrawn in ["R-1", "R-2", "R-3"] {
        let mut head = base.to_vec();
        head.push(withdrawal("W-2", withdrawn, "2026-01-04", ""));
        head.push(withdrawal("W-3", "R-4", "2026-01-04", ""));
        let found = folded(&head).newly_withdrawn(&folded(&base), &base);
        assert_eq!(ids(&found), [withdrawn]);
    }
}

#[test]
fn what_concerns_some_mailboxes_includes_the_withdrawals_of_their_requests() {
    let requests = [
        change("R-1", "enable", &["a", "b"], "2026-01-03", ""),
        change("R-2", "enable", &["b"], "", ""),
        change("R-3", "enable", &["c"], "", ""),
        change("R-4", "terminate", &["a"], "2027-01-03", ""),
        withdrawal("R-5", "R-1", "", ""),
        withdrawal("R-6", "R-1", "2027-01-03", ""),
        withdrawal("R-7", "R-3", "", ""),
    ];
    let only = |user| folded(&requests).keep_only(&[mailbox(user)], &requests);
    let a = only("a");
    assert_eq!(wanted(&a), ["a enable R-1"]);
    assert_eq!((ids(&a.pending), ids(&a.scheduled)), (vec!["R-5"], vec!["R-4", "R-6"]));
    assert_eq!(a.named, [mailbox("a")]);
    assert_eq!(ids(&only("b").pending), ["R-2", "R-5"]);
    assert_eq!(ids(&only("c").pending), ["R-3", "R-7"]);
    assert!(only("d").named.is_empty() && only("d").pending.is_empty());
}

#[test]
fn what_all_requests_keep_stays_known_whatever_is_left() {
    let requests = [
        change("R-1", "enable", &["a", "b", "c"], "2026-01-03", ""),
        change("R-2", "terminate", &["c", "d"], "2026-01-04", ""),
    ];
    let all = folded(&requests);
    assert_eq!((all.kept, all.count_enabled()), (2, 2));
    let only = folded(&requests).keep_only(&[mailbox("d")], &requests);
    assert_eq!((only.kept, only.count_enabled()), (2, 0));
    let base = folded(&requests[..1]);
    let difference = all.difference_from(&base);
    assert_eq!((difference.kept, difference.count_enabled(), base.kept), (2, 0, 3));
}

#[test]
fn a_mailbox_that_is_as_wanted_is_kept_in_brief() {
    let requests = [
        change("R-1", "enable", &["a"], "2026-01-03", ""),
        change("R-2", "terminate", &["b"], "2027-01-03", ""),
    ];
    use crate::domain::archive_state::State;
    let mailbox_filter = folded(&requests).mailbox_filter(&requests);
    let met = |user, state| {
        let kept = mailbox_filter.keep(mailbox(user).as_str(), &state);
        kept.map(|kept| kept.is_met)
    };
    assert_eq!(met("a", State::Enabled), Some(true));
    assert_eq!(met("a", State::Disabled), Some(false));
    // Of what is not due nobody knows yet what is wanted.
    assert_eq!(met("b", State::Terminated), Some(false));
    assert_eq!(met("c", State::Enabled), Some(false));
    assert_eq!(met("c", State::Disabled), None);
}
