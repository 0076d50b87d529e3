//! Lets runs that give notices or hand changes over take turns: two at once from the same records
//! would each find a notice not given, and give it. The system takes the lock back however a run ends. Runs on other machines
//! know nothing of it.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;

/// The turn of a run. Dropping it lets the next one have it.
#[derive(Debug)]
pub struct Turn {
    _lock: File,
}

impl Turn {
    /// Takes the turn for a folder of records; `None` where another run has it.
    ///
    /// # Errors
    /// Where the lock cannot be made.
    pub fn take(records: &Path) -> io::Result<Option<Self>> {
        let lock = lock_of(records)?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(Self { _lock: lock })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

/// The folder itself, which every run on this machine finds, whatever its user and environment.
#[cfg(unix)]
fn lock_of(records: &Path) -> io::Result<File> {
    std::fs::create_dir_all(records)?;
    File::open(records)
}

/// A folder cannot be locked here; a file in the user's own folder for such things can. It stays: to
/// take it away would let two runs hold locks on two files of one name.
#[cfg(not(unix))]
fn lock_of(records: &Path) -> io::Result<File> {
    let name = whole(records)?.to_string_lossy().into_owned();
    let name = crate::hash::sha256(name.as_bytes());
    std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .open(std::env::temp_dir().join(format!("arkib-turn-{}.lock", &name[..32])))
}

/// The one name of a folder that may not be there yet.
#[cfg(not(unix))]
fn whole(folder: &Path) -> io::Result<std::path::PathBuf> {
    let folder = std::path::absolute(folder)?;
    let mut rest = Vec::new();
    let mut known = folder.as_path();
    loop {
        if let Ok(found) = known.canonicalize() {
            return Ok(rest.iter().rev().fold(found, |path, name| path.join(name)));
        }
        match (known.file_name(), known.parent()) {
            (Some(name), Some(parent)) => {
                rest.push(name.to_owned());
                known = parent;
            }
            _ => return Ok(folder),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_run_at_a_time_whatever_the_folder_is_called() {
        let scratch = tempfile::tempdir().expect("a folder");
        let folder = scratch.path().join("requests/records");
        let turn = Turn::take(&folder).expect("a lock").expect("the turn");
        let other = scratch.path().join("requests/../requests/records");
        std::fs::create_dir_all(&folder).expect("a folder");
        assert!(Turn::take(&other).expect("a lock").is_none());
        assert!(Turn::take(scratch.path()).expect("a lock").is_some());
        drop(turn);
        assert!(Turn::take(&other).expect("a lock").is_some());
    }
}
