//! Files that another program has open, which Windows lets nobody rename, replace or remove. A virus scanner
//! or an indexer soon lets go of them, so they are tried for a second; a spreadsheet does when its user
//! closes it, so that is said.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use tempfile::NamedTempFile;

const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(50);

/// Renames a file or folder.
///
/// # Errors
/// As [`fs::rename`]; and where another program has it open.
pub fn rename(from: &Path, to: &Path) -> io::Result<()> {
    retry_while_held(&[from, to], || fs::rename(from, to))
}

/// Removes a file.
///
/// # Errors
/// As [`fs::remove_file`]; and where another program has it open.
pub fn remove_file(file: &Path) -> io::Result<()> {
    retry_while_held(&[file], || fs::remove_file(file))
}

/// Gives a temporary file its name, which no file has yet.
///
/// # Errors
/// As for any file. Then the temporary file is gone.
pub fn persist_new(new: NamedTempFile, name: &Path) -> io::Result<File> {
    persist(new, name, |new, name| new.persist_noclobber(name))
}

/// Gives a temporary file its name, and replaces the file that has it.
pub(super) fn persist_over(new: NamedTempFile, name: &Path) -> io::Result<File> {
    persist(new, name, |new, name| new.persist(name))
}

fn persist(
    new: NamedTempFile,
    name: &Path,
    attempt: fn(NamedTempFile, &Path) -> Result<File, tempfile::PersistError>,
) -> io::Result<File> {
    let beside = new.path().to_owned();
    let mut unnamed = Some(new);
    retry_while_held(&[&beside, name], || {
        let new = unnamed.take().ok_or(io::ErrorKind::NotFound)?;
        attempt(new, name).map_err(|failed| {
            unnamed = Some(failed.file);
            failed.error
        })
    })
}

/// Does something with files, again for a second as long as another program has one of them open.
fn retry_while_held<T>(files: &[&Path], attempt: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    retry(attempt, |error| is_in_use_elsewhere(error, files), || sleep(PAUSE))
}

fn retry<T>(
    mut attempt: impl FnMut() -> io::Result<T>,
    is_in_use_elsewhere: impl Fn(&io::Error) -> bool,
    mut pause: impl FnMut(),
) -> io::Result<T> {
    for _ in 1..TRIES {
        match attempt() {
            Err(error) if is_in_use_elsewhere(&error) => pause(),
            done => return done,
        }
    }
    attempt().map_err(|error| match is_in_use_elsewhere(&error) {
        true => {
            let why = "it is open in another program; close it there";
            io::Error::new(io::ErrorKind::ResourceBusy, why)
        }
        false => error,
    })
}

/// Whether that failed because another program has one of the files open. To replace one is then denied,
/// like one that the user may not touch; only to open it to be removed says which.
#[cfg(windows)]
fn is_in_use_elsewhere(error: &io::Error, files: &[&Path]) -> bool {
    use std::os::windows::fs::OpenOptionsExt as _;

    const ERROR_ACCESS_DENIED: i32 = 5;
    const ERROR_SHARING_VIOLATION: i32 = 32;
    const ERROR_LOCK_VIOLATION: i32 = 33;
    const DELETE: u32 = 0x0001_0000;
    // A folder is opened, too (FILE_FLAG_BACKUP_SEMANTICS), and no link is followed
    // (FILE_FLAG_OPEN_REPARSE_POINT).
    const FLAGS: u32 = 0x0220_0000;
    let is_violation = |error: &io::Error| {
        matches!(error.raw_os_error(), Some(ERROR_SHARING_VIOLATION | ERROR_LOCK_VIOLATION))
    };
    let open = |file: &&Path| {
        fs::OpenOptions::new().access_mode(DELETE).custom_flags(FLAGS).open(file).map(drop)
    };
    is_violation(error)
        || error.raw_os_error() == Some(ERROR_ACCESS_DENIED)
            && files.iter().any(|file| open(file).is_err_and(|error| is_violation(&error)))
}

/// Elsewhere a file is renamed and removed whoever has it open.
#[cfg(not(windows))]
fn is_in_use_elsewhere(_: &io::Error, _: &[&Path]) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn what_is_held_is_tried_for_a_while() {
        let run = |held_for: u32| {
            let (tries, pauses) = (Cell::new(0), Cell::new(0));
            let attempt = || {
                tries.set(tries.get() + 1);
                match tries.get() > held_for {
                    true => Ok(()),
                    false => Err(io::ErrorKind::PermissionDenied.into()),
                }
            };
            let done = retry(attempt, |_| true, || pauses.set(pauses.get() + 1));
            (done.map_err(|error| error.to_string()), tries.get(), pauses.get())
        };
        assert_eq!(run(0), (Ok(()), 1, 0));
        assert_eq!(run(3), (Ok(()), 4, 3));
        let held = "it is open in another program; close it there".to_owned();
        assert_eq!(run(TRIES), (Err(held), TRIES, TRIES - 1));
        let denied = || -> io::Result<()> { Err(io::ErrorKind::PermissionDenied.into()) };
        let denied = retry(denied, |_| false, || panic!("nobody has it open"));
        assert_eq!(denied.expect_err("denied").kind(), io::ErrorKind::PermissionDenied);
    }

    /// As a spreadsheet opens a file: others may read it.
    #[cfg(windows)]
    #[test]
    fn an_open_file_is_said_to_be_open_and_a_forbidden_one_is_not() {
        use std::os::windows::fs::OpenOptionsExt as _;

        let scratch = tempfile::tempdir().expect("a folder");
        let file = scratch.path().join("register.csv");
        fs::write(&file, "old").expect("a file");
        let replace = || super::super::replace(&file, b"new").map_err(|error| error.kind());
        let open = fs::OpenOptions::new().read(true).share_mode(1).open(&file).expect("a file");
        assert_eq!(replace(), Err(io::ErrorKind::ResourceBusy));
        let other = scratch.path().join("other.csv");
        let renamed = rename(&file, &other).map_err(|error| error.kind());
        assert_eq!(renamed, Err(io::ErrorKind::ResourceBusy));
        let removed = remove_file(&file).map_err(|error| error.kind());
        assert_eq!(removed, Err(io::ErrorKind::ResourceBusy));
        assert_eq!(fs::read(&file).expect("a file"), b"old");
        // A virus scanner lets go of it.
        let held = Cell::new(Some(open));
        let error = || io::Error::from_raw_os_error(32);
        let attempt = || if held.take().is_some() { Err(error()) } else { fs::remove_file(&file) };
        retry(attempt, |error| is_in_use_elsewhere(error, &[&file]), || ()).expect("it is free");
        assert_eq!(fs::read_dir(scratch.path()).expect("a folder").count(), 0);
        fs::write(&file, "old").expect("a file");
        assert_eq!(replace(), Ok(()));
        assert!(!is_in_use_elsewhere(&io::Error::from_raw_os_error(5), &[&file]));
    }
}
