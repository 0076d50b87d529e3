//! Signed approvals in real git histories with real SSH keys.

mod keyring;

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::session::{InTime as _, Session, status, stderr, stdout};

const POLICY: &str = "version: 1\nagency: CONTOH\nname: Jabatan Contoh\ndomains: [agensi.example]\napprovers: [pentadbir@agensi.example, noraini@agensi.example]\nportal: embedded\nlimits: { terminations: 99, terminations_percent: 100, changes: 99 }\nprovenance: signed\nrepository: 0198c1d2e3f40516\n";
const DRY: &[&str] = &["reconcile", "--dry-run", "--as-of", "2026-11-23", "--format", "json"];

/// Who signs a commit.
#[derive(Clone, Copy)]
enum Author {
    Nobody,
    Key(&'static str),
}
const PENTADBIR: Author = Author::Key("pentadbir");
const NORAINI: Author = Author::Key("noraini");
const STRANGER: Author = Author::Key("stranger");

fn request(number: u8, action: &str, approved: bool) -> String {
    let what = match action {
        "withdraw" => "withdraws: R-1\n".to_owned(),
        _ => format!("mailboxes:\n  - m{number}@agensi.example\n"),
    };
    let approval = "approvals:\n  - by: pentadbir@agensi.example\n    date: 2026-11-03\n";
    format!(
        "version: 1\nid: R-{number}\naction: {action}\n{what}received:\n  date: 2026-11-02\n  channel: memo\n  reference: R\n{}",
        if approved { approval } else { "" }
    )
}

struct Agency(Session);

impl Agency {
    /// A policy, its signers, and a portal with nine mailboxes without archives.
    fn new() -> Self {
        let session = Session::new();
        let agency = Self(session);
        let mut signers = String::from("# who is who\n");
        for name in ["pentadbir", "noraini", "stranger"] {
            let key = agency.key(name);
            if name != "stranger" {
                signers += &format!("{name}@agensi.example namespaces=\"git\" {key}\n");
            }
        }
        agency.0.write("requests/agency.yaml", POLICY);
        agency.0.write("requests/allowed_signers", signers);
        let rows: Vec<String> = (1..=9).map(|n| format!("m{n}@agensi.example,disabled")).collect();
        agency.0.write("portal.csv", format!("mailbox,state\n{}\n", rows.join("\n")));
        agency.0.git(&["init", "-q", "-b", "main"]);
        agency.commit(Author::Nobody);
        agency
    }

    /// Creates a key and returns its public half.
    fn key(&self, name: &str) -> String {
        let file = self.0.path().join(format!("{name}.key"));
        let made = Command::new("ssh-keygen")
            .args(["-q", "-t", "ed25519", "-N", "", "-C", "", "-f"])
            .arg(&file)
            .output()
            .expect("these tests need ssh-keygen, of the package openssh-client");
        assert!(made.status.success(), "{}", stderr(&made));
        fs::read_to_string(file.with_extension("key.pub")).unwrap().trim().to_owned()
    }

    fn write(&self, number: u8, text: &str) {
        self.0.write(&format!("requests/R-{number}.yaml"), text);
    }

    fn commit(&self, by: Author) {
        self.0.git(&["add", "requests"]);
        match by {
            Author::Nobody => self.0.git(&["commit", "-q", "-m", "x"]),
            Author::Key(name) => {
                let key = format!(
                    "user.signingkey={}",
                    self.0.path().join(format!("{name}.key.pub")).display()
                );
                self.0.git(&["-c", "gpg.format=ssh", "-c", &key, "commit", "-q", "-S", "-m", "x"])
            }
        };
    }

    /// Commits one approved request to enable.
    fn add(&self, number: u8, by: Author) {
        self.write(number, &request(number, "enable", true));
        self.commit(by);
    }

    fn plan(&self, more: &[&str]) -> Value {
        let output = self.0.run(&[DRY, more].concat());
        assert_eq!(status(&output), 0, "{}{}", stdout(&output), stderr(&output));
        serde_json::from_str(&stdout(&output)).unwrap()
    }

    /// The requests that a dry run would carry out.
    fn carried_out(&self) -> Vec<String> {
        let plan = self.plan(&[]);
        let changes = plan["plan"]["changes"].as_array().unwrap();
        changes.iter().map(|change| change["request"].as_str().unwrap().to_owned()).collect()
    }

