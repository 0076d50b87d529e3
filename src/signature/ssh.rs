//! Signatures of `ssh-keygen -Y sign` (OpenSSH's PROTOCOL.sshsig), held against the keys that an agency
//! trusts.

pub(super) mod public_key;
pub(super) mod wire;

use std::fmt;

use jiff::Timestamp;
use ring::digest::{SHA256, SHA512, digest};

use self::public_key::{KeyParts, PublicKey};
use self::wire::{WireReader, put_string};
use super::answer::{NAMESPACE, SignatureFault, Signer};
use super::key_material::fingerprint;

const MAGIC: &[u8] = b"SSHSIG";

/// A key that an agency trusts, and whose it is (ssh-keygen(1), ALLOWED SIGNERS).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedSigner {
    /// Whose key it is, in lower case.
    pub address: String,
    /// The key.
    pub key: PublicKey,
    /// What it may sign; nothing stands for everything.
    pub namespaces: Vec<String>,
    /// The first moment at which it counts.
    pub valid_after: Option<Timestamp>,
    /// The last moment at which it counts.
    pub valid_before: Option<Timestamp>,
}

impl AllowedSigner {
    /// Whether it may sign approvals, apart from when.
    pub fn may_sign_approvals(&self) -> bool {
        self.namespaces.is_empty() || self.namespaces.iter().any(|name| name == NAMESPACE)
    }
}

/// The line of `allowed_signers`, in one form.
impl fmt::Display for AllowedSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = |moment: &Timestamp| moment.strftime("%Y%m%d%H%M%SZ").to_string();
        let options = [
            ("namespaces", (!self.namespaces.is_empty()).then(|| self.namespaces.join(","))),
            ("valid-after", self.valid_after.as_ref().map(time)),
            ("valid-before", self.valid_before.as_ref().map(time)),
        ];
        let options = options.into_iter().filter_map(|(name, value)| Some((name, value?)));
        let options: Vec<String> =
            options.map(|(name, value)| format!("{name}=\"{value}\"")).collect();
        write!(f, "{} ", self.address)?;
        if !options.is_empty() {
            write!(f, "{} ", options.join(","))?;
        }
        self.key.fmt(f)
    }
}

/// The fields of a signature.
struct SshSignature<'a> {
    key: &'a [u8],
    namespace: &'a [u8],
    hash: &'a [u8],
    signature: &'a [u8],
}

impl<'a> SshSignature<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut wire = WireReader::new(bytes);
        let is_known = wire.bytes(MAGIC.len())? == MAGIC && wire.u32()? == 1;
        let (key, namespace) = (wire.string()?, wire.string()?);
        let is_known = is_known && wire.string()?.is_empty();
        let read = Self { key, namespace, hash: wire.string()?, signature: wire.string()? };
        wire.end()?;
        is_known.then_some(read)
    }

    /// What is signed in place of the statement.
    fn message(&self, statement: &[u8]) -> Option<Vec<u8>> {
        let algorithm = match self.hash {
            b"sha256" => &SHA256,
            b"sha512" => &SHA512,
            _ => return None,
        };
        let mut message = MAGIC.to_vec();
        for part in [self.namespace, &[], self.hash, digest(algorithm, statement).as_ref()] {
            put_string(&mut message, part);
        }
        Some(message)
    }
}

/// The key that a signature names; whether it made the signature is not known.
pub(super) fn named_key(bytes: &[u8]) -> Option<PublicKey> {
    PublicKey::from_blob(SshSignature::read(bytes)?.key).ok()
}

pub(super) fn verify(
    bytes: &[u8],
    statement: &[u8],
    trusted: &[AllowedSigner],
    at: Timestamp,
) -> Result<Signer, SignatureFault> {
    let signed = SshSignature::read(bytes).ok_or(SignatureFault::Damaged)?;
    if signed.namespace != NAMESPACE.as_bytes() {
        return Err(SignatureFault::Namespace);
    }
    let key = KeyParts::read(signed.key)?;
    let message = signed.message(statement).ok_or(SignatureFault::Algorithm)?;
    let shown = fingerprint(signed.key);
    let Some(signer) = trusted.iter().find(|signer| signer.key.blob() == signed.key) else {
        return Err(SignatureFault::UnknownKey(shown));
    };
    if !signer.may_sign_approvals() {
        return Err(SignatureFault::KeyNamespace(shown));
    }
    if signer.valid_after.is_some_and(|from| at < from) {
        return Err(SignatureFault::NotYetValid);
    }
    if signer.valid_before.is_some_and(|until| at > until) {
        return Err(SignatureFault::Expired);
    }
    key.verify(signed.signature, &message)?;
    Ok(Signer { address: signer.address.clone(), key: signer.key.identity().to_owned() })
}
