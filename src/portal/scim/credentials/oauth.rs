//! Tokens that arkib asks for itself: the client credentials grant of OAuth 2.0 (RFC 6749 section
//! 4.4). They are kept in memory and nowhere else.

mod answer;
mod ask;
mod cache;
mod line;
mod words;

use std::fmt;
use std::sync::Arc;

use reqwest::{Proxy, Url};

pub(super) use self::ask::Asker;
use self::cache::Cache;
use super::Shown;
use super::secrets::Secrets;
use super::source::Source;
use crate::portal::PortalError;
use crate::portal::scim::Limits;
use crate::portal::scim::address;
use crate::portal::scim::http::explain::Refused;
use crate::portal::scim::tls::Tls;

/// How the client proves who it is (RFC 6749 section 2.3.1).
#[derive(Debug, Clone, Copy)]
pub(super) enum Auth {
    /// HTTP Basic, which every token endpoint must take.
    Basic,
    /// In the form.
    Post,
}

/// What the environment says.
pub(super) struct Settings {
    pub(super) url: Url,
    pub(super) proxy: Option<Proxy>,
    pub(super) client_id: String,
    pub(super) secret: Source,
    pub(super) scope: Option<String>,
    pub(super) auth: Auth,
}

/// The token endpoint and the token that it gave.
pub(super) struct OAuth {
    settings: Settings,
    cache: Cache,
    secrets: Arc<Secrets>,
}

impl OAuth {
    pub(super) fn new(settings: Settings, secrets: &Arc<Secrets>) -> Self {
        Self {
            settings,
            cache: Cache::default(),
            secrets: Arc::clone(secrets),
        }
    }

    /// Who asks; each client has one, with limits of its own.
    pub(super) fn asker(&self, tls: &Tls, limits: &Limits) -> Result<Asker, PortalError> {
        Asker::open(&self.settings, &self.secrets, tls, limits)
    }

    pub(super) async fn current(&self, asker: &Asker) -> Result<Shown, PortalError> {
        self.cache.current(|| asker.ask(&self.settings)).await
    }

    pub(super) async fn renewed(
        &self,
        refused: &Shown,
        asker: &Asker,
    ) -> Result<Option<Shown>, PortalError> {
        let ask = || asker.ask(&self.settings);
        self.cache.renewed(refused, ask).await
    }

    pub(super) fn accepted(&self, shown: &Shown) {
        self.cache.accepted(shown);
    }

    pub(super) fn speaks_tls(&self) -> bool {
        self.settings.url.scheme() == "https"
    }

    pub(super) fn refused(&self) -> Refused {
        words::refused_by_the_portal(&address::host(&self.settings.url))
    }
}

/// Shows where tokens come from, and nothing of them.
impl fmt::Debug for OAuth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuth")
            .field("host", &address::host(&self.settings.url))
            .field("secret", &self.settings.secret)
            .finish_non_exhaustive()
    }
}
