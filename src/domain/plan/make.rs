//! Makes the plan: its changes, the limits that it exceeds, and its digest; and the plan of a pull
//! request compared with its base. Pure.

#[cfg(test)]
mod tests;

use super::{Change, LaterDayChange, LaterDayEffect, Plan, UnmanagedMailbox, diff, guard, hashing};
use crate::domain::desired::{Desired, DesiredMailbox};
use crate::domain::observed::Observed;
use crate::domain::policy::Policy;

/// Compares the desired state with what the portal has.
///
/// `desired` may be limited to a few mailboxes ([`Desired::keep_only`]).
pub fn plan(desired: &Desired, observed: &Observed, policy: &Policy) -> Plan {
    let mut plan = diff::plan_changes(desired, observed, policy);
    plan.refusals = guard::find_refusals(&plan, desired, observed, policy);
    plan.digest = hashing::plan_digest(&plan, policy);
    plan
}

/// A pull request's own plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullRequestPlan {
    /// What it adds and changes; only mailboxes whose desired state differs from the base.
    pub plan: Plan,
    /// Changes that the base would make and that it makes differently or not at all.
    pub prevented: Vec<Change>,
    /// Its desired states that are already met.
    pub met: Vec<DesiredMailbox>,
    /// Mailboxes about which no request decides any more.
    pub ended: Vec<LaterDayChange>,
}

/// Plans base and head for the same portal. `difference` is what is new in the head
/// ([`Desired::difference_from`]), `base` the base's desired state of the same mailboxes, `head` the
/// head's whole desired state; `observed` needs only those mailboxes.
pub fn plan_pull_request(
    difference: &Desired,
    base: &Desired,
    head: &Desired,
    observed: &Observed,
    policy: &Policy,
) -> PullRequestPlan {
    // Limits on the whole portal are checked by the run that reads the whole portal.
    let observed = observed.clone().keep_only(&difference.named);
    let before = plan(base, &observed, policy);
    let mut plan = plan(difference, &observed, policy);
    plan.unmanaged = newly_unmanaged(difference, head, &observed);
    let open = plan.by_mailbox();
    let met = difference.mailboxes.iter();
    let met = met.filter(|wanted| !open.contains_key(&wanted.mailbox));
    let ended = base.mailboxes.iter().filter(|wanted| head.find_mailbox(&wanted.mailbox).is_none());
    let ended = ended.map(|wanted| LaterDayChange::new(LaterDayEffect::Ended, head.as_of, wanted));
    PullRequestPlan {
        prevented: before.changes,
        ended: ended.collect(),
        met: met.cloned().collect(),
        plan,
    }
}

/// Archives that no request names any longer.
fn newly_unmanaged(
    difference: &Desired,
    head: &Desired,
    observed: &Observed,
) -> Vec<UnmanagedMailbox> {
    let named = difference.named.iter();
    let free = named.filter(|mailbox| head.named.binary_search(mailbox).is_err());
    free.filter_map(|mailbox| observed.find_mailbox(mailbox))
        .filter(|observed| !observed.state.is_absent())
        .map(UnmanagedMailbox::new)
        .collect()
}
