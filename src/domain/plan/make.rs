//! Makes the plan: its changes, the limits that it exceeds, and its digest; and what a pull request
//! does beside what is to be done without it. Pure.

use super::{Change, Plan, Unmanaged, diff, guard, hashing};
use crate::domain::desired::{Desired, DesiredMailbox};
use crate::domain::observed::Observed;
use crate::domain::policy::Policy;

/// Compares what is wanted with what the portal has.
///
/// `desired` may be narrowed to a few mailboxes ([`Desired::only`]).
pub fn plan(desired: &Desired, observed: &Observed, policy: &Policy) -> Plan {
    let mut plan = diff::compare(desired, observed, policy);
    plan.refusals = guard::refusals(&plan, desired, observed, policy);
    plan.digest = hashing::of(&plan, policy);
    plan
}

/// A pull request's own plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delta {
    /// What it adds and changes; only mailboxes of which it wants something else than the base.
    pub plan: Plan,
    /// Changes that the base would make and that it makes otherwise or not at all.
    pub prevented: Vec<Change>,
    /// Wishes of its that are met already.
    pub met: Vec<DesiredMailbox>,
}

/// Compares what base and head want of the same portal. `beyond` is what the head wants beyond the
/// base ([`Desired::beyond`]), `base` what the base wants of the same mailboxes, `head` everything
/// that the head wants; `observed` may hold those mailboxes alone.
pub fn delta(
    beyond: &Desired,
    base: &Desired,
    head: &Desired,
    observed: &Observed,
    policy: &Policy,
) -> Delta {
    // The portal as a whole is judged by the run that reads it as a whole.
    let observed = observed.clone().only(&beyond.named);
    let before = plan(base, &observed, policy);
    let mut plan = plan(beyond, &observed, policy);
    plan.unmanaged = released(beyond, head, &observed);
    let open = plan.by_mailbox();
    let met = beyond.mailboxes.iter();
    let met = met.filter(|wanted| !open.contains_key(&wanted.mailbox));
    Delta {
        prevented: before.changes,
        met: met.cloned().collect(),
        plan,
    }
}

/// Archives that no request names any more.
fn released(beyond: &Desired, head: &Desired, observed: &Observed) -> Vec<Unmanaged> {
    let named = beyond.named.iter();
    let free = named.filter(|mailbox| head.named.binary_search(mailbox).is_err());
    free.filter_map(|mailbox| observed.get(mailbox))
        .filter(|seen| !seen.state.is_gone())
        .map(Unmanaged::of)
        .collect()
}

#[cfg(test)]
mod tests;
