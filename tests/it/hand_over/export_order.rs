//! Exports are used in order: an older one would undo changes made after it.

use std::time::{Duration, SystemTime};

use jiff::ToSpan as _;

use super::{POLICY, agency, enable, reconcile};
use crate::session::{Session, status, stderr, stdout};

/// Writes an export that is so many hours old.
fn export(session: &Session, name: &str, hours: u64, rows: &[(&str, &str, &str)]) {
    super::export(session, name, rows);
    let file = std::fs::File::options().write(true).open(session.path().join(name)).unwrap();
    let taken = SystemTime::now() - Duration::from_secs(hours * 3600);
    file.set_modified(taken).unwrap();
}

/// Three exports, each used by a run that applies and is recorded.
fn three_exports() -> Session {
    let session = agency(&[enable("R-1", &["siti", "tan", "ali"])]);
    let notices = "notices: { since: 2026-01-01, from: arkib@agensi.example }\n";
    session.write("requests/agency.yaml", format!("{POLICY}{notices}"));
    session.git(&["commit", "-q", "-a", "-m", "Notices"]);
    let states = [["Tidak", "Tidak", "Tidak"], ["Ya", "Tidak", "Tidak"], ["Ya", "Ya", "Tidak"]];
    for (index, [siti, tan, ali]) in states.into_iter().enumerate() {
        let rows = [("siti", siti, "Aktif"), ("tan", tan, "Aktif"), ("ali", ali, "Aktif")];
        let name = format!("{}.csv", index + 1);
        export(&session, &name, 3 - index as u64, &rows);
        reconcile(&session, &name, &[], 0);
    }
    session
}

#[test]
fn refuses_an_older_export() {
    let session = three_exports();
    let commands: [(&[&str], i32); 9] = [
        (&["reconcile", "--dry-run"], 4),
        (&["reconcile", "--yes"], 4),
        (&["notify", "--dry-run"], 4),
        (&["notify", "--yes"], 4),
        (&["status"], 4),
        (&["status", "--all"], 4),
        (&["status", "siti@agensi.example"], 4),
        (&["register", "--format", "csv"], 4),
        (&["import", "--dry-run", "--reference", "R"], 4),
    ];
    let said = |arguments: &[&str], export: &str| {
        let output = session.run(&[arguments, &["--portal-export", export]].concat());
        let text = format!("{}{}", stdout(&output), stderr(&output));
        (status(&output), text)
    };
    let why = "Refused: the export 2.csv is of ";
    let newer = ", but an earlier run used a newer one, 3.csv of ";
    for (arguments, expected) in commands {
        let (exit, text) = said(arguments, "2.csv");
        assert_eq!(exit, expected, "{arguments:?}: {text}");
        assert!(text.contains(why) && text.contains(newer), "{arguments:?}: {text}");
        assert!(text.contains("download a new export from the portal"), "{arguments:?}: {text}");
        if !arguments.contains(&"--yes") {
            let (exit, text) = said(arguments, "3.csv");
            assert_eq!(exit, 0, "{arguments:?}: {text}");
        }
    }
}

#[test]
fn filing_a_request_ignores_an_older_export() {
    let session = three_exports();
    let arguments = [
        "request",
        "enable",
        "siti@agensi.example",
        "--channel",
        "memo",
        "--received",
        "2026-01-05",
        "--reference",
        "R",
        "--dry-run",
        "--portal",
        "--portal-export",
        "2.csv",
    ];
    let output = session.run(&arguments);
    let text = format!("{}{}", stdout(&output), stderr(&output));
    assert_eq!(status(&output), 0, "{text}");
    assert!(
        text.contains("mistakes in addresses are found only later: ")
            && text.contains("an earlier run used a newer one, 3.csv of "),
        "{text}"
    );
}

#[test]
fn broken_records_stop_changes_but_not_reports() {
    let session = three_exports();
    session.write("requests/records/20260101T000000000Z-aaaaaaaa-1.jsonl", "x\n");
    let run = |arguments: &[&str]| {
        let output = session.run(&[arguments, &["--portal-export", "3.csv"]].concat());
        (status(&output), format!("{}{}", stdout(&output), stderr(&output)))
    };
    let (exit, text) = run(&["reconcile", "--dry-run"]);
    assert_eq!(exit, 4, "{text}");
    assert!(text.contains("and only the records say what was handed over"), "{text}");
    for (shows, expected) in [(&["status"][..], 0), (&["register", "--format", "csv"], 1)] {
        let (exit, text) = run(shows);
        assert_eq!(exit, expected, "{shows:?}: {text}");
        assert!(text.contains("the records of earlier runs have 1 problem"), "{text}");
    }
    // It is unknown what was sent, so a person must accept the notices.
    let (exit, text) = run(&["notify", "--dry-run"]);
    assert_eq!(exit, 4, "{text}");
    assert!(text.contains("--accept "), "{text}");
}

#[test]
fn of_a_folder_the_newest_export_counts() {
    let session = agency(&[enable("R-1", &["siti"])]);
    let today = arkib::load::today();
    let days: Vec<String> = (0..3).map(|ago| (today - ago.days()).to_string()).collect();
    let name = |day: &str| format!("export/laporan-{day}.csv");
    let run = || {
        let output = session.run(&["reconcile", "--dry-run", "--portal-export", "export"]);
        (status(&output), stdout(&output) + &stderr(&output))
    };
    session.write("export/README.md", "Laporan portal");
    let (exit, text) = run();
    assert!(exit == 1 && text.contains("the export export cannot be read: no .csv"), "{text}");
    for (day, state) in days.iter().zip(["Ya", "Tidak", "Tidak"]) {
        super::export(&session, &name(day), &[("siti", state, "Aktif")]);
    }
    let (exit, text) = run();
    assert_eq!(exit, 0, "{text}");
    assert!(text.contains(&format!("export laporan-{}.csv of", days[0])), "{text}");
    assert!(text.contains("1 in sync"), "{text}");
    // Two of one day, and one without a day: which is the newest?
    super::export(&session, &format!("export/lagi-{}.csv", days[0]), &[("siti", "Ya", "Aktif")]);
    let (exit, text) = run();
    assert!(exit == 4 && text.contains("are of the same time"), "{text}");
    super::export(&session, "export/laporan.csv", &[("siti", "Ya", "Aktif")]);
    let (exit, text) = run();
    assert!(exit == 4 && text.contains("does not say its day"), "{text}");
}
