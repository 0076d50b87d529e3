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
mod refusal;
pub mod saved;
mod shard;
mod stale;

pub use model::{Blocked, Cause, Change, InProgress, Obstacle, Plan, Planned, Unmanaged};

pub use crate::domain::plan::hashing::{of_files, of_policy, of_rows};
pub use crate::domain::plan::refusal::Refusal;
pub use digest::Digest;
pub use guard::{Cleared, NotCleared, lost};
pub use handed_over::Recalled;
pub use make::{Delta, delta, plan};
pub use note::Note;
pub use shard::{Shard, Share};
pub use stale::Stale;
