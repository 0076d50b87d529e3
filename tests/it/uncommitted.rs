//! Only the content of the commit is applied: every way in which a checkout can differ from its
//! commit without git reporting it.

use crate::session::{InTime as _, Session, status, stderr, stdout};

const POLICY: &str = "version: 1\nagency: CONTOH\nname: Jabatan Contoh\ndomains: [agensi.example]\napprovers: [pentadbir@agensi.example]\nportal: embedded\nlimits: { terminations: 9, terminations_percent: 100, changes: 9 }\n";
const APPLY: &[&str] = &["reconcile", "--yes", "--as-of", "2026-11-23"];

fn request(id: &str, action: &str, day: u8) -> String {
    format!(
        "version: 1\nid: {id}\naction: {action}\nmailboxes:\n  - ali@agensi.example\nreceived:\n  date: 2026-01-02\n  channel: memo\n  reference: R\napprovals:\n  - by: pentadbir@agensi.example\n    date: 2026-01-{day:02}\n"
    )
}

/// Ali has an archive; R-1 terminated it, R-2 enables it again, so there is nothing to do.
fn agency() -> Session {
    let session = Session::new();
    session.write("requests/agency.yaml", POLICY);
    session.write("requests/R-1.yaml", request("R-1", "terminate", 3));
    session.write("requests/R-2.yaml", request("R-2", "enable", 4));
    session.write("portal.csv", "mailbox,state\nali@agensi.example,enabled\n");
    session.git(&["init", "-q", "-b", "main"]);
    session.git(&["add", "requests"]);
    session.git(&["commit", "-q", "-m", "Requests"]);
    session
}

#[cfg(unix)]
#[test]
fn a_branch_that_is_not_merged_is_warned_of_before_the_question() {
    let session = agency();
    session.git(&["switch", "-q", "-c", "lain"]);
    session.write("requests/R-3.yaml", request("R-3", "terminate", 5));
    session.git(&["add", "requests"]);
    session.git(&["commit", "-q", "-m", "R-3"]);
    for (setup, is_warned) in [(&["status"][..], true), (&["branch", "-f", "main"], false)] {
        session.git(setup);
        let command = session.arkib(&["reconcile", "--as-of", "2026-11-23"]);
        let terminal = crate::terminal::Terminal::run(command);
        terminal.expect("Terminate 1 as of 2026-11-23? (yes or no)");
        terminal.type_text("\u{3}");
        let (ended, screen) = terminal.wait();
        assert_eq!(ended.code(), Some(3), "{screen}");
        let warning = "warning: the branch lain is not merged into main";
        assert_eq!(screen.contains(warning), is_warned, "{screen}");
        // Nothing had begun.
        assert!(screen.contains("\r\nInterrupted: nothing was changed"), "{screen}");
        assert!(!screen.contains("(SIGINT)"), "{screen}");
    }
}

fn refused(session: &Session, how: &str) {
    let output = session.run(APPLY);
    assert_eq!(status(&output), 4, "{how}: {}{}", stdout(&output), stderr(&output));
    assert!(stderr(&output).contains("differ from the commit"), "{how}: {}", stderr(&output));
}

#[test]
fn a_clean_checkout_is_applied() {
    let session = agency();
    session.write("requests/R-3.yaml", request("R-3", "terminate", 5));
    refused(&session, "an untracked file");
    session.git(&["add", "requests"]);
    refused(&session, "a staged file");
    session.git(&["commit", "-q", "-m", "R-3"]);
    let output = session.run(APPLY);
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
    assert!(stdout(&output).contains("1 applied"));
}

#[test]
fn a_sparse_checkout_is_not_its_commit() {
    let session = agency();
    let plan = || {
        let output = session.run(&["reconcile", "--dry-run", "--plan-out", "plan.json"]);
        assert_eq!(status(&output), 0, "{}", stderr(&output));
        let saved = std::fs::read_to_string(session.path().join("plan.json")).unwrap();
        (format!("{}{}", stdout(&output), stderr(&output)), saved.contains("\"commit\": null"))
    };
    assert!(!plan().1);
    session.git(&["update-index", "--skip-worktree", "requests/R-2.yaml"]);
    assert!(!plan().1, "the file is there");
    std::fs::remove_file(session.path().join("requests/R-2.yaml")).unwrap();
    let (text, has_no_commit) = plan();
    assert!(has_no_commit && text.contains(" without 1 file of it"), "{text}");
    assert!(text.contains("note: the plan is made without 1 file of the commit"), "{text}");
    session.write("requests/R-2.yaml", request("R-2", "terminate", 4));
    let (text, has_no_commit) = plan();
    assert!(has_no_commit && text.contains("with uncommitted changes"), "{text}");
}

#[test]
fn line_endings_changed_by_git_are_accepted() {
    let session = agency();
    session.write("requests/R-3.yaml", request("R-3", "terminate", 5));
    session.git(&["add", "requests"]);
    session.git(&["commit", "-q", "-m", "R-3"]);
    session.write("requests/R-3.yaml", request("R-3", "terminate", 5).replace('\n', "\r\n"));
    assert_eq!(status(&session.run(APPLY)), 0);
}

#[test]
fn changes_hidden_from_git_are_detected() {
    let evil = request("E-1", "terminate", 9);

    let session = agency();
    session.write(".gitignore", "E-1.yaml\n");
    session.write("requests/E-1.yaml", &evil);
    refused(&session, "an ignored file");

    let session = agency();
    session.write("requests/sub/E-1.yaml", &evil);
    session.git(&["init", "-q", "requests/sub"]);
    let output = session.run(APPLY);
    assert_eq!(status(&output), 1, "a repository inside the repository");
    assert!(stdout(&output).contains("error[git-directory]"), "{}", stdout(&output));

    let session = agency();
    session.git(&["update-index", "--assume-unchanged", "requests/R-2.yaml"]);
    session.write("requests/R-2.yaml", request("R-2", "terminate", 4));
    refused(&session, "a file that is assumed unchanged");

    let session = agency();
    session.git(&["update-index", "--skip-worktree", "requests/R-2.yaml"]);
    std::fs::remove_file(session.path().join("requests/R-2.yaml")).unwrap();
    refused(&session, "a file that is skipped, so that an older request decides");
}

#[test]
fn git_environment_variables_are_ignored() {
    let (session, other) = (agency(), agency());
    other.write("requests/E-1.yaml", request("E-1", "terminate", 9));
    other.git(&["add", "."]);
    other.git(&["commit", "-q", "-m", "E-1"]);
    session.write("requests/E-1.yaml", request("E-1", "terminate", 9));
    let output = session
        .arkib(APPLY)
        .env("GIT_DIR", other.path().join(".git"))
        .env("GIT_WORK_TREE", other.path())
        .env("GIT_LITERAL_PATHSPECS", "1")
        .in_time();
    assert_eq!(status(&output), 4, "{}", stdout(&output));
}

#[test]
fn missing_git_is_reported() {
    let session = agency();
    session.write("requests/R-3.yaml", request("R-3", "terminate", 5));
    let output = session.arkib(APPLY).env("PATH", "").in_time();
    assert_eq!(status(&output), 4);
    assert!(
        stderr(&output).contains("the program `git` is not on the PATH"),
        "{}",
        stderr(&output)
    );
}
