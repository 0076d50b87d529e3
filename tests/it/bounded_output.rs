//! Outputs other than the plan are bounded for any amount of data, and count what they leave out.

use arkib::domain::plan::StaleReason;
use arkib::domain::policy::diff::PolicyLine;
use arkib::output::{gitlab, human, markdown};
use serde_json::Value;

use crate::comments::{MOST, run, run_summary};
use crate::large_plans::{WIDE, enables, rows, shown};
use crate::limits::planned;
use crate::outputs::{numbered, request};
use crate::session::stdout;

#[test]
fn violation_report_is_bounded() {
    let report = |plan| -> Vec<Value> {
        serde_json::from_str(&gitlab::render_run_result(&run_summary(&[run(plan)]))).unwrap()
    };
    let text = |found: &Value| found["description"].as_str().unwrap().to_owned();
    // Accounts that are not there.
    let found = report(planned(0, 0, 2_000, 0, WIDE));
    // And the refusal.
    assert_eq!(found.len(), 501);
    let last = text(&found[500]);
    assert!(last.starts_with("and 1501 more that are not annotated: 1501 no-account;"), "{last}");
    // Terminations are never left out.
    let found = report(planned(2_000, 2_000, 0, 2_000, WIDE));
    assert_eq!(found.len(), 2_001);
    let first = text(&found[0]);
    assert!(first.starts_with("2000 archives would be terminated"), "{first}");
}

#[test]
fn stale_plan_is_explained_by_reason() {
    let mut one = run(planned(10, 0, 1, 11, WIDE));
    one.stale = (0..10_000)
        .map(|number| {
            StaleReason::about_subject(format!("m{number}@agensi.example"), "it was changed")
        })
        .chain([StaleReason::about_plan("the policy is another")])
        .collect();
    let text = anstream::adapter::strip_str(&human::stale(&one)).to_string();
    assert_eq!(rows(&text, "10000: it was changed"), 1, "{text}");
    assert_eq!(rows(&text, "! the policy is another"), 1);
    assert!(text.lines().count() < 50);
    let runs = [one];
    let text = markdown::render_run_result(&run_summary(&runs), MOST, None);
    assert_eq!(rows(&text, "- 10000: it was changed"), 1, "{text}");
    let whole = markdown::render_run_result(&run_summary(&runs), usize::MAX, None);
    assert_eq!(rows(&whole, "- `m"), 10_000);
}

#[test]
fn many_problems_are_grouped_by_kind() {
    let session = enables(1);
    let broken = |count: usize| {
        for number in 0..count {
            let id = format!("S-{number:03}");
            let text = request(&id, "enabel", &numbered(1)).replace(
                "mailbox0000@agensi",
                if number % 4 == 0 { "mailbox0000@asing" } else { "mailbox0000@agensi" },
            );
            session.write(&format!("requests/{id}.yaml"), text);
        }
    };
    broken(48);
    let text = stdout(&session.run(&["check"]));
    assert_eq!(rows(&text, "error[unknown-action]"), 48, "{text}");
    assert_eq!(rows(&text, "error[foreign-domain]"), 12);
    broken(49);
    let text = stdout(&session.run(&["check"]));
    assert_eq!(rows(&text, "error[unknown-action]"), 10, "{text}");
    assert_eq!(rows(&text, "error[foreign-domain]"), 10);
    assert_eq!(rows(&text, "… and 39 more unknown-action"), 1);
    assert_eq!(rows(&text, "49 unknown-action (error) in 49 files"), 1);
    assert_eq!(rows(&text, "13 foreign-domain (error) in 13 files"), 1);
    assert!(text.ends_with("50 requests checked, 62 problems in 49 files\n"), "{text}");
    let comment = stdout(&session.run(&["check", "--format", "markdown"]));
    assert_eq!(rows(&comment, "- **error** "), 20, "{comment}");
    assert_eq!(rows(&comment, "- … and 39 more unknown-action"), 1);
    let json: Value =
        serde_json::from_str(&stdout(&session.run(&["check", "--format", "json"]))).unwrap();
    assert_eq!(json["findings"].as_array().unwrap().len(), 62);
}

#[test]
fn status_is_bounded_and_shows_totals() {
    let session = enables(100);
    let text = shown(&session, &["status", "R-1"], 0);
    assert_eq!(rows(&text, "mailbox0"), 20, "{text}");
    assert_eq!(rows(&text, "100 mailboxes"), 1);
    assert_eq!(rows(&text, "100  enable"), 1);
    assert_eq!(rows(&text, "… and 80 more; --format json shows all"), 1);
    let json: Value =
        serde_json::from_str(&shown(&session, &["status", "R-1", "--format", "json"], 0)).unwrap();
    assert_eq!(json["agencies"][0]["mailboxes"].as_array().unwrap().len(), 100);
    // Pending requests, one more than are shown.
    for number in 0..61 {
        let id = format!("S-{number:03}");
        let text = request(&id, "enable", &[format!("other{number:03}")]);
        let (pending, _) = text.split_once("approvals:").unwrap();
        session.write(&format!("requests/{id}.yaml"), pending);
    }
    let text = shown(&session, &["status"], 0);
    assert!(text.lines().count() <= 24, "{text}");
    let text = shown(&session, &["status", "--all", "--offline"], 0);
    assert_eq!(rows(&text, "Waits for the approver (61)"), 1, "{text}");
    assert_eq!(rows(&text, "S-0"), 61, "{text}");
}

#[test]
fn long_policy_change_is_cut_and_counted() {
    let words = (0..1_500)
        .map(|n| PolicyLine::Other(format!("protected: adds m{n}@agensi.example").into()));
    let changes = [("requests/agency.yaml".to_owned(), words.collect())];
    let text = human::policy_changes(&changes);
    assert_eq!(text.matches("protected: adds").count(), 60, "{text}");
    assert_eq!(rows(&text, "… and 1440 changes more"), 1, "{text}");
}
