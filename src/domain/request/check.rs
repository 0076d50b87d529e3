//! Turns a draft into a request: validates every value, then checks every rule. Pure.

use std::sync::Arc;

use super::approval_state::approval_state;
use super::portable_name::part_fault;
use super::raw::{RawApproval, RawRequest};
use super::rules::{
    ActionKind, MAX_MAILBOXES, PartialApproval, PartialRequest, RULES, RuleContext, VERBS,
    approval_key,
};
use super::{Action, Approval, Channel, Received, Request, RequestId, RequestedMailbox, evidence};
use crate::domain::field_validator::FieldValidator;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::policy::required_approvals::MAX_APPROVALS;
use crate::signature::MAX_SIGNATURE;
use crate::yaml::{Text, UnlocatedFinding, YamlPath};

/// Checks a draft, or gives all issues of the file.
pub fn check(
    draft: &RawRequest,
    origin: &RuleContext<'_>,
) -> Result<Request, Vec<UnlocatedFinding>> {
    let mut fields = FieldValidator::default();
    fields.check_version(&draft.version);
    let parts = validate_fields(draft, &mut fields);
    let mut issues = fields.issues;
    for rule in RULES {
        rule(&parts, origin, &mut issues);
    }
    if !issues.is_empty() {
        return Err(issues);
    }
    // Without an issue every part is there, unless a rule is missing.
    build_request(parts, origin).ok_or_else(|| {
        let help = message!("request-incomplete-help");
        let why = message!("request-incomplete");
        vec![UnlocatedFinding::error(YamlPath::root(), "incomplete", why, help)]
    })
}

/// A warning about a request that is valid but may not be what was meant.
pub fn find_warning(request: &Request) -> Option<UnlocatedFinding> {
    let approved = request.approved_on();
    let (Some(effective), Some(approved)) = (request.effective, approved) else {
        return None;
    };
    (effective < approved).then(|| {
        UnlocatedFinding::warning(
            YamlPath::keys("effective"),
            "effective-before-approval",
            message!("request-effective-early", effective, approved),
            message!("request-effective-early-help"),
        )
    })
}

fn validate_fields(draft: &RawRequest, fields: &mut FieldValidator) -> PartialRequest {
    let mut parts = PartialRequest {
        id: fields.required(&draft.id, "id").and_then(|text| validate_id(text, "id", fields)),
        verb: fields.required(&draft.action, "action").and_then(|text| {
            fields.validate_choice(text, YamlPath::keys("action"), "unknown-action", &VERBS)
        }),
        mailboxes: draft.mailboxes.as_ref().map(|texts| {
            let at = YamlPath::keys("mailboxes");
            let texts = texts.iter().take(MAX_MAILBOXES + 1).enumerate();
            texts.map(|(index, text)| fields.validate_mailbox(text, || at.index(index))).collect()
        }),
        withdraws: draft.withdraws.as_ref().and_then(|text| validate_id(text, "withdraws", fields)),
        has_withdraws: draft.withdraws.is_some(),
        ..PartialRequest::default()
    };
    if let Some(received) = fields.required(&draft.received, "received") {
        fields.required(&received.date, "received.date");
        parts.received_date = fields.validate_date(&received.date, "received.date");
        parts.channel = fields.required(&received.channel, "received.channel").and_then(|text| {
            let at = YamlPath::keys("received.channel");
            fields.validate_choice(text, at, "unknown-channel", &Channel::WORDS)
        });
        parts.reference = fields
            .required(&received.reference, "received.reference")
            .and_then(|text| fields.validate_text(text, "received.reference", 200));
        parts.from = received
            .from
            .as_ref()
            .and_then(|text| fields.validate_mailbox(text, || YamlPath::keys("received.from")));
        parts.has_from = received.from.is_some();
        parts.name = fields.validate_optional_text(&received.name, "received.name", 400);
        parts.file = fields.validate_optional_text(&received.file, "received.file", 200);
    }
    let approvals = draft.approvals.iter().flatten().take(MAX_APPROVALS + 1).enumerate();
    parts.approvals =
        approvals.map(|(index, approval)| validate_approval(approval, index, fields)).collect();
    let count = parts.approvals.len();
    if draft.approvals.is_some() && !(1..=MAX_APPROVALS).contains(&count) {
        let found = message!("request-approvals-count", count, most = MAX_APPROVALS);
        let help = message!("request-approvals-count-help");
        fields.add_issue(YamlPath::keys("approvals"), "number-of-approvals", found, help);
    }
    parts.effective = fields.validate_date(&draft.effective, "effective");
    parts.reason = fields.validate_optional_text(&draft.reason, "reason", 2000);
    parts.evidence = evidence::validate(draft.evidence.as_deref(), fields);
    parts
}

fn validate_approval(
    draft: &RawApproval,
    index: usize,
    fields: &mut FieldValidator,
) -> PartialApproval {
    let at = |key| approval_key(index, key);
    let by = fields.required_at(&draft.by, || at("by"), "by");
    let date = fields.required_at(&draft.date, || at("date"), "date");
    PartialApproval {
        by: by.and_then(|text| fields.validate_mailbox(text, || at("by"))),
        date: date.and_then(|text| fields.validate_date_at(text, || at("date"))),
        signature: draft.signature.as_ref().and_then(|text| {
            fields.validate_text_at(text, || at("signature"), MAX_SIGNATURE).map(Into::into)
        }),
    }
}

