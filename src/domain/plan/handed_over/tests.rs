//! What comes of changes that people were asked to make, one rule a test.

use jiff::civil::date;

use crate::domain::approval::verification::UnverifiedApprovals;
use crate::domain::archive_state::{State, Target};
use crate::domain::desired::fold_requests;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::observed::{HandedOverChange, Observed, ObservedMailbox, sample_mailbox};
use crate::domain::plan::{Plan, plan};
use crate::domain::request::sample;
use crate::domain::request::sample::{change, withdrawal};

fn asked(user: &str, target: Target, request: &str, file: &str) -> HandedOverChange {
    HandedOverChange {
        is_certain: true,
        is_void: false,
        mailbox: Mailbox::from_portal(&format!("{user}@agensi.example")),
        target,
        request: request.into(),
        at: "2026-11-20T01:00:00Z".parse().expect("a moment"),
        file: file.into(),
    }
}

fn seen(user: &str, state: State) -> ObservedMailbox {
    sample_mailbox(&format!("{user}@agensi.example"), user, state)
}

/// The plan where R-1 enables a, R-2 was to enable b and was withdrawn, and R-3 terminates c.
fn planned(portal: [State; 3], handed_over: &[HandedOverChange]) -> Plan {
    let requests = [
        change("R-1", "enable", &["a"], "2026-01-03", ""),
        change("R-2", "enable", &["b"], "2026-01-03", ""),
        withdrawal("R-2-back", "R-2", "2026-01-04", ""),
        change("R-3", "terminate", &["c"], "2026-01-03", ""),
    ];
    let desired = fold_requests(&requests, date(2026, 11, 23), &UnverifiedApprovals::new());
    let portal = ["a", "b", "c"].into_iter().zip(portal);
    let portal = portal.map(|(user, state)| seen(user, state)).collect();
    let observed = Observed::new(portal, true).with_handed_over(handed_over.to_vec());
    let wide = "limits: {terminations_percent: 100}";
    plan(&desired, &observed, &sample::policy("A", wide))
}

/// What is changed, waits, is recalled (with `!` where it was done), and is void.
fn words(plan: &Plan) -> [Vec<String>; 4] {
    let user = |mailbox: &Mailbox| mailbox.as_str().split('@').next().unwrap_or("").to_owned();
    let recalled = plan.recalled.iter().map(|change| {
        let done = if change.is_done { "!" } else { "" };
        format!("{}{done}", user(&change.handed_over.mailbox))
    });
    [
        plan.changes.iter().map(|change| user(&change.mailbox)).collect(),
        plan.in_progress.iter().map(|change| user(&change.mailbox)).collect(),
        recalled.collect(),
        plan.void.iter().map(ToString::to_string).collect(),
    ]
}

#[test]
fn what_is_wanted_and_may_still_be_done_waits() {
    let [off, on] = [State::Disabled, State::Enabled];
    let file = "1.csv";
    let asks = [asked("a", Target::Enabled, "R-1", file)];
    let plan = planned([off.clone(), off.clone(), off.clone()], &asks);
    assert_eq!(words(&plan).concat(), ["a"]);
    assert_eq!(words(&plan)[1], ["a"]);
    // The export shows it.
    let plan = planned([on, off.clone(), off], &asks);
    assert_eq!(words(&plan).concat(), [""; 0]);
}

#[test]
fn a_file_that_asks_for_what_is_wanted_no_longer_is_void() {
    let off = || [State::Disabled, State::Disabled, State::Disabled];
    let file = "1.csv";
    let asks = [asked("a", Target::Enabled, "R-1", file), asked("b", Target::Enabled, "R-2", file)];
    // What else it asks for is handed over anew.
    let anew = [vec!["a".to_owned()], vec![], vec!["b".into()], vec!["1.csv".into()]];
    assert_eq!(words(&planned(off(), &asks)), anew);
    // In a file of its own it would have waited.
    let apart = [asks[0].clone(), asked("b", Target::Enabled, "R-2", "2.csv")];
    let [changes, waits, _, void] = words(&planned(off(), &apart));
    assert_eq!((changes, waits), (vec![], vec!["a".to_owned()]));
    assert_eq!(void, ["2.csv"]);
}

