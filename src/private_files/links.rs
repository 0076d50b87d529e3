//! Which links are followed: the last part of a path may be a link only if it leads to a place in its own
//! folder; the parts before it also may not lead out where a commit can have put them, in a work tree.

use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::text::escape;

/// The most links that lead to one another.
const MOST: usize = 40;

/// Refuses a folder's path in which a link leads out of the folder that it is in, if a commit could have
/// put it there.
pub(super) fn refuse_links_out(folder: &Path) -> io::Result<()> {
    let mut at = PathBuf::new();
    for part in folder.components() {
        at.push(part);
        if at.is_symlink() && is_in_work_tree(folder_of(&at)) {
            target_inside(&at)?;
        }
    }
    Ok(())
}

/// The file that is written: the one that was named, or where its link leads to.
pub(super) fn resolve(file: &Path) -> io::Result<PathBuf> {
    refuse_links_out(folder_of(file))?;
    match file.is_symlink() {
        true => target_inside(file),
        false => Ok(file.to_owned()),
    }
}

/// Where a link leads to, also if nothing is there yet.
fn target_inside(link: &Path) -> io::Result<PathBuf> {
    let mut target = link.to_owned();
    for _ in 0..MOST {
        match fs::read_link(&target) {
            Ok(next) => target = folder_of(&target).join(next),
            Err(_) => break,
        }
    }
    let found = fs::canonicalize(&target).or_else(|_| {
        let name = target.file_name().unwrap_or_default();
        fs::canonicalize(folder_of(&target)).map(|folder| folder.join(name))
    })?;
    match found.starts_with(fs::canonicalize(folder_of(link))?) && !found.is_symlink() {
        true => Ok(found),
        false => Err(io::Error::other(format!(
            "{} is a link that leads out of its folder; remove it, or name the place itself",
            escape(&link.display().to_string())
        ))),
    }
}

fn is_in_work_tree(folder: &Path) -> bool {
    let folder = fs::canonicalize(folder);
    folder.is_ok_and(|folder| folder.ancestors().any(|above| above.join(".git").exists()))
}

/// The folder that a file is in.
pub fn folder_of(file: &Path) -> &Path {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}
