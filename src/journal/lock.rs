//! Locks that the system releases however a run ends. Runs on other machines do not see them.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use crate::hash::sha256;

/// A file in the system's temporary folder that stands for something of that name.
fn lock_path(kind: &str, name: &str) -> PathBuf {
    let name = format!("{kind}{}.lock", &sha256(name.as_bytes())[..32]);
    std::env::temp_dir().join(name)
}

fn open_or_create(place: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false).open(place)
}

/// Distinguishes a run that was killed from one that is still under way on this machine: a run holds a lock
/// for as long as it is alive. Dropping it releases the lock.
///
/// The lock is not beside the record: on Windows a locked file cannot be read, and a record
/// must be.
pub(super) struct LivenessLock {
    place: PathBuf,
    /// Closed first: an open file cannot be removed everywhere.
    lock: Option<File>,
}

impl LivenessLock {
    /// From now on the run of that record is under way. The name of a record is its own: moment, plan
    /// and process are in it.
    ///
    /// # Errors
    /// Where the lock cannot be made.
    pub(super) fn begin(record: &str) -> io::Result<Self> {
        let place = lock_path("arkib-", record);
        let lock = open_or_create(&place)?;
        lock.lock()?;
        Ok(Self { place, lock: Some(lock) })
    }
}

impl Drop for LivenessLock {
    fn drop(&mut self) {
        if let Some(lock) = self.lock.take() {
            release(lock);
        }
        // A leftover file is empty and harmless.
        let _ = std::fs::remove_file(&self.place);
    }
}

/// Whether the run of a record is under way on this machine.
pub(super) fn is_running(record: &str) -> bool {
    // Only checked: a missing file is not created.
    match OpenOptions::new().write(true).open(lock_path("arkib-", record)) {
        Ok(file) => matches!(file.try_lock(), Err(TryLockError::WouldBlock)),
        Err(_) => false,
    }
}

/// Which runs may use the same records at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LockKind {
    /// This run alone.
    Exclusive,
    /// Runs of shards, which change different mailboxes.
    Shared,
}

/// The lock of a run that changes mailboxes or sends notices: two at once with the same records
/// would each find it not done, and do it. Dropping it releases the lock.
#[derive(Debug)]
pub struct FolderLock {
    lock: Option<File>,
}

impl Drop for FolderLock {
    fn drop(&mut self) {
        if let Some(lock) = self.lock.take() {
            release(lock);
        }
    }
}

/// Releases a lock at once. To close the file alone is not enough: a process that another thread starts
/// at this moment has it, too, until its own program runs.
fn release(lock: File) {
    // Closing releases it, too, if a little later.
    let _ = lock.unlock();
}

impl FolderLock {
    /// Takes the lock of a folder of records; `None` if another run holds it. Where the folder is not there
    /// and cannot be made, no run can record anything, and none has to wait.
    ///
    /// # Errors
    /// Where the lock cannot be made.
    pub fn try_lock(records: &Path, kind: LockKind) -> io::Result<Option<Self>> {
        let lock = match open_lock(records) {
            Err(error) if is_unwritable(&error) && !records.exists() => {
                return Ok(Some(Self { lock: None }));
            }
            opened => opened?,
        };
        let locked = match kind {
            LockKind::Exclusive => lock.try_lock(),
            LockKind::Shared => lock.try_lock_shared(),
        };
        match locked {
            Ok(()) => Ok(Some(Self { lock: Some(lock) })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

fn is_unwritable(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem)
}

/// The folder itself, which every run on this machine finds, whatever its user and environment. On
/// Windows a folder cannot be locked; a file in the user's own folder for such things can. It stays:
/// to take it away would let two runs hold locks on two files of one name.
fn open_lock(records: &Path) -> io::Result<File> {
    if cfg!(unix) {
        std::fs::create_dir_all(records)?;
        return File::open(records);
    }
    open_or_create(&lock_path("arkib-turn-", &canonicalize_existing(records)?.to_string_lossy()))
}

/// The one name of a folder that may not be there yet.
fn canonicalize_existing(folder: &Path) -> io::Result<PathBuf> {
    let folder = std::path::absolute(folder)?;
    let known = folder.ancestors().find_map(|known| {
        let mut found = known.canonicalize().ok()?;
        found.extend(folder.strip_prefix(known).ok()?);
        Some(found)
    });
    Ok(known.unwrap_or(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locks_a_folder_under_any_name() {
        let try_lock = FolderLock::try_lock;
        let scratch = tempfile::tempdir().expect("a folder");
        let folder = scratch.path().join("requests/records");
        let folder_lock =
            try_lock(&folder, LockKind::Exclusive).expect("a lock").expect("the turn");
        let other = scratch.path().join("requests/../requests/records");
        std::fs::create_dir_all(&folder).expect("a folder");
        assert!(try_lock(&other, LockKind::Exclusive).expect("a lock").is_none());
        assert!(try_lock(scratch.path(), LockKind::Exclusive).expect("a lock").is_some());
        assert!(try_lock(&other, LockKind::Shared).expect("a lock").is_none());
        drop(folder_lock);
        let shard = try_lock(&folder, LockKind::Shared).expect("a lock").expect("the turn");
        assert!(try_lock(&other, LockKind::Shared).expect("a lock").is_some());
        assert!(try_lock(&other, LockKind::Exclusive).expect("a lock").is_none());
        drop(shard);
        assert!(try_lock(&other, LockKind::Exclusive).expect("a lock").is_some());
    }
}
