//! Signals of every kind, at every stage: a run ends soon, and its outcomes and the end of its record
//! are written. A result that nobody reads is noticed before anything is changed.

use std::fs::{self, File};
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Stdio;
use std::time::{Duration, Instant};

use super::interrupts::{interrupt, signal};
use super::{APPLY, agency, count, json};
use crate::hold::Hold;
use crate::portal::Portal;
use crate::session::{InTime as _, Session, status, stderr, stdout};
use crate::terminal::Terminal;

/// The text of the only record.
fn record(session: &Session) -> String {
    let mut files = fs::read_dir(session.path().join("requests/records")).unwrap();
    fs::read_to_string(files.next().unwrap().unwrap().path()).unwrap()
}

/// A folder with a program `git` that is this script, in front of the others of the PATH.
pub fn path_with_git(session: &Session, script: &str) -> String {
    session.write("bin/git", format!("#!/bin/sh\n{script}\n"));
    let git = session.path().join("bin/git");
    fs::set_permissions(&git, fs::Permissions::from_mode(0o755)).unwrap();
    format!("{}:{}", session.path().join("bin").display(), std::env::var("PATH").unwrap())
}

#[test]
fn signals_of_two_kinds_are_one_wish() {
    for (first, second) in [("-INT", "-TERM"), ("-HUP", "-TERM")] {
        let session = agency(3);
        let portal = Portal::start(&session, &["--no-bulk"]);
        let hold = Hold::after(&portal, 1);
        let mut command = portal.arkib(&session, &[APPLY, &["--concurrency", "1"]].concat());
        command.env("ARKIB_PORTAL_URL", &hold.url);
        let mut run = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        hold.until_held();
        interrupt(&mut run, first);
        signal(&run, second);
        std::thread::sleep(Duration::from_millis(200));
        hold.release();
        let output = run.in_time();
        assert_eq!(status(&output), 3, "{}", stdout(&output));
        let report = json(&output);
        assert_eq!(count(&report, "applied"), portal.audit().len(), "{report:#}");
        assert_eq!(report["outcomes"].as_array().unwrap().len(), 3, "{report:#}");
        assert!(record(&session).lines().last().unwrap().contains("\"ended\""));
    }
}

#[test]
fn ctrl_c_twice_ends_at_once_and_says_what_was_done() {
    let session = agency(3);
    let portal = Portal::start(&session, &["--no-bulk"]);
    let hold = Hold::after(&portal, 1);
    let apply = ["reconcile", "--yes", "--allow-uncommitted", "--concurrency", "1"];
    let mut command = portal.arkib(&session, &apply);
    command.env("ARKIB_PORTAL_URL", &hold.url);
    let terminal = Terminal::run(command);
    hold.until_held();
    let begun = Instant::now();
    terminal.type_text("\x03");
    terminal.expect("Interrupt again");
    terminal.type_text("\x03");
    let (exit, text) = terminal.wait();
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
    assert_eq!(exit.code(), Some(3), "{text}");
    // What the portal accepted was not read back.
    assert!(text.contains("2 unknown, 1 skipped"), "{text}");
    assert!(record(&session).lines().last().unwrap().contains("\"ended\""));
}

#[test]
fn a_git_that_hangs_is_not_waited_for() {
    let session = agency(1);
    session.git(&["init", "-q"]);
    let path = path_with_git(&session, "touch started\nsleep 6");
    for name in ["-TERM", "-HUP"] {
        let started = session.path().join("started");
        let mut command = session.arkib(&["reconcile", "--dry-run", "--format", "json"]);
        let run = command.env("PATH", &path).stdout(Stdio::piped()).spawn().unwrap();
        let begun = Instant::now();
        while !started.exists() {
            assert!(begun.elapsed() < Duration::from_secs(60), "git is not asked");
            std::thread::sleep(Duration::from_millis(2));
        }
        signal(&run, name);
        let begun = Instant::now();
        let output = run.in_time();
        assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
        let exit = &json(&output)["exit"];
        assert_eq!((status(&output), &exit["status"]), (3, &3.into()), "{exit}");
        assert!(exit["reason"].as_str().unwrap().starts_with("Interrupted"), "{exit}");
        fs::remove_file(started).unwrap();
    }
}

#[test]
fn nothing_is_changed_if_the_result_cannot_be_written() {
    let session = agency(3);
    let portal = Portal::start(&session, &[]);
    let mut outputs = Vec::new();
    let (reader, unread) = std::io::pipe().unwrap();
    drop(reader);
    let mut run = portal.arkib(&session, APPLY);
    outputs.push(run.stdout(unread).stderr(Stdio::piped()).spawn().unwrap().in_time());
    if let Ok(full) = File::options().write(true).open("/dev/full") {
        let mut run = portal.arkib(&session, APPLY);
        outputs.push(run.stdout(full).stderr(Stdio::piped()).spawn().unwrap().in_time());
    }
    let report = [APPLY, &["--report", "no/such/folder/report.md"]].concat();
    outputs.push(portal.run(&session, &report));
    for output in &outputs {
        assert_eq!(status(output), 1, "{}", stderr(output));
    }
    assert!(
        stderr(&outputs[0]).contains("The result cannot be written"),
        "{}",
        stderr(&outputs[0])
    );
    assert!(json(&outputs[outputs.len() - 1])["exit"]["reason"].to_string().contains("report.md"));
    assert!(portal.audit().is_empty());
    assert!(
        !session.path().join("requests/records").read_dir().is_ok_and(|mut it| it.next().is_some())
    );
}

/// A reader of JSON that goes away during the run loses what nothing else says.
#[test]
fn a_result_that_nobody_read_is_no_success() {
    let session = agency(3);
    let portal = Portal::start(&session, &[]);
    let mut run = portal.arkib(&session, APPLY);
    let mut run = run.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // The line end by which the run sees that somebody reads.
    let mut stdout = run.stdout.take().unwrap();
    stdout.read_exact(&mut [0]).unwrap();
    drop(stdout);
    let output = run.in_time();
    assert_eq!(status(&output), 1, "{}", stderr(&output));
    assert!(stderr(&output).contains("The result cannot be written"), "{}", stderr(&output));
    assert_eq!(portal.audit().len(), 3);
}
