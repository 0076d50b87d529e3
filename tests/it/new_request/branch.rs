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
            "on the branch request/R-2.\n\nNext:\n  git push --set-upstream origin refs/heads/request/R-2\n"
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
    session.git(&["checkout", "-q", "--detach"]);
    refused("no branch is checked out");
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

#[test]
fn a_failed_commit_keeps_only_the_file() {
    let session = agency(&[], &[]);
    session.write("staged.txt", "staged\n");
    session.git(&["add", "staged.txt"]);
    session.git(&["config", "user.useConfigOnly", "true"]);
    let arguments = letter(&["enable", "siti@agensi.example", "--branch"]);
    let output = session.run(&arguments);
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
