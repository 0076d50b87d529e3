//! Reads the requests that a command works on.

use tokio::runtime::Runtime;

use super::failure::Failure;
use crate::domain::repository_path_resolver::RepositoryPathResolver;
use crate::environment::variable;
use crate::forge::ci_run::file_pages;
use crate::git::GitError;
use crate::load::{LoadedRequests, RequestsLocation};
use crate::output::findings::count_problems;
use crate::printer;
use crate::yaml::has_errors;

/// Reads the requests. From now on people read the first policy's language, unless they chose one.
pub(super) fn load(
    requests: &RequestsLocation,
    base: Option<&str>,
) -> Result<LoadedRequests, GitError> {
    let source = requests.load(base)?;
    if let Some(agency) = source.loaded.agencies.first() {
        printer::use_policy_language(agency.policy.language);
    }
    Ok(source)
}

/// Reads the requests, or those of a pull request with their base.
///
/// # Errors
/// If they cannot be read; `so` says what that means.
pub(super) fn read_with_base(
    requests: &RequestsLocation,
    base: Option<&str>,
    so: &str,
) -> Result<LoadedRequests, Failure> {
    load(requests, base).map_err(|error| {
        let reason = message!("run-requests-unread", error = error.to_string(), so);
        Failure::failed(reason, error.help())
    })
}

/// The paths of the files that were read, and their pages on the forge of a CI job.
pub(super) fn repository_pages(source: &LoadedRequests) -> RepositoryPathResolver {
    let pages = source.commit().and_then(|commit| file_pages(&variable, commit));
    source.repository_path_resolver().with_pages(pages)
}

/// The runtime of a command that changes nothing, if the requests have no errors.
///
/// # Errors
/// If they have errors.
pub(super) fn runtime_if_valid(source: &LoadedRequests) -> Result<Runtime, Failure> {
    let found = &source.loaded.findings;
    if has_errors(found) {
        return Err(Failure::failed(count_problems(found), ""));
    }
    super::new_runtime().map_err(|reason| Failure::failed(reason, ""))
}
