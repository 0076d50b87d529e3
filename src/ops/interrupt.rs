//! Ctrl-C, and what else asks a program to end: the first time what is under way ends and nothing
//! new begins, the second time the program ends at once.

use std::sync::Arc;

use super::failure::Failure;
use crate::apply::Stop;
use crate::exit;
use crate::printer;

/// Heeds signals from now on, for the rest of the run.
pub(super) fn heed() -> Arc<Stop> {
    let stop = Arc::new(Stop::default());
    let asked = Arc::clone(&stop);
    tokio::spawn(async move {
        signalled().await;
        asked.ask();
        // The terminal has just shown `^C`.
        let gap = if printer::shows_progress() { "\n" } else { "" };
        printer::say(&format!(
            "{gap}Interrupted: what is under way ends, nothing new begins. Once more to abort."
        ));
        signalled().await;
        exit::abort();
    });
    stop
}

/// What becomes of some work, unless the run is interrupted before.
///
/// # Errors
/// Its own; and where the run is interrupted.
pub(super) async fn unless_interrupted<T>(
    stop: Option<&Stop>,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let Some(stop) = stop else { return work.await };
    tokio::select! {
        biased;
        () = stop.asked() => Err(Failure::interrupted()),
        done = work => done,
    }
}

/// Waits for Ctrl-C, or what asks a program to end on this system.
#[cfg(unix)]
pub(super) async fn signalled() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => drop(tokio::signal::ctrl_c().await),
    }
}

/// Waits for Ctrl-C, or what asks a program to end on this system.
#[cfg(windows)]
pub(super) async fn signalled() {
    use tokio::signal::windows::ctrl_break;
    match ctrl_break() {
        Ok(mut end) => {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = end.recv() => {}
            }
        }
        Err(_) => drop(tokio::signal::ctrl_c().await),
    }
}
