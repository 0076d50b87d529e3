//! Runs at the same time, and their records.

use std::fs;
use std::process::Stdio;

use serde_json::Value;

use super::{after_a_run, files, found};
use crate::hold::Hold;
use crate::outputs::{numbered, request};
use crate::portal::Portal;
use crate::session::{InTime as _, ended, status, stdout};

#[test]
fn what_another_run_is_doing_is_not_taken_for_left_open() {
    let session = after_a_run();
    let policy = fs::read_to_string(session.path().join("requests/agency.yaml")).unwrap();
    session.write("requests/agency.yaml", policy.replace("embedded", "scim"));
    session.git(&["commit", "-q", "-a", "-m", "scim"]);
    session.write("portal.csv", "mailbox,state\nmailbox0000@agensi.example,disabled\nmailbox0001@agensi.example,disabled\nmailbox0002@agensi.example,disabled\n");
    let portal = Portal::start(&session, &[]);
    let hold = Hold::after(&portal, 0);
    let arguments = ["reconcile", "--yes", "--concurrency", "1"];
    let mut command = portal.arkib(&session, &arguments);
    command.env("ARKIB_PORTAL_URL", &hold.url);
    let mut first = command.stdout(Stdio::null()).spawn().unwrap();
    // What it announced is on its way to the portal, and does not come there.
    hold.until_held();
    let listed = stdout(&session.run(&["records", "list"]));
    assert!(listed.contains("; it is under way"), "{listed}");
    let second = portal.run(&session, &arguments);
    assert_eq!(status(&second), 0, "{}", stdout(&second));
    assert!(
        !stdout(&second).contains("earlier run"),
        "{}",
        stdout(&second)
    );
    assert!(first.try_wait().unwrap().is_none(), "it is over");
    hold.release();
    assert!(ended(&mut first).success());
    assert!(!stdout(&session.run(&["records", "list"])).contains("under way"));
    assert_eq!(portal.audit().len(), 3);
}

/// So many runs at once over so many changes, on a portal that heeds If-Match or does not.
fn at_once(runs: usize, changes: usize, options: &[&str]) {
    let session = after_a_run();
    let policy = fs::read_to_string(session.path().join("requests/agency.yaml")).unwrap();
    session.write("requests/agency.yaml", policy.replace("embedded", "scim"));
    let names = numbered(changes);
    session.write("requests/R-2.yaml", request("R-2", "enable", &names[3..]));
    session.git(&["add", "requests"]);
    session.git(&["commit", "-q", "-m", "R-2"]);
    let rows: String = names
        .iter()
        .map(|it| format!("{it}@agensi.example,disabled\n"))
        .collect();
    session.write("portal.csv", format!("mailbox,state\n{rows}"));
    let portal = Portal::start(&session, options);
    let arguments = [
        "reconcile",
        "--yes",
        "--format",
        "json",
        "--concurrency",
        "4",
    ];
    let begun: Vec<_> = (0..runs)
        .map(|_| {
            portal
                .arkib(&session, &arguments)
                .stdout(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    let mut applied = 0;
    for run in begun {
        let output = run.in_time();
        let report: Value = serde_json::from_str(&stdout(&output)).unwrap();
        assert_eq!(status(&output), 0, "{}", report["exit"]);
        let outcomes = report["outcomes"].as_array().into_iter().flatten();
        applied += outcomes.filter(|it| it["outcome"] == "applied").count();
    }
    let mut audit = portal.audit();
    assert_eq!(
        audit.len(),
        changes,
        "a change was made twice, or not at all"
    );
    audit.sort();
    audit.dedup();
    assert_eq!(audit.len(), changes);
    // With If-Match each is claimed by one run; without, two may rightly say that they asked for it.
    assert!(applied >= changes, "only {applied} are claimed");
    if options != ["--no-if-match"] {
        assert_eq!(applied, changes);
    }
    let kinds = found(&session);
    assert!(kinds.iter().all(|it| it == "warning fork"), "{kinds:?}");
    let token = portal.token.trim().to_owned();
    for file in files(&session) {
        assert!(
            !fs::read_to_string(file).unwrap().contains(&token),
            "the token is on record"
        );
    }
    // The next run joins the ends of all, and there is nothing left to do.
    let output = portal.run(&session, &["reconcile", "--dry-run", "--detailed-exitcode"]);
    assert_eq!(status(&output), 0, "{}", stdout(&output));
}

/// Three are the fewest of which more than two may want the same change, and leave more than two ends
/// of the records for the next run to join.
#[test]
fn runs_at_once_make_each_change_once() {
    at_once(3, 300, &[]);
    at_once(3, 300, &["--no-bulk"]);
    at_once(3, 300, &["--no-if-match"]);
}
