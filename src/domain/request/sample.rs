//! Requests and policies for unit tests, read from YAML like real ones.

use std::sync::Arc;

use super::Request;
use super::check::check;
use super::raw::RawRequest;
use super::rules::RuleContext;
use crate::domain::approval::verification::{UnverifiedCause, UnverifiedReason};
use crate::domain::mailbox_address::Mailbox;
use crate::domain::policy;
use crate::domain::policy::Policy;
use crate::yaml::YamlText;

/// The policy of an agency with that name, and more lines if any.
pub(crate) fn policy(name: &str, more: &str) -> Policy {
    policy_text(name, "[uc@agensi.example]", more)
}

/// The policy of an agency with these approvers, a YAML list.
pub(crate) fn policy_of(approvers: &str, more: &str) -> Policy {
    policy_text("A", approvers, more)
}

fn policy_text(name: &str, approvers: &str, more: &str) -> Policy {
    let text = format!(
        "version: 1\nagency: A\nname: {name}\ndomains: [agensi.example]\napprovers: {approvers}\nportal: embedded\n{more}"
    );
    policy_from(&text)
}

/// The policy of a whole file.
pub(crate) fn policy_from(text: &str) -> Policy {
    let file: Arc<str> = "agency.yaml".into();
    let source = YamlText::new(&file, text.as_bytes()).expect("text");
    policy::check(&source.parse_draft().expect("a policy"), &file).expect("a good policy")
}

/// The request with an id; `received` is the text between the braces of that key.
pub(crate) fn request(id: &str, received: &str, more: &str) -> Arc<Request> {
    request_from(id, &format!("version: 1\nid: {id}\nreceived: {{{received}}}\n{more}\n"))
}

/// The request of a whole file.
pub(crate) fn request_from(id: &str, text: &str) -> Arc<Request> {
    let file: Arc<str> = format!("{id}.yaml").into();
    let source = YamlText::new(&file, text.as_bytes()).expect("text");
    let draft: RawRequest = source.parse_draft().expect("a request");
    let origin = RuleContext { file: &file, stem: id, text, policy: None };
    Arc::new(check(&draft, &origin).expect("a good request"))
}

/// Why an approval of the policy's approver is unverified.
pub(crate) fn unsigned_reason() -> UnverifiedReason {
    let approver = Mailbox::parse("uc@agensi.example").expect("an address");
    UnverifiedReason { index: 0, approver, cause: UnverifiedCause::NotSigned }
}

/// A request about users of agensi.example that was approved on that day, or is pending where none
/// is named.
pub(crate) fn change(
    id: &str,
    action: &str,
    users: &[&str],
    approved: &str,
    more: &str,
) -> Arc<Request> {
    let users: Vec<String> = users.iter().map(|user| format!("{user}@agensi.example")).collect();
    let asked = format!("action: {action}\nmailboxes: [{}]", users.join(", "));
    approved_request(id, &asked, approved, more)
}

/// A request that withdraws another, likewise.
pub(crate) fn withdrawal(id: &str, withdraws: &str, approved: &str, more: &str) -> Arc<Request> {
    let asked = format!("action: withdraw\nwithdraws: {withdraws}");
    approved_request(id, &asked, approved, more)
}

fn approved_request(id: &str, asked: &str, approved: &str, more: &str) -> Arc<Request> {
    let approval = match approved {
        "" => String::new(),
        day => format!("approvals: [{{by: uc@agensi.example, date: {day}}}]"),
    };
    let received = "date: 2026-01-01, channel: memo, reference: R";
    request(id, received, &format!("{asked}\n{approval}\n{more}"))
}
