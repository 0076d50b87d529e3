//! What a plan may not do without a person's word, one rule a test.

use jiff::civil::date;

use super::*;
use crate::domain::approval::verification::UnverifiedApprovals;
use crate::domain::archive_state::State;
use crate::domain::desired::fold_requests;
use crate::domain::observed::{ObservedMailbox, RecordedRequest, sample_mailbox};
use crate::domain::plan::plan;
use crate::domain::request::sample;
use crate::domain::request::sample::change;

fn codes(refusals: &[Refusal]) -> Vec<&'static str> {
    refusals.iter().map(Refusal::code).collect()
}

const NONE: [&str; 0] = [];

#[test]
fn limits_count_what_goes_beyond_them() {
    let policy =
        sample::policy("A", "limits: {terminations: 2, terminations_percent: 50, changes: 3}");
    for (terminations, changes, kept, expected) in [
        (0, 0, 0, &NONE[..]),
        (0, 3, 0, &NONE),
        (0, 4, 0, &["changes"]),
        (2, 3, 2, &NONE),
        (2, 3, 1, &["terminations-percent"]),
        (1, 1, 0, &["terminations-percent"]),
        (3, 3, 3, &["terminations"]),
        (4, 4, 0, &["terminations", "terminations-percent", "changes"]),
    ] {
        let found = exceeded_limits(terminations, changes, &policy, kept);
        assert_eq!(codes(&found), expected, "{terminations} {changes} {kept}");
    }
}

#[test]
fn a_share_is_rounded_up_so_that_it_never_looks_like_its_limit() {
    let policy =
        sample::policy("A", "limits: {terminations: 1000, terminations_percent: 5, changes: 1000}");
    for (terminations, kept, words) in [
        (501, 9499, "501 archives would be terminated of 10000, which is 5.1 %,"),
        (1, 18, "1 archive would be terminated of 19, which is 5.3 %,"),
    ] {
        let found = exceeded_limits(terminations, terminations, &policy, kept);
        assert!(found[0].to_string().starts_with(words), "{found:?}");
    }
    let found = exceeded_limits(500, 500, &policy, 9500);
    assert_eq!(codes(&found), NONE);
}

/// What stands against the plan of requests, with these mailboxes in the portal.
fn refused(
    requests: &[(&str, &[&str])],
    portal: &[(&str, State, &str)],
    is_whole: bool,
) -> Vec<&'static str> {
    let each = (1..).zip(requests);
    let requests: Vec<_> = each
        .map(|(number, (action, users))| {
            change(&format!("R-{number}"), action, users, "2026-01-03", "")
        })
        .collect();
    let desired = fold_requests(&requests, date(2026, 11, 23), &UnverifiedApprovals::new());
    let each = portal.iter().map(|(user, state, request)| ObservedMailbox {
        request: (!request.is_empty()).then(|| (*request).into()),
        ..sample_mailbox(&format!("{user}@agensi.example"), user, state.clone())
    });
    let observed = Observed::new(each.collect(), is_whole);
    let wide = "limits: {terminations: 99, terminations_percent: 100, changes: 99}";
    codes(&plan(&desired, &observed, &sample::policy("A", wide)).refusals)
}

#[test]
fn a_portal_without_mailboxes_is_refused_whatever_is_wanted_of_them() {
    assert_eq!(refused(&[("enable", &["a"])], &[], true), ["portal-empty"]);
    assert_eq!(refused(&[("terminate", &["a"])], &[], true), ["portal-empty"]);
    assert_eq!(refused(&[], &[], true), NONE);
    assert_eq!(refused(&[("terminate", &["a"])], &[], false), ["portal-empty"]);
}

#[test]
fn a_portal_that_lacks_most_of_what_is_wanted_is_refused() {
    let all = [("enable", &["a", "b", "c", "d"][..])];
    let there = |users: &[&'static str]| -> Vec<_> {
        let each = users.iter();
        each.map(|user| (*user, State::Enabled, "")).collect()
    };
    assert_eq!(refused(&all, &there(&["a", "b"]), true), NONE);
    assert_eq!(refused(&all, &there(&["a"]), true), ["portal-shrunken"]);
    assert_eq!(refused(&all, &there(&["a"]), false), NONE);
    // One that is missing alone is misspelt or has left.
    let one = [("enable", &["a"][..])];
    assert_eq!(refused(&one, &there(&["z"]), true), NONE);
    // What is to be gone need not be there.
    let gone = [("terminate", &["a", "b", "c"][..])];
    assert_eq!(refused(&gone, &there(&["z"]), true), NONE);
}

#[test]
fn archives_that_were_enabled_and_mostly_are_so_no_longer_are_refused() {
    let all = [("enable", &["a", "b", "c", "d"][..])];
    let off = |by: [&'static str; 4]| {
        let each = ["a", "b", "c", "d"].into_iter().zip(by);
        let each = each.map(|(user, by)| (user, State::Disabled, by));
        each.collect::<Vec<_>>()
    };
    let (was, new) = ("R-1", "");
    assert_eq!(refused(&all, &off([was, was, new, new]), true), NONE);
    let gone = ["changes-undone"];
    assert_eq!(refused(&all, &off([was, was, was, new]), true), gone);
    // Some mailboxes tell as well.
    assert_eq!(refused(&all, &off([was, was, was, new]), false), gone);
    // One alone was switched off by somebody.
    let one = [("enable", &["a"][..])];
    assert_eq!(refused(&one, &[("a", State::Disabled, was)], true), NONE);
}

