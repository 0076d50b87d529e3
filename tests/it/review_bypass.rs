//! Ways to bypass the review: another base, another repository, links, confusing histories, and
//! pushed tags. Each of them worked once.

use std::fs;

use serde_json::Value;

use crate::outputs::DAY;
use crate::session::{InTime as _, Session, status, stderr, stdout};

pub fn policy(approver: &str, more: &str) -> String {
    format!(
        "version: 1\nagency: CONTOH\nname: Jabatan Contoh\ndomains: [agensi.example]\napprovers: [{approver}@agensi.example]\nportal: embedded\nlimits: {{ terminations: 9, terminations_percent: 100, changes: 9 }}\n{more}"
    )
}

pub fn request(id: &str, action: &str, mailbox: &str, by: &str, more: &str) -> String {
    format!(
        "version: 1\nid: {id}\naction: {action}\nmailboxes:\n  - {mailbox}@agensi.example\nreceived:\n  date: 2026-11-02\n  channel: memo\n  reference: R\napprovals:\n  - by: {by}@agensi.example\n    date: 2026-11-03\n{more}"
    )
}

/// Main: a policy, R-1 for m1, and a branch `pr` that is checked out.
pub fn agency() -> Session {
    let session = Session::new();
    session.write("requests/agency.yaml", policy("pentadbir", ""));
    session.write("requests/R-1.yaml", request("R-1", "enable", "m1", "pentadbir", ""));
    session.write("portal.csv", "mailbox,state\nm1@agensi.example,enabled\nm2@agensi.example,enabled\nm3@agensi.example,disabled\n");
    session.git(&["init", "-q", "-b", "main"]);
    commit(&session);
    session.git(&["checkout", "-q", "-b", "pr"]);
    session
}

pub fn commit(session: &Session) {
    session.git(&["add", "-A", "."]);
    session.git(&["reset", "-q", "--", "portal.csv", "plan.json"]);
    session.git(&["commit", "-q", "--allow-empty", "-m", "x"]);
}

/// What `check --base main` finds: kinds and places; nothing where it passes.
pub fn found(session: &Session, more: &[&str]) -> Vec<String> {
    let output =
        session.run(&[&["check", "--base", "main", "--format", "json"], &DAY[..], more].concat());
    let report: Value = crate::session::json(&output);
    let findings = report["findings"].as_array().unwrap().iter().map(|finding| {
        let line = finding["line"].as_u64().map(|line| format!(":{line}")).unwrap_or_default();
        format!("{} {}{line}", finding["kind"].as_str().unwrap(), finding["file"].as_str().unwrap())
    });
    let found: Vec<String> = findings.collect();
    assert_eq!(status(&output), i32::from(!found.is_empty()), "{report:#}");
    found
}

/// Why nothing could be checked.
fn refused(session: &Session, arguments: &[&str]) -> String {
    let output = session.run(arguments);
    assert_eq!(status(&output), 1, "{arguments:?}: {}{}", stdout(&output), stderr(&output));
    stderr(&output)
}

#[test]
fn an_ambiguous_base_name_is_refused() {
    let session = agency();
    session.git(&["update-ref", "refs/remotes/origin/main", "main"]);
    session.write("requests/agency.yaml", policy("evil", ""));
    commit(&session);
    let check = ["check", "--base", "origin/main"];
    for put in [["tag", "origin/main"], ["branch", "origin/main"]] {
        session.git(&put);
        let why = refused(&session, &check);
        assert!(why.contains("`origin/main` is ambiguous: it can mean any of"), "{why}");
        assert!(why.contains("refs/remotes/origin/main"), "{why}");
        session.git(&[put[0], if put[0] == "tag" { "-d" } else { "-D" }, "origin/main"]);
    }
    // The full name is unambiguous.
    session.git(&["tag", "origin/main"]);
    let output = session.run(&["check", "--base", "refs/remotes/origin/main"]);
    assert_eq!(status(&output), 1);
    assert!(stdout(&output).contains("unknown-approver"), "{}", stdout(&output));
    // So is what a job of a pull request means, and it is shown as people know it.
    let mut job = session.arkib(&["check", "--pull-request", "--format", "markdown"]);
    let output = job.env("GITHUB_ACTIONS", "true").env("GITHUB_BASE_REF", "main").in_time();
    assert_eq!(status(&output), 1, "{}", stderr(&output));
    let said = stdout(&output);
    assert!(said.contains("unknown-approver") && said.contains("onto origin/main at"), "{said}");
    let short = session.git(&["rev-parse", "--short", "main"]);
    session.git(&["branch", &short]);
    assert!(
        refused(&session, &["check", "--ref", &short]).contains("is ambiguous: it can mean any of")
    );
    assert!(refused(&session, &["check", "--ref", "^main"]).contains("there is no commit"));
}

