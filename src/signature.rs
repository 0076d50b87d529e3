//! Verifies the signature of a statement, by SSH or by a certificate (CMS), against the keys that an
//! agency trusts. Every signature is hostile: it is bounded, and read without deep recursion. Pure; knows
//! nothing of requests and approvals.

mod authority;
mod certificate;
mod cms;
mod der;
pub mod pem;
mod revocation;
mod ssh;
#[cfg(test)]
mod tests;

use jiff::Timestamp;

pub use self::authority::{Authority, AuthorityFault};
pub use self::revocation::{RevocationFault, RevocationList};
pub use self::ssh::AllowedSigner;
pub use self::ssh::public_key::{KeyFault, PublicKey};

/// What a signature must be for, so that none made for something else counts.
pub const NAMESPACE: &str = "arkib-approval";

/// The longest signature, in bytes. One with four certificates has about 10,000.
const MAX_SIGNATURE: usize = 64 * 1024;

/// All keys that an agency trusts.
#[derive(Debug, Clone, Default)]
pub struct SignerKeys {
    /// Keys of persons.
    pub ssh: Vec<AllowedSigner>,
    /// Whose certificates count.
    pub authorities: Vec<Authority>,
    /// What these authorities revoked.
    pub revocations: Vec<RevocationList>,
}

/// Who made a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signer {
    /// The address, in lower case.
    pub address: String,
    /// The fingerprint of the key: `SHA256:…`.
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
    #[error("the signature is not for approvals; make it with ssh-keygen -Y sign -n {NAMESPACE}")]
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

/// The SSH key that a signature names; whether it made the signature is not known.
pub fn named_ssh_key(signature: &str) -> Option<PublicKey> {
    let (blocks, _) = pem::read(signature);
    let [block] = &*blocks else { return None };
    if block.label == "SSH SIGNATURE" { ssh::named_key(&block.bytes) } else { None }
}

/// Verifies a signature of a statement; keys and certificates are judged at that moment.
///
/// # Errors
/// Why it does not count.
pub fn verify(
    signature: &str,
    statement: &[u8],
    keys: &SignerKeys,
    at: Timestamp,
) -> Result<Signer, SignatureFault> {
    if signature.len() > MAX_SIGNATURE {
        return Err(SignatureFault::TooLong);
    }
    let (blocks, faults) = pem::read(signature);
    let ([block], []) = (&*blocks, &*faults) else {
        return Err(SignatureFault::NotASignature);
    };
    match block.label {
        "SSH SIGNATURE" => ssh::verify(&block.bytes, statement, &keys.ssh, at),
        // As openssl, older programs and gpgsm call the same.
        "CMS" | "PKCS7" | "SIGNED MESSAGE" => cms::verify(&block.bytes, statement, keys, at),
        _ => Err(SignatureFault::NotASignature),
    }
}
