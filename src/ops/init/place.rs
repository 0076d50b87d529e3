//! Whether the files of a new agency can be written where they are to be: nothing is there that would be
//! overwritten, and nothing leads elsewhere.

use std::fs;
use std::path::{Path, PathBuf};

use super::readme::README;
use crate::git::{EnclosingRepository, find_enclosing_repository};
use crate::language::Message;
use crate::ops::failure::Failure;
use crate::printer;
use crate::printer::text;
use crate::private_files::{TEMPORARY, folder_of};
use crate::text::{escape, shown_path};

/// Checks the folder and the paths of the files below it.
///
/// # Errors
/// Why nothing can be written.
pub(super) fn check_place(folder: &Path, files: &[(&str, &str)]) -> Result<(), Failure> {
    let around = find_enclosing_repository(folder).map_err(|error| {
        let (path, error) = (shown(folder), error.to_string());
        refused(message!("init-unusable", path, error), message!("init-unusable-help"))
    })?;
    match around {
        EnclosingRepository::Top => {}
        EnclosingRepository::GitDirectory(at) => {
            let why = message!("init-git-folder", path = shown(&at));
            return Err(refused(why, message!("init-git-folder-help")));
        }
        EnclosingRepository::Repository(top) => {
            printer::print_message(&text!("init-inside", path = shown(folder), top = shown(&top)));
        }
    }
    for (path, _) in files {
        check_way(folder, path)?;
    }
    check_nothing_taken(folder, files)?;
    Ok(())
}

/// Refuses a link, and what is no folder though one is due.
fn check_way(folder: &Path, path: &str) -> Result<(), Failure> {
    let whole = folder.join(path);
    let above = whole.ancestors().skip(1).take_while(|at| at.starts_with(folder));
    for at in above {
        // The folder itself is what the user named.
        let is_link = at != folder && at.is_symlink();
        if is_link {
            return Err(refuse_link(at));
        }
        if at.exists() && !at.is_dir() {
            let why = message!("init-file-there", path = shown(at));
            return Err(refused(why, message!("init-file-there-help")));
        }
    }
    match whole.is_symlink() {
        true => Err(refuse_link(&whole)),
        false => Ok(()),
    }
}

fn refuse_link(at: &Path) -> Failure {
    refused(message!("init-link", path = shown(at)), message!("init-link-help"))
}

/// Nothing is overwritten. What is there may be of an earlier run that was cut off.
fn check_nothing_taken(folder: &Path, files: &[(&str, &str)]) -> Result<(), Failure> {
    let is_taken = |path: &str| path != README && folder.join(path).exists();
    let taken: Vec<_> = files.iter().filter(|(path, _)| is_taken(path)).collect();
    let left = find_leftovers(folder, files);
    let Some((first, _)) = taken.first() else {
        return match left.first() {
            None => Ok(()),
            Some(first) => {
                let why = message!("init-left", path = shown(first));
                Err(refused(why, message!("init-left-help", paths = join_paths(&left))))
            }
        };
    };
    let is_own = |(path, text): &&(&str, &str)| {
        fs::read_to_string(folder.join(path)).is_ok_and(|found| is_same(&found, text))
    };
    let count = taken.len();
    if taken.len() < files.len() && taken.iter().all(is_own) {
        let paths = taken.iter().map(|(path, _)| folder.join(path));
        let paths: Vec<PathBuf> = paths.chain(left).collect();
        let help = message!("init-left-help", paths = join_paths(&paths));
        return Err(refused(message!("init-some-written", count), help));
    }
    Err(refused(message!("init-taken", count, first = *first), message!("init-taken-help")))
}

/// Whether a file is what this command writes. Only its id differs from run to run.
fn is_same(found: &str, text: &str) -> bool {
    let is_kept = |line: &&str| !line.starts_with("repository: ");
    found.lines().filter(is_kept).eq(text.lines().filter(is_kept))
}

/// Incomplete files where this command writes.
fn find_leftovers(folder: &Path, files: &[(&str, &str)]) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> =
        files.iter().map(|(path, _)| folder_of(&folder.join(path)).to_owned()).collect();
    folders.sort_unstable();
    folders.dedup();
    let entries = folders.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten();
    let is_left = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().starts_with(TEMPORARY);
    entries.filter(is_left).map(|entry| entry.path()).collect()
}

/// The folders that are not there yet, the deepest first.
pub(super) fn folders_to_make(folder: &Path, files: &[(&str, &str)]) -> Vec<PathBuf> {
    let places = files.iter().map(|(path, _)| folder.join(path));
    let above = places
        .flat_map(|place| place.ancestors().skip(1).map(Path::to_owned).collect::<Vec<PathBuf>>());
    let mut missing: Vec<PathBuf> =
        above.filter(|at| !at.as_os_str().is_empty() && !at.exists()).collect();
    missing.sort_unstable_by(|one, other| other.cmp(one));
    missing.dedup();
    missing
}

fn refused(why: Message, help: Message) -> Failure {
    Failure::failed(message!("init-nothing-written", why), help)
}

fn join_paths(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| shown(path)).collect::<Vec<_>>().join(", ")
}

/// A path in a message.
pub(super) fn shown(path: &Path) -> String {
    escape(&shown_path(path)).into_owned()
}
