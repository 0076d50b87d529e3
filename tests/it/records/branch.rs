//! Records on a branch of their own: each run brings, adds and pushes them, and touches nothing else.

use std::fs;

use serde_json::Value;

use crate::outputs::DAY;
use crate::review_bypass::{policy, request};
use crate::session::{InTime as _, Session, status, stderr, stdout};

const BRANCH: [&str; 2] = ["--records-branch", "records"];

/// A clone of a bare repository, in which m3 is to be enabled and its applicant informed on paper.
pub fn clone_of_remote() -> Session {
    let session = Session::new();
    let notices = "notices: { since: 2026-01-01, from: pentadbir@agensi.example }\n";
    session.write("requests/agency.yaml", policy("pentadbir", notices));
    session.write("requests/R-1.yaml", request("R-1", "enable", "m3", "pentadbir", ""));
    session.write(
        "portal.csv",
        "mailbox,state\nm3@agensi.example,disabled\nm4@agensi.example,disabled\n",
    );
    session.write(".gitignore", "*\n!requests\n!requests/**\n");
    session.git(&["init", "-q", "-b", "main"]);
    session.git(&["init", "-q", "--bare", "-b", "main", "remote.git"]);
    session.git(&["remote", "add", "origin", "remote.git"]);
    session.git(&["add", "-A", "."]);
    session.git(&["commit", "-q", "-m", "x"]);
    session.git(&["push", "-q", "origin", "main"]);
    session
}

fn run(session: &Session, arguments: &[&str]) -> (i32, String) {
    let arguments = [arguments, &BRANCH, &DAY].concat();
    let output = session.arkib(&arguments).env("ARKIB_SMTP_PASSWORD", "rahsia-1234567").in_time();
    (status(&output), stdout(&output) + &stderr(&output))
}

fn apply(session: &Session) -> (i32, String) {
    run(session, &["reconcile", "--yes"])
}

/// The files on the branch at the remote.
pub fn pushed(session: &Session) -> Vec<String> {
    let tree = ["--git-dir=remote.git", "ls-tree", "-r", "--name-only", "records"];
    session.git(&tree).lines().map(str::to_owned).collect()
}

/// What the remote does when something is pushed to it.
#[cfg(unix)]
fn on_push(session: &Session, script: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    session.write("remote.git/hooks/pre-receive", format!("#!/bin/sh\n{script}\n"));
    let hook = session.path().join("remote.git/hooks/pre-receive");
    fs::set_permissions(hook, fs::Permissions::from_mode(0o755)).unwrap();
}

fn file_another(session: &Session) {
    session.write("requests/R-2.yaml", request("R-2", "enable", "m4", "pentadbir", ""));
    session.git(&["add", "-A", "."]);
    session.git(&["commit", "-q", "-m", "x"]);
    session.git(&["push", "-q", "origin", "main"]);
}

#[test]
fn runs_bring_add_and_push_records_and_touch_nothing_else() {
    let session = clone_of_remote();
    let head = session.git(&["rev-parse", "HEAD"]);
    session.write("requests/R-2.yaml", "staged");
    session.git(&["add", "requests/R-2.yaml"]);
    let staged = session.git(&["write-tree"]);
    let dry = run(&session, &["reconcile", "--dry-run", "--ref", "main"]);
    assert!(dry.0 == 0 && dry.1.contains("+ enable  m3@"), "{dry:?}");
    let (done, said) = run(&session, &["reconcile", "--yes", "--ref", "main"]);
    assert!(done == 0 && said.contains("1 applied."), "{said}");
    let files = pushed(&session);
    assert_eq!((files.len(), &*files[0]), (2, ".gitattributes"), "{files:?}");
    assert_eq!(session.git(&["rev-parse", "HEAD"]), head);
    assert_eq!(session.git(&["write-tree"]), staged);
    assert_eq!(fs::read_to_string(session.path().join("requests/R-2.yaml")).unwrap(), "staged");
    assert!(!session.path().join("requests/records").exists());
    assert_eq!(session.git(&["branch", "--format=%(refname:short)"]), "main");
}

/// A job of a branch may have used the same work folder.
#[test]
fn a_record_that_an_earlier_job_left_is_not_pushed_in_ci() {
    let session = clone_of_remote();
    session.write(".git/arkib/records/records/2026-11-01T000000Z-x.jsonl", "planted");
    let in_ci = |value| {
        let arguments = [&["reconcile", "--yes"], &BRANCH[..], &DAY].concat();
        let output = session.arkib(&arguments).env("CI", value).in_time();
        (status(&output), stdout(&output) + &stderr(&output))
    };
    let (refused, said) = in_ci("true");
    assert_eq!(refused, 1, "{said}");
    assert!(said.contains("2026-11-01T000000Z-x.jsonl, which the branch lacks"), "{said}");
    assert!(said.contains("begin with a clean clone"), "{said}");
    fs::remove_dir_all(session.path().join(".git/arkib/records")).unwrap();
    assert_eq!(in_ci("true").0, 0);
    assert_eq!(in_ci("true").0, 0, "its own record is no stranger's");
}

