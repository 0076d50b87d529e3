//! Writes what is to be printed into files, which are whole and synced when they are told of.

use std::collections::HashMap;
#[cfg(unix)]
use std::fs::File;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::deliver::{End, Stopped};
use super::recording::Recording;
use super::render::Prepared;
use crate::domain::record::words::DeliveryOutcome;

/// The folder for what is to be printed.
pub(super) struct Tray {
    folder: PathBuf,
    /// The last number that was given to a name of this beginning.
    numbers: HashMap<String, u32>,
}

impl Tray {
    /// Makes the folder.
    ///
    /// # Errors
    /// Why it cannot be made, and what to do.
    pub(super) fn open(folder: &Path) -> Result<Self, (String, String)> {
        fs::create_dir_all(folder).map_err(|error| {
            let why = format!(
                "the folder {} for what is to be printed cannot be made: {error}",
                folder.display()
            );
            (why, "name another one with --output DIR".to_owned())
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
    pub(super) async fn give(
        &mut self,
        prepared: &Prepared,
        html: &str,
        recording: &Recording,
    ) -> Result<End, Stopped> {
        let name = self.free_name(prepared);
        recording
            .announce(prepared, Some(&name))
            .await
            .map_err(Stopped::unrecorded)?;
        let file = self.folder.join(&name);
        let shown = file.to_string_lossy().replace('\\', "/");
        let written = write(&file, html).and_then(|()| sync_folder(&self.folder));
        let (outcome, detail) = match &written {
            Ok(()) => (DeliveryOutcome::Printed, None),
            Err(error) => (DeliveryOutcome::Deferred, Some(error.to_string())),
        };
        let recorded = recording
            .delivered(prepared, outcome, detail.as_deref())
            .await;
        let end = End {
            outcome,
            file: written.is_ok().then_some(shown.clone()),
            detail,
        };
        let stopped = match (written, recorded) {
            (_, Err(why)) => Stopped::unrecorded(why),
            // What kept this one from being written keeps the others, too.
            (Err(error), Ok(())) => Stopped {
                why: format!("{shown} cannot be written: {error}"),
                help: "mend that and run arkib again, or name another folder with --output DIR"
                    .to_owned(),
                end: None,
            },
            (Ok(()), Ok(())) => return Ok(end),
        };
        Err(stopped.after(end))
    }

    fn free_name(&mut self, prepared: &Prepared) -> String {
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

fn write(file: &Path, html: &str) -> io::Result<()> {
    let mut open = OpenOptions::new().write(true).create_new(true).open(file)?;
    let written = open
        .write_all(html.as_bytes())
        .and_then(|()| open.sync_all());
    if written.is_err() {
        // A page that is cut off must not be taken for one.
        let _ = fs::remove_file(file);
    }
    written
}

/// The name of a new file is on disk only when its folder is.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Elsewhere a file's own sync covers its name.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
