//! Of whom nothing more is to be done, and since when their data may go.

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::approval::Doubts;
use crate::domain::desired;
use crate::domain::desired::Target;
use crate::domain::mailbox::Mailbox;
use crate::domain::request::across::concerned;
use crate::load::reader::Agency;

/// A mailbox whose requests are all closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub(super) struct Due {
    /// The agency's short name.
    pub agency: String,
    /// The mailbox.
    pub mailbox: String,
    /// The ids of its requests and of what withdrew them.
    pub requests: Vec<String>,
    /// The newest day in them.
    pub newest: String,
    /// From this day on its data may go.
    pub from: String,
    /// Whether that day has come.
    pub may_go: bool,
}

/// Every mailbox whose requests are all closed: the archive terminated by one that is due, or all
/// withdrawn, and none that waits; sorted by the day, then by mailbox.
pub(super) fn due(agency: &Agency, as_of: Date, years: u32) -> Vec<Due> {
    let desired = desired::fold(&agency.requests, as_of, &Doubts::new());
    let mut closed: BTreeMap<&Mailbox, (Vec<String>, Option<Date>)> = BTreeMap::new();
    for request in &agency.requests {
        let approved = request.approval.as_ref().map(|it| it.date);
        let newest = [Some(request.received.date), approved, request.effective];
        let newest = newest.into_iter().max().flatten();
        for named in concerned(request, &agency.requests) {
            let (ids, day) = closed.entry(&named.mailbox).or_default();
            ids.push(request.id.to_string());
            *day = newest.max(*day);
        }
    }
    let waiting = desired.pending.iter().chain(&desired.scheduled);
    for request in waiting {
        for named in concerned(request, &agency.requests) {
            closed.remove(&named.mailbox);
        }
    }
    let is_open = |mailbox: &Mailbox| {
        let wish = desired.wish(mailbox);
        let is_kept = wish.is_some_and(|wish| wish.target == Target::Enabled);
        // What is protected is never terminated, whatever requests say.
        is_kept || agency.policy.protected.contains(mailbox)
    };
    let each = closed.into_iter().filter(|(mailbox, _)| !is_open(mailbox));
    let mut due: Vec<Due> = each
        .filter_map(|(mailbox, (requests, newest))| {
            let newest = newest?;
            let from = newest.checked_add(i64::from(years).years()).ok()?;
            Some(Due {
                agency: agency.policy.agency.clone(),
                mailbox: mailbox.to_string(),
                requests,
                newest: newest.to_string(),
                from: from.to_string(),
                may_go: from <= as_of,
            })
        })
        .collect();
    due.sort_by(|a, b| (&a.from, &a.mailbox).cmp(&(&b.from, &b.mailbox)));
    due
}
