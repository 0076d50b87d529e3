//! What an operator should hear of a run without having asked: that it failed, drift, archives that no
//! request names, what waits for too long, and keys that end soon. Pure: the day is passed in.

mod expiring_credentials;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;

use jiff::civil::Date;

pub use self::expiring_credentials::{EndingKind, ExpiringCredential, expiring_credentials};
use crate::domain::agency::Agency;
use crate::domain::archive_state::{State, Target};
use crate::domain::change_outcome::{Outcome, OutcomeKind};
use crate::domain::local_time::days_between;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::plan::{LastChange, Plan};
use crate::domain::request::RequestId;

/// For so many days a request may wait for approval, and a mailbox be blocked, before it is a matter for
/// the operator.
const PATIENCE: i32 = 7;
/// So many days before its end a key is a matter for the operator.
const NOTICE: i32 = 30;

/// What an operator should hear of a run, of all its agencies.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Alert {
    /// Runs that failed, in the order of the agencies.
    pub failed: Vec<FailedRun>,
    /// What was changed in the portal and not by a request, in the order of the plans.
    pub drift: Vec<DriftedMailbox>,
    /// Archives that no request names, by agency and mailbox.
    pub unmanaged: Vec<UnmanagedArchive>,
    /// What waits for too long, the longest first.
    pub waiting: Vec<Waiting>,
    /// What ends soon, the soonest first.
    pub ending: Vec<EndingSoon>,
}

/// A run that failed, for one agency or before the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedRun {
    /// The agency's short name, if the run came so far.
    pub agency: Option<String>,
    /// The exit status.
    pub status: u8,
    /// Why, in words.
    pub reason: String,
}

/// A mailbox that is no longer as its request made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DriftedMailbox {
    /// The agency's short name.
    pub agency: String,
    /// The mailbox.
    pub mailbox: Mailbox,
    /// The state that its archive has.
    pub from: State,
    /// The state that it should have.
    pub to: Target,
    /// The request that asks for it.
    pub request: RequestId,
    /// What the portal tells of who changed it, and when.
    pub last_change: LastChange,
    /// What became of the change that puts it right, if the run made any.
    pub outcome: Option<OutcomeKind>,
}

/// An archive that no request names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnmanagedArchive {
    /// The agency's short name.
    pub agency: String,
    /// The mailbox.
    pub mailbox: Mailbox,
    /// The state of its archive.
    pub state: State,
}

/// A request or a mailbox that waits for too long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The agency's short name.
    pub agency: String,
    /// The request.
    pub request: RequestId,
    /// What it waits for.
    pub cause: WaitingCause,
    /// The day since which it waits: of its receipt, or on which it was due.
    pub since: Date,
    /// For how many days.
    pub days: i32,
}

/// What a request waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WaitingCause {
    /// It is pending: so many more approvals.
    Approvals(usize),
    /// It is approved, but this mailbox is blocked, for this reason.
    Blocked(Mailbox, String),
}

/// A key or certificate that ends soon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndingSoon {
    /// The agency's short name.
    pub agency: String,
    /// What ends.
    pub ending: ExpiringCredential,
    /// In how many days; negative if it is over.
    pub days: i32,
}

/// A run for one agency, as far as an operator should hear of it.
#[derive(Debug, Clone, Copy)]
pub struct FinishedRun<'a> {
    /// The agency.
    pub agency: &'a Agency,
    /// Its plan, if the run came so far.
    pub plan: Option<&'a Plan>,
    /// The outcomes in the order of the plan's changes, if it was applied.
    pub outcomes: Option<&'a [Outcome]>,
    /// The day on which it ran.
    pub day: Date,
    /// The exit status and the reason, if it failed.
    pub failure: Option<(u8, &'a str)>,
}

impl Alert {
    /// Whether all is well.
    pub fn is_empty(&self) -> bool {
        let Self { failed, drift, unmanaged, waiting, ending } = self;
        let counts = [failed.len(), drift.len(), unmanaged.len(), waiting.len(), ending.len()];
        counts == [0; 5]
    }

    /// Adds what concerns every run: that it failed, and drift.
    pub fn add_run(&mut self, run: &FinishedRun<'_>) {
        let agency = run.agency.policy.agency.clone();
        self.failed.extend(run.failure.map(|(status, reason)| FailedRun {
            agency: Some(agency.clone()),
            status,
            reason: reason.to_owned(),
        }));
        let changes = run.plan.iter().flat_map(|plan| plan.changes.iter().enumerate());
        let drift = changes.filter(|(_, change)| change.cause.is_drift());
        self.drift.extend(drift.map(|(index, change)| DriftedMailbox {
            agency: agency.clone(),
            mailbox: change.mailbox.clone(),
            from: change.from.clone(),
            to: change.target,
            request: change.request.id.clone(),
            last_change: change.last_change.clone(),
            outcome: run.outcomes.and_then(|all| all.get(index)).map(Outcome::kind),
        }));
    }

    /// Adds what is looked at regularly, by a dry run: archives that no request names, what waits, and
    /// what ends.
    pub fn add_review(&mut self, run: &FinishedRun<'_>) {
        let agency = &run.agency.policy.agency;
        if let Some(plan) = run.plan {
            self.unmanaged.extend(plan.unmanaged.iter().map(|archive| UnmanagedArchive {
                agency: agency.clone(),
                mailbox: archive.mailbox.clone(),
                state: archive.state.clone(),
            }));
            self.waiting.extend(waiting(agency, plan, run.day));
            self.waiting.sort_by_key(|waiting| Reverse(waiting.days));
        }
        let endings = expiring_credentials(run.agency, run.day).into_iter().map(|ending| {
            EndingSoon { agency: agency.clone(), days: days_between(run.day, ending.day()), ending }
        });
        self.ending.extend(endings.filter(|ending| ending.days <= NOTICE));
        self.ending.sort_by_key(|ending| ending.days);
    }
}

/// What of a plan waits for too long.
fn waiting<'a>(
    agency: &'a str,
    plan: &'a Plan,
    day: Date,
) -> impl Iterator<Item = Waiting> + use<'a> {
    let waiting = move |request: &RequestId, since: Option<Date>, cause| {
        let since = since?;
        let days = days_between(since, day);
        let agency = agency.to_owned();
        let waiting = Waiting { agency, request: request.clone(), cause, since, days };
        (days > PATIENCE).then_some(waiting)
    };
    let pending = plan.pending.iter().filter_map(move |request| {
        let missing = request.missing_approvals().map_or(0, |missing| missing.needs);
        let since = Some(request.received.date);
        waiting(&request.id, since, WaitingCause::Approvals(missing))
    });
    let blocked = plan.blocked.iter().filter_map(move |blocked| {
        let request = &blocked.request;
        let why = blocked.obstacle.to_string();
        let cause = WaitingCause::Blocked(blocked.mailbox.clone(), why);
        waiting(&request.id, request.effect_day(), cause)
    });
    pending.chain(blocked)
}
