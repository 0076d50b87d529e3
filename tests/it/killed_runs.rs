//! A real process killed with SIGKILL at every step of a run: before and after every request, and
//! at every line of its record. The next run reaches the same state, the one after has nothing to
//! do, every change was made once, and the records verify.

use std::fs;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rayon::prelude::*;

use crate::outputs::{agency, numbered, request};
use crate::portal::{Counter, KillAt, Portal};
use crate::session::{Session, ended, status, stderr, stdout};

const CHANGES: usize = 12;
const APPLY: [&str; 4] = ["reconcile", "--yes", "--concurrency", "1"];

/// Options for one request per change, and for bulk requests.
const WITHOUT_BULK: &[&str] = &["--no-bulk"];
const WITH_BULK: &[&str] = &[];

fn session(options: &[&str]) -> (Session, Portal) {
    let names = numbered(CHANGES);
    let portal: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "disabled")).collect();
    let session = agency(&[("R-1", request("R-1", "enable", &names))], &portal);
    let policy = fs::read_to_string(session.path().join("requests/agency.yaml")).unwrap();
    session.write("requests/agency.yaml", policy.replace("embedded", "scim"));
    session.git(&["commit", "-q", "-a", "-m", "scim"]);
    let portal = Portal::start(&session, options);
    (session, portal)
}

fn start_run(session: &Session, portal: &Portal, url: &str) -> Child {
    let mut command = portal.arkib(session, &APPLY);
    command.env("ARKIB_PORTAL_URL", url);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// The number of lines in the records.
fn lines(session: &Session) -> usize {
    let Ok(entries) = fs::read_dir(session.path().join("requests/records")) else {
        return 0;
    };
    let texts = entries.flatten().filter_map(|entry| fs::read(entry.path()).ok());
    texts.map(|text| text.iter().filter(|byte| **byte == b'\n').count()).sum()
}

/// Checks the state after a run was killed.
fn assert_converges(session: &Session, portal: &Portal, how: &str) {
    let made = portal.audit().len();
    let output = portal.run(session, &APPLY);
    assert_eq!(status(&output), 0, "{how}: {}{}", stdout(&output), stderr(&output));
    let mut audit = portal.audit();
    assert_eq!(audit.len(), CHANGES, "{how}, after {made}: {audit:#?}");
    audit.sort();
    audit.dedup();
    assert_eq!(audit.len(), CHANGES, "{how}: a change was made twice");
    // What the killed run announced and did not make was open until now, when it is seen done.
    let output = portal.run(session, &APPLY);
    let said = stdout(&output);
    assert!(status(&output) == 0 && said.contains("nothing to do"), "{how}: {said}");
    assert_eq!(portal.audit().len(), CHANGES, "{how}: a change was made twice");
    let output = session.run(&["records", "verify"]);
    assert_eq!(status(&output), 0, "{how}: {}", stdout(&output));
    let listed = stdout(&session.run(&["records", "list"]));
    assert!(!listed.contains(" open;"), "{how}: {listed}");
}

#[test]
fn the_next_run_completes_after_kill_at_any_request() {
    assert!(kill_at_each_request(WITHOUT_BULK) > CHANGES);
    assert!(kill_at_each_request(WITH_BULK) < CHANGES);
}

/// Kills a run before and after each of its requests; returns how many there were.
fn kill_at_each_request(options: &[&str]) -> usize {
    let (session, portal) = session(options);
    let counter = Counter::before(&portal);
    assert!(ended(&mut start_run(&session, &portal, &counter.url)).success());
    let requests = counter.requests();
    let steps: Vec<(usize, bool)> =
        (0..requests).flat_map(|at| [(at, false), (at, true)]).collect();
    steps.par_iter().for_each(|(at, after)| {
        let (session, portal) = self::session(options);
        let program = Arc::new(Mutex::new(None));
        let trap = KillAt { at: *at, after: *after, program: Arc::clone(&program) };
        let counter = Counter::with_kill_at(&portal, Some(trap));
        let mut held = program.lock().unwrap();
        *held = Some(start_run(&session, &portal, &counter.url));
        drop(held);
        let begun = Instant::now();
        let ended = loop {
            if let Some(status) = program.lock().unwrap().as_mut().unwrap().try_wait().unwrap() {
                break status;
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "it was not killed");
            std::thread::sleep(Duration::from_millis(2));
        };
        // A bulk request may need fewer requests than at first.
        let came = counter.requests() > *at;
        assert!(!ended.success() || !came, "request {at}: it was not killed");
        assert_converges(
            &session,
            &portal,
            &format!("killed at request {at}, after: {after}, {options:?}"),
        );
    });
    requests
}

#[test]
fn the_next_run_completes_after_kill_at_any_record_line() {
    // One line for the beginning, two for each change, one for the end.
    let steps: Vec<usize> = (1..2 * CHANGES + 2).collect();
    let torn: usize = steps
        .par_iter()
        .map(|at| {
            let options = if at % 4 == 0 { WITH_BULK } else { WITHOUT_BULK };
            let (session, portal) = self::session(options);
            let mut program = start_run(&session, &portal, &portal.url);
            let begun = Instant::now();
            while lines(&session) < *at && program.try_wait().unwrap().is_none() {
                assert!(begun.elapsed() < Duration::from_secs(60), "no line {at}");
                std::thread::sleep(Duration::from_micros(200));
            }
            let _ = program.kill();
            let _ = program.wait();
            // Data that the system had not yet written is cut off.
            if at % 3 == 0 {
                let folder = fs::read_dir(session.path().join("requests/records")).unwrap();
                let file = folder.flatten().next().unwrap().path();
                let text = fs::read(&file).unwrap();
                let last = text.iter().rev().skip(1).position(|byte| *byte == b'\n').unwrap_or(0);
                // Only the end of the last line, and only where it ends a change: an intent is
                // synced before anything is sent.
                if String::from_utf8_lossy(&text[text.len() - last - 1..]).contains("\"outcome\":{")
                {
                    fs::write(&file, &text[..text.len() - last / 2]).unwrap();
                }
            }
            assert_converges(&session, &portal, &format!("killed at line {at}"));
            usize::from(at % 3 == 0)
        })
        .sum();
    assert!(torn > 5);
}
