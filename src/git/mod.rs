//! What git says of the requests folder, through the `git` program. Reads only.

mod history;
mod signature;
mod tree;

use std::io::{Read as _, Write as _};
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Stdio};

use crate::visible::excerpt;

pub use history::{bringing, changed_since};
pub use signature::signatures;
pub use tree::{Mode, TreeEntry, blob, blobs, tree};

/// The commit that a folder is checked out at, or that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The commit's full name.
    pub commit: String,
    /// Its short name.
    pub short: String,
    /// The branch, or the name it was asked for by.
    pub branch: Option<String>,
}

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
    /// Two commits have no common ancestor in this repository.
    #[error("`{0}` and `{1}` have no commit in common here")]
    Unrelated(String, String),
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
            Self::Unrelated(..) => {
                "fetch the whole history: `git fetch --unshallow`; in CI fetch-depth: 0 or GIT_DEPTH: 0"
            }
        }
    }
}

/// A requests folder as git knows it: in a work tree, or by its path alone in a bare repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// A folder that exists, from which git is asked.
    root: PathBuf,
    /// The way from the top of the repository to the requests folder, without a slash at its end;
    /// empty for the top itself.
    pub prefix: String,
}

impl Place {
    /// Looks the folder up. It need not exist on disk, as in a bare repository.
    ///
    /// # Errors
    /// Where it is in no git repository, or where git does not trust that.
    pub fn of(folder: &Path) -> Result<Self, GitError> {
        let mut root = folder.to_owned();
        let mut below: Vec<String> = Vec::new();
        while !root.is_dir() {
            let name = match root.components().next_back() {
                Some(Component::Normal(name)) => name.to_string_lossy().into_owned(),
                _ => break,
            };
            below.insert(0, name);
            root = match root.parent() {
                Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
                _ => PathBuf::from("."),
            };
        }
        let above = text(git(&root, &["rev-parse", "--show-prefix"], &[])?);
        let parts = above.split('/').filter(|part| !part.is_empty());
        let prefix: Vec<&str> = parts.chain(below.iter().map(String::as_str)).collect();
        Ok(Self {
            prefix: prefix.join("/"),
            root,
        })
    }

    /// The full name of the commit that a reference means.
    ///
    /// # Errors
    /// [`GitError::NoCommit`] where it means none.
    pub fn commit(&self, reference: &str) -> Result<String, GitError> {
        let object = format!("{reference}^{{commit}}");
        match self.git(&["rev-parse", "--verify", "--quiet", &object], &[]) {
            Ok(name) => Ok(text(name)),
            Err(GitError::Says(_)) => Err(GitError::NoCommit(excerpt(reference, 80))),
            Err(error) => Err(error),
        }
    }

    /// The commit that is checked out.
    ///
    /// # Errors
    /// Where there is none yet.
    pub fn head(&self) -> Result<Head, GitError> {
        let branch = self.git(&["symbolic-ref", "--short", "--quiet", "HEAD"], &[]);
        self.named("HEAD", branch.map(text).ok())
    }

    /// The commit that a reference means, with its short name.
    ///
    /// # Errors
    /// [`GitError::NoCommit`] where it means none.
    pub fn at(&self, reference: &str) -> Result<Head, GitError> {
        self.named(reference, Some(reference.to_owned()))
    }

    fn named(&self, reference: &str, branch: Option<String>) -> Result<Head, GitError> {
        let commit = self.commit(reference)?;
        let short = text(self.git(&["rev-parse", "--short", &commit], &[])?);
        Ok(Head {
            commit,
            short,
            branch,
        })
    }

    /// The commit from which two went apart.
    ///
    /// # Errors
    /// [`GitError::Unrelated`] where this repository has none, as in a shallow clone.
    pub fn merge_base(&self, one: &str, other: &str) -> Result<String, GitError> {
        match self.git(&["merge-base", one, other], &[]) {
            Ok(name) => Ok(text(name)),
            Err(GitError::Says(_)) => {
                Err(GitError::Unrelated(excerpt(one, 80), excerpt(other, 80)))
            }
            Err(error) => Err(error),
        }
    }

    /// Whether the history ends where this clone does, so that it does not tell what came from where.
    ///
    /// # Errors
    /// Where git does not answer.
    pub fn is_shallow(&self) -> Result<bool, GitError> {
        let answer = self.git(&["rev-parse", "--is-shallow-repository"], &[])?;
        Ok(text(answer) != "false")
    }

    /// A path below the requests folder, as the repository names it.
    pub fn in_repository(&self, path: &str) -> String {
        match (self.prefix.as_str(), path) {
            ("", path) => path.to_owned(),
            (prefix, "") => prefix.to_owned(),
            (prefix, path) => format!("{prefix}/{path}"),
        }
    }

    fn git(&self, arguments: &[&str], input: &[u8]) -> Result<Vec<u8>, GitError> {
        git(&self.root, arguments, input)
    }
}

/// An answer of one line.
fn text(bytes: Vec<u8>) -> String {
    String::from_utf8_lossy(&bytes).trim_end().to_owned()
}

/// The variables that tie git to one repository (`git rev-parse --local-env-vars`), or that change
/// what paths mean.
const OF_ANOTHER_REPOSITORY: [&str; 20] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_CONFIG",
    "GIT_CONFIG_PARAMETERS",
    "GIT_DIR",
    "GIT_GLOB_PATHSPECS",
    "GIT_GRAFT_FILE",
    "GIT_ICASE_PATHSPECS",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_LITERAL_PATHSPECS",
    "GIT_NAMESPACE",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
];

/// The output of a git command that is given some input.
fn git(folder: &Path, arguments: &[&str], input: &[u8]) -> Result<Vec<u8>, GitError> {
    let mut command = Command::new("git");
    // What a hook or a shell set for another repository must not answer for this one.
    for name in OF_ANOTHER_REPOSITORY {
        command.env_remove(name);
    }
    let mut child = command
        .arg("-C")
        .arg(folder)
        .args(arguments)
        // A replaced object would show another history than the one that was signed.
        .env("GIT_NO_REPLACE_OBJECTS", "1")
        // Looking must not take the index lock away from someone who works in the tree.
        .env("GIT_OPTIONAL_LOCKS", "0")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|_| GitError::Missing)?;
    let says = |error: std::io::Error| GitError::Says(error.to_string());
    // All at once: git answers while it is still being asked, and complains whenever it likes.
    let stdin = child.stdin.take();
    let stderr = child.stderr.take();
    let output = std::thread::scope(|scope| {
        scope.spawn(move || {
            // git that ends early says why itself.
            stdin.map(|mut stdin| stdin.write_all(input))
        });
        let complaint = scope.spawn(move || {
            let mut words = Vec::new();
            let _ = stderr.map(|mut stderr| stderr.read_to_end(&mut words));
            String::from_utf8_lossy(&words).into_owned()
        });
        let mut bytes = Vec::new();
        let read = child
            .stdout
            .take()
            .map(|mut stdout| stdout.read_to_end(&mut bytes));
        let words = complaint.join().unwrap_or_default();
        read.transpose().map(|_| (bytes, words))
    });
    let (bytes, words) = output.map_err(says)?;
    if child.wait().map_err(says)?.success() {
        Ok(bytes)
    } else {
        let fatal = words.lines().find(|line| line.starts_with("fatal: "));
        let first = fatal.or(words.lines().next()).unwrap_or_default();
        Err(GitError::Says(excerpt(
            first.trim_start_matches("fatal: "),
            300,
        )))
    }
}
