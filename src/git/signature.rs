//! Who signed commits, as verified by git: SSH keys by the agency's `allowed_signers`, GPG keys by
//! git's own configuration.

use std::collections::HashMap;
use std::io::Write as _;

use rayon::prelude::*;

use super::program::split_command;
use super::{GitError, GitFolder};

/// git's result for a commit's signature (`%G?`, `%GS`, `%GK` of git-rev-list).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The commit's full name.
    pub commit: String,
    /// The letter of `%G?`.
    pub verdict: char,
    /// The principal of `allowed_signers`, or the name and address of a GPG key.
    pub name: String,
    /// The key.
    pub key: String,
}

/// How many commits one git process verifies; each takes some milliseconds.
const AT_ONCE: usize = 256;

/// Four lines a commit, the first of which is `commit NAME`.
const LIST: &str = "rev-list --no-walk=unsorted --stdin --encoding=UTF-8 --format=%G?%n%GK%n%GS";

/// Verifies commits, against the lines of an `allowed_signers` file (ssh-keygen(1)).
///
/// # Errors
/// If git does not answer, or the lines cannot be passed to it.
pub fn verify_signatures(
    place: &GitFolder,
    commits: &[&str],
    allowed_signers: &[u8],
) -> Result<HashMap<String, Signature>, GitError> {
    let trouble = |error: std::io::Error| {
        let folder = std::env::temp_dir();
        GitError::new(
            format!(
                "the folder for temporary files {}, in which git gets allowed_signers, cannot be written: {error}",
                folder.display()
            ),
            "make space in it, or name a folder that can be written: TMPDIR, on Windows TEMP",
        )
    };
    let mut file = tempfile::NamedTempFile::new().map_err(trouble)?;
    file.write_all(allowed_signers).and_then(|()| file.flush()).map_err(trouble)?;
    // git reads it as a value of its configuration, in which no character is special.
    let allowed = format!("gpg.ssh.allowedSignersFile={}", file.path().display());
    let verified: Result<Vec<Vec<Signature>>, GitError> = commits
        .par_chunks(AT_ONCE)
        .map(|commits| {
            let asked = commits.join("\n") + "\n";
            let arguments = [&["-c", &allowed], &*split_command(LIST, &[])].concat();
            let answer = place.repository.run(&arguments, asked.as_bytes())?;
            let lines = String::from_utf8_lossy(&answer);
            let lines: Vec<&str> = lines.lines().collect();
            Ok(lines.chunks(4).filter_map(parse_signature).collect())
        })
        .collect();
    Ok(verified?
        .into_iter()
        .flatten()
        .map(|signature| (signature.commit.clone(), signature))
        .collect())
}

fn parse_signature(lines: &[&str]) -> Option<Signature> {
    let [commit, verdict, key, name] = lines else { return None };
    Some(Signature {
        commit: commit.strip_prefix("commit ")?.to_owned(),
        verdict: verdict.chars().next()?,
        key: (*key).to_owned(),
        name: name.trim().to_owned(),
    })
}
