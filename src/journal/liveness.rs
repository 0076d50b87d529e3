//! Tells a run that was killed from one that is still under way on this machine: a run holds a lock
//! for as long as it lives, which the system takes back however it ends.
//!
//! The lock lies in the system's temporary folder and not beside the record: on Windows a locked
//! file cannot be read, and a record must be.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::PathBuf;

use crate::hash::sha256;

fn place(record: &str) -> PathBuf {
    // The name of a record is its own: moment, plan and process are in it.
    let name = format!("arkib-{}.lock", &sha256(record.as_bytes())[..32]);
    std::env::temp_dir().join(name)
}

/// A run that is under way. Dropping it takes the lock away.
pub(super) struct Alive {
    place: PathBuf,
    /// Closed first: an open file cannot be removed everywhere.
    lock: Option<File>,
}

impl Alive {
    /// From now on the run of that record is under way.
    ///
    /// # Errors
    /// Where the lock cannot be made.
    pub(super) fn begin(record: &str) -> io::Result<Self> {
        let place = place(record);
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(&place)?;
        file.lock()?;
        Ok(Self {
            place,
            lock: Some(file),
        })
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        drop(self.lock.take());
        // What is left behind is empty and in the way of nobody.
        let _ = std::fs::remove_file(&self.place);
    }
}

/// Whether the run of a record is under way on this machine.
pub(super) fn is_alive(record: &str) -> bool {
    // Only looked at: one that is not there is not made.
    match OpenOptions::new().write(true).open(place(record)) {
        Ok(file) => matches!(file.try_lock(), Err(std::fs::TryLockError::WouldBlock)),
        Err(_) => false,
    }
}