#[test]
fn a_file_is_not_void_after_its_unwanted_part_was_done() {
    let file = "1.csv";
    let asks = [asked("a", Target::Enabled, "R-1", file), asked("b", Target::Enabled, "R-2", file)];
    let portal = [State::Disabled, State::Enabled, State::Disabled];
    let [changes, waits, recalled, void] = words(&planned(portal, &asks));
    assert_eq!((changes, waits), (vec![], vec!["a".to_owned()]));
    assert_eq!((recalled, void), (vec!["b!".to_owned()], vec![]));
}

#[test]
fn of_what_another_request_decides_only_what_is_not_done_is_recalled() {
    let asks = |request| [asked("c", Target::Enabled, request, "1.csv")];
    let off = [State::Disabled, State::Disabled, State::Disabled];
    assert_eq!(words(&planned(off.clone(), &asks("R-0")))[2], ["c"]);
    // The same action, but another request.
    let on = [State::Enabled, State::Disabled, State::Enabled];
    let same = [asked("c", Target::Terminated, "R-0", "1.csv")];
    assert_eq!(words(&planned(on.clone(), &same))[2], ["c"]);
    // The same request, but another action.
    assert_eq!(words(&planned(off, &asks("R-3")))[2], ["c"]);
    let [changes, _, recalled, void] = words(&planned(on, &asks("R-0")));
    assert_eq!((changes, recalled), (vec!["c".to_owned()], vec![]));
    assert_eq!(void, [""; 0]);
}

#[test]
fn what_something_stands_in_the_way_of_is_recalled() {
    let requests = [change("R-1", "terminate", &["a"], "2026-01-03", "")];
    let desired = fold_requests(&requests, date(2026, 11, 23), &UnverifiedApprovals::new());
    let held = |hold| ObservedMailbox { hold, ..seen("a", State::Enabled) };
    for (hold, waits, void) in [(false, 1, 0), (true, 0, 1)] {
        let asks = asked("a", Target::Terminated, "R-1", "1.csv");
        let observed = Observed::new(vec![held(hold)], true).with_handed_over(vec![asks]);
        let plan = plan(&desired, &observed, &sample::policy("A", ""));
        assert_eq!((plan.in_progress.len(), plan.void.len()), (waits, void));
    }
}

#[test]
fn what_was_done_and_undone_is_known_by_request_and_moment() {
    let asks = asked("a", Target::Enabled, "R-1", "1.csv");
    let off = |request: &str, changed_at: Option<&str>| ObservedMailbox {
        request: Some(request.into()),
        changed_at: changed_at.map(|at| at.parse().expect("a moment")),
        ..seen("a", State::Disabled)
    };
    for (request, changed_at, is_done) in [
        ("R-1", Some("2026-11-20T01:00:01Z"), true),
        ("R-1", Some("2026-11-20T01:00:00Z"), false),
        ("R-1", None, false),
        ("R-2", Some("2026-11-20T01:00:01Z"), false),
    ] {
        assert_eq!(asks.is_done_in(&off(request, changed_at)), is_done);
    }
}

#[test]
fn what_is_wanted_in_a_void_file_is_asked_for_again() {
    let asks =
        |is_void| HandedOverChange { is_void, ..asked("a", Target::Enabled, "R-1", "1.csv") };
    let portal = || [State::Disabled, State::Disabled, State::Terminated];
    let waits = words(&planned(portal(), &[asks(false)]));
    assert_eq!((waits[0].len(), &*waits[1]), (0, &["a".to_owned()][..]));
    let again = words(&planned(portal(), &[asks(true)]));
    assert_eq!((&*again[0], again[1].len()), (&["a".to_owned()][..], 0));
    assert_eq!(again[3], ["1.csv"]);
}
