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
mod make;
mod model;
mod note;
mod pull_request;
mod refusal;
pub mod saved;
mod shard;
mod stale;

pub use model::{Blocked, Cause, Change, InProgress, Obstacle, Plan, Unmanaged};

pub use crate::domain::plan::hashing::{of_files, of_policy, of_rows};
pub use crate::domain::plan::refusal::Refusal;
pub use digest::Digest;
pub use guard::{Cleared, NotCleared, lost};
pub use handed_over::Recalled;
pub use make::plan;
pub use note::Note;
pub use pull_request::{Delta, delta};
pub use shard::{Shard, Share};
pub use stale::Stale;
