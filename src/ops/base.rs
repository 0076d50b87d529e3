//! The commit that the requests are compared with.

use super::failure::Failure;
use crate::environment::variable;
use crate::exit::Exit;
use crate::forge::ci_run::pull_request_base;

/// What names it.
#[derive(Debug)]
pub enum Base {
    /// The command line.
    Commit(String),
    /// The environment of a CI job for a pull request.
    PullRequest,
}

impl Base {
    /// Its name, if there is one.
    ///
    /// # Errors
    /// Where this is no job for a pull request.
    pub(super) fn resolve(base: Option<&Self>) -> Result<Option<String>, Failure> {
        match base {
            None => Ok(None),
            Some(Self::Commit(name)) => Ok(Some(name.clone())),
            Some(Self::PullRequest) => pull_request_base(&variable).map(Some).map_err(|error| {
                let reason = message!("check-no-pull-request", why = error.why);
                Failure::new(
                    Exit::Usage,
                    reason,
                    message!("check-no-pull-request-help", help = error.help),
                )
            }),
        }
    }
}
