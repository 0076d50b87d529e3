//! The output of a large plan is bounded, and counts what it does not show.

use std::sync::{Arc, LazyLock};

use arkib::apply::Outcome;
use arkib::domain::archive_state::Target;
use arkib::domain::mailbox_address::Mailbox;
use arkib::domain::plan::{Cause, Change, Plan};
use arkib::domain::request::{Request, RequestId};
use arkib::output::{
    AgencyResult, OutstandingOnBase, PullRequestEffects, github, gitlab, human, markdown,
};
use serde_json::Value;

use super::{WIDE, counted, rows};
use crate::comments::{MOST, others, run, run_summary, terminations};
use crate::limits::{planned, request as approved};

/// A plan with so many changes, each about an address of the maximum length.
fn long_addresses(changes: usize) -> Plan {
    let mut plan = planned(changes, changes / 2, changes - changes / 2, changes * 2, WIDE);
    let domain = format!("{}.{}.{}.example", "d".repeat(63), "e".repeat(63), "f".repeat(53));
    for (number, change) in plan.changes.iter_mut().enumerate() {
        let address = format!("{number:064}@{domain}");
        assert_eq!(address.len(), 254);
        change.mailbox = Mailbox::parse(&address).unwrap();
    }
    plan
}

/// Many times as many as a screen or a comment shows.
const CHANGES: usize = 800;
/// From one request for all terminations to one for each.
const REQUESTS: [usize; 5] = [1, 7, 40, 150, CHANGES / 2];

/// A plan with so many changes, from so many requests to terminate and as many to enable; addresses, ids and
/// file names have the maximum length.
fn longest(requests: usize) -> Plan {
    static PLAN: LazyLock<Plan> = LazyLock::new(|| long_addresses(CHANGES));
    let plan = PLAN.clone();
    let long: Vec<Arc<Request>> = (0..requests * 2)
        .map(|number| {
            let id = format!("R-{}-{number:06}", "x".repeat(50));
            let target = if number < requests { Target::Terminated } else { Target::Enabled };
            let made = approved("R-1", target, 0, 1);
            Arc::new(Request {
                id: RequestId::parse(&id).unwrap(),
                file: format!("requests/{}/{id}.yaml", "folder/".repeat(500)).into(),
                ..Request::clone(&made)
            })
        })
        .collect();
    let changes = plan.changes.into_iter().enumerate().map(|(number, change)| {
        let first = if change.target == Target::Terminated { 0 } else { requests };
        Change { request: Arc::clone(&long[first + number % requests]), ..change }
    });
    Plan { changes: changes.collect(), ..plan }
}

/// The number before a word, as `12 changes`, in the last line.
fn left_out(text: &str, word: &str) -> usize {
    let last = text.lines().last().unwrap();
    let words: Vec<&str> = last.split([' ', ',', ';']).collect();
    let at = words.iter().position(|candidate| *candidate == word);
    at.map_or(0, |at| words[at - 1].parse().unwrap())
}

#[test]
fn a_comment_is_bounded_for_any_lengths() {
    for requests in REQUESTS {
        let plan = longest(requests);
        let (ended, fresh) = (plan.count_terminations(), plan.count_enables());
        let text = markdown::render_run_result(&run_summary(&[run(plan)]), MOST, None);
        assert!(text.len() <= MOST, "{} bytes of {requests}", text.len());
        let title = format!("### arkib: {ended} to terminate, {fresh} to enable");
        assert!(text.contains(&title), "{}", &text[..300]);
        assert!(text.contains("Dry run: nothing was changed."));
        assert!(text.find("[!CAUTION]") < text.find("To enable").or(Some(text.len())));
        assert!(terminations(&text) >= 40.min(ended), "of {requests}");
        assert!(markdown::hides_terminations(&text));
        let all = terminations(&text) + others(&text);
        assert_eq!(
            all + counted(&text) + left_out(&text, "changes"),
            ended + fresh,
            "of {requests}: {}",
            text.lines().last().unwrap()
        );
    }
}

#[test]
fn screen_output_is_bounded_and_counts_everything() {
    for requests in REQUESTS {
        let plan = longest(requests);
        let text =
            anstream::adapter::strip_str(&human::plan(&plan, &AgencyResult::default())).to_string();
        // Every termination is shown; everything else is bounded.
        let others = text.lines().count() - plan.count_terminations();
        assert_eq!(rows(&text, "- terminate"), plan.count_terminations());
        assert!(others < 100, "{others} lines of {requests}");
        let all = rows(&text, "- terminate") + rows(&text, "+ enable");
        assert_eq!(all + counted(&text), plan.changes.len(), "of {requests}");
    }
}

