//! The plan: everything that a run will do, decided before anything is done. Pure: the same
//! requests, portal, policy and day give the same plan, byte for byte.
//!
//! `apply` carries out a [`Cleared`] plan and decides nothing.

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

pub use model::{Blocked, Cause, Change, InProgress, Obstacle, Plan, Planned, Unmanaged};

pub use crate::domain::plan::hashing::{files_digest, policy_digest, rows_digest};
pub use crate::domain::plan::refusal::Refusal;
pub use digest::Digest;
pub use guard::{Cleared, NotCleared, signs_of_loss};
pub use handed_over::Recalled;
pub use make::{Delta, delta, plan};
pub use note::Note;
pub use shard::{Shard, Share};
pub use stale::StaleReason;
