//! What the environment of a CI job says: the only reader of these variables. Pure.
//!
//! GitHub, Forgejo and Gitea set the same names; the last two say which they are by one of their own.

#[cfg(test)]
mod tests;

use serde::Deserialize;

use super::error::ForgeError;
use crate::environment::{ReadFile, Variable, read_file_of_variable};
use crate::language::Message;

/// The forge that runs a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forge {
    /// GitHub Actions, also of GitHub Enterprise.
    Github,
    /// GitLab CI.
    Gitlab,
    /// Forgejo Actions and Gitea Actions.
    Forgejo,
}

impl Forge {
    /// The forge whose job this is, if it is one.
    pub fn from_environment(variable: Variable<'_>) -> Option<Self> {
        let is_set =
            |name| non_empty_variable(variable, name).is_some_and(|value| value != "false");
        if is_set("GITLAB_CI") {
            Some(Self::Gitlab)
        } else if is_set("FORGEJO_ACTIONS") || is_set("GITEA_ACTIONS") {
            Some(Self::Forgejo)
        } else {
            is_set("GITHUB_ACTIONS").then_some(Self::Github)
        }
    }

    /// Its name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Github => "GitHub",
            Self::Gitlab => "GitLab",
            Self::Forgejo => "Forgejo",
        }
    }

    /// The variable with the address of its API.
    pub fn api_variable(self) -> &'static str {
        match self {
            Self::Github | Self::Forgejo => "GITHUB_API_URL",
            Self::Gitlab => "CI_API_V4_URL",
        }
    }
}

/// A run for a pull request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullRequestRun {
    /// The forge that runs the job.
    pub forge: Forge,
    /// The address of the forge's API.
    pub api: String,
    /// `owner/name`; on GitLab the id of the project.
    pub project: String,
    /// The number of the pull request.
    pub number: u64,
    /// The newest commit of its branch, as this run has it.
    pub head: String,
    /// The page of this job.
    pub job: Option<String>,
    /// Whether the branch is in a fork: its jobs get no secrets.
    pub is_from_fork: bool,
}

/// The account that started the job.
pub fn actor(variable: Variable<'_>) -> Option<String> {
    non_empty_variable(variable, "GITHUB_ACTOR")
        .or_else(|| non_empty_variable(variable, "GITLAB_USER_LOGIN"))
}

/// The page of this job.
pub fn job_url(variable: Variable<'_>) -> Option<String> {
    let run = || {
        let server = non_empty_variable(variable, "GITHUB_SERVER_URL")?;
        let repository = non_empty_variable(variable, "GITHUB_REPOSITORY")?;
        // Pages of Forgejo count the runs of one repository.
        let run = non_empty_variable(
            variable,
            match Forge::from_environment(variable) {
                Some(Forge::Forgejo) => "GITHUB_RUN_NUMBER",
                _ => "GITHUB_RUN_ID",
            },
        )?;
        Some(format!("{server}/{repository}/actions/runs/{run}"))
    };
    non_empty_variable(variable, "CI_JOB_URL").or_else(run)
}

/// The address below which the forge's pages of a commit's files are. Where the environment names no page
/// that can be a link, there is none.
pub fn file_pages(variable: Variable<'_>, commit: &str) -> Option<String> {
    let of_github = |between: &str| {
        let server = non_empty_variable(variable, "GITHUB_SERVER_URL")?;
        let repository = non_empty_variable(variable, "GITHUB_REPOSITORY")?;
        Some(format!("{}/{repository}/{between}", server.trim_end_matches('/')))
    };
    let pages = match Forge::from_environment(variable)? {
        Forge::Gitlab => format!("{}/-/blob", non_empty_variable(variable, "CI_PROJECT_URL")?),
        Forge::Forgejo => of_github("src/commit")?,
        Forge::Github => of_github("blob")?,
    };
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~:/%".contains(c);
    let is_page = pages.starts_with("https://") || pages.starts_with("http://");
    (is_page && pages.chars().all(is_plain)).then(|| format!("{pages}/{commit}"))
}

/// The commit that this pull request is to be merged into. A branch has its full name, because a tag that
/// is called `origin/main` would make any other ambiguous.
///
/// # Errors
/// What is missing.
pub fn pull_request_base(variable: Variable<'_>) -> Result<String, ForgeError> {
    let branch = match forge(variable)? {
        Forge::Gitlab => {
            let project = required_on_pull_request(variable, "CI_MERGE_REQUEST_PROJECT_ID")?;
            // In a fork `origin` is the fork, and its copy of that branch may be old.
            if non_empty_variable(variable, "CI_PROJECT_ID").is_some_and(|own| own != project) {
                return required_on_pull_request(variable, "CI_MERGE_REQUEST_DIFF_BASE_SHA");
            }
            required_on_pull_request(variable, "CI_MERGE_REQUEST_TARGET_BRANCH_NAME")?
        }
        Forge::Github | Forge::Forgejo => required_on_pull_request(variable, "GITHUB_BASE_REF")?,
    };
    Ok(format!("refs/remotes/origin/{branch}"))
}

