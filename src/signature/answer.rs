//! What comes of a verification: who signed, or why the signature does not count.

use crate::language::Message;

/// What a signature must be for, so that none made for something else counts.
pub const NAMESPACE: &str = "arkib-approval";

/// The longest signature, in bytes. One with four certificates has about 10,000.
pub const MAX_SIGNATURE: usize = 64 * 1024;

/// Who made a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signer {
    /// The address, in lower case.
    pub address: String,
    /// The digest of the bare key, whatever form it was written in: `SHA256:…`. Not the fingerprint that
    /// other programs show.
    pub key: String,
}

/// Why a signature does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignatureFault {
    /// Longer than any signature.
    TooLong,
    /// No PEM, more than one block, or a block of something else.
    NotASignature,
    /// The content of the block is not what it says.
    Damaged,
    /// Made for something else.
    Namespace,
    /// An algorithm that is weak, or that is not known.
    Algorithm,
    /// A key that cannot be verified with.
    Key(KeyFault),
    /// Nobody's key.
    UnknownKey(String),
    /// A key for other things only.
    KeyNamespace(String),
    /// The key or certificate was not valid yet.
    NotYetValid,
    /// The key or certificate was no longer valid.
    Expired,
    /// A security key signed by itself.
    NotTouched,
    /// The signature is good for other bytes, or for none.
    OtherStatement,
    /// The signed text is inside.
    NotDetached,
    /// No signer, or several.
    SignerCount(usize),
    /// Signed attributes are absent, twice there or wrong.
    Attributes,
    /// The signer's certificate is not in it.
    NoCertificate,
    /// Certified by somebody else.
    OtherAuthority,
    /// A certificate that cannot be used.
    Certificate,
    /// A certificate for other things.
    Usage,
    /// No address or several, so that it is not known whose it is.
    AddressCount(usize),
    /// On a list of the authority.
    Revoked,
}

impl SignatureFault {
    /// What is wrong, as a clause.
    pub fn message(&self) -> Message {
        match self {
            Self::TooLong => message!("signature-too-long", most = MAX_SIGNATURE),
            Self::NotASignature => message!("signature-no-signature"),
            Self::Damaged => message!("signature-damaged"),
            Self::Namespace => message!("signature-namespace", namespace = NAMESPACE),
            Self::Algorithm => message!("signature-algorithm"),
            Self::Key(fault) => fault.message(),
            Self::UnknownKey(key) => message!("signature-unknown-key", key),
            Self::KeyNamespace(key) => {
                message!("signature-key-namespace", key, namespace = NAMESPACE)
            }
            Self::NotYetValid => message!("signature-not-yet-valid"),
            Self::Expired => message!("signature-expired"),
            Self::NotTouched => message!("signature-not-touched"),
            Self::OtherStatement => message!("signature-other-statement"),
            Self::NotDetached => message!("signature-not-detached"),
            Self::SignerCount(count) => message!("signature-signer-count", count = *count),
            Self::Attributes => message!("signature-attributes"),
            Self::NoCertificate => message!("signature-no-certificate"),
            Self::OtherAuthority => message!("signature-other-authority"),
            Self::Certificate => message!("signature-certificate"),
            Self::Usage => message!("signature-usage"),
            Self::AddressCount(count) => message!("signature-address-count", count = *count),
            Self::Revoked => message!("signature-revoked"),
        }
    }

    /// Whether only the key is not trusted, or no longer; the signature itself may be good.
    pub fn is_of_trust(&self) -> bool {
        matches!(
            self,
            Self::UnknownKey(_)
                | Self::KeyNamespace(_)
                | Self::NotYetValid
                | Self::Expired
                | Self::OtherAuthority
                | Self::Revoked
        )
    }
}

/// Why a key is of no use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyFault {
    /// Not base64, or not a key of the type that it says.
    Damaged,
    /// Of a type that cannot be verified.
    Type(String),
    /// RSA with too few or too many bits.
    Size(usize),
}

impl KeyFault {
    /// What is wrong, as a clause.
    pub fn message(&self) -> Message {
        match self {
            Self::Damaged => message!("signature-key-damaged"),
            Self::Type(name) => message!("signature-key-type", name),
            Self::Size(bits) => message!("signature-key-size", bits = *bits),
        }
    }
}

impl From<KeyFault> for SignatureFault {
    fn from(fault: KeyFault) -> Self {
        Self::Key(fault)
    }
}
