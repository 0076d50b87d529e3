//! What a comment, an annotation or a report of a forge must never leave out.

use arkib::apply::Outcome;
use arkib::domain::archive::Target;
use arkib::domain::places::RepositoryPaths;
use arkib::domain::plan::Plan;
use arkib::domain::plan::StaleReason;
use arkib::domain::policy::Limits;
use arkib::exit::Exit;
use arkib::output::{
    Otherwise, PullRequestSummary, Reconciled, RunSummary, github, gitlab, markdown,
};
use serde_json::Value;

use crate::limits::planned;

const WIDE: Limits = Limits {
    terminations: 10_000,
    terminations_percent: 100,
    changes: 10_000,
};
pub const MOST: usize = 60_000;

/// A dry run of this plan.
pub fn run(plan: Plan) -> Reconciled {
    let policy = crate::properties::policy();
    Reconciled {
        plan: Some(plan),
        reason: "Dry run: nothing was changed.".into(),
        ..Reconciled::begin(&policy, "at 4f2c9e1 (main)".into(), None)
    }
}

/// What is told of such runs.
pub fn told(runs: &[Reconciled]) -> RunSummary<'_> {
    RunSummary {
        command: "reconcile",
        requests_at: "at 4f2c9e1 (main)".into(),
        findings: &[],
        policies: &[],
        runs,
        ended: None,
        places: RepositoryPaths::default(),
    }
}

fn rows(text: &str, begin: &str) -> usize {
    text.lines().filter(|line| line.starts_with(begin)).count()
}

fn violations(runs: &[Reconciled]) -> Vec<Value> {
    serde_json::from_str(&gitlab::summary(&told(runs))).unwrap()
}

/// The lines of annotations, without what people read.
fn annotations(runs: &[Reconciled]) -> Vec<String> {
    let text = github::summary(&told(runs));
    let (before, _) = text.split_once("::stop-commands::").unwrap();
    before.lines().map(str::to_owned).collect()
}

#[test]
fn the_terminations_of_every_agency_are_shown() {
    for (agencies, each) in [(1, 50), (40, 3), (120, 2)] {
        let runs: Vec<Reconciled> = (0..agencies)
            .map(|_| run(planned(400, each, 300, 700, WIDE)))
            .collect();
        let text = markdown::summary(&told(&runs), MOST, None);
        assert!(text.len() <= MOST, "{} bytes", text.len());
        assert_eq!(
            rows(&text, "- terminate"),
            agencies * each,
            "{agencies} agencies"
        );
        assert!(agencies == 1 || rows(&text, "+ enable") < agencies * 300);
    }
    // However many there are.
    let runs: Vec<Reconciled> = (0..2_000)
        .map(|_| run(planned(10, 1, 1, 11, WIDE)))
        .collect();
    let text = markdown::summary(&told(&runs), MOST, None);
    assert!(text.len() <= MOST, "{} bytes", text.len());
    assert!(text.contains("agencies"), "{}", &text[text.len() - 300..]);
    assert!(rows(&text, "- terminate") > 200);
}

#[test]
fn long_policies_push_nothing_out() {
    let mut one = run(planned(40, 2, 600, 640, WIDE));
    one.pull_request = Some(PullRequestSummary {
        base: "main at 4f2c9e1".into(),
        prevented: vec![],
        met: vec![],
        lifted: vec![],
        policies: vec![(
            "requests/agency.yaml".into(),
            (0..1_500)
                .map(|n| format!("protected: adds m{n}@agensi.example"))
                .collect(),
        )],
        otherwise: Otherwise::NotLookedAt(7),
    });
    let text = markdown::summary(&told(&[one]), MOST, None);
    assert_eq!(rows(&text, "- terminate"), 2);
    assert!(
        text.contains("! … and 1460 changes more"),
        "{}",
        &text[..3_000]
    );
    assert!(text.contains("Not looked at: 7 mailboxes"));
}

