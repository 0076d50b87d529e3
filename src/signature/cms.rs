//! Detached signatures with a certificate (CMS, RFC 5652): one signer, whose certificate is inside and leads
//! to an authority.

mod chain;
mod message;

use jiff::Timestamp;
use ring::digest::digest;
use rustls::pki_types::CertificateDer;
use webpki::EndEntityCert;

use self::chain::check_chain;
use self::message::{CONTENT_TYPE, DATA, MESSAGE_DIGEST, SignedMessage};
use super::answer::{SignatureFault, Signer};
use super::certificate::{Certificate, SIGNS};
use super::der::{OCTET_STRING, OID, SET, to_definite_lengths};
use super::key_material::KeyMaterial;
use super::keys::SignerKeys;
use super::ssh::public_key::{bit_length, check_rsa_size};

pub(super) fn verify(
    bytes: &[u8],
    statement: &[u8],
    keys: &SignerKeys,
    at: Timestamp,
) -> Result<Signer, SignatureFault> {
    let bytes = to_definite_lengths(bytes)?;
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
    let key = KeyMaterial::of_certificate(certificate.public_key)?;
    let key = key.ok_or(SignatureFault::Algorithm)?;
    if let KeyMaterial::Rsa(numbers) = &key {
        check_rsa_size(bit_length(numbers.n))?;
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
    Ok(Signer { address: address.clone(), key: key.identity() })
}
