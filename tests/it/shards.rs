//! One run in eight shards, by eight concurrent processes on one portal.

use std::collections::BTreeSet;
use std::fs;
use std::process::{Output, Stdio};

use serde_json::Value;

use crate::hold::Hold;
use crate::outputs::{agency, numbered, request};
use crate::portal::Portal;
use crate::session::{InTime, Session, ended, status, stderr, stdout};

const MAILBOXES: usize = 120;
const SHARDS: usize = 8;
const LIMITS: &str = "limits: { terminations: 100, terminations_percent: 90, changes: 500 }\n";
/// Fewer changes than there are, and more than a shard has.
const TOO_FEW: &str = "limits: { terminations: 100, terminations_percent: 90, changes: 50 }\n";

/// An agency that enables most of its mailboxes and terminates some, under these limits.
fn session(limits: &str, options: &[&str]) -> (Session, Portal) {
    let names = numbered(MAILBOXES);
    let (gone, wanted) = names.split_at(20);
    let state = |name| {
        if gone.contains(name) { "enabled" } else { "disabled" }
    };
    let rows: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), state(name))).collect();
    let requests =
        [("R-1", request("R-1", "enable", wanted)), ("R-2", request("R-2", "terminate", gone))];
    let session = agency(&requests, &rows);
    let policy = fs::read_to_string(session.path().join("requests/agency.yaml")).unwrap();
    let kept = policy.lines().filter(|line| !line.starts_with("limits:"));
    let policy: String = kept.map(|line| format!("{line}\n")).collect();
    let policy = policy.replace("embedded", "scim");
    session.write("requests/agency.yaml", format!("{policy}{limits}"));
    session.git(&["commit", "-q", "-a", "-m", "scim"]);
    let portal = Portal::start(&session, options);
    (session, portal)
}

