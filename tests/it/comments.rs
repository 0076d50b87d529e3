//! What comments, annotations and reports for a forge must never leave out.

use arkib::apply::Outcome;
use arkib::domain::archive_state::Target;
use arkib::domain::plan::Plan;
use arkib::domain::plan::StaleReason;
use arkib::domain::policy::ChangeLimits;
use arkib::domain::policy::diff::PolicyLine;
use arkib::domain::repository_path_resolver::RepositoryPathResolver;
use arkib::exit::Exit;
use arkib::output::{
    AgencyResult, OutstandingOnBase, PullRequestEffects, RunResult, github, gitlab, markdown,
};
use serde_json::Value;

use crate::limits::planned;

const WIDE: ChangeLimits =
    ChangeLimits { terminations: 10_000, terminations_percent: 100, changes: 10_000 };
pub const MOST: usize = 60_000;

/// A dry run of this plan.
pub fn run(plan: Plan) -> AgencyResult {
    let policy = crate::properties::policy();
    AgencyResult {
        plan: Some(plan),
        reason: "Dry run: nothing was changed.".into(),
        ..AgencyResult::for_policy(&policy, "at 4f2c9e1 (main)".into(), None)
    }
}

/// The summary of such runs.
pub fn run_summary(runs: &[AgencyResult]) -> RunResult<'_> {
    RunResult {
        command: "reconcile",
        requests_at: "at 4f2c9e1 (main)".into(),
        findings: &[],
        policies: &[],
        files: &[],
        runs,
        ended: None,
        places: RepositoryPathResolver::default(),
    }
}

fn rows(text: &str, begin: &str) -> usize {
    text.lines().filter(|line| line.starts_with(begin)).count()
}

/// How many mailboxes of terminations a comment names.
pub fn terminations(text: &str) -> usize {
    rows(text, "> - **`") + rows(text, ">   - `")
}

/// How many mailboxes it names that are not terminated.
pub fn others(text: &str) -> usize {
    rows(text, "- **`") + rows(text, "  - `")
}

fn violations(runs: &[AgencyResult]) -> Vec<Value> {
    serde_json::from_str(&gitlab::render_run_result(&run_summary(runs))).unwrap()
}

/// The lines of annotations, without the text for people.
fn annotations(runs: &[AgencyResult]) -> Vec<String> {
    let text = github::render_run_result(&run_summary(runs));
    let (before, _) = text.split_once("::stop-commands::").unwrap();
    before.lines().map(str::to_owned).collect()
}

#[test]
fn terminations_of_every_agency_are_shown() {
    // All have more to enable than there is room for, but for the first.
    for (agencies, each, fresh) in [(1, 50, 300), (40, 3, 80), (120, 2, 40)] {
        let plan = planned(400, each, fresh, 400 + fresh, WIDE);
        let runs: Vec<AgencyResult> = (0..agencies).map(|_| run(plan.clone())).collect();
        let text = markdown::render_run_result(&run_summary(&runs), MOST, None);
        assert!(text.len() <= MOST, "{} bytes", text.len());
        assert_eq!(terminations(&text), agencies * each, "{agencies} agencies");
        assert!(agencies == 1 || others(&text) < agencies * fresh);
    }
    // For any number of them.
    let plan = planned(10, 1, 1, 11, WIDE);
    let runs: Vec<AgencyResult> = (0..800).map(|_| run(plan.clone())).collect();
    let text = markdown::render_run_result(&run_summary(&runs), MOST, None);
    assert!(text.len() <= MOST, "{} bytes", text.len());
    assert!(text.contains("agencies"), "{}", &text[text.len() - 300..]);
    assert!(terminations(&text) > 200);
}

#[test]
fn long_policies_displace_nothing() {
    let mut one = run(planned(40, 2, 600, 640, WIDE));
    one.pull_request = Some(PullRequestEffects {
        base: "main at 4f2c9e1".into(),
        prevented: vec![],
        met: vec![],
        lifted: vec![],
        policies: vec![(
            "requests/agency.yaml".into(),
            (0..1_500)
                .map(|n| PolicyLine::Other(format!("protected: adds m{n}@agensi.example").into()))
                .collect(),
        )],
        outstanding: OutstandingOnBase::NotLookedAt(7),
        ..PullRequestEffects::default()
    });
    let text = markdown::render_run_result(&run_summary(&[one]), MOST, None);
    assert_eq!(terminations(&text), 2);
    assert!(text.contains("- … and 1460 changes more"), "{}", &text[..3_000]);
    assert!(text.contains("Not read: 7 mailboxes"));
}

