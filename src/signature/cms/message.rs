//! The parts of a signed message (RFC 5652 section 5), and the algorithms that are accepted in it.

use ring::digest::{SHA256, SHA384, SHA512};
use rustls::pki_types::{SignatureVerificationAlgorithm, alg_id};
use webpki::{EndEntityCert, Error};

use super::super::answer::SignatureFault;
use super::super::certificate::Certificate;
use super::super::der::{Der, DerError, Element, INTEGER, OCTET_STRING, OID, SEQUENCE, SET};

/// Object identifiers, as in DER: of PKCS#7 and PKCS#9.
pub const DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01];
const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
pub const CONTENT_TYPE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x03];
pub const MESSAGE_DIGEST: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x04];
const NULL: [u8; 2] = [0x05, 0x00];

/// A digest: how DER names it, and the algorithms of signatures that use it.
pub struct Digest {
    name: [u8; 11],
    pub compute: &'static ring::digest::Algorithm,
    rsa: &'static dyn SignatureVerificationAlgorithm,
    others: &'static [&'static dyn SignatureVerificationAlgorithm],
}

const fn sha2(last: u8) -> [u8; 11] {
    [OID, 9, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, last]
}

static DIGESTS: [Digest; 3] = [
    Digest {
        name: sha2(1),
        compute: &SHA256,
        rsa: webpki::ring::RSA_PKCS1_2048_8192_SHA256,
        others: &[
            webpki::ring::RSA_PSS_2048_8192_SHA256_LEGACY_KEY,
            webpki::ring::ECDSA_P256_SHA256,
            webpki::ring::ECDSA_P384_SHA256,
        ],
    },
    Digest {
        name: sha2(2),
        compute: &SHA384,
        rsa: webpki::ring::RSA_PKCS1_2048_8192_SHA384,
        others: &[
            webpki::ring::RSA_PSS_2048_8192_SHA384_LEGACY_KEY,
            webpki::ring::ECDSA_P256_SHA384,
            webpki::ring::ECDSA_P384_SHA384,
        ],
    },
    Digest {
        name: sha2(3),
        compute: &SHA512,
        rsa: webpki::ring::RSA_PKCS1_2048_8192_SHA512,
        others: &[webpki::ring::RSA_PSS_2048_8192_SHA512_LEGACY_KEY],
    },
];

impl Digest {
    /// The digest of an algorithm identifier, whose parameters are absent or null.
    fn find(identifier: &[u8]) -> Option<&'static Self> {
        DIGESTS.iter().find(|known| {
            let rest = identifier.strip_prefix(&known.name);
            rest.is_some_and(|rest| rest.is_empty() || rest == NULL)
        })
    }

    /// The algorithms that an identifier of a signature stands for.
    fn algorithms(&self, identifier: &[u8]) -> Vec<&'static dyn SignatureVerificationAlgorithm> {
        let is_rsa = identifier == alg_id::RSA_ENCRYPTION.as_ref()
            || identifier == self.rsa.signature_alg_id().as_ref();
        let others = self.others.iter().copied();
        let others = others.filter(|known| known.signature_alg_id().as_ref() == identifier);
        is_rsa.then_some(self.rsa).into_iter().chain(others).collect()
    }
}

/// The parts of a message that count.
pub struct SignedMessage<'a> {
    pub certificates: Vec<&'a [u8]>,
    signer: Element<'a>,
    pub digest: &'static Digest,
    pub attributes: Element<'a>,
    algorithm: &'a [u8],
    signature: &'a [u8],
}

impl From<DerError> for SignatureFault {
    fn from(_: DerError) -> Self {
        Self::Damaged
    }
}

