//! The file of a record while its run is under way: it appears with its first line, is locked, and is
//! looked at after each write, because a line is recorded only if it is in the file of that name. Knows
//! nothing of what the lines say.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

use super::lock::{create_locked, has_name, remove_unless_locked};
use crate::language::Message;
use crate::private_files::{create_new, persist_new, sync_renamed_file};
use crate::text::shown_path;

/// How the name of a record begins until its first line is on disk; it does not end like a record's.
const UNFINISHED: &str = ".unfinished-";

/// The open file of a record.
pub(super) struct RecordFile {
    file: File,
    path: PathBuf,
    length: u64,
    /// All lines, packed, also those that the file lacks: somebody may remove it.
    copy: DeflateEncoder<Vec<u8>>,
    /// After a failure it is not known what is on disk, so nothing more is written.
    failed: Option<String>,
}

impl RecordFile {
    /// A new record with its first line; no other run sees less of it.
    ///
    /// # Errors
    /// Where it cannot be written, or there is one.
    pub(super) fn create(path: PathBuf, first: &str) -> io::Result<Self> {
        let folder = path.parent().unwrap_or(Path::new("."));
        remove_leftovers(folder);
        let mut unfinished =
            tempfile::Builder::new().prefix(UNFINISHED).make_in(folder, create_locked)?;
        unfinished.write_all(first.as_bytes())?;
        unfinished.as_file().sync_all()?;
        let file = persist_new(unfinished, &path)?;
        if let Err(error) = sync_renamed_file(&file, folder) {
            // Nothing was done, so there is nothing to record.
            let _ = fs::remove_file(&path);
            return Err(error);
        }
        let mut copy = DeflateEncoder::new(Vec::new(), Compression::fast());
        copy.write_all(first.as_bytes())?;
        Ok(Self { file, path, length: first.len() as u64, copy, failed: None })
    }

    /// Writes lines, and waits for the disk where somebody waits for them.
    ///
    /// # Errors
    /// Where they are not in the file of that name, or an earlier line is not.
    pub(super) fn append(&mut self, text: &str, is_awaited: bool) -> io::Result<()> {
        self.copy.write_all(text.as_bytes())?;
        if let Some(why) = &self.failed {
            let why = format!("an earlier line could not be written: {why}");
            return Err(io::Error::other(why));
        }
        self.length += text.len() as u64;
        let mut written = self.file.write_all(text.as_bytes());
        if is_awaited {
            written = written.and_then(|()| self.file.sync_data());
        }
        let written = written.and_then(|()| self.check_place());
        self.failed = written.as_ref().err().map(ToString::to_string);
        written
    }

    /// Checks that the name still is that of this file, and that nobody else changed its length.
    fn check_place(&self) -> io::Result<()> {
        let length = self.file.metadata()?.len();
        match length == self.length && has_name(&self.file, &self.path) {
            true => Ok(()),
            false => Err(io::Error::other("it was removed or changed during the run")),
        }
    }

    /// Closes the record. If it is not whole, it is written a second time beside its folder, or where
    /// that fails into the current folder.
    ///
    /// # Errors
    /// Why it is not whole, and where it is whole.
    pub(super) fn close(self) -> Result<(), Message> {
        // At once; see `FolderLock`.
        let _ = self.file.unlock();
        let Some(why) = self.failed else {
            return Ok(());
        };
        let name = self.path.file_name().unwrap_or_default();
        let beside = self.path.parent().and_then(Path::parent).unwrap_or(Path::new(""));
        let rescued = self.copy.finish().and_then(|packed| {
            let rescue = |place: PathBuf| write_rescue(&packed, &place).map(|()| place);
            rescue(beside.join(name)).or_else(|_| rescue(PathBuf::from(name)))
        });
        Err(match rescued {
            Ok(place) => {
                let (now, place) = (shown_path(&place), shown_path(&self.path));
                message!("record-rescued", why, now, place)
            }
            Err(error) => message!("record-not-rescued", why, error = error.to_string()),
        })
    }
}

