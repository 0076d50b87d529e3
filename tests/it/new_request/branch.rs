//! `--branch`: a commit of only that file.

use super::{FIRST, accepted, files, letter};
use crate::outputs::{agency, numbered, request};
use crate::session::{InTime as _, Session, status, stderr, stdout};

/// A command with a git identity.
fn run_as_kerani(session: &Session, arguments: &[&str]) -> std::process::Output {
    let mut command = session.arkib(arguments);
    for role in ["AUTHOR", "COMMITTER"] {
        command
            .env(format!("GIT_{role}_NAME"), "Kerani")
            .env(format!("GIT_{role}_EMAIL"), "kerani@agensi.example");
    }
    command.in_time()
}

#[test]
fn the_branch_holds_only_the_new_file() {
    let session = agency(&[("R-1", request("R-1", "enable", &numbered(1)))], &[]);
    session.write("requests/R-1.yaml", request("R-1", "enable", &numbered(2)));
    session.write("staged.txt", "staged\n");
    session.git(&["add", "staged.txt"]);
    session.write("staged.txt", "changed again\n");
    session.write("new.txt", "untracked\n");
    let before = session.git(&["status", "--porcelain"]);
    let arguments = letter(&["enable", "siti@agensi.example", "--branch"]);
    let output = run_as_kerani(&session, &arguments);
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    assert!(
        stdout(&output).contains(
            "on the branch request/R-2.\n\nNext:\n  git remote add origin URL\n  git push --set-upstream origin refs/heads/request/R-2\n"
        ),
        "{}",
        stdout(&output)
    );
    assert_eq!(
        session.git(&["show", "--name-status", "--format=%an %s"]),
        "Kerani Request R-2: enable 1 archive\n\nA\trequests/2026/R-2.yaml"
    );
    assert_eq!(session.git(&["symbolic-ref", "--short", "HEAD"]), "request/R-2");
    assert_eq!(session.git(&["status", "--porcelain"]), before);
    assert_eq!(session.git(&["rev-list", "--count", "main..HEAD"]), "1");
}

#[test]
fn git_must_know_the_author_and_the_committer() {
    let session = agency(&[], &[("lama", "enabled")]);
    session.git(&["config", "user.useConfigOnly", "true"]);
    let run = |arguments: &[&str], role: &str| {
        let mut command = session.arkib(arguments);
        command.env(format!("GIT_{role}_NAME"), "Kerani");
        command.env(format!("GIT_{role}_EMAIL"), "kerani@agensi.example").in_time()
    };
    let branch = letter(&["enable", "siti@agensi.example", "--branch", "--language", "ms"]);
    for role in ["AUTHOR", "COMMITTER"] {
        let output = run(&branch, role);
        let text = format!("{}{}", stdout(&output), stderr(&output));
        assert_eq!(status(&output), 1, "{text}");
        assert!(text.contains("nyatakan kepada git siapa anda: `git config user.name"), "{text}");
        assert!(files(&session).is_empty(), "{text}");
    }
    // Who only looks commits nothing.
    let dry = ["import", "--dry-run", "--branch", "--as-of", "2026-11-23"];
    let output = run(&dry, "AUTHOR");
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
}

#[test]
fn nothing_is_written_without_a_branch() {
    let session = agency(&[], &[]);
    let branch = letter(&["enable", "siti@agensi.example", "--branch"]);
    let refused = |expected: &str| {
        let output = run_as_kerani(&session, &branch);
        let text = format!("{}{}", stdout(&output), stderr(&output));
        assert_eq!(status(&output), 1, "{text}");
        assert!(text.contains(expected), "{expected}: {text}");
        assert!(files(&session).is_empty(), "{text}");
    };
    session.git(&["branch", "request/CONTOH-2026-0001"]);
    refused("the branch `request/CONTOH-2026-0001` exists already");
    session.git(&["branch", "-m", "request/CONTOH-2026-0001", "request"]);
    refused("or another branch blocks its name");
    session.git(&["branch", "-D", "request"]);
    session.git(&["checkout", "-q", "--orphan", "none"]);
    refused("nothing is committed in this repository yet");
    session.git(&["checkout", "-q", "-f", "main"]);
    session.write(".gitignore", "2026/\n");
    refused("git ignores requests/2026/CONTOH-2026-0001.yaml");
    session.write(".gitignore", "");
    let text = stderr(&run_as_kerani(&session, &[&branch[..], &["--id", "a..b"]].concat()));
    assert!(text.contains("cannot be the name of a branch"), "{text}");
    std::fs::rename(session.path().join(".git"), session.path().join("git")).unwrap();
    refused("no branch can be made: git says: not a git repository");
    // Without git a request can still be written.
    let text = accepted(&session, &letter(&["enable", "siti@agensi.example"]));
    assert!(text.contains("copy the file to the git repository of the requests"), "{text}");
}

