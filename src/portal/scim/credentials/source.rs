//! Where a secret comes from: a variable, or a file that is read again because secrets rotate.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use secrecy::{ExposeSecret as _, SecretString};

use super::redaction::{Secrets, is_valid_in_header};
use crate::environment::{CredentialAccess, EnvError, Variable, read_file_of_variable, unusable};

/// One kind of secret: its name, its two variables, and what it may be made of.
pub(crate) struct SecretKind {
    /// For errors.
    pub(super) name: &'static str,
    pub(super) variable: &'static str,
    pub(super) file: &'static str,
    /// Whether it has only what a header may have as it is.
    pub(super) is_token: bool,
}

impl SecretKind {
    /// The secret in a text, which editors and `echo` end with a newline.
    pub(super) fn parse_secret(&self, text: &str) -> Result<SecretString, EnvError> {
        let text = match text.strip_suffix('\n') {
            Some(line) => line.strip_suffix('\r').unwrap_or(line),
            None => text,
        };
        let Self { name, variable, file, .. } = self;
        if text.is_empty() {
            return Err(unusable!(
                "{name} is empty",
                "set {variable} or {file}; an unset CI secret often looks like this"
            ));
        }
        if self.is_token && !is_valid_in_header(text) {
            return Err(unusable!(
                "{name} contains a character that is not allowed in a token (a space, a line break, a control character or a letter beyond ASCII)",
                "copy the token again, alone on one line"
            ));
        }
        check_one_line(name, text)?;
        Ok(text.into())
    }

    /// Reads the one of its two variables that is set.
    pub(super) fn find_source(
        &'static self,
        variable: Variable<'_>,
        access: &CredentialAccess,
        secrets: &Secrets,
    ) -> Result<RereadableSecret, EnvError> {
        let Self { name, variable: given, file, .. } = self;
        let (place, secret) = match (variable(given), variable(file)) {
            (Some(_), Some(_)) => Err(unusable!(
                "both {given} and {file} are set",
                "set one of them only, so that it is clear which is used"
            )),
            (None, None) => Err(unusable!(
                "neither {given} nor {file} is set",
                "set {given} to {name}, or {file} to a file that holds it"
            )),
            (None, Some(path)) if path.trim().is_empty() => Err(unusable!(
                "{file} is empty",
                "set {file} to the path of the file that holds {name}; an unset CI secret often looks like this"
            )),
            (None, Some(path)) => {
                let secret = self.read_secret_file(Path::new(&path), access)?;
                Ok((Some((path.into(), access.clone())), secret))
            }
            (Some(text), None) => Ok((None, self.parse_secret(&text)?)),
        }?;
        secrets.add_secret(secret.expose_secret());
        Ok(RereadableSecret { kind: self, file: place, last: Mutex::new(secret) })
    }

    fn read_secret_file(
        &self,
        path: &Path,
        access: &CredentialAccess,
    ) -> Result<SecretString, EnvError> {
        let bytes = read_file_of_variable(self.file, &path.to_string_lossy(), &*access.read_file)?;
        // Bytes that are not text are refused as a secret.
        self.parse_secret(&String::from_utf8_lossy(&bytes))
    }
}

/// Checks that a typed value is one line of text.
pub(super) fn check_one_line(name: &str, text: &str) -> Result<(), EnvError> {
    if text.chars().any(|character| character.is_control() || character == '\u{fffd}') {
        return Err(unusable!(
            "{name} contains a line break, a control character or bytes that are not text (UTF-8)",
            "copy it again, alone on one line"
        ));
    }
    Ok(())
}

/// A secret, and the file that it came from.
pub(crate) struct RereadableSecret {
    kind: &'static SecretKind,
    file: Option<(PathBuf, CredentialAccess)>,
    /// As it was last read and could be used.
    last: Mutex<SecretString>,
}

impl RereadableSecret {
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
        let Some((path, access)) = self.file.as_ref().filter(|(path, _)| !is_special_file(path))
        else {
            return self.last_read();
        };
        match self.kind.read_secret_file(path, access) {
            Ok(secret) => {
                secrets.add_secret(secret.expose_secret());
                *self.last.lock().unwrap_or_else(PoisonError::into_inner) = secret.clone();
                secret
            }
            Err(error) => {
                tracing::warn!("{}; the previous value is used", access.names.rename(error.why));
                self.last_read()
            }
        }
    }
}

/// Whether it can be read only once: opening it again could block for ever.
fn is_special_file(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|metadata| !metadata.is_file())
}

/// Shows where it comes from, never the secret.
impl fmt::Debug for RereadableSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self.file.as_ref().map_or("given", |_| self.kind.file);
        write!(f, "{place} [hidden]")
    }
}
