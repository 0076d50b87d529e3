//! Whether the approval of a request is its approver's own: judged by who signed the commit that
//! brought it (procedure section 5: nothing is configured without the UC administrator's approval).
//! Pure.

use std::collections::BTreeMap;
use std::fmt;

use crate::domain::mailbox::Mailbox;
use crate::domain::request::RequestId;
use crate::text::visible;

/// The name of the file beside a policy that says whose SSH key is whose (ssh-keygen(1),
/// ALLOWED SIGNERS).
pub const ALLOWED_SIGNERS: &str = "allowed_signers";

/// What git says of a commit's signature (`%G?`, `%GS`, `%GK` of git-log).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signer {
    /// The commit's full name.
    pub commit: String,
    /// `G` good, `U` good by a key that nobody vouches for, `B` bad, `X` and `Y` expired, `R`
    /// revoked, `E` cannot be checked, `N` none.
    pub verdict: char,
    /// The principal of `allowed_signers`, or the name and address of a GPG key.
    pub name: String,
    /// The key.
    pub key: String,
}

/// Why the approval of a request is not believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doubt {
    /// No commit holds the file as it was read.
    NotCommitted,
    /// The history ends where this clone does.
    Shallow,
    /// The commit carries no signature.
    Unsigned(String),
    /// The signature does not fit the commit.
    Bad(String),
    /// The key is none that is vouched for.
    Unvouched(String, String),
    /// Signature or key have expired, or were revoked.
    Lapsed(String),
    /// git could not check the signature.
    Unchecked(String),
    /// A good signature, but of someone else.
    Another(String, String),
}

/// The requests whose approval is not believed.
pub type Doubts = BTreeMap<RequestId, Doubt>;

/// Judges an approval by the commits that brought it: one good signature of the approver suffices.
/// Of several others the first is told.
pub fn judge<'a>(approver: &Mailbox, signers: impl Iterator<Item = &'a Signer>) -> Option<Doubt> {
    let mut first = None;
    for signer in signers {
        let doubt = doubt(approver, signer)?;
        first.get_or_insert(doubt);
    }
    Some(first.unwrap_or(Doubt::NotCommitted))
}

fn doubt(approver: &Mailbox, signer: &Signer) -> Option<Doubt> {
    let commit = signer.commit.chars().take(7).collect();
    let doubt = match signer.verdict {
        'G' if is_of(&signer.name, approver) => return None,
        'G' => Doubt::Another(commit, signer.name.clone()),
        'N' => Doubt::Unsigned(commit),
        'B' => Doubt::Bad(commit),
        'U' => Doubt::Unvouched(commit, signer.key.clone()),
        'X' | 'Y' | 'R' => Doubt::Lapsed(commit),
        _ => Doubt::Unchecked(commit),
    };
    Some(doubt)
}

/// Whether a signer's name is that address: the principal itself, which must not be a pattern, or
/// the address in `Name <address>`.
fn is_of(name: &str, approver: &Mailbox) -> bool {
    let address = name
        .strip_suffix('>')
        .and_then(|name| name.rsplit_once('<'))
        .map_or(name, |(_, address)| address);
    !address.contains('*') && Mailbox::parse(address).as_ref() == Ok(approver)
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotCommitted => f.write_str("no commit holds the file as it was read"),
            Self::Shallow => f.write_str(
                "this clone does not hold the whole history; fetch it (git fetch --unshallow, in CI fetch-depth: 0)",
            ),
            Self::Unsigned(commit) => write!(f, "commit {commit}, which brought it, is not signed"),
            Self::Bad(commit) => {
                write!(f, "the signature of commit {commit}, which brought it, is bad")
            }
            Self::Unvouched(commit, key) => write!(
                f,
                "commit {commit}, which brought it, is signed with a key that {ALLOWED_SIGNERS} does not name: {}",
                visible(key)
            ),
            Self::Lapsed(commit) => write!(
                f,
                "the signature of commit {commit}, which brought it, or its key has expired or was revoked"
            ),
            Self::Unchecked(commit) => write!(
                f,
                "git cannot check the signature of commit {commit}, which brought it"
            ),
            Self::Another(commit, signer) => write!(
                f,
                "commit {commit}, which brought it, is signed by {}, not by the approver",
                visible(signer)
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signer(verdict: char, name: &str) -> Signer {
        Signer {
            commit: "4f2c9e1d".into(),
            verdict,
            name: name.into(),
            key: "SHA256:x".into(),
        }
    }

    #[test]
    fn only_a_good_signature_of_the_approver_is_believed() {
        let approver = Mailbox::parse("pentadbir@agensi.example").unwrap();
        let judged = |signers: &[Signer]| judge(&approver, signers.iter());
        for name in [
            "pentadbir@agensi.example",
            "Pentadbir@Agensi.example",
            "Pentadbir UC <pentadbir@agensi.example>",
        ] {
            assert_eq!(judged(&[signer('G', name)]), None, "{name}");
        }
        for name in [
            "",
            "*@agensi.example",
            "lain@agensi.example",
            "pentadbir@agensi.example <lain@agensi.example>",
            "pentadbir@agensi.example.evil.example",
        ] {
            assert!(
                matches!(judged(&[signer('G', name)]), Some(Doubt::Another(..))),
                "{name}"
            );
        }
        for verdict in "NBUXYRE?".chars() {
            let found = judged(&[signer(verdict, "pentadbir@agensi.example")]);
            assert!(found.is_some(), "{verdict}");
        }
        assert_eq!(judged(&[]), Some(Doubt::NotCommitted));
        assert_eq!(
            judged(&[signer('N', ""), signer('G', "pentadbir@agensi.example")]),
            None
        );
    }
}
