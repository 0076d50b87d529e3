//! Reads the requests for a command that changes nothing, as far as that is possible.

use tokio::runtime::Runtime;

use super::failure::Failure;
use crate::load::{Location, Source};
use crate::output::findings::count;
use crate::yaml::has_errors;

/// The requests.
///
/// # Errors
/// Where they cannot be read.
pub(super) fn read(requests: &Location) -> Result<Source, Failure> {
    requests.load(None).map_err(|error| {
        let reason = format!("The requests cannot be read: {error}");
        Failure::failed(reason, error.help())
    })
}

/// What the command runs on, where nothing is wrong with what was read.
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
