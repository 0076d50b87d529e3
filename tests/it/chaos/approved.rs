//! The approved state on a day, computed without arkib's code: day by day, each request that takes
//! effect replaces earlier ones.

use std::collections::BTreeMap;
use std::sync::Arc;

use arkib::domain::archive_state::Target;
use arkib::domain::request::{Action, Request};
use jiff::civil::{Date, date};

/// For each mailbox the approved state, and its request.
pub type Approved = BTreeMap<String, (&'static str, String)>;

pub fn approved(filed: &[Arc<Request>], as_of: Date) -> Approved {
    let taken_back: Vec<&str> = filed
        .iter()
        .filter(|request| begins(request).is_some_and(|day| day <= as_of))
        .filter_map(|request| match &request.action {
            Action::Withdraw { withdraws } => Some(withdraws.as_str()),
            Action::Change { .. } => None,
        })
        .collect();
    let mut approved = Approved::new();
    let mut today = date(2026, 10, 1);
    while today <= as_of {
        let mut begin: Vec<&Request> = filed
            .iter()
            .map(|request| &**request)
            .filter(|request| begins(request) == Some(today))
            .filter(|request| !taken_back.contains(&request.id.as_str()))
            .collect();
        begin.sort_by_key(|request| (request.approved_on(), request.id.to_string()));
        for request in begin {
            if let Action::Change { target, mailboxes } = &request.action {
                let state = match target {
                    Target::Enabled => "enabled",
                    Target::Terminated => "terminated",
                };
                for named in mailboxes {
                    let by = (state, request.id.to_string());
                    approved.insert(named.mailbox.to_string(), by);
                }
            }
        }
        today = today.tomorrow().unwrap();
    }
    approved
}

/// The effective day; never before the approval, and never without one.
fn begins(request: &Request) -> Option<Date> {
    let approved = request.approved_on()?;
    match request.effective {
        Some(effective) if effective > approved => Some(effective),
        _ => Some(approved),
    }
}