/// What stands against the plan if the portal shows so many of these changes on record as undone, and
/// names that request instead.
fn refused_after_rollback(target: &str, undone: usize, of: usize, names: &str) -> Plan {
    let users: Vec<String> = (0..of).map(|number| format!("m{number:03}")).collect();
    let named: Vec<&str> = users.iter().map(String::as_str).collect();
    let request = change("R-1", target, &named, "2026-01-03", "");
    let desired = fold_requests(&[request], date(2026, 11, 23), &UnverifiedApprovals::new());
    let target = if target == "enable" { Target::Enabled } else { Target::Terminated };
    let states = match target {
        Target::Enabled => [State::Disabled, State::Enabled],
        Target::Terminated => [State::Enabled, State::Terminated],
    };
    let read = |(number, user): (usize, &String)| ObservedMailbox {
        request: (!names.is_empty()).then(|| names.into()),
        ..sample_mailbox(
            &format!("{user}@agensi.example"),
            user,
            states[usize::from(number >= undone)].clone(),
        )
    };
    let read: Vec<ObservedMailbox> = users.iter().enumerate().map(read).collect();
    let recorded = read.iter().map(|seen| RecordedRequest {
        mailbox: seen.mailbox.clone(),
        request: "R-1".into(),
        target,
        is_finished: true,
        id: Some(seen.id.clone()),
    });
    let recorded = recorded.collect();
    let named: Vec<_> = read.iter().map(|seen| seen.mailbox.clone()).take(undone).collect();
    let wide = "limits: {terminations: 999, terminations_percent: 100, changes: 999}";
    let observed = Observed::new(read, true).with_recorded_requests(recorded);
    let (policy, kept) = (sample::policy("A", wide), observed.clone().keep_only(&named));
    let plan_of = |observed| plan(&desired, observed, &policy);
    // What was read of it changes nothing in what is on record.
    let few = plan_of(&kept).refusals;
    assert!(few.iter().all(|few| few.code() != "changes-undone" || undone * 10 > of), "{few:?}");
    plan_of(&observed)
}

#[test]
fn a_portal_that_went_back_is_refused_once_it_is_more_than_a_few() {
    for target in ["enable", "terminate"] {
        for (undone, of, refused) in [
            (5, 8, target == "enable"),
            (5, 12, false),
            (6, 12, true),
            (6, 59, true),
            (6, 60, false),
            (7, 60, true),
        ] {
            for names in ["", "R-0"] {
                let plan = refused_after_rollback(target, undone, of, names);
                let expected = if refused { &["changes-undone"][..] } else { &[] };
                assert_eq!(codes(&plan.refusals), expected, "{target} {undone} of {of}: {names}");
                assert_eq!(plan.changes.len(), undone);
                for change in &plan.changes {
                    let remark = change.remark().unwrap_or_default().in_english();
                    assert!(remark.starts_with("the portal went back"), "{remark}");
                }
            }
        }
    }
}

#[test]
fn only_its_own_digest_accepts_a_plan() {
    let requests = [change("R-1", "enable", &["a"], "2026-01-03", "")];
    let desired = fold_requests(&requests, date(2026, 11, 23), &UnverifiedApprovals::new());
    let seen = sample_mailbox("a@agensi.example", "1", State::Disabled);
    let observed = Observed::new(vec![seen], true);
    let made = |limits: &str| plan(&desired, &observed, &sample::policy("A", limits));
    let (good, bad) = (made(""), made("limits: {changes: 0}"));
    let (own, other) = (bad.digest.to_string(), good.digest.to_string());
    for (plan, accepted, alone, expected) in [
        (&good, vec![], true, "clear"),
        (&bad, vec![], true, "refused"),
        (&bad, vec![own.clone()], true, "clear"),
        (&bad, vec![own[..32].to_uppercase()], true, "clear"),
        (&bad, vec![own[..31].to_owned()], true, "another"),
        (&bad, vec![format!("{own}0")], true, "another"),
        (&bad, vec![other.clone()], true, "another"),
        (&bad, vec![other.clone(), own.clone()], true, "clear"),
        // What was reviewed is not what would run, also where nothing need be accepted.
        (&good, vec![own.clone()], true, "another"),
        // Of several agencies another one's plan is meant.
        (&good, vec![own.clone()], false, "clear"),
        (&bad, vec![other.clone()], false, "refused"),
    ] {
        let found = match plan.clear_to_run(&accepted, alone) {
            Ok(_) => "clear",
            Err(NotCleared::Refused(_)) => "refused",
            Err(NotCleared::AnotherPlan(_)) => "another",
        };
        assert_eq!(found, expected, "{accepted:?} {alone}");
    }
}
