//! Concurrent runs, and their records.

use std::fs;
use std::process::Stdio;

use serde_json::Value;

use super::{after_a_run, found};
use crate::hold::Hold;
use crate::outputs::{numbered, request};
use crate::portal::Portal;
use crate::session::{InTime as _, ended, status, stdout};

#[test]
fn a_live_runs_changes_are_not_settled() {
    let session = after_a_run();
    let policy = fs::read_to_string(session.path().join("requests/agency.yaml")).unwrap();
    session.write("requests/agency.yaml", policy.replace("embedded", "scim"));
    session.git(&["commit", "-q", "-a", "-m", "scim"]);
    session.write("portal.csv", "mailbox,state\nmailbox0000@agensi.example,disabled\nmailbox0001@agensi.example,disabled\nmailbox0002@agensi.example,disabled\n");
    let portal = Portal::start(&session, &[]);
    let hold = Hold::after(&portal, 0);
    // Runs of shards do not wait for each other.
    let arguments = ["reconcile", "--yes", "--concurrency", "1", "--shard", "1/1"];
    let mut command = portal.arkib(&session, &arguments);
    command.env("ARKIB_PORTAL_URL", &hold.url);
    let mut first = command.stdout(Stdio::null()).spawn().unwrap();
    // Its recorded change was sent, and does not reach the portal yet.
    hold.until_held();
    let listed = stdout(&session.run(&["records", "list"]));
    assert!(listed.contains("; still running"), "{listed}");
    let second = portal.run(&session, &arguments);
    assert_eq!(status(&second), 0, "{}", stdout(&second));
    assert!(!stdout(&second).contains("earlier run"), "{}", stdout(&second));
    assert!(first.try_wait().unwrap().is_none(), "it is over");
    hold.release();
    assert!(ended(&mut first).success());
    assert!(!stdout(&session.run(&["records", "list"])).contains("still running"));
    assert_eq!(portal.audit().len(), 3);
}

/// So many concurrent runs with so many changes, on a portal with or without If-Match. They use the same
/// records, and wait for each other, or each has its own, as on several machines.
fn run_concurrently(runs: usize, changes: usize, options: &[&str], same_records: bool) {
    let session = after_a_run();
    let policy = fs::read_to_string(session.path().join("requests/agency.yaml")).unwrap();
    session.write("requests/agency.yaml", policy.replace("embedded", "scim"));
    let names = numbered(changes);
    session.write("requests/R-2.yaml", request("R-2", "enable", &names[3..]));
    session.git(&["add", "requests"]);
    session.git(&["commit", "-q", "-m", "R-2"]);
    let rows: String =
        names.iter().map(|name| format!("{name}@agensi.example,disabled\n")).collect();
    session.write("portal.csv", format!("mailbox,state\n{rows}"));
    let portal = Portal::start(&session, options);
    let arguments = ["reconcile", "--yes", "--format", "json", "--concurrency", "4"];
    let folder_of = |run: usize| {
        if same_records { "requests/records".to_owned() } else { format!("records{run}") }
    };
    let begun: Vec<_> = (0..runs)
        .map(|run| {
            let mut command = portal.arkib(&session, &arguments);
            command.args(["--records", &folder_of(run)]);
            command.stdout(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    let mut applied = 0;
    for run in begun {
        let output = run.in_time();
        let report: Value = serde_json::from_str(&stdout(&output)).unwrap();
        assert_eq!(status(&output), 0, "{}", report["exit"]);
        let outcomes = report["outcomes"].as_array().into_iter().flatten();
        applied += outcomes.filter(|outcome| outcome["outcome"] == "applied").count();
    }
    let mut audit = portal.audit();
    assert_eq!(audit.len(), changes, "a change was made twice, or not at all");
    audit.sort();
    audit.dedup();
    assert_eq!(audit.len(), changes);
    assert_eq!(applied, changes, "not each change is claimed once");
    let kinds = found(&session);
    assert!(kinds.iter().all(|kind| kind == "warning fork"), "{kinds:?}");
    let token = portal.token.trim().to_owned();
    for folder in (0..runs).map(folder_of) {
        for file in fs::read_dir(session.path().join(folder)).unwrap() {
            let text = fs::read_to_string(file.unwrap().path()).unwrap();
            assert!(!text.contains(&token), "the token is on record");
        }
    }
    // The next run joins the ends of all records and has nothing to do.
    let output = portal.run(&session, &["reconcile", "--dry-run", "--detailed-exitcode"]);
    assert_eq!(status(&output), 0, "{}", stdout(&output));
}

#[test]
fn concurrent_runs_make_each_change_once() {
    run_concurrently(3, 300, &[], false);
    run_concurrently(3, 300, &["--no-bulk"], false);
    // Without versions a portal cannot tell two runs apart, but they wait for each other.
    run_concurrently(3, 300, &["--no-if-match"], true);
}
