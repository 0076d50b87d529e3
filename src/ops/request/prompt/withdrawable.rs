//! The requests that can be withdrawn: those that are not done, then the others, the newest first.

use std::cmp::Reverse;
use std::sync::Arc;

use crate::domain::agency::Agency;
use crate::domain::observed::Observed;
use crate::domain::request::new_request::warnings::is_met;
use crate::domain::request::{Request, RequestId};
use crate::domain::written_date::written_day;
use crate::language::Message;
use crate::ops::filing::candidate::request_with_id;
use crate::ops::filing::prompter::{Prompter, Unanswered};
use crate::printer::text;

/// Lets the clerk choose one; there is at least one.
pub(super) fn choose(
    dialogue: &mut dyn Prompter,
    (agencies, roster): (&[Agency], Option<&Observed>),
    known: Option<&RequestId>,
) -> Result<RequestId, Unanswered> {
    let requests = find(agencies, roster);
    let lines: Vec<String> = requests.iter().map(|request| describe(request, roster)).collect();
    let start = requests.iter().position(|request| Some(&request.id) == known).unwrap_or(0);
    let chosen = dialogue.choose(&text!("request-ask-withdrawn"), &lines, start)?;
    requests.get(chosen).map(|request| request.id.clone()).ok_or(Unanswered::Stopped)
}

/// The requests that enable or terminate, that no approved request withdraws and whose id is clear.
pub(crate) fn find<'a>(agencies: &'a [Agency], roster: Option<&Observed>) -> Vec<&'a Arc<Request>> {
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
                && request_with_id(&request.id, agencies).is_ok()
        };
        found.extend(agency.requests.iter().filter(can_be));
    }
    found.sort_by_cached_key(|request| {
        (state(request, roster) == "done", Reverse((request.received.date, request.id.clone())))
    });
    found
}

/// Whether it waits for approval, or the portal has it as it asks.
fn state(request: &Request, roster: Option<&Observed>) -> &'static str {
    match request.approved_on() {
        None => "pending",
        Some(_) if roster.is_some_and(|roster| is_met(request, roster)) => "done",
        Some(_) => "open",
    }
}

/// "BMT-2026-0042 · 2/11/2026 · enable siti@agensi.example and 2 more".
fn describe(request: &Request, roster: Option<&Observed>) -> String {
    let action = Message::from_word(request.action_word());
    let first = request.mailboxes().first();
    let first = first.map_or_else(String::new, |named| named.mailbox.to_string());
    let mailboxes = match request.mailboxes().len() {
        0 | 1 => first,
        count => text!("request-first-and-more", first, count = count - 1),
    };
    let day = written_day(request.received.date);
    let (id, state) = (request.id.as_str(), state(request, roster));
    text!("request-withdrawable", id, action, mailboxes, day, state)
}
