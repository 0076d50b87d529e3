//! Public keys of SSH, and what they sign (RFC 4253, 5656, 8332, 8709; OpenSSH's PROTOCOL.u2f for keys on
//! a device).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{SHA256, digest};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_2048_8192_SHA512, RsaPublicKeyComponents, UnparsedPublicKey,
};

use super::super::answer::{KeyFault, SignatureFault};
use super::super::key_material::KeyMaterial;
use super::wire::WireReader;
use crate::text::excerpt;

/// The sizes of RSA keys, in bits.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;
/// The flag that somebody touched the device.
const TOUCHED: u8 = 1;

/// A key that can be verified with, as SSH writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    blob: Vec<u8>,
    identity: String,
}

impl PublicKey {
    /// Reads `TYPE BASE64`, as in a `.pub` file.
    ///
    /// # Errors
    /// Why it is of no use.
    pub fn parse(name: &str, base64: &str) -> Result<Self, KeyFault> {
        let blob = STANDARD.decode(base64).map_err(|_| KeyFault::Damaged)?;
        let parts = KeyParts::read(&blob)?;
        let identity = parts.key.identity();
        if parts.name == name { Ok(Self { blob, identity }) } else { Err(KeyFault::Damaged) }
    }

    /// Reads a key in the form in which a signature names it.
    pub(super) fn from_blob(blob: &[u8]) -> Result<Self, KeyFault> {
        let identity = KeyParts::read(blob)?.key.identity();
        Ok(Self { blob: blob.to_owned(), identity })
    }

    pub(super) fn blob(&self) -> &[u8] {
        &self.blob
    }

    /// What it has in common only with the same key, however that is written.
    pub fn identity(&self) -> &str {
        &self.identity
    }
}

/// `TYPE BASE64`.
impl std::fmt::Display for PublicKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = KeyParts::read(&self.blob).map_or("", |parts| parts.name);
        write!(f, "{name} {}", STANDARD.encode(&self.blob))
    }
}

/// A key, taken apart.
pub(super) struct KeyParts<'a> {
    name: &'a str,
    key: KeyMaterial<'a>,
    /// Of a key on a device: what it is for.
    application: Option<&'a [u8]>,
}

impl<'a> KeyParts<'a> {
    pub fn read(blob: &'a [u8]) -> Result<Self, KeyFault> {
        let mut wire = WireReader::new(blob);
        let damaged = KeyFault::Damaged;
        let name = wire.text().ok_or(KeyFault::Damaged)?;
        let key = match name {
            "ssh-ed25519" | "sk-ssh-ed25519@openssh.com" => {
                let key = wire.string().filter(|key| key.len() == 32).ok_or(damaged)?;
                KeyMaterial::Ed25519(key)
            }
            "ecdsa-sha2-nistp256" | "sk-ecdsa-sha2-nistp256@openssh.com" => {
                KeyMaterial::P256(point(&mut wire, "nistp256", 65).ok_or(damaged)?)
            }
            "ecdsa-sha2-nistp384" => {
                KeyMaterial::P384(point(&mut wire, "nistp384", 97).ok_or(damaged)?)
            }
            "ssh-rsa" => {
                let (e, n) = wire.number().zip(wire.number()).ok_or(damaged)?;
                check_rsa_size(bit_length(n))?;
                KeyMaterial::Rsa(RsaPublicKeyComponents { n, e })
            }
            other => return Err(KeyFault::Type(excerpt(other, 60))),
        };
        let application = if name.starts_with("sk-") {
            Some(wire.string().ok_or(KeyFault::Damaged)?)
        } else {
            None
        };
        wire.end().ok_or(KeyFault::Damaged)?;
        Ok(Self { name, key, application })
    }

    /// Verifies a signature, in the form of SSH, of a message.
    pub fn verify(&self, signature: &[u8], message: &[u8]) -> Result<(), SignatureFault> {
        let mut wire = WireReader::new(signature);
        let (algorithm, value) = wire.text().zip(wire.string()).ok_or(SignatureFault::Damaged)?;
        let mut on_device = Vec::new();
        let mut message = message;
        if let Some(application) = self.application {
            let marks = wire.bytes(5).ok_or(SignatureFault::Damaged)?;
            if marks[0] & TOUCHED == 0 {
                return Err(SignatureFault::NotTouched);
            }
            on_device.extend(digest(&SHA256, application).as_ref());
            on_device.extend(marks);
            on_device.extend(digest(&SHA256, message).as_ref());
            message = &on_device;
        }
        wire.end().ok_or(SignatureFault::Damaged)?;
        let is_own = algorithm == self.name;
        let verified = match &self.key {
            KeyMaterial::Ed25519(key) if is_own => {
                UnparsedPublicKey::new(&ED25519, key).verify(message, value)
            }
            KeyMaterial::P256(key) if is_own => {
                let pair = pair(value, 32).ok_or(SignatureFault::Damaged)?;
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key).verify(message, &pair)
            }
            KeyMaterial::P384(key) if is_own => {
                let pair = pair(value, 48).ok_or(SignatureFault::Damaged)?;
                UnparsedPublicKey::new(&ECDSA_P384_SHA384_FIXED, key).verify(message, &pair)
            }
            KeyMaterial::Rsa(key) if algorithm == "rsa-sha2-256" => {
                key.verify(&RSA_PKCS1_2048_8192_SHA256, message, value)
            }
            KeyMaterial::Rsa(key) if algorithm == "rsa-sha2-512" => {
                key.verify(&RSA_PKCS1_2048_8192_SHA512, message, value)
            }
            _ => return Err(SignatureFault::Algorithm),
        };
        verified.map_err(|_| SignatureFault::OtherStatement)
    }
}

/// How many bits a number has whose first byte is not zero.
pub fn bit_length(digits: &[u8]) -> usize {
    8 * digits.len() - digits.first().map_or(0, |first| first.leading_zeros() as usize)
}

pub fn check_rsa_size(bits: usize) -> Result<(), KeyFault> {
    if RSA_BITS.contains(&bits) { Ok(()) } else { Err(KeyFault::Size(bits)) }
}

/// A point of a curve, which is named once more and not compressed.
fn point<'a>(wire: &mut WireReader<'a>, curve: &str, length: usize) -> Option<&'a [u8]> {
    let (name, point) = wire.text().zip(wire.string())?;
    (name == curve && point.len() == length && point[0] == 4).then_some(point)
}

/// The two numbers of an ECDSA signature, each of that many bytes.
fn pair(value: &[u8], length: usize) -> Option<Vec<u8>> {
    let mut wire = WireReader::new(value);
    let mut pair = Vec::with_capacity(2 * length);
    for _ in 0..2 {
        let digits = wire.number()?;
        pair.resize(pair.len() + length.checked_sub(digits.len())?, 0);
        pair.extend(digits);
    }
    wire.end()?;
    Some(pair)
}