#[test]
fn prevented_and_different_changes_are_counted_separately() {
    let all = planned(400, 200, 0, 400, WIDE);
    let mut plan = planned(400, 0, 100, 500, WIDE);
    // Of a hundred, three are drift: they are shown first.
    for change in &mut plan.changes[50..53] {
        change.cause = Cause::Drift;
    }
    let pull_request = PullRequestEffects {
        base: "main at 4f2c9e1".into(),
        prevented: all.changes,
        met: vec![],
        lifted: vec![],
        policies: vec![],
        outstanding: OutstandingOnBase::NotLookedAt(7),
        ..PullRequestEffects::default()
    };
    let runs = [AgencyResult { pull_request: Some(pull_request), ..run(plan) }];
    let text = human::plan(runs[0].plan.as_ref().unwrap(), &runs[0]);
    let text = anstream::adapter::strip_str(&text).to_string();
    let head = "R-2: enable 100";
    assert_eq!(rows(&text, head), 1, "{text}");
    let about = "3 of them: drift: was enabled, is disabled in the portal";
    assert_eq!(rows(&text, about), 1, "{text}");
    let enables = text.lines().filter(|line| line.contains("+ enable"));
    let drift: Vec<bool> = enables.map(|line| line.contains("drift: ")).collect();
    assert_eq!(drift[..4], [true, true, true, false], "{text}");
    let head = "prevented 200: would be terminated without this pull request";
    assert_eq!(rows(&text, head), 1, "{text}");
    let all = rows(&text, "+ enable") + rows(&text, "× prevented") + counted(&text);
    assert_eq!(all, 300, "{text}");
    let text = markdown::render_run_result(&run_summary(&runs), MOST, None);
    assert_eq!(others(&text) + counted(&text), 300, "{text}");
}

#[test]
fn outcomes_are_grouped_by_cause_and_request() {
    let plan = planned(10_000, 100, 9_900, 19_900, WIDE);
    let outcomes: Vec<Outcome> = plan
        .changes
        .iter()
        .enumerate()
        .map(|(at, change)| match at {
            0..412 => Outcome::Failed {
                why: format!("the portal answered 503 to {}", change.mailbox).into(),
            },
            412 => Outcome::Unknown { why: "no answer".into() },
            413..420 => Outcome::Applied { settling: true },
            _ => Outcome::Applied { settling: false },
        })
        .collect();
    let text = human::outcomes(&plan, &outcomes);
    let text = anstream::adapter::strip_str(&text).to_string();
    assert_eq!(rows(&text, "✗ failed 412: the portal answered 503 to …"), 1, "{text}");
    assert_eq!(rows(&text, "? unknown  enable"), 1);
    assert_eq!(rows(&text, "✓ applied 7: accepted; the portal is still working on it"), 1);
    assert_eq!(rows(&text, "✓ applied 9580  enable  R-2"), 1, "{text}");
    // Among failed changes, terminations come first.
    let first = text.lines().find(|line| line.starts_with("    ")).unwrap();
    assert!(first.starts_with("    terminate  m0000@"), "{first}");
    assert!(text.lines().count() < 80, "{text}");
    // The same in a comment, and everything in the report file.
    let runs = [AgencyResult { outcomes: Some(outcomes), ..run(plan) }];
    let comment = markdown::render_run_result(&run_summary(&runs), MOST, None);
    assert_eq!(rows(&comment, "- ✗ failed 412: the portal answered 503 to …"), 1, "{comment}");
    assert!(comment.len() < MOST / 4, "{} bytes", comment.len());
    let whole = markdown::render_run_result(&run_summary(&runs), usize::MAX, None);
    assert_eq!((rows(&whole, "- ✗ failed"), rows(&whole, "- ✓ applied")), (412, 9_587));
    // Forges get the total.
    let text = github::render_run_result(&run_summary(&runs));
    assert_eq!(rows(&text, "::error "), 10);
    assert!(
        text.contains("title=more::and 404 more that are not annotated: 403 failed, 1 unknown;"),
        "{}",
        &text[..2_000]
    );
    let found: Vec<Value> =
        serde_json::from_str(&gitlab::render_run_result(&run_summary(&runs))).unwrap();
    assert_eq!(found.len(), 413);
    assert!(found.iter().all(|finding| finding["severity"] == "blocker"));
}
