//! How long, how often and how much a client may. Knows nothing of what it is for.

use crate::language::Message;
use std::time::Duration;

use crate::http::Timeouts;

/// How long, how often and how much. The defaults suit a portal across the internet.
#[derive(Debug, Clone)]
pub struct ClientLimits {
    /// For a connection to be made.
    pub connect: Duration,
    /// Between two pieces of an answer.
    pub read: Duration,
    /// For a request as a whole, each attempt anew.
    pub request: Duration,
    /// How often one request is sent at most.
    pub attempts: usize,
    /// The first delay between attempts; each further one doubles.
    pub first_delay: Duration,
    /// The longest delay between attempts.
    pub longest_delay: Duration,
    /// The longest Retry-After that is waited for.
    pub max_retry_after: Duration,
    /// For how long requests are repeated while none succeeds, whatever the portal asks for.
    pub patience: Duration,
    /// For how long a list is read at most.
    pub reading: Duration,
    /// Requests under way at once.
    pub concurrency: usize,
    /// The longest answer, in bytes.
    pub max_body: usize,
    /// The longest answers together, in bytes, beside those of `per_user`.
    pub max_received: u64,
    /// How much of them each request and each user in a list allows for.
    pub per_user: u64,
    /// The most mailboxes in a list.
    pub max_mailboxes: usize,
    /// How often a list that contradicts itself is read.
    pub readings: usize,
    /// The pause before it is read again.
    pub reading_pause: Duration,
    /// Takes a line where a long wait would look like a program that hangs.
    pub report_wait: fn(&Message),
}

impl ClientLimits {
    /// For how long one attempt waits.
    pub(super) fn timeouts(&self) -> Timeouts {
        Timeouts { connect: self.connect, read: self.read, request: self.request }
    }
}

impl Default for ClientLimits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            read: Duration::from_secs(30),
            request: Duration::from_secs(60),
            attempts: 5,
            first_delay: Duration::from_millis(500),
            longest_delay: Duration::from_secs(20),
            max_retry_after: Duration::from_secs(120),
            patience: Duration::from_secs(150),
            reading: Duration::from_secs(1800),
            concurrency: 16,
            max_body: 16 << 20,
            max_received: 256 << 20,
            per_user: 32 << 10,
            max_mailboxes: 5_000_000,
            readings: 3,
            reading_pause: Duration::from_secs(2),
            report_wait: |_| {},
        }
    }
}
