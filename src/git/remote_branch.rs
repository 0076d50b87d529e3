//! A branch of the remote repository to which files are only added: fetched, committed and pushed
//! without the work tree, the index and the branches of this clone. To fetch and push, git works as its
//! user configured it: credentials, proxies, keys. Knows nothing of what is in the files.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use secrecy::SecretString;

use super::program::{UserGit, split_command, trimmed_text};
use super::remote_login::{RemoteLogin, takes_password};
use super::{GitError, GitFolder};
use crate::text::excerpt;

/// A branch of the remote repository.
#[derive(Debug)]
pub struct RemoteBranch {
    /// The top of this clone.
    pub place: GitFolder,
    remote: String,
    branch: String,
    /// The login to fetch, if there is a token for the remote and it takes one.
    fetch_login: Option<RemoteLogin>,
    /// The login to push, whose address may be another.
    push_login: Option<RemoteLogin>,
    takes_password: bool,
}

const FETCH: &str =
    "fetch --quiet --no-tags --no-write-fetch-head --no-recurse-submodules --refmap=";
const PUSH: &str = "push --quiet --porcelain --no-verify --no-follow-tags --recurse-submodules=no";

impl GitFolder {
    /// The remote repository that is pushed to: `origin`, or the only one.
    ///
    /// # Errors
    /// Where git does not answer.
    pub fn remote(&self) -> Result<Option<String>, GitError> {
        let remotes = self.run_git_line("remote", &[])?;
        let remotes: Vec<&str> = remotes.lines().collect();
        Ok(match remotes.as_slice() {
            [only] => Some((*only).to_owned()),
            several => several.contains(&"origin").then(|| "origin".to_owned()),
        })
    }

    /// The address that a remote is pushed to.
    ///
    /// # Errors
    /// Where git does not answer.
    pub fn remote_address(&self, remote: &str) -> Result<String, GitError> {
        self.run_git_line("remote get-url --push", &[remote])
    }
}

impl RemoteBranch {
    /// Looks up where the branch is: at `origin`, or at the only remote; for which there may be a token.
    ///
    /// # Errors
    /// If the folder is in no clone, the branch cannot have that name, or others could read the token on
    /// the way.
    pub fn find(
        folder: &Path,
        branch: &str,
        token: Option<&SecretString>,
    ) -> Result<Self, GitError> {
        let place = GitFolder { prefix: String::new(), ..GitFolder::find(folder)? };
        let shown = excerpt(branch, 80);
        let full = format!("refs/heads/{branch}");
        if place.run_git_optional_line("check-ref-format", &[&full])?.is_none() {
            let why = format!("`{shown}` cannot be the name of a branch");
            return Err(GitError::new(why, "use another name, such as records"));
        }
        if place.current_branch()?.as_deref() == Some(branch) {
            let why = format!("the branch `{shown}` is checked out here");
            let help =
                "use a branch of its own for the records, which is never checked out or merged";
            return Err(GitError::new(why, help));
        }
        let remote = place.remote()?.ok_or_else(|| {
            let why = "this clone has no remote `origin` to push to";
            GitError::new(why, "add it: git remote add origin URL")
        })?;
        let fetch = place.run_git_line("remote get-url", &[&remote])?;
        let push = place.remote_address(&remote)?;
        let login = |url| token.map_or(Ok(None), |token| RemoteLogin::new(url, token));
        Ok(Self {
            remote,
            branch: branch.to_owned(),
            fetch_login: login(&fetch)?,
            push_login: login(&push)?,
            takes_password: takes_password(&fetch),
            place,
        })
    }

    /// Whether the remote gets the token, to fetch or to push.
    pub fn uses_token(&self) -> bool {
        self.fetch_login.is_some() || self.push_login.is_some()
    }

    /// Whether a token can be the login to fetch.
    pub fn takes_password(&self) -> bool {
        self.takes_password
    }

    /// A folder for a copy of the branch's files, in which no commit can put anything.
    ///
    /// # Errors
    /// Where git does not answer.
    pub fn folder_for_copy(&self) -> Result<PathBuf, GitError> {
        let common = "rev-parse --path-format=absolute --git-common-dir";
        let folder = PathBuf::from(self.place.run_git_line(common, &[])?);
        Ok(folder.join("arkib").join("records").join(&self.branch))
    }