#[test]
fn a_branch_begins_at_the_default_branch_wherever_one_stands() {
    let session = agency(&[("R-1", request("R-1", "enable", &numbered(1)))], &[]);
    let file = |id: &str, more: &[&str]| {
        let arguments = [&["enable", "siti@agensi.example", "--branch"], more].concat();
        let output = run_as_kerani(&session, &letter(&arguments));
        let text = format!("{}{}", stdout(&output), stderr(&output));
        assert_eq!(status(&output), 0, "{text}");
        assert!(text.contains(&format!("on the branch request/{id}.")), "{id}: {text}");
        assert_eq!(
            session.git(&["log", "--format=%h", &format!("main..request/{id}")]).lines().count(),
            1
        );
        text
    };
    file("R-2", &[]);
    // From the branch of another letter, whose request is not here then.
    file("R-3", &[]);
    assert_eq!(files(&session), ["requests/2026/R-3.yaml", "requests/R-1.yaml"]);
    session.git(&["checkout", "-q", "--detach"]);
    file("R-4", &[]);
    // A branch that was only fetched takes its id, too.
    session.git(&["update-ref", "refs/remotes/origin/request/R-4", "request/R-4"]);
    session.git(&["switch", "-q", "main"]);
    session.git(&["branch", "-q", "-D", "request/R-4"]);
    file("R-5", &[]);
    // What is withdrawn must be on the branch.
    let arguments = letter(&["withdraw", "R-5", "--branch"]);
    let output = run_as_kerani(&session, &arguments);
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    assert_eq!(session.git(&["log", "--format=%h", "main..request/R-6"]).lines().count(), 2);
    // If git refuses, one stands where one stood.
    refuse_commits(&session);
    let output = run_as_kerani(&session, &letter(&["enable", "siti@agensi.example", "--branch"]));
    assert_eq!(status(&output), 1, "{}", stdout(&output));
    assert_eq!(session.git(&["symbolic-ref", "--short", "HEAD"]), "request/R-6");
}

#[test]
fn changes_that_the_branch_would_overwrite_are_named() {
    let session = agency(&[("R-1", request("R-1", "enable", &numbered(1)))], &[]);
    session.git(&["switch", "-q", "-c", "lain"]);
    session.write("requests/R-1.yaml", request("R-1", "enable", &numbered(2)));
    session.git(&["commit", "-q", "-a", "-m", "Lain"]);
    session.write("requests/R-1.yaml", request("R-1", "enable", &numbered(3)));
    let arguments = letter(&["enable", "siti@agensi.example", "--branch"]);
    let output = run_as_kerani(&session, &arguments);
    let text = stderr(&output);
    assert_eq!(status(&output), 1, "{text}");
    assert!(text.contains("changes that are not committed in requests/R-1.yaml"), "{text}");
    assert_eq!(files(&session), ["requests/R-1.yaml"]);
    // What main does not have otherwise stays as it is.
    session.git(&["stash", "-q"]);
    session.write("new.txt", "untracked\n");
    let output = run_as_kerani(&session, &arguments);
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    assert_eq!(session.git(&["status", "--porcelain"]), "?? new.txt\n?? portal.csv");
}

#[test]
fn the_branch_is_pushed_where_an_option_asks_for_it() {
    let session = agency(&[], &[]);
    let arguments = letter(&["enable", "siti@agensi.example", "--push"]);
    let output = run_as_kerani(&session, &arguments);
    let text = format!("{}{}", stdout(&output), stderr(&output));
    assert_eq!(status(&output), 1, "{text}");
    assert!(text.contains("But it is not pushed: this clone has no remote `origin`"), "{text}");
    assert!(text.contains("git push --set-upstream origin refs/heads/request/"), "{text}");
    session.git(&["init", "-q", "--bare", "pusat.git"]);
    session.git(&["remote", "add", "pusat", "./pusat.git"]);
    let output = run_as_kerani(&session, &arguments);
    let text = format!("{}{}", stdout(&output), stderr(&output));
    assert_eq!(status(&output), 0, "{text}");
    assert!(text.contains("It is pushed to pusat.") && !text.contains("git push"), "{text}");
    let pushed = ["--git-dir", "pusat.git", "log", "--format=%s", "request/CONTOH-2026-0002"];
    assert!(session.git(&pushed).starts_with("Request CONTOH-2026-0002: enable 1 archive"));
    // The forge's page, of a remote that it is not pushed to.
    session.git(&["remote", "set-url", "pusat", "https://x:rahsia@codeberg.org/agensi/arkib"]);
    let output = run_as_kerani(&session, &letter(&["enable", "siti@agensi.example"]));
    let page =
        "  https://codeberg.org/agensi/arkib/compare/main...request/CONTOH-2026-0003\nand open";
    assert!(stdout(&output).contains(page), "{}", stdout(&output));
}

