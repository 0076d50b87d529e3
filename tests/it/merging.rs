//! The effect of merges on requests: fixes, withdrawals, all-or-nothing plans, the same for every
//! user.

use std::fs;

use serde_json::Value;

use crate::outputs::DAY;
use crate::review_bypass::{agency, commit, found, policy, request};
use crate::session::{InTime as _, Session, status, stderr, stdout};

fn withdrawal(id: &str, of: &str) -> String {
    request(id, "withdraw", "x", "pentadbir", "")
        .replace("mailboxes:\n  - x@agensi.example\n", &format!("withdraws: {of}\n"))
}

fn delta(session: &Session) -> Value {
    let arguments =
        [&["reconcile", "--dry-run", "--base", "main", "--format", "json"], &DAY[..]].concat();
    let output = session.run(&arguments);
    crate::session::json(&output)
}

#[test]
fn a_broken_main_can_be_fixed() {
    // The same id twice, from two pull requests that were each valid.
    let session = agency();
    session.git(&["checkout", "-q", "main"]);
    session.write("requests/a/R-5.yaml", request("R-5", "enable", "m2", "pentadbir", ""));
    session.write("requests/b/R-5.yaml", request("R-5", "enable", "m3", "pentadbir", ""));
    // An unknown approver, and a policy with a misspelt key.
    session.write("requests/R-6.yaml", request("R-6", "enable", "m2", "lain", ""));
    commit(&session);
    session.git(&["checkout", "-q", "-b", "fix"]);
    session.git(&["mv", "requests/b/R-5.yaml", "requests/b/R-7.yaml"]);
    session.write("requests/b/R-7.yaml", request("R-7", "enable", "m3", "pentadbir", ""));
    session.write("requests/R-6.yaml", request("R-6", "enable", "m2", "pentadbir", ""));
    commit(&session);
    assert_eq!(found(&session, &[]), Vec::<String>::new());
    // But only the faulty file.
    session.write("requests/R-1.yaml", request("R-1", "enable", "m2", "pentadbir", ""));
    assert_eq!(found(&session, &["--strict"]), ["not-as-committed requests/R-1.yaml"]);
    session.git(&["add", "requests"]);
    assert_eq!(found(&session, &[]), ["record-edited requests/R-1.yaml:5"]);
    session.git(&["rm", "-q", "-f", "requests/R-1.yaml"]);
    assert_eq!(found(&session, &[]), ["record-deleted requests/R-1.yaml:1"]);

    let session = agency();
    session.git(&["checkout", "-q", "main"]);
    session.write("requests/agency.yaml", policy("pentadbir", "protcted: []\n"));
    commit(&session);
    session.git(&["checkout", "-q", "-b", "fix"]);
    session.write("requests/agency.yaml", policy("pentadbir", ""));
    commit(&session);
    assert_eq!(found(&session, &[]), Vec::<String>::new());
    // Nobody can approve with it.
    session.write(
        "requests/agency.yaml",
        policy("pentadbir, evil", "")
            .replace("pentadbir, evil@", "pentadbir@agensi.example, evil@"),
    );
    session.write("requests/R-8.yaml", request("R-8", "terminate", "m2", "evil", ""));
    session.git(&["add", "requests"]);
    assert_eq!(found(&session, &[]), ["policy-not-merged requests/R-8.yaml:11"]);
}

#[test]
fn a_former_approver_cannot_approve_new_requests() {
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
    session.write("requests/R-2.yaml", request("R-2", "enable", "m3", "pentadbir", ""));
    commit(&session);
    assert_eq!(found(&session, &[]), ["former-approver requests/R-2.yaml:11"]);
}

#[test]
fn effects_of_a_withdrawal_are_shown() {
    let session = agency();
    session.git(&["checkout", "-q", "main"]);
    session.write(
        "requests/R-2.yaml",
        request("R-2", "terminate", "m2", "pentadbir", "effective: 2026-12-25\n"),
    );
    session.write(
        "requests/R-3.yaml",
        request("R-3", "enable", "m3", "pentadbir", "").split("approval").next().unwrap(),
    );
    commit(&session);
    session.git(&["checkout", "-q", "-b", "lift"]);
    session.write("requests/R-8.yaml", withdrawal("R-8", "R-2"));
    session.write("requests/R-9.yaml", withdrawal("R-9", "R-3"));
    commit(&session);
    let report = delta(&session);
    let lifted = report["pull_request"]["withdraws"].as_array().unwrap();
    let ids: Vec<&Value> = lifted.iter().map(|request| &request["request"]).collect();
    assert_eq!(ids, ["R-2", "R-3"], "{report:#}");
    // No request names m2's archive any more.
    assert_eq!(report["plan"]["unmanaged"][0]["mailbox"], "m2@agensi.example", "{report:#}");
    let text =
        stdout(&session.run(&[&["reconcile", "--dry-run", "--base", "main"], &DAY[..]].concat()));
    assert!(text.contains("terminate; scheduled for 2026-12-25; is withdrawn"), "{text}");
}

