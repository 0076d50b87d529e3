//! The register of requests: for programs, for spreadsheets, and as a page, of the example agency
//! and of one with hostile data.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::outputs::{DAY, valid};
use crate::session::{Session, copy, status, stderr, stdout};

/// The example agency with its roster, not in git.
fn example() -> Session {
    let session = Session::new();
    let project = Path::new(env!("CARGO_MANIFEST_DIR"));
    let requests = session.path().join("requests");
    fs::create_dir(&requests).unwrap();
    copy(&project.join("requests"), &requests);
    let _ = fs::remove_dir_all(requests.join("records"));
    fs::copy(project.join("portal.csv"), session.path().join("portal.csv")).unwrap();
    session
}

fn arguments<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["register"], more, &DAY[..]].concat()
}

fn json(session: &Session, more: &[&str]) -> Value {
    let more = [&["--format", "json"], more].concat();
    valid(session, "register", &arguments(&more), 0)
}

/// The rows of CSV by the names of their columns.
fn sheet(session: &Session, more: &[&str]) -> Vec<csv::StringRecord> {
    let more = [&["--format", "csv"], more].concat();
    let output = session.run(&arguments(&more));
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    let text = stdout(&output);
    let text = text.strip_prefix('\u{feff}').unwrap();
    assert!(text.lines().count() > 0 && text.ends_with("\r\n"));
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(Result::unwrap).collect()
}

fn row<'a>(output: &'a Value, id: &str) -> &'a Value {
    let rows = output["register"]["rows"].as_array().unwrap();
    rows.iter().find(|row| row["id"] == id).unwrap()
}

#[test]
fn the_register_shows_every_requests_result() {
    let session = example();
    let output = json(&session, &[]);
    let register = &output["register"];
    assert_eq!(register["rows"].as_array().unwrap().len(), 28);
    assert_eq!(register["portal_asked"], true);
    assert_eq!(register["unmanaged"].as_array().unwrap().len(), 3);
    assert_eq!(register["drifted"][0]["mailbox"], "tan.mei@agensi.example");
    let figures = &register["figures"];
    assert_eq!(figures["stages"]["blocked"], 4);
    assert_eq!((&figures["median_days"], &figures["p90_days"]), (&4.0.into(), &9.into()));
    let done = row(&output, "BMT-2025-0001");
    assert_eq!((&done["stage"], &done["days_to_done"]), (&"done".into(), &4.into()));
    assert_eq!(done["mailboxes"].as_array().unwrap().len(), 30);
    let withdrawn = row(&output, "BMT-2026-0022");
    assert_eq!(withdrawn["withdrawn_by"], "BMT-2026-0023");
    let waiting = row(&output, "BMT-2026-0042");
    assert_eq!((&waiting["waits_for"], &waiting["age_days"]), (&"run".into(), &21.into()));
    let blocked = &row(&output, "BMT-2026-0047")["mailboxes"][0];
    assert_eq!(blocked["obstacle"]["code"], "hold");
}

#[test]
fn applied_changes_are_done_by_record() {
    let session = example();
    let apply = ["reconcile", "--yes", "--allow-uncommitted"];
    let applied = session.run(&[&apply[..], &DAY[..]].concat());
    assert_eq!(status(&applied), 0, "{}", stderr(&applied));
    // The portal could be gone: the records are enough.
    fs::remove_file(session.path().join("portal.csv")).unwrap();
    fs::remove_dir_all(session.path().join(".arkib")).unwrap();
    let output = json(&session, &["--offline"]);
    assert_eq!(output["register"]["runs"], 1);
    assert_eq!(output["register"]["record_problems"], 0);
    assert_eq!(output["register"]["unmanaged"], Value::Null);
    let done = row(&output, "BMT-2026-0042");
    assert_eq!(done["stage"], "done", "{done:#}");
    assert!(done["mailboxes"][0]["done_at"].is_string());
    // Changes without a record count as waiting.
    assert_eq!(row(&output, "BMT-2026-0044")["stage"], "waiting");
}

#[test]
fn the_spreadsheet_has_one_line_per_request_and_mailbox() {
    let session = example();
    let rows = sheet(&session, &[]);
    let output = json(&session, &[]);
    let requests = output["register"]["rows"].as_array().unwrap().iter();
    let lines = requests.map(|row| row["mailboxes"].as_array().unwrap().len().max(1));
    assert_eq!(rows.len() - 1, lines.sum::<usize>());
    let column = |name: &str| rows[0].iter().position(|cell| cell == name).unwrap();
    let found = rows.iter().find(|row| &row[column("request")] == "BMT-2026-0014");
    let found = found.unwrap();
    assert_eq!(&found[column("mailbox")], "amoi.yokpandak@agensi.example");
    assert_eq!(&found[column("mailbox_done")], "2026-03-13");
    assert_eq!(&found[column("approved_by")], "pentadbir.uc@agensi.example");
}

#[test]
fn a_period_includes_both_receipt_dates() {
    let session = example();
    let count = |period: &str| {
        let output = json(&session, &["--period", period]);
        output["register"]["rows"].as_array().unwrap().len()
    };
    assert_eq!((count("2025"), count("2026")), (8, 20));
    assert_eq!(count("2026-11-02..2026-11-03"), 2);
    assert_eq!(count("2024"), 0);
    let output = session.run(&arguments(&["--period", "2026-13"]));
    assert_eq!(status(&output), 64);
    assert!(stderr(&output).contains("2026-01-31"), "{}", stderr(&output));
}

