//! Runs the `git` program.

use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use super::GitError;
use crate::text::excerpt;

/// An answer of one line.
pub(super) fn text(bytes: Vec<u8>) -> String {
    String::from_utf8_lossy(&bytes).trim_end().to_owned()
}

/// A command as one writes it, cut at its spaces, and arguments that may have some.
pub(super) fn split_command<'a>(command: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    command.split(' ').chain(more.iter().copied()).collect()
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

/// What begins so is for the portal or the mail server alone. git runs what a user's configuration names (hooks, filters,
/// credential helpers), and none of that needs it.
const OF_OTHERS: [&str; 2] = ["ARKIB_PORTAL_", "ARKIB_SMTP_"];

/// Where git looks for the objects of a push that has not been taken yet (githooks(5), pre-receive).
const QUARANTINED: [&str; 2] = ["GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_OBJECT_DIRECTORY"];

/// The `git` program in a folder, with nothing of another repository about it.
fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    // What a hook or a shell set for another repository must not answer for this one.
    for name in OF_ANOTHER_REPOSITORY {
        command.env_remove(name);
    }
    for (name, _) in std::env::vars_os() {
        // On Windows names are the same in any case.
        let text = name.to_string_lossy().to_ascii_uppercase();
        if OF_OTHERS.iter().any(|others| text.starts_with(others)) {
            command.env_remove(name);
        }
    }
    // In a hook that decides whether a push is taken, the new objects are kept apart.
    if std::env::var_os("GIT_QUARANTINE_PATH").is_some() {
        for name in QUARANTINED {
            command.envs(std::env::var_os(name).map(|value| (name, value)));
        }
    }
    command
        .arg("-C")
        .arg(folder)
        .args(arguments)
        // A replaced object would show another history than the one that was signed.
        .env("GIT_NO_REPLACE_OBJECTS", "1")
        // What it complains of is read.
        .env("LC_ALL", "C")
        // Looking must not take the index lock away from someone who works in the tree.
        .env("GIT_OPTIONAL_LOCKS", "0")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// The output of a git command that is given some input.
pub(super) fn git(folder: &Path, arguments: &[&str], input: &[u8]) -> Result<Vec<u8>, GitError> {
    git_in_pieces(folder, arguments, input, |answer| {
        let mut bytes = Vec::new();
        answer.read_to_end(&mut bytes)?;
        Ok(bytes)
    })
}

/// As [`git`], but the output is taken piece by piece by `take`, which may be much.
pub(super) fn git_in_pieces<T>(
    folder: &Path,
    arguments: &[&str],
    input: &[u8],
    take: impl FnOnce(&mut dyn BufRead) -> std::io::Result<T>,
) -> Result<T, GitError> {
    let mut child = program(folder, arguments).spawn().map_err(|_| {
        GitError::new(
            "the program `git` is not on the PATH",
            "install git, or add it to the PATH",
        )
    })?;
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let stderr = child.stderr.take();
    // All at once: git answers while it is still being asked, and complains whenever it likes.
    let (taken, words) = std::thread::scope(|scope| {
        // git that ends early says why itself.
        scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(input)));
        let words = scope.spawn(move || {
            let mut words = Vec::new();
            let _ = stderr.map(|mut stderr| stderr.read_to_end(&mut words));
            words
        });
        let taken = match stdout {
            // Dropped behind this, so that git never waits for a reader that gave up.
            Some(stdout) => take(&mut BufReader::with_capacity(1 << 16, stdout)),
            None => Err(std::io::Error::other("git gave no output")),
        };
        (taken, words.join().unwrap_or_default())
    });
    match (taken, child.wait().map_err(GitError::from_git)?.success()) {
        (Ok(taken), true) => Ok(taken),
        // Nobody listened any longer, which git has nothing to say of.
        (Err(error), false) if words.is_empty() => Err(GitError::from_git(error)),
        (Err(error), true) => Err(GitError::from_git(error)),
        (_, false) => Err(complaint(&words)),
    }
}

/// What git complains of, in a line: why it gave up.
fn complaint(words: &[u8]) -> GitError {
    let words = String::from_utf8_lossy(words);
    let fatal = words.lines().find(|line| line.starts_with("fatal: "));
    let line = fatal.or(words.lines().next()).unwrap_or_default();
    let line = without_logins(line.trim_start_matches("fatal: "));
    GitError::from_git(excerpt(&line, 300))
}

/// A text without what stands between the scheme and the host of its addresses: a remote in the
/// configuration of a CI job often has the job's token there, and git names it where objects of a
/// partial clone cannot be fetched.
fn without_logins(text: &str) -> String {
    let mut clean = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + "://".len());
        let end = after
            .find(|character: char| character.is_whitespace() || "'\"<>".contains(character))
            .unwrap_or(after.len());
        let login = after[..end].rfind('@').map_or(0, |at| at + 1);
        clean.push_str(before);
        rest = &after[login..];
    }
    clean + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn removes_logins_from_git_messages() {
        for (said, shown) in [
            (
                "unable to access 'https://ci:glpat-01@git.example/x.git/': refused",
                "unable to access 'https://git.example/x.git/': refused",
            ),
            (
                "could not read Password for 'http://ghp_01@git.example'",
                "could not read Password for 'http://git.example'",
            ),
            (
                "http://u:pa/ss@a.example and ssh://git@b.example",
                "http://a.example and ssh://b.example",
            ),
            (
                "see https://git.example/help, or ask a@b.example",
                "see https://git.example/help, or ask a@b.example",
            ),
        ] {
            assert_eq!(without_logins(said), shown);
        }
    }
}