impl<'a> SignedMessage<'a> {
    pub fn read(bytes: &'a [u8]) -> Result<Self, SignatureFault> {
        let mut content = Der::new(bytes).only(SEQUENCE)?.inner();
        if content.take(OID)?.value != SIGNED_DATA {
            return Err(SignatureFault::NotASignature);
        }
        let wrapped = content.take(0xa0)?;
        content.end()?;
        let mut data = wrapped.inner().only(SEQUENCE)?.inner();
        let version = data.take(INTEGER)?.value;
        let digests = data.take(SET)?.inner().all(SEQUENCE)?;
        let mut inside = data.take(SEQUENCE)?.inner();
        if inside.take(OID)?.value != DATA || !inside.is_empty() {
            return Err(SignatureFault::NotDetached);
        }
        let certificates = data.optional(0xa0)?;
        data.optional(0xa1)?;
        let signers = data.take(SET)?.inner().all(SEQUENCE)?;
        data.end()?;
        let [signer] = &*signers else { return Err(SignatureFault::SignerCount(signers.len())) };
        let mut fields = signer.inner();
        let own_version = fields.take(INTEGER)?.value;
        let signer = fields.any()?;
        let digest = fields.take(SEQUENCE)?.value;
        let attributes = fields.optional(0xa0)?.ok_or(SignatureFault::Attributes)?;
        let algorithm = fields.take(SEQUENCE)?.value;
        let signature = fields.take(OCTET_STRING)?.value;
        fields.optional(0xa1)?;
        fields.end()?;
        // A signer who is named by a key is of version 3; that makes the whole version 3, too.
        let expected: &[u8] = if signer.tag == SEQUENCE { &[1] } else { &[3] };
        if version != expected || own_version != expected {
            return Err(SignatureFault::Damaged);
        }
        let digest = Digest::find(digest).ok_or(SignatureFault::Algorithm)?;
        if !digests.iter().any(|listed| {
            Digest::find(listed.value).is_some_and(|listed| listed.name == digest.name)
        }) {
            return Err(SignatureFault::Damaged);
        }
        let mut certificates = certificates.map_or(Der::new(&[]), Element::inner);
        let mut each = Vec::new();
        while !certificates.is_empty() {
            each.push(certificates.any()?.whole);
        }
        Ok(Self { certificates: each, signer, digest, attributes, algorithm, signature })
    }

    /// The value of a signed attribute, which is there once and has one.
    pub fn attribute(&self, name: &[u8], tag: u8) -> Result<&'a [u8], SignatureFault> {
        let mut found = None;
        for attribute in self.attributes.inner().all(SEQUENCE)? {
            let mut fields = attribute.inner();
            let is_named = fields.take(OID)?.value == name;
            let values = fields.take(SET)?.inner();
            fields.end()?;
            if is_named {
                let value = values.only(tag).map_err(|_| SignatureFault::Attributes)?.value;
                if found.replace(value).is_some() {
                    return Err(SignatureFault::Attributes);
                }
            }
        }
        found.ok_or(SignatureFault::Attributes)
    }

    /// Whether that certificate's key signed the attributes.
    pub fn is_signed_by(
        &self,
        certificate: &EndEntityCert<'_>,
        attributes: &[u8],
    ) -> Result<bool, SignatureFault> {
        let mut answers = self.digest.algorithms(self.algorithm).into_iter().filter_map(|known| {
            match certificate.verify_signature(known, attributes, self.signature) {
                Ok(()) => Some(true),
                // The algorithm of another kind of key, such as another curve.
                Err(Error::UnsupportedSignatureAlgorithmForPublicKeyContext(_)) => None,
                Err(_) => Some(false),
            }
        });
        answers.next().ok_or(SignatureFault::Algorithm)
    }

    /// Whether the signer names that certificate: by its issuer and number, or by its key.
    pub fn is_signer(&self, certificate: &Certificate<'_>) -> bool {
        let mut named = self.signer.inner();
        match self.signer.tag {
            SEQUENCE => {
                named.take(SEQUENCE).is_ok_and(|issuer| issuer.value == certificate.issuer)
                    && named.only(INTEGER).is_ok_and(|serial| serial.value == certificate.serial)
            }
            _ => self.signer.tag == 0x80 && certificate.key_id == Some(self.signer.value),
        }
    }
}