#[test]
fn what_went_wrong_is_shown_before_what_went_well() {
    let plan = planned(40, 2, 2_000, 2_040, WIDE);
    let outcomes: Vec<Outcome> = (0..plan.changes.len())
        .map(|index| match index {
            1_500 => Outcome::Failed {
                why: "the portal\u{1b} was busy".into(),
            },
            1_501 => Outcome::Unknown {
                why: "no answer".into(),
            },
            _ => Outcome::Applied {
                settling: false,
                detail: None,
            },
        })
        .collect();
    let mut one = run(plan);
    one.outcomes = Some(outcomes);
    one.exit = Exit::Partly;
    one.reason = "2000 applied, 1 failed, 1 unknown.".into();
    let runs = [one];
    let text = markdown::summary(&told(&runs), MOST, None);
    assert!(
        text.contains("### arkib: 2000 applied, 1 failed, 1 unknown\n"),
        "{}",
        &text[..300]
    );
    assert_eq!((rows(&text, "✗ failed"), rows(&text, "? unknown")), (1, 1));
    assert!(text.find("✗ failed") < text.find("✓ applied"));
    assert!(text.contains("the portal␛ was busy"));
    assert_eq!(rows(&text, "+ enable"), 0, "the plan is told twice");
    let said = annotations(&runs);
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(
        said[0].starts_with("::error file=requests/R-2.yaml,line=1,title=failed::m"),
        "{said:?}"
    );
    let kinds: Vec<Value> = violations(&runs)
        .iter()
        .map(|it| it["check_name"].clone())
        .collect();
    assert_eq!(kinds, ["failed", "unknown"]);
}

#[test]
fn a_refusal_is_told_to_every_forge() {
    let narrow = Limits {
        terminations: 1,
        ..WIDE
    };
    let mut over = run(planned(40, 2, 0, 40, narrow));
    over.exit = Exit::Refused;
    over.reason = "Refused, because the plan exceeds 1 limit: nothing was changed.".into();
    let runs = [over];
    let text = markdown::summary(&told(&runs), MOST, None);
    assert!(
        text.contains("### arkib: refused: 2 to terminate"),
        "{text}"
    );
    assert!(
        text.contains("! 2 terminations are 1 more than the limit of 1"),
        "{text}"
    );
    let said = annotations(&runs);
    assert!(
        said[0].starts_with(
            "::error file=requests/agency.yaml,line=1,title=terminations::2 terminations"
        ),
        "{said:?}"
    );
    let of_limit = &violations(&runs)[0];
    assert_eq!(
        (&of_limit["check_name"], &of_limit["severity"]),
        (&"terminations".into(), &"blocker".into())
    );
    // Accepted it is no error any more.
    let [mut accepted] = runs;
    accepted.accepted = true;
    accepted.exit = Exit::Done;
    let runs = [accepted];
    assert!(
        annotations(&runs)
            .iter()
            .all(|it| it.starts_with("::notice")),
        "{:?}",
        annotations(&runs)
    );
    assert!(violations(&runs).iter().all(|it| it["severity"] == "info"));
    assert!(
        markdown::summary(&told(&runs), MOST, None)
            .contains("over the limits, and accepted by its digest")
    );
}

#[test]
fn whatever_ends_a_run_is_told_to_every_forge() {
    let plain = || run(planned(40, 0, 1, 41, WIDE));
    let mut stale = plain();
    stale.stale = vec![StaleReason::about_item(
        "m1@agensi.example",
        "it was changed",
    )];
    stale.exit = Exit::Refused;
    let mut uncommitted = plain();
    uncommitted.exit = Exit::Refused;
    uncommitted.reason = "Refused: the requests differ from the commit.".into();
    let mut interrupted = plain();
    interrupted.exit = Exit::Partly;
    interrupted.reason = "Interrupted: nothing was changed for this agency.".into();
    let mut failed = plain();
    failed.plan = None;
    failed.exit = Exit::Failed;
    failed.reason = "Failed while reading the list of mailboxes.".into();
    for (run, word) in [
        (stale, "it was changed"),
        (uncommitted, "differ"),
        (interrupted, "Interrupted"),
        (failed, "Failed while"),
    ] {
        let runs = [run];
        let text = markdown::summary(&told(&runs), MOST, None);
        assert!(text.contains(word), "{text}");
        let said = annotations(&runs);
        assert!(
            said.len() == 1 && said[0].starts_with("::error ") && said[0].contains(word),
            "{said:?}"
        );
        let found = violations(&runs);
        assert!(
            found.len() == 1 && found[0]["severity"] == "blocker",
            "{found:?}"
        );
        assert!(
            found[0]["description"].as_str().unwrap().contains(word),
            "{found:?}"
        );
    }
}

#[test]
fn two_that_are_alike_have_fingerprints_of_their_own() {
    let runs = [
        run(planned(40, 12, 0, 40, WIDE)),
        run(planned(40, 12, 0, 40, WIDE)),
    ];
    let found = violations(&runs);
    // 12 terminations of each, and how many there are.
    assert_eq!(found.len(), 26);
    let mut seen: Vec<&str> = found
        .iter()
        .map(|it| it["fingerprint"].as_str().unwrap())
        .collect();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), 26);
    let said = annotations(&runs);
    assert!(
        said[0].contains("12 archives would be terminated"),
        "{}",
        said[0]
    );
    assert_eq!(
        runs[0].plan.as_ref().unwrap().changes[0].target,
        Target::Terminated
    );
}
