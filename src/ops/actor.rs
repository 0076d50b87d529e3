//! Who runs arkib, for the records.

use crate::environment::{system_account, variable};
use crate::forge::ci_run;
use crate::git::GitFolder;
use crate::load::LoadedRequests;
use crate::ops::failure::Failure;
use crate::text::excerpt;

/// The longest name, in characters.
const LONGEST: usize = 200;

/// Who runs arkib, as every record names them: the account that started the job of CI, else git's user,
/// else the account of the system.
///
/// # Errors
/// If nobody is known: no record is written without a name.
pub(crate) fn current_user(source: &LoadedRequests) -> Result<String, Failure> {
    let user = ci_actor().or_else(|| git_user(source.repository()?));
    user.or_else(|| system_account().map(|account| excerpt(&account, LONGEST))).ok_or_else(|| {
        Failure::failed(message!("record-nobody-known"), message!("record-nobody-known-help"))
    })
}

/// The account that started the job of CI.
pub(crate) fn ci_actor() -> Option<String> {
    ci_run::actor(&variable).map(|actor| excerpt(&actor, LONGEST))
}

/// The name and address that git has for whoever uses it. A branch cannot set them.
fn git_user(place: &GitFolder) -> Option<String> {
    let setting = |name| place.setting(name).ok().flatten();
    let user = match (setting("user.name"), setting("user.email")) {
        (Some(name), Some(email)) => format!("{name} <{email}>"),
        (name, email) => name.or(email)?,
    };
    Some(excerpt(&user, LONGEST))
}

/// The URL of the CI job, if CI provides it.
pub(crate) fn ci_job_url() -> Option<String> {
    ci_run::job_url(&variable).map(|url| excerpt(&url, LONGEST))
}
