//! How arkib authenticates: the credentials of each request. A token or a password that
//! was issued to it, or tokens that it requests itself (OAuth 2.0). May not know what the requests are
//! for; the sender asks here for each attempt, and reports the result.

mod auth_method;
pub(super) mod choice;
mod oauth;
mod redaction;
mod source;
mod static_credential;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use reqwest::header::HeaderValue;

pub(super) use self::auth_method::AuthMethod;
use self::oauth::TokenClient;
use self::static_credential::StaticCredential;
use super::http::error_meanings::ErrorMeaning;
use super::limits::ClientLimits;
use crate::http::{Tls, host_and_port};
use crate::portal::{Doing, PortalError};

/// An authentication method as one client uses it.
pub(super) enum CredentialsProvider {
    StaticCredential(Arc<StaticCredential>),
    OAuth(Box<TokenClient>),
}

impl CredentialsProvider {
    /// # Errors
    /// Where no client can be made that asks for tokens.
    pub(super) fn new(
        method: &AuthMethod,
        tls: &Tls,
        limits: &ClientLimits,
    ) -> Result<Self, PortalError> {
        Ok(match method {
            AuthMethod::StaticCredential(stored) => Self::StaticCredential(Arc::clone(stored)),
            AuthMethod::OAuth(endpoint) => {
                Self::OAuth(Box::new(TokenClient::new(endpoint, tls, limits)?))
            }
        })
    }

    /// The header to send now.
    ///
    /// # Errors
    /// Where no token can be had; then nothing has been sent to the portal.
    pub(super) async fn current_header(&self) -> Result<HeaderValue, PortalError> {
        match self {
            Self::StaticCredential(stored) => Ok(stored.current_header()),
            Self::OAuth(asker) => asker.endpoint.cache.current_header(asker.ask_for_token()).await,
        }
    }

    /// The portal answered 401 to a header: what to send in its place, once, if there is anything
    /// else.
    ///
    /// # Errors
    /// As for [`CredentialsProvider::current_header`].
    pub(super) async fn renewed_header(
        &self,
        refused: &HeaderValue,
    ) -> Result<Option<HeaderValue>, PortalError> {
        match self {
            Self::StaticCredential(stored) => Ok(stored.renewed_header(refused)),
            Self::OAuth(asker) => {
                asker.endpoint.cache.renewed_header(refused, asker.ask_for_token()).await
            }
        }
    }

    /// The portal accepted this header.
    pub(super) fn mark_accepted(&self, header: &HeaderValue) {
        if let Self::OAuth(asker) = self {
            asker.endpoint.cache.mark_accepted(header);
        }
    }

    /// The meaning of a 401 (the credentials are not accepted) or a 403 (they do not allow
    /// this), which depends on the kind of credentials.
    pub(super) fn refusal_error(&self, status: u16, doing: Doing) -> PortalError {
        let (section, host) = match self {
            Self::StaticCredential(stored) => (stored.meanings_section(), String::new()),
            Self::OAuth(asker) => ("OAuth", host_and_port(&asker.endpoint.url)),
        };
        ErrorMeaning::for_status(section, status).to_error(doing, &[("host", &host)])
    }

    /// A foreign message, safe to show: without the credentials, in case it repeats them.
    pub(super) fn quote_redacted(&self, words: &str) -> String {
        match self {
            Self::StaticCredential(stored) => stored.secrets.quote_redacted(words),
            Self::OAuth(asker) => asker.endpoint.secrets.quote_redacted(words),
        }
    }
}
