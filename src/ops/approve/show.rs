//! The requests to approve as an approver reads them: what is asked, by whom, what to open, who approved
//! already and what is still missing.

use std::iter;
use std::sync::Arc;

use super::select::ChosenRequest;
use crate::domain::archive_state::Target;
use crate::domain::policy::ApprovalProvenance;
use crate::domain::request::cross_checks::concerned_mailboxes;
use crate::domain::request::evidence::evidence_path;
use crate::domain::request::{Approval, Request};
use crate::language::Message;
use crate::output::fields::Fields;
use crate::printer;
use crate::printer::text;
use crate::text::escape;

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
        Some(withdraws) => {
            let mut all = chosen.agency.requests.iter();
            let withdrawn = all.find(|other| other.id == *withdraws);
            let action = withdrawn.map(|withdrawn| Message::from_word(withdrawn.action_word()));
            let action = action.unwrap_or_default();
            text!("approve-withdraw", withdraws = withdraws.as_str(), action)
        }
        None => {
            let action = Message::from_word(request.action_word());
            text!("approve-change", action, count = mailboxes.len())
        }
    };
    let mut fields =
        Fields::new(INDENT, &format!("{}: {what} · {}", request.id, escape(&policy.agency)));
    let most = match request.target() {
        Some(Target::Enabled) => MOST_SHOWN,
        Some(Target::Terminated) | None => usize::MAX,
    };
    let mut names: Vec<String> =
        mailboxes.iter().take(most).map(|named| named.mailbox.to_string()).collect();
    if mailboxes.len() > names.len() {
        let more = mailboxes.len() - names.len();
        names.push(text!("approve-and-more", more, file = &*request.file));
    }
    fields.push_lines(&text!("approve-label-mailboxes"), names);
    if policy.provenance == ApprovalProvenance::Signed {
        fields.push_some(&text!("approve-label-repository"), policy.repository.as_ref());
    }
    let received = &request.received;
    let channel = Message::from_word(received.channel.as_str());
    let by = text!("approve-received-by", day = received.date, channel);
    fields.push(&text!("approve-label-received"), &by);
    fields.push(&text!("approve-label-reference"), &received.reference);
    fields.push_some(&text!("approve-label-applicant"), received.from.as_ref());
    fields.push_some(&text!("approve-label-name"), received.name_line());
    fields.push_some(&text!("approve-label-file"), received.file.as_ref());
    fields.push_some(&text!("approve-label-effective"), request.effective);
    fields.push_some(&text!("approve-label-reason"), request.reason.as_ref());
    let documents = request.evidence.iter().map(|document| {
        let path = evidence_path(&request.file, document);
        let size = usize::try_from(document.size).unwrap_or(usize::MAX);
        text!("approve-document", path, size)
    });
    fields.push_lines(&text!("approve-label-documents"), documents.collect());
    fields.push_lines(&text!("approve-label-approved"), approval_lines(request));
    let replaced = chosen.without_own.as_ref().map(|without| printer::render(&without.why));
    fields.push_some(&text!("approve-label-replaces"), replaced);
    let state = printer::render(&state_after(chosen, approved));
    fields.push(&text!("approve-label-state"), &state);
    fields.text() + "\n"
}

/// Who approved already.
fn approval_lines(request: &Request) -> Vec<String> {
    let line = |approval: &Approval| {
        text!("approve-approved-on", by = approval.by.as_str(), day = approval.date)
    };
    request.approvals.iter().map(line).collect()
}

/// The state of a request with the approval, and which of others do not count.
pub(super) fn state_after(chosen: &ChosenRequest<'_>, approved: &Request) -> Message {
    let state = match approved.missing_approvals() {
        Some(missing) => message!("approve-state-missing", missing = missing.describe()),
        None => message!("approve-state-complete"),
    };
    let unverified = chosen.unverified().map(|reason| {
        let approver = reason.approver.as_str();
        message!("approve-state-unverified", reason = reason.describe(), approver)
    });
    Message::joined(iter::once(state).chain(unverified), "; ")
}
