//! Makes the plan: its changes, the limits that it exceeds, and its digest. Pure.

use super::{Plan, diff, guard, hashing};
use crate::domain::desired::Desired;
use crate::domain::observed::Observed;
use crate::domain::policy::Policy;

/// Compares what is wanted with what the portal has.
///
/// `desired` may be narrowed to a few mailboxes ([`Desired::only`]); `kept` is how many archives
/// the agency's requests keep in all, against which the share of terminations is measured.
pub fn plan(desired: &Desired, observed: &Observed, policy: &Policy, kept: usize) -> Plan {
    let mut plan = diff::compare(desired, observed, policy);
    plan.refusals = guard::refusals(&plan, desired, observed, policy, kept);
    plan.digest = hashing::of(&plan, policy);
    plan
}
