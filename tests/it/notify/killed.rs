//! Nobody is told twice: runs that are killed, at once, or interrupted.

use std::fs;
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::{
    POLICY, agency, at, by_mail, give, notify, outcomes, read, reason, records, unconfirmed,
};
use crate::session::{InTime as _, Session, status};
use crate::smtp_server::{Act, Smtp};

#[test]
fn a_run_killed_while_the_server_has_the_text_is_unknown_and_nobody_is_told_twice() {
    for before in [false, true] {
        let session = by_mail(&["a", "b", "c"]);
        let smtp = Smtp::start();
        let program = Arc::new(Mutex::new(None));
        let act = if before {
            Act::KillAtRcpt
        } else {
            Act::KillAfterText
        };
        smtp.act(&at("b"), act(Arc::clone(&program)));
        let mut held = program.lock().unwrap();
        let mut command = notify(&session, &smtp, &["--yes"]);
        *held = Some(
            command
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap(),
        );
        drop(held);
        let begun = Instant::now();
        loop {
            let ended = program
                .lock()
                .unwrap()
                .as_mut()
                .unwrap()
                .try_wait()
                .unwrap();
            if let Some(ended) = ended {
                assert!(!ended.success(), "it was not killed");
                break;
            }
            assert!(
                begun.elapsed() < Duration::from_secs(60),
                "it was not killed"
            );
            std::thread::sleep(Duration::from_millis(5));
        }
        smtp.be_good();
        let (report, exit) = give(&session, &smtp, &[]);
        let (expected, open): (&[&str], &[&str]) = match before {
            true => (&["b sent", "c sent"], &[]),
            false => (&["c sent"], &["b unknown"]),
        };
        assert_eq!(
            (outcomes(&report), exit),
            (expected.iter().map(|it| (*it).to_owned()).collect(), 0)
        );
        assert_eq!(unconfirmed(&report), open);
        assert_eq!(smtp.taken(), ["a", "b", "c"].map(at));
        assert_eq!(status(&session.run(&["records", "verify"])), 0);
    }
}

#[test]
fn a_run_killed_at_any_line_of_its_record_gives_nothing_twice() {
    let requests: [(&str, &str, &[&str]); 2] = [
        ("R-1", "email", &["a", "b", "c"]),
        ("R-2", "letter", &["d", "e"]),
    ];
    let lines = |session: &Session| -> usize {
        let each = records(session)
            .into_iter()
            .filter_map(|file| fs::read(file).ok());
        each.map(|text| text.iter().filter(|byte| **byte == b'\n').count())
            .sum()
    };
    for step in 1..12 {
        let session = agency(POLICY, &requests);
        let smtp = Smtp::start();
        let mut command = notify(&session, &smtp, &["--yes"]);
        let mut program = command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let begun = Instant::now();
        while lines(&session) < step && program.try_wait().unwrap().is_none() {
            assert!(begun.elapsed() < Duration::from_secs(60), "no line {step}");
            std::thread::sleep(Duration::from_micros(200));
        }
        let _ = program.kill();
        let _ = program.wait();
        let (report, exit) = give(&session, &smtp, &[]);
        assert_eq!(exit, 0, "{step}: {report:#}");
        let (after, _) = give(&session, &smtp, &[]);
        assert_eq!(outcomes(&after).len(), 0, "{step}: {after:#}");
        // Everybody was told once, or is known not to be known.
        let mut told = smtp.taken();
        told.dedup();
        assert_eq!(told, smtp.taken(), "{step}");
        let folder = fs::read_dir(session.path().join("notices")).unwrap();
        let pages = folder.count();
        assert!(pages <= 2, "{step}");
        let unknown = unconfirmed(&after).len();
        assert!(told.len() + pages + unknown >= 5, "{step}: {after:#}");
    }
}

#[test]
fn two_runs_at_once_give_each_notice_once() {
    let session = by_mail(&["a", "b"]);
    let smtp = Smtp::start();
    let release = session.path().join("release");
    smtp.act(&at("a"), Act::WaitFor(release.clone()));
    let mut command = notify(&session, &smtp, &["--yes"]);
    let first = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while smtp.taken().is_empty() {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "it does not begin"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
    // The first goes on waiting; a second one would be served at once.
    smtp.be_good();
    let (report, exit) = give(&session, &smtp, &[]);
    assert_eq!(exit, 4, "{report:#}");
    assert!(reason(&report).contains("another run"), "{report:#}");
    // Who only looks disturbs nobody, and what is under way is not due.
    let (looked, exit) = read(&notify(&session, &smtp, &["--dry-run"]).in_time());
    assert_eq!((outcomes(&looked), exit), (vec!["b -".to_owned()], 0));
    assert_eq!(unconfirmed(&looked), Vec::<String>::new());
    fs::write(release, "").unwrap();
    let (report, exit) = read(&first.in_time());
    assert_eq!((outcomes(&report).len(), exit), (2, 0), "{report:#}");
    assert_eq!(smtp.taken(), ["a", "b"].map(at));
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_ends_what_is_under_way_and_leaves_the_rest() {
    let session = by_mail(&["a", "b", "c"]);
    let smtp = Smtp::start();
    let release = session.path().join("release");
    smtp.act(&at("a"), Act::WaitFor(release.clone()));
    let mut command = notify(&session, &smtp, &["--yes"]);
    let mut run = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while smtp.taken().is_empty() {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "it does not begin"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
    crate::rehearsal::interrupt(&mut run, "-INT");
    fs::write(release, "").unwrap();
    let (report, exit) = read(&run.in_time());
    assert_eq!(
        (outcomes(&report), exit),
        (vec!["a sent".to_owned(), "b -".into(), "c -".into()], 3),
        "{report:#}"
    );
    let (report, _) = give(&session, &smtp, &[]);
    assert_eq!(outcomes(&report), ["b sent", "c sent"]);
}
