//! One file a command: wiring only. The only modules that join the stages.

pub(crate) mod actor;
mod approvals;
pub mod check;
mod failure;
pub mod import;
mod interrupt;
pub mod notify;
pub mod portal;
pub mod reconcile;
pub mod records;
pub mod register;
pub mod request;
mod session;
pub mod status;
mod survey;

use tokio::runtime::{Builder, Runtime};

/// What asynchronous stages run on.
fn runtime() -> Result<Runtime, String> {
    Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("the system gives no threads: {error}"))
}

/// A span of time as people write it, such as 90m or 24h.
fn age(text: &str) -> Result<jiff::SignedDuration, String> {
    let duration: jiff::SignedDuration = text
        .parse()
        .map_err(|_| "expected a time such as 90m or 24h".to_owned())?;
    if duration.is_positive() {
        Ok(duration)
    } else {
        Err("expected more than no time".to_owned())
    }
}
