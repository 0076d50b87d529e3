//! The ways in, as the environment names one. All clients of an endpoint share it.

use std::fmt;
use std::sync::Arc;

use secrecy::{ExposeSecret as _, SecretString};

use crate::environment::Unusable;
use crate::portal::scim::address;
use crate::portal::scim::credentials::oauth::TokenEndpoint;
use crate::portal::scim::credentials::secrets::Secrets;
use crate::portal::scim::credentials::source::Source;
use crate::portal::scim::credentials::standing::{Scheme, Standing};
use crate::portal::scim::credentials::variables::THE_TOKEN;
use crate::portal::scim::http::explain::Refused;

/// One of the ways in, and what it has come to. All clients of an endpoint share it, so that there is
/// one token at a time.
pub(crate) struct Way {
    pub(super) kind: Kind,
    pub(super) secrets: Arc<Secrets>,
}

impl Way {
    /// A bearer token that stays as it is.
    pub(crate) fn token(token: SecretString) -> Result<Self, Unusable> {
        let secrets = Secrets::new(None);
        let token = THE_TOKEN.secret(token.expose_secret().to_owned())?;
        secrets.keep(token.expose_secret());
        Self::standing(Scheme::Bearer, Source::given(token), secrets)
    }

    pub(super) fn standing(
        scheme: Scheme,
        source: Source,
        secrets: Secrets,
    ) -> Result<Self, Unusable> {
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
    pub(crate) fn speaks_tls(&self) -> bool {
        matches!(&self.kind, Kind::OAuth(endpoint) if endpoint.url.scheme() == "https")
    }

    /// What a 401 and a 403 of the portal mean here.
    pub(super) fn refused(&self) -> Refused {
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

pub(crate) enum Kind {
    Standing(Arc<Standing>),
    OAuth(Arc<TokenEndpoint>),
}