#[test]
fn a_plan_of_several_agencies_is_all_or_nothing() {
    let session = agency();
    let of_b = |text: String| text.replace("agensi.example", "b.example").replace("CONTOH", "BETA");
    session.write("requests/b/agency.yaml", of_b(policy("pentadbir", "")));
    session.write("requests/b/R-2.yaml", of_b(request("R-2", "enable", "x1", "pentadbir", "")));
    session.write("requests/R-3.yaml", request("R-3", "enable", "m3", "pentadbir", ""));
    let roster = fs::read_to_string(session.path().join("portal.csv")).unwrap();
    session.write("portal.csv", format!("{roster}x1@b.example,disabled\n"));
    commit(&session);
    let keep = [&["reconcile", "--dry-run", "--plan-out", "plan.json"], &DAY[..]].concat();
    assert_eq!(status(&session.run(&keep)), 0);
    let apply = [&["reconcile", "--yes", "--plan", "plan.json"], &DAY[..]].concat();
    // A new request of the second agency, then all of that agency's are removed.
    session.write("requests/b/R-9.yaml", of_b(request("R-9", "enable", "x2", "pentadbir", "")));
    commit(&session);
    let output = session.run(&apply);
    assert_eq!(status(&output), 4, "{}", stdout(&output));
    assert_eq!(stderr(&output).matches("none of it was applied").count(), 2, "{}", stderr(&output));
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
    assert_eq!(stdout(&output).matches("1 applied.").count(), 2, "{}", stdout(&output));
}

#[test]
fn user_git_configuration_is_ignored() {
    let session = agency();
    session.write("requests/requests/R-2.yaml", request("R-2", "enable", "m3", "pentadbir", ""));
    commit(&session);
    // Of each kind those together that change different things.
    for settings in [
        "log.showRoot=false log.showSignature=true log.follow=true log.diffMerges=off log.decorate=full",
        "diff.relative=true diff.renames=copies diff.noprefix=true color.ui=always core.pager=false",
        "core.quotePath=false core.abbrev=40 format.pretty=oneline status.showUntrackedFiles=no",
        "i18n.logOutputEncoding=UTF-16",
    ] {
        let arguments =
            [&["reconcile", "--dry-run", "--base", "main", "--format", "json"], &DAY[..]].concat();
        let mut command = session.arkib(&arguments);
        let mut count = 0;
        for (name, value) in settings.split(' ').map(|setting| setting.split_once('=').unwrap()) {
            command.env(format!("GIT_CONFIG_KEY_{count}"), name);
            command.env(format!("GIT_CONFIG_VALUE_{count}"), value);
            count += 1;
        }
        let output = command.env("GIT_CONFIG_COUNT", count.to_string()).in_time();
        let report: Value = crate::session::json(&output);
        assert_eq!(report["plan"]["changes"][0]["request"], "R-2", "{settings}: {report:#}");
    }
}

#[cfg(unix)]
#[test]
fn a_hook_can_refuse_a_push() {
    use std::os::unix::fs::PermissionsExt as _;
    use std::process::Stdio;

    use crate::session::stderr;

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
        session.git_command(&["push", "-q", "server.git", "pr:main"]).stdin(Stdio::null()).in_time()
    };
    session.write("requests/R-2.yaml", request("R-2", "enable", "m2", "pentadbir", ""));
    commit(&session);
    let good = push();
    assert!(good.status.success(), "{}", stderr(&good));
    session.write("requests/R-2.yaml", request("R-2", "enable", "m3", "pentadbir", ""));
    commit(&session);
    let bad = push();
    assert!(!bad.status.success());
    assert!(stderr(&bad).contains("record-edited"), "{}", stderr(&bad));
}
