//! A portal that people operate: its report is what is observed, and what is to be changed is
//! handed over to them as a file to upload. May not know requests, policy or plan.

use jiff::Timestamp;

use crate::mailbox::Mailbox;
use crate::observed::{Observed, ObservedMailbox};
use crate::portal::{PortalError, PortalRead, Progress, Target};

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

/// One change as people are asked for it.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    /// The mailbox.
    pub mailbox: &'a Mailbox,
    /// What its archive is to become.
    pub target: Target,
    /// The request that is the authority for it.
    pub request: &'a str,
}

impl PortalRead for Reader {
    async fn read_all(&self, progress: Progress<'_>) -> Result<Observed, PortalError> {
        let count = self.observed.mailboxes().len();
        progress(count, Some(count));
        Ok(self.observed.clone())
    }

    async fn read_some(&self, mailboxes: &[Mailbox]) -> Result<Observed, PortalError> {
        Ok(self.observed.clone().only(mailboxes))
    }
}
