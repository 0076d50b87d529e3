//! A real process killed with SIGKILL at every step of a run: before and after every request, and
//! at every line of its record. The next run comes to the same end, the one after has nothing to
//! do, every change was made once, and the records verify.

use std::fs;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rayon::prelude::*;

use crate::outputs::{agency, numbered, request};
use crate::portal::{Counter, Portal, Trap};
use crate::session::{Session, ended, status, stderr, stdout};

const CHANGES: usize = 20;
const APPLY: [&str; 4] = ["reconcile", "--yes", "--concurrency", "1"];

/// Portals on which each change is a request of its own, and all are one.
const ALONE: &[&str] = &["--no-bulk"];
const TOGETHER: &[&str] = &[];

fn session(options: &[&str]) -> (Session, Portal) {
    let names = numbered(CHANGES);
    let portal: Vec<(&str, &str)> = names
        .iter()
        .map(|name| (name.as_str(), "disabled"))
        .collect();
    let session = agency(&[("R-1", request("R-1", "enable", &names))], &portal);
    let policy = fs::read_to_string(session.path().join("requests/agency.yaml")).unwrap();
    session.write("requests/agency.yaml", policy.replace("embedded", "scim"));
    session.git(&["commit", "-q", "-a", "-m", "scim"]);
    let portal = Portal::start(&session, options);
    (session, portal)
}

fn begin(session: &Session, portal: &Portal, url: &str) -> Child {
    let mut command = portal.arkib(session, &APPLY);
    command.env("ARKIB_PORTAL_URL", url);
    command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// How many lines the records have.
fn lines(session: &Session) -> usize {
    let Ok(entries) = fs::read_dir(session.path().join("requests/records")) else {
        return 0;
    };
    let texts = entries
        .flatten()
        .filter_map(|entry| fs::read(entry.path()).ok());
    texts
        .map(|text| text.iter().filter(|byte| **byte == b'\n').count())
        .sum()
}

/// What must hold after a run was killed.
fn converges(session: &Session, portal: &Portal, how: &str) {
    let made = portal.audit().len();
    let output = portal.run(session, &APPLY);
    assert_eq!(
        status(&output),
        0,
        "{how}: {}{}",
        stdout(&output),
        stderr(&output)
    );
    let mut audit = portal.audit();
    assert_eq!(audit.len(), CHANGES, "{how}, after {made}: {audit:#?}");
    audit.sort();
    audit.dedup();
    assert_eq!(audit.len(), CHANGES, "{how}: a change was made twice");
    let output = portal.run(session, &["reconcile", "--dry-run", "--detailed-exitcode"]);
    assert_eq!(status(&output), 0, "{how}: {}", stdout(&output));
    let output = session.run(&["records", "verify"]);
    assert_eq!(status(&output), 0, "{how}: {}", stdout(&output));
    let listed = stdout(&session.run(&["records", "list"]));
    assert!(!listed.contains(" open;"), "{how}: {listed}");
}

#[test]
fn a_run_killed_at_any_request_is_made_good_by_the_next() {
    assert!(kill_at_each_request(ALONE) > CHANGES);
    assert!(kill_at_each_request(TOGETHER) < CHANGES);
}

/// Kills a run before and after each of its requests; gives how many it had.
fn kill_at_each_request(options: &[&str]) -> usize {
    let (session, portal) = session(options);
    let counter = Counter::before(&portal);
    assert!(ended(&mut begin(&session, &portal, &counter.url)).success());
    let requests = counter.requests();
    let steps: Vec<(usize, bool)> = (0..requests)
        .flat_map(|at| [(at, false), (at, true)])
        .collect();
    steps.par_iter().for_each(|(at, after)| {
        let (session, portal) = self::session(options);
        let program = Arc::new(Mutex::new(None));
        let trap = Trap {
            at: *at,
            after: *after,
            program: Arc::clone(&program),
        };
        let counter = Counter::with_trap(&portal, Some(trap));
        let mut held = program.lock().unwrap();
        *held = Some(begin(&session, &portal, &counter.url));
        drop(held);
        let begun = Instant::now();
        let ended = loop {
            if let Some(status) = program
                .lock()
                .unwrap()
                .as_mut()
                .unwrap()
                .try_wait()
                .unwrap()
            {
                break status;
            }
            assert!(
                begun.elapsed() < Duration::from_secs(60),
                "it was not killed"
            );
            std::thread::sleep(Duration::from_millis(2));
        };
        // Changes that travel together may need fewer requests than they did at first.
        let came = counter.requests() > *at;
        assert!(!ended.success() || !came, "request {at}: it was not killed");
        converges(
            &session,
            &portal,
            &format!("killed at request {at}, after: {after}, {options:?}"),
        );
    });
    requests
}

#[test]
fn a_run_killed_at_any_line_of_its_record_is_made_good_by_the_next() {
    // One line for the beginning, two for each change, one for the end.
    let steps: Vec<usize> = (1..2 * CHANGES + 2).collect();
    let torn: usize = steps
        .par_iter()
        .map(|at| {
            let options = if at % 4 == 0 { TOGETHER } else { ALONE };
            let (session, portal) = self::session(options);
            let mut program = begin(&session, &portal, &portal.url);
            let begun = Instant::now();
            while lines(&session) < *at && program.try_wait().unwrap().is_none() {
                assert!(begun.elapsed() < Duration::from_secs(60), "no line {at}");
                std::thread::sleep(Duration::from_micros(200));
            }
            let _ = program.kill();
            let _ = program.wait();
            // What the system had not written is cut off somewhere.
            if at % 3 == 0 {
                let folder = fs::read_dir(session.path().join("requests/records")).unwrap();
                let file = folder.flatten().next().unwrap().path();
                let text = fs::read(&file).unwrap();
                let last = text
                    .iter()
                    .rev()
                    .skip(1)
                    .position(|byte| *byte == b'\n')
                    .unwrap_or(0);
                // Only the end of the last line, and only where it ends a change: an announcement is
                // synced before anything is sent.
                if String::from_utf8_lossy(&text[text.len() - last - 1..]).contains("\"outcome\":{")
                {
                    fs::write(&file, &text[..text.len() - last / 2]).unwrap();
                }
            }
            converges(&session, &portal, &format!("killed at line {at}"));
            usize::from(at % 3 == 0)
        })
        .sum();
    assert!(torn > 5);
}
