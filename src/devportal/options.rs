//! The portal's options and its clock. May not know what the options do.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use jiff::Timestamp;
use secrecy::SecretString;

use super::roster::Roster;
use super::store::DatabaseLocation;

/// The options of a portal.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where to listen; must be loopback. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// Where the data is.
    pub database: DatabaseLocation,
    /// The mailboxes that an empty database starts with.
    pub roster: Option<Roster>,
    /// The bearer token that every request must carry.
    pub token: SecretString,
    /// Where time stamps come from.
    pub clock: Clock,
    /// How long enabling and terminating take. With zero they are done at once, and changes that the
    /// roster starts are done after eight seconds.
    pub provisioning_delay: Duration,
    /// The delay before every SCIM request.
    pub latency: Duration,
    /// SCIM requests a second, above which 429 is answered.
    pub rate_limit: Option<NonZeroU32>,
    /// The share of SCIM requests, 0 to 1, that are answered 500 or 503 before anything is done.
    pub fault_rate: f64,
    /// The most users on a page.
    pub page_size: usize,
    /// Whether If-Match is supported (RFC 7644 section 3.14); some portals do not support it, and say so.
    pub if_match: bool,
    /// The most operations of a bulk request (RFC 7644 section 3.7); with 0 bulk is not supported.
    pub max_operations: usize,
}

impl Options {
    /// An empty portal in memory on a free port of 127.0.0.1, without faults, with the machine's clock.
    pub fn new(token: SecretString) -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            database: DatabaseLocation::Memory,
            roster: None,
            token,
            clock: Clock::System,
            provisioning_delay: Duration::ZERO,
            latency: Duration::ZERO,
            rate_limit: None,
            fault_rate: 0.0,
            page_size: 1000,
            if_match: true,
            max_operations: 1000,
        }
    }
}

/// Where the portal's time stamps come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// Always this instant, so that the same steps give the same bytes. Provisioning delays still
    /// use the machine's clock.
    Fixed(Timestamp),
}

/// The machine's clock in milliseconds.
pub(crate) fn wall_clock_millis() -> i64 {
    Timestamp::now().as_millisecond()
}

impl Clock {
    /// Now, to the millisecond: what a time stamp shows.
    pub(crate) fn now(self) -> Timestamp {
        self.timestamp_at_millis(wall_clock_millis())
    }

    /// The time stamp of an event at that time of the machine's clock.
    pub(crate) fn timestamp_at_millis(self, millis: i64) -> Timestamp {
        match self {
            Self::System => {
                Timestamp::from_millisecond(millis).unwrap_or_else(|_| Timestamp::now())
            }
            Self::Fixed(instant) => instant,
        }
    }
}
