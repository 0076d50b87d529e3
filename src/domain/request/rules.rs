//! The rules for a request beyond its shape: one small function per rule, which checks the parts of
//! the file that could be read. Pure.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::{Channel, Evidence, RequestId};
use crate::domain::archive_state::Target;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::policy::Policy;
use crate::language::Message;
use crate::text::excerpt;
use crate::yaml::{UnlocatedFinding, YamlPath};

/// The most mailboxes that one request names.
pub const MAX_MAILBOXES: usize = 10_000;

/// The values of a draft that could be read. Rules check these, so that one bad value does not hide
/// other problems.
#[derive(Default)]
pub(super) struct PartialRequest {
    pub id: Option<RequestId>,
    pub verb: Option<ActionKind>,
    /// `None` for an invalid address, so that the others keep their index.
    pub mailboxes: Option<Vec<Option<Mailbox>>>,
    pub withdraws: Option<RequestId>,
    pub has_withdraws: bool,
    pub received_date: Option<Date>,
    pub channel: Option<Channel>,
    pub reference: Option<String>,
    pub from: Option<Mailbox>,
    pub name: Option<String>,
    pub has_from: bool,
    pub file: Option<String>,
    pub approvals: Vec<PartialApproval>,
    pub effective: Option<Date>,
    pub reason: Option<String>,
    pub evidence: Vec<Evidence>,
}

/// The values of an approval that could be read.
#[derive(Clone, Default)]
pub(super) struct PartialApproval {
    pub by: Option<Mailbox>,
    pub date: Option<Date>,
    pub signature: Option<Arc<str>>,
}

/// Where a request comes from.
pub struct RuleContext<'a> {
    /// Its file, as the user names it.
    pub file: &'a Arc<str>,
    /// The file's name without `.yaml`.
    pub stem: &'a str,
    /// The file's text, to find the line of each mailbox.
    pub text: &'a str,
    /// The agency's policy; rules that need it are skipped while it has findings.
    pub policy: Option<&'a Policy>,
}

/// The value of the key `action`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ActionKind {
    Change(Target),
    Withdraw,
}

pub(super) const VERBS: [(&str, ActionKind); 3] = [
    ("enable", ActionKind::Change(Target::Enabled)),
    ("terminate", ActionKind::Change(Target::Terminated)),
    ("withdraw", ActionKind::Withdraw),
];

