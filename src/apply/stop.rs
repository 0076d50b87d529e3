//! Stops a run: nothing new starts, and changes in progress end. Knows no signals.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

/// How long changes in progress may take after a stop: long enough for an answer, and shorter than the
/// time before a CI runner kills the process.
const GRACE: Duration = Duration::from_secs(8);

/// The request to stop a run, and when it came. Changes in progress end and are reported.
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
        self.0.send_modify(|asked| *asked = asked.or_else(|| Some(Instant::now())));
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
        self.wait_until_stop_requested().await;
        let asked = *self.0.borrow();
        tokio::time::sleep_until(asked.unwrap_or_else(Instant::now) + GRACE).await;
    }
}
