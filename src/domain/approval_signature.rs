//! Verifies that the approver really approved a request: the commit that added the approval must be
//! signed by the approver (procedure section 5: nothing is configured without approval). Pure.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::domain::mailbox_address::Mailbox;
use crate::domain::policy::signer_files::ALLOWED_SIGNERS;
use crate::domain::request::RequestId;
use crate::text::escape;

/// What git reports about a commit's signature (`%G?`, `%GS`, `%GK` of git-log).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitSignature {
    /// The commit's full name.
    pub commit: String,
    /// `G` good, `U` good by an unknown key, `B` bad, `X` and `Y` expired, `R` revoked, `E` cannot
    /// be checked, `N` none.
    pub verdict: char,
    /// The principal of `allowed_signers`, or the name and address of a GPG key.
    pub name: String,
    /// The key.
    pub key: String,
}

/// Why the approval of a request is unverified, as a text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct UnverifiedReason(Cow<'static, str>);

impl UnverifiedReason {
    /// The file, as it was read, is in no commit.
    pub const NOT_COMMITTED: Self =
        Self(Cow::Borrowed("the file, as it was read, is in no commit"));
    /// This clone does not have the whole history.
    pub const SHALLOW: Self = Self(Cow::Borrowed(
        "this clone does not have the whole history; fetch it (git fetch --unshallow, in CI fetch-depth: 0)",
    ));
}

/// The requests whose approval is unverified.
pub type UnverifiedApprovals = BTreeMap<RequestId, UnverifiedReason>;

/// Judges an approval by the commits that added it: one good signature of the approver is enough.
/// Otherwise the first reason is returned.
pub fn reason_unverified<'a>(
    approver: &Mailbox,
    signers: impl Iterator<Item = &'a CommitSignature>,
) -> Option<UnverifiedReason> {
    let mut first = None;
    for signer in signers {
        let reason = signature_fault(approver, signer)?;
        first.get_or_insert(reason);
    }
    Some(first.unwrap_or(UnverifiedReason::NOT_COMMITTED))
}

fn signature_fault(approver: &Mailbox, signer: &CommitSignature) -> Option<UnverifiedReason> {
    let commit: String = signer.commit.chars().take(7).collect();
    let brought = format!("commit {commit}, which added it");
    let why = match signer.verdict {
        'G' if signer_is_approver(&signer.name, approver) => return None,
        'G' => format!("{brought}, is signed by {}, not by the approver", escape(&signer.name)),
        'N' => format!("{brought}, is not signed"),
        'B' => format!("the signature of {brought}, is bad"),
        'U' => format!(
            "{brought}, is signed with a key that is not in {ALLOWED_SIGNERS}: {}",
            escape(&signer.key)
        ),
        'X' | 'Y' | 'R' => {
            format!("the signature of {brought}, or its key, has expired or was revoked")
        }
        _ => format!("git cannot check the signature of {brought}"),
    };
    Some(UnverifiedReason(why.into()))
}

/// Whether a signer's name is that address: the principal itself, which must not be a pattern, or
/// the address in `Name <address>`.
fn signer_is_approver(name: &str, approver: &Mailbox) -> bool {
    let address = name
        .strip_suffix('>')
        .and_then(|name| name.rsplit_once('<'))
        .map_or(name, |(_, address)| address);
    !address.contains('*') && Mailbox::parse(address).as_ref() == Ok(approver)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signer(verdict: char, name: &str) -> CommitSignature {
        CommitSignature {
            commit: "4f2c9e1d".into(),
            verdict,
            name: name.into(),
            key: "SHA256:x".into(),
        }
    }

    #[test]
    fn accepts_only_the_approvers_good_signature() {
        let approver = Mailbox::parse("pentadbir@agensi.example").unwrap();
        let judged = |signers: &[CommitSignature]| reason_unverified(&approver, signers.iter());
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
            let reason = judged(&[signer('G', name)]).expect(name).to_string();
            assert!(reason.ends_with("not by the approver"), "{name}");
        }
        for verdict in "NBUXYRE?".chars() {
            let found = judged(&[signer(verdict, "pentadbir@agensi.example")]);
            assert!(found.is_some(), "{verdict}");
        }
        assert_eq!(judged(&[]), Some(UnverifiedReason::NOT_COMMITTED));
        assert_eq!(judged(&[signer('N', ""), signer('G', "pentadbir@agensi.example")]), None);
    }
}
