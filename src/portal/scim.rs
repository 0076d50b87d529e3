//! A portal that speaks SCIM 2.0 (RFC 7643, RFC 7644, RFC 9865): the client.
//!
//! [`connect`] gives a [`Reader`], which has no way to write and no way to become a [`Writer`];
//! [`connect_to_write`] gives a [`Writer`]. May not know requests, policy or plan.

mod address;
mod batch;
mod bulk;
mod bulk_writer;
mod capabilities;
mod census;
mod consistency;
mod credentials;
mod cursor;
mod emails;
mod endpoint;
mod fetch;
mod fit;
mod http;
mod inspect;
mod lenient;
mod list;
mod lookup;
mod matcher;
mod page;
#[cfg(any(test, fuzzing))]
pub mod property;
mod proxy;
mod query;
mod quirks;
mod resource;
mod schemas;
mod spelling;
mod tally;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod tls;
mod user;
mod vouched;
pub mod wire;
mod writer;

use std::fmt;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

pub use self::capabilities::{Bulk, Capabilities};
pub use self::census::Tried;
pub use self::endpoint::{Endpoint, URL};
pub use self::inspect::{Inspected, Offers, ResourceType, inspect};
pub use self::schemas::{Schema, Told};
pub use self::tally::{MOST_COUNTED, Values};
pub use self::tls::{CA, CERT, KEY, Tls};
pub use self::writer::{Writer, connect_to_write};

use self::http::GetOnly;
use self::list::Directory;
use self::matcher::Matcher;
use self::quirks::Learnt;
use crate::domain::mailbox::Mailbox;
use crate::domain::mapping::scim::Mapping;
use crate::domain::observed::{Observed, ObservedMailbox, Sieve};
use crate::portal::{ErrorKind, PortalError, PortalRead, Progress};

/// How long, how often and how much. The defaults suit a portal across the internet.
#[derive(Debug, Clone)]
pub struct Limits {
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
    /// The most mailboxes in a list.
    pub max_mailboxes: usize,
    /// How often a list that contradicts itself is read.
    pub readings: usize,
    /// The pause before it is read again.
    pub reading_pause: Duration,
}

impl Default for Limits {
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
            max_mailboxes: 5_000_000,
            readings: 3,
            reading_pause: Duration::from_secs(2),
        }
    }
}

/// Connects to a portal to look, and asks what it can do: two requests.
///
/// # Errors
/// Where the portal does not answer, refuses the token, is not SCIM, or says that it has not what
/// the mapping names.
pub async fn connect(
    endpoint: &Endpoint,
    limits: &Limits,
    mapping: &Mapping,
) -> Result<Reader, PortalError> {
    let http = GetOnly::open(endpoint, limits)?;
    let capabilities = capabilities::discover(&http).await?;
    let fit = fit::fit(mapping, &schemas::read(&http).await?);
    if let Some(refusal) = fit::refusal(mapping, &fit) {
        return Err(refusal);
    }
    let learnt = Learnt::default();
    if fit.has_exact_addresses {
        // An address in other letters would look as if there were no such account.
        learnt.no_filter.store(true, Relaxed);
    }
    Ok(Reader {
        directory: Directory {
            http,
            matcher: Arc::new(Matcher::new(mapping)),
            vouched: fit.vouched,
            capabilities,
            limits: limits.clone(),
            learnt,
            census: None,
        },
    })
}

/// Looks at the portal; what it holds can send nothing but GET.
pub struct Reader {
    directory: Directory,
}

impl Reader {
    /// What the portal offers.
    pub fn capabilities(&self) -> &Capabilities {
        &self.directory.capabilities
    }
}

impl Reader {
    fn observed(&self, read: Vec<ObservedMailbox>, is_complete: bool) -> Observed {
        let claimed = self.directory.learnt.claimed.lock();
        let claimed = claimed.unwrap_or_else(PoisonError::into_inner).clone();
        Observed::new(read, is_complete).with_ambiguous(claimed)
    }
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader")
            .field("capabilities", self.capabilities())
            .finish_non_exhaustive()
    }
}

impl PortalRead for Reader {
    fn holds_requests(&self) -> bool {
        self.directory.matcher.holds_requests()
    }

    async fn read_all(
        &self,
        sieve: &Arc<Sieve>,
        progress: Progress<'_>,
    ) -> Result<Observed, PortalError> {
        let limit = self.directory.limits.reading;
        let reading = self.directory.everything(sieve, progress);
        let read = tokio::time::timeout(limit, reading).await;
        let read = read.map_err(|_| PortalError {
            kind: ErrorKind::Timeout,
            doing: "reading the list of mailboxes".into(),
            detail: format!(
                "the list did not end within {} minutes",
                limit.as_secs() / 60
            ),
            help:
                "the portal is too slow, or its list has no end; ask its operator for larger pages"
                    .into(),
        })?;
        let whole = read?;
        let observed = self.observed(whole.mailboxes, true);
        Ok(observed.with_others(whole.with_address > 0))
    }

    async fn read_some(&self, mailboxes: &[Mailbox]) -> Result<Observed, PortalError> {
        let found = self.directory.look_up(mailboxes).await?;
        Ok(self.observed(found, false))
    }
}
