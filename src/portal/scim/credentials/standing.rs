//! A credential that somebody made and that stands until it is replaced: a bearer token (RFC 6750),
//! or a user's name and password (RFC 7617). Where it is in a file, that is read again.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::time::Instant;

use super::header::header;
use super::secrets::Secrets;
use super::source::Source;

/// How old a look at the file may be.
const LOOK_AGAIN: Duration = Duration::from_secs(30);

/// What is made of the secret.
pub(super) enum Scheme {
    /// A token as it is.
    Bearer,
    /// The password of this user.
    Basic(String),
}

impl Scheme {
    /// What is sent. Nothing where no header can hold it, which was seen to when it was read.
    fn header(&self, secret: &SecretString, secrets: &Secrets) -> Option<HeaderValue> {
        let secret = secret.expose_secret();
        match self {
            Self::Bearer => header("Bearer", secret),
            Self::Basic(user) => {
                let pair = secrets.keep_pair(user, secret);
                header("Basic", &pair)
            }
        }
    }
}

/// A credential and when it was last looked at.
pub(super) struct Standing {
    scheme: Scheme,
    source: Source,
    current: Mutex<Current>,
}

struct Current {
    header: HeaderValue,
    looked_at: Instant,
}

impl Standing {
    /// Nothing where no header can hold it.
    pub(super) fn new(scheme: Scheme, source: Source, secrets: &Secrets) -> Option<Self> {
        let header = scheme.header(&source.last(), secrets)?;
        let current = Mutex::new(Current {
            header,
            looked_at: Instant::now(),
        });
        Some(Self {
            scheme,
            source,
            current,
        })
    }

    /// What is to be sent now.
    pub(super) fn current(&self, secrets: &Secrets) -> HeaderValue {
        let mut current = self.lock();
        if self.source.rotates() && current.looked_at.elapsed() >= LOOK_AGAIN {
            self.look(&mut current, secrets);
        }
        current.header.clone()
    }

    /// What is to be sent in place of what was refused, if there is anything else.
    pub(super) fn renewed(&self, refused: &HeaderValue, secrets: &Secrets) -> Option<HeaderValue> {
        let mut current = self.lock();
        if current.header == *refused && self.source.rotates() {
            self.look(&mut current, secrets);
        }
        (current.header != *refused).then(|| current.header.clone())
    }

    fn look(&self, current: &mut Current, secrets: &Secrets) {
        current.looked_at = Instant::now();
        let secret = self.source.now(secrets);
        match self.scheme.header(&secret, secrets) {
            Some(header) if header != current.header => {
                tracing::debug!("there is a new secret in the file");
                current.header = header;
            }
            _ => {}
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Current> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is_password(&self) -> bool {
        matches!(self.scheme, Scheme::Basic(_))
    }

    pub(super) fn rotates(&self) -> bool {
        self.source.rotates()
    }
}

/// Shows of what sort it is and where it stands.
impl fmt::Debug for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sort = match self.scheme {
            Scheme::Bearer => "token",
            Scheme::Basic(_) => "password",
        };
        write!(f, "{sort} {:?}", self.source)
    }
}
