//! Runs the `git` program.

use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use super::GitError;
use crate::text::excerpt;

/// An answer of one line.
pub(super) fn trimmed_text(bytes: Vec<u8>) -> String {
    String::from_utf8_lossy(&bytes).trim_end().to_owned()
}

/// A command split at its spaces, followed by arguments that may contain spaces.
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

/// Variables with these prefixes are for the portal or the mail server. git runs programs of the user's configuration (hooks, filters,
/// credential helpers), and none of that needs it.
const OF_OTHERS: [&str; 2] = ["ARKIB_PORTAL_", "ARKIB_SMTP_"];

/// Where git looks for the objects of a push that is not accepted yet (githooks(5), pre-receive).
const QUARANTINED: [&str; 2] = ["GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_OBJECT_DIRECTORY"];

/// The `git` program in a folder, without any setting of another repository.
fn new_git_command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    // Settings that a hook or a shell made for another repository must not apply here.
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
    // In a hook that decides whether a push is accepted, the new objects are kept separately.
    if std::env::var_os("GIT_QUARANTINE_PATH").is_some() {
        for name in QUARANTINED {
            command.envs(std::env::var_os(name).map(|value| (name, value)));
        }
    }
    command
        .arg("-C")
        .arg(folder)
        .args(arguments)
        // A replaced object would show a different history from the one that was signed.
        .env("GIT_NO_REPLACE_OBJECTS", "1")
        // Its error messages are parsed.
        .env("LC_ALL", "C")
        // Reading must not take the index lock from someone who works in the tree.
        .env("GIT_OPTIONAL_LOCKS", "0")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// The output of a git command that is given some input.
pub(super) fn run_git_command(
    folder: &Path,
    arguments: &[&str],
    input: &[u8],
) -> Result<Vec<u8>, GitError> {
    run_git_streamed(folder, arguments, input, |answer| {
        let mut bytes = Vec::new();
        answer.read_to_end(&mut bytes)?;
        Ok(bytes)
    })
}

/// As [`git`], but `take` reads the output, which may be large, piece by piece.
pub(super) fn run_git_streamed<T>(
    folder: &Path,
    arguments: &[&str],
    input: &[u8],
    take: impl FnOnce(&mut dyn BufRead) -> std::io::Result<T>,
) -> Result<T, GitError> {
    let mut child = new_git_command(folder, arguments).spawn().map_err(|_| {
        GitError::new("the program `git` is not on the PATH", "install git, or add it to the PATH")
    })?;
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let stderr = child.stderr.take();
    // All at once: git answers while it still reads input, and may report errors at any time.
    let (taken, words) = std::thread::scope(|scope| {
        // If git ends early, it reports why.
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
        // The reader had stopped; git reports nothing about that.
        (Err(error), false) if words.is_empty() => Err(GitError::from_git(error)),
        (Err(error), true) => Err(GitError::from_git(error)),
        (_, false) => Err(error_from_stderr(&words)),
    }
}

/// git's error message on one line.
fn error_from_stderr(words: &[u8]) -> GitError {
    let words = String::from_utf8_lossy(words);
    let fatal = words.lines().find(|line| line.starts_with("fatal: "));
    let line = fatal.or(words.lines().next()).unwrap_or_default();
    let line = strip_url_logins(line.trim_start_matches("fatal: "));
    GitError::from_git(excerpt(&line, 300))
}

/// A text without the logins in its URLs: a remote in the
/// configuration of a CI job often contains the job's token, and git shows it if objects of a
/// partial clone cannot be fetched.
fn strip_url_logins(text: &str) -> String {
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
            assert_eq!(strip_url_logins(said), shown);
        }
    }
}
