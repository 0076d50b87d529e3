//! Changes are handed over once, even if the run fails or its records are lost.

use std::fs;

use super::{
    APPLY, agency, bulk, enable, export, file, handed_over, outcomes, reconcile, withdrawal,
};
use crate::session::{InTime as _, status, stdout};

#[test]
fn a_failed_hand_over_loses_nothing() {
    let session = agency(&[enable("R-1", &["siti", "tan"])]);
    let rows = [("siti", "Tidak", "Aktif"), ("tan", "Tidak", "Aktif")];
    export(&session, "1.csv", &rows);
    reconcile(&session, "1.csv", &[], 0);
    session.write("in-the-way", "");
    let again = ["--hand-over-again", "--hand-over", "in-the-way/x"];
    let output = reconcile(&session, "1.csv", &again, 1);
    assert_eq!(
        outcomes(&output),
        [("siti@agensi.example", "failed"), ("tan@agensi.example", "failed")]
    );
    let output = reconcile(&session, "1.csv", &[], 0);
    assert_eq!(output["plan"]["summary"]["in_progress"], 2, "{output}");
}

#[test]
fn lost_records_cause_no_second_hand_over() {
    let session = agency(&[enable("R-1", &["siti"])]);
    export(&session, "1.csv", &[("siti", "Tidak", "Aktif")]);
    reconcile(&session, "1.csv", &[], 0);
    let records = session.path().join("requests/records");
    let record = fs::read_dir(&records).unwrap().next().unwrap().unwrap();
    let text = fs::read_to_string(record.path()).unwrap();

    fs::write(record.path(), text.replace("\"enable\"", "\"enablf\"")).unwrap();
    let output = reconcile(&session, "1.csv", &[], 4);
    assert!(
        output["exit"]["reason"].to_string().contains("the records of earlier runs have 1 problem"),
        "{output}"
    );
    fs::remove_dir_all(&records).unwrap();
    let output = reconcile(&session, "1.csv", &[], 4);
    assert!(output["exit"]["reason"].to_string().contains("or the record is lost"), "{output}");
    assert_eq!(handed_over(&session).len(), 1);
}

#[test]
fn requests_withdrawn_after_the_hand_over_are_recalled() {
    let session = agency(&[enable("R-1", &["siti"])]);
    export(&session, "1.csv", &[("siti", "Tidak", "Aktif")]);
    reconcile(&session, "1.csv", &[], 0);
    file(&session, "R-3", &withdrawal("R-3", "R-1", "2026-01-05"));
    let output = session.run(&["reconcile", "--dry-run", "--portal-export", "1.csv"]);
    let text = stdout(&output);
    assert!(text.contains("! recalled") && text.contains("do not upload"), "{text}");
}

#[test]
fn handing_over_again_needs_a_person() {
    let session = agency(&[enable("R-1", &["siti", "tan"])]);
    let rows = [("siti", "Tidak", "Aktif"), ("tan", "Tidak", "Aktif")];
    export(&session, "1.csv", &rows);
    reconcile(&session, "1.csv", &[], 0);
    let again = ["--hand-over-again", "--only", "tan@agensi.example"];
    let output = reconcile(&session, "1.csv", &again, 0);
    assert_eq!(outcomes(&output), [("tan@agensi.example", "handed-over")]);
    assert_eq!(handed_over(&session).len(), 2);
    assert_eq!(bulk(&handed_over(&session)[1]).lines().count(), 2);
    // Each is open once.
    let output = reconcile(&session, "1.csv", &[], 0);
    assert_eq!(output["plan"]["summary"]["in_progress"], 2);
    export(&session, "2.csv", &[("siti", "Ya", "Aktif"), ("tan", "Ya", "Aktif")]);
    let output = reconcile(&session, "2.csv", &[], 0);
    assert_eq!(output["settled"].as_str(), Some("Of what was handed over: 2 seen done."));
}

#[test]
fn committed_records_that_are_lost_cause_no_second_hand_over() {
    let session = agency(&[enable("R-1", &["siti"])]);
    export(&session, "1.csv", &[("siti", "Tidak", "Aktif")]);
    reconcile(&session, "1.csv", &[], 0);
    session.git(&["add", "requests"]);
    session.git(&["commit", "-q", "-m", "Record"]);
    // The officer took the folder.
    fs::remove_dir_all(&handed_over(&session)[0]).unwrap();
    let records = session.path().join("requests/records");
    let record = fs::read_dir(&records).unwrap().next().unwrap().unwrap().path();
    let text = fs::read_to_string(&record).unwrap();
    let header: String = text.split_inclusive('\n').take(1).collect();
    for lose in [
        &|| fs::remove_dir_all(&records).unwrap() as (),
        &|| fs::remove_file(&record).unwrap(),
        &|| fs::write(&record, &header).unwrap(),
    ] as [&dyn Fn(); 3]
    {
        lose();
        let output = reconcile(&session, "1.csv", &["--hand-over-again"], 4);
        assert!(
            output["exit"]["reason"].to_string().contains("lost or changed on disk"),
            "{output}"
        );
        session.git(&["restore", "requests"]);
    }
    // Its own lines, and the line ends of Windows, are no loss.
    fs::write(&record, text.replace('\n', "\r\n")).unwrap();
    let output = reconcile(&session, "1.csv", &[], 0);
    assert_eq!(output["plan"]["summary"]["in_progress"], 1, "{output}");
}

#[test]
fn runs_with_other_records_hand_over_once() {
    concurrent_runs(|number| vec!["--records".to_owned(), format!("records-{number}")]);
}

#[test]
fn concurrent_runs_hand_over_once() {
    concurrent_runs(|_| vec![]);
}

/// Four runs at once, with these options each.
fn concurrent_runs(options: impl Fn(usize) -> Vec<String>) {
    let session = agency(&[enable("R-1", &["siti", "tan"])]);
    export(&session, "1.csv", &[("siti", "Tidak", "Aktif"), ("tan", "Tidak", "Aktif")]);
    let arguments = [&APPLY[..], &["--portal-export", "1.csv"]].concat();
    let run = |number| {
        let mut run = session.arkib(&arguments);
        run.args(options(number)).stdout(std::process::Stdio::piped()).spawn().unwrap()
    };
    let runs: Vec<_> = (0..4).map(run).collect();
    for run in runs {
        let output = run.in_time();
        assert!(matches!(status(&output), 0 | 4), "{}", stdout(&output));
    }
    assert_eq!(handed_over(&session).len(), 1);
}
