//! Finds the repository of a requests folder, and the commits in it.

use std::path::{Component, Path, PathBuf};

use super::program::{git, git_in_pieces, text};
use super::{GitError, Head};
use crate::text::excerpt;

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
    /// Where it is in no git repository, where git does not trust that, and where the way to it
    /// leads out of the repository, so that another one would answer for this one.
    pub fn of(folder: &Path) -> Result<Self, GitError> {
        let mut root = folder.to_owned();
        let mut below: Vec<String> = Vec::new();
        while !root.is_dir() {
            let name = match root.components().next_back() {
                Some(Component::Normal(name)) => name.to_string_lossy().into_owned(),
                _ => break,
            };
            below.insert(0, name);
            root = parent(&root);
        }
        let above = text(git(&root, &["rev-parse", "--show-prefix"], &[])?);
        stays_inside(folder, &root)?;
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
    /// [`GitError::NoCommit`] where it means none, [`GitError::Ambiguous`] where several could be
    /// meant.
    pub fn commit(&self, reference: &str) -> Result<String, GitError> {
        self.is_one(reference)?;
        let object = format!("{reference}^{{commit}}");
        let is_name = |name: &String| {
            matches!(name.len(), 40 | 64) && name.bytes().all(|byte| byte.is_ascii_hexdigit())
        };
        let answer = match self.git(&["rev-parse", "--verify", "--quiet", &object], &[]) {
            Err(GitError::Says(_)) => None,
            answer => Some(text(answer?)).filter(is_name),
        };
        match (answer, reference) {
            (Some(name), _) => Ok(name),
            (None, "HEAD") => Err(GitError::Unborn),
            (None, reference) => Err(GitError::NoCommit(excerpt(reference, 80))),
        }
    }

    /// A tag or branch may be called like another branch, and git takes the first that it finds:
    /// whoever may push a tag could choose the base. (`HEAD` and full names are found first.)
    fn is_one(&self, reference: &str) -> Result<(), GitError> {
        let name = reference
            .split(['~', '^', '@', ':'])
            .next()
            .unwrap_or(reference);
        if name.is_empty() || name == "HEAD" || name.starts_with("refs/") {
            return Ok(());
        }
        let meant =
            ["refs", "refs/tags", "refs/heads", "refs/remotes"].map(|at| format!("{at}/{name}"));
        let mut arguments = vec!["for-each-ref", "--format=%(refname)"];
        arguments.extend(meant.iter().map(String::as_str));
        let answer = text(self.git(&arguments, &[])?);
        // It also names what lies below.
        let found: Vec<&str> = answer
            .lines()
            .filter(|it| meant.iter().any(|one| one == it))
            .collect();
        let is_short =
            (4..40).contains(&name.len()) && name.bytes().all(|it| it.is_ascii_hexdigit());
        match found.as_slice() {
            [] => Ok(()),
            // What looks like a commit's short name must not be a branch's.
            [_] if !is_short => Ok(()),
            several => Err(GitError::Ambiguous(
                excerpt(reference, 80),
                excerpt(&several.join(", "), 300),
            )),
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
    /// As for [`Place::commit`].
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
    /// [`GitError::Unrelated`] where this repository has none, as in a shallow clone;
    /// [`GitError::Crossed`] where there are several: which of them is taken would decide what
    /// counts as changed.
    pub fn merge_base(&self, one: &Head, other: &Head) -> Result<String, GitError> {
        let answer = match self.git(&["merge-base", "--all", &one.commit, &other.commit], &[]) {
            Err(GitError::Says(_)) => String::new(),
            answer => text(answer?),
        };
        let names = || (one.name(), other.name());
        match answer.lines().collect::<Vec<&str>>().as_slice() {
            [] => Err(GitError::Unrelated(names().0, names().1)),
            [only] => Ok((*only).to_owned()),
            _ => Err(GitError::Crossed(names().0, names().1)),
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

    /// Whether requests or policies of the folder differ from the commit that is checked out.
    ///
    /// # Errors
    /// Where git does not answer.
    pub fn is_dirty(&self) -> Result<bool, GitError> {
        let arguments = [
            "status",
            "--porcelain",
            "-z",
            "--no-renames",
            "--untracked-files=all",
            "--ignore-submodules=none",
            "--",
            ".",
        ];
        let answer = self.git(&arguments, &[])?;
        // Records are written into the folder by the runs themselves.
        let counts =
            |entry: &[u8]| entry.ends_with(b".yaml") || entry.ends_with(b"allowed_signers");
        Ok(answer.split(|byte| *byte == 0).any(counts))
    }

    /// The folder as a pathspec that nothing in the user's configuration changes; none for the top.
    pub(super) fn pathspec(&self) -> Option<String> {
        (!self.prefix.is_empty()).then(|| format!(":(top,literal){}", self.prefix))
    }

    pub(super) fn git(&self, arguments: &[&str], input: &[u8]) -> Result<Vec<u8>, GitError> {
        git(&self.root, arguments, input)
    }

    pub(super) fn git_in_pieces<T>(
        &self,
        arguments: &[&str],
        input: &[u8],
        take: impl FnOnce(&mut dyn std::io::BufRead) -> std::io::Result<T>,
    ) -> Result<T, GitError> {
        git_in_pieces(&self.root, arguments, input, take)
    }
}

fn parent(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Whether the repository that was asked for is the one that answers: no link on the way that a
/// commit could have put there, and no submodule in place of a folder.
fn stays_inside(folder: &Path, root: &Path) -> Result<(), GitError> {
    let mut at = PathBuf::new();
    for part in folder.components() {
        at.push(part);
        let is_link = at.symlink_metadata().is_ok_and(|it| it.is_symlink());
        if is_link && git(&parent(&at), &["rev-parse", "--git-dir"], &[]).is_ok() {
            return Err(GitError::Elsewhere(
                excerpt(&at.to_string_lossy(), 200),
                "a link",
            ));
        }
    }
    let ask = |root: &Path, what: &str| git(root, &["rev-parse", what], &[]).map(text);
    let above = ask(root, "--show-superproject-working-tree").unwrap_or_default();
    let top = |at: &Path| ask(at, "--show-toplevel").ok();
    if !above.is_empty() && top(Path::new(".")) != top(root) {
        let name = excerpt(&folder.to_string_lossy(), 200);
        return Err(GitError::Elsewhere(name, "in a submodule"));
    }
    Ok(())
}
