//! Which commit introduced a file's content, and what commits change.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::objects::{FileMode, list_tree};
use super::{GitError, GitFolder};
use crate::text::path_below;

/// What became of the files of a folder, in a commit and in those before it. Paths are from the folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FolderHistory {
    /// The commit that brought each file as it is: the first one that had its content.
    pub brought: HashMap<String, String>,
    /// The name of each file's content in git.
    pub contents: HashMap<String, String>,
    /// The files that are there no more, also not under another name, and the newest commit that removed
    /// each; none where a merge did.
    pub removed: BTreeMap<String, Option<String>>,
    /// Whether the clone has only the newest commits.
    pub is_cut: bool,
}

/// The history of the files of a folder with that ending.
///
/// # Errors
/// Where git does not answer.
pub fn folder_history(
    place: &GitFolder,
    commit: &str,
    ending: &str,
) -> Result<FolderHistory, GitError> {
    let entries = list_tree(place, commit)?.into_iter();
    let wanted: HashMap<String, String> = entries
        .filter(|entry| entry.mode == FileMode::File)
        .map(|entry| (String::from_utf8_lossy(&entry.path).into_owned(), entry.id))
        .filter(|(path, _)| path.ends_with(ending))
        .collect();
    let listed = place.run_git_below("rev-list --full-history", (&[commit], &[]), &[])?;
    if listed.is_empty() {
        return Ok(FolderHistory::default());
    }
    let compare = "diff-tree --stdin -r -c --raw --root --no-abbrev";
    let log = changed_paths(place, compare, (&[], &[]), &listed)?;
    let is_cut = place.run_git_line("rev-parse --is-shallow-repository", &[])? == "true";
    let found = read_history(&log, &place.prefix, ending, &wanted);
    Ok(FolderHistory { is_cut, contents: wanted, ..found })
}

/// Reads the history of files, of which `wanted` has those that are there with the object ids of their
/// contents. A commit brought a content, or removed a file, if the file differs from that of every
/// parent. The log is `COMMIT`, then for each file `:modes names status` and its path, all ended by NUL
/// bytes; the newest commit comes first.
fn read_history(
    log: &[u8],
    prefix: &str,
    ending: &str,
    wanted: &HashMap<String, String>,
) -> FolderHistory {
    let mut found = FolderHistory::default();
    let kept: HashSet<&String> = wanted.values().collect();
    let mut renamed: HashSet<String> = HashSet::new();
    let mut commit = String::new();
    let mut parts = log.split(|byte| *byte == 0);
    while let Some(part) = parts.next() {
        let part = part.strip_prefix(b"\n").unwrap_or(part);
        if part.first() != Some(&b':') {
            if !part.is_empty() {
                commit = String::from_utf8_lossy(part).into_owned();
            }
            continue;
        }
        let Some(path) = parts.next().and_then(|path| std::str::from_utf8(path).ok()) else {
            continue;
        };
        let path = path_below(path, prefix);
        // The names of the parents' contents come first, the commit's own last, then the status.
        let words = String::from_utf8_lossy(part);
        let mut ids = words.rsplit(' ').skip(1).map(str::to_owned);
        let (Some(own), Some(before)) = (ids.next(), ids.next()) else { continue };
        let is_removal = own.bytes().all(|digit| digit == b'0');
        if wanted.get(path) == Some(&own) {
            found.brought.insert(path.to_owned(), commit.clone());
        } else if path.ends_with(ending) && !wanted.contains_key(path) {
            let by = found.removed.entry(path.to_owned()).or_default();
            if is_removal && by.is_none() {
                *by = Some(commit.clone());
                renamed.extend(kept.contains(&before).then(|| path.to_owned()));
            }
        }
    }
    found.removed.retain(|path, _| !renamed.contains(path));
    found
}

/// What counts wherever it is in the repository: how git reads and writes files, and policies of others.
const ANYWHERE: [&str; 3] =
    [":(top,glob)**/.gitattributes", ":(top,glob)**/.gitmodules", ":(top,glob)**/agency.yaml"];

/// The paths below the requests folder that differ between two commits, with git's letter: `A`
/// added, `D` deleted, `M` and others changed; also git's settings and policies elsewhere.
///
/// # Errors
/// Where git does not have both.
pub fn files_changed_between(
    place: &GitFolder,
    before: &str,
    after: &str,
) -> Result<Vec<(char, String)>, GitError> {
    changed_files(place, "diff-tree -r", &[before, after], &ANYWHERE)
}

