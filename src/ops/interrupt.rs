//! Ctrl-C and other signals to end the program: after the first one, nothing new starts and changes
//! in progress end; the second one ends the program at once.

use std::sync::Arc;

use tokio::sync::oneshot;

use super::failure::Failure;
use crate::apply::Stop;
use crate::exit;
use crate::printer;

/// Listens to signals for the rest of the run.
pub(super) fn listen_for_signals() -> Arc<Stop> {
    let stop = Arc::new(Stop::default());
    let asked = Arc::clone(&stop);
    tokio::spawn(async move {
        wait_for_signal().await;
        asked.request_stop();
        // The terminal has just shown `^C`.
        let gap = if printer::shows_progress() { "\n" } else { "" };
        printer::write_message(&format!(
            "{gap}Interrupted: changes in progress end, nothing new starts. Interrupt again to abort."
        ));
        wait_for_signal().await;
        exit::abort();
    });
    stop
}

/// Does some work, unless the run is interrupted first.
///
/// # Errors
/// Those of the work; and if the run is interrupted.
pub(super) async fn unless_interrupted<T>(
    stop: Option<&Stop>,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let Some(stop) = stop else { return work.await };
    tokio::select! {
        biased;
        () = stop.wait_until_stop_requested() => Err(Failure::interrupted()),
        done = work => done,
    }
}

/// Asks the person at the terminal for confirmation. If the run is interrupted, the thread with the
/// question ends with the program.
///
/// # Errors
/// If the run is interrupted.
pub(super) async fn confirm_unless_interrupted(
    stop: &Stop,
    question: String,
) -> Result<bool, Failure> {
    ask_unless_interrupted(stop, move || printer::confirm(&question)).await
}

/// Asks the person at the terminal something, as [`confirm_unless_interrupted`] does.
///
/// # Errors
/// If the run is interrupted.
pub(super) async fn ask_unless_interrupted<T: Send + 'static>(
    stop: &Stop,
    ask: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Failure> {
    let (answer, answered) = oneshot::channel();
    std::thread::spawn(move || answer.send(ask()));
    let answered = async { answered.await.map_err(|_| Failure::interrupted()) };
    unless_interrupted(Some(stop), answered).await
}

/// Waits for Ctrl-C, or for another signal to end the program.
pub(super) async fn wait_for_signal() {
    #[cfg(unix)]
    let other = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
    #[cfg(windows)]
    let other = tokio::signal::windows::ctrl_break();
    let Ok(mut other) = other else {
        return drop(tokio::signal::ctrl_c().await);
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = other.recv() => {}
    }
}
