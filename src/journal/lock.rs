//! Locks that the system releases however a run ends. They are on the records themselves, so that every
//! run on this machine finds them, whatever its user and its environment; runs on other machines do not
//! see them.

#[cfg(unix)]
use std::fs::TryLockError;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;

use crate::private_files::{create_folder, options_for_new};

#[cfg(windows)]
use std::os::windows::fs::OpenOptionsExt as _;

/// What others may do with a file that is open: read it, and rename or remove it (`FILE_SHARE_READ` and
/// `FILE_SHARE_DELETE`). On Windows a locked file cannot be read, and a record must be; so a run lets
/// nobody else write to it.
#[cfg(windows)]
const SHARE_READ: u32 = 1;
#[cfg(windows)]
const SHARE_DELETE: u32 = 4;

/// Creates a file that counts as written by this run until it is closed.
///
/// # Errors
/// Where it cannot be created or locked; also where another run took it for a leftover and removed it.
pub(super) fn create_locked(place: &Path) -> io::Result<File> {
    #[cfg(unix)]
    let file = options_for_new().open(place)?;
    #[cfg(windows)]
    let file = options_for_new().share_mode(SHARE_READ | SHARE_DELETE).open(place)?;
    #[cfg(unix)]
    file.lock()?;
    match has_name(&file, place) {
        true => Ok(file),
        // The caller tries another name.
        false => Err(io::ErrorKind::AlreadyExists.into()),
    }
}

/// Distinguishes a file whose run is under way on this machine from one whose run was killed. What
/// cannot be opened counts as under way: nothing is known about its run.
pub fn is_locked(place: &Path) -> bool {
    let mut options = OpenOptions::new();
    options.read(true);
    // Refused while the file is open to be written.
    #[cfg(windows)]
    options.share_mode(SHARE_READ | SHARE_DELETE);
    match options.open(place) {
        Ok(file) => cfg!(unix) && file.try_lock_shared().is_err(),
        Err(error) => error.kind() != io::ErrorKind::NotFound,
    }
}

/// Removes the leftover of a run that was killed; not the file of one that is under way.
pub(super) fn remove_unless_locked(place: &Path) {
    if let Ok(file) = OpenOptions::new().read(true).append(true).open(place)
        && file.try_lock().is_ok()
    {
        let _ = fs::remove_file(place);
    }
}

