//! The records of runs: written before anything is changed, and every manipulation is detected.

mod branch;
mod concurrent_runs;
mod tampered;
mod token;

use std::fs;
use std::path::PathBuf;

use arkib::domain::record::chain::read_run_record;
use arkib::finding::Severity;
use serde_json::Value;

use crate::outputs::{DAY, agency, numbered, request};
use crate::schemas::assert_matches;
use crate::session::{Session, status, stderr, stdout};

/// An agency after one run that enabled three archives.
fn after_a_run() -> Session {
    let session = agency(
        &[("R-1", request("R-1", "enable", &numbered(3)))],
        &[
            ("mailbox0000", "disabled"),
            ("mailbox0001", "disabled"),
            ("mailbox0002", "disabled"),
            ("other", "disabled"),
            ("another", "disabled"),
        ],
    );
    apply(&session);
    session
}

fn apply(session: &Session) -> String {
    let output = session.run(&[&["reconcile", "--yes"], &DAY[..]].concat());
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
    stdout(&output)
}

/// Files another request and runs again.
fn refile_request(session: &Session, id: &str, mailbox: &str) -> String {
    let text = request(id, "enable", &[mailbox.to_owned()]);
    session.write(&format!("requests/{id}.yaml"), text);
    session.git(&["add", "requests"]);
    session.git(&["commit", "-q", "-m", id]);
    apply(session)
}

fn files(session: &Session) -> Vec<PathBuf> {
    let folder = session.path().join("requests/records");
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// What `records verify` finds: severities and kinds.
fn found(session: &Session) -> Vec<String> {
    let output = session.run(&["records", "verify", "--format", "json"]);
    let report: Value = crate::session::json(&output);
    let findings = report["findings"].as_array().unwrap().iter();
    let found: Vec<String> = findings
        .map(|finding| {
            format!(
                "{} {}",
                finding["severity"].as_str().unwrap(),
                finding["kind"].as_str().unwrap()
            )
        })
        .collect();
    let has_errors = found.iter().any(|finding| finding.starts_with("error"));
    assert_eq!(status(&output), i32::from(has_errors), "{report:#}");
    found
}

fn edit(file: &PathBuf, change: impl Fn(Vec<String>) -> Vec<String>) {
    let text = fs::read_to_string(file).unwrap();
    let lines = change(text.lines().map(str::to_owned).collect());
    fs::write(file, lines.join("\n") + "\n").unwrap();
}

#[test]
fn a_run_is_recorded_completely() {
    let session = after_a_run();
    let text = fs::read_to_string(&files(&session)[0]).unwrap();
    let events: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["event"].clone())
        .collect();
    let kinds: Vec<String> = events
        .iter()
        .map(|event| event.as_object().unwrap().keys().next().unwrap().clone())
        .collect();
    assert_eq!(kinds.first().map(String::as_str), Some("begun"));
    assert_eq!(kinds.last().map(String::as_str), Some("ended"));
    let count = |kind: &str| kinds.iter().filter(|found| *found == kind).count();
    assert_eq!(count("intent"), 3);
    // What the portal accepted is unknown until it is read back.
    let words = events.iter().filter_map(|event| event["outcome"]["outcome"].as_str());
    let words: Vec<&str> = words.collect();
    assert_eq!(words.iter().filter(|word| **word == "applied").count(), 3, "{words:?}");
    assert_eq!(words.iter().filter(|word| **word == "unknown").count(), 3, "{words:?}");
    assert_eq!(events[0]["begun"]["commit"], session.git(&["rev-parse", "HEAD"]));
    assert_eq!(events[0]["begun"]["changes"], 3);
    // The intent of each change comes before its outcome.
    for number in 0..3 {
        let mailbox = format!("mailbox000{number}@agensi.example");
        let place = |kind: &str| events.iter().position(|event| event[kind]["mailbox"] == *mailbox);
        assert!(place("intent").unwrap() < place("outcome").unwrap());
    }
    assert_eq!(found(&session), Vec::<String>::new());
    // A run with nothing to do writes no record.
    apply(&session);
    assert_eq!(files(&session).len(), 1);
    let listed = stdout(&session.run(&["records", "list"]));
    assert!(listed.contains("3 announced, 3 done, 0 not done; 3 applied."), "{listed}");
    assert!(listed.contains("1 record, no problems"), "{listed}");
    // An auditor finds it by a mailbox or a request.
    let about = |subject, language| {
        let mut list = session.arkib(&["records", "list", subject, "--language", language]);
        stdout(&list.env("COLUMNS", "80").output().unwrap())
    };
    // Who was asked about stands first.
    for (subject, first) in [("mailbox0001@agensi.example", 1), ("r-1", 0)] {
        let mailboxes = format!("R-1\n  mailbox000{first}@agensi.example, mailbox");
        assert!(about(subject, "en").contains(&mailboxes));
        let malay = about(subject, "ms");
        assert!(malay.contains("3 dimulakan, 3 selesai, 0 tidak selesai; larian selesai"));
        assert!(malay.lines().all(|line| line.chars().count() <= 80), "{malay}");
    }
    let none = about("other@agensi.example", "ms");
    assert!(none.starts_with("Tiada larian dalam rekod tentang other@agensi.example."), "{none}");
    for line in text.lines() {
        assert_matches("record", &serde_json::from_str(line).unwrap());
    }
    let list: Value =
        serde_json::from_str(&stdout(&session.run(&["records", "list", "--format", "json"])))
            .unwrap();
    assert_matches("records", &list);
}

