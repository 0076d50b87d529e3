//! A portal of any kind, to look at: what commands hold, so that they need not know which it is. (One
//! that people operate has no writer: what is to be changed there is handed over.)

use std::sync::Arc;

use jiff::Timestamp;

use super::{PortalError, PortalReader, Progress};
use super::{files, scim};
use crate::domain::archive_state::Target;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::observed::{ExportFile, MailboxFilter, Observed};

/// Looks at a portal; has no way to write.
#[derive(Debug)]
pub enum AnyReader {
    /// One that speaks SCIM 2.0.
    Scim(scim::Reader),
    /// One that people operate: its export.
    Files(files::LoadedExport),
}

impl AnyReader {
    /// The export that is looked at, where people operate the portal.
    pub fn export(&self) -> Option<&ExportFile> {
        match self {
            Self::Files(reader) => Some(reader.export()),
            Self::Scim(_) => None,
        }
    }

    /// The time by the portal's own clock at its last answer, where it says it.
    pub fn portal_time(&self) -> Option<Timestamp> {
        match self {
            Self::Scim(reader) => reader.portal_time(),
            Self::Files(_) => None,
        }
    }

    /// Whether a mailbox has the word that arkib writes for a change, if the whole portal was read.
    pub fn has_seen_word(&self, target: Target) -> Option<bool> {
        match self {
            Self::Scim(reader) => reader.has_seen_word(target),
            Self::Files(_) => None,
        }
    }
}

impl PortalReader for AnyReader {
    fn stores_request_id(&self) -> bool {
        match self {
            Self::Scim(reader) => reader.stores_request_id(),
            Self::Files(reader) => reader.stores_request_id(),
        }
    }

    fn can_look_up(&self) -> bool {
        match self {
            Self::Scim(reader) => reader.can_look_up(),
            Self::Files(reader) => reader.can_look_up(),
        }
    }

    async fn read_all(
        &self,
        mailbox_filter: &Arc<MailboxFilter>,
        progress: Progress<'_>,
    ) -> Result<Observed, PortalError> {
        match self {
            Self::Scim(reader) => reader.read_all(mailbox_filter, progress).await,
            Self::Files(reader) => reader.read_all(mailbox_filter, progress).await,
        }
    }

    async fn read_some(&self, mailboxes: &[Mailbox]) -> Result<Observed, PortalError> {
        match self {
            Self::Scim(reader) => reader.read_some(mailboxes).await,
            Self::Files(reader) => reader.read_some(mailboxes).await,
        }
    }
}
