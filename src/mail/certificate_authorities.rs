//! The certificate authorities that arkib trusts for the mail server.

use lettre::transport::smtp::client::{
    Certificate, CertificateStore, TlsParameters, TlsParametersBuilder,
};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use crate::environment::{EnvError, unusable};

/// The variable that names a PEM file of the authorities to trust, in place of the system's.
pub const CA: &str = "ARKIB_SMTP_CA";

/// The authorities to trust: the system's, or in place of them those that the environment names.
#[derive(Clone, Default)]
pub(super) struct CertificateAuthorities(Option<Vec<CertificateDer<'static>>>);

impl CertificateAuthorities {
    /// Those in a PEM file.
    pub(super) fn from_pem(pem: &[u8]) -> Result<Self, EnvError> {
        let bad = |what: &str| {
            unusable!(
                "{what}",
                "it must be PEM, with a line -----BEGIN CERTIFICATE-----; get it again from its authority"
            )
        };
        let certificates: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(pem)
            .collect::<Result<_, _>>()
            .map_err(|_| bad(&format!("the file that {CA} names is not PEM")))?;
        if certificates.is_empty() {
            return Err(bad(&format!("the file that {CA} names holds no certificate")));
        }
        let mut store = RootCertStore::empty();
        for certificate in &certificates {
            store.add(certificate.clone()).map_err(|error| {
                bad(&format!("a certificate in the file that {CA} names cannot be read: {error}"))
            })?;
        }
        Ok(Self(Some(certificates)))
    }

    /// TLS to a host, from version 1.2 on, with its certificate verified.
    pub(super) fn tls_parameters(
        &self,
        host: &str,
    ) -> Result<TlsParameters, lettre::transport::smtp::Error> {
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
