//! Commits new files on a new branch, and pushes it. Other staged or changed files stay as they are. What writes
//! here is git as its user configured it: hooks run, commits are signed, and they carry the user's name.

use std::collections::HashSet;
use std::io;
use std::io::Read;

use super::default_branch::{BranchBase, is_branch};
use super::history::files_changed_between;
use super::program::{UserGit, split_command};
use super::{GitError, GitFolder, objects};
use crate::text::excerpt;

/// What a new branch begins from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BranchStart {
    /// The commit or branch; `None` for what is checked out.
    from: Option<String>,
    /// How git goes back to what is checked out.
    back: Vec<String>,
    /// Files with changes that are not committed, which the beginning has otherwise, so that git cannot go
    /// there.
    pub in_the_way: Vec<String>,
}

impl BranchStart {
    /// What it begins from, for people: `main`.
    pub fn name(&self) -> &str {
        let from = self.from.as_deref().unwrap_or("HEAD");
        from.trim_start_matches("refs/heads/").trim_start_matches("refs/remotes/")
    }
}

impl GitFolder {
    /// Checks that a branch can be made here for a new file (its path from the requests folder), so
    /// that nothing is started that cannot be finished.
    ///
    /// # Errors
    /// Why not.
    pub fn check_new_branch(
        &self,
        branch: &str,
        path: &str,
        base: BranchBase,
    ) -> Result<BranchStart, GitError> {
        let no = |why: &str, help| Err(GitError::new(why, help));
        if self.repository.is_bare {
            return no(
                "there is no work tree in this clone",
                "run arkib in a clone with a work tree",
            );
        }
        let head = self.resolve_commit("HEAD")?;
        let full = format!("refs/heads/{branch}");
        let shown = excerpt(branch, 80);
        let is_name = self.run_git_optional_line("check-ref-format", &[&full])?.is_some();
        if !is_name || !self.is_plain_name(branch)? {
            return no(
                &format!("`{shown}` cannot be the name of a branch"),
                "choose another name or id, or make the branch yourself",
            );
        }
        if self.is_branch_blocked(branch)? {
            return no(
                &format!("the branch `{shown}` exists already, or another branch blocks its name"),
                "to go on with it, `git switch` to that branch, and run the command without a branch; or choose another name or id",
            );
        }
        if self.is_merging()? {
            return no(
                "a merge, cherry-pick or revert is in progress",
                "finish it first; or write the file without a branch, and create the branch yourself later",
            );
        }
        // This command knows no pathspecs.
        let file = self.path_in_repository(path);
        let plain = format!("./{file}");
        if self.run_git_optional_line("check-ignore --quiet --", &[&plain])?.is_some() {
            let file = excerpt(&file, 200);
            return no(
                &format!("git ignores {file}"),
                "fix the .gitignore that ignores it; requests are records",
            );
        }
        self.branch_start(base, &head)
    }

    /// Checks that git knows in whose name it commits, both as author and as committer.
    ///
    /// # Errors
    /// In git's words.
    pub fn check_identity(&self) -> Result<(), GitError> {
        let check = |role| UserGit(&self.repository).run(&["var", role]).map(drop);
        let who = check("GIT_AUTHOR_IDENT").and_then(|()| check("GIT_COMMITTER_IDENT"));
        who.map_err(|error| {
            let mut unknown = GitError::new(error.to_string(), "");
            unknown.help = message!("filing-identity-help");
            unknown
        })
    }

    fn branch_start(&self, base: BranchBase, head: &str) -> Result<BranchStart, GitError> {
        let now = self.current_branch()?;
        let back: &[&str] = match &now {
            Some(branch) => &["--no-guess", branch],
            None => &["--detach", head],
        };
        let back = back.iter().map(|word| (*word).to_owned()).collect();
        let default = match base {
            BranchBase::Here => None,
            BranchBase::Default => self.default_branch()?,
        };
        let is_there = |full: &String| now.as_deref().is_some_and(|now| is_branch(full, now));
        let from = default.filter(|full| full != "HEAD" && !is_there(full));
        let in_the_way = match &from {
            Some(from) => self.changes_in_the_way(head, from)?,
            None => Vec::new(),
        };
        Ok(BranchStart { from, back, in_the_way })
    }

    /// The files in which two commits differ, and that have changes which are not committed.
    fn changes_in_the_way(&self, head: &str, start: &str) -> Result<Vec<String>, GitError> {
        let top = Self { prefix: String::new(), ..self.clone() };
        let differ = files_changed_between(&top, head, start)?;
        if differ.is_empty() {
            return Ok(Vec::new());
        }
        let changed = self.list_uncommitted(true)?;
        let differ = differ.into_iter().map(|(_, path)| path);
        Ok(differ.filter(|path| changed.contains(path)).collect())
    }

    /// Which of these files were committed, and have changes since that are not: a commit of them would bring
    /// these, too.
    ///
    /// # Errors
    /// In git's words.
    pub fn list_changed_files(&self, paths: &[&str]) -> Result<Vec<String>, GitError> {
        let paths: HashSet<String> =
            paths.iter().map(|path| self.path_in_repository(path)).collect();
        let changed = self.list_uncommitted(false)?;
        Ok(changed.into_iter().filter(|path| paths.contains(path)).collect())
    }

