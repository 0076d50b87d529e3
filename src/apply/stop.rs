//! Asks a run to stop: nothing new begins, what is under way ends. Knows no signals.

use std::time::Duration;

use tokio::sync::watch;

/// Asks a run to start nothing new. What is under way ends, and is reported.
#[derive(Debug, Default)]
pub struct Stop(watch::Sender<bool>);

impl Stop {
    /// Tells, for as long as anybody wants to know, whether it was asked.
    pub(super) fn was_asked(&self) -> impl Fn() -> bool + Send + Sync + use<> {
        let asked = self.0.subscribe();
        move || *asked.borrow()
    }

    /// Asks.
    pub fn ask(&self) {
        self.0.send_replace(true);
    }

    /// Whether it was asked.
    pub fn is_asked(&self) -> bool {
        *self.0.borrow()
    }

    /// Ends as soon as it is asked.
    pub async fn asked(&self) {
        // An error would mean that the sender is gone, and it is `self`.
        let _ = self.0.subscribe().wait_for(|asked| *asked).await;
    }

    /// Ends when it was asked and what was under way has had its time: long enough for an answer,
    /// shorter than a CI runner waits before it kills.
    pub async fn grace(&self) {
        self.asked().await;
        tokio::time::sleep(Duration::from_secs(8)).await;
    }
}
