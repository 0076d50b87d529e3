//! Who signed commits, as git verifies it: SSH keys by the agency's `allowed_signers`, GPG keys by
//! git's own configuration.

use std::collections::HashMap;
use std::io::Write as _;

use rayon::prelude::*;

use super::{GitError, Place};
use crate::domain::approval::Signer;

/// How many commits one git program verifies; each takes it some milliseconds.
const AT_ONCE: usize = 256;

/// Verifies commits, against the lines of an `allowed_signers` file (ssh-keygen(1)).
///
/// # Errors
/// Where git does not answer, or the lines cannot be handed to it.
pub fn signatures(
    place: &Place,
    commits: &[&str],
    allowed_signers: &[u8],
) -> Result<HashMap<String, Signer>, GitError> {
    let trouble = |error: std::io::Error| {
        GitError::Says(format!("allowed_signers cannot be handed over: {error}"))
    };
    let mut file = tempfile::NamedTempFile::new().map_err(trouble)?;
    file.write_all(allowed_signers)
        .and_then(|()| file.flush())
        .map_err(trouble)?;
    // git takes it as a value of its configuration, in which nothing is special.
    let allowed = format!("gpg.ssh.allowedSignersFile={}", file.path().display());
    let verified: Result<Vec<Vec<Signer>>, GitError> = commits
        .par_chunks(AT_ONCE)
        .map(|commits| {
            let mut asked = commits.join("\n").into_bytes();
            asked.push(b'\n');
            let answer = place.git(
                &[
                    "-c",
                    &allowed,
                    "log",
                    "--no-walk=unsorted",
                    "--stdin",
                    "--no-color",
                    "--no-show-signature",
                    "--encoding=UTF-8",
                    "-z",
                    "--format=%H%n%G?%n%GK%n%GS",
                ],
                &asked,
            )?;
            Ok(answer.split(|byte| *byte == 0).filter_map(signer).collect())
        })
        .collect();
    Ok(verified?
        .into_iter()
        .flatten()
        .map(|signer| (signer.commit.clone(), signer))
        .collect())
}

fn signer(part: &[u8]) -> Option<Signer> {
    let text = String::from_utf8_lossy(part);
    let mut lines = text.splitn(4, '\n');
    Some(Signer {
        commit: lines.next()?.to_owned(),
        verdict: lines.next()?.chars().next()?,
        key: lines.next()?.to_owned(),
        name: lines.next()?.trim().to_owned(),
    })
}
