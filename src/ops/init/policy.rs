//! The policy of a new agency.

use std::fmt::Write as _;

use ring::rand::{SecureRandom as _, SystemRandom};

use super::options::Options;
use crate::domain::request::request_file_source::FolderSnapshot;
use crate::domain::request::yaml_writer::write_scalar;
use crate::load::agency_loader::load;
use crate::load::today;
use crate::ops::failure::Failure;

/// Its text.
pub(super) fn policy_text(options: &Options) -> Result<String, Failure> {
    let mut text =
        "# yaml-language-server: $schema=../schemas/agency.schema.json\nversion: 1\n".to_owned();
    let scalar = |text: &str| write_scalar(text, "");
    let mut line = |key: &str, value: &str| {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{key}: {value}");
    };
    let list =
        |items: Vec<String>| items.iter().map(|item| format!("\n  - {item}")).collect::<String>();
    line("agency", &scalar(&options.agency));
    line("name", &scalar(&options.name));
    line("domains", &list(options.domains.iter().map(|domain| scalar(domain)).collect()));
    line("repository", &new_id()?);
    line(
        "approvers",
        &list(options.approvers.iter().map(|approver| scalar(approver.as_str())).collect()),
    );
    line("language", options.language.as_str());
    line("portal", options.kind.portal().as_str());
    line("limits", "{ terminations: 10, terminations_percent: 5, changes: 500 }");
    line("protected", "[]");
    line("provenance", "committed");
    // With one approver no request to terminate could ever have two.
    let count = options.approvers.len().min(2);
    line("approvals", &format!("{{ enable: 1, terminate: {count} }}"));
    // Without it the job that informs users would fail.
    if let Some(from) = options.approvers.first() {
        let from = scalar(from.as_str());
        line("notices", &format!("\n  since: {}\n  from: {from}", today()));
    }
    Ok(text.replace(": \n", ":\n"))
}

/// A random UUID (RFC 9562, version 4): what stands for this repository in signed statements.
fn new_id() -> Result<String, Failure> {
    let mut bytes = [0_u8; 16];
    let no_random =
        |_| Failure::failed(message!("init-nothing-written", why = message!("init-no-random")), "");
    SystemRandom::new().fill(&mut bytes).map_err(no_random)?;
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok([&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-"))
}

/// The policy is read as every run will read it.
pub(super) fn check_policy(text: &str) -> Result<(), Failure> {
    let mut folder = FolderSnapshot::new("requests".into());
    folder.insert_file("agency.yaml".to_owned(), Ok(text.as_bytes().into()));
    let findings = load(&folder, today()).findings;
    if findings.is_empty() {
        return Ok(());
    }
    let why = message!("init-nothing-written", why = message!("init-policy-faulty"));
    Err(Failure { findings, ..Failure::failed(why, message!("init-policy-faulty-help")) })
}
