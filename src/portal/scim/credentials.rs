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

use std::fmt;
use std::sync::Arc;

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret as _, SecretString};

use self::oauth::{Asker, OAuth};
use self::secrets::Secrets;
use self::source::Source;
use self::standing::{Scheme, Standing};
use super::Limits;
use super::endpoint::wrong;
use super::http::explain::Refused;
use super::tls::Tls;
use crate::portal::PortalError;

/// One of the ways in, and what it has come to. All clients of an endpoint share it, so that there is
/// one token at a time.
pub(super) struct Way {
    kind: Kind,
    secrets: Arc<Secrets>,
}

enum Kind {
    Standing(Standing),
    OAuth(Box<OAuth>),
}

/// A header as it was sent; which one it was matters when it is refused.
#[derive(Debug, Clone)]
pub(super) struct Shown {
    pub(super) header: HeaderValue,
    serial: u64,
}

impl Way {
    /// A bearer token that stays as it is.
    pub(super) fn token(token: SecretString) -> Result<Self, PortalError> {
        let secrets = Secrets::new(None);
        let token = choice::TOKEN_KIND.secret(token.expose_secret().to_owned())?;
        secrets.keep(token.expose_secret());
        Self::standing(Scheme::Bearer, Source::given(token), secrets)
    }

    fn standing(scheme: Scheme, source: Source, secrets: Secrets) -> Result<Self, PortalError> {
        let standing = Standing::new(scheme, source, &secrets).ok_or_else(|| {
            wrong(
                "the credentials cannot be sent in a header".into(),
                "copy them again, alone on one line".into(),
            )
        })?;
        Ok(Self {
            kind: Kind::Standing(standing),
            secrets: Arc::new(secrets),
        })
    }

    /// Whether certificates are of use for the way itself.
    pub(super) fn speaks_tls(&self) -> bool {
        matches!(&self.kind, Kind::OAuth(oauth) if oauth.speaks_tls())
    }

    /// What a 401 and a 403 of the portal mean here.
    fn refused(&self) -> Refused {
        match &self.kind {
            Kind::OAuth(oauth) => oauth.refused(),
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
            Kind::OAuth(oauth) => oauth.fmt(f),
        }
    }
}

/// A way in as one client uses it.
pub(super) struct Credentials {
    way: Arc<Way>,
    /// Asks for tokens, where that is the way.
    asker: Option<Asker>,
    /// What a refusal means.
    pub(super) refused: Refused,
}

impl Credentials {
    /// # Errors
    /// Where no client can be made that asks for tokens.
    pub(super) fn open(way: &Arc<Way>, tls: &Tls, limits: &Limits) -> Result<Self, PortalError> {
        let asker = match &way.kind {
            Kind::OAuth(oauth) => Some(oauth.asker(tls, limits)?),
            Kind::Standing(_) => None,
        };
        Ok(Self {
            way: Arc::clone(way),
            asker,
            refused: way.refused(),
        })
    }

    /// What is to be shown now.
    ///
    /// # Errors
    /// Where no token can be had; then nothing has been sent to the portal.
    pub(super) async fn current(&self) -> Result<Shown, PortalError> {
        let secrets = &self.way.secrets;
        match (&self.way.kind, &self.asker) {
            (Kind::Standing(standing), _) => Ok(standing.current(secrets)),
            (Kind::OAuth(oauth), Some(asker)) => oauth.current(asker).await,
            (Kind::OAuth(_), None) => Err(nobody_asks()),
        }
    }

    /// The portal answered 401 to what was shown: what to show in its place, once, if there is
    /// anything else.
    ///
    /// # Errors
    /// As for [`Credentials::current`].
    pub(super) async fn renewed(&self, refused: &Shown) -> Result<Option<Shown>, PortalError> {
        let secrets = &self.way.secrets;
        match (&self.way.kind, &self.asker) {
            (Kind::Standing(standing), _) => Ok(standing.renewed(refused, secrets)),
            (Kind::OAuth(oauth), Some(asker)) => oauth.renewed(refused, asker).await,
            (Kind::OAuth(_), None) => Err(nobody_asks()),
        }
    }

    /// The portal took what was shown for good.
    pub(super) fn accepted(&self, shown: &Shown) {
        if let Kind::OAuth(oauth) = &self.way.kind {
            oauth.accepted(shown);
        }
    }

    /// The words of others without secrets.
    pub(super) fn without_secrets(&self, words: &str) -> String {
        self.way.secrets.without(words)
    }
}

/// Cannot happen: who asks is made with the way.
fn nobody_asks() -> PortalError {
    wrong(
        "nobody asks for tokens".into(),
        "this is a mistake in arkib: report it".into(),
    )
}

/// The header of a scheme, which nothing shows.
fn header(scheme: &str, secret: &str) -> Option<HeaderValue> {
    let mut header = HeaderValue::from_str(&format!("{scheme} {secret}")).ok()?;
    header.set_sensitive(true);
    Some(header)
}
