//! Holds the records on disk against the commit that is checked out: for a portal that people operate, only
//! the records say what was handed over, and a lost one would have it handed over again.

use std::fs;
use std::path::Path;

use crate::domain::record::ENDING;
use crate::git;
use crate::git::{GitError, GitFolder};
use crate::ops::failure::Failure;
use crate::text::{path_below, plural};

/// Refuses records that lack something that they have in the commit. Where there is no commit, there is
/// nothing to compare them with.
///
/// # Errors
/// If a record is missing, or does not begin with what was committed.
pub(super) fn check_committed_records(folder: &Path) -> Result<(), Failure> {
    let Some(place) = GitFolder::find(folder).ok().filter(|place| place.head().is_ok()) else {
        return Ok(());
    };
    let lost = lost_records(&place, folder)?;
    let Some(first) = lost.first() else { return Ok(()) };
    Err(Failure::refused(
        format!(
            "{} in git lost or changed on disk, for example {first}, and only the records say what was handed over",
            plural(lost.len(), "record is", "records are")
        ),
        "restore the records from git: `git restore` gives them back",
    ))
}

fn lost_records(place: &GitFolder, folder: &Path) -> Result<Vec<String>, GitError> {
    let mut lost = Vec::new();
    for (letter, path) in git::files_changed_on_disk(place)? {
        if letter == 'A' || !path.ends_with(ENDING) {
            continue;
        }
        // git may give the line ends of Windows.
        let plain = |bytes: Vec<u8>| -> Vec<u8> {
            bytes.into_iter().filter(|byte| *byte != b'\r').collect()
        };
        let committed = git::read_blobs(place, &[&*format!("HEAD:{path}")])?.remove(0);
        let on_disk = fs::read(folder.join(path_below(&path, &place.prefix)));
        if !on_disk.is_ok_and(|bytes| plain(bytes).starts_with(&plain(committed))) {
            lost.push(path);
        }
    }
    Ok(lost)
}
