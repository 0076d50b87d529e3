//! Concurrent runs, and their records.

use std::fs;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use super::{after_a_run, found};
use crate::hold::Hold;
use crate::outputs::{numbered, request};
use crate::portal::Portal;
use crate::session::{InTime as _, Session, ended, status, stderr, stdout};

/// A portal with the three archives of [`after_a_run`] to enable again, and a run of which one change is
/// recorded, and sent, and does not reach the portal until it is released.
fn held_run(session: &Session, arguments: &[&str]) -> (Portal, Hold, Child) {
    let policy = fs::read_to_string(session.path().join("requests/agency.yaml")).unwrap();
    session.write("requests/agency.yaml", policy.replace("embedded", "scim"));
    session.git(&["commit", "-q", "-a", "-m", "scim"]);
    session.write("portal.csv", "mailbox,state\nmailbox0000@agensi.example,disabled\nmailbox0001@agensi.example,disabled\nmailbox0002@agensi.example,disabled\n");
    let portal = Portal::start(session, &["--no-bulk"]);
    let hold = Hold::after(&portal, 0);
    let mut command = portal.arkib(session, arguments);
    command.env("ARKIB_PORTAL_URL", &hold.url);
    let run = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    hold.until_held();
    (portal, hold, run)
}

#[test]
fn a_live_runs_changes_are_not_settled() {
    let session = after_a_run();
    // Runs of shards do not wait for each other.
    let arguments = ["reconcile", "--yes", "--concurrency", "1", "--shard", "1/1"];
    let (portal, hold, mut first) = held_run(&session, &arguments);
    // Another user has another temporary folder, and tools empty it.
    let elsewhere = |mut command: Command| {
        fs::create_dir_all(session.path().join("tmp")).unwrap();
        command.env("TMPDIR", session.path().join("tmp")).in_time()
    };
    let listed = stdout(&elsewhere(session.arkib(&["records", "list"])));
    assert!(listed.contains("; still running"), "{listed}");
    let second = elsewhere(portal.arkib(&session, &arguments));
    assert_eq!(status(&second), 0, "{}", stdout(&second));
    assert!(!stdout(&second).contains("earlier run"), "{}", stdout(&second));
    assert!(first.try_wait().unwrap().is_none(), "it is over");
    hold.release();
    assert!(ended(&mut first).success());
    assert!(!stdout(&session.run(&["records", "list"])).contains("still running"));
    assert_eq!(portal.audit().len(), 3);
    assert_eq!(fs::read_dir(session.path().join("tmp")).unwrap().count(), 0, "locks are left");
}

#[test]
fn a_run_whose_record_vanishes_stops_and_tells_what_it_did() {
    let session = after_a_run();
    let arguments = ["reconcile", "--yes", "--concurrency", "1"];
    let (portal, hold, run) = held_run(&session, &arguments);
    let records = session.path().join("requests/records");
    fs::remove_dir_all(&records).unwrap();
    hold.release();
    let output = run.in_time();
    assert_eq!(status(&output), 3, "{}{}", stdout(&output), stderr(&output));
    assert!(
        stdout(&output).contains("it was removed or changed during the run"),
        "{}",
        stdout(&output)
    );
    let made = portal.audit().len();
    assert!((1..3).contains(&made), "{made} changes were made");
    let told = stderr(&output);
    assert_eq!(told.matches("applied: enable mailbox000").count(), made, "{told}");
    // The record is whole beside the folder; in its place it says what the next run need not ask.
    let rescued = fs::read_dir(session.path().join("requests")).unwrap().flatten();
    let rescued: Vec<_> = rescued
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|found| found == "jsonl"))
        .collect();
    fs::create_dir(&records).unwrap();
    fs::rename(&rescued[0], records.join(rescued[0].file_name().unwrap())).unwrap();
    let listed = stdout(&session.run(&["records", "list"]));
    assert!(listed.contains(&format!("{made} done")), "{listed}");
    let output = portal.run(&session, &arguments);
    assert_eq!((status(&output), portal.audit().len()), (0, 3), "{}", stdout(&output));
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
        let report: Value = crate::session::json(&output);
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
    run_concurrently(3, 150, &[], false);
    run_concurrently(3, 150, &["--no-bulk"], false);
    // Without versions a portal cannot tell two runs apart, but they wait for each other.
    run_concurrently(3, 30, &["--no-if-match"], true);
}
