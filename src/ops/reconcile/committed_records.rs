//! Holds the records on disk against the commit that is checked out: for a portal that people operate, only
//! the records say what was handed over, and a lost one would have it handed over again.

use std::fs;
use std::io::Read;
use std::path::Path;

use crate::domain::record::ENDING;
use crate::git;
use crate::git::{GitError, GitFolder};
use crate::ops::failure::Failure;

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
        message!("record-lost-in-git", count = lost.len(), first),
        message!("record-restore-help"),
    ))
}

fn lost_records(place: &GitFolder, folder: &Path) -> Result<Vec<String>, GitError> {
    let mut committed = git::list_tree(place, "HEAD")?;
    committed.retain(|entry| entry.path.ends_with(ENDING.as_bytes()));
    let mut entries = committed.iter();
    let mut is_lost = |content: &mut dyn Read, _| {
        let path = entries.next().map(|entry| String::from_utf8_lossy(&entry.path));
        let path = path.unwrap_or_default();
        let mut bytes = Vec::new();
        content.read_to_end(&mut bytes)?;
        let on_disk = fs::read(folder.join(&*path));
        let is_kept = on_disk.is_ok_and(|now| plain(now).starts_with(&plain(bytes)));
        Ok((!is_kept).then(|| place.path_in_repository(&path)))
    };
    let ids: Vec<&str> = committed.iter().map(|entry| &*entry.id).collect();
    let lost = git::read_each_blob(place, &ids, &mut is_lost)?;
    Ok(lost.into_iter().flatten().collect())
}

/// Without what git may add for the line ends of Windows.
fn plain(bytes: Vec<u8>) -> Vec<u8> {
    bytes.into_iter().filter(|byte| *byte != b'\r').collect()
}
