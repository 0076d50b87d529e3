//! The plan: everything that a run will do, decided before anything is done. Pure: the same
//! requests, portal, policy and day give the same plan, byte for byte.
//!
//! `apply` carries out a [`ClearedPlan`] plan and decides nothing.

pub mod adoption;
mod another_account;
mod diff;
mod digest;
mod effects;
mod guard;
mod handed_over;
mod hashing;
mod later_days;
mod make;
mod model;
mod note;
mod refusal;
pub mod saved;
mod shard;
mod stale;

pub use model::{
    BlockedMailbox, Cause, Change, LastChange, MailboxInProgress, Obstacle, Plan, PlanEntry,
    UnmanagedMailbox,
};

pub use crate::domain::plan::hashing::{files_digest, policy_digest, rows_digest};
pub use crate::domain::plan::refusal::Refusal;
pub use digest::Digest;
pub use effects::{OutstandingOnBase, PullRequestEffects};
pub use guard::{ClearedPlan, NotCleared, detect_loss};
pub use handed_over::RecalledChange;
pub use later_days::{LaterDayChange, LaterDayEffect, LaterDayPlanner};
pub use make::{PullRequestPlan, plan, plan_pull_request};
pub use note::Note;
pub use shard::{Shard, ShardSummary};
pub use stale::StaleReason;
