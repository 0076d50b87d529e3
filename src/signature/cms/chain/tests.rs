//! Authorities that another one revoked, though both are trusted; made here, with rcgen.

use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CertifiedIssuer, DnType,
    IsCa, Issuer, KeyIdMethod, KeyPair, RevocationReason, RevokedCertParams, SerialNumber,
    SigningKey, date_time_ymd,
};

use super::*;
use crate::signature::{Authority, RevocationList};

type Authorities = CertifiedIssuer<'static, KeyPair>;

fn params(name: &str, serial: u64) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.serial_number = Some(SerialNumber::from(serial));
    params.not_before = date_time_ymd(2026, 1, 1);
    params.not_after = date_time_ymd(2028, 1, 1);
    params
}

fn authority(name: &str, serial: u64, above: Option<&Authorities>) -> Authorities {
    let mut params = params(name, serial);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    match above {
        None => CertifiedIssuer::self_signed(params, key).unwrap(),
        Some(above) => CertifiedIssuer::signed_by(params, key, above).unwrap(),
    }
}

/// A list that revokes these serial numbers on 2026-11-05.
fn list(
    issuer: &Issuer<'_, impl SigningKey>,
    revoked: &[(u64, Option<RevocationReason>)],
) -> Vec<u8> {
    let revoked = revoked.iter().map(|(serial, reason_code)| RevokedCertParams {
        serial_number: SerialNumber::from(*serial),
        revocation_time: date_time_ymd(2026, 11, 5),
        reason_code: *reason_code,
        invalidity_date: None,
    });
    let list = CertificateRevocationListParams {
        this_update: date_time_ymd(2026, 11, 20),
        next_update: date_time_ymd(2026, 12, 20),
        crl_number: SerialNumber::from(1),
        issuing_distribution_point: None,
        revoked_certs: revoked.collect(),
        key_identifier_method: KeyIdMethod::Sha256,
    };
    list.signed_by(issuer).unwrap().der().to_vec()
}

#[test]
fn an_authority_that_another_revoked_does_not_count() {
    let root = authority("Root", 1, None);
    let middle = authority("Middle", 5, Some(&root));
    let key = KeyPair::generate().unwrap();
    let person = params("Person", 7).signed_by(&key, &middle).unwrap();
    let own = EndEntityCert::try_from(person.der()).unwrap();
    let certificates = [root.der().clone(), middle.der().clone()];
    let authorities = certificates.each_ref().map(|bytes| Authority::read(bytes).unwrap());
    let check = |lists: &[Vec<u8>], chain: &[CertificateDer<'_>], day: &str| {
        let lists = lists.iter().map(|list| RevocationList::read(list, &authorities).unwrap());
        let keys = SignerKeys {
            authorities: authorities.to_vec(),
            revocations: lists.collect(),
            ..SignerKeys::default()
        };
        check_chain(&own, chain, &keys, format!("{day}T00:00:00Z").parse().unwrap())
    };
    let compromised = Some(RevocationReason::CaCompromise);
    let middles_own = list(&middle, &[]);
    // Another number, or the same of another issuer: a list revokes only what its authority issued, and
    // nobody revokes itself.
    for none in [list(&root, &[(6, compromised)]), list(&root, &[(1, compromised)])] {
        assert_eq!(check(&[none, middles_own.clone()], &[], "2026-11-03"), Ok(()));
    }
    assert_eq!(
        check(&[list(&middle, &[(1, compromised), (5, compromised)])], &[], "2026-11-03"),
        Ok(())
    );
    // With and without the certificates on the way.
    for chain in [&[][..], &certificates[1..], &certificates] {
        let lists = [list(&root, &[(5, compromised)]), middles_own.clone()];
        assert_eq!(check(&lists, chain, "2026-11-03"), Err(SignatureFault::Revoked));
        // What was signed before stays good, where the key was not lost.
        let lists = [middles_own.clone(), list(&root, &[(5, Some(RevocationReason::Superseded))])];
        assert_eq!(check(&lists, chain, "2026-11-04"), Ok(()));
        assert_eq!(check(&lists, chain, "2026-11-05"), Err(SignatureFault::Revoked));
    }
}