#[test]
fn each_kind_of_tampering_is_identified() {
    let session = after_a_run();
    refile_request(&session, "R-2", "other");
    let [first, second] = [files(&session)[0].clone(), files(&session)[1].clone()];
    let (good, next) = (fs::read(&first).unwrap(), fs::read(&second).unwrap());
    assert_eq!(found(&session), Vec::<String>::new());

    // Killed while it wrote: the last line is cut off.
    fs::write(&second, &next[..next.len() - 9]).unwrap();
    assert_eq!(found(&session), ["warning no-end", "warning line-torn"]);
    // Shortened at a line's end, emptied, not a record at all, very large.
    let whole = next.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    fs::write(&second, &next[..whole]).unwrap();
    assert_eq!(found(&session), ["warning no-end"]);
    fs::write(&second, "").unwrap();
    // Nothing was done, so it stops nothing.
    assert_eq!(found(&session), ["warning record-empty"]);
    fs::write(&second, "x\n".repeat(1_000_000)).unwrap();
    let kinds = found(&session);
    assert!((2..100).contains(&kinds.len()), "{} findings", kinds.len());
    fs::remove_file(&second).unwrap();
    fs::create_dir(&second).unwrap();
    assert_eq!(found(&session), ["error not-a-record"]);
    // This does not stop changes.
    refile_request(&session, "R-3", "another");
    fs::remove_dir(&second).unwrap();
    let late = files(&session).pop().unwrap();
    fs::remove_file(late).unwrap();
    fs::write(&second, &next).unwrap();

    // The first, middle and last byte of each line; `record_mutations` changes every byte.
    let ends = (0..good.len()).filter(|place| good[*place] == b'\n');
    let starts = std::iter::once(0).chain(ends.clone().map(|end| end + 1));
    let places = starts.zip(ends).flat_map(|(start, end)| [start, (start + end) / 2, end - 1]);
    for place in places {
        let mut bad = good.clone();
        bad[place] ^= 1;
        let read = read_run_record(&"1.jsonl".into(), &bad);
        let mut kinds = read.findings.iter().map(|finding| (finding.severity, finding.kind));
        let is_found = kinds.any(|kind| kind == (Severity::Error, "line-changed"));
        assert!(is_found, "byte {place}: {:?}", read.findings);
        fs::write(&first, &bad).unwrap();
    }
    // The program sees it, too: here the last of them.
    let kinds = found(&session);
    assert!(kinds.contains(&"error line-changed".to_owned()), "{kinds:?}");
    fs::write(&first, &good).unwrap();

    edit(&first, |mut lines| {
        lines.swap(2, 3);
        lines
    });
    let kinds = found(&session);
    assert!(
        kinds.iter().all(|kind| kind == "error lines-reordered") && !kinds.is_empty(),
        "{kinds:?}"
    );
    fs::write(&first, &good).unwrap();

    edit(&first, |mut lines| {
        lines.remove(2);
        lines
    });
    assert_eq!(found(&session), ["error line-missing"]);
    fs::write(&first, &good).unwrap();

    // The last line of a run, which the next run refers to; and the whole record.
    edit(&first, |mut lines| {
        lines.truncate(4);
        lines
    });
    assert_eq!(found(&session), ["error record-changed", "warning no-end", "error record-missing"]);
    fs::remove_file(&first).unwrap();
    assert_eq!(found(&session), ["error record-deleted", "error record-missing"]);
    fs::write(&first, &good).unwrap();

    // Lines of another run after the end, and a run that claims the same place.
    let last = String::from_utf8(next.clone()).unwrap().lines().last().unwrap().to_owned();
    edit(&first, |mut lines| {
        lines.push(last.clone());
        lines
    });
    let kinds = found(&session);
    assert!(kinds.contains(&"error line-after-end".to_owned()), "{kinds:?}");
    fs::write(&first, &good).unwrap();
    fs::copy(&second, second.with_file_name("20990101T000000000Z-x.jsonl")).unwrap();
    assert_eq!(found(&session), ["warning fork"]);
}

