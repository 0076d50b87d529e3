//! A credential that was issued once and is used until it is replaced: a bearer token (RFC 6750),
//! or a user's name and password (RFC 7617). Where it is in a file, that is read again.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::time::Instant;

use super::redaction::{Secrets, authorization_header};
use super::source::RereadableSecret;
use crate::environment::{EnvError, unusable};

/// How old the last reading of the file may be.
const REREAD_AFTER: Duration = Duration::from_secs(30);

/// A credential and when it was last read.
pub(crate) struct StaticCredential {
    /// The user of the password; `None` for a token.
    user: Option<String>,
    source: RereadableSecret,
    pub(super) secrets: Secrets,
    current: Mutex<CurrentHeader>,
}

struct CurrentHeader {
    header: HeaderValue,
    looked_at: Instant,
}

impl StaticCredential {
    pub(super) fn new(
        user: Option<String>,
        source: RereadableSecret,
        secrets: Secrets,
    ) -> Result<Self, EnvError> {
        let header = build_header(&source.last_read(), user.as_deref(), &secrets)
            .ok_or_else(|| unusable!("setting-no-header"))?;
        let current = Mutex::new(CurrentHeader { header, looked_at: Instant::now() });
        Ok(Self { user, source, secrets, current })
    }

    /// The header to send now.
    pub(super) fn current_header(&self) -> HeaderValue {
        let mut current = self.lock_current();
        if self.source.can_rotate() && current.looked_at.elapsed() >= REREAD_AFTER {
            self.reread_secret(&mut current);
        }
        current.header.clone()
    }

    /// The header to send instead of a refused one, if there is another.
    pub(super) fn renewed_header(&self, refused: &HeaderValue) -> Option<HeaderValue> {
        let mut current = self.lock_current();
        if current.header == *refused && self.source.can_rotate() {
            self.reread_secret(&mut current);
        }
        (current.header != *refused).then(|| current.header.clone())
    }

    fn reread_secret(&self, current: &mut CurrentHeader) {
        current.looked_at = Instant::now();
        let secret = self.source.read_again(&self.secrets);
        match build_header(&secret, self.user.as_deref(), &self.secrets) {
            Some(header) if header != current.header => {
                tracing::debug!("the file holds a new secret");
                current.header = header;
            }
            _ => {}
        }
    }

    fn lock_current(&self) -> MutexGuard<'_, CurrentHeader> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where [`ErrorMeaning`](crate::portal::scim::http::error_meanings::ErrorMeaning) lists its refusals.
    pub(super) fn meanings_section(&self) -> &'static str {
        match (&self.user, self.source.can_rotate()) {
            (Some(_), _) => "password",
            (None, true) => "token in a file",
            (None, false) => "token",
        }
    }
}

/// What is sent. Nothing where no header can hold it, which was seen to when it was read.
fn build_header(
    secret: &SecretString,
    user: Option<&str>,
    secrets: &Secrets,
) -> Option<HeaderValue> {
    match user {
        None => authorization_header("Bearer", secret.expose_secret()),
        Some(user) => {
            authorization_header("Basic", &secrets.add_basic_pair(user, secret.expose_secret()))
        }
    }
}

/// Shows of what sort it is and where it stands.
impl fmt::Debug for StaticCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sort = self.user.as_ref().map_or("token", |_| "password");
        write!(f, "{sort} {:?}", self.source)
    }
}
