//! The branch on which only the new files are committed, and the remaining commands for the clerk to
//! copy into a shell.

use std::io::Read;
use std::path::{Component, Path};

use super::FilingOptions;
use super::filing_result::FilingResult;
use crate::domain::request::Evidence;
use crate::domain::request::evidence::DocumentFacts;
use crate::environment;
use crate::exit::Exit;
use crate::git::{BranchStart, GitFolder, NextCommit};
use crate::load::LoadedRequests;
use crate::load::document_facts::read_document_facts;
use crate::ops::failure::Failure;
use crate::shell::Shell;
use crate::text::shown_path;

/// The most files that a command names one by one.
const MOST_NAMED: usize = 20;

/// How texts refer to the files.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileWording {
    /// As the file of a request, even with documents next to it.
    One,
    /// As files, even if there is only one.
    Many,
}

pub(crate) struct NewBranch<'a> {
    folder: &'a Path,
    name: String,
    /// What it begins from, where arkib is to make it.
    branch_start: Option<BranchStart>,
}

impl<'a> NewBranch<'a> {
    /// Checks whether the branch can be created, if that was asked for; `name` is its name if none was
    /// given, and `path` the path of the future file from the requests folder.
    pub(crate) fn check_possible(
        filing: &'a FilingOptions,
        name: String,
        path: &str,
        source: &LoadedRequests,
    ) -> Result<Self, Failure> {
        let folder = &filing.requests.requests;
        let name = filing.branch_name.clone().unwrap_or(name);
        let look = || match source.repository() {
            Some(place) => place.check_new_branch(&name, path),
            None => GitFolder::find(folder)?.check_new_branch(&name, path),
        };
        let branch_start = filing.branch.then(look).transpose().map_err(|error| {
            let why = format!("Nothing was written, because no branch can be made: {error}.");
            Failure::failed(why, error.help())
        })?;
        Ok(Self { folder, name, branch_start })
    }

    /// Commits the files (their paths from the requests folder) if that was asked for and everything
    /// succeeded, and notes the next commands. The documents among them are committed byte for byte, or
    /// not at all.
    pub(crate) fn commit(
        self,
        source: &LoadedRequests,
        (paths, documents): (&[String], &[Evidence]),
        message: &str,
        files: FileWording,
        ending: &mut FilingResult,
    ) {
        // As Fluent chooses between singular and plural.
        let number: usize = match files {
            FileWording::One => 1,
            FileWording::Many => 2,
        };
        let Some(place) = source.repository() else {
            ending
                .help
                .get_or_insert_with(|| message!("filing-copy-into-git-help", files = number));
            return;
        };
        let shell = ShellCommands::for_folder(self.folder, place);
        let named = match files {
            FileWording::Many if paths.len() > MOST_NAMED => parent_folders(paths),
            _ => paths.to_vec(),
        };
        // A request that came with this branch is approved on it.
        let next = paths.first().and_then(|path| place.next_commit(path, &self.name).ok());
        let next = next.unwrap_or_else(|| NextCommit::on_new_branch(self.name.clone()));
        ending.next = shell.commit_and_push(&named, &next, message);
        let Some(branch_start) = self.branch_start.filter(|_| ending.exit == Exit::Done) else {
            return;
        };
        let is_kept = |path: &str, content: &mut dyn Read, size: u64| {
            let (_, name) = path.rsplit_once('/').unwrap_or(("", path));
            let Some(document) = documents.iter().find(|document| document.file == name) else {
                return Ok(true);
            };
            let DocumentFacts { sha256, size } = read_document_facts(content, size)?;
            Ok(sha256 == document.sha256 && size == document.size)
        };
        match place.commit_on_new_branch(&branch_start, &self.name, paths, message, &is_kept) {
            Ok(commit) => {
                ending.reason.push(message!("filing-committed", commit, branch = &self.name));
                ending.next = vec![shell.push_command(&self.name)];
                ending.branch = Some(self.name);
            }
            Err(error) => {
                ending.exit = Exit::Failed;
                let (why, help) = (error.to_string(), error.help());
                ending.reason.push(message!("filing-not-committed", files = number, why));
                ending.help = Some(match error.is_from_git() {
                    true => message!("filing-continue-by-hand-help", files = number),
                    false => message!("filing-files-stay-help", files = number, help),
                });
            }
        }
    }
}

fn parent_folders(paths: &[String]) -> Vec<String> {
    let folders = paths.iter().filter_map(|path| path.rsplit_once('/'));
    let mut folders: Vec<String> = folders.map(|(folder, _)| folder.to_owned()).collect();
    folders.dedup();
    folders
}

/// A shell in the current folder.
struct ShellCommands<'a> {
    shell: Shell,
    folder: &'a Path,
    /// Whether the current folder is in the same repository.
    is_inside: bool,
}

impl<'a> ShellCommands<'a> {
    fn for_folder(folder: &'a Path, place: &GitFolder) -> Self {
        let is_below = |part| matches!(part, Component::CurDir | Component::Normal(_));
        let is_inside = folder.components().all(is_below) && place.holds_current_folder();
        Self { shell: environment::shell(), folder, is_inside }
    }

    /// The command that makes a branch.
    fn create_command(&self, branch: &str) -> String {
        format!("{} switch --create {}", self.git_command(), self.shell.quote_for_shell(branch))
    }

    /// The commands that commit files on a branch and push it. No branch is made in a merge.
    fn commit_and_push(&self, paths: &[String], next: &NextCommit, message: &str) -> Vec<String> {
        let git = self.git_command();
        let file = |path: &String| match self.is_inside {
            true => self.shell.quote_for_shell(&shown_path(&self.folder.join(path))),
            false => self.shell.quote_for_shell(path),
        };
        let files = paths.iter().map(file).collect::<Vec<_>>().join(" ");
        let create = next.is_new.then(|| self.create_command(&next.branch));
        let add = Some(format!("{git} add -- {files}"));
        let push = Some(self.push_command(&next.branch));
        let commands = match next.is_merge {
            true => [add, Some(format!("{git} commit --no-edit")), create, push],
            false => {
                let message = self.shell.quote_for_shell(message);
                [create, add, Some(format!("{git} commit -m {message} -- {files}")), push]
            }
        };
        commands.into_iter().flatten().collect()
    }

    /// The command that pushes a branch, by its full name: a name that begins with `+` alone would overwrite.
    fn push_command(&self, branch: &str) -> String {
        let branch = self.shell.quote_for_shell(&format!("refs/heads/{branch}"));
        format!("{} push --set-upstream origin {branch}", self.git_command())
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
