//! A secret that the environment holds, or names the file of. May not know what it opens.

use std::path::{Path, PathBuf};

use secrecy::SecretString;

use super::{EnvError, ReadFile, Variable, given, read_file_of_variable, unusable};
use crate::language::{Message, Value};

/// One kind of secret: its name, its two variables, and what it may be made of.
#[derive(Debug)]
pub struct SecretKind {
    /// For errors.
    pub name: fn() -> Message,
    /// The variable that holds it.
    pub variable: &'static str,
    /// The variable that names a file with it.
    pub file: &'static str,
    /// Whether it has only what a header may have as it is.
    pub is_token: bool,
}

/// A secret, and the file that it came from.
pub type FoundSecret = (Option<PathBuf>, SecretString);

impl SecretKind {
    /// The secret in a text, which editors and `echo` end with a newline.
    ///
    /// # Errors
    /// Where it is empty, or has what no such secret has.
    pub fn parse_secret(&self, text: &str) -> Result<SecretString, EnvError> {
        let text = match text.strip_suffix('\n') {
            Some(line) => line.strip_suffix('\r').unwrap_or(line),
            None => text,
        };
        let Self { variable, file, .. } = *self;
        let name = (self.name)();
        if text.is_empty() {
            let help = message!("setting-secret-empty-help", variable, file);
            return Err(EnvError { why: message!("setting-empty", name), help });
        }
        if self.is_token && !is_valid_in_header(text) {
            return Err(unusable!("setting-no-token", name));
        }
        check_one_line(name, text)?;
        Ok(text.into())
    }

    /// Reads the one of its two variables that is set.
    ///
    /// # Errors
    /// Where none is, or both are, or it cannot be used.
    pub fn find(
        &self,
        variable: Variable<'_>,
        read_file: ReadFile<'_>,
    ) -> Result<FoundSecret, EnvError> {
        let Self { variable: given, file, .. } = *self;
        let name = self.name;
        match (variable(given), variable(file)) {
            (Some(_), Some(_)) => Err(unusable!("setting-both", variable = given, file)),
            (None, None) => {
                let (variable, name) = (given, name());
                Err(unusable!("setting-neither", variable, file; variable, file, name))
            }
            (None, Some(path)) if path.trim().is_empty() => Err(EnvError {
                why: message!("setting-empty", name = file),
                help: message!("setting-secret-file-empty-help", file, name = name()),
            }),
            (None, Some(path)) => {
                let secret = self.read_secret_file(Path::new(&path), read_file)?;
                Ok((Some(path.into()), secret))
            }
            (Some(text), None) => Ok((None, self.parse_secret(&text)?)),
        }
    }

    /// As [`SecretKind::find`], for variables that are [`given`]. Nothing where neither is.
    ///
    /// # Errors
    /// As for [`SecretKind::find`].
    pub fn find_if_given(
        &self,
        variable: Variable<'_>,
        read_file: ReadFile<'_>,
    ) -> Result<Option<SecretString>, EnvError> {
        let given = |name: &str| given(variable, name);
        if given(self.variable).is_none() && given(self.file).is_none() {
            return Ok(None);
        }
        self.find(&given, read_file).map(|(_, secret)| Some(secret))
    }

    /// Reads the file.
    ///
    /// # Errors
    /// Where it cannot be read, or what it holds cannot be used.
    pub fn read_secret_file(
        &self,
        path: &Path,
        read_file: ReadFile<'_>,
    ) -> Result<SecretString, EnvError> {
        let bytes = read_file_of_variable(self.file, &path.to_string_lossy(), read_file)?;
        // Bytes that are not text are refused as a secret.
        self.parse_secret(&String::from_utf8_lossy(&bytes))
    }
}

/// What a header takes as it is (RFC 6750 section 2.1 allows less).
pub fn is_valid_in_header(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Checks that a typed value is one line of text.
///
/// # Errors
/// Where it is not.
pub fn check_one_line(name: impl Into<Value>, text: &str) -> Result<(), EnvError> {
    if text.chars().any(|character| character.is_control() || character == '\u{fffd}') {
        return Err(unusable!("setting-lines", name = name.into()));
    }
    Ok(())
}
