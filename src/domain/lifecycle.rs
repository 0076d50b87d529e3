//! The lifecycle of each request, from receipt until it is done (procedure section 4). It is what
//! `arkib status` shows, the register lists and notices report. Pure.

mod mailbox;
mod stage;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use self::mailbox::MailboxLifecycleBuilder;
use crate::domain::approval::verification::UnverifiedReason;
use crate::domain::desired::Desired;
use crate::domain::local_time::{days_between, local_day};
use crate::domain::observed::Observed;
use crate::domain::plan::Plan;
use crate::domain::record::history::History;
use crate::domain::request::{Action, Request, RequestId};

pub use mailbox::MailboxLifecycle;
pub use stage::Stage;

/// The lifecycle of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestLifecycle {
    /// The request.
    pub request: Arc<Request>,
    /// How far it has come: the most urgent of its mailboxes.
    pub stage: Stage,
    /// Its mailboxes, in the order of the file; a withdrawal has none.
    pub mailboxes: Vec<MailboxLifecycle>,
    /// The request that withdrew it.
    pub withdrawn_by: Option<RequestId>,
    /// For a withdrawal, the request that it withdraws, if known.
    pub withdraws: Option<Arc<Request>>,
    /// Why an approval does not count, while it is pending or scheduled.
    pub unverified: Option<UnverifiedReason>,
}

impl RequestLifecycle {
    /// The day on which its last mailbox was done, also if it was withdrawn after all were. `None` until all
    /// mailboxes are done that no other request decides, and if one moment is unknown.
    pub fn done_on(&self) -> Option<Date> {
        if let Action::Withdraw { .. } = self.request.action {
            return self.request.effect_day().filter(|_| self.stage == Stage::Done);
        }
        let done = self.mailboxes.iter().filter(|mailbox| match self.stage {
            Stage::Done => mailbox.stage == Stage::Done,
            Stage::Withdrawn => true,
            _ => false,
        });
        let moments: Option<Vec<Timestamp>> = done.map(|mailbox| mailbox.done_at).collect();
        moments?.into_iter().max().map(local_day)
    }

    /// The days from receipt until it was done, if known; 0 for a request entered afterwards.
    pub fn days_to_done(&self) -> Option<i32> {
        let done = self.done_on()?;
        Some(days_between(self.request.received.date, done).max(0))
    }

    /// The days since receipt, while it is open.
    pub fn age_in_days(&self, as_of: Date) -> Option<i32> {
        let open = self.stage.is_open();
        open.then(|| days_between(self.request.received.date, as_of).max(0))
    }
}

/// Everything that is known about an agency's requests.
#[derive(Clone, Copy)]
pub struct LifecycleInput<'a> {
    /// All requests.
    pub requests: &'a [Arc<Request>],
    /// Their desired state.
    pub desired: &'a Desired,
    /// What the portal has, and the plan; if missing, only the records say what was done.
    pub portal: Option<(&'a Observed, &'a Plan)>,
    /// The history from the records of runs.
    pub history: &'a History,
}

/// The lifecycle of every request, in the given order.
pub fn request_lifecycles(known: &LifecycleInput<'_>) -> Vec<RequestLifecycle> {
    let each = known.requests.iter();
    let by_id: HashMap<&RequestId, &Arc<Request>> =
        each.map(|request| (&request.id, request)).collect();
    let withdrawals = withdrawals_by_withdrawn_id(known);
    let lifecycle_builder =
        MailboxLifecycleBuilder::new(known.desired, known.portal, known.history);
    let lifecycle = |request: &Arc<Request>| {
        let withdrawn_by = withdrawals.get(&request.id).copied().cloned();
        let inactive_stage = inactive_stage(request, known.desired.as_of, withdrawn_by.is_some());
        let named = request.mailboxes().iter();
        let mailboxes: Vec<MailboxLifecycle> = named
            .map(|named| {
                lifecycle_builder.lifecycle_of_mailbox(request, &named.mailbox, inactive_stage)
            })
            .collect();
        let most_urgent = mailboxes.iter().map(|mailbox| mailbox.stage).min();
        let withdraws = request.withdraws().and_then(|id| by_id.get(id));
        RequestLifecycle {
            request: Arc::clone(request),
            stage: inactive_stage.or(most_urgent).unwrap_or(Stage::Done),
            mailboxes,
            withdrawn_by,
            withdraws: withdraws.copied().cloned(),
            unverified: known.desired.unverified.get(&request.id).cloned(),
        }
    };
    known.requests.iter().map(lifecycle).collect()
}

/// The stage of a request that is not due yet or was withdrawn.
fn inactive_stage(request: &Request, as_of: Date, is_withdrawn: bool) -> Option<Stage> {
    match request.effect_day() {
        _ if is_withdrawn => Some(Stage::Withdrawn),
        None => Some(Stage::Pending),
        Some(day) if day > as_of => Some(Stage::Scheduled),
        Some(_) => None,
    }
}

/// Each withdrawn request with the request that withdrew it.
fn withdrawals_by_withdrawn_id<'a>(
    known: &LifecycleInput<'a>,
) -> HashMap<&'a RequestId, &'a RequestId> {
    let as_of = known.desired.as_of;
    let is_due = |request: &Request| request.effect_day().is_some_and(|day| day <= as_of);
    let due = known.requests.iter().filter(|request| is_due(request));
    due.filter_map(|request| Some((request.withdraws()?, &request.id)))
        // A withdrawal whose approval is unverified withdraws nothing.
        .filter(|(withdraws, _)| known.desired.withdrawn.binary_search(withdraws).is_ok())
        .collect()
}
