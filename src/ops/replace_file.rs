//! Writes a file that the user named, completely or not at all. What is no regular file (a device, a
//! pipe) is written into and stays what it is; a link stays, and the file that it names is written.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// How long a pipe without a reader is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// Who may read a new file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Readers {
    /// Those who may read any new file, such as a web server.
    Usual,
    /// Only its owner.
    Owner,
}

/// Writes a temporary file next to it, then renames that, so that nobody reads an incomplete file.
pub(super) fn replace_file(file: &Path, bytes: &[u8], readers: Readers) -> io::Result<()> {
    if file.is_dir() {
        return Err(io::Error::other("it is a folder"));
    }
    let leads_to = fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
    if is_stream(file) || leads_to.is_symlink() {
        return write_into(file.to_owned(), bytes.to_owned(), PATIENCE);
    }
    let folder = leads_to.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let builder = tempfile::Builder::new();
    let mut beside = match readers {
        Readers::Usual => builder.make_in(folder, |path| File::create_new(path))?,
        Readers::Owner => builder.tempfile_in(folder)?,
    };
    beside.write_all(bytes)?;
    beside.as_file().sync_all()?;
    beside.persist(&leads_to).map_err(|error| error.error)?;
    Ok(())
}

/// Whether it is a device or a pipe, which keeps nothing that could be read again.
pub(super) fn is_stream(file: &Path) -> bool {
    // `/dev/stdout` can lead to the file into which a shell writes all output.
    let is_output = |folder: &&str| cfg!(unix) && file.starts_with(folder);
    ["/dev", "/proc"].iter().any(is_output)
        || fs::metadata(file).is_ok_and(|about| !about.is_file())
}

/// Writes into what may have to be waited for, such as a pipe that nobody reads.
fn write_into(file: PathBuf, bytes: Vec<u8>, patience: Duration) -> io::Result<()> {
    let (opening, opened) = mpsc::channel();
    // One that is still blocked ends with the program.
    let writer = thread::spawn(move || {
        let open = OpenOptions::new().append(true).create(true).open(file);
        // Nothing is written once nobody waits any more.
        opening.send(()).map_err(io::Error::other)?;
        open?.write_all(&bytes)
    });
    let unread = |_| io::Error::other("nobody reads this pipe; start its reader first");
    opened.recv_timeout(patience).map_err(unread)?;
    writer.join().unwrap_or_else(|_| Err(io::Error::other("the writer failed")))
}

#[cfg(test)]
mod tests {
    #[cfg(unix)]
    #[test]
    fn links_devices_and_pipes_stay_what_they_are() {
        use std::os::unix::fs::{FileTypeExt as _, symlink};

        use super::*;

        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        let is_link = |name: &str| at(name).is_symlink();
        fs::write(at("plan.json"), "old").expect("a file");
        symlink("plan.json", at("link")).expect("a link");
        symlink("later.json", at("dangling")).expect("a link");
        symlink("/dev/null", at("null")).expect("a link");
        for readers in [Readers::Usual, Readers::Owner] {
            for name in ["link", "dangling", "null"] {
                replace_file(&at(name), b"new", readers).expect("it is written");
                assert!(is_link(name), "{name}");
            }
        }
        for name in ["plan.json", "later.json"] {
            assert_eq!(fs::read(at(name)).expect("a file"), b"new", "{name}");
        }
        let made = std::process::Command::new("mkfifo").arg(at("pipe")).status();
        assert!(made.expect("mkfifo").success());
        let reader = std::thread::spawn({
            let pipe = at("pipe");
            move || fs::read(pipe).expect("a pipe")
        });
        replace_file(&at("pipe"), b"new", Readers::Usual).expect("it is written");
        assert_eq!(reader.join().expect("it is read"), b"new");
        let kind = fs::symlink_metadata(at("pipe")).expect("a pipe").file_type();
        assert!(kind.is_fifo());
        let unread = write_into(at("pipe"), b"new".to_vec(), Duration::from_millis(50));
        let why = unread.expect_err("no reader").to_string();
        assert!(why.starts_with("nobody reads this pipe"), "{why}");
    }
}
