//! The plan: everything that a run will do, decided before anything is done. Pure: the same
//! requests, portal, policy and day give the same plan, byte for byte.
//!
//! `apply` carries out a [`ClearedPlan`] plan and decides nothing.

pub mod adoption;
mod diff;
mod digest;
mod guard;
mod handed_over;
mod hashing;
mod make;
mod model;
mod note;
mod refusal;
pub mod saved;
mod shard;
mod stale;

pub use model::{Blocked, Cause, Change, InProgress, Obstacle, Plan, PlannedMailbox, Unmanaged};

pub use crate::domain::plan::hashing::{files_digest, policy_digest, rows_digest};
pub use crate::domain::plan::refusal::Refusal;
pub use digest::Digest;
pub use guard::{ClearedPlan, NotCleared, signs_of_loss};
pub use handed_over::Recalled;
pub use make::{PullRequestPlan, delta, plan};
pub use note::Note;
pub use shard::{Shard, ShardOfPlan};
pub use stale::StaleReason;