fn validate_id(Text(text): &Text, key: &str, fields: &mut FieldValidator) -> Option<RequestId> {
    let fault = part_fault(text);
    let id = RequestId::parse(text).filter(|_| fault.is_none());
    if id.is_none() {
        let text = crate::text::excerpt(text, 80);
        let message = match fault {
            Some(fault) => message!("request-id-fault", text, fault),
            None => message!("request-id", text),
        };
        fields.add_issue(YamlPath::keys(key), "bad-id", message, message!("request-id-help"));
    }
    id
}

fn build_request(parts: PartialRequest, origin: &RuleContext<'_>) -> Option<Request> {
    let action = match parts.verb? {
        ActionKind::Withdraw => Action::Withdraw { withdraws: parts.withdraws? },
        ActionKind::Change(target) => {
            let mailboxes: Option<Vec<Mailbox>> = parts.mailboxes?.into_iter().collect();
            Action::Change { target, mailboxes: locate_mailboxes(mailboxes?, origin.text) }
        }
    };
    let known = origin.policy.map_or(&[][..], |policy| &policy.approvers);
    let approvals = parts.approvals.into_iter().map(|approval| {
        Some(Approval {
            by: intern_address(approval.by?, known.iter()),
            date: approval.date?,
            signature: approval.signature,
        })
    });
    let approvals: Vec<Approval> = approvals.collect::<Option<_>>()?;
    let is_concerned = |approver: &Mailbox| {
        parts.from.as_ref() == Some(approver)
            || matches!(&action, Action::Change { mailboxes, .. } if mailboxes.iter().any(|named| named.mailbox == *approver))
    };
    let target = match &action {
        Action::Change { target, .. } => Some(*target),
        Action::Withdraw { .. } => None,
    };
    let approval_state = approval_state(&approvals, target, origin.policy, is_concerned);
    let mut request = Request {
        id: parts.id?,
        file: Arc::clone(origin.file),
        received: Received {
            date: parts.received_date?,
            channel: parts.channel?,
            reference: parts.reference?,
            from: None,
            name: parts.name,
            file: parts.file,
        },
        action,
        approvals,
        approval_state,
        effective: parts.effective,
        reason: parts.reason,
        evidence: parts.evidence,
    };
    let first = request.mailboxes().iter().take(1);
    let first = first.map(|named| &named.mailbox);
    request.received.from = parts.from.map(|from| intern_address(from, first));
    Some(request)
}

/// The address, shared with one that is already stored: there may be a hundred thousand requests.
fn intern_address<'a>(address: Mailbox, mut known: impl Iterator<Item = &'a Mailbox>) -> Mailbox {
    let stored = known.find(|mailbox| **mailbox == address);
    stored.cloned().unwrap_or(address)
}

/// The line that names each mailbox: the next line after the key `mailboxes`, at or below the line of
/// the mailbox before, that contains the whole address and is not a comment.
fn locate_mailboxes(mailboxes: Vec<Mailbox>, text: &str) -> Vec<RequestedMailbox> {
    let is_key = |line: &str| line.trim_start_matches(['"', '\'']).starts_with("mailboxes");
    let lines = || (1_u32..).zip(text.split('\n'));
    let start = lines().position(|(_, line)| is_key(line)).unwrap_or(0);
    let mut lines = lines().skip(start).peekable();
    let mut current = lines.peek().map_or(1, |(number, _)| *number);
    mailboxes
        .into_iter()
        .map(|mailbox| {
            while let Some((number, line)) = lines.peek() {
                if line_names_mailbox(line, &mailbox) {
                    current = *number;
                    break;
                }
                lines.next();
            }
            RequestedMailbox { mailbox, line: current }
        })
        .collect()
}

fn line_names_mailbox(line: &str, mailbox: &Mailbox) -> bool {
    let address = mailbox.as_str();
    // Most lines are written like this.
    let bytes = line.as_bytes().trim_ascii();
    if bytes.strip_prefix(b"- ") == Some(address.as_bytes()) {
        return true;
    }
    if line.len() < address.len() || line.trim_start().starts_with('#') {
        return false;
    }
    let folded;
    let line = if line.contains(address) {
        line
    } else {
        folded = line.to_ascii_lowercase();
        &folded
    };
    let goes_on = |byte: Option<&u8>| {
        byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || b".@-_+%/=".contains(byte))
    };
    line.match_indices(address).any(|(at, _)| {
        let bytes = line.as_bytes();
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        !goes_on(before) && !goes_on(bytes.get(at + address.len()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_line_that_names_a_mailbox() {
        let text = "mailboxes:\n  - xsiti@a.example\n  # siti@a.example\n  - Siti@a.example\n  - siti@a.example.example\n";
        let read = |address| Mailbox::parse(address).expect("an address");
        let named = locate_mailboxes(
            vec![read("xsiti@a.example"), read("siti@a.example"), read("siti@a.example.example")],
            text,
        );
        let lines: Vec<u32> = named.iter().map(|named| named.line).collect();
        assert_eq!(lines, [2, 4, 5]);
    }
}
