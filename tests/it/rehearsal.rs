//! Whole runs against `arkib portal` as a process of its own, over HTTP: slow, failing, limited,
//! interrupted, killed, two at once. The portal's own audit trail is the judge.

use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::portal::Portal;
use crate::session::{Session, status, stderr, stdout};

const POLICY: &str = "version: 1\nagency: CONTOH\nname: Jabatan Contoh\ndomains: [agensi.example]\napprovers: [pentadbir@agensi.example]\nportal: scim\nlimits: { terminations: 1000, terminations_percent: 100, changes: 1000 }\n";
const APPLY: &[&str] = &[
    "reconcile",
    "--yes",
    "--allow-uncommitted",
    "--format",
    "json",
];

/// An agency with so many mailboxes to enable, all in one request.
fn agency(count: usize) -> Session {
    let session = Session::new();
    session.write("requests/agency.yaml", POLICY);
    let address = |number: usize| format!("m{number:03}@agensi.example");
    let list: String = (0..count)
        .map(|number| format!("  - {}\n", address(number)))
        .collect();
    session.write(
        "requests/R-1.yaml",
        format!("version: 1\nid: R-1\naction: enable\nmailboxes:\n{list}received:\n  date: 2026-01-02\n  channel: memo\n  reference: R 1\napproval:\n  by: pentadbir@agensi.example\n  date: 2026-01-03\n"),
    );
    // One more than asked for, enabled by nobody's request: it must never change.
    let rows: String = (0..count)
        .map(|number| format!("{},disabled\n", address(number)))
        .collect();
    session.write(
        "portal.csv",
        format!("mailbox,state\n{rows}orang.lain@agensi.example,enabled\n"),
    );
    session
}

fn json(output: &Output) -> Value {
    serde_json::from_str(&stdout(output))
        .unwrap_or_else(|error| panic!("{error}: {}{}", stdout(output), stderr(output)))
}

fn count(report: &Value, word: &str) -> usize {
    let outcomes = report["outcomes"].as_array().unwrap();
    outcomes
        .iter()
        .filter(|outcome| outcome["outcome"] == word)
        .count()
}

/// The re-plan is empty, and the portal saw each change exactly once and nothing else.
fn converged(session: &Session, portal: &Portal, count: usize) {
    let again = portal.run(session, &["reconcile", "--dry-run", "--detailed-exitcode"]);
    assert_eq!(status(&again), 0, "{}{}", stdout(&again), stderr(&again));
    let mut audit = portal.audit();
    audit.sort();
    let expected: Vec<String> = (0..count)
        .map(|number| format!("m{number:03}@agensi.example disabled enabled R-1"))
        .collect();
    assert_eq!(audit, expected);
}

#[test]
fn a_plain_portal_converges() {
    let session = agency(40);
    let portal = Portal::start(&session, &[]);
    let output = portal.run(&session, APPLY);
    assert_eq!(status(&output), 0, "{}", stdout(&output));
    assert_eq!(count(&json(&output), "applied"), 40);
    converged(&session, &portal, 40);
}

#[test]
fn a_portal_that_limits_requests_is_waited_for() {
    let session = agency(60);
    let portal = Portal::start(&session, &["--rate-limit", "30"]);
    let output = portal.run(&session, APPLY);
    assert_eq!(status(&output), 0, "{}", stdout(&output));
    converged(&session, &portal, 60);
}

#[test]
fn a_failing_portal_converges_after_some_runs() {
    let session = agency(30);
    let portal = Portal::start(&session, &["--fault-rate", "0.2", "--fault-seed", "7"]);
    for _ in 0..10 {
        let output = portal.run(&session, APPLY);
        let report = json(&output);
        assert_eq!(report["exit"]["status"], status(&output));
        if status(&output) == 0 {
            break;
        }
    }
    drop(portal);
    let portal = Portal::start(&session, &[]);
    converged(&session, &portal, 30);
}

#[test]
fn wait_follows_provisioning_to_its_end() {
    let session = agency(3);
    let portal = Portal::start(&session, &["--provisioning-delay", "2"]);
    let without = portal.run(&session, APPLY);
    assert_eq!(status(&without), 0);
    assert_eq!(
        json(&without)["outcomes"][0]["detail"],
        "accepted; the portal is still working on it"
    );
    let seen = json(&portal.run(&session, &["reconcile", "--dry-run", "--format", "json"]));
    assert_eq!(seen["plan"]["summary"]["in_progress"], 3);
    let waited = portal.run(
        &session,
        &[APPLY, &["--wait", "--wait-timeout", "60"]].concat(),
    );
    assert_eq!(status(&waited), 0, "{}", stdout(&waited));
    let seen = json(&portal.run(&session, &["reconcile", "--dry-run", "--format", "json"]));
    assert_eq!(seen["plan"]["summary"]["in_sync"], 3);
}