/// Runs eight shards concurrently, each in its folder.
fn run_eight_shards(portal: &Portal, sessions: &[&Session], more: &[&str]) -> Vec<Output> {
    let children: Vec<_> = (1..=SHARDS)
        .map(|index| {
            let shard = format!("{index}/{SHARDS}");
            let mut arguments = vec!["reconcile", "--yes", "--format", "json", "--shard", &shard];
            arguments.extend(more);
            let mut command = portal.arkib(sessions[(index - 1) % sessions.len()], &arguments);
            command.env("ARKIB_PORTAL_TOKEN_FILE", sessions[0].path().join("token"));
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    children.into_iter().map(InTime::in_time).collect()
}

fn json(output: &Output) -> Value {
    crate::session::json(output)
}

/// Every change is in the audit trail, once, and a plan of the whole is empty.
fn assert_all_done(session: &Session, portal: &Portal) {
    let audit = portal.audit();
    let once: BTreeSet<&String> = audit.iter().collect();
    assert_eq!((audit.len(), once.len()), (MAILBOXES, MAILBOXES));
    let of = |words: &str| audit.iter().filter(|line| line.ends_with(words)).count();
    assert_eq!(of("disabled enabled R-1"), 100);
    assert_eq!(of("enabled terminated R-2"), 20);
    let again = portal.run(session, &["reconcile", "--dry-run", "--detailed-exitcode"]);
    assert_eq!(status(&again), 0, "{}", stdout(&again));
}

fn assert_records_verify(session: &Session) {
    let verified = session.run(&["records", "verify"]);
    assert_eq!(status(&verified), 0, "{}", stdout(&verified));
    let said = stdout(&verified);
    assert!(!said.contains("follow the same one"), "{said}");
}

#[test]
fn eight_shards_in_one_folder_equal_one_run() {
    let (session, portal) = session(LIMITS, &[]);
    let kept = portal.run(&session, &["reconcile", "--dry-run", "--plan-out", "plan.json"]);
    assert_eq!(status(&kept), 0, "{}", stdout(&kept));
    let outputs = run_eight_shards(&portal, &[&session], &["--plan", "plan.json"]);
    let mut made = 0;
    for (at, output) in outputs.iter().enumerate() {
        assert_eq!(status(output), 0, "{}{}", stdout(output), stderr(output));
        let told = json(output);
        assert_eq!(told["shard"]["index"], at + 1);
        assert_eq!(told["shard"]["of_changes"], MAILBOXES);
        made += told["outcomes"].as_array().unwrap().len();
    }
    assert_eq!(made, MAILBOXES);
    assert_all_done(&session, &portal);
    assert_records_verify(&session);
    let list = stdout(&session.run(&["records", "list"]));
    for index in 1..=SHARDS {
        assert!(list.contains(&format!("shard {index}/8")), "{list}");
    }
}

#[test]
fn eight_shards_in_clones_give_joinable_records() {
    let (first, portal) = session(LIMITS, &[]);
    let clones: Vec<Session> = (1..SHARDS)
        .map(|_| {
            let clone = Session::new();
            let whole = clone.path().join("whole");
            first.git(&["clone", "-q", ".", whole.to_str().unwrap()]);
            fs::rename(whole.join(".git"), clone.path().join(".git")).unwrap();
            fs::rename(whole.join("requests"), clone.path().join("requests")).unwrap();
            clone
        })
        .collect();
    let mut all = vec![&first];
    all.extend(&clones);
    for output in run_eight_shards(&portal, &all, &[]) {
        assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
    }
    let records = first.path().join("requests/records");
    for clone in &clones {
        for file in fs::read_dir(clone.path().join("requests/records")).unwrap() {
            let file = file.unwrap();
            fs::copy(file.path(), records.join(file.file_name())).unwrap();
        }
    }
    assert_eq!(fs::read_dir(&records).unwrap().count(), SHARDS);
    assert_all_done(&first, &portal);
    assert_records_verify(&first);
    // The next run includes the last hashes of all eight.
    first.write(
        "requests/R-3.yaml",
        request("R-3", "enable", &numbered(1)).replace("2026-01-03", "2026-01-04"),
    );
    first.git(&["add", "requests"]);
    first.git(&["commit", "-q", "-m", "R-3"]);
    let shards: Vec<_> =
        fs::read_dir(&records).unwrap().map(|entry| entry.unwrap().path()).collect();
    let next = portal.run(&first, &["reconcile", "--yes"]);
    assert_eq!(status(&next), 0, "{}", stdout(&next));
    assert_records_verify(&first);
    for shard in shards {
        let bytes = fs::read(&shard).unwrap();
        fs::remove_file(&shard).unwrap();
        let missing = first.run(&["records", "verify"]);
        assert_eq!(status(&missing), 1, "{}", stdout(&missing));
        assert!(stdout(&missing).contains("is missing"), "{}", stdout(&missing));
        fs::write(&shard, bytes).unwrap();
    }
}

#[test]
fn every_shard_enforces_the_limits_of_the_whole() {
    let (session, portal) = session(TOO_FEW, &[]);
    for output in run_eight_shards(&portal, &[&session], &[]) {
        assert_eq!(status(&output), 4, "{}", stdout(&output));
    }
    let kept = portal.run(&session, &["reconcile", "--dry-run", "--plan-out", "plan.json"]);
    assert_eq!(status(&kept), 4, "{}", stdout(&kept));
    let mut digests = BTreeSet::new();
    for output in run_eight_shards(&portal, &[&session], &["--plan", "plan.json"]) {
        assert_eq!(status(&output), 4, "{}", stdout(&output));
        digests.insert(json(&output)["plan"]["digest"].as_str().unwrap().to_owned());
    }
    assert!(portal.audit().is_empty());
    let digest = digests.pop_first().unwrap();
    assert!(digests.is_empty(), "one plan, one digest");
    let plan = fs::read_to_string(session.path().join("plan.json")).unwrap();
    assert!(plan.contains(&digest));
    let accepted = ["--plan", "plan.json", "--accept", &digest];
    for output in run_eight_shards(&portal, &[&session], &accepted) {
        assert_eq!(status(&output), 0, "{}", stdout(&output));
    }
    assert_all_done(&session, &portal);
}

#[test]
fn a_killed_shard_can_run_again() {
    let (session, portal) = session(LIMITS, &["--no-bulk"]);
    let hold = Hold::after(&portal, 3);
    let mut command =
        portal.arkib(&session, &["reconcile", "--yes", "--shard", "2/2", "--concurrency", "1"]);
    command.env("ARKIB_PORTAL_URL", &hold.url);
    let command = command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut one = command.spawn().unwrap();
    hold.until_held();
    one.kill().unwrap();
    ended(&mut one);
    assert_eq!(portal.audit().len(), 3);
    for shard in ["1/2", "2/2"] {
        let again = portal.run(&session, &["reconcile", "--yes", "--shard", shard]);
        assert_eq!(status(&again), 0, "{}", stdout(&again));
    }
    assert_all_done(&session, &portal);
    assert_eq!(status(&session.run(&["records", "verify"])), 0);
}

#[test]
fn options_that_exclude_shards_are_reported() {
    let session = Session::new();
    let digest = "0".repeat(32);
    for (more, why) in [
        (vec!["--yes", "--accept", &digest], "only with --plan FILE"),
        (vec!["--dry-run", "--plan-out", "p"], "cannot be used with"),
        (vec!["--yes", "--only", "a@agensi.example"], "cannot be used with"),
    ] {
        let mut arguments = vec!["reconcile", "--shard", "1/2"];
        arguments.extend(more);
        let output = session.run(&arguments);
        assert_eq!(status(&output), 64, "{arguments:?}");
        assert!(stderr(&output).contains(why), "{}", stderr(&output));
    }
}
