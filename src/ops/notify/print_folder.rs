//! Writes the pages to print into files, which are complete and synced before they are reported.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::options::early_failure;
use super::prepare::RenderedNotice;
use super::recording::{DeliveryRecorder, NoticeInDelivery};
use crate::domain::record::enums::DeliveryOutcome;
use crate::language::Message;
use crate::ops::failure::Failure;
use crate::private_files::{WriteOutcome, create_folder, write_new};
use crate::text::shown_path;

/// The folder for pages to print.
pub(super) struct PrintFolder {
    folder: PathBuf,
    /// The last number used for each beginning of a name.
    numbers: HashMap<String, u32>,
}

impl PrintFolder {
    pub(super) fn open(folder: &Path) -> Result<Self, Failure> {
        create_folder(folder).map_err(|error| {
            let (folder, error) = (shown_path(folder), error.to_string());
            let why = message!("notify-no-folder", folder, error);
            early_failure(why, message!("notify-no-folder-help"))
        })?;
        Ok(Self { folder: folder.to_owned(), numbers: HashMap::new() })
    }

    /// Writes one page, under an unused name without personal data.
    ///
    /// # Errors
    /// Why no other page may be written.
    pub(super) async fn print_notice(
        &mut self,
        notice: &mut NoticeInDelivery<'_>,
        recording: &DeliveryRecorder,
    ) -> Result<(), Failure> {
        let prepared = notice.prepared;
        let name = self.next_free_name(prepared);
        recording.record_attempt(prepared, Some(&name)).await?;
        let file = self.folder.join(&name);
        let shown = shown_path(&file);
        let written = match write_new(&file, &prepared.bytes) {
            Ok(WriteOutcome::Written) => Ok(()),
            Ok(WriteOutcome::Taken) => Err(io::ErrorKind::AlreadyExists.into()),
            Err(error) => Err(error),
        };
        let (outcome, detail) = match &written {
            Ok(()) => (DeliveryOutcome::Printed, None),
            Err(error) => (DeliveryOutcome::Deferred, Some(error.to_string())),
        };
        let recorded = recording.record_delivery(prepared, outcome, detail.as_deref());
        let recorded = recorded.await;
        notice.output.file = written.is_ok().then(|| shown.clone());
        notice.output.set_outcome(outcome, detail.map(Message::verbatim));
        // The same error would affect the other pages.
        recorded.and(written.map_err(|error| {
            let why = message!("notify-unwritten", file = shown, error = error.to_string());
            Failure::failed(why, message!("notify-unwritten-help"))
        }))
    }

    fn next_free_name(&mut self, prepared: &RenderedNotice) -> String {
        let (request, kind) = (&prepared.due.request.id, prepared.due.kind.as_str());
        let beginning = format!("{request}-{kind}");
        let number = self.numbers.entry(beginning.clone()).or_default();
        loop {
            *number += 1;
            let name = format!("{beginning}-{number}.html");
            if fs::symlink_metadata(self.folder.join(&name)).is_err() {
                return name;
            }
        }
    }
}
