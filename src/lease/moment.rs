//! A moment whose age also counts the time for which the machine slept.

use std::time::{Duration, SystemTime};

use tokio::time::Instant;

/// A moment by both clocks of this machine. The monotonic one stands still while the machine is
/// suspended; the other may be set. The older of their answers is the careful one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    monotonic: Instant,
    wall: SystemTime,
}

impl Moment {
    pub(super) fn now() -> Self {
        Self {
            monotonic: Instant::now(),
            wall: SystemTime::now(),
        }
    }

    /// How long ago it was, at least as long as it can be.
    pub(super) fn age(&self) -> Duration {
        // A clock that was set back says nothing.
        let wall = self.wall.elapsed().unwrap_or_default();
        self.monotonic.elapsed().max(wall)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_older_of_two_answers_counts() {
        let now = Moment::now();
        tokio::time::advance(Duration::from_secs(70)).await;
        assert!(now.age() >= Duration::from_secs(70));
        let slept = Moment {
            wall: SystemTime::now() - Duration::from_secs(3600),
            ..Moment::now()
        };
        assert!(slept.age() >= Duration::from_secs(3600));
        let set_back = Moment {
            wall: SystemTime::now() + Duration::from_secs(3600),
            ..Moment::now()
        };
        assert!(set_back.age() < Duration::from_secs(60));
    }
}
