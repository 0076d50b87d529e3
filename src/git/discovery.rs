//! Finds the repository of a requests folder, once. A git directory that a branch can have put on disk is
//! none: only a folder with an entry `.git` (which git itself never checks out) is a work tree, from
//! the requests folder upwards to GIT_CEILING_DIRECTORIES; a repository without a work tree counts only
//! around a folder that is not on disk; and nothing counts that another repository around it tracks.

use std::path::{Component, Path, PathBuf};
use std::{env, io};

use super::GitError;
use super::program::Repository;
use crate::private_files::folder_of;
use crate::text::excerpt;

/// The repository, and the path from its top to the folder, which need not exist on disk.
pub(super) fn find_repository(folder: &Path) -> Result<(Repository, String), GitError> {
    refuse_links(folder)?;
    let whole = real_path(folder).map_err(GitError::from_git)?;
    let around = folders_around(&whole);
    let is_on_disk = whole.is_dir();
    let is_repository = |at: &PathBuf| has_git(at) || !is_on_disk && is_git_directory(at);
    let found = around.iter().position(is_repository);
    // Or by whoever stands in it, where no work tree is around.
    let is_meant = || is_git_directory(&whole) && is_current_folder_in(&whole);
    let found = found.or_else(|| is_meant().then_some(0));
    let none = "not a git repository (or any of the parent directories): .git";
    let at = found.ok_or_else(|| GitError::from_git(none))?;
    let top = &around[at];
    for outer in around[at + 1..].iter().filter(|at| has_git(at)) {
        refuse_nested_repository(outer, top, folder)?;
    }
    let repository = Repository { top: top.clone(), is_bare: !has_git(top) };
    repository.check_trusted()?;
    Ok((repository, path_below(&whole, top)))
}

/// What a folder is in, which need not be there yet.
#[derive(Debug, PartialEq, Eq)]
pub enum EnclosingRepository {
    /// No repository, or it is the top of one.
    Top,
    /// A repository with this top.
    Repository(PathBuf),
    /// Git's own folder.
    GitDirectory(PathBuf),
}

/// Looks around a folder in which a repository may begin.
///
/// # Errors
/// If the folder cannot be found out.
pub fn find_enclosing_repository(folder: &Path) -> io::Result<EnclosingRepository> {
    let whole = real_path(&std::path::absolute(folder)?)?;
    let around = folders_around(&whole);
    let found = around.into_iter().find(|at| has_git(at) || is_git_directory(at));
    Ok(match found {
        Some(at) if !has_git(&at) => EnclosingRepository::GitDirectory(at),
        Some(top) if top != whole => EnclosingRepository::Repository(top),
        _ => EnclosingRepository::Top,
    })
}

/// How many folders a folder is below the top of its work tree; `None` outside of one.
pub fn depth_in_repository(folder: &Path) -> Option<usize> {
    folders_around(&real_path(folder).ok()?).iter().position(|at| has_git(at))
}

/// Whether the current folder is in another, or is that one.
pub(super) fn is_current_folder_in(top: &Path) -> bool {
    real_path(Path::new(".")).is_ok_and(|current| current.starts_with(top))
}

/// Whether git itself says that this is the repository, as in a hook of a forge.
fn is_named_by_git(at: &Path) -> bool {
    let named = env::var_os("GIT_DIR").and_then(|named| real_path(Path::new(&named)).ok());
    named.is_some_and(|named| named == at)
}

fn has_git(at: &Path) -> bool {
    at.join(".git").exists()
}

fn is_git_directory(at: &Path) -> bool {
    at.join("HEAD").is_file() && at.join("objects").is_dir() && at.join("refs").is_dir()
}

