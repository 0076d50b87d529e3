//! Reads the requests that a command works on.

use tokio::runtime::Runtime;

use super::failure::Failure;
use crate::load::{Location, Source};
use crate::output::findings::count;
use crate::yaml::has_errors;

/// The requests, or what a pull request makes of a base.
///
/// # Errors
/// Where they cannot be read, and what that means.
pub(super) fn read(requests: &Location, base: Option<&str>, so: &str) -> Result<Source, Failure> {
    requests.load(base).map_err(|error| {
        let reason = format!("The requests cannot be read: {error}{so}");
        Failure::failed(reason, error.help())
    })
}

/// What a command that changes nothing runs on, where nothing is wrong with what was read.
///
/// # Errors
/// Where something is.
pub(super) fn runtime(source: &Source) -> Result<Runtime, Failure> {
    let found = &source.loaded.findings;
    if has_errors(found) {
        return Err(Failure::failed(count(found), ""));
    }
    super::runtime().map_err(|reason| Failure::failed(reason, ""))
}