#[test]
fn no_change_without_a_record() {
    let session =
        agency(&[("R-1", request("R-1", "enable", &numbered(1)))], &[("mailbox0000", "disabled")]);
    let in_the_way = ["reconcile", "--yes", "--records", "portal.csv"];
    let output = session.run(&[&in_the_way[..], &DAY].concat());
    assert_eq!(status(&output), 4, "{}", stdout(&output));
    assert!(
        stderr(&output).contains("the records in portal.csv cannot be read"),
        "{}",
        stderr(&output)
    );
    let dry = [&["reconcile", "--dry-run", "--detailed-exitcode"], &DAY[..]].concat();
    assert_eq!(status(&session.run(&dry)), 2, "something was changed");
    // Elsewhere it can.
    let output = session.run(&[&["reconcile", "--yes", "--records", "kept"], &DAY[..]].concat());
    assert_eq!(status(&output), 0, "{}", stdout(&output));
    let output = session.run(&["records", "verify", "--records", "kept"]);
    assert!(stdout(&output).contains("1 record, no problems"), "{}", stdout(&output));
    let output = session.run(&["records", "verify", "--records", "nowhere"]);
    assert_eq!(status(&output), 1, "{}", stdout(&output));
    // A bare repository has no folder to write to.
    session.git(&["clone", "-q", "--bare", ".", "bare.git"]);
    let bare = [
        "--requests",
        "bare.git/requests",
        "--ref",
        "main",
        "--roster",
        "portal.csv",
        "--database",
        "other.db",
    ];
    let output = session.run(&[&["reconcile", "--yes"], &bare[..], &DAY].concat());
    assert_eq!(status(&output), 4, "{}", stdout(&output));
    assert!(stderr(&output).contains("use --records DIR"), "{}", stderr(&output));
    let output =
        session.run(&[&["reconcile", "--yes", "--records", "of-bare"], &bare[..], &DAY].concat());
    assert_eq!(status(&output), 0, "{}", stdout(&output));
}

