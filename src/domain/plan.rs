//! The plan: everything that a run will do, decided before anything is done. Pure: the same
//! requests, portal, policy and day give the same bytes.
//!
//! `apply` obeys a [`Cleared`] plan and decides nothing.

pub mod adoption;
mod diff;
mod digest;
mod guard;
mod handed_over;
mod hashing;
mod model;
mod note;
mod pull_request;
mod refusal;
pub mod saved;
mod shard;
mod stale;

pub use model::{Blocked, Cause, Change, InProgress, Obstacle, Plan, Unmanaged};

use crate::domain::desired::Desired;
use crate::domain::observed::Observed;
use crate::domain::policy::Policy;

pub use crate::domain::plan::hashing::{of_files, of_policy, of_rows};
pub use crate::domain::plan::refusal::Refusal;
pub use digest::Digest;
pub use guard::{Cleared, NotCleared, lost};
pub use handed_over::Recalled;
pub use note::Note;
pub use pull_request::{Delta, delta};
pub use shard::{Shard, Share};
pub use stale::Stale;

/// Compares what is wanted with what the portal has.
///
/// `desired` may be narrowed to a few mailboxes ([`Desired::only`]); `kept` is how many archives
/// the agency's requests keep in all, against which the share of terminations is measured.
pub fn plan(desired: &Desired, observed: &Observed, policy: &Policy, kept: usize) -> Plan {
    let mut plan = diff::compare(desired, observed, policy);
    plan.refusals = guard::refusals(&plan, desired, observed, policy, kept);
    plan.digest = crate::domain::plan::hashing::of(&plan, policy);
    plan
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_that_are_not_active_are_told_apart() {
        for (state, words) in [
            ("disabled", "the account is disabled in the portal"),
            ("deleted", "the account is deleted in the portal"),
            (
                "requested-to-delete",
                "the account is about to be deleted in the portal",
            ),
            (
                "sleeping",
                "the account is not active in the portal: sleeping",
            ),
        ] {
            let obstacle = Obstacle::AccountNotActive(state.into());
            assert_eq!(obstacle.to_string(), words);
        }
    }
}
