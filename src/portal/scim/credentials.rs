//! How arkib gets in: what it shows of itself with each request. A token or a password that
//! somebody made, or tokens that it asks for itself (OAuth 2.0). May not know what the requests are
//! for; who sends them asks here for each attempt, and says what came of it.

pub(super) mod choice;
mod oauth;
mod secrets;
mod source;
mod standing;
#[cfg(test)]
mod tests;
mod way;

use std::sync::Arc;

use reqwest::header::HeaderValue;

use self::oauth::Asker;
use self::standing::Standing;
pub(super) use self::way::Way;
use super::address;
use super::http::meanings::Meaning;
use super::limits::Limits;
use super::tls::Tls;
use crate::portal::PortalError;

/// A way in as one client uses it.
pub(super) enum Credentials {
    Standing(Arc<Standing>),
    OAuth(Box<Asker>),
}

impl Credentials {
    /// # Errors
    /// Where no client can be made that asks for tokens.
    pub(super) fn open(way: &Way, tls: &Tls, limits: &Limits) -> Result<Self, PortalError> {
        Ok(match way {
            Way::Standing(standing) => Self::Standing(Arc::clone(standing)),
            Way::OAuth(endpoint) => Self::OAuth(Box::new(Asker::open(endpoint, tls, limits)?)),
        })
    }

    /// The header to send now.
    ///
    /// # Errors
    /// Where no token can be had; then nothing has been sent to the portal.
    pub(super) async fn current(&self) -> Result<HeaderValue, PortalError> {
        match self {
            Self::Standing(standing) => Ok(standing.current()),
            Self::OAuth(asker) => asker.endpoint.cache.current(asker.ask()).await,
        }
    }

    /// The portal answered 401 to a header: what to send in its place, once, if there is anything
    /// else.
    ///
    /// # Errors
    /// As for [`Credentials::current`].
    pub(super) async fn renewed(
        &self,
        refused: &HeaderValue,
    ) -> Result<Option<HeaderValue>, PortalError> {
        match self {
            Self::Standing(standing) => Ok(standing.renewed(refused)),
            Self::OAuth(asker) => asker.endpoint.cache.renewed(refused, asker.ask()).await,
        }
    }

    /// The portal let arkib in with this header.
    pub(super) fn accepted(&self, header: &HeaderValue) {
        if let Self::OAuth(asker) = self {
            asker.endpoint.cache.accepted(header);
        }
    }

    /// What it means that the portal answers 401 (who it is is not believed) or 403 (it may not do
    /// that), which depends on what was shown.
    pub(super) fn refused(&self, status: u16, doing: &str) -> PortalError {
        let (section, host) = match self {
            Self::Standing(standing) => (standing.section(), String::new()),
            Self::OAuth(asker) => ("OAuth", address::host(&asker.endpoint.url)),
        };
        Meaning::of_status(section, status).error(doing, &[("host", &host)])
    }

    /// The words of others as they can be shown; without the credentials, should they repeat them.
    pub(super) fn quote(&self, words: &str) -> String {
        match self {
            Self::Standing(standing) => standing.secrets.quote(words),
            Self::OAuth(asker) => asker.endpoint.secrets.quote(words),
        }
    }
}
