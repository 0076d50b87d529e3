//! What git says of the requests folder, through the `git` program. Reads only.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::visible::excerpt;

/// The commit that a folder is checked out at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The commit's short name.
    pub commit: String,
    /// The branch, where one is checked out.
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
}

/// Looks the folder up.
///
/// # Errors
/// Where it is in no git work tree, where that has no commit yet, or where git does not trust it.
pub fn head(folder: &Path) -> Result<Head, GitError> {
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).trim_end().to_owned();
    let commit = git(folder, &["rev-parse", "--short", "HEAD"], &[]).map(text)?;
    let branch = git(folder, &["symbolic-ref", "--short", "--quiet", "HEAD"], &[]);
    Ok(Head {
        commit,
        branch: branch.map(text).ok(),
    })
}

/// The content of every `.yaml` file below a folder as HEAD has it, by its way from the folder
/// with forward slashes.
///
/// # Errors
/// As for [`head`].
pub fn committed(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>, GitError> {
    let listing = git(folder, &["ls-tree", "-r", "-z", "HEAD", "."], &[])?;
    let mut paths = Vec::new();
    let mut asked = Vec::new();
    for entry in listing.split(|byte| *byte == 0) {
        // `100644 blob 4f2c9e1…\tpath`; a submodule is a `commit`, a link has the mode 120000.
        let entry = String::from_utf8_lossy(entry);
        let Some((about, path)) = entry.split_once('\t') else {
            continue;
        };
        if let [mode, "blob", id] = about.split(' ').collect::<Vec<_>>()[..]
            && mode != "120000"
            && path.ends_with(".yaml")
        {
            paths.push(path.to_owned());
            asked.extend_from_slice(id.as_bytes());
            asked.push(b'\n');
        }
    }
    let answer = git(folder, &["cat-file", "--batch"], &asked)?;
    let contents = batch(&answer, paths.len())
        .ok_or_else(|| GitError::Says("an answer of `cat-file --batch` that is cut off".into()))?;
    Ok(paths.into_iter().zip(contents).collect())
}

/// The contents in an answer of `git cat-file --batch`: `ID blob SIZE`, a line end, the bytes, a
/// line end, for each object asked for.
fn batch(mut answer: &[u8], count: usize) -> Option<Vec<Vec<u8>>> {
    let mut contents = Vec::with_capacity(count);
    for _ in 0..count {
        let end = answer.iter().position(|byte| *byte == b'\n')?;
        let size = std::str::from_utf8(&answer[..end])
            .ok()?
            .rsplit(' ')
            .next()?;
        let from = end + 1;
        let to = from.checked_add(size.parse().ok()?)?;
        contents.push(answer.get(from..to)?.to_vec());
        answer = answer.get(to + 1..)?;
    }
    Some(contents)
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
