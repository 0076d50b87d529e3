//! The authentication methods, of which the environment names one. All clients of an endpoint share it.

use std::sync::Arc;

use super::oauth::TokenEndpoint;
use super::static_credential::StaticCredential;

/// One authentication method with its current token, shared by all. Its debug output shows which, never
/// the secret.
#[derive(Debug)]
pub(crate) enum AuthMethod {
    StaticCredential(Arc<StaticCredential>),
    OAuth(Arc<TokenEndpoint>),
}

impl AuthMethod {
    /// Whether the method itself uses TLS.
    pub(crate) fn speaks_tls(&self) -> bool {
        matches!(self, Self::OAuth(endpoint) if endpoint.url.scheme() == "https")
    }
}