    /// Why a mailbox is blocked.
    fn blocked(&self, number: u8) -> String {
        let plan = self.plan(&[]);
        let mailbox = format!("m{number}@agensi.example");
        let blocked = plan["plan"]["blocked"].as_array().unwrap();
        let found = blocked.iter().find(|change| change["mailbox"] == *mailbox);
        let found = found.unwrap_or_else(|| panic!("{mailbox} is not blocked: {plan:#}"));
        assert_eq!(found["code"], "unverified");
        found["reason"].as_str().unwrap().to_owned()
    }
}

#[test]
fn a_folder_for_temporary_files_that_fails_is_named() {
    let agency = Agency::new();
    agency.add(1, PENTADBIR);
    let mut command = agency.0.arkib(DRY);
    for name in ["TMPDIR", "TEMP", "TMP"] {
        command.env(name, agency.0.path().join("no-such-folder"));
    }
    let output = command.in_time();
    let said = stdout(&output);
    assert_eq!(status(&output), 1, "{said}");
    assert!(said.contains("no-such-folder") && said.contains("TMPDIR"), "{said}");
    assert!(!said.contains("dubious") && !said.contains("--records"), "{said}");
}

#[test]
fn only_signed_approvals_are_applied() {
    let agency = Agency::new();
    agency.add(1, PENTADBIR);
    agency.add(2, Author::Nobody);
    agency.add(3, STRANGER);
    agency.add(4, NORAINI);
    assert_eq!(agency.carried_out(), ["R-1"]);
    assert!(agency.blocked(2).ends_with("which added it, is not signed"), "{}", agency.blocked(2));
    assert!(
        agency.blocked(3).contains("a key that is not in allowed_signers: SHA256:"),
        "{}",
        agency.blocked(3)
    );
    assert!(
        agency.blocked(4).ends_with("is signed by noraini@agensi.example, not by the approver"),
        "{}",
        agency.blocked(4)
    );
    // The same is applied.
    let output = agency.0.run(&["reconcile", "--yes", "--as-of", "2026-11-23"]);
    assert_eq!(status(&output), 0, "{}", stdout(&output));
    assert!(stdout(&output).contains("1 applied."), "{}", stdout(&output));
    let output = agency.0.run(&["status", "m2@agensi.example", "--as-of", "2026-11-23"]);
    assert!(
        stdout(&output).contains("nothing, because the approval of R-2 is not verified"),
        "{}",
        stdout(&output)
    );
}

#[test]
fn the_commit_that_added_the_approval_counts() {
    let agency = Agency::new();
    // The clerk's commit is not signed; the approver's, with the approval, is.
    agency.write(1, &request(1, "enable", false));
    agency.commit(Author::Nobody);
    agency.write(1, &request(1, "enable", true));
    agency.commit(PENTADBIR);
    // On a branch, merged by someone whose merge is not signed.
    agency.0.git(&["checkout", "-q", "-b", "branch"]);
    agency.add(2, PENTADBIR);
    agency.0.git(&["checkout", "-q", "main"]);
    agency.add(3, PENTADBIR);
    agency.0.git(&["merge", "-q", "--no-ff", "-m", "x", "branch"]);
    assert_eq!(agency.carried_out(), ["R-1", "R-2", "R-3"]);
    // Edited afterwards by someone else.
    agency.write(2, &(request(2, "enable", true) + "reason: x\n"));
    agency.commit(Author::Nobody);
    assert!(agency.blocked(2).ends_with("is not signed"));
    // Squashed, which loses the approver's signature.
    agency.0.git(&["checkout", "-q", "-b", "other"]);
    agency.add(4, PENTADBIR);
    agency.0.git(&["checkout", "-q", "main"]);
    agency.0.git(&["merge", "-q", "--squash", "other"]);
    agency.commit(Author::Nobody);
    assert!(agency.blocked(4).ends_with("is not signed"));
    // The approver signs a later commit that does not add the approval.
    agency.write(5, &request(5, "enable", false));
    agency.commit(PENTADBIR);
    assert!(agency.blocked(4).ends_with("is not signed"));
    assert_eq!(agency.carried_out(), ["R-1", "R-3"]);
}

#[test]
fn an_unverified_withdrawal_only_blocks_its_request() {
    let agency = Agency::new();
    agency.add(1, PENTADBIR);
    agency.write(8, &request(8, "withdraw", true));
    agency.commit(Author::Nobody);
    assert!(
        agency.blocked(1).contains("the approval of R-8 is not verified"),
        "{}",
        agency.blocked(1)
    );
    agency.0.git(&["rm", "-q", "requests/R-8.yaml"]);
    agency.commit(Author::Nobody);
    agency.write(8, &request(8, "withdraw", true));
    agency.commit(PENTADBIR);
    let plan = agency.plan(&[]);
    assert_eq!(plan["plan"]["changes"], Value::Array(vec![]));
    assert_eq!(plan["plan"]["blocked"], Value::Array(vec![]));
}

#[test]
fn an_incomplete_history_is_refused() {
    let agency = Agency::new();
    agency.add(2, Author::Nobody);
    // Its boundary commit seems to add every file, and the approver signed it.
    agency.add(1, PENTADBIR);
    let from = format!("file://{}", agency.0.path().display());
    agency.0.git(&["clone", "-q", "--depth", "1", &from, "shallow"]);
    let output = agency
        .0
        .run(&[DRY, &["--requests", "shallow/requests", "--roster", "portal.csv"]].concat());
    let plan: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(plan["plan"]["changes"], Value::Array(vec![]), "{plan:#}");
    let reasons = plan["plan"]["blocked"].to_string();
    assert_eq!(reasons.matches("does not have the whole history").count(), 2, "{reasons}");
}

#[test]
fn uncommitted_approvals_do_not_count() {
    let agency = Agency::new();
    agency.add(1, PENTADBIR);
    agency.write(2, &request(2, "enable", true));
    agency.write(1, &request(1, "enable", true).replace("memo", "form"));
    assert_eq!(agency.carried_out(), Vec::<String>::new());
    assert!(agency.blocked(1).ends_with("the file, as it was read, is in no commit"));
    assert!(agency.blocked(2).ends_with("the file, as it was read, is in no commit"));
    // The commit itself is fine.
    let plan = agency.plan(&["--ref", "main"]);
    assert_eq!(plan["plan"]["changes"][0]["request"], "R-1");
}

#[test]
fn a_pull_request_cannot_add_its_own_signer() {
    let agency = Agency::new();
    agency.0.git(&["checkout", "-q", "-b", "pr"]);
    let stranger = fs::read_to_string(agency.0.path().join("stranger.key.pub")).unwrap();
    let known = fs::read_to_string(agency.0.path().join("requests/allowed_signers")).unwrap();
    agency
        .0
        .write("requests/allowed_signers", format!("{known}pentadbir@agensi.example {stranger}"));
    agency.add(1, STRANGER);
    agency.add(2, PENTADBIR);
    let output = agency.0.run(&["check", "--base", "main", "--as-of", "2026-11-23"]);
    let text = stdout(&output);
    assert_eq!(status(&output), 1, "{text}");
    assert!(text.contains("allowed_signers: adds pentadbir@agensi.example ssh-ed25519"), "{text}");
    assert!(text.contains("error[not-signed]: the approver did not sign the approval"), "{text}");
    assert!(text.contains(" --> requests/R-1.yaml:11:7"), "{text}");
    assert!(!text.contains("R-2.yaml"), "{text}");
    let plan = agency.plan(&["--base", "main"]);
    let changes = plan["plan"]["changes"].as_array().unwrap();
    assert_eq!(changes.len(), 1, "{plan:#}");
    assert_eq!(changes[0]["request"], "R-2");
    assert_eq!(plan["plan"]["blocked"][0]["code"], "unverified");
}

#[test]
fn replaced_commits_do_not_count() {
    let agency = Agency::new();
    agency.add(1, Author::Nobody);
    let unsigned = agency.0.git(&["rev-parse", "HEAD"]);
    // A replacement commit with the same tree, which the approver signed for something else.
    agency.0.git(&["checkout", "-q", "-b", "else", "HEAD~1"]);
    agency.add(1, PENTADBIR);
    let signed = agency.0.git(&["rev-parse", "HEAD"]);
    agency.0.git(&["checkout", "-q", "main"]);
    agency.0.git(&["replace", &unsigned, &signed]);
    assert!(agency.blocked(1).ends_with("is not signed"), "{}", agency.blocked(1));
}
