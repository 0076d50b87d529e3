//! The lists of revoked certificates that authorities sign (RFC 5280 section 5).

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use rustls::pki_types::UnixTime;
use webpki::{CertRevocationList, OwnedCertRevocationList, RawPublicKeyEntity, RevocationReason};

use super::certificate::name_text;
use super::der::{BIT_STRING, Der, DerError, INTEGER, SEQUENCE};
use super::key_material::fingerprint;
use super::trusted_authority::Authority;

/// Why a list does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevocationListFault {
    /// It cannot be read, or only together with others.
    Damaged,
    /// No authority signed it.
    NotSigned,
}

/// A list of one authority.
#[derive(Debug, Clone)]
pub struct RevocationList {
    name: String,
    made: Timestamp,
    next_update: Timestamp,
    count: usize,
    fingerprint: String,
    /// The name and the key of the authority that signed it.
    issuer: Vec<u8>,
    public_key: Vec<u8>,
    list: Arc<CertRevocationList<'static>>,
}

impl RevocationList {
    /// Reads a list and verifies its signature.
    ///
    /// # Errors
    /// Why it does not count.
    pub fn read(bytes: &[u8], authorities: &[Authority]) -> Result<Self, RevocationListFault> {
        let list = OwnedCertRevocationList::from_der(bytes);
        let list = list.map_err(|_| RevocationListFault::Damaged)?;
        let signed = SignedList::read(bytes).map_err(|_| RevocationListFault::Damaged)?;
        let is_issuer =
            |authority: &&Authority| authority.may_sign_lists && signed.is_by(authority);
        let issuer = authorities.iter().find(is_issuer).ok_or(RevocationListFault::NotSigned)?;
        Ok(Self {
            name: name_text(signed.issuer),
            made: signed.made,
            next_update: signed.next_update,
            count: signed.count,
            fingerprint: fingerprint(bytes),
            issuer: signed.issuer.to_vec(),
            public_key: issuer.public_key().to_vec(),
            list: Arc::new(list.into()),
        })
    }

    /// The name of its authority.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The moment by which its authority makes the next one.
    pub fn next_update(&self) -> Timestamp {
        self.next_update
    }

    /// Whether it is of the same authority, and the same key of it.
    pub fn has_issuer_of(&self, other: &Self) -> bool {
        self.issuer == other.issuer && self.public_key == other.public_key
    }

    /// Whether it takes back a certificate of that issuer for what was signed at that moment. What was
    /// signed before stays good, but not where somebody else may have the key: then the time of a
    /// signature is not known either.
    pub(super) fn revokes(&self, issuer: (&[u8], &[u8]), serial: &[u8], at: Timestamp) -> bool {
        issuer == (&*self.issuer, &*self.public_key) && self.has(serial, at)
    }

    /// The same for an authority, whose certificate is trusted without a look at who issued it: any key of
    /// that name counts, but its own; an authority cannot take itself back.
    pub(super) fn revokes_authority(&self, authority: &Authority, at: Timestamp) -> bool {
        self.issuer == authority.issuer
            && self.public_key != authority.public_key()
            && self.has(&authority.serial, at)
    }

    /// Whether it takes back that number.
    fn has(&self, serial: &[u8], at: Timestamp) -> bool {
        let Ok(Some(entry)) = self.list.find_serial(serial) else { return false };
        let is_compromised = matches!(
            entry.reason_code,
            Some(
                RevocationReason::KeyCompromise
                    | RevocationReason::CaCompromise
                    | RevocationReason::AaCompromise
            )
        );
        let is_before = |moment: UnixTime| {
            i64::try_from(moment.as_secs()).is_ok_and(|second| second <= at.as_second())
        };
        is_compromised
            || is_before(entry.revocation_date)
            || entry.invalidity_date.is_some_and(is_before)
    }
}

/// Whose it is, of when, how many certificates it names, and its fingerprint.
impl fmt::Display for RevocationList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, made, count, fingerprint, .. } = self;
        write!(f, "{name} of {made}, {count} revoked, {fingerprint}")
    }
}

/// What webpki keeps to itself.
struct SignedList<'a> {
    issuer: &'a [u8],
    made: Timestamp,
    next_update: Timestamp,
    count: usize,
    message: &'a [u8],
    algorithm: &'a [u8],
    signature: &'a [u8],
}

impl<'a> SignedList<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, DerError> {
        let mut outer = Der::new(bytes).only(SEQUENCE)?.inner();
        let message = outer.take(SEQUENCE)?;
        let algorithm = outer.take(SEQUENCE)?.value;
        let [0, signature @ ..] = outer.take(BIT_STRING)?.value else { return Err(DerError) };
        outer.end()?;
        let mut inner = message.inner();
        inner.take(INTEGER)?;
        inner.take(SEQUENCE)?;
        let issuer = inner.take(SEQUENCE)?.value;
        let (made, next_update) = (inner.time()?, inner.time()?);
        let revoked = inner.optional(SEQUENCE)?;
        let revoked = revoked.map_or(Ok(Vec::new()), |revoked| revoked.inner().all(SEQUENCE))?;
        let message = message.whole;
        let count = revoked.len();
        Ok(Self { issuer, made, next_update, count, message, algorithm, signature })
    }

    fn is_by(&self, authority: &Authority) -> bool {
        let key = webpki::spki_for_anchor(&authority.anchor());
        let algorithms = webpki::ALL_VERIFICATION_ALGS.iter();
        let mut algorithms =
            algorithms.filter(|known| known.signature_alg_id().as_ref() == self.algorithm);
        authority.subject() == self.issuer
            && RawPublicKeyEntity::try_from(&key).is_ok_and(|key| {
                algorithms.any(|algorithm| {
                    key.verify_signature(*algorithm, self.message, self.signature).is_ok()
                })
            })
    }
}