#[test]
fn waiting_too_short_is_unknown_and_not_success() {
    let session = agency(2);
    let portal = Portal::start(&session, &["--provisioning-delay", "60"]);
    let waited = portal.run(
        &session,
        &[APPLY, &["--wait", "--wait-timeout", "1"]].concat(),
    );
    assert_eq!(status(&waited), 3, "{}", stdout(&waited));
    assert_eq!(count(&json(&waited), "unknown"), 2);
}

#[test]
fn two_runs_at_once_make_each_change_once() {
    let session = agency(80);
    let portal = Portal::start(&session, &["--latency", "5"]);
    let runs: Vec<Child> = (0..2)
        .map(|_| {
            portal
                .arkib(&session, APPLY)
                .stdout(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    let outputs: Vec<Output> = runs
        .into_iter()
        .map(|run| run.wait_with_output().unwrap())
        .collect();
    let mut applied = 0;
    for output in &outputs {
        assert_eq!(status(output), 0, "{}", stdout(output));
        // The slower one may have found nothing left to plan.
        applied += match &json(output)["outcomes"] {
            Value::Null => 0,
            _ => count(&json(output), "applied"),
        };
    }
    assert_eq!(applied, 80);
    converged(&session, &portal, 80);
}

#[cfg(unix)]
pub fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill")
        .args([name, &child.id().to_string()])
        .status()
        .unwrap();
    assert!(sent.success());
}

/// Waits until the portal has seen some changes of a run under way.
#[cfg(unix)]
fn until_changes(portal: &Portal, count: usize) {
    let begun = Instant::now();
    while portal.audit().len() < count {
        assert!(begun.elapsed() < Duration::from_secs(60), "nothing changes");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_ends_what_is_under_way_and_says_so() {
    // One by one, and a hundred at a time.
    for (name, options) in [("-INT", &["--no-bulk"][..]), ("-TERM", &[])] {
        let session = agency(400);
        let portal = Portal::start(&session, &[&["--latency", "100"], options].concat());
        let arguments = [APPLY, &["--concurrency", "1"]].concat();
        let run = portal
            .arkib(&session, &arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        until_changes(&portal, 2);
        signal(&run, name);
        let output = run.wait_with_output().unwrap();
        assert_eq!(status(&output), 3, "{}", stdout(&output));
        let report = json(&output);
        let applied = count(&report, "applied");
        assert!(applied >= 2 && count(&report, "skipped") > 0);
        assert_eq!(
            portal.audit().len(),
            applied,
            "the report and the portal differ"
        );
        assert!(stderr(&output).contains("Interrupted"));
        let output = portal.run(&session, APPLY);
        assert_eq!(status(&output), 0);
        converged(&session, &portal, 400);
    }
}

#[cfg(unix)]
#[test]
fn a_killed_run_is_made_good_by_the_next() {
    let session = agency(100);
    let portal = Portal::start(&session, &["--latency", "20", "--no-bulk"]);
    for killed_after in [1, 20, 50] {
        let mut run = portal
            .arkib(&session, APPLY)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        until_changes(&portal, killed_after);
        signal(&run, "-KILL");
        run.wait().unwrap();
    }
    assert_eq!(status(&portal.run(&session, APPLY)), 0);
    converged(&session, &portal, 100);
}

#[test]
fn a_wrong_token_changes_nothing_and_is_never_shown() {
    let session = agency(2);
    let portal = Portal::start(&session, &[]);
    let secret = "rahsia-yang-salah";
    for arguments in [APPLY, &["reconcile", "--dry-run"], &["status"]] {
        let output = portal
            .arkib(&session, arguments)
            .env_remove("ARKIB_PORTAL_TOKEN_FILE")
            .env("ARKIB_PORTAL_TOKEN", secret)
            .env("ARKIB_LOG", "trace")
            .output()
            .unwrap();
        assert_eq!(status(&output), 1);
        let said = format!("{}{}", stdout(&output), stderr(&output));
        assert!(said.contains("token"), "{said}");
        assert!(!said.contains(secret), "the token was shown");
    }
    assert_eq!(portal.audit(), [""; 0]);
}

#[test]
fn logs_hold_no_address_by_default() {
    let session = agency(2);
    let portal = Portal::start(&session, &[]);
    let output = portal
        .arkib(&session, APPLY)
        .env("ARKIB_LOG", "trace")
        .output()
        .unwrap();
    assert_eq!(status(&output), 0);
    let said = stderr(&output);
    assert!(
        !said.contains("m000@agensi.example") && !said.contains(&portal.token),
        "{said}"
    );
}

#[test]
fn the_token_leaves_over_https_or_loopback_alone() {
    let session = agency(1);
    for (url, expected) in [
        (Some("http://portal.agensi.example/scim/v2"), "https"),
        (Some("http://10.0.0.1/scim/v2"), "https"),
        (Some("ftp://portal.agensi.example/"), "https"),
        (Some("not a url"), "ARKIB_PORTAL_URL"),
        (None, "ARKIB_PORTAL_URL"),
    ] {
        let mut command = session.arkib(APPLY);
        command.env("ARKIB_PORTAL_TOKEN", "rahsia");
        if let Some(url) = url {
            command.env("ARKIB_PORTAL_URL", url);
        }
        let output = command.output().unwrap();
        assert_eq!(status(&output), 1);
        let report = json(&output);
        let said = format!("{}{}", report["exit"], stderr(&output));
        assert!(
            said.to_lowercase().contains(&expected.to_lowercase()),
            "{url:?}: {said}"
        );
        assert!(!said.contains("rahsia"));
        assert!(
            !session.path().join(".arkib").exists(),
            "it fell back to the embedded portal"
        );
    }
}

#[test]
fn no_network_is_said_plainly() {
    let session = agency(1);
    // A port of this machine on which nobody listens.
    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let output = session
        .arkib(&["reconcile", "--dry-run"])
        .env("ARKIB_PORTAL_URL", format!("http://{free}/scim/v2"))
        .env("ARKIB_PORTAL_TOKEN", "rahsia")
        .output()
        .unwrap();
    assert_eq!(status(&output), 1);
    let said = format!("{}{}", stdout(&output), stderr(&output));
    assert!(
        said.contains("help:") && said.contains("127.0.0.1"),
        "{said}"
    );
}

#[test]
fn accepting_lets_exactly_the_reviewed_plan_through() {
    let session = agency(12);
    session.write(
        "requests/agency.yaml",
        POLICY.replace("changes: 1000", "changes: 5"),
    );
    let portal = Portal::start(&session, &[]);
    let refused = portal.run(&session, APPLY);
    assert_eq!(status(&refused), 4);
    let report = json(&refused);
    assert_eq!(report["plan"]["refusals"][0]["limit"], "changes");
    assert_eq!(portal.audit(), [""; 0]);
    let digest = report["plan"]["digest"].as_str().unwrap().to_owned();

    // Another plan, since one more request came: the acceptance does not fit it.
    let one = std::fs::read_to_string(session.path().join("requests/R-1.yaml")).unwrap();
    let other = one
        .replace("R-1", "R-2")
        .replace("action: enable", "action: terminate");
    let other = other.replace("date: 2026-01-03", "date: 2026-01-04");
    session.write("requests/R-2.yaml", other);
    let stale = portal.run(&session, &[APPLY, &["--accept", &digest]].concat());
    assert_eq!(status(&stale), 4, "{}", stdout(&stale));
    assert_eq!(portal.audit(), [""; 0]);

    std::fs::remove_file(session.path().join("requests/R-2.yaml")).unwrap();
    let accepted = portal.run(&session, &[APPLY, &["--accept", &digest[..32]]].concat());
    assert_eq!(status(&accepted), 0, "{}", stdout(&accepted));
    converged(&session, &portal, 12);
}

#[test]
fn a_real_portal_is_changed_as_of_today_only() {
    let session = agency(2);
    let portal = Portal::start(&session, &[]);
    let output = portal.run(&session, &[APPLY, &["--as-of", "2099-01-01"]].concat());
    assert_eq!(status(&output), 4, "{}", stdout(&output));
    assert_eq!(portal.audit(), [""; 0]);
}

#[cfg(unix)]
#[test]
fn an_interruption_is_for_every_agency_of_the_run() {
    let session = agency(100);
    let first = std::fs::read_to_string(session.path().join("requests/R-1.yaml")).unwrap();
    session.write(
        "requests/b/agency.yaml",
        POLICY
            .replace("CONTOH", "LAIN")
            .replace("[agensi.example]", "[lain.example]"),
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
    let portal = Portal::start(&session, &["--latency", "100"]);
    let arguments = [APPLY, &["--concurrency", "2"]].concat();
    let run = portal
        .arkib(&session, &arguments)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    until_changes(&portal, 2);
    signal(&run, "-INT");
    let output = run.wait_with_output().unwrap();
    assert_eq!(status(&output), 3, "{}", stdout(&output));
    let report = json(&output);
    assert_eq!(report[1]["exit"]["status"], 3);
    assert_eq!(report[1]["outcomes"], Value::Null);
    let audit = portal.audit();
    assert!(
        audit
            .iter()
            .all(|change| change.contains("@agensi.example")),
        "{audit:?}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn nothing_is_changed_unseen() {
    let session = agency(2);
    let portal = Portal::start(&session, &[]);
    let full = || {
        std::fs::File::options()
            .write(true)
            .open("/dev/full")
            .unwrap()
    };
    let plain = ["reconcile", "--yes", "--allow-uncommitted"];
    let output = portal
        .arkib(&session, &plain)
        .stdout(full())
        .output()
        .unwrap();
    assert_eq!(status(&output), 1);
    assert!(
        stderr(&output).contains("cannot be written"),
        "{}",
        stderr(&output)
    );
    assert_eq!(portal.audit(), [""; 0]);
    for arguments in [&["check"][..], &["schema", "request"], &["--help"]] {
        let output = session.arkib(arguments).stdout(full()).output().unwrap();
        assert_eq!(status(&output), 1, "{arguments:?}");
    }
}
