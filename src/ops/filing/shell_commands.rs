//! The remaining commands for the clerk to copy into a shell.

use std::path::{Component, Path};

use crate::environment;
use crate::git::{GitFolder, NextCommit};
use crate::shell::Shell;
use crate::text::shown_path;

/// A shell in the current folder.
pub(super) struct ShellCommands<'a> {
    shell: Shell,
    folder: &'a Path,
    /// Whether the current folder is in the same repository.
    is_inside: bool,
    /// The remote to push to; `None` if there is none yet.
    remote: Option<String>,
}

impl<'a> ShellCommands<'a> {
    pub(super) fn for_folder(folder: &'a Path, place: &GitFolder) -> Self {
        let is_below = |part| matches!(part, Component::CurDir | Component::Normal(_));
        let is_inside = folder.components().all(is_below) && place.holds_current_folder();
        let remote = place.remote().ok().flatten();
        Self { shell: environment::shell(), folder, is_inside, remote }
    }

    /// The command that makes a branch.
    fn create_command(&self, next: &NextCommit) -> String {
        let (git, branch) = (self.git_command(), self.shell.quote_for_shell(&next.branch));
        match &next.from {
            None => format!("{git} switch --create {branch}"),
            Some(from) => {
                let from =
                    from.trim_start_matches("refs/heads/").trim_start_matches("refs/remotes/");
                let from = self.shell.quote_for_shell(from);
                format!("{git} switch --no-track --create {branch} {from}")
            }
        }
    }

    /// The commands that commit files on a branch and push it. No branch is made in a merge.
    pub(super) fn commit_and_push(
        &self,
        paths: &[String],
        next: &NextCommit,
        message: &str,
    ) -> Vec<String> {
        let git = self.git_command();
        let file = |path: &String| match self.is_inside {
            true => self.shell.quote_for_shell(&shown_path(&self.folder.join(path))),
            false => self.shell.quote_for_shell(path),
        };
        let files = paths.iter().map(file).collect::<Vec<_>>().join(" ");
        let create = next.is_new.then(|| self.create_command(next));
        let add = Some(format!("{git} add -- {files}"));
        let commands = match next.is_merge {
            true => [add, Some(format!("{git} commit --no-edit")), create],
            false => {
                let message = self.shell.quote_for_shell(message);
                // A line is to fit a screen; after a word that is no option none begins with a dash.
                let end = if files.starts_with(['-', '\'', '"']) { "-- " } else { "" };
                [create, add, Some(format!("{git} commit -m {message} {end}{files}"))]
            }
        };
        commands.into_iter().flatten().chain(self.push_commands(&next.branch)).collect()
    }

    /// Whether there is a remote to push to.
    pub(super) fn has_remote(&self) -> bool {
        self.remote.is_some()
    }

    /// The commands that push a branch, by its full name: a name that begins with `+` alone would overwrite.
    pub(super) fn push_commands(&self, branch: &str) -> Vec<String> {
        let git = self.git_command();
        let branch = self.shell.quote_for_shell(&format!("refs/heads/{branch}"));
        let remote = self.shell.quote_for_shell(self.remote.as_deref().unwrap_or("origin"));
        let add = (!self.has_remote()).then(|| format!("{git} remote add origin URL"));
        let push = format!("{git} push --set-upstream {remote} {branch}");
        add.into_iter().chain([push]).collect()
    }

    /// The git command, with the folder if it is needed.
    fn git_command(&self) -> String {
        match self.is_inside {
            true => "git".to_owned(),
            false => {
                format!("git -C {}", self.shell.quote_for_shell(&self.folder.to_string_lossy()))
            }
        }
    }
}
