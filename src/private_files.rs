//! The one place that creates files and folders. They hold personal data, so they are their owner's
//! alone (on Windows folders, and files that the user named; others have their folder's rights), and nothing
//! is written through a link out of its folder: a branch can bring links, and so can other users.

mod access;
mod held;
mod links;
mod replace;
#[cfg(test)]
mod tests;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
#[cfg(unix)]
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

use access::make_private;
pub use access::not_private;
pub use held::{persist_new, remove_file, rename};
pub use links::folder_of;
use links::{refuse_links_out, resolve};
pub use replace::{
    TEMPORARY, check_writable, is_stream, replace, replace_help, replace_public, replace_secret,
    replace_text,
};
use replace::{appending, temporary_file};

/// What became of a new file.
#[derive(Debug)]
pub enum WriteOutcome {
    /// The file is written and synced.
    Written,
    /// Another file has that name; it is unchanged.
    Taken,
}

/// Creates a folder and those above it, whose names are on disk then.
///
/// # Errors
/// Where it cannot be created, or its path leads through a link that a branch could have brought.
pub fn create_folder(folder: &Path) -> io::Result<()> {
    refuse_links_out(folder)?;
    create_folders(folder)
}

fn create_folders(folder: &Path) -> io::Result<()> {
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    create_folders(folder_of(folder))?;
    #[cfg(unix)]
    let made = fs::DirBuilder::new().mode(0o700).create(folder);
    #[cfg(not(unix))]
    let made = fs::create_dir(folder);
    match made {
        // Another run was first.
        Err(_) if folder.is_dir() => {}
        // A disk that knows no rights is as good as its owner made it.
        made => made.map(|()| _ = make_private(folder))?,
    }
    sync_folder(folder_of(folder))
}

/// Opens a file to be read that a branch could have brought: where it is a link, it may lead to any file that
/// the user may read.
///
/// # Errors
/// Where it cannot be opened, is a link, or its path leads through one out of its folder.
pub fn open_unlinked(file: &Path) -> io::Result<File> {
    refuse_links_out(folder_of(file))?;
    match file.is_symlink() {
        true => Err(io::Error::other("it is a link, which may lead anywhere")),
        false => File::open(file),
    }
}

/// Waits until the names in a folder are on disk; on Windows those of synced files are already, because
/// the sync of a file covers the name that it has.
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
            OpenOptions::new().append(true).open(entry?.path())?.sync_all()?;
        }
    }
    renamed.parent().map_or(Ok(()), sync_folder)
}

/// How a file is created that is not there yet, in a folder of [`create_folder`]; a link of its name is
/// not followed.
pub fn options_for_new() -> OpenOptions {
    let mut options = appending();
    options.create_new(true);
    options
}

/// Creates a file that is not there yet.
///
/// # Errors
/// As for any file.
pub fn create_new(file: &Path) -> io::Result<File> {
    options_for_new().open(file)
}

/// Opens a file to append to, and creates it where it is not there.
///
/// # Errors
/// As for any file; and where it is a link out of its folder.
pub fn open_to_append(file: &Path) -> io::Result<File> {
    appending().create(true).open(resolve(file)?)
}

/// Writes a file that must not exist yet, and creates its folder if needed: completely or not at all, and
/// never over another file. If it cannot be written, nothing is left behind.
///
/// # Errors
/// Where it cannot be written.
pub fn write_new(file: &Path, bytes: impl AsRef<[u8]>) -> io::Result<WriteOutcome> {
    let folder = folder_of(file);
    let is_new = !folder.exists();
    create_folder(folder)?;
    let placed = write_atomically(folder, file, bytes.as_ref());
    if is_new && !matches!(placed, Ok(WriteOutcome::Written)) {
        // If another run has put something there meanwhile, it stays.
        let _ = fs::remove_dir(folder);
    }
    placed
}

fn write_atomically(folder: &Path, file: &Path, bytes: &[u8]) -> io::Result<WriteOutcome> {
    let mut new = temporary_file(folder)?;
    new.as_file_mut().write_all(bytes)?;
    new.as_file().sync_all()?;
    match persist_new(new, file) {
        Ok(written) => sync_renamed_file(&written, folder).map(|()| WriteOutcome::Written),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(WriteOutcome::Taken),
        Err(error) => Err(error),
    }
}
