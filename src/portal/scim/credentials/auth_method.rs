//! The ways in, as the environment names one. All clients of an endpoint share it.

use std::sync::Arc;

use super::oauth::TokenEndpoint;
use super::stored::StoredCredential;

/// One of the ways in, and what it has come to: there is one token at a time. It shows which, never
/// what opens it.
#[derive(Debug)]
pub(crate) enum AuthMethod {
    StoredCredential(Arc<StoredCredential>),
    OAuth(Arc<TokenEndpoint>),
}

impl AuthMethod {
    /// Whether certificates are of use for the way itself.
    pub(crate) fn speaks_tls(&self) -> bool {
        matches!(self, Self::OAuth(endpoint) if endpoint.url.scheme() == "https")
    }
}
