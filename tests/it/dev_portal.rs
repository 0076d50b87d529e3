//! Whole runs against `arkib portal` as a separate process, over HTTP: slow, failing, limited,
//! interrupted, killed. They are checked against the portal's audit trail.

mod clocks;
// A test can ask one program alone to end only by a signal; Windows has none.
#[cfg(unix)]
pub mod interrupts;
mod refused;
#[cfg(unix)]
mod signals;
#[cfg(unix)]
mod system_limits;

use std::process::{Output, Stdio};

use serde_json::Value;

use crate::hold::Hold;
use crate::portal::Portal;
use crate::session::{Session, ended, status, stderr, stdout};

const POLICY: &str = "version: 1\nagency: CONTOH\nname: Jabatan Contoh\ndomains: [agensi.example]\napprovers: [pentadbir@agensi.example]\nportal: scim\nlimits: { terminations: 1000, terminations_percent: 100, changes: 1000 }\n";
const APPLY: &[&str] = &["reconcile", "--yes", "--allow-uncommitted", "--format", "json"];

/// An agency with so many mailboxes to enable, all in one request.
fn agency(count: usize) -> Session {
    let session = Session::new();
    session.write("requests/agency.yaml", POLICY);
    let address = |number: usize| format!("m{number:03}@agensi.example");
    let list: String = (0..count).map(|number| format!("  - {}\n", address(number))).collect();
    session.write(
        "requests/R-1.yaml",
        format!("version: 1\nid: R-1\naction: enable\nmailboxes:\n{list}received:\n  date: 2026-01-02\n  channel: memo\n  reference: R 1\napprovals:\n  - by: pentadbir@agensi.example\n    date: 2026-01-03\n"),
    );
    // One more than requested, enabled without a request: it must never change.
    let rows: String = (0..count).map(|number| format!("{},disabled\n", address(number))).collect();
    session
        .write("portal.csv", format!("mailbox,state\n{rows}orang.lain@agensi.example,enabled\n"));
    session
}

fn json(output: &Output) -> Value {
    crate::session::json(output)
}

fn count(report: &Value, word: &str) -> usize {
    let outcomes = report["outcomes"].as_array().unwrap();
    outcomes.iter().filter(|outcome| outcome["outcome"] == word).count()
}

/// The re-plan is empty, and the portal has each change exactly once and nothing else.
fn assert_converged(session: &Session, portal: &Portal, count: usize) {
    let again = portal.run(session, &["reconcile", "--dry-run", "--detailed-exitcode"]);
    assert_eq!(status(&again), 0, "{}{}", stdout(&again), stderr(&again));
    let mut audit = portal.audit();
    audit.sort();
    let expected: Vec<String> = (0..count)
        .map(|number| format!("m{number:03}@agensi.example disabled enabled R-1"))
        .collect();
    assert_eq!(audit, expected);
}

#[test]
fn a_plain_portal_converges() {
    let session = agency(40);
    let portal = Portal::start(&session, &[]);
    let output = portal.run(&session, APPLY);
    assert_eq!(status(&output), 0, "{}", stdout(&output));
    assert_eq!(count(&json(&output), "applied"), 40);
    assert_converged(&session, &portal, 40);
}

#[test]
fn a_rate_limited_portal_converges() {
    let session = agency(60);
    let portal = Portal::start(&session, &["--rate-limit", "30"]);
    let output = portal.run(&session, APPLY);
    assert_eq!(status(&output), 0, "{}", stdout(&output));
    assert_converged(&session, &portal, 60);
}

#[test]
fn a_failing_portal_converges_after_several_runs() {
    let session = agency(30);
    let portal = Portal::start(&session, &["--fault-rate", "0.2"]);
    for _ in 0..10 {
        let output = portal.run(&session, APPLY);
        let report = json(&output);
        assert_eq!(report["exit"]["status"], status(&output));
        if status(&output) == 0 {
            break;
        }
    }
    drop(portal);
    let portal = Portal::start(&session, &[]);
    assert_converged(&session, &portal, 30);
}

#[test]
fn wait_follows_provisioning_until_done() {
    let session = agency(3);
    let portal = Portal::start(&session, &["--provisioning-delay", "2"]);
    let without = portal.run(&session, APPLY);
    assert_eq!(status(&without), 0);
    assert_eq!(
        json(&without)["outcomes"][0]["detail"],
        "accepted; the portal is still working on it"
    );
    let output = json(&portal.run(&session, &["reconcile", "--dry-run", "--format", "json"]));
    assert_eq!(output["plan"]["summary"]["in_progress"], 3);
    assert_eq!(stage_on_record(&session), "in-progress");
    let waited = portal.run(&session, &[APPLY, &["--wait", "--wait-timeout", "60"]].concat());
    assert_eq!(status(&waited), 0, "{}", stdout(&waited));
    // What was seen is on record, though this run changed nothing.
    assert_eq!(stage_on_record(&session), "done");
    let output = json(&portal.run(&session, &["reconcile", "--dry-run", "--format", "json"]));
    assert_eq!(output["plan"]["summary"]["in_sync"], 3);
}

#[test]
fn the_end_that_a_run_waits_for_is_on_record() {
    let session = agency(2);
    let portal = Portal::start(&session, &["--provisioning-delay", "1"]);
    let waited = portal.run(&session, &[APPLY, &["--wait", "--wait-timeout", "60"]].concat());
    assert_eq!(status(&waited), 0, "{}", stdout(&waited));
    assert_eq!(stage_on_record(&session), "done");
}

/// The stage of the first request, as the records alone tell.
fn stage_on_record(session: &Session) -> String {
    let output = session.run(&["register", "--offline", "--format", "json"]);
    json(&output)["register"]["rows"][0]["stage"].as_str().unwrap().to_owned()
}

#[test]
fn too_short_a_wait_is_unknown() {
    let session = agency(2);
    let portal = Portal::start(&session, &["--provisioning-delay", "60"]);
    let waited = portal.run(&session, &[APPLY, &["--wait", "--wait-timeout", "1"]].concat());
    assert_eq!(status(&waited), 3, "{}", stdout(&waited));
    assert_eq!(count(&json(&waited), "unknown"), 2);
    // Nor is it successful if the run can only wait.
    let again = portal.run(&session, &[APPLY, &["--wait", "--wait-timeout", "1"]].concat());
    assert_eq!(status(&again), 3, "{}", stdout(&again));
    assert_eq!(json(&again)["plan"]["summary"]["in_progress"], 2);
    // The portal accepted it: the end is still to be seen.
    assert_eq!(stage_on_record(&session), "in-progress");
}

#[test]
fn the_next_run_completes_a_killed_run() {
    let session = agency(100);
    let portal = Portal::start(&session, &["--no-bulk"]);
    for killed_after in [1, 20, 50] {
        let hold = Hold::after(&portal, killed_after);
        let mut command = portal.arkib(&session, APPLY);
        command.env("ARKIB_PORTAL_URL", &hold.url);
        let mut run = command.stdout(Stdio::null()).spawn().unwrap();
        hold.until_held();
        run.kill().unwrap();
        ended(&mut run);
    }
    assert_eq!(status(&portal.run(&session, APPLY)), 0);
    assert_converged(&session, &portal, 100);
}