/// Whether that name is still the file's, and not that of another one. A link to it is another one.
pub(super) fn has_name(file: &File, name: &Path) -> bool {
    let Ok(found) = fs::symlink_metadata(name) else { return false };
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        file.metadata().is_ok_and(|own| (own.dev(), own.ino()) == (found.dev(), found.ino()))
    }
    // The time alone says nothing: a file that replaces another is given the time of that one's creation.
    #[cfg(windows)]
    {
        use winapi_util::file::{Information, information};
        let identity = |about: Information| (about.file_index(), about.creation_time());
        let own = information(file).map(identity);
        // It stays open until they are compared, so that nobody else gets its number.
        let Ok(named) = File::open(name) else { return false };
        found.is_file()
            && matches!((own, information(&named).map(identity)), (Ok(own), Ok(named)) if own == named)
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

/// The lock of a run on the records that it uses, or on the folder into which it hands over: two at once
/// would each find something not done, and do it. Dropping it releases the lock.
#[derive(Debug)]
pub struct FolderLock {
    lock: Option<File>,
    /// The file that stands for the folder, if it cannot be locked itself.
    #[cfg(windows)]
    place: std::path::PathBuf,
}

impl Drop for FolderLock {
    fn drop(&mut self) {
        if let Some(lock) = self.lock.take() {
            // At once: a process that another thread starts at this moment has the file, too, until its
            // own program runs. Closing it releases the lock, too, if a little later.
            let _ = lock.unlock();
        }
        // It stays if another run has opened it.
        #[cfg(windows)]
        let _ = fs::remove_file(&self.place);
    }
}

impl FolderLock {
    /// Takes the lock of a folder; `None` if another run holds it. Where the folder is not there and cannot
    /// be made, no run can write anything there, and none has to wait.
    ///
    /// # Errors
    /// Where the lock cannot be made.
    #[cfg(unix)]
    pub fn try_lock(records: &Path, kind: LockKind) -> io::Result<Option<Self>> {
        if !ensure_folder(records)? {
            return Ok(Some(Self { lock: None }));
        }
        let lock = File::open(records)?;
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

    /// Takes the lock of a folder; `None` if another run holds it. A folder cannot be locked
    /// here, so a file in it is opened in a way that refuses others. Anybody may read it, such as git.
    ///
    /// # Errors
    /// Where the lock cannot be made.
    #[cfg(windows)]
    pub fn try_lock(records: &Path, kind: LockKind) -> io::Result<Option<Self>> {
        const GENERIC_READ: u32 = 0x8000_0000;
        const GENERIC_WRITE: u32 = 0x4000_0000;
        const ERROR_SHARING_VIOLATION: i32 = 32;
        let place = records.join(".lock");
        if !ensure_folder(records)? {
            return Ok(Some(Self { lock: None, place }));
        }
        // Who writes and who lets nobody write refuse each other.
        let access = match kind {
            LockKind::Exclusive => GENERIC_READ | GENERIC_WRITE,
            LockKind::Shared => GENERIC_READ,
        };
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false).access_mode(access).share_mode(SHARE_READ);
        // A link is not followed (FILE_FLAG_OPEN_REPARSE_POINT).
        options.custom_flags(0x0020_0000);
        let mut opened = options.open(&place);
        // While another run removes it, at its end, it is as if it were forbidden.
        for _ in 0..20 {
            if opened.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::PermissionDenied) {
                std::thread::sleep(std::time::Duration::from_millis(5));
                opened = options.open(&place);
            }
        }
        match opened {
            Ok(lock) => Ok(Some(Self { lock: Some(lock), place })),
            Err(error) if error.raw_os_error() == Some(ERROR_SHARING_VIOLATION) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Makes the folder. False if it is not there and cannot be made: then no run can write anything there, and
/// none has to wait.
fn ensure_folder(folder: &Path) -> io::Result<bool> {
    use io::ErrorKind::{
        AlreadyExists, NotADirectory, NotFound, PermissionDenied, ReadOnlyFilesystem,
    };
    let cannot = [AlreadyExists, NotADirectory, NotFound, PermissionDenied, ReadOnlyFilesystem];
    match create_folder(folder) {
        Err(error) if !folder.exists() && cannot.contains(&error.kind()) => Ok(false),
        made => made.map(|()| true),
    }
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
        // Git may look at it.
        #[cfg(windows)]
        assert_eq!(fs::read(folder.join(".lock")).expect("it can be read"), b"");
        assert!(try_lock(&other, LockKind::Shared).expect("a lock").is_none());
        drop(folder_lock);
        let shard = try_lock(&folder, LockKind::Shared).expect("a lock").expect("the turn");
        assert!(try_lock(&other, LockKind::Shared).expect("a lock").is_some());
        assert!(try_lock(&other, LockKind::Exclusive).expect("a lock").is_none());
        drop(shard);
        assert!(try_lock(&other, LockKind::Exclusive).expect("a lock").is_some());
        // Nothing is left behind.
        assert_eq!(std::fs::read_dir(&folder).expect("a folder").count(), 0);
    }

    #[test]
    fn a_record_is_locked_as_long_as_it_is_open() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = folder.path().join("run.jsonl");
        assert!(!is_locked(&place), "it is not there");
        let file = create_locked(&place).expect("a file");
        assert!(is_locked(&place));
        remove_unless_locked(&place);
        assert_eq!(fs::read(&place).expect("it is there"), b"");
        drop(file);
        assert!(!is_locked(&place));
        // Who may only read it knows that, too.
        let only_read = folder.path().join("only-read.jsonl");
        fs::write(&only_read, "").expect("a file");
        let mut permissions = fs::metadata(&only_read).expect("it is there").permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&only_read, permissions).expect("it is ours");
        assert!(!is_locked(&only_read));
        // Nothing is known about what cannot be opened: on Unix what would be in a file, on Windows a folder.
        let unknown = if cfg!(unix) { place.join("in a file") } else { folder.path().to_owned() };
        assert!(is_locked(&unknown));
        remove_unless_locked(&place);
        assert!(!place.exists());
    }
}
