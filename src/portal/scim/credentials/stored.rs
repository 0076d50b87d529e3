//! A credential that was issued once and is used until it is replaced: a bearer token (RFC 6750),
//! or a user's name and password (RFC 7617). Where it is in a file, that is read again.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::time::Instant;

use super::secrets::{Secrets, header};
use super::source::Source;
use crate::environment::{EnvError, unusable};

/// How old the last reading of the file may be.
const REREAD_AFTER: Duration = Duration::from_secs(30);

/// A credential and when it was last read.
pub(crate) struct StoredCredential {
    /// The user of the password; `None` for a token.
    user: Option<String>,
    source: Source,
    pub(super) secrets: Secrets,
    current: Mutex<Current>,
}

struct Current {
    header: HeaderValue,
    looked_at: Instant,
}

impl StoredCredential {
    pub(super) fn new(
        user: Option<String>,
        source: Source,
        secrets: Secrets,
    ) -> Result<Self, EnvError> {
        let header = made_of(&source.last(), user.as_deref(), &secrets).ok_or_else(|| {
            unusable!(
                "the credentials cannot be sent in a header",
                "copy them again, alone on one line"
            )
        })?;
        let current = Mutex::new(Current {
            header,
            looked_at: Instant::now(),
        });
        Ok(Self {
            user,
            source,
            secrets,
            current,
        })
    }

    /// The header to send now.
    pub(super) fn current(&self) -> HeaderValue {
        let mut current = self.lock();
        if self.source.rotates() && current.looked_at.elapsed() >= REREAD_AFTER {
            self.reread(&mut current);
        }
        current.header.clone()
    }

    /// The header to send instead of a refused one, if there is another.
    pub(super) fn renewed(&self, refused: &HeaderValue) -> Option<HeaderValue> {
        let mut current = self.lock();
        if current.header == *refused && self.source.rotates() {
            self.reread(&mut current);
        }
        (current.header != *refused).then(|| current.header.clone())
    }

    fn reread(&self, current: &mut Current) {
        current.looked_at = Instant::now();
        let secret = self.source.now(&self.secrets);
        match made_of(&secret, self.user.as_deref(), &self.secrets) {
            Some(header) if header != current.header => {
                tracing::debug!("the file holds a new secret");
                current.header = header;
            }
            _ => {}
        }
    }

    fn lock(&self) -> MutexGuard<'_, Current> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where [`ErrorMeaning`](crate::portal::scim::http::meanings::Meaning) lists its refusals.
    pub(super) fn meanings_section(&self) -> &'static str {
        match (&self.user, self.source.rotates()) {
            (Some(_), _) => "password",
            (None, true) => "token in a file",
            (None, false) => "token",
        }
    }
}

/// What is sent. Nothing where no header can hold it, which was seen to when it was read.
fn made_of(secret: &SecretString, user: Option<&str>, secrets: &Secrets) -> Option<HeaderValue> {
    match user {
        None => header("Bearer", secret.expose_secret()),
        Some(user) => header("Basic", &secrets.hide_pair(user, secret.expose_secret())),
    }
}

/// Shows of what sort it is and where it stands.
impl fmt::Debug for StoredCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sort = self.user.as_ref().map_or("token", |_| "password");
        write!(f, "{sort} {:?}", self.source)
    }
}
