//! A portal that people operate: an export is read, a file to upload is written, and the next
//! export shows the result.

mod duplicates;
mod export_order;
mod recalled;

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::outputs::{request, valid};
use crate::session::{Session, status, stderr, stdout};

const POLICY: &str = "version: 1\nagency: CONTOH\nname: Jabatan Contoh\ndomains: [agensi.example]\napprovers: [pentadbir@agensi.example]\nportal: files\nlimits: { terminations: 5, terminations_percent: 100, changes: 9000 }\n";

/// An agency whose portal people operate, in git.
fn agency(requests: &[(&str, String)]) -> Session {
    let session = Session::new();
    session.write("requests/agency.yaml", POLICY);
    session.git(&["init", "-q", "-b", "main"]);
    session.git(&["add", "requests"]);
    for (id, text) in requests {
        file(&session, id, text);
    }
    session.git(&["commit", "-q", "-m", "Requests", "--allow-empty"]);
    session
}

/// Files a request.
fn file(session: &Session, id: &str, text: &str) {
    let name = format!("requests/{id}.yaml");
    session.write(&name, text);
    session.git(&["add", &name]);
    session.git(&["commit", "-q", "-m", id, "--allow-empty"]);
}

/// Writes the current export of the portal.
fn export(session: &Session, name: &str, rows: &[(&str, &str, &str)]) {
    let rows: String = rows
        .iter()
        .map(|(mailbox, archive, account)| {
            format!("{mailbox}@agensi.example;{archive};{account}\n")
        })
        .collect();
    session.write(name, format!("Alamat E-mel;Arkib;Status\n{rows}"));
}

fn named(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

fn enable(id: &str, names: &[&str]) -> (&'static str, String) {
    let id: &'static str = Box::leak(id.to_owned().into_boxed_str());
    (id, request(id, "enable", &named(names)))
}

const APPLY: [&str; 4] = ["reconcile", "--yes", "--format", "json"];

fn reconcile(session: &Session, export: &str, more: &[&str], expected: i32) -> Value {
    let arguments = [&APPLY[..], &["--portal-export", export], more].concat();
    valid(session, "reconcile", &arguments, expected)
}

fn outcomes(output: &Value) -> Vec<(&str, &str)> {
    let each = output["outcomes"].as_array().into_iter().flatten();
    each.map(|outcome| {
        let text = |key: &str| outcome[key].as_str().unwrap_or_default();
        (text("mailbox"), text("outcome"))
    })
    .collect()
}

/// The folders that were handed over, oldest first.
fn handed_over(session: &Session) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(session.path().join(".arkib/hand-over")) else {
        return Vec::new();
    };
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    folders.retain(|folder| folder.is_dir());
    folders.sort();
    folders
}

fn name(folder: &std::path::Path) -> String {
    folder.file_name().unwrap().to_string_lossy().into_owned()
}

/// The page for the person who uploads.
fn checklist(folder: &std::path::Path) -> String {
    fs::read_to_string(folder.join(format!("{}.html", name(folder)))).unwrap()
}

fn withdrawal(id: &str, withdraws: &str, day: &str) -> String {
    format!(
        "version: 1\nid: {id}\naction: withdraw\nwithdraws: {withdraws}\nreceived:\n  date: 2026-01-02\n  channel: memo\n  reference: R\napprovals:\n  - by: pentadbir@agensi.example\n    date: {day}\n"
    )
}

/// The file of changes in a folder that was handed over.
fn bulk(folder: &std::path::Path) -> String {
    let files = fs::read_dir(folder).unwrap();
    let mut files = files.map(|entry| entry.unwrap().path());
    let csv = files.find(|file| file.extension().is_some_and(|extension| extension == "csv"));
    fs::read_to_string(csv.expect("a CSV file")).unwrap()
}

