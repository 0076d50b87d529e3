//! A public key apart from how it is written: SSH, SSH for a device and X.509 each write the same key in
//! another way, and it is one person's in all of them. Knows no format but X.509's.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use ring::digest::{SHA256, digest};
use ring::signature::RsaPublicKeyComponents;
use rustls::pki_types::alg_id;

use super::der::{BIT_STRING, Der, DerError, INTEGER, SEQUENCE};
use super::ssh::wire::put_string;

/// The bare key.
pub(super) enum KeyMaterial<'a> {
    Ed25519(&'a [u8]),
    /// A point, not compressed.
    P256(&'a [u8]),
    /// A point, not compressed.
    P384(&'a [u8]),
    /// Numbers without leading zeros.
    Rsa(RsaPublicKeyComponents<&'a [u8]>),
}

impl<'a> KeyMaterial<'a> {
    /// Of the public key of a certificate; nothing where that is of another kind.
    pub fn of_certificate(public_key: &'a [u8]) -> Result<Option<Self>, DerError> {
        let mut fields = Der::new(public_key);
        let algorithm = fields.take(SEQUENCE)?.value;
        let [0, key @ ..] = fields.take(BIT_STRING)?.value else { return Err(DerError) };
        fields.end()?;
        let is = |known: alg_id::AlgorithmIdentifier| known.as_ref() == algorithm;
        if is(alg_id::RSA_ENCRYPTION) {
            let mut numbers = Der::new(key).only(SEQUENCE)?.inner();
            let (n, e) = (numbers.take(INTEGER)?.value, numbers.take(INTEGER)?.value);
            numbers.end()?;
            let [n, e] = [n, e].map(|number| number.strip_prefix(&[0]).unwrap_or(number));
            return Ok(Some(Self::Rsa(RsaPublicKeyComponents { n, e })));
        }
        Ok(match (key.len(), key.first()) {
            (32, _) if is(alg_id::ED25519) => Some(Self::Ed25519(key)),
            (65, Some(4)) if is(alg_id::ECDSA_P256) => Some(Self::P256(key)),
            (97, Some(4)) if is(alg_id::ECDSA_P384) => Some(Self::P384(key)),
            _ => None,
        })
    }

    /// What two keys have in common only if they are one.
    pub fn identity(&self) -> String {
        let (kind, parts) = match self {
            Self::Ed25519(key) => ("ed25519", [*key, &[]]),
            Self::P256(point) => ("P-256", [*point, &[]]),
            Self::P384(point) => ("P-384", [*point, &[]]),
            Self::Rsa(RsaPublicKeyComponents { n, e }) => ("RSA", [*n, *e]),
        };
        let mut whole = Vec::new();
        for part in [kind.as_bytes(), parts[0], parts[1]] {
            put_string(&mut whole, part);
        }
        fingerprint(&whole)
    }
}

/// As `ssh-keygen -l` shows a key.
pub(super) fn fingerprint(bytes: &[u8]) -> String {
    format!("SHA256:{}", STANDARD_NO_PAD.encode(digest(&SHA256, bytes)))
}
