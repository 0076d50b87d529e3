//! Where a secret comes from: a variable, or a file that is read again because secrets rotate.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use secrecy::{ExposeSecret as _, SecretString};

use super::redaction::Secrets;
use crate::environment::secret::SecretKind;
use crate::environment::{CredentialAccess, EnvError, Variable};

/// A secret, and the file that it came from.
pub(crate) struct RereadableSecret {
    kind: &'static SecretKind,
    file: Option<(PathBuf, CredentialAccess)>,
    /// As it was last read and could be used.
    last: Mutex<SecretString>,
}

impl RereadableSecret {
    /// Reads the one of its two variables that is set.
    pub(super) fn find(
        kind: &'static SecretKind,
        variable: Variable<'_>,
        access: &CredentialAccess,
        secrets: &Secrets,
    ) -> Result<Self, EnvError> {
        let (file, secret) = kind.find(variable, &*access.read_file)?;
        secrets.add_secret(secret.expose_secret());
        let file = file.map(|path| (path, access.clone()));
        Ok(Self { kind, file, last: Mutex::new(secret) })
    }

    pub(super) fn from_variable(kind: &'static SecretKind, secret: SecretString) -> Self {
        Self { kind, file: None, last: Mutex::new(secret) }
    }

    /// Whether it may change while a run goes on.
    pub(super) fn can_rotate(&self) -> bool {
        self.file.is_some()
    }

    /// As it was last read.
    pub(super) fn last_read(&self) -> SecretString {
        let last = self.last.lock();
        last.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// As it is now. A file that is being written, or gone for a moment, changes nothing.
    pub(super) fn read_again(&self, secrets: &Secrets) -> SecretString {
        // What can be read only once could block for ever when it is opened again.
        let is_special = |path: &Path| std::fs::metadata(path).is_ok_and(|about| !about.is_file());
        let Some((path, access)) = self.file.as_ref().filter(|(path, _)| !is_special(path)) else {
            return self.last_read();
        };
        match self.kind.read_secret_file(path, &*access.read_file) {
            Ok(secret) => {
                secrets.add_secret(secret.expose_secret());
                *self.last.lock().unwrap_or_else(PoisonError::into_inner) = secret.clone();
                secret
            }
            Err(error) => {
                tracing::warn!(
                    "{}; the previous value is used",
                    access.names.rename(error.why.in_english())
                );
                self.last_read()
            }
        }
    }
}

/// Shows where it comes from, never the secret.
impl fmt::Debug for RereadableSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self.file.as_ref().map_or("given", |_| self.kind.file);
        write!(f, "{place} [hidden]")
    }
}
