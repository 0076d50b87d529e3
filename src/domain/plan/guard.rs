//! The limits that a plan may not exceed unless a person accepts it. They are part of the plan, so that
//! every front end has them. Pure.

#[cfg(test)]
mod tests;

use super::{BlockedMailbox, Cause, Change, Digest, Obstacle, Plan};
use crate::domain::archive_state::Target;
use crate::domain::desired::Desired;
use crate::domain::observed::Observed;
use crate::domain::plan::refusal::Refusal;
use crate::domain::policy::Policy;
use crate::text::plural;

/// So many addresses may have passed to other accounts.
const FEW_OTHER_ACCOUNTS: usize = 5;

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
    refusals.extend(detect_lost_archives(plan, desired.kept as u64));
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
    let too_many = |limit: &'static str, planned: usize, most, one, many| {
        let more = (planned as u64).checked_sub(most);
        let more = more.filter(|more| *more > 0)?;
        let are = plural(planned, one, many);
        let message = format!("{are} {more} more than the limit of {most} (limits.{limit})");
        Some(Refusal::new(limit, &[planned as u64, most], message))
    };
    let too_large = || {
        let ends = terminations as u64;
        let (kept, most) = (kept as u64 + ends, limits.terminations_percent);
        // Rounded up, so that a share above the limit never looks equal to it.
        let share = (ends * 1000).div_ceil(kept.max(1));
        let (percent, tenth) = (share / 10, share % 10);
        let (one, many) = ("archive would be terminated of", "archives would be terminated of");
        let of = plural(terminations, one, many);
        let message = format!(
            "{of} {kept}, which is {percent}.{tenth} %, over the limit of {most} % (limits.terminations_percent)"
        );
        (ends * 100 > most * kept)
            .then(|| Refusal::new("terminations-percent", &[ends, kept, most], message))
    };
    let (one, many) = ("termination is", "terminations are");
    let terminated = too_many("terminations", terminations, limits.terminations, one, many);
    let (one, many) = ("change is", "changes are");
    let changed = too_many("changes", changes, limits.changes, one, many);
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
        .or_else(|| detect_lost_archives(plan, desired.count_enabled() as u64))
}

/// Whether the portal seems to have been set up anew: more than a few accounts, and more than a tenth of
/// those that were read, are younger than their requests, or others than on record. An address passes to
/// another person now and then.
fn detect_new_portal(plan: &Plan) -> Option<Refusal> {
    let is_another =
        |blocked: &&BlockedMailbox| matches!(blocked.obstacle, Obstacle::AnotherAccount(_));
    let others = plan.over.len() + plan.blocked.iter().filter(is_another).count();
    let seen = plan.count_seen_accounts();
    (others > FEW_OTHER_ACCOUNTS && others * 10 > seen).then(|| Refusal::new(
        Refusal::PORTAL_NEW,
        &[others as u64, seen as u64],
        format!("{others} of the {seen} accounts that requests name were created after their requests, or are others than on record; if the portal was set up anew, give the day in the policy (portal_since)"),
    ))
}

/// Whether most archives that were enabled no longer are. It would look so if a word of the policy's
/// mapping changed its meaning, or if arkib may no longer read an attribute.
fn detect_lost_archives(plan: &Plan, wanted: u64) -> Option<Refusal> {
    let is_again =
        |change: &&Change| change.target == Target::Enabled && change.cause != Cause::Request;
    let archives_gone = plan.changes.iter().filter(is_again).count() as u64;
    (archives_gone >= 2 && archives_gone * 2 > wanted).then(|| Refusal::new(
        Refusal::ARCHIVES_GONE,
        &[archives_gone, wanted],
        format!("the portal shows that {archives_gone} of the {wanted} archives that requests want were enabled before and no longer are; it may be the wrong portal, or the policy's words for states may have a different meaning than before"),
    ))
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
        Some(Refusal::new(
            Refusal::PORTAL_EMPTY,
            &[],
            "the portal shows no mailboxes at all, but requests name some; it may be the wrong portal, or it may have lost them",
        ))
    } else if mailboxes_missing >= 2 && mailboxes_missing * 2 > wanted {
        Some(Refusal::new(
            Refusal::PORTAL_SHRUNKEN,
            &[mailboxes_missing as u64, wanted as u64],
            format!(
                "the portal lacks {mailboxes_missing} of the {wanted} mailboxes whose archives are wanted; it may be the wrong portal, or it may have lost them"
            ),
        ))
    } else {
        None
    }
}