#[test]
fn changes_complete_from_one_export_to_the_next() {
    let session = agency(&[enable("R-1", &["siti", "tan"])]);
    export(&session, "1.csv", &[("siti", "Tidak", "Aktif"), ("tan", "Tidak", "Aktif")]);

    let look = session.run(&["reconcile", "--dry-run", "--portal-export", "1.csv"]);
    assert_eq!(status(&look), 0, "{}", stderr(&look));
    assert!(stdout(&look).contains("export 1.csv of "), "{}", stdout(&look));
    assert!(stdout(&look).contains("2 to enable"), "{}", stdout(&look));
    assert!(handed_over(&session).is_empty());

    let output = reconcile(&session, "1.csv", &[], 0);
    assert_eq!(
        outcomes(&output),
        [("siti@agensi.example", "handed-over"), ("tan@agensi.example", "handed-over")]
    );
    assert_eq!(output["export"]["name"], "1.csv");
    let folders = handed_over(&session);
    assert_eq!(folders.len(), 1, "{folders:?}");
    let text = bulk(&folders[0]);
    assert_eq!(text.lines().count(), 3, "{text}");
    assert!(text.contains("siti@agensi.example") && text.contains("R-1"), "{text}");

    // Before anyone did anything: not handed over twice, and that is reported.
    let output = reconcile(&session, "1.csv", &[], 0);
    assert_eq!(output["outcomes"], Value::Null);
    assert_eq!(output["plan"]["summary"]["in_progress"], 2);
    assert!(output["plan"]["in_progress"][0]["handed_over"].is_string());
    assert_eq!(handed_over(&session).len(), 1);

    // One was done.
    export(&session, "2.csv", &[("siti", "Ya", "Aktif"), ("tan", "Tidak", "Aktif")]);
    let output = reconcile(&session, "2.csv", &[], 0);
    assert_eq!(output["plan"]["summary"]["in_sync"], 1);
    assert_eq!(output["plan"]["summary"]["in_progress"], 1);
    assert!(
        output["settled"].as_str().is_some_and(|text| text.contains("1 seen done")),
        "{output}"
    );
    let about = session.run(&["status", "siti@agensi.example", "--portal-export", "2.csv"]);
    assert!(stdout(&about).contains("done"), "{}", stdout(&about));

    // And the other.
    export(&session, "3.csv", &[("siti", "Ya", "Aktif"), ("tan", "Ya", "Aktif")]);
    let output = reconcile(&session, "3.csv", &[], 0);
    assert_eq!(output["plan"]["summary"]["in_sync"], 2);
    let output = reconcile(&session, "3.csv", &[], 0);
    assert_eq!(output["settled"], Value::Null);
    assert_eq!(handed_over(&session).len(), 1);
    let verified = session.run(&["records", "verify"]);
    assert_eq!(status(&verified), 0, "{}{}", stdout(&verified), stderr(&verified));
}

#[test]
fn a_later_withdrawal_recalls_the_handed_over_file() {
    let session = agency(&[enable("R-1", &["siti", "tan"])]);
    let rows = [("siti", "Tidak", "Aktif"), ("tan", "Tidak", "Aktif")];
    export(&session, "1.csv", &rows);
    reconcile(&session, "1.csv", &[], 0);
    let first = name(&handed_over(&session)[0]);

    // Siti's is to be terminated. Nobody edits the file, so tan's part of it goes into a new one.
    file(
        &session,
        "R-2",
        &request("R-2", "terminate", &named(&["siti"])).replace("2026-01-03", "2026-01-04"),
    );
    let output = reconcile(&session, "1.csv", &[], 0);
    assert_eq!(outcomes(&output), [("tan@agensi.example", "handed-over")]);
    let plan = &output["plan"];
    assert_eq!(plan["recalled"][0]["mailbox"], "siti@agensi.example");
    assert_eq!(plan["recalled"][0]["request"], "R-1");
    assert_eq!(plan["recalled"][0]["done"], false);
    assert_eq!(plan["summary"]["in_sync"], 1);
    let folders = handed_over(&session);
    assert_eq!(folders.len(), 2);
    let page = checklist(&folders[1]);
    let void = page.find("class=\"void\"").expect("a word on void files");
    assert!(page[void..].contains(&first), "{page}");
    assert!(!page.contains("class=\"previous\""), "{page}");

    // Until someone says otherwise or an export shows it as done.
    let output = reconcile(&session, "1.csv", &[], 0);
    assert_eq!(output["plan"]["recalled"][0]["mailbox"], "siti@agensi.example");
    assert_eq!(handed_over(&session).len(), 2);

    // The old file was uploaded anyway: siti's archive exists, and R-2 terminates it.
    export(&session, "2.csv", &[("siti", "Ya", "Aktif"), ("tan", "Ya", "Aktif")]);
    let output = reconcile(&session, "2.csv", &[], 0);
    assert_eq!(outcomes(&output), [("siti@agensi.example", "handed-over")]);
    assert_eq!(output["plan"]["changes"][0]["action"], "terminate");
    export(&session, "3.csv", &[("siti", "Tidak", "Aktif"), ("tan", "Ya", "Aktif")]);
    let output = reconcile(&session, "3.csv", &[], 0);
    assert_eq!(output["plan"]["summary"]["in_sync"], 2);
    assert_eq!(output["plan"]["recalled"], Value::Null, "{output}");
}

