//! Whose run this is, for the records.

use crate::environment;
use crate::text::excerpt;

/// The person who runs this, or the account of CI.
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

/// The job that runs this, where CI says.
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
