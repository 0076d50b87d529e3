//! The place that gives tokens, as the environment names it. May not know how it is asked.

use std::fmt;

use reqwest::{Proxy, Url};

use crate::portal::scim::address;
use crate::portal::scim::credentials::oauth::token_cache::Cache;
use crate::portal::scim::credentials::source::Source;

/// The token endpoint, as the environment names it, and the token that it gave.
pub(crate) struct TokenEndpoint {
    pub(crate) url: Url,
    pub(crate) proxy: Option<Proxy>,
    pub(crate) client_id: String,
    pub(crate) secret: Source,
    pub(crate) scope: Option<String>,
    pub(crate) auth: Auth,
    pub(crate) cache: Cache,
}

/// Shows where tokens come from, and nothing of them.
impl fmt::Debug for TokenEndpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuth")
            .field("host", &address::host(&self.url))
            .field("secret", &self.secret)
            .finish_non_exhaustive()
    }
}

/// How the client proves who it is (RFC 6749 section 2.3.1).
#[derive(Debug, Clone, Copy)]
pub(crate) enum Auth {
    /// HTTP Basic, which every token endpoint must take.
    Basic,
    /// In the form.
    Post,
}
