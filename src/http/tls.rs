//! The authorities that arkib trusts, and the client certificate that arkib shows (mutual TLS). Both are
//! files that the environment names, so that no pull request has a say in them, and nothing here switches
//! verification off. May not know HTTP.

use std::fmt;

use reqwest::{Certificate, Identity};
use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::{self, PemObject as _, SectionKind};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use rustls::{Error, InconsistentKeys, RootCertStore};

use crate::environment::{EnvError, ReadFile, Variable, read_file_of_variable, unusable};

/// The variables that name the files for one server.
#[derive(Debug)]
pub struct TlsVariables {
    /// A PEM file of the authorities to trust, in place of the system's.
    pub ca: &'static str,
    /// A PEM file with the certificate that arkib shows, and those between it and its authority.
    pub cert: &'static str,
    /// A PEM file with that certificate's private key, where it is a file of its own.
    pub key: &'static str,
}

/// How a server and arkib know each other. The default: the system's authorities for the server, and no
/// certificate for arkib.
#[derive(Clone, Default)]
pub struct Tls {
    /// In place of the system's: an agency with its own authority means that one, and a
    /// certificate that some other authority gave out for the same name is another server's.
    authorities: Option<Vec<Certificate>>,
    /// Certificate and key, of which nothing is shown.
    identity: Option<Identity>,
}

impl Tls {
    /// Reads the files that the environment names.
    ///
    /// # Errors
    /// Names the variable whose file cannot be used.
    pub fn from_environment(
        names: &TlsVariables,
        variable: Variable<'_>,
        read_file: ReadFile<'_>,
    ) -> Result<Self, EnvError> {
        let bytes = |name: &str| match variable(name) {
            None => Ok(None),
            Some(file) => read_file_of_variable(name, &file, read_file).map(Some),
        };
        let TlsVariables { ca, cert, key } = *names;
        let authorities = bytes(ca)?.map(|pem| read_authorities(ca, &pem)).transpose()?;
        let identity = match (bytes(cert)?, bytes(key)?) {
            (None, None) => None,
            (Some(certificate), key) => Some(read_identity(names, &certificate, key.as_deref())?),
            (None, Some(_)) => {
                return Err(unusable!("setting-key-alone", key, cert; cert));
            }
        };
        Ok(Self { authorities, identity })
    }

    /// Whether nothing is set up.
    pub fn is_default(&self) -> bool {
        self.authorities.is_none() && self.identity.is_none()
    }

    /// Gives the HTTP client what is set up here. Older versions of TLS than 1.2 are not spoken.
    pub(super) fn configure_client(
        &self,
        mut client: reqwest::ClientBuilder,
    ) -> reqwest::ClientBuilder {
        client = client.tls_version_min(reqwest::tls::Version::TLS_1_2);
        if let Some(authorities) = &self.authorities {
            client = client.tls_certs_only(authorities.iter().cloned());
        }
        if let Some(identity) = &self.identity {
            client = client.identity(identity.clone());
        }
        client
    }
}

/// Shows what is set up, none of it itself.
impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls")
            .field("authorities", &self.authorities.as_ref().map(Vec::len))
            .field("identity", &self.identity.is_some())
            .finish()
    }
}

fn read_authorities(variable: &str, pem: &[u8]) -> Result<Vec<Certificate>, EnvError> {
    let (certificates, _) = read_pem_sections(variable, pem)?;
    if certificates.is_empty() {
        return Err(no_certificate_error(variable));
    }
    let mut store = RootCertStore::empty();
    let read = certificates.iter().enumerate().map(|(index, certificate)| {
        let added = store.add(certificate.clone());
        added.map_err(|error| bad_certificate_error(variable, index, &error))?;
        Certificate::from_der(certificate)
            .map_err(|error| bad_certificate_error(variable, index, &error))
    });
    read.collect()
}

