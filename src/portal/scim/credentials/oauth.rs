//! Tokens that arkib asks for itself: the client credentials grant of OAuth 2.0 (RFC 6749 section
//! 4.4). They are kept in memory and nowhere else.

mod token_cache;
mod token_request;
mod token_response;

use std::fmt;

use reqwest::{Proxy, Url};

pub(super) use self::token_cache::Cache;
pub(super) use self::token_request::Asker;
use super::source::Source;
use crate::portal::scim::address;

/// How the client proves who it is (RFC 6749 section 2.3.1).
#[derive(Debug, Clone, Copy)]
pub(super) enum Auth {
    /// HTTP Basic, which every token endpoint must take.
    Basic,
    /// In the form.
    Post,
}

/// The token endpoint, as the environment names it, and the token that it gave.
pub(super) struct TokenEndpoint {
    pub(super) url: Url,
    pub(super) proxy: Option<Proxy>,
    pub(super) client_id: String,
    pub(super) secret: Source,
    pub(super) scope: Option<String>,
    pub(super) auth: Auth,
    pub(super) cache: Cache,
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
