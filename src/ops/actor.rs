//! Who runs arkib, for the records.

use crate::environment;
use crate::text::excerpt;

/// The user who runs arkib, or the account of CI.
pub(crate) fn current_user() -> String {
    let names = [
        "GITHUB_ACTOR",
        "GITLAB_USER_LOGIN",
        "USER",
        "LOGNAME",
        "USERNAME",
    ];
    let mut found = names.iter().filter_map(|name| variable(name));
    found.next().unwrap_or_else(|| "unknown".to_owned())
}

/// The URL of the CI job, if CI provides it.
pub(crate) fn job() -> Option<String> {
    let github = || {
        let server = variable("GITHUB_SERVER_URL")?;
        let repository = variable("GITHUB_REPOSITORY")?;
        let run = variable("GITHUB_RUN_ID")?;
        Some(format!("{server}/{repository}/actions/runs/{run}"))
    };
    variable("CI_JOB_URL").or_else(github)
}

fn variable(name: &str) -> Option<String> {
    let value = environment::variable(name)?;
    (!value.is_empty()).then(|| excerpt(&value, 200))
}
