//! The branch that requests are merged into: what is on it is merged.

use super::objects::TreeEntry;
use super::{GitError, GitFolder, objects};

/// Where it is if the remote does not say so. Without any of these the branch that is checked out is taken.
const USUAL: [&str; 5] = [
    "refs/remotes/origin/main",
    "refs/remotes/origin/master",
    "refs/heads/main",
    "refs/heads/master",
    "HEAD",
];

/// Where the full names of branches begin.
const USUAL_FOLDERS: [&str; 2] = ["refs/remotes/origin/", "refs/heads/"];
/// How many names are tried for a branch.
const MOST_NAMES: usize = 20;

/// What a new branch is to begin from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BranchBase {
    /// What is checked out.
    Here,
    /// The default branch, wherever one stands, so that a pull request brings nothing of another.
    Default,
}

/// Where files are to be committed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NextCommit {
    /// The branch.
    pub branch: String,
    /// Whether it is to be made.
    pub is_new: bool,
    /// What it is to begin from, where that is not what is checked out.
    pub from: Option<String>,
    /// Whether the commit ends a merge, so that it cannot be of some files alone.
    pub is_merge: bool,
}

impl GitFolder {
    /// What the files of the folder with this name hold on the default branch, as far as this clone knows.
    ///
    /// # Errors
    /// Where git does not answer.
    pub fn files_on_default_branch(&self, name: &str) -> Result<Vec<Vec<u8>>, GitError> {
        let Some(branch) = self.default_branch()? else { return Ok(Vec::new()) };
        let files = objects::list_tree(self, &branch)?;
        let is_named = |file: &&TreeEntry| {
            file.path.rsplit(|byte| *byte == b'/').next() == Some(name.as_bytes())
        };
        let ids: Vec<&str> = files.iter().filter(is_named).map(|file| &*file.id).collect();
        objects::read_blobs(self, &ids)
    }

    /// Where a file is to be committed so that it is reviewed: on the branch that is checked out if
    /// that brings the file, has this name already, or is being merged into; never on the default branch.
    /// A new branch begins from `base`.
    ///
    /// # Errors
    /// Where git does not answer.
    pub fn next_commit(
        &self,
        path: &str,
        name: &str,
        base: BranchBase,
    ) -> Result<NextCommit, GitError> {
        let default = self.default_branch()?;
        let is_merge = self.is_merging()?;
        let mut from = None;
        if let Some(current) = self.current_branch()? {
            let is_default = default.as_deref().is_some_and(|default| is_branch(default, &current));
            let is_own = is_merge || current == name || self.brings(default.as_deref(), path)?;
            if is_own && !is_default {
                return Ok(NextCommit { branch: current, is_new: false, from, is_merge });
            }
            if base == BranchBase::Default && !is_default && !is_merge {
                from = default;
            }
        }
        for number in 1..MOST_NAMES {
            let branch = if number == 1 { name.to_owned() } else { format!("{name}-{number}") };
            if !self.is_branch_blocked(&branch)? {
                return Ok(NextCommit { branch, is_new: true, from, is_merge });
            }
        }
        Ok(NextCommit { branch: name.to_owned(), is_new: true, from, is_merge })
    }

    /// Whether the branch that is checked out has a file that the default branch lacks.
    fn brings(&self, default: Option<&str>, path: &str) -> Result<bool, GitError> {
        let Some(default) = default else { return Ok(false) };
        Ok(self.object_at("HEAD", path)?.is_some() && self.object_at(default, path)?.is_none())
    }

    /// The name of the default branch for people and forges: `main` of `refs/remotes/origin/main`.
    ///
    /// # Errors
    /// Where git does not answer.
    pub fn default_branch_name(&self) -> Result<Option<String>, GitError> {
        let full = self.default_branch()?;
        Ok(full.and_then(|full| short_name(&full).map(str::to_owned)))
    }

    /// The branch that is checked out, and the default branch, where the first has commits that are not
    /// merged into the other.
    ///
    /// # Errors
    /// Where git does not answer.
    pub fn unmerged_branch(&self) -> Result<Option<(String, String)>, GitError> {
        let (Some(default), Some(current)) = (self.default_branch()?, self.current_branch()?)
        else {
            return Ok(None);
        };
        let Some(name) = short_name(&default).filter(|name| *name != current) else {
            return Ok(None);
        };
        let own = self.run_git_line("rev-list --max-count=1 HEAD", &["--not", &default, "--"])?;
        Ok((!own.is_empty()).then(|| (current, name.to_owned())))
    }

    /// Whether a file of the folder is on the default branch.
    ///
    /// # Errors
    /// Where git does not answer.
    pub fn is_file_on_default_branch(&self, path: &str) -> Result<bool, GitError> {
        let Some(default) = self.default_branch()? else { return Ok(false) };
        Ok(self.object_at(&default, path)?.is_some())
    }

    /// Whether what is checked out has something at a path from the top of the repository.
    ///
    /// # Errors
    /// Where git does not answer.
    pub fn has_at_top(&self, path: &str) -> Result<bool, GitError> {
        let object = format!("HEAD:{path}");
        let found = self.run_git_optional_line("rev-parse --verify --quiet", &[&object])?;
        Ok(found.is_some())
    }

    /// The first of these that is there; `None` where nothing is committed.
    pub(super) fn default_branch(&self) -> Result<Option<String>, GitError> {
        let named =
            self.run_git_optional_line("symbolic-ref --quiet refs/remotes/origin/HEAD", &[])?;
        for branch in named.as_deref().into_iter().chain(USUAL) {
            let commit = format!("{branch}^{{commit}}");
            if self.run_git_optional_line("rev-parse --verify --quiet", &[&commit])?.is_some() {
                return Ok(Some(branch.to_owned()));
            }
        }
        Ok(None)
    }

    fn object_at(&self, branch: &str, path: &str) -> Result<Option<String>, GitError> {
        let object = format!("{branch}:{}", self.path_in_repository(path));
        self.run_git_optional_line("rev-parse --verify --quiet", &[&object])
    }
}

/// Whether a full name, here or at the remote, is that of a branch.
pub(super) fn is_branch(full: &str, branch: &str) -> bool {
    short_name(full).is_none_or(|name| name == branch)
}

/// The name of a branch without where it is: of `HEAD` none.
fn short_name(full: &str) -> Option<&str> {
    USUAL_FOLDERS.iter().find_map(|folder| full.strip_prefix(folder))
}
