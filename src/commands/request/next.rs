//! What the clerk does next, as commands that can be copied into a shell.

use std::path::{Component, Path};

/// The branch of a request.
pub(super) fn branch(id: &str) -> String {
    format!("request/{id}")
}

/// The message of its commit. Nothing that was typed stands in it, so that no shell sees it.
pub(super) fn message(id: &str, verb: &str, mailboxes: usize) -> String {
    match mailboxes {
        0 => format!("Request {id}: {verb}"),
        1 => format!("Request {id}: {verb} 1 archive"),
        many => format!("Request {id}: {verb} {many} archives"),
    }
}

/// The commands that bring a file into the repository by a branch of its own.
pub(super) fn by_hand(folder: &Path, path: &str, id: &str, message: &str) -> Vec<String> {
    let git = git(folder);
    let file = match inside(folder) {
        true => folder.join(path).to_string_lossy().replace('\\', "/"),
        false => path.to_owned(),
    };
    let branch = branch(id);
    vec![
        format!("{git} switch --create {}", quoted(&branch)),
        format!("{git} add -- {}", quoted(&file)),
        format!("{git} commit -m {} -- {}", quoted(message), quoted(&file)),
        push(folder, id),
    ]
}

/// The command that sends a branch to where the others are.
pub(super) fn push(folder: &Path, id: &str) -> String {
    format!(
        "{} push --set-upstream origin {}",
        git(folder),
        quoted(&branch(id))
    )
}

/// git, where it must be told in which folder.
fn git(folder: &Path) -> String {
    match inside(folder) {
        true => "git".to_owned(),
        false => format!("git -C {}", quoted(&folder.to_string_lossy())),
    }
}

/// Whether a folder is named from here downwards, so that it is surely of the repository that is here.
fn inside(folder: &Path) -> bool {
    folder
        .components()
        .all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
}

/// A word for a shell. What has no meaning to any shell stands as it is; else in double quotes, where
/// they are enough for PowerShell and cmd, too; else as POSIX shells want it.
pub(super) fn quoted(word: &str) -> String {
    let is_bare = |it: char| it.is_ascii_alphanumeric() || "/._-+:@,".contains(it);
    let is_bare = |it: char| is_bare(it) || (cfg!(windows) && it == '\\');
    if !word.is_empty() && word.chars().all(is_bare) {
        word.to_owned()
    } else if cfg!(windows) || !word.contains(['"', '$', '`', '\\', '!', '%']) {
        format!("\"{word}\"")
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_mean_to_a_shell_what_they_are() {
        assert_eq!(quoted("requests/2026/R-1.yaml"), "requests/2026/R-1.yaml");
        assert_eq!(
            quoted("Jabatan Contoh/R-1.yaml"),
            "\"Jabatan Contoh/R-1.yaml\""
        );
        assert_eq!(quoted(""), "\"\"");
        if cfg!(not(windows)) {
            assert_eq!(quoted("a $(b) 'c'"), "'a $(b) '\\''c'\\'''");
        }
    }
}
