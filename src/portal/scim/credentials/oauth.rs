//! Tokens that arkib asks for itself: the client credentials grant of OAuth 2.0 (RFC 6749 section
//! 4.4). They are kept in memory and nowhere else.

mod token_cache;
mod token_endpoint;
mod token_request;
mod token_response;

pub(super) use self::token_cache::Cache;
pub(super) use self::token_endpoint::{Auth, TokenEndpoint};
pub(super) use self::token_request::Asker;
