//! The certificate authorities that arkib trusts for the mail server.

use std::sync::Arc;

use rustls::crypto::ring::default_provider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};

use crate::environment::EnvError;

/// The variable that names a PEM file of the authorities to trust, in place of the system's.
pub const CA: &str = "ARKIB_SMTP_CA";

/// The authorities to trust: the system's, or in place of them those that the environment names.
#[derive(Clone, Default)]
pub(super) struct CertificateAuthorities(Option<RootCertStore>);

impl CertificateAuthorities {
    /// Those in a PEM file.
    pub(super) fn from_pem(pem: &[u8]) -> Result<Self, EnvError> {
        let bad = |why| EnvError { why, help: message!("setting-mail-pem-help") };
        let certificates: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(pem)
            .collect::<Result<_, _>>()
            .map_err(|_| bad(message!("setting-mail-pem", variable = CA)))?;
        if certificates.is_empty() {
            return Err(bad(message!("setting-no-certificate", variable = CA)));
        }
        let mut store = RootCertStore::empty();
        for certificate in certificates {
            store.add(certificate).map_err(|error| {
                let error = error.to_string();
                bad(message!("setting-mail-certificate", variable = CA, error))
            })?;
        }
        Ok(Self(Some(store)))
    }

    /// TLS from version 1.2 on, with the server's certificate verified.
    pub(super) fn tls_config(&self) -> Result<Arc<ClientConfig>, rustls::Error> {
        let roots = self.0.clone().unwrap_or_else(|| {
            let mut store = RootCertStore::empty();
            store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            store
        });
        let tls = ClientConfig::builder_with_provider(Arc::new(default_provider()));
        let tls = tls.with_safe_default_protocol_versions()?.with_root_certificates(roots);
        Ok(Arc::new(tls.with_no_client_auth()))
    }
}
