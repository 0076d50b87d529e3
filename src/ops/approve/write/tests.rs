use std::fs;

use jiff::civil::date;
use tempfile::TempDir;

use super::super::select::choose_requests;
use super::*;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::request::RequestId;
use crate::load::RequestsLocation;
use crate::ops::filing::FilingOptions;
use crate::output::format::DialogueFormat;

const POLICY: &str = "version: 1\nagency: CONTOH\nname: Jabatan Contoh\ndomains: [agensi.example]\napprovers: [uc@agensi.example]\nportal: embedded\n";

/// A folder with, which wait for approval, and the options that approve both.
fn folder() -> (TempDir, Options) {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("agency.yaml"), POLICY).expect("it is writable");
    for id in ["R-1", "R-2"] {
        let text = format!(
            "version: 1\nid: {id}\naction: enable\nmailboxes:\n  - {id}@agensi.example\nreceived:\n  date: 2026-11-02\n  channel: memo\n  reference: R\n"
        );
        fs::write(folder.path().join(format!("{id}.yaml")), text).expect("it is writable");
    }
    let requests = RequestsLocation {
        requests: folder.path().to_owned(),
        reference: None,
        as_of: Some(date(2026, 11, 23)),
    };
    let options = Options {
        ids: ["R-1", "R-2"].map(|id| RequestId::parse(id).expect("an id")).into(),
        approver: Some(Mailbox::parse("uc@agensi.example").expect("an address")),
        date: None,
        key: None,
        signature: None,
        print: false,
        portal: None,
        filing: FilingOptions {
            requests,
            yes: true,
            dry_run: false,
            branch: false,
            branch_name: None,
            format: DialogueFormat::Human,
        },
    };
    (folder, options)
}

/// Approves both requests after something happened to the folder; what is in its files then, and why.
fn approve_after(change: impl FnOnce(&TempDir)) -> (Vec<String>, Result<(), Failure>) {
    let (folder, options) = folder();
    let source = options.filing.load().expect("requests");
    let by = options.approver.clone().expect("an approver");
    let chosen = choose_requests(&options, &source, &by).expect("both");
    let approval = Approval { by, date: date(2026, 11, 23), signature: None };
    change(&folder);
    let done = write_all(&options, &source, &chosen, &[approval.clone(), approval]);
    let text = |id| fs::read_to_string(folder.path().join(format!("{id}.yaml"))).expect("a file");
    (["R-1", "R-2"].map(text).into(), done)
}

fn is_approved(text: &str) -> bool {
    text.contains("approvals:")
}

#[test]
fn both_files_get_their_approval() {
    let (texts, done) = approve_after(|_| ());
    assert!(done.is_ok() && texts.iter().all(|text| is_approved(text)), "{done:?} {texts:?}");
}

#[test]
fn nothing_is_written_if_one_file_was_changed_since_it_was_shown() {
    let (texts, done) = approve_after(|folder| {
        let file = folder.path().join("R-2.yaml");
        let text = fs::read_to_string(&file).expect("a file");
        fs::write(&file, text.replace("action: enable", "action: terminate")).expect("a file");
    });
    let failure = done.expect_err("it was changed");
    assert!(failure.reason.contains("R-2.yaml was changed meanwhile"), "{failure:?}");
    assert!(!texts.iter().any(|text| is_approved(text)), "{texts:?}");
}

#[test]
fn the_old_texts_come_back_if_the_result_has_errors() {
    let (texts, done) = approve_after(|folder| {
        fs::write(folder.path().join("R-3.yaml"), "version: 1\n").expect("it is writable");
    });
    let failure = done.expect_err("R-3 is no request");
    assert!(!failure.findings.is_empty(), "{failure:?}");
    assert!(!texts.iter().any(|text| is_approved(text)), "{texts:?}");
}
