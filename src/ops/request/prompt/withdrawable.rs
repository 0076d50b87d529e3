//! The requests that can be withdrawn, the newest first.

use std::sync::Arc;

use crate::domain::agency::Agency;
use crate::domain::request::{Request, RequestId};
use crate::domain::written_date::written_day;
use crate::language::Message;
use crate::ops::filing::candidate::agency_with_request;
use crate::ops::filing::prompter::{Prompter, Unanswered};
use crate::printer::text;

/// Lets the clerk choose one; there is at least one.
pub(super) fn choose(
    dialogue: &mut dyn Prompter,
    agencies: &[Agency],
    known: Option<&RequestId>,
) -> Result<RequestId, Unanswered> {
    let requests = find(agencies);
    let lines: Vec<String> = requests.iter().map(|request| describe(request)).collect();
    let start = requests.iter().position(|request| Some(&request.id) == known).unwrap_or(0);
    let chosen = dialogue.choose(&text!("request-ask-withdrawn"), &lines, start)?;
    requests.get(chosen).map(|request| request.id.clone()).ok_or(Unanswered::Stopped)
}

/// The requests that enable or terminate, that no approved request withdraws and whose id is clear.
pub(crate) fn find(agencies: &[Agency]) -> Vec<&Arc<Request>> {
    let mut found: Vec<&Arc<Request>> = Vec::new();
    for agency in agencies {
        let withdrawn: Vec<&RequestId> = agency
            .requests
            .iter()
            .filter(|request| request.approved_on().is_some())
            .filter_map(|request| request.withdraws())
            .collect();
        let can_be = |request: &&Arc<Request>| {
            request.target().is_some()
                && !withdrawn.contains(&&request.id)
                && agency_with_request(&request.id, agencies).is_ok()
        };
        found.extend(agency.requests.iter().filter(can_be));
    }
    found.sort_by(|one, other| (other.received.date, &other.id).cmp(&(one.received.date, &one.id)));
    found
}

/// "BMT-2026-0042 · 2/11/2026 · enable siti@agensi.example and 2 more".
fn describe(request: &Request) -> String {
    let action = Message::from_word(request.action_word());
    let first = request.mailboxes().first();
    let first = first.map_or_else(String::new, |named| named.mailbox.to_string());
    let mailboxes = match request.mailboxes().len() {
        0 | 1 => first,
        count => text!("request-first-and-more", first, count = count - 1),
    };
    let day = written_day(request.received.date);
    let id = request.id.as_str();
    match request.approved_on() {
        Some(_) => text!("request-withdrawable", id, action, mailboxes, day),
        None => text!("request-withdrawable-pending", id, action, mailboxes, day),
    }
}
