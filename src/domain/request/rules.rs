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
            format!(
                "found the id `{id}` in a file named `{}.yaml`, expected the same name",
                excerpt(origin.stem, 80)
            ),
            format!("rename the file to `{id}.yaml`, or correct the id"),
        ));
    }
}

fn names_what_its_action_needs(
    parts: &PartialRequest,
    _: &RuleContext<'_>,
    issues: &mut Vec<UnlocatedFinding>,
) {
    let mut issue = |key: &str, kind, message: &str, help: &str| {
        issues.push(UnlocatedFinding::error(YamlPath::keys(key), kind, message, help));
    };
    match (parts.verb, &parts.mailboxes) {
        (Some(ActionKind::Withdraw), Some(_)) => issue(
            "mailboxes",
            "withdraw-with-mailboxes",
            "found mailboxes in a withdrawal, which withdraws a whole request",
            "delete `mailboxes`; to keep some of them, file a new request for those",
        ),
        (Some(ActionKind::Change(_)), None) => issue(
            "mailboxes",
            "missing-key",
            "the key `mailboxes` is missing",
            "add `mailboxes:` and below it one `- address` a line",
        ),
        (Some(ActionKind::Change(_)), Some(list)) if list.is_empty() => issue(
            "mailboxes",
            "no-mailboxes",
            "found an empty list, expected at least one mailbox",
            "name the mailboxes, one `- address` a line",
        ),
        (Some(ActionKind::Change(_)), Some(list)) if list.len() > MAX_MAILBOXES => issue(
            "mailboxes",
            "too-many-mailboxes",
            "found more than ten thousand mailboxes in one request",
            "split the request into several files",
        ),
        _ => {}
    }
    match (parts.verb, parts.has_withdraws) {
        (Some(ActionKind::Withdraw), false) => issue(
            "withdraws",
            "missing-key",
            "the key `withdraws` is missing",
            "add `withdraws: ID` with the id of the request that is withdrawn",
        ),
        (Some(ActionKind::Change(_)), true) => issue(
            "withdraws",
            "withdraws-without-withdraw",
            "found `withdraws` in a request that is not a withdrawal",
            "write `action: withdraw`, or delete the key",
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
                format!("found `{mailbox}` a second time; it is already entry {}", first + 1),
                "delete one of the two",
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
                format!(
                    "`{mailbox}` does not belong to this agency, whose domains are {}",
                    policy.domains.join(", ")
                ),
                "correct the address; mailboxes of another agency belong in that agency's folder",
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
    let mut issue = |kind, message: String, help: &str| {
        issues.push(UnlocatedFinding::error(YamlPath::keys("received.name"), kind, message, help));
    };
    let lines = name.trim().lines().count();
    if lines > NAME_LINES {
        issue(
            "too-many-lines",
            format!("found {lines} lines, expected at most {NAME_LINES}"),
            "write the name, and below it post, office and address",
        );
    }
    let users = parts.mailboxes.as_ref().map_or(0, Vec::len);
    if !parts.has_from && users != 1 {
        issue(
            "name-of-nobody",
            "found a name, but neither an applicant nor a single mailbox that it could belong to"
                .to_owned(),
            "add `from: …` with the applicant's address, or delete the name",
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
            format!("`{approver}` may not approve: the policy does not name this approver"),
            "let one of the policy's approvers approve, or first add this one to the policy, in a separate change (to `former_approvers` if they no longer approve)",
        ));
    }
}

fn approver_is_not_concerned(
    parts: &PartialRequest,
    _: &RuleContext<'_>,
    issues: &mut Vec<UnlocatedFinding>,
) {
    for (index, approver) in each_approver(parts) {
        let why = if parts.from.as_ref() == Some(approver) {
            "is the applicant"
        } else if each_mailbox(parts).any(|(_, mailbox)| mailbox == approver) {
            "is one of the mailboxes"
        } else {
            continue;
        };
        issues.push(self_approval(approval_key(index, "by"), approver, why));
    }
}

/// Nobody approves what concerns themselves (procedure section 5).
pub(super) fn self_approval(at: YamlPath, approver: &Mailbox, why: &str) -> UnlocatedFinding {
    UnlocatedFinding::error(
        at,
        "self-approval",
        format!("`{approver}` approves, but {why}"),
        "let another of the policy's approvers approve this request",
    )
}

fn approves_once(parts: &PartialRequest, _: &RuleContext<'_>, issues: &mut Vec<UnlocatedFinding>) {
    let mut seen: Vec<&Mailbox> = Vec::new();
    for (index, approver) in each_approver(parts) {
        if seen.contains(&approver) {
            issues.push(UnlocatedFinding::error(
                approval_key(index, "by"),
                "approval-twice",
                format!("`{approver}` approves a second time"),
                "delete one of the two; each approval is by another person",
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
                format!("found the approval on {approved}, before the receipt on {received}"),
                "correct one of the two days",
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
            "the request withdraws itself",
            "name the request that is withdrawn",
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
