//! Reads the records of an agency from disk.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

use super::lock::is_locked;
use crate::domain::record::chain::{RunRecord, TORN};
use crate::domain::record::{ENDING, chain};
use crate::finding::Finding;

/// The folder of the records, beside an agency's policy.
pub const FOLDER: &str = "records";
/// The largest record that is read, in bytes: a run of a quarter of a million changes.
const LARGEST: u64 = 256 << 20;

/// Every record in a folder, sorted by name, which begins with the time; none where the folder is
/// not there.
///
/// # Errors
/// Where something in it cannot be read.
pub fn read(folder: &Path, shown: &str) -> io::Result<Vec<RunRecord>> {
    let mut files: Vec<PathBuf> = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => {
            entries?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<_>>()?
        }
    };
    files.retain(|file| file.to_string_lossy().ends_with(ENDING));
    files.sort();
    files.iter().map(|file| read_record(file, shown)).collect()
}

/// The name of the newest record in a folder, and when it was begun, which its name says.
pub fn newest(folder: &Path) -> Option<(String, Timestamp)> {
    let names = fs::read_dir(folder).ok()?.flatten().map(|entry| entry.file_name());
    let names = names.map(|name| name.to_string_lossy().into_owned());
    let begun = |name: String| {
        let time = name.get(..15).filter(|_| name.ends_with(ENDING))?;
        let time = DateTime::strptime("%Y%m%dT%H%M%S", time).ok()?;
        Some((name, Offset::UTC.to_timestamp(time).ok()?))
    };
    names.filter_map(begun).max_by_key(|(_, begun)| *begun)
}

fn read_record(file: &Path, shown: &str) -> io::Result<RunRecord> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let shown: Arc<str> = format!("{shown}/{name}").into();
    let unreadable = |message: String| RunRecord {
        file: Arc::clone(&shown),
        lines: Vec::new(),
        findings: vec![Finding::whole_file(
            &shown,
            "not-a-record",
            message,
            "remove it from the folder; git shows who added it",
        )],
        is_under_way: false,
    };
    // Anyone who can add a file here must not be able to block every change with it.
    let about = fs::symlink_metadata(file)?;
    if !about.is_file() {
        return Ok(unreadable("found something that is not a regular file".to_owned()));
    }
    if about.len() > LARGEST {
        return Ok(unreadable(format!("the file is larger than {LARGEST} bytes")));
    }
    // Asked first: a run that is over now writes nothing after this.
    let is_locked = is_locked(file);
    let mut bytes = Vec::new();
    fs::File::open(file)?.take(LARGEST).read_to_end(&mut bytes)?;
    let mut run = chain::read(&shown, &bytes);
    run.is_under_way = !run.has_ended() && is_locked;
    if run.is_under_way {
        // Its last line may just be being written.
        run.findings.retain(|finding| finding.kind != TORN);
    }
    Ok(run)
}
