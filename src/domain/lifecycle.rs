//! How far each request has come, from its receipt to the day it was done (procedure section 4):
//! what `arkib status` tells, what the register lists, and what notices are about. Pure.

mod mailbox;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::domain::calendar::local_day;
use crate::domain::desired::Desired;
use crate::domain::observed::Observed;
use crate::domain::plan::Plan;
use crate::domain::record::history::History;
use crate::domain::request::{Action, Request, RequestId};

pub use mailbox::MailboxLife;

/// How far a request, or one mailbox of it, has come. The order is that of urgency: what stands
/// before another says more about a request of several mailboxes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Received, and waits for the approver (procedure step 2).
    Pending,
    /// It is wanted and cannot be done; someone has to look.
    Blocked,
    /// Approved and due; the next run does it (step 3).
    Waiting,
    /// The portal is working on it.
    InProgress,
    /// Approved, and its day has not come.
    Scheduled,
    /// It was done; of a withdrawal, it counts.
    Done,
    /// Another request decides, and nothing says that this one was done before.
    Superseded,
    /// It counts as never made.
    Withdrawn,
}

impl Stage {
    /// Every stage.
    pub const ALL: [Self; 8] = [
        Self::Pending,
        Self::Blocked,
        Self::Waiting,
        Self::InProgress,
        Self::Scheduled,
        Self::Done,
        Self::Superseded,
        Self::Withdrawn,
    ];

    /// Its word in outputs, and its key among the texts (`stage.…`).
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Blocked => "blocked",
            Self::Waiting => "waiting",
            Self::InProgress => "in-progress",
            Self::Scheduled => "scheduled",
            Self::Done => "done",
            Self::Superseded => "superseded",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Whether something is still to be done.
    pub fn is_open(self) -> bool {
        !matches!(self, Self::Done | Self::Superseded | Self::Withdrawn)
    }
}

/// The life of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Life {
    /// The request.
    pub request: Arc<Request>,
    /// How far it has come: the most urgent of its mailboxes.
    pub stage: Stage,
    /// Its mailboxes, in the order of the file; none of a withdrawal.
    pub mailboxes: Vec<MailboxLife>,
    /// The request that withdrew it.
    pub withdrawn_by: Option<RequestId>,
    /// Of a withdrawal, the request that it withdraws, where that is known.
    pub withdraws: Option<Arc<Request>>,
}

impl Life {
    /// The day on which the last of it was done, where all of it was that no other request replaced, and
    /// the moment of each is known.
    pub fn done_on(&self) -> Option<Date> {
        if self.stage != Stage::Done {
            return None;
        }
        if let Action::Withdraw { .. } = self.request.action {
            return self.request.day();
        }
        let done = self.mailboxes.iter().filter(|it| it.stage == Stage::Done);
        let moments: Option<Vec<Timestamp>> = done.map(|it| it.done_at).collect();
        moments?.into_iter().max().map(local_day)
    }

    /// The days from receipt until it was done, where that is known. A request that was entered
    /// after it was done took none.
    pub fn days_to_done(&self) -> Option<i32> {
        let done = self.done_on()?;
        Some(days(self.request.received.date, done))
    }

    /// The days since receipt, of one that is open.
    pub fn age(&self, as_of: Date) -> Option<i32> {
        let open = self.stage.is_open();
        open.then(|| days(self.request.received.date, as_of))
    }

    /// Who has to act next, as a key among the texts (`waits.…`); nobody where it is closed.
    pub fn waits_for(&self) -> Option<&'static str> {
        match self.stage {
            Stage::Pending => Some("approver"),
            Stage::Blocked => Some("administrator"),
            Stage::Waiting => Some("run"),
            Stage::InProgress => Some("portal"),
            Stage::Scheduled => Some("day"),
            Stage::Done | Stage::Superseded | Stage::Withdrawn => None,
        }
    }
}

fn days(from: Date, to: Date) -> i32 {
    (to - from).get_days().max(0)
}

/// Everything that is known of an agency's requests.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    /// All of them.
    pub requests: &'a [Arc<Request>],
    /// What they want.
    pub desired: &'a Desired,
    /// What the portal has and what is to be done about it; without it the records alone tell.
    pub portal: Option<(&'a Observed, &'a Plan)>,
    /// What the records of runs say.
    pub history: &'a History,
}

/// The life of every request, in the order given.
pub fn lives(known: &Known<'_>) -> Vec<Life> {
    let by_id: HashMap<&RequestId, &Arc<Request>> =
        known.requests.iter().map(|it| (&it.id, it)).collect();
    let withdrawals = withdrawals(known);
    let around = mailbox::Around::new(known);
    known
        .requests
        .iter()
        .map(|request| {
            let withdrawn_by = withdrawals.get(&request.id).map(|it| (*it).clone());
            let early = early(request, known.desired.as_of, withdrawn_by.is_some());
            let mailboxes: Vec<MailboxLife> = request
                .mailboxes()
                .iter()
                .map(|named| around.life(request, named, early))
                .collect();
            let stage = early
                .or_else(|| mailboxes.iter().map(|it| it.stage).min())
                .unwrap_or(Stage::Done);
            let withdraws = match &request.action {
                Action::Withdraw { withdraws } => by_id.get(withdraws).map(|it| Arc::clone(it)),
                Action::Change { .. } => None,
            };
            Life {
                request: Arc::clone(request),
                stage,
                mailboxes,
                withdrawn_by,
                withdraws,
            }
        })
        .collect()
}

/// The stage of a request that nothing is to be done for yet, or no more.
fn early(request: &Request, as_of: Date, is_withdrawn: bool) -> Option<Stage> {
    match request.day() {
        _ if is_withdrawn => Some(Stage::Withdrawn),
        None => Some(Stage::Pending),
        Some(day) if day > as_of => Some(Stage::Scheduled),
        Some(_) => None,
    }
}

/// By which request each of those that count as never made was withdrawn.
fn withdrawals<'a>(known: &Known<'a>) -> HashMap<&'a RequestId, &'a RequestId> {
    let as_of = known.desired.as_of;
    let is_due = |request: &Request| request.day().is_some_and(|day| day <= as_of);
    let due = known.requests.iter().filter(|request| is_due(request));
    due.filter_map(|request| match &request.action {
        Action::Withdraw { withdraws } => Some((withdraws, &request.id)),
        Action::Change { .. } => None,
    })
    // One whose approval is not believed withdraws nothing.
    .filter(|(withdraws, _)| known.desired.withdrawn.binary_search(withdraws).is_ok())
    .collect()
}
