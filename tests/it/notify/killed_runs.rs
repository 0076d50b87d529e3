//! No notice is sent twice by killed, concurrent or interrupted runs.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::{
    POLICY, address, agency, agency_by_email, notify, notify_json, outcomes, read, records,
    unconfirmed,
};
use crate::session::{InTime as _, Session, status};
use crate::smtp_server::{Behavior, Smtp};

#[test]
fn a_kill_while_sending_is_unknown_and_not_repeated() {
    for before in [false, true] {
        let session = agency_by_email(&["a", "b", "c"]);
        let smtp = Smtp::start();
        let program = Arc::new(Mutex::new(None));
        let act = if before { Behavior::KillAtRcpt } else { Behavior::KillAfterText };
        smtp.set_behavior(&address("b"), act(Arc::clone(&program)));
        let mut held = program.lock().unwrap();
        let mut command = notify(&session, &smtp, &["--yes"]);
        *held = Some(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
        drop(held);
        let begun = Instant::now();
        loop {
            let ended = program.lock().unwrap().as_mut().unwrap().try_wait().unwrap();
            if let Some(ended) = ended {
                assert!(!ended.success(), "it was not killed");
                break;
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "it was not killed");
            std::thread::sleep(Duration::from_millis(5));
        }
        smtp.reset_behavior();
        let (report, exit) = notify_json(&session, &smtp, &[]);
        let (expected, open): (&[&str], &[&str]) = match before {
            true => (&["b sent", "c sent"], &[]),
            false => (&["c sent"], &["b unknown"]),
        };
        assert_eq!(
            (outcomes(&report), exit),
            (expected.iter().map(|address| (*address).to_owned()).collect(), 0)
        );
        assert_eq!(unconfirmed(&report), open);
        assert_eq!(smtp.accepted(), ["a", "b", "c"].map(address));
        assert_eq!(status(&session.run(&["records", "verify"])), 0);
    }
}

#[test]
fn a_killed_run_sends_nothing_twice() {
    let requests: [(&str, &str, &[&str]); 2] =
        [("R-1", "email", &["a", "b", "c"]), ("R-2", "letter", &["d", "e"])];
    let lines = |session: &Session| -> usize {
        let each = records(session).into_iter().filter_map(|file| fs::read(file).ok());
        each.map(|text| text.iter().filter(|byte| **byte == b'\n').count()).sum()
    };
    for step in 1..12 {
        let session = agency(POLICY, &requests);
        let smtp = Smtp::start();
        let mut command = notify(&session, &smtp, &["--yes"]);
        let mut program = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let begun = Instant::now();
        while lines(&session) < step && program.try_wait().unwrap().is_none() {
            assert!(begun.elapsed() < Duration::from_secs(60), "no line {step}");
            std::thread::sleep(Duration::from_micros(200));
        }
        let _ = program.kill();
        let _ = program.wait();
        let (report, exit) = notify_json(&session, &smtp, &[]);
        assert_eq!(exit, 0, "{step}: {report:#}");
        let (after, _) = notify_json(&session, &smtp, &[]);
        assert_eq!(outcomes(&after).len(), 0, "{step}: {after:#}");
        // Everyone was notified once, or the outcome is known to be unknown.
        let mut accepted = smtp.accepted();
        accepted.dedup();
        assert_eq!(accepted, smtp.accepted(), "{step}");
        let folder = fs::read_dir(session.path().join("notices")).unwrap();
        let pages = folder.count();
        assert!(pages <= 2, "{step}");
        let unknown = unconfirmed(&after).len();
        assert!(accepted.len() + pages + unknown >= 5, "{step}: {after:#}");
    }
}

#[test]
fn concurrent_runs_send_each_notice_once() {
    let session = agency_by_email(&["a", "b"]);
    let smtp = Smtp::start();
    let release = session.path().join("release");
    smtp.set_behavior(&address("a"), Behavior::WaitFor(release.clone()));
    let mut command = notify(&session, &smtp, &["--yes"]);
    let first = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let begun = Instant::now();
    while smtp.accepted().is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(60), "it does not begin");
        std::thread::sleep(Duration::from_millis(5));
    }
    // The first keeps waiting; a second one would be served immediately.
    smtp.reset_behavior();
    let mut command = notify(&session, &smtp, &["--yes"]);
    let mut second = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut waits = String::new();
    BufReader::new(second.stderr.as_mut().unwrap()).read_line(&mut waits).unwrap();
    assert!(waits.contains("another run") && waits.contains("waits up to 60 s"), "{waits}");
    // A dry run needs no lock, and a notice in progress is not due.
    let (looked, exit) = read(&notify(&session, &smtp, &["--dry-run"]).in_time());
    assert_eq!((outcomes(&looked), exit), (vec!["b -".to_owned()], 0));
    assert_eq!(unconfirmed(&looked), Vec::<String>::new());
    fs::write(release, "").unwrap();
    let (report, exit) = read(&first.in_time());
    assert_eq!((outcomes(&report).len(), exit), (2, 0), "{report:#}");
    let (report, exit) = read(&second.in_time());
    assert_eq!((outcomes(&report).len(), exit), (0, 0), "{report:#}");
    assert_eq!(smtp.accepted(), ["a", "b"].map(address));
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_finishes_started_notices() {
    let session = agency_by_email(&["a", "b", "c"]);
    let smtp = Smtp::start();
    let release = session.path().join("release");
    smtp.set_behavior(&address("a"), Behavior::WaitFor(release.clone()));
    let mut command = notify(&session, &smtp, &["--yes"]);
    let mut run = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let begun = Instant::now();
    while smtp.accepted().is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(60), "it does not begin");
        std::thread::sleep(Duration::from_millis(5));
    }
    crate::dev_portal::interrupts::interrupt(&mut run, "-INT");
    fs::write(release, "").unwrap();
    let (report, exit) = read(&run.in_time());
    assert_eq!(
        (outcomes(&report), exit),
        (vec!["a sent".to_owned(), "b -".into(), "c -".into()], 3),
        "{report:#}"
    );
    let (report, _) = notify_json(&session, &smtp, &[]);
    assert_eq!(outcomes(&report), ["b sent", "c sent"]);
}
