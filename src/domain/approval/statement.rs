//! The statement that an approver signs: the parsed request as plain text (docs/en/APPROVALS.md). It is the
//! same however the file is written and wherever it is, and differs where anything differs that is done
//! or that was approved. May not know how it is signed. Pure.

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use jiff::civil::Date;

use crate::domain::mailbox_address::Mailbox;
use crate::domain::policy::Policy;
use crate::domain::request::{Action, Evidence, Received, Request, RequestedMailbox};

/// The first line: the version of the format.
pub const FORMAT: &str = "arkib-approval/1";

/// What `approver` signs to approve a request on that day: a line for each value, in a fixed order; the
/// name of a value holds no `:`, its text no line end, and so no two requests have the same statement.
pub fn statement(request: &Request, policy: &Policy, approver: &Mailbox, date: Date) -> String {
    // Every field is named, so that a new one cannot be left out by oversight.
    let Request {
        id,
        // Where the file is makes no difference.
        file: _,
        action,
        received: Received { date: received, channel, reference, from, name, file },
        // Each approver signs for one approval; the others are not part of it.
        approvals: _,
        approval_state: _,
        effective,
        reason,
        evidence,
    } = request;
    let mut lines = Lines(format!("{FORMAT}\n"));
    lines.push("agency", &policy.agency);
    lines.push_some("repository", policy.repository.as_ref());
    lines.push("id", id.as_str());
    lines.push("action", request.action_word());
    match action {
        Action::Change { target: _, mailboxes } => {
            // The line of a mailbox says only where it was read.
            let named = mailboxes.iter().map(|RequestedMailbox { mailbox, line: _ }| mailbox);
            let mut named: Vec<&str> = named.map(Mailbox::as_str).collect();
            named.sort_unstable();
            named.into_iter().for_each(|mailbox| lines.push("mailbox", mailbox));
        }
        Action::Withdraw { withdraws } => lines.push("withdraws", withdraws.as_str()),
    }
    lines.push("received.date", &received.to_string());
    lines.push("received.channel", channel.as_str());
    lines.push("received.reference", reference);
    lines.push_some("received.from", from.as_ref().map(Mailbox::as_str));
    lines.push_some("received.name", name.as_ref());
    lines.push_some("received.file", file.as_ref());
    lines.push_some("effective", effective.map(|day| day.to_string()));
    lines.push_some("reason", reason.as_ref());
    // The digest says all of a document but its name, which is no part of what it says.
    let documents = evidence.iter().map(|Evidence { file: _, sha256, size: _ }| &**sha256);
    let mut documents: Vec<&str> = documents.collect();
    documents.sort_unstable();
    documents.into_iter().for_each(|sha256| lines.push("document", sha256));
    lines.push("approver", approver.as_str());
    lines.push("date", &date.to_string());
    lines.0
}

/// The lines so far.
struct Lines(String);

impl Lines {
    fn push(&mut self, name: &str, value: &str) {
        for part in [name, ": ", &escape_value(value), "\n"] {
            self.0.push_str(part);
        }
    }

    /// A value that may be absent, which is not the same as an empty one.
    fn push_some(&mut self, name: &str, value: Option<impl AsRef<str>>) {
        if let Some(value) = value {
            self.push(name, value.as_ref());
        }
    }
}

/// A value on one line, from which it can be read back.
fn escape_value(value: &str) -> Cow<'_, str> {
    if !value.contains(['\\', '\n', '\t']) {
        return Cow::Borrowed(value);
    }
    Cow::Owned(value.replace('\\', "\\\\").replace('\n', "\\n").replace('\t', "\\t"))
}
