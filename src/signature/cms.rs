//! Detached signatures with a certificate (CMS, RFC 5652): one signer, whose certificate is inside and leads
//! to an authority.

use jiff::Timestamp;
use ring::digest::{SHA256, SHA384, SHA512, digest};
use rustls::pki_types::{CertificateDer, SignatureVerificationAlgorithm, UnixTime, alg_id};
use webpki::{
    EndEntityCert, Error, ExtendedKeyUsageValidator, KeyPurposeId, KeyPurposeIdIter, VerifiedPath,
};

use super::certificate::{Certificate, SIGNS};
use super::der::{BadDer, Der, Element, INTEGER, OCTET_STRING, OID, SEQUENCE, SET, with_lengths};
use super::ssh::public_key::{check_rsa_size, fingerprint};
use super::{SignatureFault, Signer, SignerKeys};

/// Object identifiers, as in DER: of PKCS#7 and PKCS#9.
const DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01];
const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
const CONTENT_TYPE: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x03];
const MESSAGE_DIGEST: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x04];
const NULL: [u8; 2] = [0x05, 0x00];

/// A digest: how DER names it, and the algorithms of signatures that use it.
struct Digest {
    name: [u8; 11],
    compute: &'static ring::digest::Algorithm,
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
struct SignedMessage<'a> {
    certificates: Vec<&'a [u8]>,
    signer: Element<'a>,
    digest: &'static Digest,
    attributes: Element<'a>,
    algorithm: &'a [u8],
    signature: &'a [u8],
}

impl From<BadDer> for SignatureFault {
    fn from(_: BadDer) -> Self {
        Self::Damaged
    }
}

impl<'a> SignedMessage<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, SignatureFault> {
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
    fn attribute(&self, name: &[u8], tag: u8) -> Result<&'a [u8], SignatureFault> {
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
    fn is_signed_by(
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
    fn is_signer(&self, certificate: &Certificate<'_>) -> bool {
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

pub(super) fn verify(
    bytes: &[u8],
    statement: &[u8],
    keys: &SignerKeys,
    at: Timestamp,
) -> Result<Signer, SignatureFault> {
    let bytes = with_lengths(bytes)?;
    let message = SignedMessage::read(&bytes)?;
    let all = message.certificates.iter();
    let signers = all.filter_map(|whole| Some((*whole, Certificate::read(whole).ok()?)));
    let (whole, certificate) = signers
        .into_iter()
        .find(|(_, certificate)| message.is_signer(certificate))
        .ok_or(SignatureFault::NoCertificate)?;
    let whole = CertificateDer::from(whole);
    let own = EndEntityCert::try_from(&whole).map_err(|_| SignatureFault::Certificate)?;
    let chain: Vec<CertificateDer<'_>> =
        message.certificates.iter().map(|whole| CertificateDer::from(*whole)).collect();
    check_chain(&own, &chain, keys, at)?;
    if certificate.key_usage.unwrap_or_default() & SIGNS == 0 {
        return Err(SignatureFault::Usage);
    }
    let mut addresses = certificate.addresses.iter();
    let (Some(address), None) = (addresses.next(), addresses.next()) else {
        return Err(SignatureFault::AddressCount(certificate.addresses.len()));
    };
    if let Some(bits) = certificate.rsa_bits()? {
        check_rsa_size(bits)?;
    }
    // The attributes are signed as a set, whatever they are tagged as.
    let attributes = [&[SET], &message.attributes.whole[1..]].concat();
    if message.attribute(CONTENT_TYPE, OID)? != DATA {
        return Err(SignatureFault::Attributes);
    }
    let is_verified = message.is_signed_by(&own, &attributes)?;
    let expected = digest(message.digest.compute, statement);
    if !is_verified || message.attribute(MESSAGE_DIGEST, OCTET_STRING)? != expected.as_ref() {
        return Err(SignatureFault::OtherStatement);
    }
    let key = own.subject_public_key_info();
    Ok(Signer { address: address.clone(), key: fingerprint(&key) })
}

/// Whether a certificate leads to an authority, and all on the way was valid then and is not revoked.
fn check_chain(
    own: &EndEntityCert<'_>,
    chain: &[CertificateDer<'_>],
    keys: &SignerKeys,
    at: Timestamp,
) -> Result<(), SignatureFault> {
    let second = u64::try_from(at.as_second()).map_err(|_| SignatureFault::NotYetValid)?;
    let moment = UnixTime::since_unix_epoch(std::time::Duration::from_secs(second));
    let valid = keys.authorities.iter().filter(|authority| authority.is_valid(at));
    let anchors: Vec<_> = valid.map(|authority| authority.anchor()).collect();
    let is_revoked = |path: &VerifiedPath<'_>| {
        let anchor = path.anchor();
        let mut issuer = (anchor.subject.to_vec(), anchor.subject_public_key_info.to_vec());
        for certificate in path.intermediate_certificates().rev().chain([&**path.end_entity()]) {
            let issued_by = (&*issuer.0, &*issuer.1);
            let serial = certificate.serial();
            if keys.revocations.iter().any(|list| list.revokes(issued_by, serial, at)) {
                return Err(Error::CertRevoked);
            }
            let key = certificate.subject_public_key_info();
            let key = Der::new(&key).only(SEQUENCE).map_err(|_| Error::BadDer)?;
            issuer = (certificate.subject().to_vec(), key.value.to_vec());
        }
        Ok(())
    };
    own.verify_for_usage(
        webpki::ALL_VERIFICATION_ALGS,
        &anchors,
        chain,
        moment,
        PersonalUsage,
        None,
        Some(&is_revoked),
    )
    .map(|_| ())
    .map_err(|error| match error {
        Error::CertExpired { .. } => SignatureFault::Expired,
        Error::CertNotValidYet { .. } => SignatureFault::NotYetValid,
        Error::CertRevoked => SignatureFault::Revoked,
        Error::UnknownIssuer | Error::InvalidSignatureForPublicKey => {
            SignatureFault::OtherAuthority
        }
        Error::CaUsedAsEndEntity => SignatureFault::Usage,
        Error::UnsupportedSignatureAlgorithmContext(_) => SignatureFault::Algorithm,
        _ => SignatureFault::Certificate,
    })
}

/// What a certificate may be for that says what it is for (RFC 5280 section 4.2.1.12, RFC 9336).
struct PersonalUsage;

impl ExtendedKeyUsageValidator for PersonalUsage {
    fn validate(&self, purposes: KeyPurposeIdIter<'_, '_>) -> Result<(), Error> {
        /// clientAuth, emailProtection, documentSigning; then anyExtendedKeyUsage.
        const ACCEPTED: [KeyPurposeId<'static>; 4] = [
            KeyPurposeId::new(&[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x02]),
            KeyPurposeId::new(&[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x04]),
            KeyPurposeId::new(&[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x24]),
            KeyPurposeId::new(&[0x55, 0x1d, 0x25, 0x00]),
        ];
        let mut is_limited = false;
        for purpose in purposes {
            is_limited = true;
            if ACCEPTED.contains(&purpose?) {
                return Ok(());
            }
        }
        if is_limited { Err(Error::CaUsedAsEndEntity) } else { Ok(()) }
    }
}
