//! The requests of an agency: generated, written into files, and read by the reader.

use std::collections::BTreeSet;
use std::sync::Arc;

use arkib::domain::policy::Policy;
use arkib::domain::request::request_file_source::FolderSnapshot;
use arkib::domain::request::{Action, Request};
use arkib::finding::Severity;
use arkib::load::agency_loader::load;
use jiff::civil::Date;
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::properties::requests_about;

/// The requests as read from their files. Refused files are not merged.
pub fn generate_requests(
    seed: u64,
    named: u8,
    most: usize,
    protected: &BTreeSet<String>,
    as_of: Date,
) -> (Policy, Vec<Arc<Request>>, Vec<Arc<Request>>) {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let random = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(Config::default(), random);
    let strategy = requests_about(named, most);
    let mut filed = strategy.new_tree(&mut runner).unwrap().current();
    loop {
        let mut folder = FolderSnapshot::new("requests".into());
        let policy = policy(protected);
        folder.insert_file("agency.yaml".to_owned(), Ok(policy.into_bytes().into()));
        for request in &filed {
            let content = Ok(yaml(request).into_bytes().into());
            folder.insert_file(format!("{}.yaml", request.id), content);
        }
        let mut loaded = load(&folder, as_of);
        let errors = loaded.findings.iter().filter(|finding| finding.severity == Severity::Error);
        let refused: BTreeSet<Arc<str>> = errors.map(|finding| Arc::clone(&finding.file)).collect();
        if refused.is_empty() {
            let agency = loaded.agencies.remove(0);
            return (agency.policy, agency.requests, filed);
        }
        let before = filed.len();
        filed.retain(|request| !refused.contains(&request.file));
        assert!(filed.len() < before, "{:?}", loaded.findings);
    }
}

fn policy(protected: &BTreeSet<String>) -> String {
    let protected: Vec<&str> = protected.iter().map(String::as_str).collect();
    format!(
        "version: 1\nagency: CONTOH\nname: Jabatan Contoh\ndomains: [agensi.example]\n\
         approvers: [approver@agensi.example]\nportal: embedded\nprotected: [{}]\n\
         limits: {{ terminations: 99, terminations_percent: 100, changes: 99 }}\n",
        protected.join(", ")
    )
}

fn yaml(request: &Request) -> String {
    let Request { id, received, .. } = request;
    let mut text = format!("version: 1\nid: {id}\naction: {}\n", request.action_word());
    match &request.action {
        Action::Withdraw { withdraws } => text += &format!("withdraws: {withdraws}\n"),
        Action::Change { mailboxes, .. } => {
            text += "mailboxes:\n";
            for named in mailboxes {
                text += &format!("  - {}\n", named.mailbox);
            }
        }
    }
    text += &format!(
        "received:\n  date: {}\n  channel: {}\n  reference: {}\n",
        received.date,
        received.channel.as_str(),
        received.reference
    );
    if let Some(approval) = request.approvals.first() {
        text += &format!("approvals:\n  - by: {}\n    date: {}\n", approval.by, approval.date);
    }
    if let Some(effective) = request.effective {
        text += &format!("effective: {effective}\n");
    }
    text
}