/// A folder and those above it, as far as git may look.
fn folders_around(whole: &Path) -> Vec<PathBuf> {
    let ceilings = env::var_os("GIT_CEILING_DIRECTORIES").unwrap_or_default();
    let ceilings: Vec<PathBuf> =
        env::split_paths(&ceilings).filter_map(|ceiling| real_path(&ceiling).ok()).collect();
    let above = whole.ancestors().skip(1).take_while(|at| !ceilings.iter().any(|top| top == at));
    [whole].into_iter().chain(above).map(Path::to_owned).collect()
}

/// A path without links, as far as it exists; on Windows one that git can read.
pub(super) fn real_path(path: &Path) -> io::Result<PathBuf> {
    match path.canonicalize() {
        Ok(whole) => Ok(match whole.to_str().and_then(|text| text.strip_prefix(r"\\?\")) {
            Some(rest) => match rest.strip_prefix(r"UNC\") {
                Some(share) => PathBuf::from(format!(r"\\{share}")),
                None => PathBuf::from(rest),
            },
            None => whole,
        }),
        Err(error) => match path.file_name() {
            Some(name) => Ok(real_path(folder_of(path))?.join(name)),
            None => Err(error),
        },
    }
}

fn path_below(whole: &Path, top: &Path) -> String {
    let below = whole.strip_prefix(top).unwrap_or(whole);
    let names = below.components().filter(|part| matches!(part, Component::Normal(_)));
    names.map(|name| name.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

fn other_repository_error(path: &Path, what: &str) -> GitError {
    let path = excerpt(&path.to_string_lossy(), 200);
    GitError::new(
        format!("{path} is {what}, so git would read another repository"),
        "put the files themselves there; or run arkib inside the other repository, if you mean that one",
    )
}

/// No link in the path that a commit could have put there.
fn refuse_links(folder: &Path) -> Result<(), GitError> {
    let mut at = PathBuf::new();
    for part in folder.components() {
        at.push(part);
        let is_link = at.symlink_metadata().is_ok_and(|metadata| metadata.is_symlink());
        let parent = real_path(folder_of(&at));
        if is_link
            && parent.is_ok_and(|parent| folders_around(&parent).iter().any(|at| has_git(at)))
        {
            return Err(other_repository_error(&at, "a link"));
        }
    }
    Ok(())
}

/// A repository inside another is a repository of its own only if the other tracks nothing there:
/// a branch may have put it there. A submodule counts for whoever works in it.
fn refuse_nested_repository(outer: &Path, top: &Path, folder: &Path) -> Result<(), GitError> {
    let repository = Repository { top: outer.to_owned(), is_bare: false };
    let inside = format!(":(top,literal){}", path_below(top, outer));
    let tracked = repository.run(&["ls-files", "-s", "-z", "--", &inside], &[]).unwrap_or_default();
    match tracked.starts_with(b"160000 ") {
        true if is_current_folder_in(top) => Ok(()),
        true => Err(other_repository_error(folder, "in a submodule")),
        false if tracked.is_empty() || is_named_by_git(top) => Ok(()),
        false => Err(other_repository_error(folder, "in a git directory that a commit put there")),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_git_directory_has_all_of_its_parts() {
        const PARTS: [&str; 3] = ["HEAD", "objects", "refs"];
        for lacks in [None, Some(0), Some(1), Some(2)] {
            let folder = tempfile::tempdir().expect("a folder");
            for (number, part) in PARTS.iter().enumerate().filter(|(at, _)| Some(*at) != lacks) {
                let path = folder.path().join(part);
                let made = if number == 0 { fs::write(path, "x") } else { fs::create_dir(path) };
                made.expect("a part");
            }
            assert_eq!(is_git_directory(folder.path()), lacks.is_none(), "{lacks:?}");
        }
    }

    #[test]
    fn the_current_folder_is_in_itself_and_in_no_other() {
        let here = real_path(Path::new(".")).expect("a folder");
        assert!(is_current_folder_in(&here) && is_current_folder_in(here.parent().expect("one")));
        let other = tempfile::tempdir().expect("a folder");
        assert!(!is_current_folder_in(other.path()) && !is_current_folder_in(&here.join("src")));
    }
}
