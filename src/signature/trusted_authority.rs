//! The authorities whose certificates count.

use std::fmt;

use jiff::Timestamp;
use rustls::pki_types::{CertificateDer, TrustAnchor, alg_id};

use super::certificate::{Certificate, SIGNS_CERTIFICATES, SIGNS_LISTS, name_text};
use super::der::{Der, SEQUENCE};
use super::key_material::fingerprint;

/// Why a certificate is not that of an authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuthorityFault {
    /// It cannot be read.
    Damaged,
    /// It is somebody's own.
    NotAnAuthority,
    /// Its key cannot be verified with.
    Key,
}

/// An authority that an agency trusts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authority {
    name: String,
    /// The content of the name of who issued its certificate, and the number that they gave it.
    pub(super) issuer: Vec<u8>,
    pub(super) serial: Vec<u8>,
    fingerprint: String,
    anchor: TrustAnchor<'static>,
    valid_from: Timestamp,
    valid_until: Timestamp,
    pub(super) may_sign_lists: bool,
}

impl Authority {
    /// Reads its certificate.
    ///
    /// # Errors
    /// Why it is none.
    pub fn read(bytes: &[u8]) -> Result<Self, AuthorityFault> {
        let certificate = Certificate::read(bytes).map_err(|_| AuthorityFault::Damaged)?;
        let usage = certificate.key_usage.unwrap_or(SIGNS_CERTIFICATES | SIGNS_LISTS);
        if !certificate.is_authority || usage & SIGNS_CERTIFICATES == 0 {
            return Err(AuthorityFault::NotAnAuthority);
        }
        let key = Der::new(certificate.public_key).take(SEQUENCE);
        let key = key.map_err(|_| AuthorityFault::Damaged)?.value;
        let known =
            [alg_id::RSA_ENCRYPTION, alg_id::ECDSA_P256, alg_id::ECDSA_P384, alg_id::ED25519];
        if !known.iter().any(|known| known.as_ref() == key) {
            return Err(AuthorityFault::Key);
        }
        let whole = CertificateDer::from(bytes);
        let anchor = webpki::anchor_from_trusted_cert(&whole);
        Ok(Self {
            name: name_text(certificate.subject),
            issuer: certificate.issuer.to_vec(),
            serial: certificate.serial.to_vec(),
            fingerprint: fingerprint(bytes),
            anchor: anchor.map_err(|_| AuthorityFault::Damaged)?.to_owned(),
            valid_from: certificate.valid_from,
            valid_until: certificate.valid_until,
            may_sign_lists: usage & SIGNS_LISTS != 0,
        })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The last moment at which its certificate is valid.
    pub fn valid_until(&self) -> Timestamp {
        self.valid_until
    }

    /// As webpki takes it, without a copy.
    pub(super) fn anchor(&self) -> TrustAnchor<'_> {
        let TrustAnchor { subject, subject_public_key_info, name_constraints } = &self.anchor;
        TrustAnchor {
            subject: subject.as_ref().into(),
            subject_public_key_info: subject_public_key_info.as_ref().into(),
            name_constraints: name_constraints.as_ref().map(|limits| limits.as_ref().into()),
        }
    }

    /// The content of its name.
    pub(super) fn subject(&self) -> &[u8] {
        self.anchor.subject.as_ref()
    }

    /// The content of its public key.
    pub(super) fn public_key(&self) -> &[u8] {
        self.anchor.subject_public_key_info.as_ref()
    }

    pub(super) fn is_valid(&self, at: Timestamp) -> bool {
        (self.valid_from..=self.valid_until).contains(&at)
    }
}

/// Its name, and the fingerprint of its certificate.
impl fmt::Display for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.fingerprint)
    }
}
