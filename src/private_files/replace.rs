//! Writes a file that the user named, completely or not at all. What is no regular file (a device, a
//! pipe) is written into and stays what it is; a link in its folder stays, and the file that it names is
//! written.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
#[cfg(unix)]
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use tempfile::NamedTempFile;

use super::access::make_private;
use super::held::persist_over;
use super::links::{folder_of, resolve};
use crate::language::Message;

/// How long a pipe without a reader is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
/// How the name of a file begins that is not complete. Only a killed run leaves one.
pub const TEMPORARY: &str = ".arkib-tmp-";

/// Writes a temporary file next to it, then renames that, so that nobody reads an incomplete file.
///
/// # Errors
/// As for any file; and where it is a link out of its folder, or a pipe that nobody reads.
pub fn replace(file: &Path, bytes: &[u8]) -> io::Result<()> {
    write_over(file, bytes, |beside, _| {
        make_private(beside);
        Ok(())
    })
}

/// As [`replace`] for a secret.
///
/// # Errors
/// Also where others may read it.
pub fn replace_secret(file: &Path, bytes: &[u8]) -> io::Result<()> {
    write_over(file, bytes, |beside, _| match make_private(beside) {
        true => Ok(()),
        false => Err(io::Error::other(
            "others may be able to read it: its disk takes no rights; name a file on another disk",
        )),
    })
}

/// As [`replace`] for a file that is there: whoever may read and write it still may.
///
/// # Errors
/// As [`replace`].
pub fn replace_text(file: &Path, bytes: &[u8]) -> io::Result<()> {
    write_over(file, bytes, copy_permissions)
}

/// As [`replace_text`] for what is nobody's personal data, such as figures that another user collects:
/// everybody may read a new file.
///
/// # Errors
/// As [`replace`].
pub fn replace_public(file: &Path, bytes: &[u8]) -> io::Result<()> {
    write_over(file, bytes, |beside, file| match file.exists() {
        true => copy_permissions(beside, file),
        false => make_world_readable(beside),
    })
}

/// What the user can do where a file cannot be replaced.
pub fn replace_help(error: &io::Error) -> Message {
    match error.kind() {
        io::ErrorKind::ResourceBusy => message!("folder-file-open-help"),
        _ => message!("folder-file-unwritable-help"),
    }
}

/// A new file has the rights of its folder, as the other most likely had.
#[cfg(not(unix))]
fn copy_permissions(_: &Path, _: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn copy_permissions(new: &Path, old: &Path) -> io::Result<()> {
    let old = fs::metadata(old)?;
    // Only a member of its group may give it that.
    let _ = chown(new, None, Some(old.gid()));
    fs::set_permissions(new, old.permissions())
}

/// It has the rights of its folder.
#[cfg(not(unix))]
fn make_world_readable(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn make_world_readable(new: &Path) -> io::Result<()> {
    fs::set_permissions(new, fs::Permissions::from_mode(0o644))
}

/// Writes beside a file what then has its name; `set_rights` gets both.
fn write_over(
    file: &Path,
    bytes: &[u8],
    set_rights: fn(&Path, &Path) -> io::Result<()>,
) -> io::Result<()> {
    match find_write_target(file)? {
        WriteTarget::Stream(stream) => write_with_timeout(stream, bytes.to_owned(), PATIENCE),
        WriteTarget::File(file) => {
            let mut beside = temporary_file(folder_of(&file))?;
            set_rights(beside.path(), &file)?;
            beside.as_file_mut().write_all(bytes)?;
            beside.as_file().sync_all()?;
            persist_over(beside, &file).map(drop)
        }
    }
}

/// A file that gets its name when it is complete.
pub(super) fn temporary_file(folder: &Path) -> io::Result<NamedTempFile> {
    // Opened here, because an error of tempfile names that file, of which nobody has heard.
    let create = |file: &Path| appending().create_new(true).open(file);
    tempfile::Builder::new().prefix(TEMPORARY).make_in(folder, create)
}

/// Checks that [`replace`] can write a file.
///
/// # Errors
/// Why it cannot.
pub fn check_writable(file: &Path) -> io::Result<()> {
    match find_write_target(file)? {
        WriteTarget::Stream(stream) => stream_options().open(stream).map(drop),
        WriteTarget::File(file) => temporary_file(folder_of(&file)).map(drop),
    }
}

/// Where bytes go.
enum WriteTarget {
    Stream(PathBuf),
    File(PathBuf),
}

fn find_write_target(file: &Path) -> io::Result<WriteTarget> {
    if let Some(device) = device_named_by(file) {
        return Ok(WriteTarget::Stream(device));
    }
    let file = resolve(file)?;
    match fs::metadata(&file) {
        Ok(about) if about.is_dir() => Err(io::Error::other("it is a folder")),
        Ok(about) if !about.is_file() => Ok(WriteTarget::Stream(file)),
        _ => Ok(WriteTarget::File(file)),
    }
}

/// Whether it is a device or a pipe, which keeps nothing that could be read again.
pub fn is_stream(file: &Path) -> bool {
    device_named_by(file).is_some() || fs::metadata(file).is_ok_and(|about| !about.is_file())
}

/// The device that a name means, if it means one. `/dev/stdout` can lead to the file into which a shell
/// writes all output.
#[cfg(not(windows))]
fn device_named_by(file: &Path) -> Option<PathBuf> {
    let is_below = |folder: &&str| file.starts_with(folder);
    ["/dev", "/proc"].iter().any(is_below).then(|| file.to_owned())
}

/// The device that a name means, if it means one. Windows itself says of which names a device is meant,
/// such as `NUL`.
#[cfg(windows)]
fn device_named_by(file: &Path) -> Option<PathBuf> {
    let file = if file == Path::new("/dev/null") { Path::new("NUL") } else { file };
    let whole = std::path::absolute(file).ok();
    whole.filter(|whole| whole.to_string_lossy().starts_with(r"\\.\"))
}

/// How a device or a pipe is opened. On Windows the console is one to which nothing can be appended.
fn stream_options() -> OpenOptions {
    let mut options = appending();
    options.create(true);
    #[cfg(windows)]
    options.append(false).write(true).create(false);
    options
}

/// How files are opened that lines are appended to.
pub(super) fn appending() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.append(true);
    #[cfg(unix)]
    options.mode(0o600);
    options
}

/// Writes into what may have to be waited for, such as a pipe that nobody reads.
pub(super) fn write_with_timeout(
    file: PathBuf,
    bytes: Vec<u8>,
    patience: Duration,
) -> io::Result<()> {
    let (opening, opened) = mpsc::channel();
    // One that is still blocked ends with the program.
    let writer = thread::spawn(move || {
        let open = stream_options().open(file);
        // Nothing is written once nobody waits any more.
        opening.send(()).map_err(io::Error::other)?;
        open?.write_all(&bytes)
    });
    let unread = |_| io::Error::other("nobody reads this pipe; start its reader first");
    opened.recv_timeout(patience).map_err(unread)?;
    writer.join().unwrap_or_else(|_| Err(io::Error::other("the writer failed")))
}
