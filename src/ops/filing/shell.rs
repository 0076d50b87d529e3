//! What the clerk does next, as commands that can be copied into a shell.

use std::path::{Component, Path};

use crate::git::Place;

/// A shell in the folder that arkib runs in.
pub(super) struct Shell<'a> {
    folder: &'a Path,
    /// Whether the shell is in the folder's repository, too.
    is_inside: bool,
}

impl<'a> Shell<'a> {
    pub(super) fn at(folder: &'a Path, place: &Place) -> Self {
        let names: Option<Vec<_>> = folder
            .components()
            .filter(|part| *part != Component::CurDir)
            .map(|part| match part {
                Component::Normal(name) => name.to_str(),
                _ => None,
            })
            .collect();
        let here = Place::of(Path::new(".")).ok();
        let is_inside = here
            .zip(names)
            .is_some_and(|(here, names)| here.in_repository(&names.join("/")) == place.prefix);
        Self { folder, is_inside }
    }

    /// The commands that bring files into the repository by a branch of its own.
    pub(super) fn by_hand(&self, paths: &[String], branch: &str, message: &str) -> Vec<String> {
        let git = self.git();
        let file = |path: &String| match self.is_inside {
            true => quoted(&self.folder.join(path).to_string_lossy().replace('\\', "/")),
            false => quoted(path),
        };
        let files = paths.iter().map(file).collect::<Vec<_>>().join(" ");
        vec![
            format!("{git} switch --create {}", quoted(branch)),
            format!("{git} add -- {files}"),
            format!("{git} commit -m {} -- {files}", quoted(message)),
            self.push(branch),
        ]
    }

    /// The command that sends a branch to where the others are.
    pub(super) fn push(&self, branch: &str) -> String {
        let branch = quoted(branch);
        format!("{} push --set-upstream origin {branch}", self.git())
    }

    /// git, where it must be told in which folder.
    fn git(&self) -> String {
        match self.is_inside {
            true => "git".to_owned(),
            false => format!("git -C {}", quoted(&self.folder.to_string_lossy())),
        }
    }
}

/// A word for a shell. What has no meaning to any shell stands as it is; else in double quotes, where
/// they are enough for PowerShell and cmd, too; else as POSIX shells want it.
fn quoted(word: &str) -> String {
    let plain = if cfg!(windows) {
        "/._-+:@,\\"
    } else {
        "/._-+:@,"
    };
    let is_bare = |it: char| it.is_ascii_alphanumeric() || plain.contains(it);
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
