//! Stops a run: nothing new starts, and changes in progress end. Knows no signals.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

/// How long changes in progress may take after a stop: long enough for an answer, and so short that the
/// outcomes and the record are written within five seconds.
const GRACE: Duration = Duration::from_secs(3);

/// The request to stop a run, and when its grace period ends. Changes in progress end and are reported.
#[derive(Debug, Default)]
pub struct Stop(watch::Sender<Option<Instant>>);

impl Stop {
    /// A function that returns whether the run was asked to stop.
    pub(super) fn is_stop_requested_fn(&self) -> impl Fn() -> bool + Send + Sync + use<> {
        let asked = self.0.subscribe();
        move || asked.borrow().is_some()
    }

    /// Asks the run to stop.
    pub fn request_stop(&self) {
        self.0.send_modify(|end| *end = end.or_else(|| Some(Instant::now() + GRACE)));
    }

    /// Asks the run to stop without a grace period.
    pub fn request_immediate_stop(&self) {
        self.0.send_modify(|end| *end = Some(Instant::now()));
    }

    /// Whether the run was asked to stop.
    pub fn is_stop_requested(&self) -> bool {
        self.0.borrow().is_some()
    }

    /// Waits until the run is asked to stop.
    pub async fn wait_until_stop_requested(&self) {
        // An error would mean that the sender is gone, and it is `self`.
        let _ = self.0.subscribe().wait_for(Option::is_some).await;
    }

    /// Waits until the run is asked to stop and the grace period is over.
    pub async fn wait_until_grace_is_over(&self) {
        self.wait_until_before_end(Duration::ZERO).await;
    }

    /// The same, but leaves half of the grace period for what is to be done after it.
    pub async fn wait_until_half_of_grace_is_over(&self) {
        self.wait_until_before_end(GRACE / 2).await;
    }

    async fn wait_until_before_end(&self, before: Duration) {
        self.wait_until_stop_requested().await;
        let mut changes = self.0.subscribe();
        loop {
            let end = changes.borrow_and_update().unwrap_or_else(Instant::now);
            tokio::select! {
                () = tokio::time::sleep_until(end - before) => return,
                // The grace period was cut short.
                _ = changes.changed() => {}
            }
        }
    }
}