#[test]
fn the_page_is_self_contained() {
    let session = example();
    let output = session.run(&arguments(&[]));
    assert_eq!((status(&output), stdout(&output)), (0, String::new()));
    assert_eq!(stderr(&output), "register.html: 28 requests. It contains personal data.\n");
    let page = fs::read_to_string(session.path().join("register.html")).unwrap();
    assert!(page.starts_with("<!doctype html>\n<html lang=\"ms\">"), "{}", &page[..200]);
    assert!(page.contains("Daftar Permohonan Pengarkiban E-mel"));
    let english = session.run(&arguments(&["--language", "en", "--offline", "-o", "-"]));
    assert!(stdout(&english).starts_with("<!doctype html>\n<html lang=\"en\">"));
    // No other file remains.
    let left = fs::read_dir(session.path()).unwrap().count();
    assert_eq!(left, 3);
}

#[test]
fn a_failed_run_keeps_the_existing_page() {
    let session = example();
    session.write("register.html", "yesterday's");
    fs::remove_file(session.path().join("portal.csv")).unwrap();
    let output = session.run(&arguments(&[]));
    assert_eq!(status(&output), 1);
    assert!(
        stderr(&output).contains("--offline, which reads only the records"),
        "{}",
        stderr(&output)
    );
    let page = fs::read_to_string(session.path().join("register.html")).unwrap();
    assert_eq!(page, "yesterday's");
    let failed = valid(&session, "register", &arguments(&["--format", "json"]), 1);
    assert_eq!(failed["register"], Value::Null);
    assert_eq!(failed["exit"]["status"], 1);
    // A broken file, and an unwritable place.
    let output = session.run(&arguments(&["--offline", "-o", "nowhere/x.html"]));
    assert_eq!(status(&output), 1);
    assert!(stderr(&output).contains("nowhere"), "{}", stderr(&output));
    session.write("requests/R-1.yaml", "version: 1\n");
    let output = session.run(&arguments(&["--offline"]));
    assert_eq!((status(&output), stdout(&output)), (1, String::new()));
    assert!(stderr(&output).contains("requests/R-1.yaml"), "{}", stderr(&output));
    valid(&session, "register", &arguments(&["--format", "json", "--offline"]), 1);
}

/// Two agencies with data that looks like markup, code or formulas.
fn hostile() -> Session {
    let session = Session::new();
    let policy = |short: &str, domain: &str| {
        format!(
            "version: 1\nagency: {short}\nname: <script>alert(1)</script>\ndomains: [{domain}]\napprovers: [p@{domain}]\nportal: embedded\n"
        )
    };
    let request = |domain: &str| {
        format!(
            "version: 1\nid: R-1\naction: enable\nmailboxes: [\"=cmd|x@{domain}\"]\nreceived: {{date: 2026-11-02, channel: memo, reference: \"=1+1\"}}\napprovals: [{{by: p@{domain}, date: 2026-11-03}}]\nreason: \"+</script><img src=x>\\n=2\"\n"
        )
    };
    for (home, domain) in [("a", "a.example"), ("b", "b.example")] {
        session.write(&format!("requests/{home}/agency.yaml"), policy(home, domain));
        session.write(&format!("requests/{home}/R-1.yaml"), request(domain));
    }
    session.write(
        "portal.csv",
        "mailbox,state\n=cmd|x@a.example,disabled\n=cmd|y@a.example,enabled\n",
    );
    session
}

#[test]
fn several_agencies_share_one_output() {
    let session = hostile();
    let output = json(&session, &[]);
    let agencies = output.as_array().unwrap();
    let names: Vec<&str> =
        agencies.iter().map(|register| register["register"]["agency"].as_str().unwrap()).collect();
    assert_eq!(names, ["a", "b"]);
    assert_eq!(agencies[0]["register"]["unmanaged"][0]["mailbox"], "=cmd|y@a.example");
    let rows = sheet(&session, &[]);
    assert_eq!((rows.len(), &rows[1][0], &rows[2][0]), (3, "a", "b"));
    let output = session.run(&arguments(&["-o", "both.html"]));
    assert_eq!(
        stderr(&output),
        "both.html: 2 requests of 2 agencies. It contains personal data.\n"
    );
}

#[test]
fn hostile_data_stays_text_in_every_format() {
    let session = hostile();
    for row in &sheet(&session, &[])[1..] {
        for cell in row {
            let first = cell.trim_start().chars().next();
            assert!(!first.is_some_and(|first| "=+-@\t\r".contains(first)), "{cell:?}");
        }
    }
    let rows = sheet(&session, &[]);
    assert!(rows[1].iter().any(|cell| cell == "'=cmd|x@a.example"));
    assert!(rows[1].iter().any(|cell| cell == "'+</script><img src=x>\n=2"));
    let page = stdout(&session.run(&arguments(&["-o", "-"])));
    assert_eq!(page.matches("<script").count(), 2);
    assert!(!page.contains("<img") && !page.contains("alert(1)</"), "markup");
    assert!(page.contains("script-src &#x27;sha256-") && !page.contains("unsafe-inline"));
    let comment = stdout(&session.run(&arguments(&["--format", "markdown"])));
    assert!(comment.contains("```"), "{comment}");
}
