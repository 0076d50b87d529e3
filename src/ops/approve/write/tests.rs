use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use jiff::civil::date;
use tempfile::TempDir;

use super::super::select::{choose_requests, find_request};
use super::*;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::request::RequestId;
use crate::journal::lock::{FolderLock, LockKind};
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
            push: false,
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
    let chosen = choose_requests(&options, &source, &by, HashMap::new()).expect("both").chosen;
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
    assert!(failure.reason.in_english().contains("R-2.yaml was changed meanwhile"), "{failure:?}");
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

#[test]
fn two_approvers_at_once_take_turns() {
    let (texts, done) = approve_after(|folder| {
        let requests = folder.path().to_owned();
        let lock = FolderLock::try_lock(&requests, LockKind::Exclusive).expect("a lock");
        let lock = lock.expect("the turn");
        std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(50));
            let file = requests.join("R-2.yaml");
            let text = fs::read_to_string(&file).expect("a file");
            let other = "approvals:\n  - by: uc@agensi.example\n    date: 2026-11-20\n";
            fs::write(&file, text + other).expect("it is writable");
            drop(lock);
        });
    });
    let failure = done.expect_err("the other one was first");
    assert!(failure.reason.in_english().contains("R-2.yaml was changed meanwhile"), "{failure:?}");
    assert!(!is_approved(&texts[0]) && texts[1].ends_with("date: 2026-11-20\n"), "{texts:?}");
}

#[test]
fn an_approval_that_is_not_in_its_file_is_none() {
    let (_folder, options) = folder();
    let source = options.filing.load().expect("requests");
    let by = options.approver.clone().expect("an approver");
    let chosen = choose_requests(&options, &source, &by, HashMap::new()).expect("both").chosen;
    let approval = Approval { by, date: date(2026, 11, 23), signature: None };
    let checked = check_result(&options, &source, &chosen, &[approval.clone(), approval]);
    let failure = checked.expect_err("nothing was written");
    assert!(failure.reason.in_english().contains("R-1.yaml was changed meanwhile"), "{failure:?}");
}

/// Approves the request of a test vector, which its first approver signed, after something happened to the
/// folder; what is in its file then, and why.
fn approve_signed_after(
    vector: &str,
    change: impl FnOnce(&TempDir, &mut Approval),
) -> (String, Result<(), Failure>) {
    let (folder, mut options) = folder();
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/approvals/vectors");
    for file in fs::read_dir(vectors.join(vector)).expect("a vector") {
        let file = file.expect("a file");
        fs::copy(file.path(), folder.path().join(file.file_name())).expect("it is writable");
    }
    for other in ["R-1.yaml", "R-2.yaml"] {
        fs::remove_file(folder.path().join(other)).expect("it is there");
    }
    options.ids = vec![RequestId::parse("BMT-2026-0042").expect("an id")];
    let approved = options.filing.load().expect("requests");
    let (_, request) = find_request(&approved, &options.ids[0]).expect("the request");
    let mut approval = request.approvals[0].clone();
    let file = folder.path().join("BMT-2026-0042.yaml");
    let text = fs::read_to_string(&file).expect("a file");
    let text = text.split("approvals:").next().expect("a request");
    fs::write(&file, text).expect("it is writable");
    let source = options.filing.load().expect("requests");
    let chosen =
        choose_requests(&options, &source, &approval.by, HashMap::new()).expect("it waits").chosen;
    change(&folder, &mut approval);
    let done = write_all(&options, &source, &chosen, &[approval]);
    (fs::read_to_string(&file).expect("a file"), done)
}

fn edit(folder: &TempDir, file: &str, from: &str, to: &str) {
    let file = folder.path().join(file);
    let text = fs::read_to_string(&file).expect("a file");
    assert!(text.contains(from), "{text}");
    fs::write(file, text.replace(from, to)).expect("it is writable");
}

#[test]
fn a_signature_counts_where_nothing_was_changed() {
    for vector in ["ssh-ed25519", "withdrawal"] {
        let (text, done) = approve_signed_after(vector, |_, _| ());
        assert!(done.is_ok() && is_approved(&text), "{vector}: {done:?} {text}");
    }
}

#[test]
fn a_signature_is_not_written_if_what_it_is_about_was_changed() {
    type Change = fn(&TempDir);
    let changes: [(&str, &str, Change); 4] = [
        ("ssh-ed25519", "agency.yaml was changed meanwhile", |folder| {
            edit(folder, "agency.yaml", "repository: 0198c1f2", "repository: 0198c1f3");
        }),
        ("ssh-ed25519", "allowed_signers was changed meanwhile", |folder| {
            edit(folder, "allowed_signers", "pentadbir.uc@", "ketua.unit@");
        }),
        ("ssh-ed25519", "authorities.pem was changed meanwhile", |folder| {
            let foreign = concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/tests/approvals/vectors/cms-rsa/authorities.pem"
            );
            fs::copy(foreign, folder.path().join("authorities.pem")).expect("it is writable");
        }),
        ("withdrawal", "BMT-2026-0017.yaml was changed meanwhile", |folder| {
            edit(folder, "BMT-2026-0017.yaml", "reference: ", "reference: X");
        }),
    ];
    for (vector, why, change) in changes {
        let (text, done) = approve_signed_after(vector, |folder, _| change(folder));
        let failure = done.expect_err(why);
        assert!(failure.reason.in_english().contains(why), "{why}: {failure:?}");
        assert!(!is_approved(&text), "{why}: {text}");
    }
}

#[test]
fn a_signature_that_does_not_count_is_not_left_in_a_file() {
    let (text, done) = approve_signed_after("ssh-ed25519", |_, approval| {
        approval.date = date(2026, 11, 4);
    });
    let failure = done.expect_err("it is of another day");
    assert!(failure.reason.in_english().contains("does not count"), "{failure:?}");
    assert!(!is_approved(&text), "{text}");
}