#[test]
fn failures_are_shown_before_successes() {
    let plan = planned(40, 2, 2_000, 2_040, WIDE);
    let outcomes: Vec<Outcome> = (0..plan.changes.len())
        .map(|index| match index {
            1_500 => Outcome::Failed { why: "the portal\u{1b} was busy".into() },
            1_501 => Outcome::Unknown { why: "no answer".into() },
            _ => Outcome::Applied { settling: false },
        })
        .collect();
    let mut one = run(plan);
    one.outcomes = Some(outcomes);
    one.exit = Exit::Partly;
    one.reason = "2000 applied, 1 failed, 1 unknown.".into();
    let runs = [one];
    let text = markdown::render_run_result(&run_summary(&runs), MOST, None);
    assert!(text.contains("### arkib: 2000 applied, 1 failed, 1 unknown\n"), "{}", &text[..300]);
    assert_eq!((rows(&text, "- ✗ failed"), rows(&text, "- ? unknown")), (1, 1));
    assert!(text.find("✗ failed") < text.find("✓ applied"));
    assert!(text.contains("the `portal␛` was busy"));
    assert!(!text.contains("To enable"), "the plan is told twice");
    let said = annotations(&runs);
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(
        said[0].starts_with("::error file=requests/R-2.yaml,line=1,title=failed::m"),
        "{said:?}"
    );
    let kinds: Vec<Value> =
        violations(&runs).iter().map(|annotation| annotation["check_name"].clone()).collect();
    assert_eq!(kinds, ["failed", "unknown"]);
}

#[test]
fn every_forge_shows_a_refusal() {
    let narrow = ChangeLimits { terminations: 1, ..WIDE };
    let mut over = run(planned(40, 2, 0, 40, narrow));
    over.exit = Exit::Refused;
    over.reason = "Refused, because the plan exceeds 1 limit: nothing was changed.".into();
    let runs = [over];
    let text = markdown::render_run_result(&run_summary(&runs), MOST, None);
    assert!(text.contains("### arkib: refused: 2 to terminate"), "{text}");
    assert!(text.contains("- 2 terminations are 1 more than the limit of 1"), "{text}");
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
    // When accepted it is no longer an error.
    let [mut accepted] = runs;
    accepted.accepted = true;
    accepted.exit = Exit::Done;
    let runs = [accepted];
    assert!(
        annotations(&runs).iter().all(|line| line.starts_with("::notice")),
        "{:?}",
        annotations(&runs)
    );
    assert!(violations(&runs).iter().all(|violation| violation["severity"] == "info"));
    assert!(
        markdown::render_run_result(&run_summary(&runs), MOST, None)
            .contains("exceeds limits and is accepted by its digest")
    );
}

#[test]
fn every_forge_shows_how_a_run_ended() {
    let plain = || run(planned(40, 0, 1, 41, WIDE));
    let mut stale = plain();
    stale.stale = vec![StaleReason::about_subject("m1@agensi.example", "it was changed")];
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
        let text = markdown::render_run_result(&run_summary(&runs), MOST, None);
        assert!(text.contains(word), "{text}");
        let said = annotations(&runs);
        assert!(
            said.len() == 1 && said[0].starts_with("::error ") && said[0].contains(word),
            "{said:?}"
        );
        let found = violations(&runs);
        assert!(found.len() == 1 && found[0]["severity"] == "blocker", "{found:?}");
        assert!(found[0]["description"].as_str().unwrap().contains(word), "{found:?}");
    }
}

#[test]
fn similar_violations_have_different_fingerprints() {
    let runs = [run(planned(40, 12, 0, 40, WIDE)), run(planned(40, 12, 0, 40, WIDE))];
    let found = violations(&runs);
    // 12 terminations of each, and how many there are.
    assert_eq!(found.len(), 26);
    let mut fingerprints: Vec<&str> =
        found.iter().map(|violation| violation["fingerprint"].as_str().unwrap()).collect();
    fingerprints.sort_unstable();
    fingerprints.dedup();
    assert_eq!(fingerprints.len(), 26);
    let said = annotations(&runs);
    assert!(said[0].contains("12 archives would be terminated"), "{}", said[0]);
    assert_eq!(runs[0].plan.as_ref().unwrap().changes[0].target, Target::Terminated);
}
