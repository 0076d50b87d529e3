//! Writes a new file, of a request or to print: completely or not at all, and never over another file.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

use crate::journal::folder::sync_renamed_file;

#[derive(Debug)]
pub(crate) enum WriteOutcome {
    /// The file is written and synced.
    Written,
    /// Another file has that name; it is unchanged.
    Taken,
}

/// Writes a file that must not exist yet, and creates its folder if needed. If it cannot be written,
/// nothing is left behind.
pub(crate) fn write_new_file(file: &Path, text: impl AsRef<[u8]>) -> io::Result<WriteOutcome> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let is_new = !folder.exists();
    fs::create_dir_all(folder)?;
    let placed = write_atomically(folder, file, text.as_ref());
    if is_new && !matches!(placed, Ok(WriteOutcome::Written)) {
        // If another run has put something there meanwhile, it stays.
        let _ = fs::remove_dir(folder);
    }
    placed
}

fn write_atomically(folder: &Path, file: &Path, text: &[u8]) -> io::Result<WriteOutcome> {
    // Created like any new file, so that it has the usual permissions.
    let mut new =
        tempfile::Builder::new().prefix(".new-").make_in(folder, |path| File::create_new(path))?;
    new.write_all(text)?;
    new.as_file().sync_all()?;
    match new.persist_noclobber(file) {
        Ok(written) => {
            sync_renamed_file(&written, folder)?;
            Ok(WriteOutcome::Written)
        }
        // Dropping the error deletes the temporary file.
        Err(failed) if failed.error.kind() == io::ErrorKind::AlreadyExists => {
            Ok(WriteOutcome::Taken)
        }
        Err(failed) => Err(failed.error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_an_existing_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("2026/R-1.yaml");
        assert!(matches!(write_new_file(&file, "one"), Ok(WriteOutcome::Written)));
        assert!(matches!(write_new_file(&file, "two"), Ok(WriteOutcome::Taken)));
        assert_eq!(fs::read_to_string(&file).expect("the file"), "one");
        let left = fs::read_dir(folder.path().join("2026")).expect("a folder");
        assert_eq!(left.count(), 1, "something was left behind");
    }

    #[test]
    fn only_one_of_many_writers_gets_a_name() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("R-1.yaml");
        let written = std::thread::scope(|scope| {
            let each: Vec<_> = (0..8)
                .map(|number| {
                    let file = &file;
                    scope.spawn(move || write_new_file(file, format!("{number}").repeat(50_000)))
                })
                .collect();
            each.into_iter()
                .filter_map(|thread| thread.join().ok())
                .filter(|placed| matches!(placed, Ok(WriteOutcome::Written)))
                .count()
        });
        assert_eq!(written, 1);
        let text = fs::read_to_string(&file).expect("the file");
        assert_eq!(text.len(), 50_000);
        assert!(text.bytes().all(|byte| Some(&byte) == text.as_bytes().first()));
    }
}
