//! The requests to approve as an approver reads them: what is asked, by whom, what to open, who approved
//! already and what is still missing.

use std::fmt::Write as _;
use std::sync::Arc;

use super::select::ChosenRequest;
use crate::domain::archive_state::Target;
use crate::domain::policy::ApprovalProvenance;
use crate::domain::request::cross_checks::concerned_mailboxes;
use crate::domain::request::evidence::evidence_path;
use crate::domain::request::{Approval, Request};
use crate::text::{escape, plural};

/// The width of a terminal.
const WIDTH: usize = 80;
/// The column of the values.
const INDENT: usize = 14;
/// The most mailboxes to enable that are shown; terminations are all shown.
const MOST_SHOWN: usize = 20;

/// All requests, as text. `approved` are the same with the approval.
pub(super) fn render_requests(chosen: &[ChosenRequest<'_>], approved: &[Arc<Request>]) -> String {
    let each = chosen.iter().zip(approved);
    each.map(|(chosen, approved)| render_request(chosen, approved)).collect()
}

fn render_request(chosen: &ChosenRequest<'_>, approved: &Request) -> String {
    let (request, policy) = (chosen.request, &chosen.agency.policy);
    let mailboxes = concerned_mailboxes(request, &chosen.agency.requests);
    let what = match request.withdraws() {
        Some(withdraws) => format!("withdraw {withdraws}"),
        None => {
            let archives = plural(mailboxes.len(), "archive", "archives");
            format!("{} {archives}", request.action_word())
        }
    };
    let mut fields = Fields(format!("{}: {what} · {}\n", request.id, escape(&policy.agency)));
    let most = match request.target() {
        Some(Target::Enabled) => MOST_SHOWN,
        Some(Target::Terminated) | None => usize::MAX,
    };
    let mut names: Vec<String> =
        mailboxes.iter().take(most).map(|named| named.mailbox.to_string()).collect();
    if mailboxes.len() > names.len() {
        let more = mailboxes.len() - names.len();
        names.push(format!("… and {more} more, all in {}", request.file));
    }
    fields.push_lines("mailboxes", names);
    if policy.provenance == ApprovalProvenance::Signed {
        fields.push_some("repository", policy.repository.as_ref());
    }
    let received = &request.received;
    fields.push("received", &format!("{} by {}", received.date, received.channel.as_str()));
    fields.push("reference", &received.reference);
    fields.push_some("applicant", received.from.as_ref());
    fields.push_some("name", received.name_line());
    fields.push_some("own file", received.file.as_ref());
    fields.push_some("not before", request.effective);
    fields.push_some("reason", request.reason.as_ref());
    let documents = request.evidence.iter().map(|document| {
        let path = evidence_path(&request.file, document);
        format!("{path} ({}, unchanged)", plural(document.size, "byte", "bytes"))
    });
    fields.push_lines("to open", documents.collect());
    fields.push_lines("approved by", approval_lines(request));
    fields.push_some("replaces", chosen.without_own.as_ref().map(|without| &without.why));
    fields.push("with yours", &state_after(chosen, approved));
    fields.0 + "\n"
}

/// Who approved already.
fn approval_lines(request: &Request) -> Vec<String> {
    let line = |approval: &Approval| format!("{} on {}", approval.by, approval.date);
    request.approvals.iter().map(line).collect()
}

/// The state of a request with the approval, and which of others do not count.
pub(super) fn state_after(chosen: &ChosenRequest<'_>, approved: &Request) -> String {
    let mut state = match approved.missing_approvals() {
        Some(missing) => format!("it {missing}"),
        None => "it has all its approvals".to_owned(),
    };
    for reason in chosen.unverified() {
        let _ = write!(state, "; but {reason}; let {} approve it again", reason.approver);
    }
    state
}

/// Lines of a name and a value.
struct Fields(String);

impl Fields {
    fn push(&mut self, name: &str, value: &str) {
        self.push_lines(name, value.lines().map(str::to_owned).collect());
    }

    fn push_some(&mut self, name: &str, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.push(name, &value.to_string());
        }
    }

    fn push_lines(&mut self, name: &str, values: Vec<String>) {
        let lines = values.iter().flat_map(|value| wrap(&escape(value), WIDTH - INDENT));
        for (index, line) in lines.enumerate() {
            let name = if index == 0 { name } else { "" };
            let _ = writeln!(self.0, "  {name:<width$}{line}", width = INDENT - 2);
        }
    }
}

/// A text in lines of at most so many characters, but for longer words.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let last = lines.last().map_or(0, |line| line.chars().count());
        if last > 0 && last + 1 + word.chars().count() > width {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_between_words() {
        assert_eq!(wrap("peti mel melebihi kuota", 9), ["peti mel", "melebihi", "kuota"]);
        assert_eq!(wrap("a/long/path/of/a/file.pdf x", 9), ["a/long/path/of/a/file.pdf", "x"]);
        assert_eq!(wrap("", 9), [""]);
    }
}
