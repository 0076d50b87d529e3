//! The portal's time. May not know anything else.

use jiff::Timestamp;

/// Where the portal's time stamps come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// Always this instant, so that the same steps give the same bytes. Waiting for provisioning
    /// goes by the machine's clock all the same.
    Fixed(Timestamp),
}

impl Clock {
    /// Now, to the millisecond: what a time stamp shows.
    pub(crate) fn now(self) -> Timestamp {
        self.at_millis(self.wall_millis())
    }

    /// The machine's clock in milliseconds.
    pub(crate) fn wall_millis(self) -> i64 {
        Timestamp::now().as_millisecond()
    }

    /// The time stamp of something that happened then by the machine's clock.
    pub(crate) fn at_millis(self, millis: i64) -> Timestamp {
        match self {
            Self::System => {
                Timestamp::from_millisecond(millis).unwrap_or_else(|_| Timestamp::now())
            }
            Self::Fixed(instant) => instant,
        }
    }
}