#[test]
fn a_document_is_committed_byte_for_byte_or_not_at_all() {
    let session = agency(&[], &[]);
    session.write(".gitattributes", "* text=auto eol=lf\n");
    session.git(&["add", ".gitattributes"]);
    session.git(&["commit", "-q", "-m", "Attributes"]);
    let mail = "From: zainab@agensi.example\r\n\r\nMohon diaktifkan.\r\n";
    session.write("mel.eml", mail);
    let arguments = letter(&["enable", "siti@agensi.example", "--branch", "--evidence", "mel.eml"]);
    let output = run_as_kerani(&session, &arguments);
    let text = format!("{}{}", stdout(&output), stderr(&output));
    assert_eq!(status(&output), 1, "{text}");
    for expected in
        ["would store 2026/CONTOH-2026-0001-1.eml with other bytes", "requests/** -text"]
    {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    assert_eq!(session.git(&["branch", "--list", "request/*"]), "");
    // What a person commits nevertheless is found, with its cause.
    session.git(&["add", "requests"]);
    session.git(&["commit", "-q", "-m", "By hand"]);
    let found = stdout(&session.run(&["check", "--ref", "HEAD"]));
    assert!(
        found.contains("evidence-changed") && found.contains("only its line ends differ"),
        "{found}"
    );

    session.git(&["reset", "-q", "--hard", "HEAD~"]);
    let template = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/agency/.gitattributes");
    session.write(".gitattributes", std::fs::read(template).unwrap());
    session.git(&["commit", "-q", "-a", "-m", "The template"]);
    let output = run_as_kerani(&session, &arguments);
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
    let stored = session.git(&["cat-file", "-s", "HEAD:requests/2026/CONTOH-2026-0001-1.eml"]);
    assert_eq!(stored, mail.len().to_string());
    let day = ["--as-of", "2026-11-23"];
    let checked = session.run(&[&["check", "--ref", "HEAD"][..], &day].concat());
    assert_eq!(status(&checked), 0, "{}", stdout(&checked));
}

/// git cannot sign, so it refuses each commit.
fn refuse_commits(session: &Session) {
    session.git(&["config", "commit.gpgsign", "true"]);
    session.git(&["config", "gpg.program", "./tiada"]);
}

#[test]
fn a_failed_commit_keeps_only_the_file() {
    let session = agency(&[], &[]);
    session.write("staged.txt", "staged\n");
    session.git(&["add", "staged.txt"]);
    refuse_commits(&session);
    let arguments = letter(&["enable", "siti@agensi.example", "--branch"]);
    let output = run_as_kerani(&session, &arguments);
    assert_eq!(status(&output), 1, "{}", stdout(&output));
    assert!(
        stdout(&output).contains(&format!(
            "Wrote {FIRST}, which names 1 mailbox. But it is not committed: git says: "
        )),
        "{}",
        stdout(&output)
    );
    assert!(
        stdout(&output).contains("git switch --create request/CONTOH-2026-0001"),
        "{}",
        stdout(&output)
    );
    assert_eq!(
        session.git(&["status", "--porcelain", "--branch"]),
        format!("## main\nA  staged.txt\n?? portal.csv\n?? {}", "requests/2026/")
    );
    assert_eq!(session.git(&["branch", "--format=%(refname:short)"]), "main");
    assert_eq!(files(&session), [FIRST]);
}

#[cfg(unix)]
#[test]
fn commit_hooks_run() {
    use std::os::unix::fs::PermissionsExt as _;
    for (hook, works) in [("pre-commit", false), ("post-checkout", false), ("post-commit", true)] {
        let session = agency(&[], &[]);
        let file = session.path().join(".git/hooks").join(hook);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, "#!/bin/sh\necho no such luck >&2\nexit 1\n").unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
        let output =
            run_as_kerani(&session, &letter(&["enable", "siti@agensi.example", "--branch"]));
        let text = format!("{}{}", stdout(&output), stderr(&output));
        assert_eq!(status(&output), i32::from(!works), "{hook}: {text}");
        assert_eq!(text.contains("But it is not committed"), !works, "{hook}: {text}");
        let branch = session.git(&["symbolic-ref", "--short", "HEAD"]);
        assert_eq!(branch == "main", !works, "{hook}: {branch}");
        let branches = session.git(&["branch", "--format=%(refname:short)"]);
        assert_eq!(branches.lines().count(), if works { 2 } else { 1 }, "{hook}: {branches}");
        assert_eq!(files(&session), [FIRST]);
    }
}

#[test]
fn documents_are_filed_under_the_request_id() {
    let session = agency(&[], &[("siti.aminah", "disabled")]);
    session.write("Surat Siti (1).PDF", "%PDF-1.4 imbasan");
    session.write("tanpa-nama", "imbasan kedua");
    let enable = ["enable", "siti.aminah@agensi.example", "--branch"];
    let documents = ["--evidence", "Surat Siti (1).PDF", "--evidence", "tanpa-nama"];
    let output = run_as_kerani(&session, &letter(&[&enable[..], &documents].concat()));
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
    // The commit passes the check, which reads the documents; nothing else was committed.
    accepted(&session, &["check", "--base", "main"]);
    let committed = session.git(&["show", "--name-only", "--format=", "HEAD"]);
    let names: Vec<&str> = committed.lines().collect();
    let expected =
        [FIRST.replace(".yaml", "-1.pdf"), FIRST.replace(".yaml", "-2.bin"), FIRST.to_owned()];
    assert_eq!(names, expected);
    assert!(session.path().join("Surat Siti (1).PDF").exists());
}
