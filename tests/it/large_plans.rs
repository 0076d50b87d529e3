//! Large plans stay readable: grouped, bounded, with all totals, and terminations above the question.

mod bounds;

use std::sync::Arc;

use arkib::domain::archive_state::Target;
use arkib::domain::plan::Cause;
use arkib::domain::policy::ChangeLimits;
use arkib::domain::request::{Request, RequestId};
use arkib::output::{AgencyResult, human};
use serde_json::Value;

use crate::comments::others;
use crate::limits::{planned, request as approved};
use crate::outputs::{DAY, agency, numbered, request};
use crate::session::{Session, status, stderr, stdout};

pub const WIDE: ChangeLimits =
    ChangeLimits { terminations: 100_000, terminations_percent: 100, changes: 100_000 };

pub fn shown(session: &Session, arguments: &[&str], expected: i32) -> String {
    let output = session.run(&[arguments, &DAY].concat());
    let text = stdout(&output);
    assert_eq!(status(&output), expected, "{text}{}", stderr(&output));
    text
}

pub fn rows(text: &str, begin: &str) -> usize {
    let lines = text.lines().map(str::trim_start);
    lines.filter(|line| line.starts_with(begin)).count()
}

/// Everything that is counted but not shown: the numbers of "… and N more", which in lines about
/// whole requests is the number of mailboxes.
pub fn counted(text: &str) -> usize {
    let lines = text.lines().map(str::trim_start);
    let lines = lines.map(|line| line.trim_start_matches(['>', '-', ' ']));
    let more = lines.filter_map(|line| line.strip_prefix("… and "));
    more.map(|line| {
        let number = line.split_once(" with ").map_or(line, |(_, rest)| rest);
        let digits = number.split(' ').next().unwrap();
        digits.parse::<usize>().unwrap_or(0)
    })
    .sum()
}

/// As many enables, all of one request, of mailboxes that the portal has.
pub fn enables(count: usize) -> Session {
    let names = numbered(count);
    let portal: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "disabled")).collect();
    agency(&[("R-1", request("R-1", "enable", &names))], &portal)
}

#[test]
fn more_than_sixty_rows_are_grouped() {
    let text = shown(&enables(60), &["reconcile", "--dry-run"], 0);
    assert_eq!(rows(&text, "+ enable"), 60);
    assert_eq!(rows(&text, "R-1: requests/R-1.yaml:5-64; approved 2026-01-03 by "), 1, "{text}");
    assert_eq!(rows(&text, "+archive: enabled"), 1);
    assert_eq!(rows(&text, "Plan "), 1);
    let session = enables(61);
    let text = shown(&session, &["reconcile", "--dry-run"], 0);
    assert_eq!(rows(&text, "R-1: enable 61"), 1);
    assert_eq!(rows(&text, "requests/R-1.yaml:5-65; approved 2026-01-03 by "), 1, "{text}");
    assert_eq!(rows(&text, "+ enable") + counted(&text), 61, "{text}");
    assert_eq!(rows(&text, "+archive"), 0);
    // The totals are at the top and at the end of a long output.
    assert_eq!(rows(&text, "Plan "), 2);
    let title = text.lines().find(|line| line.starts_with("Plan ")).unwrap();
    assert!(title.ends_with(": 61 to enable"), "{title}");
    assert!(text.lines().count() < 50, "{text}");
    // Comments alike; JSON has them all.
    let text = shown(&session, &["reconcile", "--dry-run", "--format", "markdown"], 0);
    assert_eq!(rows(&text, "- **61 mailboxes**<br>`R-1`"), 1, "{text}");
    assert_eq!(others(&text) + counted(&text), 61, "{text}");
    let json = shown(&session, &["reconcile", "--dry-run", "--format", "json"], 0);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["agencies"][0]["plan"]["changes"].as_array().unwrap().len(), 61);
    // Outcomes are grouped by request.
    let text = shown(&session, &["reconcile", "--yes", "--allow-uncommitted"], 0);
    assert_eq!(rows(&text, "✓ applied 61  enable  R-1"), 1, "{text}");
    assert_eq!(rows(&text, "✓ applied"), 1);
    assert!(text.ends_with("61 applied.\n"), "{text}");
}

