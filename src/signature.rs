//! Verifies the signature of a statement, by SSH or by a certificate (CMS), against the keys that an
//! agency trusts. Every signature is hostile: it is bounded, and read without deep recursion. Pure; knows
//! nothing of requests and approvals.

mod answer;
mod certificate;
mod cms;
mod der;
mod key_material;
mod keys;
pub mod pem;
mod revocation;
mod ssh;
#[cfg(test)]
mod tests;
mod trusted_authority;

use jiff::Timestamp;

pub use self::answer::{KeyFault, MAX_SIGNATURE, NAMESPACE, SignatureFault, Signer};
pub use self::keys::SignerKeys;
pub use self::revocation::{RevocationList, RevocationListFault};
pub use self::ssh::AllowedSigner;
pub use self::ssh::public_key::PublicKey;
pub use self::trusted_authority::{Authority, AuthorityFault};

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
