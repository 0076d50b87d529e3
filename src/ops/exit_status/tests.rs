//! Every row of the table of exit statuses.

use super::RunEvent::{Applied, Blocked, HandOverCut, Looked, NotWritten, RecordBroken, Unsettled};
use jiff::civil::date;

use super::*;
use crate::domain::approval::verification::UnverifiedApprovals;
use crate::domain::archive_state::State;
use crate::domain::desired::fold_requests;
use crate::domain::observed::{Observed, ObservedMailbox, sample_mailbox};
use crate::domain::plan::plan;
use crate::domain::request::sample::{change, policy};
use crate::finding::Severity;
use crate::ops::failure::Failure;
use crate::portal::{ErrorKind, PortalError};
use Exit::{Done, Failed, Partly, Pending, Refused, Usage};

fn applied() -> Outcome {
    Outcome::Applied { settling: false }
}

fn failed() -> Outcome {
    Outcome::Failed { why: "x".into() }
}

fn unknown() -> Outcome {
    Outcome::Unknown { why: "x".into() }
}

fn skipped(interrupted: bool) -> Outcome {
    Outcome::Skipped { why: "x".into(), interrupted }
}

/// What becomes of a status, row by row: where it began, what happened, and where it ends.
#[test]
fn each_thing_that_happens_ends_a_run_as_the_table_says() {
    let blocked = |mailboxes, strict| Blocked { mailboxes, strict };
    let looked = |found| Looked { found };
    let unsettled = |mailboxes, wait| Unsettled { mailboxes, wait };
    let table = [
        // Dry runs.
        (Done, looked(&[]), Done),
        (Done, looked(&[FailOn::Drift]), Pending),
        (Done, looked(&[FailOn::Blocked, FailOn::Due]), Pending),
        (Failed, looked(&[FailOn::Due]), Failed),
        // What became of the changes.
        (Done, Applied(&[]), Done),
        (Done, Applied(&[applied(), applied()]), Done),
        (Done, Applied(&[applied(), failed()]), Partly),
        (Done, Applied(&[failed(), failed()]), Failed),
        (Done, Applied(&[unknown()]), Partly),
        (Done, Applied(&[failed(), unknown()]), Partly),
        (Done, Applied(&[skipped(true)]), Partly),
        (Done, Applied(&[skipped(false)]), Failed),
        (Done, Applied(&[failed(), skipped(false)]), Failed),
        (Done, Applied(&[applied(), skipped(false)]), Partly),
        // What the portal was working on before.
        (Done, unsettled(0, true), Done),
        (Done, unsettled(1, false), Done),
        (Done, unsettled(1, true), Partly),
        (Failed, unsettled(1, true), Partly),
        // Blocked mailboxes.
        (Done, blocked(0, true), Done),
        (Done, blocked(1, false), Done),
        (Done, blocked(1, true), Failed),
        (Pending, blocked(1, true), Failed),
        (Partly, blocked(1, true), Partly),
        (Refused, blocked(1, true), Refused),
        (Failed, blocked(1, true), Failed),
        // What could not be written.
        (Done, RecordBroken, Partly),
        (Failed, RecordBroken, Partly),
        (Partly, RecordBroken, Partly),
        // A hand-over of an earlier run that was killed.
        (Done, HandOverCut, Partly),
        (Done, NotWritten, Failed),
        (Pending, NotWritten, Failed),
        (Refused, NotWritten, Failed),
        (Partly, NotWritten, Partly),
    ];
    let ends_otherwise =
        table.iter().filter(|(before, happened, after)| exit_after(*before, *happened) != *after);
    let wrong: Vec<_> = ends_otherwise.collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The plan of a day with one of each that `--fail-on` can name, as far as these are asked for.
fn plan_with(these: &[FailOn]) -> Plan {
    let has = |this| these.contains(&this);
    let disabled =
        |name: &str| sample_mailbox(&format!("{name}@agensi.example"), name, State::Disabled);
    let mut seen = Vec::new();
    let mut requests = Vec::new();
    let mut enable = |name: &str, day: &str| {
        requests.push(change(&format!("R-{name}"), "enable", &[name], day, ""))
    };
    if has(FailOn::Drift) {
        enable("drift", "2026-11-03");
        seen.push(ObservedMailbox { request: Some("R-drift".into()), ..disabled("drift") });
    }
    if has(FailOn::Due) {
        enable("due", "2026-11-03");
        seen.push(disabled("due"));
    }
    if has(FailOn::Blocked) {
        enable("gone", "2026-11-03");
    }
    if has(FailOn::Pending) {
        enable("asked", "");
    }
    if has(FailOn::Unmanaged) {
        seen.push(sample_mailbox("other@agensi.example", "other", State::Enabled));
    }
    let desired = fold_requests(&requests, date(2026, 11, 23), &UnverifiedApprovals::new());
    plan(&desired, &Observed::new(seen, true), &policy("A", ""))
}

#[test]
fn each_word_of_fail_on_finds_its_own_and_nothing_else() {
    for named in FailOn::ALL {
        for there in FailOn::ALL {
            let found = FailOn::found_in(&[named], &plan_with(&[there]), false);
            let expected = if named == there { vec![named] } else { vec![] };
            assert_eq!(found, expected, "--fail-on {named:?} of a plan with {there:?}");
        }
    }
    assert_eq!(FailOn::found_in(&FailOn::ALL, &plan_with(&FailOn::ALL), false), FailOn::ALL);
    assert_eq!(FailOn::found_in(&FailOn::ALL, &plan_with(&[]), false), []);
    // A pull request that only prevents changes has some.
    assert_eq!(FailOn::found_in(&FailOn::CHANGES, &plan_with(&[]), true), [FailOn::Due]);
    assert_eq!(FailOn::found_in(&[FailOn::Drift], &plan_with(&[]), true), []);
}

#[test]
fn findings_fail_a_run_by_their_severity_and_strict_counts_warnings() {
    let finding = |severity| Finding {
        severity,
        ..Finding::whole_file(&"requests/R-1.yaml".into(), "kind", "message", "help")
    };
    let (warning, error) = (finding(Severity::Warning), finding(Severity::Error));
    for (found, strict, exit) in [
        (vec![], false, Done),
        (vec![], true, Done),
        (vec![warning.clone()], false, Done),
        (vec![warning.clone()], true, Failed),
        (vec![error.clone()], false, Failed),
        (vec![warning, error], true, Failed),
    ] {
        assert_eq!(exit_of_findings(&found, strict), exit, "{found:?} {strict}");
    }
}

#[test]
fn of_several_agencies_the_gravest_status_counts() {
    let by_gravity = [Done, Pending, Refused, Failed, Partly, Usage];
    for (rank, exit) in by_gravity.into_iter().enumerate() {
        for (other_rank, other) in by_gravity.into_iter().enumerate() {
            assert_eq!(exit.combine(other), by_gravity[rank.max(other_rank)]);
        }
    }
}

#[test]
fn what_stops_a_run_early_has_its_own_status() {
    let portal = |kind| Failure::from(PortalError::new(kind, "reading", "it is so", "help")).exit;
    assert_eq!(Failure::failed("why", "help").exit, Failed);
    assert_eq!(Failure::refused("why", "help").exit, Refused);
    assert_eq!(Failure::interrupted().exit, Partly);
    assert_eq!(Failure::new(Usage, "why", "help").exit, Usage);
    assert_eq!(portal(ErrorKind::Refused), Refused);
    assert_eq!(portal(ErrorKind::Timeout), Failed);
}

#[test]
fn the_numbers_that_ci_branches_on_never_change() {
    let numbers = [Done, Failed, Pending, Partly, Refused, Usage].map(Exit::status);
    assert_eq!(numbers, [0, 1, 2, 3, 4, 64]);
}
