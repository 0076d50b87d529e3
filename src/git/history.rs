//! Which commit introduced a file's content, and what commits change.

use std::collections::HashMap;

use super::objects::{FileMode, list_tree};
use super::{GitError, GitFolder};
use crate::text::path_below;

/// The commit that brought each file of the folder whose name ends so, as it is now in `commit`: the
/// first one that had its content.
///
/// # Errors
/// Where git does not answer.
pub fn commits_of_files(
    place: &GitFolder,
    commit: &str,
    ending: &str,
) -> Result<HashMap<String, String>, GitError> {
    let entries = list_tree(place, commit)?.into_iter();
    let wanted: HashMap<String, String> = entries
        .filter(|entry| entry.mode == FileMode::File)
        .map(|entry| (String::from_utf8_lossy(&entry.path).into_owned(), entry.id))
        .filter(|(path, _)| path.ends_with(ending))
        .collect();
    if wanted.is_empty() {
        return Ok(HashMap::new());
    }
    let listed = place.run_git_below("rev-list --full-history", (&[commit], &[]), &[])?;
    let compare = "diff-tree --stdin -r -c --raw --root --no-abbrev";
    let log = changed_paths(place, compare, (&[], &[]), &listed)?;
    Ok(first_commits(&log, &place.prefix, &wanted))
}

/// For each path and the object id of its content, the first commit that introduced it: in which it
/// differs from every parent. The log is `COMMIT`, then for each file `:modes names status` and its path,
/// all ended by NUL bytes; the newest commit comes first.
fn first_commits(
    log: &[u8],
    prefix: &str,
    wanted: &HashMap<String, String>,
) -> HashMap<String, String> {
    let mut found: HashMap<String, String> = HashMap::new();
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
        let Some(id) = wanted.get(path) else { continue };
        // The names of the parents' contents come first, the commit's own last, then the status.
        let own = String::from_utf8_lossy(part);
        if own.split(' ').rev().nth(1) == Some(id) {
            found.insert(path.to_owned(), commit.clone());
        }
    }
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
    fn a_merge_introduces_only_its_own_changes() {
        let wanted = HashMap::from([
            ("a.yaml".to_owned(), "bb".to_owned()),
            ("m.yaml".to_owned(), "dd".to_owned()),
        ]);
        let log = b"C3\0\n::100644 100644 100644 aa bb dd MM\0requests/m.yaml\0C2\0\n:000000 100644 00 bb A\0requests/a.yaml\0:000000 100644 00 cc A\0requests/m.yaml\0C1\0\0C0\0";
        let found = first_commits(log, "requests", &wanted);
        assert_eq!(found["a.yaml"], "C2");
        assert_eq!(found["m.yaml"], "C3");
    }
}
