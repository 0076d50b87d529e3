//! Runs that are asked to end: what was begun is finished and recorded, and nothing new begins.

use std::io::BufRead as _;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;

use super::{APPLY, POLICY, agency, assert_converged, count, json};
use crate::hold::Hold;
use crate::portal::Portal;
use crate::session::{InTime as _, status, stdout};

pub fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args([name, &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

/// Interrupts a run while the portal holds its writes, and releases them when the run has noticed.
fn interrupt_held_run(mut run: Child, name: &str, hold: &Hold) -> Output {
    interrupt(&mut run, name);
    hold.release();
    run.in_time()
}

/// Sends a signal to a program, and waits until it reports that it was interrupted.
pub fn interrupt(run: &mut Child, name: &str) {
    let stderr = run.stderr.take().unwrap();
    let (sender, lines) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for line in std::io::BufReader::new(stderr).lines() {
            let _ = sender.send(line.unwrap());
        }
    });
    signal(run, name);
    let limit = Duration::from_secs(60);
    while !lines.recv_timeout(limit).unwrap().contains("Interrupted") {}
}

#[test]
fn an_interrupted_run_finishes_started_changes() {
    // One by one, and a hundred at a time.
    for (name, options, changes) in [("-INT", &["--no-bulk"][..], 40), ("-TERM", &[], 400)] {
        let session = agency(changes);
        let portal = Portal::start(&session, options);
        let hold = Hold::after(&portal, 2);
        let arguments = [APPLY, &["--concurrency", "1"]].concat();
        let mut command = portal.arkib(&session, &arguments);
        command.env("ARKIB_PORTAL_URL", &hold.url);
        let run = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        hold.until_held();
        let output = interrupt_held_run(run, name, &hold);
        assert_eq!(status(&output), 3, "{}", stdout(&output));
        let report = json(&output);
        let applied = count(&report, "applied");
        assert!(applied >= 2 && count(&report, "skipped") > 0);
        assert_eq!(portal.audit().len(), applied, "the report and the portal differ");
        let output = portal.run(&session, APPLY);
        assert_eq!(status(&output), 0);
        assert_converged(&session, &portal, changes);
    }
}

#[test]
fn an_interrupt_stops_every_agency() {
    let session = agency(100);
    let first = std::fs::read_to_string(session.path().join("requests/R-1.yaml")).unwrap();
    session.write(
        "requests/b/agency.yaml",
        POLICY.replace("CONTOH", "LAIN").replace("[agensi.example]", "[lain.example]"),
    );
    session.write(
        "requests/b/R-1.yaml",
        first
            .replace("@agensi.example", "@lain.example")
            .replace("pentadbir@lain", "pentadbir@agensi"),
    );
    let roster = std::fs::read_to_string(session.path().join("portal.csv")).unwrap();
    let others: String = roster
        .lines()
        .skip(1)
        .map(|line| format!("{}\n", line.replace("agensi", "lain")))
        .collect();
    session.write("portal.csv", format!("{roster}{others}"));
    let portal = Portal::start(&session, &["--no-bulk"]);
    let hold = Hold::after(&portal, 2);
    let arguments = [APPLY, &["--concurrency", "2"]].concat();
    let mut command = portal.arkib(&session, &arguments);
    command.env("ARKIB_PORTAL_URL", &hold.url);
    let run = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    hold.until_held();
    let output = interrupt_held_run(run, "-INT", &hold);
    assert_eq!(status(&output), 3, "{}", stdout(&output));
    let report = json(&output);
    assert_eq!(report[1]["exit"]["status"], 3);
    assert_eq!(report[1]["outcomes"], Value::Null);
    let audit = portal.audit();
    assert!(audit.iter().all(|change| change.contains("@agensi.example")), "{audit:?}");
}
