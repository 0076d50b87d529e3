//! A requests folder in its repository, and the commits there.

use std::path::Path;

use super::program::{Repository, split_command, trimmed_text};
use super::{GitError, discovery};
use crate::text::excerpt;

/// A requests folder as git knows it: in a work tree, or by its path alone in a bare repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GitFolder {
    pub(super) repository: Repository,
    /// The path from the top of the repository to the requests folder, without a slash at its end;
    /// empty for the top itself.
    pub prefix: String,
}

/// The commit that is checked out, or that was requested.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedCommit {
    /// The commit's full name.
    pub commit: String,
    /// Its short name, for people.
    pub short: String,
    /// The branch, or the requested name, as people know it.
    pub branch: Option<String>,
}

impl NamedCommit {
    /// The requested name and the commit: "main (4f2c9e1)".
    fn display_name(&self) -> String {
        let branch = self.branch.as_deref().unwrap_or("HEAD");
        format!("{} ({})", excerpt(branch, 80), self.short)
    }
}

impl GitFolder {
    /// Looks the folder up. It need not exist on disk, as in a bare repository.
    ///
    /// # Errors
    /// If it is in no git repository, if git does not trust the repository, or if its path leads
    /// out of the repository, so that git would read another one.
    pub fn find(folder: &Path) -> Result<Self, GitError> {
        let (repository, prefix) = discovery::find_repository(folder)?;
        Ok(Self { repository, prefix })
    }

    /// Whether the current folder is in the same work tree.
    pub fn holds_current_folder(&self) -> bool {
        !self.repository.is_bare && discovery::is_current_folder_in(&self.repository.top)
    }

    /// The full name of the commit that a reference means.
    ///
    /// # Errors
    /// If there is no such commit, or the name is ambiguous.
    pub fn resolve_commit(&self, reference: &str) -> Result<String, GitError> {
        self.check_unambiguous(reference)?;
        let object = format!("{reference}^{{commit}}");
        let is_name = |name: &String| matches!(name.len(), 40 | 64) && is_hexadecimal(name);
        let answer = self.run_git_optional_line("rev-parse --verify --quiet", &[&object])?;
        answer.filter(is_name).ok_or_else(|| match reference {
            "HEAD" => GitError::new("nothing is committed in this repository yet", "commit the requests first"),
            _ => GitError::new(
                format!(
                    "there is no commit `{}` in this repository",
                    excerpt(reference, 80)
                ),
                "fetch it first, for instance with `git fetch origin main`; in CI fetch the whole history (fetch-depth: 0, GIT_DEPTH: 0)",
            ),
        })
    }

    /// A tag or branch may be called like another branch, and git takes the first that it finds:
    /// anyone who may push a tag could choose the base. (`HEAD` and full names are found first.)
    fn check_unambiguous(&self, reference: &str) -> Result<(), GitError> {
        // A name may hold a `@`, but no `@{`; alone it is HEAD.
        let name = reference.split("@{").next().and_then(|name| name.split(['~', '^', ':']).next());
        let name = name.unwrap_or(reference);
        if matches!(name, "" | "@" | "HEAD") || name.starts_with("refs/") {
            return Ok(());
        }
        let meant = ["", "tags/", "heads/", "remotes/"].map(|at| format!("refs/{at}{name}"));
        let [own, tag, branch, remote] = meant;
        // That of a remote is its default branch.
        let default = format!("{remote}/HEAD");
        let meant = [own, tag, branch, remote, default];
        let candidates = meant.each_ref().map(String::as_str);
        let answer = self.run_git_line("for-each-ref --format=%(refname)", &candidates)?;
        // It also names what lies below.
        let found: Vec<&str> = answer.lines().filter(|name| candidates.contains(name)).collect();
        // A name that looks like a commit's short name must not be a branch's.
        let is_short = (4..40).contains(&name.len()) && is_hexadecimal(name);
        if found.is_empty() || found.len() == 1 && !is_short {
            return Ok(());
        }
        Err(GitError::new(
            format!(
                "`{}` is ambiguous: it can mean any of {}",
                excerpt(reference, 80),
                excerpt(&found.join(", "), 300)
            ),
            "give the full name, such as refs/remotes/origin/main, and delete the tag or branch that should not be there",
        ))
    }

    /// The branch that is checked out, if one is.
    pub(super) fn current_branch(&self) -> Result<Option<String>, GitError> {
        let full = self.run_git_optional_line("symbolic-ref --quiet HEAD", &[])?;
        Ok(full.map(|full| full.strip_prefix("refs/heads/").unwrap_or(&full).to_owned()))
    }

