//! Writes what is to be printed into files, which are whole and synced when they are told of.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::options::failed;
use super::prepare::RenderedNotice;
use super::recording::{OpenDelivery, Recording, Stopped};
use crate::domain::record::words::DeliveryOutcome;
use crate::journal::append::sync_folder;
use crate::ops::failure::Failure;

/// The folder for what is to be printed.
pub(super) struct PrintFolder {
    folder: PathBuf,
    /// The last number that was given to a name of this beginning.
    numbers: HashMap<String, u32>,
}

impl PrintFolder {
    pub(super) fn open(folder: &Path) -> Result<Self, Failure> {
        fs::create_dir_all(folder).map_err(|error| {
            let folder = folder.display();
            let why =
                format!("the folder {folder} for what is to be printed cannot be made: {error}");
            failed(&why, "name another one with --output DIR")
        })?;
        Ok(Self {
            folder: folder.to_owned(),
            numbers: HashMap::new(),
        })
    }

    /// Writes one page, under a name that nothing has yet and that says nothing of a person.
    ///
    /// # Errors
    /// Why no other page is to be written.
    pub(super) async fn print_notice(
        &mut self,
        notice: &mut OpenDelivery<'_>,
        recording: &Recording,
    ) -> Result<(), Stopped> {
        let prepared = notice.prepared;
        let name = self.free_name(prepared);
        recording.announce(prepared, Some(&name)).await?;
        let file = self.folder.join(&name);
        let shown = file.to_string_lossy().replace('\\', "/");
        let written = write(&file, &prepared.bytes).and_then(|()| sync_folder(&self.folder));
        let (outcome, detail) = match &written {
            Ok(()) => (DeliveryOutcome::Printed, None),
            Err(error) => (DeliveryOutcome::Deferred, Some(error.to_string())),
        };
        let recorded = recording.delivered(prepared, outcome, detail.as_deref());
        let recorded = recorded.await;
        notice.output.file = written.is_ok().then(|| shown.clone());
        notice.output.ended(outcome, detail);
        // What kept this one from being written keeps the others, too.
        recorded.and(written.map_err(|error| {
            let why = format!("{shown} cannot be written: {error}");
            let help = "mend that and run arkib again, or name another folder with --output DIR";
            Stopped::new(why, help)
        }))
    }

    fn free_name(&mut self, prepared: &RenderedNotice) -> String {
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

fn write(file: &Path, page: &[u8]) -> io::Result<()> {
    let mut open = File::create_new(file)?;
    let written = open.write_all(page).and_then(|()| open.sync_all());
    if written.is_err() {
        // A page that is cut off must not be taken for one.
        let _ = fs::remove_file(file);
    }
    written
}