/// The files of the folder that a branch adds, here or as it was last fetched, and that are not merged into
/// what is checked out; of some branches maybe twice.
///
/// # Errors
/// Where git does not answer.
pub fn files_added_on_branches(place: &GitFolder) -> Result<Vec<String>, GitError> {
    let is_born = place.run_git_optional_line("rev-parse --verify --quiet HEAD^{commit}", &[])?;
    let known: &[&str] = if is_born.is_some() { &["--not", "HEAD"] } else { &[] };
    let list = "rev-list --full-history --no-merges --branches --remotes";
    let commits = place.run_git_below(list, (known, &[]), &[])?;
    if commits.is_empty() {
        return Ok(Vec::new());
    }
    let compare = "diff-tree --stdin -r --root --no-commit-id --diff-filter=A --name-only";
    let added = changed_paths(place, compare, (&[], &[]), &commits)?;
    let paths = added.split(|byte| *byte == 0).map(String::from_utf8_lossy);
    Ok(paths.map(|path| path_below(&path, &place.prefix).to_owned()).collect())
}

/// A local branch that brings a file of this name to the folder, and is not merged into what is checked out.
///
/// # Errors
/// Where git does not answer.
pub fn branch_with_file(place: &GitFolder, name: &str) -> Result<Option<String>, GitError> {
    let list = "log --branches --not HEAD --max-count=1 --no-patch --format=%S --";
    let below = place.path_in_repository(&format!("**/{name}"));
    let found = place.run_git_line(list, &[&format!(":(top,glob){below}")])?;
    Ok(Some(found).filter(|branch| !branch.is_empty()))
}

/// As [`files_changed_between`], of a commit and what is staged. What is on disk is not looked at, so
/// that no filter runs.
///
/// # Errors
/// Where git does not answer.
pub fn files_staged(place: &GitFolder, commit: &str) -> Result<Vec<(char, String)>, GitError> {
    changed_files(place, "diff-index --cached", &[commit], &[])
}

fn changed_files(
    place: &GitFolder,
    compare: &str,
    commits: &[&str],
    also: &[&str],
) -> Result<Vec<(char, String)>, GitError> {
    let compare = format!("{compare} --name-status");
    let answer = changed_paths(place, &compare, (commits, also), &[])?;
    let words: Vec<String> = answer
        .split(|byte| *byte == 0)
        .map(|word| String::from_utf8_lossy(word).into_owned())
        .collect();
    Ok(words
        .chunks_exact(2)
        .filter_map(|pair| Some((pair[0].chars().next()?, pair[1].clone())))
        .collect())
}

/// What a comparison of commits says of the folder, and of some pathspecs also; no driver for a kind of
/// file has a say in it.
fn changed_paths(
    place: &GitFolder,
    compare: &str,
    what: (&[&str], &[&str]),
    input: &[u8],
) -> Result<Vec<u8>, GitError> {
    let compare = format!("{compare} -z --no-renames --no-ext-diff --no-textconv");
    place.run_git_below(&compare, what, input)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_no_more_was_removed_by_a_commit_or_a_merge() {
        let wanted = HashMap::from([("new.yaml".to_owned(), "bb".to_owned())]);
        let log = b"C4\0\n:100644 000000 aa 00 D\0a.yaml\0:100644 000000 bb 00 D\0old.yaml\0:000000 100644 00 bb A\0new.yaml\0C3\0\n::100644 100644 000000 ee ee 00 DD\0e.yaml\0C2\0\n:100644 000000 aa 00 D\0a.yaml\0C1\0\n:000000 100644 00 aa A\0a.yaml\0:000000 100644 00 bb A\0old.yaml\0:000000 100644 00 cc A\0m.yaml\0:000000 100644 00 dd A\0other\0";
        let found = read_history(log, "", ".yaml", &wanted);
        let removed = [("a.yaml", Some("C4")), ("e.yaml", Some("C3")), ("m.yaml", None)];
        let owned = removed.map(|(path, by)| (path.to_owned(), by.map(str::to_owned)));
        assert_eq!(found.removed, BTreeMap::from(owned));
        assert_eq!(found.brought["new.yaml"], "C4");
    }

    #[test]
    fn a_merge_introduces_only_its_own_changes() {
        let wanted = HashMap::from([
            ("a.yaml".to_owned(), "bb".to_owned()),
            ("m.yaml".to_owned(), "dd".to_owned()),
        ]);
        let log = b"C3\0\n::100644 100644 100644 aa bb dd MM\0requests/m.yaml\0C2\0\n:000000 100644 00 bb A\0requests/a.yaml\0:000000 100644 00 cc A\0requests/m.yaml\0C1\0\0C0\0";
        let found = read_history(log, "requests", ".yaml", &wanted);
        assert_eq!(found.brought["a.yaml"], "C2");
        assert_eq!(found.brought["m.yaml"], "C3");
        assert!(found.removed.is_empty());
    }
}
