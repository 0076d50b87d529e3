//! A portal operated by people: its export is what is observed, a file of bulk changes
//! (*Penukaran Secara Pukal*) is what it is given, with a page for the person who uploads it.
//! May not know requests or plan.
//!
//! Here bytes come in and go out; nothing here opens a file, knows a clock, or decides anything.

pub mod checklist;
pub mod export;
pub mod upload_file;

use std::sync::Arc;

use crate::domain::mailbox_address::Mailbox;
use crate::domain::observed::{ExportFile, MailboxFilter, Observed, UnreadableRow};
use crate::portal::{PortalError, PortalReader, Progress};
use crate::text::excerpt;
use export::ExportContent;

/// Looks at an export that was read.
#[derive(Debug)]
pub struct LoadedExport {
    observed: Observed,
    export: ExportFile,
}

impl LoadedExport {
    /// Of what an export holds.
    pub fn new(content: ExportContent, export: ExportFile) -> Self {
        let unreadable = content.unreadable.into_iter().map(|(probably, row)| UnreadableRow {
            probably,
            place: format!("{}:{row}", excerpt(&export.name, 120)).into(),
        });
        let observed = Observed::new(content.mailboxes, true);
        Self { observed: observed.with_unreadable_rows(unreadable.collect()), export }
    }

    /// Which export it was.
    pub fn export(&self) -> &ExportFile {
        &self.export
    }
}

impl PortalReader for LoadedExport {
    /// People upload changes under their own names.
    fn stores_request_id(&self) -> bool {
        false
    }

    /// An export is small and was read long before, so all of it is kept.
    async fn read_all(
        &self,
        _: &Arc<MailboxFilter>,
        progress: Progress<'_>,
    ) -> Result<Observed, PortalError> {
        let count = self.observed.mailboxes().len();
        progress(count, Some(count));
        Ok(self.observed.clone())
    }

    async fn read_some(&self, mailboxes: &[Mailbox]) -> Result<Observed, PortalError> {
        Ok(self.observed.clone().keep_only(mailboxes))
    }
}