/// The certificate and its key, from one file or from two.
fn read_identity(
    names: &TlsVariables,
    certificate: &[u8],
    key: Option<&[u8]>,
) -> Result<Identity, EnvError> {
    let TlsVariables { cert: cert_file, key: key_file, .. } = *names;
    let (certificates, mut keys) = read_pem_sections(cert_file, certificate)?;
    if certificates.is_empty() {
        return Err(no_certificate_error(cert_file));
    }
    let place = if key.is_some() { key_file } else { cert_file };
    let mut both = certificate.to_vec();
    // A file with both is common, and then its name is in both variables.
    if let Some(key) = key.filter(|key| *key != certificate) {
        keys.extend(read_pem_sections(key_file, key)?.1);
        both.push(b'\n');
        both.extend_from_slice(key);
    }
    let key_of = match keys.len() {
        1 => keys.remove(0),
        0 if is_encrypted_key(key.unwrap_or(certificate)) => {
            return Err(encrypted_key_error(place));
        }
        0 => {
            return Err(unusable!("setting-no-key", place; key = key_file, cert = cert_file));
        }
        _ => {
            return Err(unusable!("setting-several-keys", cert = cert_file, key = key_file));
        }
    };
    CertifiedKey::from_der(certificates, key_of, &default_provider()).map_err(
        |error| match error {
            Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => {
                unusable!("setting-other-key", place, cert = cert_file; cert = cert_file)
            }
            Error::InvalidCertificate(_) => bad_certificate_error(cert_file, 0, &error),
            _ => unusable!("setting-bad-key", place, error = error.to_string()),
        },
    )?;
    Identity::from_pem(&both)
        .map_err(|_| unusable!("setting-more-than-keys", cert = cert_file, key = key_file))
}

/// The certificates and private keys in a file; what else is in it does not matter here.
type Sections = (Vec<CertificateDer<'static>>, Vec<PrivateKeyDer<'static>>);

fn read_pem_sections(variable: &str, bytes: &[u8]) -> Result<Sections, EnvError> {
    let (mut certificates, mut keys): Sections = Default::default();
    for section in <(SectionKind, Vec<u8>)>::pem_slice_iter(bytes) {
        let (kind, der) = section.map_err(|error| not_pem_error(variable, bytes, &error))?;
        match kind {
            SectionKind::Certificate => certificates.push(der.into()),
            SectionKind::PrivateKey => keys.push(PrivateKeyDer::Pkcs8(der.into())),
            SectionKind::RsaPrivateKey => keys.push(PrivateKeyDer::Pkcs1(der.into())),
            SectionKind::EcPrivateKey => keys.push(PrivateKeyDer::Sec1(der.into())),
            _ => {}
        }
    }
    Ok((certificates, keys))
}

fn not_pem_error(variable: &str, bytes: &[u8], error: &pem::Error) -> EnvError {
    let why = match error {
        _ if is_encrypted_key(bytes) => return encrypted_key_error(variable),
        pem::Error::MissingSectionEnd { .. } => "no-end",
        pem::Error::Base64Decode(_) => "no-base64",
        _ => "damaged",
    };
    unusable!("setting-no-pem", variable, why)
}

fn is_encrypted_key(bytes: &[u8]) -> bool {
    let marks: [&[u8]; 2] = [b"BEGIN ENCRYPTED PRIVATE KEY", b"Proc-Type: 4,ENCRYPTED"];
    marks.iter().any(|mark| bytes.windows(mark.len()).any(|part| part == *mark))
}

fn encrypted_key_error(variable: &str) -> EnvError {
    unusable!("setting-locked-key", variable)
}

fn no_certificate_error(variable: &str) -> EnvError {
    unusable!("setting-no-certificate", variable)
}

fn bad_certificate_error(variable: &str, index: usize, error: &dyn fmt::Display) -> EnvError {
    let (number, error) = (index + 1, error.to_string());
    unusable!("setting-bad-certificate", number, variable, error)
}
