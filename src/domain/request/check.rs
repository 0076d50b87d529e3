//! From a draft to a request: reads every value, then asks every rule. Pure.

use std::sync::Arc;

use jiff::civil::Date;

use super::draft::RequestDraft;
use super::{Action, Approval, Channel, Named, Received, Request, RequestId, evidence, rules};
use crate::domain::fields::Fields;
use crate::domain::mailbox::Mailbox;
use crate::domain::request::parts::{MAX_MAILBOXES, Origin, Parts, VERBS, Verb};
use crate::yaml::{Issue, Path};

/// Checks a draft.
///
/// # Errors
/// All issues of the file.
pub fn check(draft: &RequestDraft, origin: &Origin<'_>) -> Result<Request, Vec<Issue>> {
    let mut fields = Fields::default();
    fields.version(&draft.version);
    let parts = read(draft, &mut fields);
    let effective = fields.date(&draft.effective, "effective");
    let reason = draft
        .reason
        .as_ref()
        .and_then(|text| fields.text(text, "reason", 2000));
    let evidence = evidence::read(draft.evidence.as_deref(), &mut fields);
    let mut issues = fields.issues;
    for rule in rules::RULES {
        rule(&parts, origin, &mut issues);
    }
    if !issues.is_empty() {
        return Err(issues);
    }
    // Without an issue every part is there; a part that is not would be a rule forgotten.
    let built = build(parts, draft.approval.is_some(), effective, reason, origin);
    let built = built.map(|request| Request {
        evidence,
        ..request
    });
    built.ok_or_else(|| {
        vec![Issue::error(
            Path::root(),
            "incomplete",
            "the request is incomplete",
            "compare it with `arkib schema request`",
        )]
    })
}

/// What is right and yet deserves a second look.
pub fn warnings(request: &Request) -> Vec<Issue> {
    let approved = request.approval.as_ref().map(|approval| approval.date);
    match (request.effective, approved) {
        (Some(effective), Some(approved)) if effective < approved => vec![Issue::warning(
            Path::keys("effective"),
            "effective-before-approval",
            format!(
                "the request is to take effect on {effective}, before its approval on {approved}"
            ),
            "it counts from its approval on; leave `effective` out if that is what is meant",
        )],
        _ => Vec::new(),
    }
}

fn read(draft: &RequestDraft, fields: &mut Fields) -> Parts {
    let own_id = fields
        .required(&draft.id, "id")
        .and_then(|text| id(&text.0, "id", fields));
    let verb = fields
        .required(&draft.action, "action")
        .and_then(|text| fields.word(text, Path::keys("action"), "unknown-action", &VERBS));
    let mailboxes = draft.mailboxes.as_ref().map(|texts| {
        let at = Path::keys("mailboxes");
        texts
            .iter()
            .take(MAX_MAILBOXES + 1)
            .enumerate()
            .map(|(index, text)| fields.mailbox(text, || at.index(index)))
            .collect()
    });
    let withdraws = draft
        .withdraws
        .as_ref()
        .and_then(|text| id(&text.0, "withdraws", fields));
    let mut parts = Parts {
        id: own_id,
        verb,
        mailboxes,
        withdraws,
        has_withdraws: draft.withdraws.is_some(),
        received_date: None,
        channel: None,
        reference: None,
        from: None,
        approver: None,
        approval_date: None,
    };
    if let Some(received) = fields.required(&draft.received, "received") {
        fields.required(&received.date, "received.date");
        parts.received_date = fields.date(&received.date, "received.date");
        parts.channel = fields
            .required(&received.channel, "received.channel")
            .and_then(|text| {
                let at = Path::keys("received.channel");
                fields.word(text, at, "unknown-channel", &Channel::WORDS)
            });
        parts.reference = fields
            .required(&received.reference, "received.reference")
            .and_then(|text| fields.text(text, "received.reference", 200));
        parts.from = received
            .from
            .as_ref()
            .and_then(|text| fields.mailbox(text, || Path::keys("received.from")));
    }
    if let Some(approval) = &draft.approval {
        parts.approver = fields
            .required(&approval.by, "approval.by")
            .and_then(|text| fields.mailbox(text, || Path::keys("approval.by")));
        fields.required(&approval.date, "approval.date");
        parts.approval_date = fields.date(&approval.date, "approval.date");
    }
    parts
}

