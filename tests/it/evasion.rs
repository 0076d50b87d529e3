//! Ways around the review: another base, another repository, links, histories made to confuse, and
//! whoever may push a tag. Each was found to work once.

use std::fs;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::session::{Session, status, stderr, stdout};

const DAY: [&str; 2] = ["--as-of", "2026-11-23"];

fn policy(approver: &str, more: &str) -> String {
    format!(
        "version: 1\nagency: CONTOH\nname: Jabatan Contoh\ndomains: [agensi.example]\napprovers: [{approver}@agensi.example]\nportal: embedded\nlimits: {{ terminations: 9, terminations_percent: 100, changes: 9 }}\n{more}"
    )
}

fn request(id: &str, action: &str, mailbox: &str, by: &str, more: &str) -> String {
    format!(
        "version: 1\nid: {id}\naction: {action}\nmailboxes:\n  - {mailbox}@agensi.example\nreceived:\n  date: 2026-01-02\n  channel: memo\n  reference: R\napproval:\n  by: {by}@agensi.example\n  date: 2026-01-03\n{more}"
    )
}

fn withdrawal(id: &str, of: &str) -> String {
    request(id, "withdraw", "x", "pentadbir", "").replace(
        "mailboxes:\n  - x@agensi.example\n",
        &format!("withdraws: {of}\n"),
    )
}

/// Main: a policy, R-1 for m1, and a branch `pr` that is checked out.
fn agency() -> Session {
    let session = Session::new();
    session.write("requests/agency.yaml", policy("pentadbir", ""));
    session.write(
        "requests/R-1.yaml",
        request("R-1", "enable", "m1", "pentadbir", ""),
    );
    session.write("portal.csv", "mailbox,state\nm1@agensi.example,enabled\nm2@agensi.example,enabled\nm3@agensi.example,disabled\n");
    session.git(&["init", "-q", "-b", "main"]);
    commit(&session);
    session.git(&["checkout", "-q", "-b", "pr"]);
    session
}

fn commit(session: &Session) {
    session.git(&["add", "-A", "."]);
    session.git(&["reset", "-q", "--", "portal.csv", "plan.json"]);
    session.git(&["commit", "-q", "--allow-empty", "-m", "x"]);
}

/// What `check --base main` finds: kinds and places; nothing where it passes.
fn found(session: &Session, more: &[&str]) -> Vec<String> {
    let output = session.run(&[&["check", "--base", "main", "--format", "json"], more].concat());
    let report: Value = serde_json::from_str(&stdout(&output)).unwrap();
    let findings = report["findings"].as_array().unwrap().iter().map(|it| {
        let line = it["line"]
            .as_u64()
            .map(|line| format!(":{line}"))
            .unwrap_or_default();
        format!(
            "{} {}{line}",
            it["kind"].as_str().unwrap(),
            it["file"].as_str().unwrap()
        )
    });
    let found: Vec<String> = findings.collect();
    assert_eq!(status(&output), i32::from(!found.is_empty()), "{report:#}");
    found
}

/// Why nothing could be checked.
fn refused(session: &Session, arguments: &[&str]) -> String {
    let output = session.run(arguments);
    assert_eq!(
        status(&output),
        1,
        "{arguments:?}: {}{}",
        stdout(&output),
        stderr(&output)
    );
    stderr(&output)
}

fn delta(session: &Session) -> Value {
    let arguments = [
        &[
            "reconcile",
            "--dry-run",
            "--base",
            "main",
            "--format",
            "json",
        ],
        &DAY[..],
    ]
    .concat();
    let output = session.run(&arguments);
    serde_json::from_str(&stdout(&output)).unwrap()
}

#[test]
fn a_tag_or_branch_of_the_same_name_does_not_choose_the_base() {
    let session = agency();
    session.git(&["update-ref", "refs/remotes/origin/main", "main"]);
    session.write("requests/agency.yaml", policy("evil", ""));
    commit(&session);
    let check = ["check", "--base", "origin/main"];
    for put in [["tag", "origin/main"], ["branch", "origin/main"]] {
        session.git(&put);
        let why = refused(&session, &check);
        assert!(why.contains("`origin/main` may mean any of"), "{why}");
        assert!(why.contains("refs/remotes/origin/main"), "{why}");
        session.git(&[
            put[0],
            if put[0] == "tag" { "-d" } else { "-D" },
            "origin/main",
        ]);
    }
    // The full name means one thing only.
    session.git(&["tag", "origin/main"]);
    let output = session.run(&["check", "--base", "refs/remotes/origin/main"]);
    assert_eq!(status(&output), 1);
    assert!(
        stdout(&output).contains("unknown-approver"),
        "{}",
        stdout(&output)
    );
    let short = session.git(&["rev-parse", "--short", "main"]);
    session.git(&["branch", &short]);
    assert!(refused(&session, &["check", "--ref", &short]).contains("may mean any of"));
    assert!(refused(&session, &["check", "--ref", "^main"]).contains("there is no commit"));
}

