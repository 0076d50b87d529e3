//! The limits that a plan may not exceed unless a person accepts it. They are part of the plan, so that
//! every front end has them. Pure.

#[cfg(test)]
mod tests;

use super::{BlockedMailbox, Change, Digest, Obstacle, Plan};
use crate::domain::archive_state::Target;
use crate::domain::desired::Desired;
use crate::domain::observed::Observed;
use crate::domain::plan::refusal::Refusal;
use crate::domain::policy::Policy;
use crate::language::Message;

/// So many addresses may have passed to other accounts, and so many changes may be undone.
const FEW: usize = 5;

/// A plan that may run: within its limits, or accepted by its digest. Only [`Plan::clear_to_run`] makes one.
#[derive(Debug, Clone, Copy)]
pub struct ClearedPlan<'a>(&'a Plan);

impl<'a> ClearedPlan<'a> {
    /// The plan.
    pub fn plan(&self) -> &'a Plan {
        self.0
    }
}

/// Why a plan may not run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotCleared {
    /// It exceeds limits, which it names.
    #[error("the plan exceeds {} of the policy's limits", .0.len())]
    Refused(Vec<Refusal>),
    /// The accepted plan is not the current one.
    #[error("the accepted plan is not this one, which is {}", .0.shortest_accepted_prefix())]
    AnotherPlan(Digest),
}

impl Plan {
    /// Lets the plan run if it exceeds no limit, or if one of `accepted` names exactly this plan.
    /// `alone`: the run has no other agency whose plan could be meant.
    ///
    /// # Errors
    /// Why it may not run. If another plan was accepted and no other agency's plan can be meant, this
    /// is an error even if no acceptance is needed: what was reviewed is not what would run.
    pub fn clear_to_run(
        &self,
        accepted: &[String],
        alone: bool,
    ) -> Result<ClearedPlan<'_>, NotCleared> {
        let is_named = accepted.iter().any(|name| self.digest.is_abbreviated_by(name));
        let another_is_meant = !accepted.is_empty() && alone;
        match (is_named, another_is_meant) {
            (true, _) => Ok(ClearedPlan(self)),
            (false, true) => Err(NotCleared::AnotherPlan(self.digest)),
            (false, false) if self.refusals.is_empty() => Ok(ClearedPlan(self)),
            (false, false) => Err(NotCleared::Refused(self.refusals.clone())),
        }
    }
}

pub(super) fn find_refusals(
    plan: &Plan,
    desired: &Desired,
    observed: &Observed,
    policy: &Policy,
) -> Vec<Refusal> {
    let terminations = plan.count_terminations();
    let mut refusals = exceeded_limits(terminations, plan.changes.len(), policy, desired.kept);
    refusals.extend(detect_shrunken_portal(plan, desired, observed));
    refusals.extend(detect_new_portal(plan));
    refusals.extend(detect_undone_changes(plan, observed, desired.kept));
    refusals
}

/// The limits that these numbers of terminations and changes exceed.
pub(super) fn exceeded_limits(
    terminations: usize,
    changes: usize,
    policy: &Policy,
    kept: usize,
) -> Vec<Refusal> {
    let limits = policy.limits;
    let too_many =
        |limit: &'static str, planned: usize, most, say: fn(usize, String, String) -> Message| {
            let more = (planned as u64).checked_sub(most);
            let more = more.filter(|more| *more > 0)?;
            let message = say(planned, more.to_string(), most.to_string());
            Some(Refusal::new(limit, &[planned as u64, most], message))
        };
    let too_large = || {
        let ends = terminations as u64;
        let (kept, most) = (kept as u64 + ends, limits.terminations_percent);
        // Rounded up, so that a share above the limit never looks equal to it.
        let share = (ends * 1000).div_ceil(kept.max(1));
        let message = message!(
            "plan-limit-percent",
            count = terminations,
            kept = kept.to_string(),
            percent = format!("{}.{}", share / 10, share % 10),
            most = most.to_string(),
        );
        (ends * 100 > most * kept)
            .then(|| Refusal::new("terminations-percent", &[ends, kept, most], message))
    };
    let terminated =
        too_many("terminations", terminations, limits.terminations, |count, more, most| {
            message!("plan-limit-terminations", count, more, most)
        });
    let changed = too_many("changes", changes, limits.changes, |count, more, most| {
        message!("plan-limit-changes", count, more, most)
    });
    [terminated, too_large(), changed].into_iter().flatten().collect()
}

