//! What jobs of each forge say, as their runners set it.

use std::io;
use std::path::Path;

use super::*;

const GITHUB: &[(&str, &str)] = &[
    ("GITHUB_ACTIONS", "true"),
    ("GITHUB_API_URL", "https://api.github.example"),
    ("GITHUB_SERVER_URL", "https://github.example"),
    ("GITHUB_REPOSITORY", "agensi/arkib"),
    ("GITHUB_REF", "refs/pull/7/merge"),
    ("GITHUB_BASE_REF", "main"),
    ("GITHUB_RUN_ID", "4711"),
    ("GITHUB_RUN_NUMBER", "12"),
    ("GITHUB_ACTOR", "siti"),
    ("GITHUB_EVENT_PATH", "event.json"),
];
const EVENT_JSON: &str = r#"{"number":7,"pull_request":{"number":7,"head":{"sha":"c0ffee","repo":{"full_name":"Agensi/arkib"}}}}"#;

const GITLAB: &[(&str, &str)] = &[
    ("GITLAB_CI", "true"),
    ("CI_API_V4_URL", "https://gitlab.example/api/v4"),
    ("CI_PROJECT_ID", "42"),
    ("CI_MERGE_REQUEST_PROJECT_ID", "42"),
    ("CI_MERGE_REQUEST_SOURCE_PROJECT_ID", "42"),
    ("CI_MERGE_REQUEST_IID", "7"),
    ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"),
    ("CI_MERGE_REQUEST_DIFF_BASE_SHA", "beef"),
    ("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", ""),
    ("CI_COMMIT_SHA", "c0ffee"),
    ("CI_JOB_URL", "https://gitlab.example/agensi/arkib/-/jobs/1"),
    ("GITLAB_USER_LOGIN", "siti"),
];

/// Some variables, with others in their place.
fn environment<'a>(
    all: &'a [(&'a str, &'a str)],
    others: &'a [(&'a str, &'a str)],
) -> impl Fn(&str) -> Option<String> + 'a {
    move |name| {
        let mut found = others.iter().chain(all).filter(|(own, _)| *own == name);
        found.next().map(|(_, value)| (*value).to_owned())
    }
}

fn run(
    all: &[(&str, &str)],
    others: &[(&str, &str)],
    event: &str,
) -> Result<PullRequestRun, String> {
    let read = |path: &Path| match path == Path::new("event.json") {
        true => Ok(event.as_bytes().to_vec()),
        false => Err(io::ErrorKind::NotFound.into()),
    };
    let read = PullRequestRun::from_environment(&environment(all, others), &read);
    read.map_err(|error| format!("{}; {}", error.why, error.help))
}

#[test]
fn reads_a_pull_request_of_each_forge() {
    let github = PullRequestRun {
        forge: Forge::Github,
        api: "https://api.github.example".into(),
        project: "agensi/arkib".into(),
        number: 7,
        head: "c0ffee".into(),
        job: Some("https://github.example/agensi/arkib/actions/runs/4711".into()),
        is_from_fork: false,
    };
    assert_eq!(run(GITHUB, &[], EVENT_JSON), Ok(github.clone()));
    for name in ["FORGEJO_ACTIONS", "GITEA_ACTIONS"] {
        let forgejo = PullRequestRun {
            forge: Forge::Forgejo,
            job: Some("https://github.example/agensi/arkib/actions/runs/12".into()),
            ..github.clone()
        };
        assert_eq!(run(GITHUB, &[(name, "true")], EVENT_JSON), Ok(forgejo));
    }
    let gitlab = PullRequestRun {
        forge: Forge::Gitlab,
        api: "https://gitlab.example/api/v4".into(),
        project: "42".into(),
        job: Some("https://gitlab.example/agensi/arkib/-/jobs/1".into()),
        ..github
    };
    assert_eq!(run(GITLAB, &[], ""), Ok(gitlab));
}