    /// The commit that is checked out.
    ///
    /// # Errors
    /// Where there is none yet.
    pub fn head(&self) -> Result<NamedCommit, GitError> {
        self.resolve_named_commit("HEAD", self.current_branch().ok().flatten())
    }

    /// The commit that a reference means, with its short name.
    ///
    /// # Errors
    /// As for [`GitFolder::resolve_commit`].
    pub fn named_commit(&self, reference: &str) -> Result<NamedCommit, GitError> {
        let shown =
            ["refs/remotes/", "refs/heads/"].iter().find_map(|at| reference.strip_prefix(at));
        self.resolve_named_commit(reference, Some(shown.unwrap_or(reference).to_owned()))
    }

    fn resolve_named_commit(
        &self,
        reference: &str,
        branch: Option<String>,
    ) -> Result<NamedCommit, GitError> {
        let commit = self.resolve_commit(reference)?;
        Ok(NamedCommit { short: commit.chars().take(SHORT).collect(), commit, branch })
    }

    /// When a commit was made, in seconds since 1970; git's answer may be no number.
    ///
    /// # Errors
    /// Where git does not answer.
    pub fn commit_time(&self, commit: &NamedCommit) -> Result<Option<i64>, GitError> {
        let answer = self.run_git_line("rev-list --max-count=1 --timestamp", &[&commit.commit])?;
        Ok(answer.split(' ').next().and_then(|seconds| seconds.parse().ok()))
    }

    /// The common ancestor of two commits.
    ///
    /// # Errors
    /// If this repository has none, as in a shallow clone, or several: the choice between them
    /// would decide what counts as changed.
    pub fn merge_base(&self, one: &NamedCommit, other: &NamedCommit) -> Result<String, GitError> {
        let answer =
            self.run_git_optional_line("merge-base --all", &[&one.commit, &other.commit])?;
        let answer = answer.unwrap_or_default();
        let (one, other) = (one.display_name(), other.display_name());
        match answer.lines().collect::<Vec<&str>>()[..] {
            [only] => Ok(only.to_owned()),
            [] => Err(GitError::new(
                format!("{one} and {other} have no commit in common here"),
                "fetch the whole history: `git fetch --unshallow`; in CI fetch-depth: 0 or GIT_DEPTH: 0",
            )),
            _ => Err(GitError::new(
                format!(
                    "{one} and {other} were merged into each other (criss-cross), so it is not clear what each of them changed"
                ),
                "update the branch: merge its target branch into it",
            )),
        }
    }

    /// A setting of git, of its user or of this clone; `~` at the beginning of a path is resolved.
    ///
    /// # Errors
    /// If git does not answer.
    pub fn setting(&self, name: &str) -> Result<Option<String>, GitError> {
        let value = self.run_git_optional_line("config --type=path --get", &[name])?;
        Ok(value.filter(|value| !value.is_empty()))
    }

    /// What a command says, which is cut at its spaces; `more` are words that are not.
    pub(super) fn run_git(&self, command: &str, more: &[&str]) -> Result<Vec<u8>, GitError> {
        self.repository.run(&split_command(command, more), &[])
    }

    /// As [`GitFolder::run_git`], of commits, for the folder and some pathspecs also, with some input.
    pub(super) fn run_git_below(
        &self,
        command: &str,
        (commits, also): (&[&str], &[&str]),
        input: &[u8],
    ) -> Result<Vec<u8>, GitError> {
        let folder = (!self.prefix.is_empty()).then(|| format!(":(top,literal){}", self.prefix));
        let commits = commits.iter().copied().chain(["--"]);
        let also = also.iter().copied().filter(|_| folder.is_some());
        let more: Vec<&str> = commits.chain(folder.as_deref()).chain(also).collect();
        self.repository.run(&split_command(command, &more), input)
    }

    /// An answer of one line.
    pub(super) fn run_git_line(&self, command: &str, more: &[&str]) -> Result<String, GitError> {
        self.run_git(command, more).map(trimmed_text)
    }

    /// An answer of one line; `None` if git reports failure.
    pub(super) fn run_git_optional_line(
        &self,
        command: &str,
        more: &[&str],
    ) -> Result<Option<String>, GitError> {
        match self.run_git_line(command, more) {
            Err(error) if error.is_no => Ok(None),
            answer => answer.map(Some),
        }
    }
}

/// The digits of a short name, as forges show it.
const SHORT: usize = 7;

fn is_hexadecimal(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_hexdigit())
}