#[test]
fn refuses_an_export_of_another_time_or_agency() {
    let session = agency(&[enable("R-1", &["siti"])]);
    export(&session, "old.csv", &[("siti", "Tidak", "Aktif")]);
    let file = fs::File::options().write(true).open(session.path().join("old.csv")).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(30 * 3600)).unwrap();
    let old = reconcile(&session, "old.csv", &[], 4);
    assert!(
        old["exit"]["reason"].as_str().is_some_and(|text| text.contains("30 hours old")),
        "{old}"
    );
    reconcile(&session, "old.csv", &["--max-export-age", "48h"], 0);

    session.write(
        "other.csv",
        "Alamat E-mel;Arkib;Status\na@lain.example;Ya;Aktif\nb@lain.example;Ya;Aktif\n",
    );
    let other = reconcile(&session, "other.csv", &[], 4);
    assert!(
        other["exit"]["reason"].as_str().is_some_and(|text| text.contains("lain.example")),
        "{other}"
    );
    assert_eq!(handed_over(&session).len(), 1);

    // Older than one that a run used.
    export(&session, "new.csv", &[("siti", "Ya", "Aktif")]);
    reconcile(&session, "new.csv", &[], 0);
    let back = reconcile(&session, "old.csv", &["--max-export-age", "48h"], 4);
    assert!(
        back["exit"]["reason"].as_str().is_some_and(|text| text.contains("a newer one, new.csv")),
        "{back}"
    );
}

#[test]
fn a_run_without_an_export_fails_with_help() {
    let session = agency(&[enable("R-1", &["siti"])]);
    let output = session.run(&["reconcile", "--dry-run"]);
    assert_eq!(status(&output), 1);
    assert!(stderr(&output).contains("--portal-export FILE"), "{}", stderr(&output));
    let output = session.run(&["reconcile", "--dry-run", "--portal-export", "none.csv"]);
    assert_eq!(status(&output), 1);
    assert!(stderr(&output).contains("none.csv cannot be read"), "{}", stderr(&output));
}

#[test]
fn impossible_changes_are_blocked() {
    let all = ["siti", "tan", "halim", "rosli", "twice", "odd"];
    let session = agency(&[enable("R-1", &all)]);
    session.write(
        "1.csv",
        "Alamat E-mel;Arkib;Status\nsiti@agensi.example;Tidak;Dinyahaktifkan\nTAN@agensi.example;Ya;Aktif\nhalim@agensi.example;Tidak;Requested to Delete\ntwice@agensi.example;Tidak;Aktif\ntwice@agensi.example;Ya;Aktif\nodd@agensi.example;Mungkin;Aktif\n",
    );
    let output = reconcile(&session, "1.csv", &[], 0);
    let blocked: Vec<_> = output["plan"]["blocked"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| (change["mailbox"].as_str().unwrap(), change["code"].as_str().unwrap()))
        .collect();
    assert_eq!(
        blocked,
        [
            ("halim@agensi.example", "account-not-active"),
            ("odd@agensi.example", "unknown-state"),
            ("rosli@agensi.example", "no-account"),
            ("siti@agensi.example", "account-not-active"),
            ("twice@agensi.example", "ambiguous"),
        ]
    );
    assert_eq!(output["plan"]["summary"]["in_sync"], 1);
    assert!(handed_over(&session).is_empty());
}

#[test]
fn output_never_overwrites_an_export() {
    let session = agency(&[enable("R-1", &["siti"])]);
    export(&session, "1.csv", &[("siti", "Tidak", "Aktif")]);
    let before = fs::read(session.path().join("1.csv")).unwrap();
    let output = session.run(&["reconcile", "--dry-run", "--report", "1.csv"]);
    assert_eq!(status(&output), 64);
    assert!(stderr(&output).contains("--portal-export"), "{}", stderr(&output));
    assert_eq!(fs::read(session.path().join("1.csv")).unwrap(), before);
}
