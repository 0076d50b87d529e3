//! Dry runs, and the output for programs.

use std::fs;

use super::{POLICY, agency, outcomes, read, reason, records, request};
use crate::outputs::{DAY, valid};
use crate::session::{InTime as _, status, stderr, stdout};

#[test]
fn a_dry_run_sends_and_writes_nothing() {
    let session = agency(POLICY, &[("R-1", "email", &["a"]), ("R-2", "letter", &["b"])]);
    let before = fs::read_dir(session.path()).unwrap().count();
    let arguments = [&["notify", "--dry-run", "--show"], &DAY[..]].concat();
    let output = session.run(&arguments);
    let shown = stdout(&output);
    assert_eq!(status(&output), 0, "{shown}{}", stderr(&output));
    for part in [
        "email   a@agensi.example  R-1  enabled  Arkib e-mel telah diaktifkan",
        "letter  b@agensi.example  R-2  enabled  Arkib e-mel telah diaktifkan",
        "│ Sukacita dimaklumkan bahawa arkib e-mel yang dipohon telah diaktifkan.",
        "│ Ruj. Tuan : R\n",
        "│ Ruj. Kami :\n",
        "Dry run: 2 notices are due. No notice was sent or printed.",
    ] {
        assert!(shown.contains(part), "no `{part}` in {shown}");
    }
    assert_eq!(fs::read_dir(session.path()).unwrap().count(), before);
    assert_eq!(records(&session).len(), 0);
    let narrowed =
        stdout(&session.run(&[&arguments[..], &["--only", "b@agensi.example"]].concat()));
    assert!(!narrowed.contains("R-1 ") && narrowed.contains("1 notice is due"), "{narrowed}");
    // Whoever is named and gets nothing is told so, and is told from a slip.
    let said = |address: &str| {
        let output = session.run(&[&arguments[..], &["--only", address]].concat());
        assert_eq!(status(&output), 0, "{}", stderr(&output));
        stderr(&output)
    };
    assert!(!said("a@agensi.example").contains("note:"), "{}", said("a@agensi.example"));
    assert!(said("c@agensi.example").contains("no request names c@agensi.example"));
    session.write("requests/R-3.yaml", request("R-3", "email", &["gone"]));
    let none = said("gone@agensi.example");
    assert!(none.contains("requests name gone@agensi.example, but no notice"), "{none}");
    fs::remove_file(session.path().join("requests/R-3.yaml")).unwrap();
    let markdown = stdout(&session.run(&[&arguments[..], &["--format", "markdown"]].concat()));
    assert!(markdown.starts_with("<!-- arkib notify -->"), "{markdown}");
}

#[test]
fn json_matches_its_schema_for_every_ending() {
    let session = agency(&format!("{POLICY}  limit: 1\n"), &[("R-1", "letter", &["a", "b"])]);
    let run = |more: &[&str], expected| {
        let arguments = [&["notify", "--format", "json"], &DAY[..], more].concat();
        valid(&session, "notify", &arguments, expected)
    };
    run(&[], 64);
    run(&["--dry-run", "--ref", "nowhere"], 1);
    let refused = run(&["--yes"], 4);
    assert!(reason(&refused).contains("2 notices are due, more than the policy's limit of 1"));
    let digest = refused["digest"].as_str().unwrap().to_owned();
    run(&["--yes", "--accept", &"0".repeat(32)], 4);
    // A different list is not accepted.
    run(&["--yes", "--only", "a@agensi.example", "--accept", &digest], 4);
    session.write("requests/R-2.yaml", request("R-2", "letter", &["a"]));
    run(&["--yes", "--only", "R-1", "--accept", &digest[..32]], 4);
    fs::remove_file(session.path().join("requests/R-2.yaml")).unwrap();
    let done = run(&["--yes", "--accept", &digest[..32]], 0);
    assert_eq!(outcomes(&done), ["a printed", "b printed"]);
    run(&["--dry-run", "--show", "--again", "R-1", "--to", "a@agensi.example"], 0);
    session.write("requests/R-3.yaml", "version: 1\n");
    run(&["--dry-run"], 1);
}

#[test]
fn no_notices_without_a_policy_section() {
    let silent = POLICY.split("notices:").next().unwrap();
    let session = agency(silent, &[("R-1", "letter", &["a"])]);
    let arguments = [&["notify", "--yes"], &DAY[..]].concat();
    let output = session.run(&arguments);
    assert_eq!(status(&output), 1, "{}", stdout(&output));
    assert!(stderr(&output).contains("add `notices: {since: "), "{}", stderr(&output));
    // It is no failure if another agency in the folder sends some.
    let other = POLICY.replace("CONTOH", "LAIN").replace("agensi.example", "lain.example");
    session.write("requests/lain/agency.yaml", other);
    session.git(&["add", "requests"]);
    session.git(&["commit", "-q", "-m", "Another agency"]);
    let output = session.run(&arguments);
    assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
}

#[test]
fn a_server_is_required_only_for_due_messages() {
    let session = agency(POLICY, &[("R-1", "letter", &["a"]), ("R-2", "email", &["b"])]);
    let run = |more: &[&str], url: Option<&str>| {
        let how = if more.contains(&"--dry-run") { None } else { Some("--yes") };
        let mut command = session.arkib(&["notify", "--format", "json"]);
        command.args(how);
        command.args(DAY).args(more).envs(url.map(|url| ("ARKIB_SMTP_URL", url)));
        read(&command.in_time())
    };
    let (report, exit) = run(&["--only", "R-2"], None);
    assert!(exit == 1 && reason(&report).contains("ARKIB_SMTP_URL is not set"), "{report:#}");
    assert_eq!(records(&session).len(), 0);
    let (report, exit) = run(&["--only", "R-2"], Some("smtp://u:rahsia-4711@mel.agensi.example"));
    assert!(exit == 1 && !report.to_string().contains("rahsia"), "{report:#}");
    // Paper needs none, and what is not sent stays due.
    let (report, exit) = run(&[], None);
    assert_eq!(
        (outcomes(&report), exit),
        (vec!["a printed".to_owned(), "b deferred".to_owned()], 3)
    );
    assert!(reason(&report).contains("ARKIB_SMTP_URL is not set"), "{report:#}");
    let (report, _) = run(&["--dry-run"], None);
    assert_eq!(report["notices"].as_array().map(Vec::len), Some(1), "{report:#}");
}