impl PullRequestRun {
    /// Reads what the job says. The environment and the file system are passed in.
    ///
    /// # Errors
    /// What is missing, or cannot be read.
    pub fn from_environment(
        variable: Variable<'_>,
        read_file: ReadFile<'_>,
    ) -> Result<Self, ForgeError> {
        let forge = forge(variable)?;
        match forge {
            Forge::Gitlab => from_gitlab(variable),
            Forge::Github | Forge::Forgejo => of_github(forge, variable, read_file),
        }
    }
}

fn from_gitlab(variable: Variable<'_>) -> Result<PullRequestRun, ForgeError> {
    let project = required_on_pull_request(variable, "CI_MERGE_REQUEST_PROJECT_ID")?;
    let number = required_on_pull_request(variable, "CI_MERGE_REQUEST_IID")?;
    // A pipeline of the merged result runs on a commit that only it has.
    let head = non_empty_variable(variable, "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA");
    Ok(PullRequestRun {
        forge: Forge::Gitlab,
        api: required_of_job(variable, Forge::Gitlab.api_variable())?,
        number: number
            .parse()
            .map_err(|_| not_a_pull_request(message!("forge-no-merge-request")))?,
        head: head.map_or_else(|| required_of_job(variable, "CI_COMMIT_SHA"), Ok)?,
        job: job_url(variable),
        is_from_fork: non_empty_variable(variable, "CI_MERGE_REQUEST_SOURCE_PROJECT_ID")
            .is_some_and(|source| source != project),
        project,
    })
}

/// The event that started the job.
#[derive(Debug, Deserialize)]
struct Event {
    pull_request: Option<EventPullRequest>,
}

#[derive(Debug, Deserialize)]
struct EventPullRequest {
    number: Option<u64>,
    head: EventHead,
}

#[derive(Debug, Deserialize)]
struct EventHead {
    sha: String,
    /// Nothing where the fork was deleted.
    repo: Option<EventRepository>,
}

#[derive(Debug, Deserialize)]
struct EventRepository {
    full_name: String,
}

fn of_github(
    forge: Forge,
    variable: Variable<'_>,
    read_file: ReadFile<'_>,
) -> Result<PullRequestRun, ForgeError> {
    let project = required_of_job(variable, "GITHUB_REPOSITORY")?;
    let file = required_of_job(variable, EVENT)?;
    let bytes = read_file_of_variable(EVENT, &file, read_file)?;
    let event: Event = serde_json::from_slice(&bytes).map_err(|error| {
        let error = error.to_string();
        ForgeError::new(message!("forge-event-unread", name = EVENT, error), on_pull_request())
    })?;
    let pull_request =
        event.pull_request.ok_or_else(|| not_a_pull_request(message!("forge-event-none")))?;
    // `refs/pull/7/merge`
    let number = non_empty_variable(variable, "GITHUB_REF")
        .and_then(|name| name.strip_prefix("refs/pull/")?.split('/').next()?.parse().ok());
    let no_number = || not_a_pull_request(message!("forge-event-no-number"));
    let head = pull_request.head;
    Ok(PullRequestRun {
        forge,
        api: required_of_job(variable, forge.api_variable())?,
        number: number.or(pull_request.number).ok_or_else(no_number)?,
        job: job_url(variable),
        is_from_fork: !head.repo.is_some_and(|repo| repo.full_name.eq_ignore_ascii_case(&project)),
        head: head.sha,
        project,
    })
}

const EVENT: &str = "GITHUB_EVENT_PATH";

fn on_pull_request() -> Message {
    let rule = "$CI_PIPELINE_SOURCE == \"merge_request_event\"";
    message!("forge-pull-request-help", rule)
}

fn forge(variable: Variable<'_>) -> Result<Forge, ForgeError> {
    Forge::from_environment(variable)
        .ok_or_else(|| ForgeError::new(message!("forge-no-job"), on_pull_request()))
}

/// What only a job for a pull request has.
fn required_on_pull_request(variable: Variable<'_>, name: &str) -> Result<String, ForgeError> {
    non_empty_variable(variable, name)
        .ok_or_else(|| not_a_pull_request(message!("forge-unset", name)))
}

/// What every job has.
fn required_of_job(variable: Variable<'_>, name: &str) -> Result<String, ForgeError> {
    non_empty_variable(variable, name)
        .ok_or_else(|| ForgeError::new(message!("forge-unset", name), message!("forge-unset-help")))
}

fn not_a_pull_request(why: Message) -> ForgeError {
    ForgeError::new(message!("forge-no-pull-request", why), on_pull_request())
}

/// What is not set is often empty in CI.
pub(super) fn non_empty_variable(variable: Variable<'_>, name: &str) -> Option<String> {
    variable(name).filter(|value| !value.is_empty())
}
