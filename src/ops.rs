//! What each command does: the only modules that connect the stages.

pub(crate) mod actor;
mod agency_state;
mod approvals;
pub mod check;
mod clock;
pub(crate) mod exit_status;
mod failure;
pub mod filing;
pub mod import;
mod interrupt;
pub mod notify;
pub mod portal;
pub mod portal_session;
mod read_requests;
pub mod reconcile;
pub mod records;
mod records_folder;
pub mod register;
mod replace_file;
pub mod request;
pub mod status;

use std::io;
use std::sync::{Arc, RwLock};
use std::thread;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};

use self::failure::Failure;
use crate::system_limits;

/// The runtime of the asynchronous stages.
///
/// # Errors
/// If the system does not allow its threads.
fn new_runtime() -> Result<Runtime, Failure> {
    let no_threads = |error: io::Error| {
        let why = format!("the system cannot start threads, or what they need: {error}");
        Failure::failed(why, system_limits::help(&error).unwrap_or_default())
    };
    let workers = thread::available_parallelism().map_or(2, usize::from);
    // The runtime panics if it does not get its threads, so as many are tried first, all at once.
    let hold = Arc::new(RwLock::new(()));
    let held = hold.write();
    let start = |_| {
        let hold = Arc::clone(&hold);
        thread::Builder::new().spawn(move || drop(hold.read()))
    };
    let tried: io::Result<Vec<_>> = (0..=workers).map(start).collect();
    drop(held);
    for thread in tried.map_err(no_threads)? {
        let _ = thread.join();
    }
    let runtime = Builder::new_multi_thread()
        .enable_all()
        .worker_threads(workers)
        .thread_keep_alive(Duration::from_secs(24 * 60 * 60))
        .build()
        .map_err(no_threads)?;
    // One thread for what blocks is always there: without any, to wait for one would never end.
    runtime.spawn_blocking(|| ());
    Ok(runtime)
}