#[test]
fn an_auditors_clone_shows_the_commit_that_brought_each_record() {
    let session = clone_of_remote();
    assert_eq!(apply(&session).0, 0);
    let (done, said) = run(&session, &["notify", "--yes"]);
    assert!(done == 0 && said.contains("m3@agensi.example"), "{said}");
    assert_eq!(pushed(&session).len(), 3, "{said}");
    session.git(&["clone", "-q", "remote.git", "audit"]);
    let arguments =
        [&["records", "verify", "--format", "json", "--requests", "audit/requests"], &BRANCH[..]];
    let output = session.run(&arguments.concat());
    let report: Value = crate::session::json(&output);
    assert_eq!(report["exit"]["status"], 0, "{report:#}");
    let by: Vec<&str> = report["runs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|run| run["brought_by"].as_str().unwrap())
        .collect();
    let log = session.git(&["--git-dir=remote.git", "log", "--reverse", "--format=%H", "records"]);
    assert_eq!(by, log.lines().collect::<Vec<&str>>(), "{report:#}");
    let output = session.run(&[&arguments[0][..2], &arguments[0][4..], &BRANCH].concat());
    assert!(stdout(&output).contains(&format!("brought by commit {}", &by[0][..12])));
}

#[cfg(unix)]
#[test]
fn a_push_that_came_too_late_is_tried_again_with_both_records() {
    let session = clone_of_remote();
    let other = "$(git -c user.name=x -c user.email=x@agensi.example commit-tree -m other $(printf '100644 blob %s\\tother.jsonl\\n' $(printf x | git hash-object -w --stdin) | git mktree))";
    on_push(
        &session,
        &format!(
            "env >> env.txt; test -e raced && exit 0; touch raced; unset GIT_QUARANTINE_PATH GIT_OBJECT_DIRECTORY; git update-ref refs/heads/records {other}; exit 1"
        ),
    );
    let (done, said) = apply(&session);
    assert_eq!(done, 0, "{said}");
    let files = pushed(&session);
    assert_eq!((files.len(), &*files[2]), (3, "other.jsonl"), "{files:?}");
    let environment = fs::read_to_string(session.path().join("remote.git/env.txt")).unwrap();
    assert!(environment.contains("PATH=") && !environment.contains("rahsia"), "{environment}");
}

#[cfg(unix)]
#[test]
fn records_that_cannot_be_pushed_fail_the_run_and_go_with_the_next() {
    let session = clone_of_remote();
    on_push(&session, "echo no >&2; exit 1");
    let (done, said) = apply(&session);
    assert_eq!(done, 1, "{said}");
    for words in [
        "1 applied.",
        "could not be pushed to the branch records of origin",
        ".git/arkib/records/records",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    file_another_without_hook(&session);
    let (done, said) = apply(&session);
    assert!(done == 0 && said.contains("1 applied."), "{said}");
    assert_eq!(pushed(&session).len(), 3);
}

#[cfg(unix)]
fn file_another_without_hook(session: &Session) {
    fs::remove_file(session.path().join("remote.git/hooks/pre-receive")).unwrap();
    file_another(session);
}

#[test]
fn a_branch_that_lost_records_stops_every_run() {
    let session = clone_of_remote();
    assert_eq!(apply(&session).0, 0);
    let known = session.git(&["rev-parse", "refs/remotes/origin/records"]);
    file_another(&session);
    session.git(&["--git-dir=remote.git", "update-ref", "refs/heads/records", "main"]);
    for _ in 0..2 {
        let (done, said) = apply(&session);
        assert!(done == 1 && said.contains("was rewritten or deleted"), "{said}");
        assert!(said.contains("Nothing was changed"), "{said}");
    }
    session.git(&["--git-dir=remote.git", "update-ref", "-d", "refs/heads/records"]);
    let (done, said) = apply(&session);
    assert!(done == 1 && said.contains("was rewritten or deleted"), "{said}");
    session.git(&["push", "-q", "origin", &format!("{known}:refs/heads/records")]);
    assert_eq!(apply(&session).0, 0);
    // A record that is not the one that was pushed.
    let folder = session.path().join(".git/arkib/records/records");
    let file = fs::read_dir(folder).unwrap().next().unwrap().unwrap().path();
    fs::write(&file, "{}\n").unwrap();
    let (done, said) = apply(&session);
    assert!(done == 1 && said.contains("differs from the record on the branch"), "{said}");
}

#[test]
fn a_branch_that_cannot_hold_records_is_refused() {
    let session = clone_of_remote();
    for (branch, why) in
        [("main", "is checked out here"), ("a..b", "cannot be the name of a branch")]
    {
        let output =
            session.run(&["reconcile", "--yes", "--records-branch", branch, "--format", "json"]);
        let report: Value = crate::session::json(&output);
        assert_eq!(report["exit"]["status"], 1, "{report:#}");
        assert!(report["exit"]["reason"].as_str().unwrap().contains(why), "{report:#}");
    }
    session.git(&["remote", "remove", "origin"]);
    let (done, said) = apply(&session);
    assert!(done == 1 && said.contains("no remote `origin`"), "{said}");
}
