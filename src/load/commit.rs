//! The requests folder as commits have it.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::domain::request::files::FileDigest;
use crate::domain::request::naming;
use crate::domain::request::naming::{Kind, Verdict, is_passed_over};
use crate::domain::request::snapshot::{Content, Snapshot};
use crate::git;
use crate::git::{GitError, Mode, Place};
use crate::yaml::{MAX_BYTES, too_large};

/// The folder in a commit.
///
/// # Errors
/// Where git does not answer.
pub(super) fn snapshot(
    place: &Place,
    commit: &str,
    shown: &Arc<str>,
) -> Result<Snapshot, GitError> {
    let mut read = snapshots(place, &[commit], shown)?;
    Ok(read
        .pop()
        .unwrap_or_else(|| Snapshot::new(Arc::clone(shown))))
}

/// The folder in several commits; a content that they share is read once.
///
/// # Errors
/// Where git does not answer.
pub(super) fn snapshots(
    place: &Place,
    commits: &[&str],
    shown: &Arc<str>,
) -> Result<Vec<Snapshot>, GitError> {
    let listed: Vec<Listed> = commits
        .iter()
        .map(|commit| list(place, commit, shown))
        .collect::<Result<_, _>>()?;
    let mut ids: Vec<&str> = listed
        .iter()
        .flat_map(|listed| listed.files.iter())
        .filter(|(_, _, size)| *size <= MAX_BYTES as u64)
        .map(|(_, id, _)| id.as_str())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    let contents = git::blobs(place, &ids)?.into_iter().map(Arc::from);
    let held: HashMap<&str, Arc<[u8]>> = ids.iter().copied().zip(contents).collect();
    let filled = listed.iter().map(|listed| {
        let mut snapshot = listed.folder.clone();
        for (path, id, _) in &listed.files {
            let content: Content = match held.get(id.as_str()) {
                Some(bytes) => Ok(Arc::clone(bytes)),
                None => Err(Box::new(too_large(&snapshot.shown(path)))),
            };
            snapshot.put(path.clone(), content);
        }
        snapshot
    });
    Ok(filled.collect())
}

/// The digests of the folder's files in a commit; of one that is too large, none.
///
/// # Errors
/// Where git does not answer.
pub(super) fn digests(
    place: &Place,
    commit: &str,
    shown: &Arc<str>,
) -> Result<BTreeMap<String, Option<FileDigest>>, GitError> {
    let listed = list(place, commit, shown)?;
    let is_read = |size: u64| size <= MAX_BYTES as u64;
    let read = listed.files.iter().filter(|(_, _, size)| is_read(*size));
    let ids: Vec<&str> = read.map(|(_, id, _)| id.as_str()).collect();
    let mut digests = git::of_each(place, &ids, crate::domain::request::files::digest)?.into_iter();
    let mut digest = |size| is_read(size).then(|| digests.next()).flatten();
    let files = listed.files.iter();
    Ok(files
        .map(|(path, _, size)| (path.clone(), digest(*size)))
        .collect())
}

/// The files of a commit that are to be read: path, content's name and size.
struct Listed {
    folder: Snapshot,
    files: Vec<(String, String, u64)>,
}

fn list(place: &Place, commit: &str, shown: &Arc<str>) -> Result<Listed, GitError> {
    let mut listed = Listed {
        folder: Snapshot::new(Arc::clone(shown)),
        files: Vec::new(),
    };
    for entry in git::tree(place, commit)? {
        let path = String::from_utf8_lossy(&entry.path).into_owned();
        let name = path.rsplit('/').next().unwrap_or(&path);
        if path.split('/').rev().skip(1).any(is_passed_over) {
            continue;
        }
        let verdict = match entry.mode {
            Mode::File => naming::judge(name, Kind::File),
            Mode::Link => naming::judge(name, Kind::Link),
            Mode::Submodule => naming::SUBMODULE,
        };
        let is_text = std::str::from_utf8(&entry.path).is_ok();
        match verdict {
            Verdict::Read if is_text => listed.files.push((path, entry.id, entry.size)),
            Verdict::Read => {
                let finding = naming::NOT_UTF_8.finding(&listed.folder.shown(&path));
                finding.into_iter().for_each(|it| listed.folder.find(it));
            }
            verdict => {
                let finding = verdict.finding(&listed.folder.shown(&path));
                finding.into_iter().for_each(|it| listed.folder.find(it));
            }
        }
    }
    Ok(listed)
}