#[test]
fn sixty_outcomes_are_listed_individually() {
    let text = shown(&enables(60), &["reconcile", "--yes", "--allow-uncommitted"], 0);
    assert_eq!(rows(&text, "✓ applied  enable"), 60, "{text}");
}

#[test]
fn terminations_are_above_the_totals_and_all_are_counted() {
    let names = numbered(400);
    let mut requests = Vec::new();
    let ids: Vec<String> = (10..40).map(|number| format!("R-{number}")).collect();
    for (at, id) in ids.iter().enumerate() {
        // The enables have ids that come first.
        let (action, from) = match at {
            0..5 => ("enable", 300 + at * 20),
            _ => ("terminate", (at - 5) * 12),
        };
        let size = if action == "enable" { 20 } else { 12 };
        requests.push((id.as_str(), request(id, action, &names[from..from + size])));
    }
    let portal: Vec<(&str, &str)> = names
        .iter()
        .enumerate()
        .map(|(at, name)| (name.as_str(), if at < 300 { "enabled" } else { "disabled" }))
        .collect();
    let session = agency(&requests, &portal);
    // It is over the limit, but still shown.
    let text = shown(&session, &["reconcile", "--dry-run"], 4);
    let heads: Vec<&str> = text.lines().filter(|line| line.contains(": enable 20")).collect();
    assert_eq!(heads.len(), 5, "{text}");
    // Every termination is shown, and below everything else.
    assert_eq!(rows(&text, "- terminate"), 300);
    assert!(text.find("- terminate") > text.rfind("+ enable"), "{text}");
    let (_, end) = text.rsplit_once("- terminate").unwrap();
    assert!(end.lines().nth(2).is_some_and(|line| line.starts_with("Plan ")), "{end}");
    let all = rows(&text, "- terminate") + rows(&text, "+ enable") + counted(&text);
    assert_eq!(all, 400, "{text}");
    assert!(text.contains("! 300 terminations are 298 more than the limit of 2"), "{text}");
}

#[test]
fn a_rare_termination_is_always_shown() {
    // Of more requests than are shown of others, the smallest of which is drift.
    let mut plan = planned(302, 302, 0, 604, WIDE);
    let requests: Vec<Arc<Request>> = (0..31)
        .map(|number| {
            let made = approved("R-1", Target::Terminated, 0, 1);
            Arc::new(Request {
                id: RequestId::parse(&format!("R-{number:03}")).unwrap(),
                ..Request::clone(&made)
            })
        })
        .collect();
    for (number, change) in plan.changes.iter_mut().enumerate() {
        change.request = Arc::clone(&requests[number / 10]);
        if number >= 300 {
            change.cause = Cause::Drift;
        }
    }
    let text =
        anstream::adapter::strip_str(&human::plan(&plan, &AgencyResult::default())).to_string();
    assert!(text.contains("drift"), "{text}");
    assert_eq!((rows(&text, "- terminate"), counted(&text)), (302, 0), "{text}");
}

#[test]
fn blocked_changes_are_grouped_by_reason() {
    let names = numbered(300);
    let portal: Vec<(&str, &str)> =
        names[99..].iter().map(|name| (name.as_str(), "disabled")).collect();
    let session = agency(&[("R-1", request("R-1", "enable", &names))], &portal);
    let text = shown(&session, &["reconcile", "--dry-run"], 0);
    assert_eq!(rows(&text, "blocked 99: the portal has no such account"), 1, "{text}");
    let all = rows(&text, "! blocked") + rows(&text, "+ enable") + counted(&text);
    assert_eq!(all, 300, "{text}");
    assert_eq!(rows(&text, "… and 69 more"), 1);
    // A forge gets ten at most; the last one counts the others.
    let text = shown(&session, &["reconcile", "--dry-run", "--format", "github"], 0);
    assert_eq!(rows(&text, "::warning "), 10);
    assert_eq!(
        rows(
            &text,
            "::warning file=requests/R-1.yaml,line=14,title=more::and 90 more that are not annotated: 90 no-account;"
        ),
        1,
        "{text}"
    );
}
