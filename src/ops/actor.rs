//! Who runs arkib, for the records.

use crate::environment::variable;
use crate::forge::ci_run;
use crate::text::excerpt;

/// The user who runs arkib, or the account of CI.
pub(crate) fn current_user() -> String {
    let system = || {
        let mut names = ["USER", "LOGNAME", "USERNAME"].into_iter().filter_map(variable);
        names.find(|name| !name.is_empty())
    };
    let user = ci_run::actor(&variable).or_else(system);
    user.map_or_else(|| "unknown".to_owned(), |user| excerpt(&user, 200))
}

/// The URL of the CI job, if CI provides it.
pub(crate) fn ci_job_url() -> Option<String> {
    ci_run::job_url(&variable).map(|url| excerpt(&url, 200))
}