    /// The paths of all changes that are not committed, with new files or without.
    fn list_uncommitted(&self, has_new: bool) -> Result<HashSet<String>, GitError> {
        let untracked = if has_new { "--untracked-files=all" } else { "--untracked-files=no" };
        let status = ["status", "--porcelain", "-z", "--no-renames", untracked];
        let status = UserGit(&self.repository).run(&status)?;
        let status = String::from_utf8_lossy(&status);
        // A file that was only added is as new as one that was not.
        let lines = status.split('\0').filter(|line| has_new || !line.starts_with('A'));
        Ok(lines.filter_map(|line| line.get(3..)).map(str::to_owned).collect())
    }

    /// Pushes a branch to the remote, and lets later pushes and pulls of it go there.
    ///
    /// # Errors
    /// In git's words.
    pub fn push_branch(&self, remote: &str, branch: &str) -> Result<(), GitError> {
        let branch = format!("refs/heads/{branch}");
        let push = split_command("push --quiet --set-upstream", &[remote, &branch]);
        UserGit(&self.repository).run(&push).map(drop)
    }

    /// Whether a name means nothing else to git or to a shell, nor looks like a branch of a remote.
    fn is_plain_name(&self, branch: &str) -> Result<bool, GitError> {
        let is_plain = |letter: char| letter.is_alphanumeric() || "._/+-".contains(letter);
        let remotes = self.run_git_line("remote", &[])?;
        let first = branch.split('/').next().unwrap_or_default();
        let is_taken =
            matches!(first, "HEAD" | "refs") || remotes.lines().any(|name| name == first);
        Ok(branch.chars().all(is_plain) && !branch.starts_with('-') && !is_taken)
    }

    /// Whether a branch exists already, or another one blocks its name.
    pub(super) fn is_branch_blocked(&self, branch: &str) -> Result<bool, GitError> {
        let full = format!("refs/heads/{branch}");
        // A branch named like a folder of branches blocks the name as well.
        let above = full.rsplit_once('/').map_or("", |(above, _)| above);
        let below = format!("{full}/");
        let listed = self.run_git_line("for-each-ref --format=%(refname)", &[&full, above])?;
        let is_in_the_way = |name: &str| name == full || name == above || name.starts_with(&below);
        Ok(listed.lines().any(is_in_the_way))
    }

    /// Whether the next commit ends a merge, cherry-pick or revert.
    pub(super) fn is_merging(&self) -> Result<bool, GitError> {
        for going_on in ["MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD"] {
            if self.run_git_optional_line("rev-parse --verify --quiet", &[going_on])?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Makes the branch, and on it a commit of those files alone. `is_kept` says whether what git would
    /// store of a file is right. If git refuses, what was done is undone where possible; the file stays.
    ///
    /// # Errors
    /// In git's words; and if a file would be stored with other bytes.
    pub fn commit_on_new_branch(
        &self,
        ground: &BranchStart,
        branch: &str,
        paths: &[String],
        message: &str,
        is_kept: &dyn Fn(&str, &mut dyn Read, u64) -> io::Result<bool>,
    ) -> Result<String, GitError> {
        let spec = |path: &String| format!(":(top,literal){}", self.path_in_repository(path));
        let specs: Vec<String> = paths.iter().map(spec).collect();
        let specs: Vec<&str> = specs.iter().map(String::as_str).collect();
        let run =
            |command, more: &[&str]| UserGit(&self.repository).run(&split_command(command, more));
        let commit = || {
            let from: &[&str] = match &ground.from {
                Some(from) => &[branch, from],
                None => &[branch],
            };
            run("switch --quiet --no-track --create", from)?;
            run("add --", &specs)?;
            for path in paths {
                self.check_staged(path, is_kept)?;
            }
            let said = [&[message, "--"], &*specs].concat();
            run("commit --quiet --only -m", &said)?;
            self.run_git_line("rev-parse --short HEAD", &[])
        };
        commit().inspect_err(|_| self.undo_commit(ground, branch, &specs))
    }

    /// Refuses a file of which git would store other bytes.
    fn check_staged(
        &self,
        path: &str,
        is_kept: &dyn Fn(&str, &mut dyn Read, u64) -> io::Result<bool>,
    ) -> Result<(), GitError> {
        let staged = format!(":{}", self.path_in_repository(path));
        let mut read = |content: &mut dyn Read, size| {
            let is_kept = is_kept(path, content, size)?;
            io::copy(content, &mut io::sink())?;
            Ok(is_kept)
        };
        match objects::read_each_blob(self, &[&staged], &mut read)?.as_slice() {
            [true] => Ok(()),
            _ => Err(GitError::new(
                format!(
                    "git would store {} with other bytes than it has, because it changes line ends",
                    excerpt(path, 200)
                ),
                "write `requests/** -text` and below it `requests/**/*.yaml text eol=lf` into .gitattributes, as in examples/agency, and commit that first",
            )),
        }
    }

    /// Goes back to the previous branch. Errors here are not reported: the first error is the one
    /// that counts.
    fn undo_commit(&self, ground: &BranchStart, branch: &str, specs: &[&str]) {
        // A branch that is not checked out was made by somebody else in the meantime.
        if self.current_branch().ok().flatten().as_deref() != Some(branch) {
            return;
        }
        let git = UserGit(&self.repository);
        let _ = git.run(&split_command("reset --quiet --", specs));
        let back: Vec<&str> = ground.back.iter().map(String::as_str).collect();
        let _ = git.run(&split_command("switch --quiet", &back));
        let _ = git.run(&["branch", "--quiet", "--delete", branch]);
    }

    /// The path of something in the folder from the top of the repository.
    pub fn path_in_repository(&self, path: &str) -> String {
        let parts = [self.prefix.as_str(), path];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join("/")
    }
}
