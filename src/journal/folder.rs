//! Folders whose names, and the names in them, are on disk. Windows syncs no folder; there the sync of a
//! file covers the name that it has.

use std::fs::{self, File};
use std::io;
use std::path::Path;

/// Creates a folder, whose name is on disk then; on Windows once a file in it is synced.
///
/// # Errors
/// Where it cannot be created.
pub fn create_folder(folder: &Path) -> io::Result<()> {
    let is_new = !folder.exists();
    fs::create_dir_all(folder)?;
    match folder.parent().filter(|parent| is_new && parent.is_dir()) {
        Some(parent) => sync_folder(parent),
        None => Ok(()),
    }
}

/// Waits until the names in a folder are on disk; on Windows those of synced files are already.
///
/// # Errors
/// Where the folder cannot be synced.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    match cfg!(unix) {
        true => File::open(folder)?.sync_all(),
        false => Ok(()),
    }
}

/// Waits until the new name of a file that was renamed, in that folder, is on disk.
///
/// # Errors
/// Where it cannot be synced.
pub fn sync_renamed_file(file: &File, folder: &Path) -> io::Result<()> {
    match cfg!(windows) {
        true => file.sync_all(),
        false => sync_folder(folder),
    }
}

/// Waits until the new name of a folder that was renamed is on disk.
///
/// # Errors
/// Where it cannot be synced.
pub fn sync_renamed_folder(renamed: &Path) -> io::Result<()> {
    if cfg!(windows) {
        for entry in fs::read_dir(renamed)? {
            // Only what may be written can be synced.
            fs::OpenOptions::new().append(true).open(entry?.path())?.sync_all()?;
        }
    }
    renamed.parent().map_or(Ok(()), sync_folder)
}
