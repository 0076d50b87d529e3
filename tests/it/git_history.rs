//! Requests read from all kinds of git repositories: bare, shallow, from a subfolder, large, and
//! diverged.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::portal::{Counter, Portal};
use crate::session::{InTime as _, Session, ended, status, stderr, stdout};

const DAY: [&str; 2] = ["--as-of", "2026-11-23"];

fn policy(portal: &str) -> String {
    format!(
        "version: 1\nagency: CONTOH\nname: Jabatan Contoh\ndomains: [agensi.example]\napprovers: [pentadbir@agensi.example]\nportal: {portal}\nlimits: {{ terminations: 9, terminations_percent: 100, changes: 9 }}\n"
    )
}

fn request(id: &str, mailboxes: &[&str]) -> String {
    let named: String =
        mailboxes.iter().map(|name| format!("  - {name}@agensi.example\n")).collect();
    format!(
        "version: 1\nid: {id}\naction: enable\nmailboxes:\n{named}received:\n  date: 2026-11-02\n  channel: memo\n  reference: R\napprovals:\n  - by: pentadbir@agensi.example\n    date: 2026-11-03\n"
    )
}

/// A repository with its requests in a subfolder; R-2 is on a branch.
fn agency() -> Session {
    let session = Session::new();
    session.write("mail/requests/agency.yaml", policy("embedded"));
    session.write("mail/requests/R-1.yaml", request("R-1", &["m1"]));
    session.write(
        "portal.csv",
        "mailbox,state\nm1@agensi.example,disabled\nm2@agensi.example,disabled\nm3@agensi.example,disabled\n",
    );
    session.git(&["init", "-q", "-b", "main"]);
    session.git(&["add", "mail"]);
    session.git(&["commit", "-q", "-m", "R-1"]);
    session.git(&["checkout", "-q", "-b", "pr"]);
    session.write("mail/requests/sub/R-2.yaml", request("R-2", &["m2", "nobody"]));
    session.git(&["add", "mail"]);
    session.git(&["commit", "-q", "-m", "R-2"]);
    session
}

fn changes(session: &Session, arguments: &[&str]) -> Vec<String> {
    let more = ["--format", "json", "--roster", "portal.csv"];
    let all = [&["reconcile", "--dry-run"], arguments, &DAY, &more].concat();
    let output = session.run(&all);
    assert_eq!(status(&output), 0, "{arguments:?}: {}{}", stdout(&output), stderr(&output));
    let report: Value = crate::session::json(&output);
    let changes = report["plan"]["changes"].as_array().unwrap();
    let name = |change: &Value| {
        format!("{} {}", change["mailbox"].as_str().unwrap(), change["file"].as_str().unwrap())
    };
    changes.iter().map(name).collect()
}

#[test]
fn a_bare_repository_works() {
    let session = agency();
    session.git(&["clone", "-q", "--bare", ".", "bare.git"]);
    let folder = ["--requests", "bare.git/mail/requests"];
    assert_eq!(
        changes(&session, &[&folder[..], &["--ref", "main"]].concat()),
        ["m1@agensi.example bare.git/mail/requests/R-1.yaml"]
    );
    assert_eq!(
        changes(&session, &[&folder[..], &["--ref", "pr", "--base", "main"]].concat()),
        ["m2@agensi.example bare.git/mail/requests/sub/R-2.yaml"]
    );
    // Without a commit there is nothing to read.
    let output = session.run(&["check", "--requests", "bare.git/mail/requests"]);
    assert_eq!(status(&output), 1);
    // From inside, annotated with paths relative to the repository.
    let output = session
        .arkib(&["check", "--requests", "mail/requests", "--ref", "pr", "--strict"])
        .current_dir(session.path().join("bare.git"))
        .in_time();
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
    // With the requests at its top, and no work tree around it.
    let top = Session::new();
    let from = session.path().join("mail/requests");
    session.git(&["init", "-q", "-b", "main", from.to_str().unwrap()]);
    session.git(&["-C", "mail/requests", "add", "."]);
    session.git(&["-C", "mail/requests", "commit", "-q", "-m", "x"]);
    top.git(&["clone", "-q", "--bare", from.to_str().unwrap(), "bare.git"]);
    let mut command = top.arkib(&["check", "--requests", ".", "--ref", "main"]);
    let output = command.current_dir(top.path().join("bare.git")).in_time();
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
}

#[test]
fn the_folder_is_found_from_any_directory() {
    let session = agency();
    session.write("mail/requests/sub/R-3.yaml", "version: 1\n");
    let output = session
        .arkib(
            &[
                &["check", "--base", "main", "--requests", "../requests", "--format", "gitlab"],
                &DAY[..],
            ]
            .concat(),
        )
        .current_dir(session.path().join("mail/requests"))
        .in_time();
    let found: Value = crate::session::json(&output);
    assert_eq!(found[0]["location"]["path"], "mail/requests/sub/R-3.yaml", "{found:#}");
}

