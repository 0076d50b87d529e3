//! Folders whose names, and the names in them, are on disk.

use std::fs::{self, File};
use std::io;
use std::path::Path;

/// Creates a folder, whose name is on disk then.
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

/// The name of a new file is on disk only when its folder is. On Windows the file's own sync covers its
/// name.
///
/// # Errors
/// Where the folder cannot be synced.
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    match cfg!(unix) {
        true => File::open(folder)?.sync_all(),
        false => Ok(()),
    }
}
