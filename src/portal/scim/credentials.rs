//! How arkib gets in: what it shows of itself with each request. A token or a password that
//! somebody made, or tokens that it asks for itself (OAuth 2.0). May not know what the requests are
//! for; who sends them asks here for each attempt, and says what came of it.

pub(super) mod choice;
mod header;
mod oauth;
mod secrets;
mod source;
mod standing;
#[cfg(test)]
mod tests;
mod variables;

use std::fmt;
use std::sync::Arc;

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret as _, SecretString};

use self::oauth::{Asker, TokenEndpoint};
use self::secrets::Secrets;
use self::source::Source;
use self::standing::{Scheme, Standing};
use self::variables::THE_TOKEN;
use super::http::explain::Refused;
use super::tls::Tls;
use super::{Limits, address};
use crate::environment::Unusable;
use crate::portal::PortalError;

/// One of the ways in, and what it has come to. All clients of an endpoint share it, so that there is
/// one token at a time.
pub(super) struct Way {
    kind: Kind,
    secrets: Arc<Secrets>,
}

enum Kind {
    Standing(Arc<Standing>),
    OAuth(Arc<TokenEndpoint>),
}

impl Way {
    /// A bearer token that stays as it is.
    pub(super) fn token(token: SecretString) -> Result<Self, Unusable> {
        let secrets = Secrets::new(None);
        let token = THE_TOKEN.secret(token.expose_secret().to_owned())?;
        secrets.keep(token.expose_secret());
        Self::standing(Scheme::Bearer, Source::given(token), secrets)
    }

    fn standing(scheme: Scheme, source: Source, secrets: Secrets) -> Result<Self, Unusable> {
        let standing = Standing::new(scheme, source, &secrets).ok_or_else(|| {
            Unusable::new(
                "the credentials cannot be sent in a header",
                "copy them again, alone on one line",
            )
        })?;
        Ok(Self {
            kind: Kind::Standing(Arc::new(standing)),
            secrets: Arc::new(secrets),
        })
    }

    /// Whether certificates are of use for the way itself.
    pub(super) fn speaks_tls(&self) -> bool {
        matches!(&self.kind, Kind::OAuth(endpoint) if endpoint.url.scheme() == "https")
    }

    /// What a 401 and a 403 of the portal mean here.
    fn refused(&self) -> Refused {
        match &self.kind {
            Kind::OAuth(endpoint) => Refused::token_of(&address::host(&endpoint.url)),
            Kind::Standing(standing) if standing.is_password() => Refused::PASSWORD,
            Kind::Standing(standing) if standing.rotates() => Refused::TOKEN_IN_FILE,
            Kind::Standing(_) => Refused::TOKEN,
        }
    }
}

/// Shows which way, never what opens it.
impl fmt::Debug for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Standing(standing) => standing.fmt(f),
            Kind::OAuth(endpoint) => endpoint.fmt(f),
        }
    }
}

/// A way in as one client uses it.
pub(super) struct Credentials {
    used: Used,
    secrets: Arc<Secrets>,
    /// What a refusal means.
    pub(super) refused: Refused,
}

enum Used {
    Standing(Arc<Standing>),
    OAuth(Box<Asker>),
}

impl Credentials {
    /// # Errors
    /// Where no client can be made that asks for tokens.
    pub(super) fn open(way: &Way, tls: &Tls, limits: &Limits) -> Result<Self, PortalError> {
        let used = match &way.kind {
            Kind::Standing(standing) => Used::Standing(Arc::clone(standing)),
            Kind::OAuth(endpoint) => {
                let asker = Asker::open(endpoint, &way.secrets, tls, limits)?;
                Used::OAuth(Box::new(asker))
            }
        };
        Ok(Self {
            used,
            secrets: Arc::clone(&way.secrets),
            refused: way.refused(),
        })
    }

    /// The header to send now.
    ///
    /// # Errors
    /// Where no token can be had; then nothing has been sent to the portal.
    pub(super) async fn current(&self) -> Result<HeaderValue, PortalError> {
        match &self.used {
            Used::Standing(standing) => Ok(standing.current(&self.secrets)),
            Used::OAuth(asker) => asker.endpoint.cache.current(asker.ask()).await,
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
        match &self.used {
            Used::Standing(standing) => Ok(standing.renewed(refused, &self.secrets)),
            Used::OAuth(asker) => asker.endpoint.cache.renewed(refused, asker.ask()).await,
        }
    }

    /// The portal let arkib in with this header.
    pub(super) fn accepted(&self, header: &HeaderValue) {
        if let Used::OAuth(asker) = &self.used {
            asker.endpoint.cache.accepted(header);
        }
    }

    /// The words of others as they can be shown; without the credentials, should they repeat them.
    pub(super) fn quote(&self, words: &str) -> String {
        self.secrets.quote(words)
    }
}
