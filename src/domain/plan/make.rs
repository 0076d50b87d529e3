//! Makes the plan: its changes, the limits that it exceeds, and its digest; and what a pull request
//! does beside what is to be done without it. Pure.

use std::collections::HashSet;

use super::{Change, Plan, Unmanaged, diff, guard, hashing};
use crate::domain::desired::{Desired, DesiredMailbox};
use crate::domain::observed::Observed;
use crate::domain::policy::Policy;

/// Compares what is wanted with what the portal has.
///
/// `desired` may be narrowed to a few mailboxes ([`Desired::keep_only`]); `kept` is how many archives
/// the agency's requests keep in all, against which the share of terminations is measured.
pub fn plan(desired: &Desired, observed: &Observed, policy: &Policy, kept: usize) -> Plan {
    let mut plan = diff::compare(desired, observed, policy);
    plan.refusals = guard::refusals(&plan, desired, observed, policy, kept);
    plan.digest = hashing::plan_digest(&plan, policy);
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

/// Compares what base and head want of the same portal. `difference` is what the head wants beyond the
/// base ([`Desired::difference_from`]), `base` what the base wants of the same mailboxes, `head` everything
/// that the head wants; `observed` may hold those mailboxes alone.
pub fn delta(
    difference: &Desired,
    base: &Desired,
    head: &Desired,
    observed: &Observed,
    policy: &Policy,
) -> Delta {
    // The portal as a whole is judged by the run that reads it as a whole.
    let observed = observed.clone().keep_only(&difference.named);
    let before = plan(base, &observed, policy, base.count_enabled());
    let mut plan = plan(difference, &observed, policy, head.count_enabled());
    plan.unmanaged = released(difference, head, &observed);
    plan.digest = hashing::plan_digest(&plan, policy);
    let key = |change: &Change| {
        let request = change.request.id.clone();
        (change.mailbox.clone(), change.target, request)
    };
    let kept: HashSet<_> = plan.changes.iter().map(key).collect();
    let prevented = before.changes.into_iter();
    let prevented = prevented.filter(|change| !kept.contains(&key(change)));
    let open = plan.by_mailbox();
    let met = difference.mailboxes.iter();
    let met = met.filter(|wanted| !open.contains_key(&wanted.mailbox));
    Delta {
        prevented: prevented.collect(),
        met: met.cloned().collect(),
        plan,
    }
}

/// Archives that no request names any more.
fn released(difference: &Desired, head: &Desired, observed: &Observed) -> Vec<Unmanaged> {
    let named = difference.named.iter();
    let free = named.filter(|mailbox| head.named.binary_search(mailbox).is_err());
    free.filter_map(|mailbox| observed.get(mailbox))
        .filter(|observed| !observed.state.is_absent())
        .map(Unmanaged::from_observed)
        .collect()
}
