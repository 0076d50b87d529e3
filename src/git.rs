//! What git says of the requests folder, through the `git` program. Reads only.

use std::path::Path;
use std::process::{Command, Stdio};

/// The commit that a folder is checked out at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The commit's short name.
    pub commit: String,
    /// The branch, where one is checked out.
    pub branch: Option<String>,
    /// Request files and policies that differ from that commit, ignored ones included.
    pub uncommitted: Vec<String>,
}

/// Looks the folder up; `None` where it is in no git work tree, where that has no commit yet, or
/// where there is no `git` program.
pub fn head(folder: &Path) -> Option<Head> {
    let commit = git(folder, &["rev-parse", "--short", "HEAD"])?;
    let branch = git(folder, &["symbolic-ref", "--short", "--quiet", "HEAD"]);
    let status = git(
        folder,
        &[
            "status",
            "--porcelain",
            "--ignored",
            "--untracked-files=all",
            "-z",
            "--no-renames",
            "--",
            "*.yaml",
        ],
    )?;
    Some(Head {
        commit,
        branch,
        uncommitted: status
            .split('\0')
            .filter_map(|line| line.get(3..))
            .map(str::to_owned)
            .collect(),
    })
}

/// The output of a git command, without the last line end; `None` where it fails.
fn git(folder: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(arguments)
        // Looking must not take the index lock away from someone who works in the tree.
        .env("GIT_OPTIONAL_LOCKS", "0")
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    if !output.status.success() {
        return None;
    }
    let text = String::from_utf8_lossy(&output.stdout);
    Some(text.trim_end_matches('\n').to_owned())
}
