//! Whose word counts for who the mail server is.

use std::path::Path;

use lettre::transport::smtp::client::{
    Certificate, CertificateStore, TlsParameters, TlsParametersBuilder,
};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use super::Unusable;
use super::server::{CA, ReadFile, unusable};

/// The authorities to trust: the system's, or in place of them those that the environment names.
#[derive(Clone, Default)]
pub(super) struct Authorities(Option<Vec<CertificateDer<'static>>>);

impl Authorities {
    /// Those in a PEM file.
    pub(super) fn read(pem: &[u8]) -> Result<Self, Unusable> {
        let help = || {
            "it must be PEM, with a line -----BEGIN CERTIFICATE-----; copy it again from its authority".to_owned()
        };
        let certificates: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(pem)
            .collect::<Result<_, _>>()
            .map_err(|_| unusable(format!("the file that {CA} names is not PEM"), help()))?;
        if certificates.is_empty() {
            let why = format!("the file that {CA} names holds no certificate");
            return Err(unusable(why, help()));
        }
        let mut store = RootCertStore::empty();
        for certificate in &certificates {
            store.add(certificate.clone()).map_err(|error| {
                let why = format!(
                    "a certificate in the file that {CA} names cannot be understood: {error}"
                );
                unusable(why, help())
            })?;
        }
        Ok(Self(Some(certificates)))
    }

    /// TLS to a host, from version 1.2 on, with its certificate verified.
    pub(super) fn tls(&self, host: &str) -> Result<TlsParameters, lettre::transport::smtp::Error> {
        let mut builder = TlsParametersBuilder::new(host.to_owned());
        if let Some(certificates) = &self.0 {
            builder = builder.certificate_store(CertificateStore::None);
            for certificate in certificates {
                builder =
                    builder.add_root_certificate(Certificate::from_der(certificate.to_vec())?);
            }
        }
        builder.build()
    }
}

/// The bytes of the file that a variable names.
pub(super) fn read(
    variable: &str,
    file: &str,
    read_file: ReadFile<'_>,
) -> Result<Vec<u8>, Unusable> {
    if file.trim().is_empty() {
        return Err(unusable(
            format!("{variable} is empty"),
            format!(
                "set {variable} to the path of a file, or take it away; an unset CI variable often looks like this"
            ),
        ));
    }
    read_file(Path::new(file)).map_err(|error| {
        unusable(
            format!("the file that {variable} names cannot be read: {error}"),
            "check the path and who may read it".to_owned(),
        )
    })
}