    /// Fetches the branch. Gives its newest commit; none where it does not exist yet.
    ///
    /// # Errors
    /// If it cannot be fetched, or no longer has what it had when it was fetched before.
    pub fn fetch(&self) -> Result<Option<String>, GitError> {
        let full = format!("refs/heads/{}", self.branch);
        let listed = trimmed_text(self.fetch_from_remote("ls-remote --refs", &full)?);
        let tip = listed.lines().find_map(|line| Some(line.strip_suffix(&full)?.trim().to_owned()));
        let known = self
            .place
            .run_git_optional_line("rev-parse --verify --quiet", &[&self.tracking_ref()])?;
        if known == tip {
            return Ok(tip);
        }
        if tip.is_some() {
            self.fetch_from_remote(FETCH, &full)?;
        }
        let is_kept = match (&known, &tip) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(known), Some(tip)) => {
                let is_ancestor = "merge-base --is-ancestor";
                self.place.run_git_optional_line(is_ancestor, &[known, tip])?.is_some()
            }
        };
        if !is_kept {
            return Err(GitError::new(
                format!(
                    "the branch {} of {} was rewritten or deleted: it no longer has all that it had",
                    self.branch, self.remote
                ),
                "find out who did that; its last known state is here in refs/remotes",
            ));
        }
        self.set_tracking_ref(tip.as_deref())?;
        Ok(tip)
    }

    /// Makes a commit that adds or replaces these files, whose paths are those on the branch.
    ///
    /// # Errors
    /// In git's words.
    pub fn commit(
        &self,
        tip: Option<&str>,
        files: &[(String, Vec<u8>)],
        message: &str,
    ) -> Result<String, GitError> {
        let user_git = UserGit(&self.place.repository);
        let by = match user_git.run(&["var", "GIT_COMMITTER_IDENT"]) {
            Err(error) if error.is_no => format!("arkib <> {} +0000", Timestamp::now().as_second()),
            by => trimmed_text(by?),
        };
        let name = format!("refs/arkib/records-{}", std::process::id());
        let from = tip.map_or(String::new(), |tip| format!("from {tip}\n"));
        let length = message.len();
        let head = format!("commit {name}\ncommitter {by}\ndata {length}\n{message}\n{from}");
        let mut stream = head.into_bytes();
        for (path, bytes) in files {
            let head = format!("M 100644 inline {path}\ndata {}\n", bytes.len());
            stream.extend_from_slice(head.as_bytes());
            stream.extend_from_slice(bytes);
            stream.push(b'\n');
        }
        self.place.repository.run(&["fast-import", "--quiet", "--force"], &stream)?;
        let commit = self.place.run_git_line("rev-parse --verify", &[&name]);
        self.place.run_git("update-ref -d", &[&name])?;
        commit
    }

    /// Pushes a commit, unless the branch has gained others.
    ///
    /// # Errors
    /// In git's words.
    pub fn push(&self, commit: &str) -> Result<(), GitError> {
        let what = format!("{commit}:refs/heads/{}", self.branch);
        self.run_at_remote(PUSH, self.push_login.as_ref(), &what)?;
        self.set_tracking_ref(Some(commit))
    }

    fn fetch_from_remote(&self, command: &str, what: &str) -> Result<Vec<u8>, GitError> {
        self.run_at_remote(command, self.fetch_login.as_ref(), what)
    }

    fn run_at_remote(
        &self,
        command: &str,
        login: Option<&RemoteLogin>,
        what: &str,
    ) -> Result<Vec<u8>, GitError> {
        let remote = login.map_or(&*self.remote, |login| login.url.as_str());
        let arguments = split_command(command, &[remote, what]);
        UserGit(&self.place.repository).run_logged_in(login, &arguments)
    }

    /// The branch as it was fetched.
    fn tracking_ref(&self) -> String {
        format!("refs/remotes/{}/{}", self.remote, self.branch)
    }

    fn set_tracking_ref(&self, tip: Option<&str>) -> Result<(), GitError> {
        let Some(tip) = tip else { return Ok(()) };
        self.place.run_git("update-ref", &[&self.tracking_ref(), tip]).map(drop)
    }

    /// "records of origin".
    pub fn describe(&self) -> String {
        format!("{} of {}", self.branch, self.remote)
    }
}
