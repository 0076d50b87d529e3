//! What is wrong with an approval that is unverified, and what to do about each cause. Pure.

use crate::domain::mailbox_address::Mailbox;
use crate::signature::SignatureFault;

/// What is wrong with an approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnverifiedCause {
    /// It has no signature.
    NotSigned,
    /// Its signature does not count.
    Signature(SignatureFault),
    /// The signature is of this address, not of the approver.
    OtherSigner(String),
    /// The key signed for this approver already.
    SameKey(Mailbox),
}

impl UnverifiedCause {
    /// Whether the approval may have counted once: it is from before the agency asked for signatures, or
    /// only its key is not trusted, or no longer.
    pub fn may_have_counted(&self) -> bool {
        match self {
            Self::NotSigned => true,
            Self::Signature(fault) => fault.is_of_trust(),
            Self::OtherSigner(_) | Self::SameKey(_) => false,
        }
    }

    /// What to do about it while the request is not merged.
    pub fn help(&self) -> &'static str {
        match self {
            Self::NotSigned => "let its approver run `arkib approve`, which signs it",
            Self::OtherSigner(_) | Self::SameKey(_) => {
                "let its approver sign it with a key or certificate of their own: `arkib approve`"
            }
            Self::Signature(fault) => signature_help(fault),
        }
    }
}

fn signature_help(fault: &SignatureFault) -> &'static str {
    use SignatureFault as Fault;
    match fault {
        Fault::TooLong
        | Fault::NotASignature
        | Fault::Damaged
        | Fault::NotDetached
        | Fault::SignerCount(_)
        | Fault::Attributes
        | Fault::NoCertificate => {
            "make the signature again, with `arkib approve` or as in docs/en/APPROVALS.md, and paste it whole"
        }
        Fault::Namespace => {
            "sign with `ssh-keygen -Y sign -n arkib-approval`, or with `arkib approve`"
        }
        Fault::Algorithm | Fault::Key(_) => {
            "sign with a key and algorithm that is accepted; add that key to allowed_signers through a pull request of its own first"
        }
        Fault::UnknownKey(_) => {
            "if it is the approver's key, add it to allowed_signers through a pull request of its own; else sign again with a key that is listed"
        }
        Fault::KeyNamespace(_) => {
            "add arkib-approval to the namespaces of that key's line in allowed_signers, through a pull request of its own; or sign with another key"
        }
        Fault::NotYetValid | Fault::Expired => {
            "sign again with a key or certificate that is valid on the day of the approval"
        }
        Fault::NotTouched => "sign again, and touch the security key when it blinks",
        Fault::OtherStatement => {
            "if the request was changed since, let its approver look at it and run `arkib approve` again"
        }
        Fault::OtherAuthority => {
            "if approvers may use that authority, add its certificate to authorities.pem through a pull request of its own; the certificates between belong into the signature"
        }
        Fault::Certificate | Fault::Usage | Fault::AddressCount(_) => {
            "sign with a certificate for a person's signatures that names one e-mail address, the approver's; or with an SSH key"
        }
        Fault::Revoked => "sign again with a certificate that is not revoked, or with an SSH key",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cause_has_its_own_help() {
        use SignatureFault as Fault;
        for (fault, help) in [
            (
                Fault::UnknownKey("SHA256:x".into()),
                "add it to allowed_signers through a pull request",
            ),
            (Fault::KeyNamespace("SHA256:x".into()), "add arkib-approval to the namespaces"),
            (Fault::Expired, "valid on the day of the approval"),
            (Fault::Namespace, "-n arkib-approval"),
            (Fault::OtherStatement, "if the request was changed"),
            (Fault::Revoked, "not revoked"),
            (Fault::OtherAuthority, "authorities.pem through a pull request"),
            (Fault::Usage, "names one e-mail address"),
            (Fault::NotTouched, "touch the security key"),
            (Fault::Damaged, "paste it whole"),
            (Fault::Algorithm, "algorithm that is accepted"),
        ] {
            let cause = UnverifiedCause::Signature(fault);
            assert!(cause.help().contains(help), "{cause:?}: {}", cause.help());
        }
        let other = UnverifiedCause::OtherSigner("a@agensi.example".into());
        assert!(other.help().contains("of their own"));
        assert!(UnverifiedCause::NotSigned.help().contains("arkib approve"));
    }
}
