//! What comes of a verification: who signed, or why the signature does not count.

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
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureFault {
    /// Longer than any signature.
    #[error("the signature is longer than {MAX_SIGNATURE} bytes")]
    TooLong,
    /// No PEM, more than one block, or a block of something else.
    #[error(
        "it is not one block that begins with -----BEGIN SSH SIGNATURE----- or -----BEGIN CMS-----"
    )]
    NotASignature,
    /// The content of the block is not what it says.
    #[error("the signature is damaged or cut off")]
    Damaged,
    /// Made for something else.
    #[error("the signature was made for something else; its namespace is not {NAMESPACE}")]
    Namespace,
    /// An algorithm that is weak, or that is not known.
    #[error(
        "its algorithm is not accepted; use RSA or ECDSA (P-256, P-384) with SHA-256 or SHA-384, RSA-PSS with a salt as long as the digest"
    )]
    Algorithm,
    /// A key that cannot be verified with.
    #[error(transparent)]
    Key(#[from] KeyFault),
    /// Nobody's key.
    #[error("the key {0} is not in allowed_signers")]
    UnknownKey(String),
    /// A key for other things only.
    #[error(
        "the key {0} may not sign approvals; its namespaces in allowed_signers lack {NAMESPACE}"
    )]
    KeyNamespace(String),
    /// The key or certificate was not valid yet.
    #[error("its key or certificate was not valid yet on that day")]
    NotYetValid,
    /// The key or certificate was no longer valid.
    #[error("its key or certificate was no longer valid on that day")]
    Expired,
    /// A security key signed by itself.
    #[error("nobody touched the security key when it signed")]
    NotTouched,
    /// The signature is good for other bytes, or for none.
    #[error(
        "it does not sign this statement: the request was changed, or it is the signature of another"
    )]
    OtherStatement,
    /// The signed text is inside.
    #[error("the signature contains a text of its own; make a detached one")]
    NotDetached,
    /// No signer, or several.
    #[error("it has {0} signers, expected one")]
    SignerCount(usize),
    /// Signed attributes are absent, twice there or wrong.
    #[error("its signed attributes lack the digest of the statement or its type")]
    Attributes,
    /// The signer's certificate is not in it.
    #[error("it does not contain the certificate of its signer")]
    NoCertificate,
    /// Certified by somebody else.
    #[error("its certificate is not of an authority in authorities.pem")]
    OtherAuthority,
    /// A certificate that cannot be used.
    #[error("its certificate, or one above it, breaks a rule or is not supported")]
    Certificate,
    /// A certificate for other things.
    #[error("its certificate is not for signatures of a person")]
    Usage,
    /// No address or several, so that it is not known whose it is.
    #[error("its certificate names {0} e-mail addresses, expected one")]
    AddressCount(usize),
    /// On a list of the authority.
    #[error("its certificate, or one above it, is revoked")]
    Revoked,
}

impl SignatureFault {
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
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    /// Not base64, or not a key of the type that it says.
    #[error("the key is damaged or cut off")]
    Damaged,
    /// Of a type that cannot be verified.
    #[error(
        "keys of type {0} are not supported, only ed25519, ecdsa (nistp256, nistp384) and rsa, also on a security key"
    )]
    Type(String),
    /// RSA with too few or too many bits.
    #[error("the RSA key has {0} bits; 2048 to 8192 are accepted")]
    Size(usize),
}