#[test]
fn a_crosswise_history_hides_nothing() {
    let session = agency();
    let first = session.git(&["rev-parse", "main"]);
    session.git(&["checkout", "-q", "main"]);
    session.write(
        "requests/R-2.yaml",
        request(
            "R-2",
            "terminate",
            "m1",
            "pentadbir",
            "effective: 2027-01-01\n",
        ),
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
    assert!(why.contains("merged into each other crosswise"), "{why}");
    session.git(&["merge", "-q", "-m", "x", "main"]);
    assert_eq!(found(&session, &[]), ["record-deleted requests/R-2.yaml:1"]);
}

#[cfg(unix)]
#[test]
fn a_folder_swapped_for_a_link_or_a_submodule_is_another_repository() {
    use std::os::unix::fs::symlink;
    let session = agency();
    session.write("evil/agency.yaml", policy("evil", ""));
    session.git(&["rm", "-q", "-r", "requests"]);
    let _ = fs::remove_dir_all(session.path().join("requests"));
    symlink("evil", session.path().join("requests")).unwrap();
    commit(&session);
    for command in [
        &["check", "--base", "main"][..],
        &["check", "--ref", "pr", "--base", "main"],
    ] {
        let why = refused(&session, command);
        assert!(
            why.contains("requests is a link, so another repository would answer"),
            "{why}"
        );
    }
    // From a checkout of main the link is seen in the commit.
    session.git(&["checkout", "-q", "main"]);
    let kinds = found(&session, &["--ref", "pr"]);
    assert!(
        kinds.iter().any(|it| it.starts_with("link requests")),
        "{kinds:?}"
    );
    assert!(
        kinds
            .iter()
            .any(|it| it == "record-deleted requests/R-1.yaml:1"),
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
    assert!(
        kinds.iter().any(|it| it.starts_with("submodule requests")),
        "{kinds:?}"
    );
}

#[test]
fn a_tree_that_cannot_be_read_is_no_empty_folder() {
    let session = agency();
    session.git(&["mv", "requests/R-1.yaml", "gone.txt"]);
    commit(&session);
    let tree = session.git(&["rev-parse", "main:requests"]);
    fs::remove_file(
        session
            .path()
            .join(".git/objects")
            .join(&tree[..2])
            .join(&tree[2..]),
    )
    .unwrap();
    let why = refused(&session, &["check", "--base", "main"]);
    assert!(why.contains("git says: "), "{why}");
}

#[cfg(unix)]
#[test]
fn the_keys_of_approvers_are_no_way_to_read_other_files() {
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
    let made = Command::new("mkfifo")
        .arg(session.path().join("requests/allowed_signers"))
        .status()
        .unwrap();
    assert!(made.success());
    assert_eq!(
        found(&session, &[]),
        ["not-a-file requests/allowed_signers"]
    );
}

#[test]
fn what_keeps_main_from_going_on_can_be_mended() {
    // The same id twice, by two pull requests that were good by themselves.
    let session = agency();
    session.git(&["checkout", "-q", "main"]);
    session.write(
        "requests/a/R-5.yaml",
        request("R-5", "enable", "m2", "pentadbir", ""),
    );
    session.write(
        "requests/b/R-5.yaml",
        request("R-5", "enable", "m3", "pentadbir", ""),
    );
    // An approver that nobody knows, and a policy with a misspelt key.
    session.write(
        "requests/R-6.yaml",
        request("R-6", "enable", "m2", "lain", ""),
    );
    commit(&session);
    session.git(&["checkout", "-q", "-b", "mend"]);
    session.git(&["mv", "requests/b/R-5.yaml", "requests/b/R-7.yaml"]);
    session.write(
        "requests/b/R-7.yaml",
        request("R-7", "enable", "m3", "pentadbir", ""),
    );
    session.write(
        "requests/R-6.yaml",
        request("R-6", "enable", "m2", "pentadbir", ""),
    );
    commit(&session);
    assert_eq!(found(&session, &[]), Vec::<String>::new());
    // But only the file at fault.
    session.write(
        "requests/R-1.yaml",
        request("R-1", "enable", "m2", "pentadbir", ""),
    );
    assert_eq!(found(&session, &[]), ["record-edited requests/R-1.yaml:5"]);

    let session = agency();
    session.git(&["checkout", "-q", "main"]);
    session.write(
        "requests/agency.yaml",
        policy("pentadbir", "protcted: []\n"),
    );
    commit(&session);
    session.git(&["checkout", "-q", "-b", "mend"]);
    session.write("requests/agency.yaml", policy("pentadbir", ""));
    commit(&session);
    assert_eq!(found(&session, &[]), Vec::<String>::new());
    // Nobody is let in with it.
    session.write(
        "requests/agency.yaml",
        policy("pentadbir, evil", "")
            .replace("pentadbir, evil@", "pentadbir@agensi.example, evil@"),
    );
    session.write(
        "requests/R-8.yaml",
        request("R-8", "terminate", "m2", "evil", ""),
    );
    assert_eq!(
        found(&session, &[]),
        ["policy-not-merged requests/R-8.yaml:11"]
    );
}

#[test]
fn who_approved_once_approves_nothing_new() {
    let session = agency();
    session.write(
        "requests/agency.yaml",
        policy("noraini", "former_approvers: [pentadbir@agensi.example]\n"),
    );
    commit(&session);
    assert_eq!(found(&session, &[]), Vec::<String>::new());
    session.git(&["checkout", "-q", "main"]);
    session.git(&["merge", "-q", "pr"]);
    session.git(&["checkout", "-q", "-b", "late"]);
    session.write(
        "requests/R-2.yaml",
        request("R-2", "enable", "m3", "pentadbir", ""),
    );
    commit(&session);
    assert_eq!(
        found(&session, &[]),
        ["former-approver requests/R-2.yaml:11"]
    );
}

#[test]
fn what_a_withdrawal_lifts_is_shown() {
    let session = agency();
    session.git(&["checkout", "-q", "main"]);
    session.write(
        "requests/R-2.yaml",
        request(
            "R-2",
            "terminate",
            "m2",
            "pentadbir",
            "effective: 2026-12-25\n",
        ),
    );
    session.write(
        "requests/R-3.yaml",
        request("R-3", "enable", "m3", "pentadbir", "")
            .split("approval")
            .next()
            .unwrap(),
    );
    commit(&session);
    session.git(&["checkout", "-q", "-b", "lift"]);
    session.write("requests/R-8.yaml", withdrawal("R-8", "R-2"));
    session.write("requests/R-9.yaml", withdrawal("R-9", "R-3"));
    commit(&session);
    let report = delta(&session);
    let lifted = report["pull_request"]["withdraws"].as_array().unwrap();
    let ids: Vec<&Value> = lifted.iter().map(|it| &it["request"]).collect();
    assert_eq!(ids, ["R-2", "R-3"], "{report:#}");
    // m2's archive is nobody's any more.
    assert_eq!(
        report["plan"]["unmanaged"][0]["mailbox"], "m2@agensi.example",
        "{report:#}"
    );
    let text =
        stdout(&session.run(&[&["reconcile", "--dry-run", "--base", "main"], &DAY[..]].concat()));
    assert!(
        text.contains("terminate; it would be due on 2026-12-25, and is withdrawn"),
        "{text}"
    );
}

#[test]
fn a_kept_plan_of_several_agencies_is_all_or_nothing() {
    let session = agency();
    let of_b = |text: String| {
        text.replace("agensi.example", "b.example")
            .replace("CONTOH", "BETA")
    };
    session.write("requests/b/agency.yaml", of_b(policy("pentadbir", "")));
    session.write(
        "requests/b/R-2.yaml",
        of_b(request("R-2", "enable", "x1", "pentadbir", "")),
    );
    session.write(
        "requests/R-3.yaml",
        request("R-3", "enable", "m3", "pentadbir", ""),
    );
    let roster = fs::read_to_string(session.path().join("portal.csv")).unwrap();
    session.write("portal.csv", format!("{roster}x1@b.example,disabled\n"));
    commit(&session);
    let keep = [
        &["reconcile", "--dry-run", "--plan-out", "plan.json"],
        &DAY[..],
    ]
    .concat();
    assert_eq!(status(&session.run(&keep)), 0);
    let apply = [&["reconcile", "--yes", "--plan", "plan.json"], &DAY[..]].concat();
    // A new request of the second agency, then none of that agency any more.
    session.write(
        "requests/b/R-9.yaml",
        of_b(request("R-9", "enable", "x2", "pentadbir", "")),
    );
    commit(&session);
    let output = session.run(&apply);
    assert_eq!(status(&output), 4, "{}", stdout(&output));
    assert_eq!(
        stdout(&output).matches("none of it was done").count(),
        2,
        "{}",
        stdout(&output)
    );
    session.git(&["rm", "-q", "-r", "requests/b"]);
    commit(&session);
    let output = session.run(&apply);
    assert_eq!(status(&output), 4, "{}", stdout(&output));
    assert!(
        stdout(&output).contains("BETA: this agency is no longer in the folder"),
        "{}",
        stdout(&output)
    );
    session.git(&["reset", "-q", "--hard", "HEAD~2"]);
    let output = session.run(&apply);
    assert_eq!(status(&output), 0, "{}", stdout(&output));
    assert_eq!(
        stdout(&output).matches("1 applied.").count(),
        2,
        "{}",
        stdout(&output)
    );
}

#[test]
fn a_users_configuration_of_git_changes_nothing() {
    let session = agency();
    session.write(
        "requests/requests/R-2.yaml",
        request("R-2", "enable", "m3", "pentadbir", ""),
    );
    commit(&session);
    for setting in [
        "log.showRoot=false",
        "log.showSignature=true",
        "log.follow=true",
        "log.diffMerges=off",
        "diff.relative=true",
        "diff.renames=copies",
        "diff.noprefix=true",
        "color.ui=always",
        "core.quotePath=false",
        "core.abbrev=40",
        "format.pretty=oneline",
        "log.decorate=full",
        "i18n.logOutputEncoding=UTF-16",
        "status.showUntrackedFiles=no",
        "core.pager=false",
    ] {
        let (name, value) = setting.split_once('=').unwrap();
        let arguments = [
            &[
                "reconcile",
                "--dry-run",
                "--base",
                "main",
                "--format",
                "json",
            ],
            &DAY[..],
        ]
        .concat();
        let output = session
            .arkib(&arguments)
            .env("GIT_CONFIG_COUNT", "1")
            .env("GIT_CONFIG_KEY_0", name)
            .env("GIT_CONFIG_VALUE_0", value)
            .output()
            .unwrap();
        let report: Value = serde_json::from_str(&stdout(&output)).unwrap();
        assert_eq!(
            report["plan"]["changes"][0]["request"], "R-2",
            "{setting}: {report:#}"
        );
    }
}

#[cfg(unix)]
#[test]
fn a_hook_can_refuse_a_push() {
    use std::os::unix::fs::PermissionsExt as _;
    let session = agency();
    session.git(&["clone", "-q", "--bare", ".", "server.git"]);
    let arkib = assert_cmd::cargo::cargo_bin!("arkib");
    let hook = session.path().join("server.git/hooks/pre-receive");
    session.write(
        "server.git/hooks/pre-receive",
        format!("#!/bin/sh\nwhile read old new ref; do {} check --base \"$old\" --ref \"$new\" || exit 1; done\n", arkib.display()),
    );
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).unwrap();
    let push = || {
        session
            .git_command(&["push", "-q", "server.git", "pr:main"])
            .stdin(Stdio::null())
            .output()
            .unwrap()
    };
    session.write(
        "requests/R-2.yaml",
        request("R-2", "enable", "m2", "pentadbir", ""),
    );
    commit(&session);
    let good = push();
    assert!(good.status.success(), "{}", stderr(&good));
    session.write(
        "requests/R-2.yaml",
        request("R-2", "enable", "m3", "pentadbir", ""),
    );
    commit(&session);
    let bad = push();
    assert!(!bad.status.success());
    assert!(stderr(&bad).contains("record-edited"), "{}", stderr(&bad));
}
