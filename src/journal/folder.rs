//! Folders whose names, and the names in them, are on disk.

use std::fs::{self, File};
use std::io;
use std::path::Path;

/// Creates a folder and those above it, whose names are on disk then.
///
/// # Errors
/// Where it cannot be created.
pub fn create_folder(folder: &Path) -> io::Result<()> {
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    let parent = folder.parent().unwrap_or(Path::new(""));
    create_folder(parent)?;
    match fs::create_dir(folder) {
        // Another run was first.
        Err(_) if folder.is_dir() => {}
        made => made?,
    }
    sync_folder(if parent.as_os_str().is_empty() { Path::new(".") } else { parent })
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
