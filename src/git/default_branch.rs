//! The branch that requests are merged into: what is on it is merged.

use super::{GitError, GitFolder, objects};

/// Where it is if the remote does not say so. Without any of these the branch that is checked out is taken.
const USUAL: [&str; 5] = [
    "refs/remotes/origin/main",
    "refs/remotes/origin/master",
    "refs/heads/main",
    "refs/heads/master",
    "HEAD",
];

impl GitFolder {
    /// What a file of the folder holds on the default branch, as far as this clone knows; `None` if it is
    /// not there.
    ///
    /// # Errors
    /// Where git does not answer.
    pub fn file_on_default_branch(&self, path: &str) -> Result<Option<Vec<u8>>, GitError> {
        let Some(branch) = self.default_branch()? else { return Ok(None) };
        let Some(id) = self.object_at(&branch, path)? else { return Ok(None) };
        Ok(objects::read_blobs(self, &[&id])?.pop())
    }

    /// The branch that is checked out, if it brings a file of the folder that the default branch lacks.
    ///
    /// # Errors
    /// Where git does not answer.
    pub fn branch_that_brings(&self, path: &str) -> Result<Option<String>, GitError> {
        let Some(branch) = self.default_branch()? else { return Ok(None) };
        let is_here = self.object_at("HEAD", path)?.is_some();
        match is_here && self.object_at(&branch, path)?.is_none() {
            true => self.current_branch(),
            false => Ok(None),
        }
    }

    /// The first of these that is there; `None` where nothing is committed.
    fn default_branch(&self) -> Result<Option<String>, GitError> {
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
