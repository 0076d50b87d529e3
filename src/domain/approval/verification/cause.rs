//! What is wrong with an approval that is unverified, and what to do about each cause. Pure.

use crate::domain::mailbox_address::Mailbox;
use crate::language::Message;
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
    pub fn help(&self) -> Message {
        match self {
            Self::NotSigned => message!("signature-none-help"),
            Self::OtherSigner(_) | Self::SameKey(_) => message!("signature-own-help"),
            Self::Signature(fault) => signature_help(fault),
        }
    }
}

fn signature_help(fault: &SignatureFault) -> Message {
    use SignatureFault as Fault;
    match fault {
        Fault::TooLong
        | Fault::NotASignature
        | Fault::Damaged
        | Fault::NotDetached
        | Fault::SignerCount(_)
        | Fault::Attributes
        | Fault::NoCertificate => message!("signature-again-help"),
        Fault::Namespace => message!("signature-namespace-help"),
        Fault::Algorithm | Fault::Key(_) => message!("signature-accepted-key-help"),
        Fault::UnknownKey(_) => message!("signature-unknown-key-help"),
        Fault::KeyNamespace(_) => message!("signature-key-namespace-help"),
        Fault::NotYetValid | Fault::Expired => message!("signature-valid-key-help"),
        Fault::NotTouched => message!("signature-touch-help"),
        Fault::OtherStatement => message!("signature-other-statement-help"),
        Fault::OtherAuthority => message!("signature-other-authority-help"),
        Fault::Certificate | Fault::Usage | Fault::AddressCount(_) => {
            message!("signature-certificate-help")
        }
        Fault::Revoked => message!("signature-revoked-help"),
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