#[test]
fn finds_the_newest_commit_of_the_branch_and_forks() {
    let merged = run(GITLAB, &[("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA", "cafe")], "").unwrap();
    assert_eq!((&*merged.head, merged.is_from_fork), ("cafe", false));
    assert!(run(GITLAB, &[("CI_MERGE_REQUEST_SOURCE_PROJECT_ID", "9")], "").unwrap().is_from_fork);
    for repo in [r#"{"full_name":"siti/arkib"}"#, "null"] {
        let event = format!(r#"{{"pull_request":{{"head":{{"sha":"a","repo":{repo}}}}}}}"#);
        assert!(run(GITHUB, &[], &event).unwrap().is_from_fork, "{repo}");
    }
    // pull_request_target: the reference is that of the base.
    let target = run(GITHUB, &[("GITHUB_REF", "refs/heads/main")], EVENT_JSON);
    assert_eq!(target.unwrap().number, 7);
}

#[test]
fn the_base_is_the_target_as_it_was_fetched() {
    let base = |all, others| pull_request_base(&environment(all, others));
    // Its full name: anyone who may push a tag could give a shorter one another meaning.
    assert_eq!(base(GITHUB, &[]), Ok("refs/remotes/origin/main".into()));
    assert_eq!(base(GITLAB, &[]), Ok("refs/remotes/origin/main".into()));
    assert_eq!(base(GITLAB, &[("CI_PROJECT_ID", "9")]), Ok("beef".into()));
    // Nothing that git would take for an option.
    let all = base(GITHUB, &[("GITHUB_BASE_REF", "--all")]);
    assert_eq!(all, Ok("refs/remotes/origin/--all".into()));
}

#[test]
fn says_what_is_missing() {
    let nowhere = run(&[], &[], "").unwrap_err();
    assert!(nowhere.contains("GITHUB_ACTIONS, GITLAB_CI"), "{nowhere}");
    // Every job has these, for whatever it is.
    for (all, missing) in [
        (GITHUB, "GITHUB_REPOSITORY"),
        (GITHUB, "GITHUB_EVENT_PATH"),
        (GITHUB, "GITHUB_API_URL"),
        (GITLAB, "CI_API_V4_URL"),
        (GITLAB, "CI_COMMIT_SHA"),
    ] {
        let why = run(all, &[(missing, "")], EVENT_JSON).unwrap_err();
        assert!(why.starts_with(&format!("{missing} is not set; ")), "{why}");
        assert!(why.contains("every job") && !why.contains("pull"), "{why}");
    }
    for missing in ["CI_MERGE_REQUEST_PROJECT_ID", "CI_MERGE_REQUEST_IID"] {
        let why = run(GITLAB, &[(missing, "")], "").unwrap_err();
        let expected = format!("this job is for no pull request: {missing} is not set; ");
        assert!(why.starts_with(&expected) && why.contains("on: pull_request"), "{why}");
    }
    let why = run(GITLAB, &[("CI_MERGE_REQUEST_IID", "x")], "").unwrap_err();
    assert!(why.contains("CI_MERGE_REQUEST_IID is no number"), "{why}");
    for (all, missing) in [
        (GITHUB, "GITHUB_BASE_REF"),
        (GITLAB, "CI_MERGE_REQUEST_TARGET_BRANCH_NAME"),
        (GITLAB, "CI_MERGE_REQUEST_PROJECT_ID"),
    ] {
        let why = pull_request_base(&environment(all, &[(missing, "")])).unwrap_err().why;
        assert!(why.contains(missing), "{why}");
    }
    for event in ["", "[]", r#"{"pull_request":{"head":{}}}"#] {
        let why = run(GITHUB, &[], event).unwrap_err();
        assert!(why.contains("GITHUB_EVENT_PATH names is not the event"), "{why}");
    }
    // A push has no pull request.
    let push = run(GITHUB, &[], "{}").unwrap_err();
    assert!(push.contains("for no pull request: its event has none; run"), "{push}");
    let lost = run(GITHUB, &[("GITHUB_EVENT_PATH", "gone.json")], EVENT_JSON).unwrap_err();
    assert!(lost.contains("cannot be read"), "{lost}");
}

#[test]
fn tells_who_started_the_job_and_where_it_is() {
    let actor = |all| actor(&environment(all, &[]));
    assert_eq!((actor(GITHUB), actor(GITLAB)), (Some("siti".into()), Some("siti".into())));
    assert_eq!(actor(&[("USER", "siti")]), None);
    assert_eq!(job_url(&environment(&[("GITHUB_RUN_ID", "1")], &[])), None);
}

#[test]
fn pages_of_files_are_those_of_the_forge() {
    let pages = |all: &[(&str, &str)], others: &[(&str, &str)]| {
        file_pages(&environment(all, others), "4f2c")
    };
    let github = Some("https://github.example/agensi/arkib/blob/4f2c".to_owned());
    assert_eq!(pages(GITHUB, &[]), github);
    let forgejo = Some("https://github.example/agensi/arkib/src/commit/4f2c".to_owned());
    assert_eq!(pages(GITHUB, &[("FORGEJO_ACTIONS", "true")]), forgejo);
    let project = ("CI_PROJECT_URL", "https://gitlab.example/agensi/arkib");
    let gitlab = Some("https://gitlab.example/agensi/arkib/-/blob/4f2c".to_owned());
    assert_eq!(pages(GITLAB, &[project]), gitlab);
    // None where it is not known, or could be something else than a link.
    assert_eq!(pages(GITLAB, &[]), None);
    assert_eq!(pages(&[], &[project]), None);
    for hostile in ["javascript:alert(1)", "https://a.example) <b>", "https://a.example\n/close"] {
        assert_eq!(pages(GITLAB, &[("CI_PROJECT_URL", hostile)]), None, "{hostile}");
    }
}
