//! Files on this machine that belong to a run: read, but not without end, and found beside the requests.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Component, Path, PathBuf};

/// A file's bytes, but not without end: what a name leads to may be a device.
///
/// # Errors
/// Where it cannot be read, or is larger.
pub fn read_bounded(path: &Path, largest: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?
        .take(largest + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > largest {
        let why = format!("it is larger than {largest} bytes");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, why));
    }
    Ok(bytes)
}

/// What stands beside the requests folder.
pub fn beside(requests: &Path, name: &str) -> PathBuf {
    let ends_in_a_name = matches!(
        requests.components().next_back(),
        Some(Component::Normal(_))
    );
    if ends_in_a_name && let Some(parent) = requests.parent() {
        return parent.join(name);
    }
    // `.` and `..` have no name of their own to stand beside.
    let whole = requests
        .canonicalize()
        .unwrap_or_else(|_| requests.to_owned());
    whole.parent().unwrap_or(&whole).join(name)
}
