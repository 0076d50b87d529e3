//! A branch of its own for one new file. What else is staged or changed stays as it is. Here git
//! works as its user has set it up: hooks run, commits are signed, and the user's name stands on them.

use super::program::text;
use super::{GitError, Place};
use crate::text::excerpt;

/// What a new branch begins from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ground {
    /// The branch that is checked out.
    branch: String,
}

impl Place {
    /// Whether a branch can be made here for a file (its way from the requests folder) that is to
    /// come, so that nothing is begun that cannot be ended.
    ///
    /// # Errors
    /// Why not.
    pub fn ground(&self, branch: &str, path: &str) -> Result<Ground, GitError> {
        let asked = |arguments: &[&str]| match self.git(arguments, &[]) {
            Ok(answer) => Ok(Some(text(answer))),
            Err(GitError::Says(_)) => Ok(None),
            Err(error) => Err(error),
        };
        if asked(&["rev-parse", "--is-inside-work-tree"])?.as_deref() != Some("true") {
            return Err(GitError::NoWorkTree);
        }
        self.commit("HEAD")?;
        let Some(now) = asked(&["symbolic-ref", "--short", "--quiet", "HEAD"])? else {
            return Err(GitError::Detached);
        };
        let full = format!("refs/heads/{branch}");
        if asked(&["check-ref-format", &full])?.is_none() {
            return Err(GitError::BadBranch(excerpt(branch, 80)));
        }
        // A branch of the name of a folder of branches is in the way as well.
        let above = full.rsplit_once('/').map_or("", |(above, _)| above);
        let listed = ["for-each-ref", "--format=%(refname)", &full, above];
        let listed = text(self.git(&listed, &[])?);
        let is_in_the_way = |name: &str| {
            name == full
                || name == above
                || name
                    .strip_prefix(&*full)
                    .is_some_and(|it| it.starts_with('/'))
        };
        if listed.lines().any(is_in_the_way) {
            return Err(GitError::BranchExists(excerpt(branch, 80)));
        }
        for going_on in ["MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD"] {
            if asked(&["rev-parse", "--verify", "--quiet", going_on])?.is_some() {
                return Err(GitError::Merging);
            }
        }
        // The folder itself is where git is asked; this command knows no pathspecs.
        if asked(&["check-ignore", "--quiet", "--", &format!("./{path}")])?.is_some() {
            return Err(GitError::Ignored(excerpt(&self.in_repository(path), 200)));
        }
        Ok(Ground { branch: now })
    }

    /// Makes the branch, and on it a commit of those files alone. Where git does not want to, what was
    /// begun is taken back as far as git lets it; the file stays.
    ///
    /// # Errors
    /// In git's words.
    pub fn commit_alone(
        &self,
        ground: &Ground,
        branch: &str,
        paths: &[String],
        message: &str,
    ) -> Result<String, GitError> {
        let spec = |path: &String| format!(":(top,literal){}", self.in_repository(path));
        let specs: Vec<String> = paths.iter().map(spec).collect();
        let with = |step: &[&'static str]| -> Vec<String> {
            let words = step.iter().map(|word| (*word).to_owned());
            words.chain(specs.iter().cloned()).collect()
        };
        let mut commit = with(&["commit", "--quiet", "--only", "-m", "", "--"]);
        message.clone_into(&mut commit[4]);
        let switch = ["switch", "--quiet", "--no-track", "--create", branch];
        let steps: [Vec<String>; 4] = [
            switch.map(str::to_owned).to_vec(),
            with(&["add", "--"]),
            commit,
            ["rev-parse", "--short", "HEAD"].map(str::to_owned).to_vec(),
        ];
        let mut answer = Vec::new();
        for step in steps {
            let step: Vec<&str> = step.iter().map(String::as_str).collect();
            answer = match self.git(&step, &[]) {
                Ok(answer) => answer,
                Err(error) => {
                    self.take_back(ground, branch, with(&["reset", "--quiet", "--"]));
                    return Err(error);
                }
            };
        }
        Ok(text(answer))
    }

    /// Back to the branch from before. What fails here is not told: the first complaint is the one
    /// that counts.
    fn take_back(&self, ground: &Ground, branch: &str, reset: Vec<String>) {
        let head = self.git(&["symbolic-ref", "--short", "--quiet", "HEAD"], &[]);
        // A branch that is not checked out was made by somebody else, just now.
        if head.map(text).ok().as_deref() != Some(branch) {
            return;
        }
        let reset: Vec<&str> = reset.iter().map(String::as_str).collect();
        let steps: [&[&str]; 3] = [
            &reset,
            &["switch", "--quiet", "--no-guess", &ground.branch],
            &["branch", "--quiet", "--delete", branch],
        ];
        for step in steps {
            let _ = self.git(step, &[]);
        }
    }

    /// The way to something in the folder from the top of the repository.
    pub fn in_repository(&self, path: &str) -> String {
        let parts = [self.prefix.as_str(), path];
        let parts: Vec<&str> = parts.into_iter().filter(|it| !it.is_empty()).collect();
        parts.join("/")
    }
}
