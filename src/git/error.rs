//! What goes wrong with git, in words.

/// Why git has nothing to say of a folder.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GitError {
    /// There is no `git` program.
    #[error("there is no program `git` on the path")]
    Missing,
    /// git does not want to, in its own words.
    #[error("git says: {0}")]
    Says(String),
    /// A commit was asked for that the repository does not have.
    #[error("there is no commit `{0}` in this repository")]
    NoCommit(String),
    /// Nothing is committed yet.
    #[error("nothing is committed here yet")]
    Unborn,
    /// A name that means several things.
    #[error("`{0}` may mean any of {1}")]
    Ambiguous(String, String),
    /// Two commits have no common ancestor in this repository.
    #[error("{0} and {1} have no commit in common here")]
    Unrelated(String, String),
    /// Two commits have several best common ancestors.
    #[error(
        "{0} and {1} were merged into each other crosswise, so that nobody can say what either of them changed"
    )]
    Crossed(String, String),
    /// The way to the folder leads out of the repository.
    #[error("{0} is {1}, so another repository would answer for this one")]
    Elsewhere(String, &'static str),
    /// A bare repository, in which no file can lie.
    #[error("there is no work tree here")]
    NoWorkTree,
    /// A commit is checked out instead of a branch.
    #[error("no branch is checked out here")]
    Detached,
    /// A new branch has no place.
    #[error("there is a branch `{0}` already, or one in its way")]
    BranchExists(String),
    /// A new branch may not be called so.
    #[error("`{0}` cannot be the name of a branch")]
    BadBranch(String),
    /// A merge or the like waits to be ended.
    #[error("a merge, cherry-pick or revert is going on here")]
    Merging,
    /// A file that git is told to overlook.
    #[error("git is told to ignore {0}")]
    Ignored(String),
}

impl GitError {
    /// What the user can do.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Missing => "install git, or put it on the path",
            Self::Says(_) => "run arkib in a checkout that git knows and trusts",
            Self::NoCommit(_) => {
                "fetch it first, for instance with `git fetch origin main`; in CI fetch the whole history (fetch-depth: 0, GIT_DEPTH: 0)"
            }
            Self::Unborn => "commit the requests first",
            Self::Ambiguous(..) => {
                "give the full name, such as refs/remotes/origin/main, and delete the tag or branch that should not be there"
            }
            Self::Crossed(..) => {
                "bring the branch up to date: merge the branch that it is to be merged into"
            }
            Self::Elsewhere(..) => {
                "put the files themselves there; or run arkib inside the other repository, if that is the one meant"
            }
            Self::NoWorkTree => "run arkib in a clone with a work tree",
            Self::Detached => "switch to a branch first, for instance with `git switch main`",
            Self::BranchExists(_) => {
                "look at that branch: the request may be filed already; else delete it, or give this one another --id"
            }
            Self::BadBranch(_) => "choose another --id, or make the branch yourself",
            Self::Merging => "end it first, or make the branch yourself afterwards",
            Self::Ignored(_) => "mend the .gitignore that says so; requests are records",
            Self::Unrelated(..) => {
                "fetch the whole history: `git fetch --unshallow`; in CI fetch-depth: 0 or GIT_DEPTH: 0"
            }
        }
    }
}
