//! A portal operated by people: its report is what is observed, a file of bulk changes
//! (*Penukaran Secara Pukal*) is what it is given, with a page for the person who uploads it.
//! May not know requests or plan.
//!
//! Here bytes come in and go out; nothing here opens a file, knows a clock, or decides anything.

pub mod bulk;
pub mod export;
pub mod handover;

use std::sync::Arc;

use jiff::Timestamp;

use crate::domain::mailbox::Mailbox;
use crate::domain::observed::{Observed, ObservedMailbox, Sieve};
use crate::portal::{PortalError, PortalRead, Progress};

/// Looks at a report that was read.
#[derive(Debug)]
pub struct Reader {
    observed: Observed,
    seen: Seen,
}

/// Which report it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Its file's name.
    pub name: String,
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
    /// Of when it is.
    pub taken: Timestamp,
}

impl Reader {
    /// Of the mailboxes in a report.
    pub fn new(mailboxes: Vec<ObservedMailbox>, seen: Seen) -> Self {
        Self {
            observed: Observed::new(mailboxes, true),
            seen,
        }
    }

    /// Which report it was.
    pub fn seen(&self) -> &Seen {
        &self.seen
    }
}

impl PortalRead for Reader {
    /// People upload changes under their own names.
    fn holds_requests(&self) -> bool {
        false
    }

    /// A report is small and was read long before, so all of it is kept.
    async fn read_all(
        &self,
        _: &Arc<Sieve>,
        progress: Progress<'_>,
    ) -> Result<Observed, PortalError> {
        let count = self.observed.mailboxes().len();
        progress(count, Some(count));
        Ok(self.observed.clone())
    }

    async fn read_some(&self, mailboxes: &[Mailbox]) -> Result<Observed, PortalError> {
        Ok(self.observed.clone().only(mailboxes))
    }
}
