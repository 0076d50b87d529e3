//! Bulk requests, by a real process on the development portal: fewer requests, the same result.

use std::fs;

use serde_json::Value;

use crate::outputs::{agency, numbered, request};
use crate::portal::{Counter, Portal};
use crate::session::{InTime as _, Session, status, stdout};

const CHANGES: usize = 250;

/// An agency with changes to be made, some of them terminations, on a portal with these options.
fn session(options: &[&str]) -> (Session, Portal) {
    let names = numbered(CHANGES);
    let (gone, wanted) = names.split_at(2);
    let rows: Vec<(&str, &str)> = names
        .iter()
        .map(|name| (name.as_str(), if gone.contains(name) { "enabled" } else { "disabled" }))
        .collect();
    let requests =
        [("R-1", request("R-1", "enable", wanted)), ("R-2", request("R-2", "terminate", gone))];
    let session = agency(&requests, &rows);
    let policy = fs::read_to_string(session.path().join("requests/agency.yaml")).unwrap();
    session.write("requests/agency.yaml", policy.replace("embedded", "scim"));
    session.git(&["commit", "-q", "-a", "-m", "scim"]);
    let portal = Portal::start(&session, options);
    (session, portal)
}

/// Applies through a counting proxy; returns the number of requests and every outcome.
fn apply(options: &[&str]) -> (usize, Vec<String>) {
    let (session, portal) = session(options);
    let counter = Counter::before(&portal);
    let mut command = portal.arkib(&session, &["reconcile", "--yes", "--format", "json"]);
    let output = command.env("ARKIB_PORTAL_URL", &counter.url).in_time();
    assert_eq!(status(&output), 0, "{}", stdout(&output));
    let report: Value = crate::session::json(&output);
    let outcomes: Vec<String> = report["outcomes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|outcome| {
            format!("{} {} {}", outcome["mailbox"], outcome["outcome"], outcome["detail"])
        })
        .collect();
    let mut audit = portal.audit();
    audit.sort();
    audit.dedup();
    assert_eq!(audit.len(), CHANGES);
    (counter.requests(), outcomes)
}

#[test]
fn bulk_requests_carry_a_hundred_changes() {
    let (bulk, outcomes) = apply(&[]);
    let (alone, same) = apply(&["--no-bulk"]);
    assert!(alone > CHANGES, "{alone} requests");
    // Three pages of a hundred, a read of each termination, discovery and the list.
    assert!(bulk < 30, "{bulk} requests");
    assert_eq!(outcomes, same);
    assert!(outcomes.iter().all(|outcome| outcome.contains("applied")), "{outcomes:?}");
}
