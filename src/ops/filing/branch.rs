//! The branch on which only the new files are committed, pushed where that was asked for, and the page on
//! which its pull request is opened.

use std::io::Read;
use std::path::Path;

use super::FilingOptions;
use super::filing_result::FilingResult;
use super::shell_commands::ShellCommands;
use crate::domain::request::Evidence;
use crate::domain::request::evidence::DocumentFacts;
use crate::exit::Exit;
use crate::forge::ci_run::Forge;
use crate::forge::pull_request_page::new_pull_request_page;
use crate::git::{BranchBase, BranchStart, GitError, GitFolder, NextCommit};
use crate::language::Message;
use crate::load::LoadedRequests;
use crate::load::document_facts::read_document_facts;
use crate::ops::failure::Failure;
use crate::text::escape;

/// The most files that a command names one by one.
const MOST_NAMED: usize = 20;

/// The most files in the way that are named.
const MOST_SHOWN: usize = 3;

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
    base: BranchBase,
    /// What it begins from, where arkib is to make it.
    branch_start: Option<BranchStart>,
    is_pushed: bool,
}

impl<'a> NewBranch<'a> {
    /// Checks whether the branch can be created, if that was asked for; `name` is its name if none was
    /// given, and `path` the path of the file from the requests folder.
    pub(crate) fn check_possible(
        filing: &'a FilingOptions,
        name: String,
        (path, base): (&str, BranchBase),
        source: &LoadedRequests,
    ) -> Result<Self, Failure> {
        let folder = &filing.requests.requests;
        let name = filing.branch_name.clone().unwrap_or(name);
        let look = || match source.repository() {
            Some(place) => place.check_new_branch(&name, path, base),
            None => GitFolder::find(folder)?.check_new_branch(&name, path, base),
        };
        let branch_start = filing.branch.then(look).transpose().map_err(|error| {
            Failure::failed(message!("filing-no-branch", why = error.to_string()), error.help())
        })?;
        if let Some(start) = branch_start.as_ref().filter(|start| !start.in_the_way.is_empty()) {
            return Err(in_the_way_failure(start));
        }
        Ok(Self { folder, name, base, branch_start, is_pushed: filing.push })
    }

    /// None: the clerk makes it, if at all.
    pub(crate) fn by_hand(filing: &'a FilingOptions, name: String, base: BranchBase) -> Self {
        let folder = &filing.requests.requests;
        Self { folder, name, base, branch_start: None, is_pushed: false }
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
        let next =
            paths.first().and_then(|path| place.next_commit(path, &self.name, self.base).ok());
        let on_new =
            || NextCommit { branch: self.name.clone(), is_new: true, ..Default::default() };
        let next = next.unwrap_or_else(on_new);
        ending.next = shell.commit_and_push(&named, &next, message);
        ending.pull_request = find_pull_request_page(place, &next.branch).ok().flatten();
        if !shell.has_remote() {
            ending.notes.push(message!("filing-no-remote"));
        }
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
                ending.next = shell.push_commands(&self.name);
                ending.pull_request = find_pull_request_page(place, &self.name).ok().flatten();
                if self.is_pushed {
                    push(place, &self.name, ending);
                }
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

/// Pushes the branch; if that fails, the command to push it stays.
fn push(place: &GitFolder, branch: &str, ending: &mut FilingResult) {
    let pushed = place.remote().and_then(|remote| {
        remote.as_ref().map(|remote| place.push_branch(remote, branch)).transpose()?;
        Ok(remote)
    });
    let (why, help) = match pushed {
        Ok(Some(remote)) => {
            ending.next.clear();
            return ending.reason.push(message!("filing-pushed", remote));
        }
        Ok(None) => (message!("filing-no-origin"), message!("filing-no-origin-help")),
        Err(error) if error.is_from_git() => {
            (Message::verbatim(error.to_string()), message!("filing-push-by-hand-help"))
        }
        Err(error) => (Message::verbatim(error.to_string()), error.help()),
    };
    ending.exit = Exit::Failed;
    ending.reason.push(message!("filing-not-pushed", why));
    ending.help = Some(help);
}

/// The page on which the branch's pull request is opened, if the remote is on a forge that is known.
fn find_pull_request_page(place: &GitFolder, branch: &str) -> Result<Option<String>, GitError> {
    let Some(remote) = place.remote()? else { return Ok(None) };
    let address = place.remote_address(&remote)?;
    let jobs = [
        (".forgejo/workflows", Forge::Forgejo),
        (".gitea/workflows", Forge::Forgejo),
        (".gitlab-ci.yml", Forge::Gitlab),
        (".github/workflows", Forge::Github),
    ];
    let mut by_files = None;
    for (path, forge) in jobs {
        if by_files.is_none() && place.has_at_top(path)? {
            by_files = Some(forge);
        }
    }
    let base = place.default_branch_name()?;
    Ok(new_pull_request_page(&address, by_files, branch, base.as_deref().unwrap_or("main")))
}

/// The failure because git cannot go to where the branch begins.
fn in_the_way_failure(start: &BranchStart) -> Failure {
    let files: Vec<_> = start.in_the_way.iter().take(MOST_SHOWN).map(|file| escape(file)).collect();
    let (files, more) = (files.join(", "), start.in_the_way.len().saturating_sub(MOST_SHOWN));
    let start = start.name();
    Failure::failed(
        message!("filing-in-the-way", files, more, start),
        message!("filing-in-the-way-help"),
    )
}

fn parent_folders(paths: &[String]) -> Vec<String> {
    let folders = paths.iter().filter_map(|path| path.rsplit_once('/'));
    let mut folders: Vec<String> = folders.map(|(folder, _)| folder.to_owned()).collect();
    folders.dedup();
    folders
}