/// Whether the portal lost its mailboxes. A single missing mailbox is a misspelling or a departed user,
/// and is only blocked; how many are missing needs a reading of the whole portal, whether it has any does
/// not.
fn detect_shrunken_portal(plan: &Plan, desired: &Desired, observed: &Observed) -> Option<Refusal> {
    let is_whole = observed.is_complete();
    detect_missing_mailboxes(plan, desired, observed)
        .filter(|refusal| is_whole || refusal.code() == Refusal::PORTAL_EMPTY)
}

/// Whether the portal seems to have lost mailboxes or archives, or to be the wrong portal.
pub fn detect_loss(plan: &Plan, desired: &Desired, observed: &Observed) -> Option<Refusal> {
    detect_missing_mailboxes(plan, desired, observed)
        .or_else(|| detect_new_portal(plan))
        .or_else(|| detect_undone_changes(plan, observed, desired.count_enabled()))
}

/// Whether the portal seems to have been set up anew: more than a few accounts, and more than a tenth of
/// those that were read, are younger than their requests, or others than on record. An address passes to
/// another person now and then.
fn detect_new_portal(plan: &Plan) -> Option<Refusal> {
    let is_another =
        |blocked: &&BlockedMailbox| matches!(blocked.obstacle, Obstacle::AnotherAccount(_));
    let others = plan.over.len() + plan.blocked.iter().filter(is_another).count();
    let seen = plan.count_seen_accounts();
    (others > FEW && others * 10 > seen).then(|| {
        let message = message!("plan-limit-portal-new", others, seen);
        Refusal::new(Refusal::PORTAL_NEW, &[others as u64, seen as u64], message)
    })
}

/// Whether many changes that were made are undone: more than a few, and more than a tenth of those on
/// record; or, where only the portal says what was done, most of the archives. It would look so if the
/// portal was restored from a backup, if a word of the policy's mapping changed its meaning, or if arkib
/// may no longer read an attribute.
fn detect_undone_changes(plan: &Plan, observed: &Observed, wanted: usize) -> Option<Refusal> {
    let again = || plan.changes.iter().filter(|change| change.cause.is_drift());
    let is_on_record = |change: &&Change| {
        let recorded = observed.recorded_request_of(&change.mailbox);
        recorded.is_some_and(|entry| *entry.request == *change.request.id.as_str())
    };
    let (undone, on_record) = (again().filter(is_on_record).count(), observed.count_on_record());
    let gone = again().filter(|change| change.target == Target::Enabled).count();
    let (numbers, message) = if undone > FEW && undone * 10 > on_record {
        let message = message!("plan-limit-undone", undone, recorded = on_record);
        ([undone, on_record], message)
    } else if gone >= 2 && gone * 2 > wanted {
        ([gone, wanted], message!("plan-limit-gone", gone, wanted))
    } else {
        return None;
    };
    Some(Refusal::new(Refusal::CHANGES_UNDONE, &numbers.map(|number| number as u64), message))
}

fn detect_missing_mailboxes(
    plan: &Plan,
    desired: &Desired,
    observed: &Observed,
) -> Option<Refusal> {
    let wanted = desired.count_enabled();
    let is_missing = |blocked: &&BlockedMailbox| {
        blocked.target == Target::Enabled && matches!(blocked.obstacle, Obstacle::NoAccount(_))
    };
    let mailboxes_missing = plan.blocked.iter().filter(is_missing).count();
    if observed.is_empty() && !desired.mailboxes.is_empty() {
        Some(Refusal::new(Refusal::PORTAL_EMPTY, &[], message!("plan-limit-portal-empty")))
    } else if mailboxes_missing >= 2 && mailboxes_missing * 2 > wanted {
        Some(Refusal::new(
            Refusal::PORTAL_SHRUNKEN,
            &[mailboxes_missing as u64, wanted as u64],
            message!("plan-limit-portal-shrunken", missing = mailboxes_missing, wanted),
        ))
    } else {
        None
    }
}
