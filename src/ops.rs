//! What each command does: the only modules that connect the stages.

pub(crate) mod actor;
mod agency_state;
mod alert;
pub mod approve;
pub mod base;
pub mod check;
mod clock;
pub mod comment;
pub(crate) mod exit_status;
mod failure;
pub mod filing;
pub mod import;
pub mod init;
mod interrupt;
pub mod notify;
pub mod portal;
pub mod portal_session;
mod read_requests;
pub mod reconcile;
pub mod records;
mod records_access;
mod records_branch;
pub mod register;
pub mod request;
pub mod status;
mod verify_approvals;

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};

use crate::environment::{CredentialAccess, VariableNames, read_credential_file};
use crate::language::Message;
use crate::printer;

/// The runtime of the asynchronous stages.
fn new_runtime() -> Result<Runtime, Message> {
    Builder::new_multi_thread()
        .enable_all()
        .thread_keep_alive(Duration::from_secs(24 * 60 * 60))
        .build()
        .map_err(|error| message!("run-no-threads", error = error.to_string()))
        // One thread for what blocks is always there: without any, to wait for one would never end.
        .inspect(|runtime| drop(runtime.spawn_blocking(|| ())))
}

/// How the credentials of variables with these names are read, and hidden from all output.
fn credential_access(names: VariableNames) -> CredentialAccess {
    CredentialAccess {
        names,
        read_file: Arc::new(read_credential_file),
        hide: Arc::new(printer::hide_secret),
    }
}