#[test]
fn the_next_run_settles_a_killed_run() {
    let session = after_a_run();
    let file = files(&session)[0].clone();
    // As if it had been killed: two changes recorded and made, without an outcome; and one recorded
    // that was never sent.
    edit(&file, |lines| {
        let is_outcome = |line: &String| line.contains("\"outcome\":{");
        let first = lines.iter().position(is_outcome).unwrap();
        lines[..first].to_vec()
    });
    let text = fs::read_to_string(&file).unwrap();
    let announced = text.lines().filter(|line| line.contains("\"intent\":{\"mailbox\"")).count();
    assert!(announced >= 1);
    let listed = stdout(&session.run(&["records", "list"]));
    assert!(listed.contains(&format!("{announced} open; cut off")), "{listed}");
    // Also if there is nothing else to do.
    let said = apply(&session);
    let changes = if announced == 1 { "1 change" } else { &format!("{announced} changes") };
    let expected = format!("Earlier runs did not see the end of {changes}: {announced} seen done.");
    assert!(said.contains(&expected), "{said}");
    assert_eq!(files(&session).len(), 2);
    assert_eq!(found(&session), ["warning no-end"]);
    // Reported once.
    let said = apply(&session);
    assert!(!said.contains("earlier run"), "{said}");
    assert_eq!(files(&session).len(), 2);
}

#[test]
fn a_pull_request_brings_no_records() {
    let session = after_a_run();
    session.git(&["add", "requests"]);
    session.git(&["commit", "-q", "-m", "records"]);
    session.git(&["checkout", "-q", "-b", "pr"]);
    let file = files(&session)[0].clone();
    let kinds = |session: &Session| -> Vec<Value> {
        session.git(&["add", "requests"]);
        session.git(&["commit", "-q", "--allow-empty", "-m", "x"]);
        let output = session.run(&["check", "--base", "main", "--format", "json"]);
        let report: Value = crate::session::json(&output);
        let found = report["findings"].as_array().unwrap().iter();
        found.map(|finding| finding["kind"].clone()).collect()
    };
    // Another run's record is added, and this one grows.
    let other = file.with_file_name("20990101T000000000Z-x.jsonl");
    let good = fs::read(&file).unwrap();
    fs::write(&other, "x\n").unwrap();
    fs::write(&file, [&good[..], b"more\n"].concat()).unwrap();
    assert_eq!(kinds(&session), ["run-record-edited", "run-record-added"]);
    let planned = ["reconcile", "--dry-run", "--base", "main", "--format", "json"];
    let output = session.run(&[&planned[..], &DAY].concat());
    let report: Value = crate::session::json(&output);
    assert_eq!((status(&output), &report["plan"]), (1, &Value::Null), "{report:#}");
    fs::remove_file(other).unwrap();
    fs::write(&file, &good[..good.len() / 2]).unwrap();
    assert_eq!(kinds(&session), ["run-record-edited"]);
    fs::remove_file(&file).unwrap();
    assert_eq!(kinds(&session), ["run-record-deleted"]);
}

#[test]
fn the_record_holds_the_result_and_its_inputs() {
    let session = agency(
        &[("R-1", request("R-1", "enable", &["mailbox0000".to_owned(), "nobody".to_owned()]))],
        &[("mailbox0000", "disabled")],
    );
    session.write("requests/R-2.yaml", request("R-2", "enable", &["nobody2".to_owned()]));
    let strict = ["reconcile", "--yes", "--strict", "--allow-uncommitted"];
    let accept = ["--accept", &"0".repeat(32)];
    let output = session.run(&[&strict[..], &accept, &DAY].concat());
    assert_eq!(status(&output), 4, "{}", stdout(&output));
    let said = stderr(&output);
    let digest = said.split_once("which is ").unwrap().1.split_once('.').unwrap().0;
    let output = session.run(&[&strict[..], &["--accept", digest], &DAY].concat());
    assert_eq!(status(&output), 1, "{}", stdout(&output));
    let text = fs::read_to_string(&files(&session)[0]).unwrap();
    let line =
        |at: usize| -> Value { serde_json::from_str(text.lines().nth(at).unwrap()).unwrap() };
    let begun = &line(0)["event"]["begun"];
    assert_eq!(
        (&begun["commit"], &begun["portal"], &begun["accepted"]),
        (&Value::Null, &"embedded".into(), &true.into())
    );
    let last = line(text.lines().count() - 1);
    assert_eq!(last["event"]["ended"]["status"], 1);
}