#[test]
fn a_criss_cross_history_is_refused() {
    let session = agency();
    let first = session.git(&["rev-parse", "main"]);
    session.git(&["checkout", "-q", "main"]);
    session.write(
        "requests/R-2.yaml",
        request("R-2", "terminate", "m1", "pentadbir", "effective: 2027-01-01\n"),
    );
    commit(&session);
    let second = session.git(&["rev-parse", "HEAD"]);
    session.git(&["checkout", "-q", "-b", "one", &first]);
    session.write("note.txt", "hi");
    commit(&session);
    let note = session.git(&["rev-parse", "HEAD"]);
    session.git(&["checkout", "-q", "main"]);
    session.git(&["merge", "-q", "--no-ff", "-m", "x", "one"]);
    session.git(&["checkout", "-q", "-b", "two", &note]);
    session.git(&["merge", "-q", "--no-ff", "-m", "x", &second]);
    session.git(&["rm", "-q", "requests/R-2.yaml"]);
    commit(&session);
    let why = refused(&session, &["check", "--base", "main"]);
    assert!(why.contains("merged into each other (criss-cross)"), "{why}");
    session.git(&["merge", "-q", "-m", "x", "main"]);
    assert_eq!(found(&session, &[]), ["record-deleted requests/R-2.yaml:1"]);
}

#[cfg(unix)]
#[test]
fn a_folder_replaced_by_link_or_submodule_is_refused() {
    use std::os::unix::fs::symlink;
    let session = agency();
    session.write("evil/agency.yaml", policy("evil", ""));
    session.git(&["rm", "-q", "-r", "requests"]);
    let _ = fs::remove_dir_all(session.path().join("requests"));
    symlink("evil", session.path().join("requests")).unwrap();
    commit(&session);
    for command in [&["check", "--base", "main"][..], &["check", "--ref", "pr", "--base", "main"]] {
        let why = refused(&session, command);
        assert!(why.contains("requests is a link, so git would read another repository"), "{why}");
    }
    // From a checkout of main the link is seen in the commit.
    session.git(&["checkout", "-q", "main"]);
    let kinds = found(&session, &["--ref", "pr"]);
    assert!(kinds.iter().any(|kind| kind.starts_with("link requests")), "{kinds:?}");
    assert!(
        kinds.iter().any(|finding| finding == "record-deleted requests/R-1.yaml:1"),
        "{kinds:?}"
    );

    let session = agency();
    let other = Session::new();
    other.write("agency.yaml", policy("evil", ""));
    other.git(&["init", "-q", "-b", "main"]);
    commit(&other);
    session.git(&["rm", "-q", "-r", "requests"]);
    let _ = fs::remove_dir_all(session.path().join("requests"));
    let from = other.path().to_str().unwrap();
    session.git(&[
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "--quiet",
        "add",
        from,
        "requests",
    ]);
    commit(&session);
    let why = refused(&session, &["check", "--base", "main"]);
    assert!(why.contains("requests is in a submodule"), "{why}");
    session.git(&["checkout", "-q", "-f", "main"]);
    let _ = fs::remove_dir_all(session.path().join("requests"));
    session.git(&["checkout", "-q", "-f", "main", "--", "requests"]);
    let kinds = found(&session, &["--ref", "pr"]);
    assert!(kinds.iter().any(|kind| kind.starts_with("submodule requests")), "{kinds:?}");
}

#[test]
fn an_unreadable_tree_is_not_empty() {
    let session = agency();
    session.git(&["mv", "requests/R-1.yaml", "gone.txt"]);
    commit(&session);
    let tree = session.git(&["rev-parse", "main:requests"]);
    fs::remove_file(session.path().join(".git/objects").join(&tree[..2]).join(&tree[2..])).unwrap();
    let why = refused(&session, &["check", "--base", "main"]);
    assert!(why.contains("git says: "), "{why}");
}

#[cfg(unix)]
#[test]
fn allowed_signers_cannot_expose_other_files() {
    let session = agency();
    session.write("secret", "SECRET-TOKEN-123\n");
    std::os::unix::fs::symlink("../secret", session.path().join("requests/allowed_signers"))
        .unwrap();
    session.git(&["add", "requests"]);
    session.git(&["commit", "-q", "-m", "x"]);
    assert_eq!(found(&session, &[]), ["link requests/allowed_signers"]);
    for format in ["human", "markdown", "json", "github", "gitlab"] {
        let output = session.run(&["check", "--base", "main", "--format", format]);
        assert!(!stdout(&output).contains("SECRET"), "{}", stdout(&output));
    }
    fs::remove_file(session.path().join("requests/allowed_signers")).unwrap();
    let made = std::process::Command::new("mkfifo")
        .arg(session.path().join("requests/allowed_signers"))
        .status()
        .unwrap();
    assert!(made.success());
    let both = ["link requests/allowed_signers", "not-a-file requests/allowed_signers"];
    assert_eq!(found(&session, &[]), both, "the commit has a link still");
}
