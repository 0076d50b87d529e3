//! One file a command: wiring only. The only modules that join the stages.

pub mod check;
pub mod completions;
mod connect;
mod load;
#[cfg(feature = "embedded")]
pub mod portal;
pub mod reconcile;
pub mod schema;
pub mod status;
