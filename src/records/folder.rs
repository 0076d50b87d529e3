//! Reads the records of an agency from disk.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::alive::is_alive;
use super::chain::{self, Run, TORN};

/// The folder of the records, beside an agency's policy.
pub const FOLDER: &str = "records";
/// The ending of a record's name.
pub const ENDING: &str = ".jsonl";
/// The largest record that is read, in bytes: a run of half a million changes.
const LARGEST: u64 = 512 << 20;

/// Every record in a folder, sorted by name, which begins with the time; none where the folder is
/// not there.
///
/// # Errors
/// Where something in it cannot be read.
pub fn read(folder: &Path, shown: &str) -> io::Result<Vec<Run>> {
    let mut files: Vec<PathBuf> = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?
            .map(|entry| entry.map(|entry| entry.path()))
            .collect::<io::Result<_>>()?,
    };
    files.retain(|file| file.to_string_lossy().ends_with(ENDING));
    files.sort();
    files.iter().map(|file| one(file, shown)).collect()
}

fn one(file: &Path, shown: &str) -> io::Result<Run> {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let shown: Arc<str> = format!("{shown}/{name}").into();
    if !fs::symlink_metadata(file)?.is_file() {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            format!("{shown} is no regular file"),
        ));
    }
    let mut bytes = Vec::new();
    fs::File::open(file)?
        .take(LARGEST)
        .read_to_end(&mut bytes)?;
    let mut run = chain::read(&shown, &bytes);
    run.is_under_way = !run.has_ended() && is_alive(&name);
    if run.is_under_way {
        // Its last line may just be being written.
        run.findings.retain(|finding| finding.kind != TORN);
    }
    Ok(run)
}
