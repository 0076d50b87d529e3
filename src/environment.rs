//! Everything that comes from the environment: variables, and the files that they name. May not know what
//! they are for.

pub mod secret;
mod variable_names;

pub use variable_names::VariableNames;

use std::fs::File;
use std::io::{self, Read as _};
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

use secrecy::SecretString;

use crate::shell::Shell;

/// Reads a variable of the environment, if it is set.
pub type Variable<'a> = &'a dyn Fn(&str) -> Option<String>;
/// Reads the bytes of a file; refuses one that is unreasonably large.
pub type ReadFile<'a> = &'a dyn Fn(&Path) -> io::Result<Vec<u8>>;
/// As [`ReadFile`], for as long as a connection lasts.
pub type ReadAgain = dyn Fn(&Path) -> io::Result<Vec<u8>> + Send + Sync;

/// How a connection reads and hides credentials for as long as it lasts.
#[derive(Clone)]
pub struct CredentialAccess {
    /// What its variables are called.
    pub names: VariableNames,
    /// Reads a file; again in the middle of a run, because secrets rotate.
    pub read_file: Arc<ReadAgain>,
    /// Receives each secret before it is used, including later ones, so that nothing
    /// shows it.
    pub hide: Arc<dyn Fn(&SecretString) + Send + Sync>,
}

/// Why a setting of the environment cannot be used, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnvError {
    /// What was found.
    pub why: String,
    /// What to do.
    pub help: String,
}

/// An [`EnvError`] of both texts, in which names in braces are filled in as by `format!`.
macro_rules! unusable {
    ($why:literal, $help:literal) => {
        $crate::environment::EnvError { why: format!($why), help: format!($help) }
    };
}
pub(crate) use unusable;

/// The largest file that is read for a secret or for certificates, in bytes. (All authorities that a
/// system trusts are a quarter of it.)
const LARGEST_CREDENTIAL: u64 = 1 << 20;

/// A variable of this process. A value that is not text is kept, so that it is refused: to ignore it
/// would mean to trust the system's authorities although others were named.
pub fn variable(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

/// The account of the system that this process runs as. Containers and cron often set no variable.
pub fn system_account() -> Option<String> {
    let mut names = ["USER", "LOGNAME", "USERNAME"].into_iter();
    names.find_map(|name| given(&variable, name)).or_else(process_owner)
}

/// The owner of this process, where the system shows it in files.
#[cfg(unix)]
fn process_owner() -> Option<String> {
    use std::fs;
    use std::os::unix::fs::MetadataExt as _;
    let uid = fs::metadata("/proc/self").ok()?.uid().to_string();
    let accounts = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let mut accounts = accounts.lines().map(|line| line.split(':'));
    let name = accounts.find_map(|mut account| {
        let name = account.next()?;
        (account.nth(1)? == uid).then(|| name.to_owned())
    });
    Some(name.unwrap_or_else(|| format!("uid {uid}")))
}

#[cfg(not(unix))]
fn process_owner() -> Option<String> {
    None
}

/// A variable that has a value. One that is set but blank has none, as CI sets those that nobody gave it.
pub fn given(variable: Variable<'_>, name: &str) -> Option<String> {
    variable(name).filter(|value| !value.trim().is_empty())
}

/// The shell that this process was probably started from.
pub fn shell() -> Shell {
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    Shell::from_environment(cfg!(windows), is_set)
}

/// Whether a host of an address is this machine: 127.0.0.0/8, ::1 and `localhost`.
pub fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    let is_so = |address: IpAddr| address.is_loopback();
    host.eq_ignore_ascii_case("localhost") || address.parse().is_ok_and(is_so)
}

/// The bytes of the file that a variable names.
///
/// # Errors
/// Where no file is named, or it cannot be read.
pub fn read_file_of_variable(
    variable: &str,
    file: &str,
    read_file: ReadFile<'_>,
) -> Result<Vec<u8>, EnvError> {
    if file.trim().is_empty() {
        return Err(unusable!(
            "{variable} is empty",
            "set {variable} to the path of a file, or remove it; an unset CI variable often looks like this"
        ));
    }
    read_file(Path::new(file)).map_err(|error| {
        unusable!(
            "the file that {variable} names cannot be read: {error}",
            "check the path and its permissions"
        )
    })
}

/// The bytes of a file with a secret or certificates.
///
/// # Errors
/// If it cannot be read, or is larger than any such file.
pub fn read_credential_file(path: &Path) -> io::Result<Vec<u8>> {
    read_bounded(path, LARGEST_CREDENTIAL)
}

/// A file's bytes, up to a limit: the name may lead to a device.
///
/// # Errors
/// Where it cannot be read, or is larger.
pub fn read_bounded(path: &Path, largest: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(largest + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > largest {
        let why = format!("it is larger than {largest} bytes");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, why));
    }
    Ok(bytes)
}