fn id(text: &str, key: &str, fields: &mut Fields) -> Option<RequestId> {
    let id = RequestId::parse(text);
    if id.is_none() {
        fields.issue(
            Path::keys(key),
            "bad-id",
            format!(
                "found `{}`, expected 1 to 64 letters, digits, `.`, `_` or `-`",
                crate::text::excerpt(text, 80)
            ),
            "choose an id such as BMT-2026-0042, and name the file after it",
        );
    }
    id
}

fn build(
    parts: Parts,
    approved: bool,
    effective: Option<Date>,
    reason: Option<String>,
    origin: &Origin<'_>,
) -> Option<Request> {
    let action = match parts.verb? {
        Verb::Withdraw => Action::Withdraw {
            withdraws: parts.withdraws?,
        },
        Verb::Change(target) => {
            let mailboxes: Option<Vec<Mailbox>> = parts.mailboxes?.into_iter().collect();
            Action::Change {
                target,
                mailboxes: with_lines(mailboxes?, origin.text),
            }
        }
    };
    let approval = match (approved, parts.approver, parts.approval_date) {
        (false, ..) => None,
        (true, Some(by), Some(date)) => {
            let known = origin.policy.map_or(&[][..], |policy| &policy.approvers);
            let by = stored_once(by, known.iter());
            Some(Approval { by, date })
        }
        (true, ..) => return None,
    };
    let named = match &action {
        Action::Change { mailboxes, .. } => &mailboxes[..],
        Action::Withdraw { .. } => &[],
    };
    let named = named.iter().take(1).map(|named| &named.mailbox);
    let from = parts.from.map(|from| stored_once(from, named));
    Some(Request {
        id: parts.id?,
        file: Arc::clone(origin.file),
        received: Received {
            date: parts.received_date?,
            channel: parts.channel?,
            reference: parts.reference?,
            from,
        },
        action,
        approval,
        effective,
        reason,
        evidence: Vec::new(),
    })
}

/// The address as it is stored already, if it is: there are a hundred thousand requests.
fn stored_once<'a>(address: Mailbox, mut known: impl Iterator<Item = &'a Mailbox>) -> Mailbox {
    known.find(|it| **it == address).cloned().unwrap_or(address)
}

/// The line that names each mailbox: the next one at or below the line before, from the key
/// `mailboxes` on, that holds the address as a word of its own and is no comment.
fn with_lines(mailboxes: Vec<Mailbox>, text: &str) -> Vec<Named> {
    let is_key = |line: &str| {
        line.trim_start_matches(['"', '\''])
            .starts_with("mailboxes")
    };
    let lines = || (1_u32..).zip(text.split('\n'));
    let start = lines().position(|(_, line)| is_key(line)).unwrap_or(0);
    let mut lines = lines().skip(start).peekable();
    let mut current = lines.peek().map_or(1, |(number, _)| *number);
    mailboxes
        .into_iter()
        .map(|mailbox| {
            while let Some((number, line)) = lines.peek() {
                if names(line, &mailbox) {
                    current = *number;
                    break;
                }
                lines.next();
            }
            Named {
                mailbox,
                line: current,
            }
        })
        .collect()
}

fn names(line: &str, mailbox: &Mailbox) -> bool {
    let address = mailbox.as_str();
    // As most lines are written.
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
    fn the_line_of_a_mailbox_is_the_one_that_names_it_whole() {
        let text = "mailboxes:\n  - xsiti@a.example\n  # siti@a.example\n  - Siti@a.example\n  - siti@a.example.example\n";
        let read = |address| Mailbox::parse(address).expect("an address");
        let named = with_lines(
            vec![
                read("xsiti@a.example"),
                read("siti@a.example"),
                read("siti@a.example.example"),
            ],
            text,
        );
        let lines: Vec<u32> = named.iter().map(|named| named.line).collect();
        assert_eq!(lines, [2, 4, 5]);
    }
}
