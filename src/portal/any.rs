//! A portal of any kind: what commands hold, so that they need not know which it is.

use std::sync::Arc;

use super::{MaySend, files, scim};
use super::{PortalError, PortalRead, PortalWrite, Progress, Write, Written};
use crate::domain::mailbox::Mailbox;
use crate::domain::observed::{Export, Observed, ObservedMailbox, PortalId, Sieve};

/// Looks at a portal; has no way to write.
#[derive(Debug)]
pub enum Reader {
    /// One that speaks SCIM 2.0.
    Scim(scim::Reader),
    /// One that people operate: its report.
    Files(files::Reader),
}

impl Reader {
    /// The report that is looked at, where people operate the portal.
    pub fn report(&self) -> Option<&Export> {
        match self {
            Self::Files(reader) => Some(reader.export()),
            Self::Scim(_) => None,
        }
    }
}

impl PortalRead for Reader {
    fn holds_requests(&self) -> bool {
        match self {
            Self::Scim(reader) => reader.holds_requests(),
            Self::Files(reader) => reader.holds_requests(),
        }
    }

    async fn read_all(
        &self,
        sieve: &Arc<Sieve>,
        progress: Progress<'_>,
    ) -> Result<Observed, PortalError> {
        match self {
            Self::Scim(reader) => reader.read_all(sieve, progress).await,
            Self::Files(reader) => reader.read_all(sieve, progress).await,
        }
    }

    async fn read_some(&self, mailboxes: &[Mailbox]) -> Result<Observed, PortalError> {
        match self {
            Self::Scim(reader) => reader.read_some(mailboxes).await,
            Self::Files(reader) => reader.read_some(mailboxes).await,
        }
    }
}

/// Writes to a portal, for `apply` alone. (A portal that people operate has no writer: what is to
/// be changed there is handed over.)
#[derive(Debug)]
pub enum Writer {
    /// To one that speaks SCIM 2.0.
    Scim(scim::Writer),
}

impl PortalWrite for Writer {
    fn refuses_stale(&self) -> bool {
        match self {
            Self::Scim(writer) => writer.refuses_stale(),
        }
    }

    fn at_once(&self, requests: usize) -> usize {
        match self {
            Self::Scim(writer) => writer.at_once(requests),
        }
    }

    async fn reread(&self, id: &PortalId) -> Result<Option<ObservedMailbox>, PortalError> {
        match self {
            Self::Scim(writer) => writer.reread(id).await,
        }
    }

    async fn write_together(&self, write: &Write, may_send: &MaySend) -> Option<Written> {
        match self {
            Self::Scim(writer) => writer.write_together(write, may_send).await,
        }
    }

    async fn write(&self, write: &Write) -> Written {
        match self {
            Self::Scim(writer) => writer.write(write).await,
        }
    }
}