#[test]
fn a_shallow_clone_says_what_it_lacks() {
    let session = agency();
    let from = format!("file://{}", session.path().display());
    session.git(&["clone", "-q", "--depth", "1", "--no-single-branch", &from, "shallow"]);
    let folder = ["--requests", "shallow/mail/requests"];
    assert_eq!(changes(&session, &[&folder[..], &["--ref", "origin/pr"]].concat()).len(), 2);
    // The merge base is missing here.
    let arguments =
        [&["check"], &folder[..], &["--ref", "origin/pr", "--base", "origin/main"]].concat();
    let output = session.run(&arguments);
    assert_eq!(status(&output), 1);
    assert!(stderr(&output).contains("have no commit in common here"), "{}", stderr(&output));
    assert!(stderr(&output).contains("fetch-depth: 0"), "{}", stderr(&output));
}

#[test]
fn trees_follow_the_rules_of_folders() {
    let session = agency();
    std::fs::write(session.path().join("mail/requests/R-9.yml"), "x").unwrap();
    std::fs::write(session.path().join("mail/requests/big.yaml"), vec![b'#'; 2 << 20]).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("/etc/passwd", session.path().join("mail/requests/link.yaml"))
        .unwrap();
    // Windows reserves that name.
    #[cfg(unix)]
    session.write("mail/requests/nul.txt", "x");
    session.git(&["init", "-q", "mail/requests/inner"]);
    session.write("mail/requests/inner/R-8.yaml", request("R-8", &["m3"]));
    session.git(&["-C", "mail/requests/inner", "add", "."]);
    session.git(&["-C", "mail/requests/inner", "commit", "-q", "-m", "x"]);
    session.git(&["-c", "advice.addEmbeddedRepo=false", "add", "mail"]);
    session.git(&["commit", "-q", "-m", "odd"]);
    let arguments = ["check", "--requests", "mail/requests", "--ref", "pr", "--format", "json"];
    let output = session.run(&arguments);
    let report: Value = crate::session::json(&output);
    let kinds: Vec<&str> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["kind"].as_str().unwrap())
        .collect();
    let link: &[&str] = if cfg!(unix) { &["link", "bad-file-name"] } else { &[] };
    let expected = [&["bad-file-name", "file-too-large", "submodule"], link].concat();
    assert_eq!(kinds, expected, "{report:#}");
    assert!(!stdout(&output).contains("root:"), "a link was followed");
}

/// 400 requests for 4,000 mailboxes in one commit, and one more on a branch.
fn large(session: &Session) {
    session.git(&["init", "-q", "-b", "main"]);
    let mut import = Command::new("git")
        .args(["fast-import", "--quiet"])
        .current_dir(session.path())
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stream = String::new();
    let commit = |stream: &mut String, branch: &str, from: &str| {
        let _ = write!(
            stream,
            "commit refs/heads/{branch}\ncommitter K <k@agensi.example> 1763870400 +0800\ndata 1\nx\n{from}"
        );
    };
    let file = |stream: &mut String, path: &str, text: &str| {
        let _ = write!(stream, "M 100644 inline requests/{path}\ndata {}\n{text}\n", text.len());
    };
    commit(&mut stream, "main", "");
    file(&mut stream, "agency.yaml", &policy("scim"));
    for number in 0..400 {
        let id = format!("R-{number:05}");
        let names: Vec<String> =
            (0..10).map(|more| format!("m{:05}", number * 10 + more)).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        file(&mut stream, &format!("{:03}/{id}.yaml", number / 10), &request(&id, &names));
    }
    commit(&mut stream, "pr", "from refs/heads/main\n");
    file(&mut stream, "200/R-20000.yaml", &request("R-20000", &["new0", "new1", "new2"]));
    import.stdin.take().unwrap().write_all(stream.as_bytes()).unwrap();
    assert!(ended(&mut import).success());
}

#[test]
fn pull_request_checks_read_only_touched_mailboxes() {
    let session = Session::new();
    large(&session);
    let mut roster = String::from("mailbox,state\n");
    for number in 0..4_000 {
        let _ = writeln!(roster, "m{number:05}@agensi.example,enabled");
    }
    roster +=
        "new0@agensi.example,disabled\nnew1@agensi.example,disabled\nnew2@agensi.example,enabled\n";
    session.write("portal.csv", roster);
    let portal = Portal::start(&session, &[]);
    let counter = Counter::before(&portal);
    let output = portal
        .arkib(
            &session,
            &[
                &["reconcile", "--dry-run", "--ref", "pr", "--base", "main", "--format", "json"],
                &DAY[..],
            ]
            .concat(),
        )
        .env("ARKIB_PORTAL_URL", &counter.url)
        .in_time();
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
    let report: Value = crate::session::json(&output);
    assert_eq!(report["plan"]["changes"].as_array().unwrap().len(), 2);
    assert_eq!(report["pull_request"]["met"].as_array().unwrap().len(), 1);
    assert_eq!(report["pull_request"]["not_looked_at"], 4_000);
    let requests = counter.requests();
    assert!((1..=5).contains(&requests), "{requests} requests for 3 mailboxes");
    // A pull request that touches no mailbox asks nothing.
    let before = counter.requests();
    let output = portal
        .arkib(&session, &["reconcile", "--dry-run", "--ref", "main", "--base", "main"])
        .env("ARKIB_PORTAL_URL", &counter.url)
        .in_time();
    assert_eq!(status(&output), 0, "{}", stdout(&output));
    assert_eq!(counter.requests(), before);
}
