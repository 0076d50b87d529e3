//! Whether a certificate leads to an authority (RFC 5280 section 6), which webpki decides; what was revoked
//! when, and what a person's certificate may be for, is decided here.

#[cfg(test)]
mod tests;

use jiff::Timestamp;
use rustls::pki_types::{CertificateDer, UnixTime};
use webpki::{
    EndEntityCert, Error, ExtendedKeyUsageValidator, KeyPurposeId, KeyPurposeIdIter, VerifiedPath,
};

use super::super::answer::SignatureFault;
use super::super::der::{Der, SEQUENCE};
use super::super::keys::SignerKeys;

/// Whether a certificate leads to an authority, and all on the way was valid then and is not revoked.
pub fn check_chain(
    own: &EndEntityCert<'_>,
    chain: &[CertificateDer<'_>],
    keys: &SignerKeys,
    at: Timestamp,
) -> Result<(), SignatureFault> {
    let second = u64::try_from(at.as_second()).map_err(|_| SignatureFault::NotYetValid)?;
    let moment = UnixTime::since_unix_epoch(std::time::Duration::from_secs(second));
    let valid = keys.authorities.iter().filter(|authority| authority.is_valid(at));
    let valid: Vec<_> = valid.map(|authority| (authority.anchor(), authority)).collect();
    let anchors: Vec<_> = valid.iter().map(|(anchor, _)| anchor.clone()).collect();
    let is_revoked = |path: &VerifiedPath<'_>| {
        let anchor = path.anchor();
        // An authority may have several certificates, of which one is enough.
        if !valid.iter().any(|(known, authority)| {
            known == anchor
                && !keys.revocations.iter().any(|list| list.revokes_authority(authority, at))
        }) {
            return Err(Error::CertRevoked);
        }
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