type Rule = fn(&PartialRequest, &RuleContext<'_>, &mut Vec<UnlocatedFinding>);

pub(super) const RULES: &[Rule] = &[
    id_is_the_file_name,
    names_what_its_action_needs,
    names_no_mailbox_twice,
    names_only_the_agency_domains,
    says_whose_name_it_is,
    approver_is_known,
    approver_is_not_concerned,
    approves_once,
    approval_follows_receipt,
    withdraws_another,
];

fn id_is_the_file_name(
    parts: &PartialRequest,
    origin: &RuleContext<'_>,
    issues: &mut Vec<UnlocatedFinding>,
) {
    if let Some(id) = &parts.id
        && id.as_str() != origin.stem
    {
        issues.push(UnlocatedFinding::error(
            YamlPath::keys("id"),
            "id-is-not-file-name",
            message!("request-id-not-file-name", id, name = excerpt(origin.stem, 80)),
            message!("request-id-not-file-name-help", id),
        ));
    }
}

fn names_what_its_action_needs(
    parts: &PartialRequest,
    _: &RuleContext<'_>,
    issues: &mut Vec<UnlocatedFinding>,
) {
    let mut issue = |key: &str, kind, message: Message, help: Message| {
        issues.push(UnlocatedFinding::error(YamlPath::keys(key), kind, message, help));
    };
    match (parts.verb, &parts.mailboxes) {
        (Some(ActionKind::Withdraw), Some(_)) => issue(
            "mailboxes",
            "withdraw-with-mailboxes",
            message!("request-withdrawal-with-mailboxes"),
            message!("request-withdrawal-with-mailboxes-help"),
        ),
        (Some(ActionKind::Change(_)), None) => issue(
            "mailboxes",
            "missing-key",
            message!("field-missing", name = "mailboxes"),
            message!("request-no-mailboxes-key-help"),
        ),
        (Some(ActionKind::Change(_)), Some(list)) if list.is_empty() => issue(
            "mailboxes",
            "no-mailboxes",
            message!("request-no-mailboxes"),
            message!("request-no-mailboxes-help"),
        ),
        (Some(ActionKind::Change(_)), Some(list)) if list.len() > MAX_MAILBOXES => issue(
            "mailboxes",
            "too-many-mailboxes",
            message!("request-too-many-mailboxes"),
            message!("request-too-many-mailboxes-help"),
        ),
        _ => {}
    }
    match (parts.verb, parts.has_withdraws) {
        (Some(ActionKind::Withdraw), false) => issue(
            "withdraws",
            "missing-key",
            message!("field-missing", name = "withdraws"),
            message!("request-no-withdraws-help"),
        ),
        (Some(ActionKind::Change(_)), true) => issue(
            "withdraws",
            "withdraws-without-withdraw",
            message!("request-withdraws-elsewhere"),
            message!("request-withdraws-elsewhere-help"),
        ),
        _ => {}
    }
}

fn names_no_mailbox_twice(
    parts: &PartialRequest,
    _: &RuleContext<'_>,
    issues: &mut Vec<UnlocatedFinding>,
) {
    let mut seen: BTreeMap<&Mailbox, usize> = BTreeMap::new();
    for (index, mailbox) in each_mailbox(parts) {
        if let Some(first) = seen.insert(mailbox, index) {
            issues.push(UnlocatedFinding::error(
                YamlPath::keys("mailboxes").index(index),
                "mailbox-twice",
                message!("request-mailbox-twice", mailbox, first = first + 1),
                message!("request-delete-one-help"),
            ));
        }
    }
}

fn names_only_the_agency_domains(
    parts: &PartialRequest,
    origin: &RuleContext<'_>,
    issues: &mut Vec<UnlocatedFinding>,
) {
    let Some(policy) = origin.policy else { return };
    for (index, mailbox) in each_mailbox(parts) {
        if !policy.owns_domain_of(mailbox) {
            issues.push(UnlocatedFinding::error(
                YamlPath::keys("mailboxes").index(index),
                "foreign-domain",
                message!("request-foreign-domain", mailbox, domains = policy.domains.join(", ")),
                message!("request-foreign-domain-help"),
            ));
        }
    }
}

/// The most lines of a name and an address.
const NAME_LINES: usize = 6;

fn says_whose_name_it_is(
    parts: &PartialRequest,
    _: &RuleContext<'_>,
    issues: &mut Vec<UnlocatedFinding>,
) {
    let Some(name) = &parts.name else { return };
    let mut issue = |kind, message: Message, help: Message| {
        issues.push(UnlocatedFinding::error(YamlPath::keys("received.name"), kind, message, help));
    };
    let lines = name.trim().lines().count();
    if lines > NAME_LINES {
        issue(
            "too-many-lines",
            message!("request-name-lines", lines, most = NAME_LINES),
            message!("request-name-lines-help"),
        );
    }
    let users = parts.mailboxes.as_ref().map_or(0, Vec::len);
    if !parts.has_from && users != 1 {
        issue(
            "name-of-nobody",
            message!("request-name-of-nobody"),
            message!("request-name-of-nobody-help"),
        );
    }
}

fn approver_is_known(
    parts: &PartialRequest,
    origin: &RuleContext<'_>,
    issues: &mut Vec<UnlocatedFinding>,
) {
    let Some(policy) = origin.policy else { return };
    for (index, approver) in each_approver(parts) {
        if policy.approvers.contains(approver) || policy.former_approvers.contains(approver) {
            continue;
        }
        issues.push(UnlocatedFinding::error(
            approval_key(index, "by"),
            "unknown-approver",
            message!("request-unknown-approver", approver),
            message!("request-unknown-approver-help"),
        ));
    }
}

fn approver_is_not_concerned(
    parts: &PartialRequest,
    _: &RuleContext<'_>,
    issues: &mut Vec<UnlocatedFinding>,
) {
    for (index, approver) in each_approver(parts) {
        let role = if parts.from.as_ref() == Some(approver) {
            message!("request-role-applicant")
        } else if each_mailbox(parts).any(|(_, mailbox)| mailbox == approver) {
            message!("request-role-mailbox")
        } else {
            continue;
        };
        issues.push(self_approval(approval_key(index, "by"), approver, role));
    }
}

/// Nobody approves what concerns themselves (procedure section 5).
pub(super) fn self_approval(at: YamlPath, approver: &Mailbox, role: Message) -> UnlocatedFinding {
    UnlocatedFinding::error(
        at,
        "self-approval",
        message!("request-self-approval", approver, role),
        message!("request-self-approval-help"),
    )
}

fn approves_once(parts: &PartialRequest, _: &RuleContext<'_>, issues: &mut Vec<UnlocatedFinding>) {
    let mut seen: Vec<&Mailbox> = Vec::new();
    for (index, approver) in each_approver(parts) {
        if seen.contains(&approver) {
            issues.push(UnlocatedFinding::error(
                approval_key(index, "by"),
                "approval-twice",
                message!("request-approval-twice", approver),
                message!("request-approval-twice-help"),
            ));
        }
        seen.push(approver);
    }
}

fn approval_follows_receipt(
    parts: &PartialRequest,
    _: &RuleContext<'_>,
    issues: &mut Vec<UnlocatedFinding>,
) {
    let Some(received) = parts.received_date else { return };
    for (index, approval) in parts.approvals.iter().enumerate() {
        if let Some(approved) = approval.date.filter(|day| *day < received) {
            issues.push(UnlocatedFinding::error(
                approval_key(index, "date"),
                "approval-before-receipt",
                message!("request-approval-before-receipt", approved, received),
                message!("request-approval-before-receipt-help"),
            ));
        }
    }
}

fn withdraws_another(
    parts: &PartialRequest,
    _: &RuleContext<'_>,
    issues: &mut Vec<UnlocatedFinding>,
) {
    let same = |id: &RequestId| Some(id) == parts.id.as_ref();
    if parts.withdraws.as_ref().is_some_and(same) {
        issues.push(UnlocatedFinding::error(
            YamlPath::keys("withdraws"),
            "withdraws-itself",
            message!("request-withdraws-itself"),
            message!("request-withdraws-itself-help"),
        ));
    }
}

/// The place of a key of an approval; the index is from zero.
pub fn approval_key(index: usize, key: &str) -> YamlPath {
    YamlPath::keys("approvals").index(index).key(key)
}

fn each_approver(parts: &PartialRequest) -> impl Iterator<Item = (usize, &Mailbox)> {
    let each = parts.approvals.iter().enumerate();
    each.filter_map(|(index, approval)| Some((index, approval.by.as_ref()?)))
}

fn each_mailbox(parts: &PartialRequest) -> impl Iterator<Item = (usize, &Mailbox)> {
    parts
        .mailboxes
        .iter()
        .flatten()
        .enumerate()
        .filter_map(|(index, mailbox)| Some((index, mailbox.as_ref()?)))
}
