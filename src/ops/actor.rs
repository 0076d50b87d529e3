//! Who runs arkib, for the records.

use crate::environment;
use crate::text::excerpt;

/// The user who runs arkib, or the account of CI.
pub(crate) fn current_user() -> String {
    let names = ["GITHUB_ACTOR", "GITLAB_USER_LOGIN", "USER", "LOGNAME", "USERNAME"];
    let mut found = names.iter().filter_map(|name| nonempty_variable(name));
    found.next().unwrap_or_else(|| "unknown".to_owned())
}

/// The URL of the CI job, if CI provides it.
pub(crate) fn ci_job_url() -> Option<String> {
    let github = || {
        let server = nonempty_variable("GITHUB_SERVER_URL")?;
        let repository = nonempty_variable("GITHUB_REPOSITORY")?;
        let run = nonempty_variable("GITHUB_RUN_ID")?;
        Some(format!("{server}/{repository}/actions/runs/{run}"))
    };
    nonempty_variable("CI_JOB_URL").or_else(github)
}

fn nonempty_variable(name: &str) -> Option<String> {
    let value = environment::variable(name)?;
    (!value.is_empty()).then(|| excerpt(&value, 200))
}