fn write_rescue(packed: &[u8], place: &Path) -> io::Result<()> {
    let mut file = create_new(place)?;
    let written = io::copy(&mut DeflateDecoder::new(packed), &mut file);
    written.and_then(|_| file.sync_all()).inspect_err(|_| {
        let _ = fs::remove_file(place);
    })
}

/// Removes what runs left that were killed before their first line was on disk.
fn remove_leftovers(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_file && entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            remove_unless_locked(&entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text of the rescued record after each way to lose one, and why it was lost.
    fn rescued(lose: impl Fn(&Path)) -> (String, String) {
        let scratch = tempfile::tempdir().expect("a folder");
        let folder = scratch.path().join("records");
        fs::create_dir(&folder).expect("a folder");
        let path = folder.join("run.jsonl");
        let mut record = RecordFile::create(path.clone(), "one\n").expect("a record");
        record.append("two\n", false).expect("it is there");
        lose(&path);
        let why = record.append("three\n", true).expect_err("it is lost").to_string();
        record.append("four\n", false).expect_err("it is lost");
        let error = record.close().expect_err("it is lost");
        assert!(error.contains(&why) && error.contains("run.jsonl, move it to"), "{error}");
        (fs::read_to_string(scratch.path().join("run.jsonl")).expect("the rescue"), why)
    }

    fn is_noticed(lose: impl Fn(&Path)) {
        let (text, why) = rescued(lose);
        assert_eq!(text, "one\ntwo\nthree\nfour\n");
        assert!(why.contains("removed or changed"), "{why}");
    }

    #[test]
    fn a_removed_record_is_noticed_and_written_elsewhere() {
        is_noticed(|path| fs::remove_file(path).expect("it is there"));
        is_noticed(|path| {
            let folder = path.parent().expect("a folder");
            fs::remove_dir_all(folder).expect("it is there");
        });
    }

    #[test]
    fn a_replaced_record_is_noticed_and_written_elsewhere() {
        let move_away = |path: &Path| {
            fs::rename(path, path.with_extension("old")).expect("it is there");
        };
        is_noticed(move_away);
        is_noticed(|path| {
            move_away(path);
            fs::write(path, "one\ntwo\n").expect("a file");
        });
        // On Windows nobody else may write to it, and some let nobody replace it.
        if cfg!(unix) {
            is_noticed(|path| fs::write(path, "").expect("it is there"));
            is_noticed(|path| {
                let other = path.with_extension("other");
                fs::write(&other, "one\ntwo\n").expect("a file");
                fs::rename(other, path).expect("a file");
            });
        }
    }

    #[test]
    fn a_record_appears_with_its_first_line() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("run.jsonl");
        // Of a run that was killed, and of one that begins at this moment.
        fs::write(folder.path().join(".unfinished-a"), "half a li").expect("a file");
        let other = folder.path().join(".unfinished-b");
        let begins = create_locked(&other).expect("a file");
        let record = RecordFile::create(path.clone(), "one\n").expect("a record");
        let names = || {
            let entries = fs::read_dir(folder.path()).expect("a folder");
            let mut names: Vec<_> =
                entries.map(|entry| entry.expect("an entry").file_name()).collect();
            names.sort();
            names
        };
        assert_eq!(names(), [".unfinished-b", "run.jsonl"]);
        assert_eq!(fs::read_to_string(&path).expect("it is there"), "one\n");
        record.close().expect("it is whole");
        // A program that another test starts at this moment has the file open, too.
        let _ = begins.unlock();
        drop(begins);
        // There is never a second one of that name.
        assert!(RecordFile::create(path.clone(), "other\n").is_err());
        assert_eq!(names(), ["run.jsonl"]);
        assert_eq!(fs::read_to_string(&path).expect("it is there"), "one\n");
    }
}
