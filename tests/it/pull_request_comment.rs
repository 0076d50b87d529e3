//! `arkib comment` at each forge, and what forges and other people may do to it.

use std::process::Output;

use crate::fake_forge::{Act, FakeForge, HEAD, Kind, MARKER, ME, OTHER, TOKEN, job_account};
use crate::session::{InTime as _, Session, stderr, stdout};

const ALL: [Kind; 3] = [Kind::Github, Kind::Gitlab, Kind::Forgejo];
const PLAN: &str = "<!-- arkib reconcile -->\n### arkib: 1 to enable\n";

fn session() -> Session {
    let session = Session::new();
    session.write("comment.md", PLAN);
    session
}

fn comment(forge: &FakeForge, session: &Session) -> Output {
    forge.arkib(session, &["comment", "comment.md"]).in_time()
}

/// What it printed, after it ended well and showed no token.
fn done(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", stderr(output));
    assert!(!stderr(output).contains(TOKEN), "{}", stderr(output));
    stdout(output)
}

/// Its one line, after it failed with this status.
fn failed(output: &Output, status: i32) -> String {
    let said = stderr(output);
    assert_eq!(output.status.code(), Some(status), "{said}");
    assert_eq!((said.trim_end().lines().count(), stdout(output).as_str()), (1, ""), "{said}");
    assert!(!said.contains(TOKEN), "{said}");
    said
}

#[test]
fn one_comment_is_made_and_kept_up_to_date() {
    for kind in ALL {
        let (forge, session) = (FakeForge::start(kind), session());
        forge.add(OTHER, &format!("{PLAN}not ours"));
        forge.add(ME, "without the marker");
        let url = done(&comment(&forge, &session));
        assert!(url.starts_with("https://") && url.trim_end().ends_with("102"), "{url}");
        assert_eq!(forge.comments(), [(100, OTHER), (101, ME), (102, ME)], "{kind:?}");
        let job = match kind {
            Kind::Gitlab => "https://gitlab.example/agensi/arkib/-/jobs/1",
            Kind::Github | Kind::Forgejo => "https://forge.example/agensi/arkib/actions/runs/4711",
        };
        let expected = format!("{PLAN}\nFor commit {HEAD}, by [this job]({job}).\n");
        assert_eq!(forge.text(102), expected);
        session.write("comment.md", "### arkib: nothing to do\n");
        assert_eq!(done(&comment(&forge, &session)), url);
        assert_eq!(forge.comments(), [(100, OTHER), (101, ME), (102, ME)], "{kind:?}");
        let text = forge.text(102);
        assert!(text.starts_with(&format!("{MARKER}\n### arkib: nothing to do\n")), "{text}");
        assert!(forge.text(100).ends_with("not ours"));
    }
}

/// As `>` of Windows PowerShell writes it.
#[test]
fn a_file_may_be_utf_16() {
    let (forge, session) = (FakeForge::start(Kind::Github), Session::new());
    let text = format!("\u{feff}{}", PLAN.replace('\n', "\r\n"));
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    session.write("comment.md", bytes);
    done(&comment(&forge, &session));
    assert!(forge.text(100).starts_with(PLAN), "{}", forge.text(100));
}

/// A branch can bring one to any file that the job may read, such as its environment.
#[cfg(unix)]
#[test]
fn no_link_is_followed() {
    let (forge, session) = (FakeForge::start(Kind::Github), session());
    let outside = Session::new();
    session.write("secret", "SECRET");
    outside.write("secret", "SECRET");
    std::fs::create_dir(session.path().join(".git")).unwrap();
    let outside = outside.path().to_str().unwrap();
    for (file, link, to) in [
        ("named.md", "named.md", "secret"),
        ("dangling.md", "dangling.md", "nowhere"),
        ("texts/secret", "texts", outside),
    ] {
        std::os::unix::fs::symlink(to, session.path().join(link)).unwrap();
        let said = failed(&forge.arkib(&session, &["comment", file]).in_time(), 1);
        assert!(said.contains("a link") && said.contains("no comment was written"), "{said}");
    }
    assert_eq!(forge.comments(), []);
}

#[test]
fn a_job_that_made_no_plan_says_so_in_the_place_of_the_older_plan() {
    let (forge, session) = (FakeForge::start(Kind::Github), session());
    done(&comment(&forge, &session));
    for text in [Some(""), None] {
        match text {
            Some(text) => session.write("comment.md", text),
            None => std::fs::remove_file(session.path().join("comment.md")).unwrap(),
        }
        done(&comment(&forge, &session));
        assert!(forge.text(100).contains("failed before it could make one"), "{}", forge.text(100));
        forge.state().comments[0].text = PLAN.to_owned();
    }
}

#[test]
fn the_comment_is_found_on_any_page_and_by_a_token_that_may_not_ask_who_it_is() {
    for kind in ALL {
        let (forge, session) = (FakeForge::start(kind), session());
        // On GitLab a job has no token that may comment.
        forge.state().is_job_token = kind != Kind::Gitlab;
        for count in 0..230 {
            forge.add(OTHER, &format!("{MARKER} {count}"));
        }
        forge.add(job_account(kind), PLAN);
        done(&comment(&forge, &session));
        assert_eq!(forge.comments().len(), 231, "{kind:?}");
        assert!(forge.text(330).contains("For commit"), "{kind:?}");
    }
}

#[test]
fn two_pipelines_at_once_leave_the_older_comment() {
    for kind in ALL {
        let (forge, session) = (FakeForge::start(kind), session());
        forge.add(OTHER, PLAN);
        forge.state().other_run = Some(PLAN);
        let url = done(&comment(&forge, &session));
        assert!(url.trim_end().ends_with("101"), "{url}");
        assert_eq!(forge.comments(), [(100, OTHER), (101, ME)], "{kind:?}");
        assert!(forge.text(101).contains("For commit"));
    }
    // In earnest: whoever is faster, one is left.
    let (forge, session) = (FakeForge::start(Kind::Github), session());
    // Each writes the event of the job anew, so none runs before all are made.
    let commands = [(); 4].map(|()| forge.arkib(&session, &["comment", "comment.md"]));
    let runs = commands.map(|mut command| std::thread::spawn(move || command.output().unwrap()));
    for run in runs {
        done(&run.join().unwrap());
    }
    assert_eq!(forge.comments().len(), 1, "{:?}", forge.state().requests);
}

#[test]
fn the_run_of_an_older_commit_writes_nothing() {
    for kind in ALL {
        let (forge, session) = (FakeForge::start(kind), session());
        forge.add(ME, "<!-- arkib reconcile -->\nof the newer commit");
        forge.state().head = "f00d000000000000000000000000000000000000";
        // Not even -q hides that.
        let output = forge.arkib(&session, &["-q", "comment", "comment.md"]).in_time();
        assert_eq!(done(&output), "");
        assert!(stderr(&output).contains("newest commit of the branch is f00d"), "{kind:?}");
        assert_eq!(forge.text(100), "<!-- arkib reconcile -->\nof the newer commit");
    }
}

#[test]
fn a_forge_that_refuses_fails_the_run_in_one_line() {
    for kind in ALL {
        for (act, says) in [
            (
                Act::Answer(401, "", r#"{"message": "Bad credentials"}"#),
                "not accept the token (401)",
            ),
            (Act::Answer(403, "", r#"{"message": "no, rahsia-token-4711"}"#), "(403): no, [token]"),
            (Act::Answer(404, "", "{}"), "(404); "),
            (Act::Answer(429, "retry-after: 3600\r\n", "{}"), "no more requests for now (429)"),
            (Act::Answer(403, "x-ratelimit-remaining: 0\r\n", "{}"), "requests for now (403)"),
            (Act::Answer(302, "location: https://other.example/\r\n", ""), "does not follow"),
            (Act::Answer(200, "", "<!DOCTYPE html><title>Login</title>"), "with a web page"),
            (Act::Answer(200, "", r#"{"head": 7}"#), "something else than its API"),
        ] {
            let (forge, session) = (FakeForge::start(kind), session());
            forge.act(act, 1);
            let said = failed(&comment(&forge, &session), 1);
            assert!(said.starts_with("Failed: no comment was written: "), "{said}");
            assert!(said.contains(says), "{kind:?}: {said}");
            assert_eq!(forge.state().requests.len(), 1, "{kind:?}: {says}");
        }
    }
}

#[test]
fn what_passes_is_waited_for() {
    let (forge, session) = (FakeForge::start(Kind::Github), session());
    forge.act(Act::Answer(429, "retry-after: 1\r\n", "{}"), 1);
    forge.act(Act::Answer(502, "", "<html>"), 1);
    done(&comment(&forge, &session));
    assert_eq!(forge.comments(), [(100, ME)]);
    // No answer at all within ten seconds.
    forge.act(Act::Hang, 1);
    done(&comment(&forge, &session));
    assert_eq!(forge.comments(), [(100, ME)]);
}

#[test]
fn a_fork_without_a_token_fails_nothing() {
    for kind in ALL {
        let (forge, session) = (FakeForge::start(kind), session());
        let fork = |token: &str| {
            let mut command = forge.arkib(&session, &["comment", "comment.md"]);
            let event = format!(
                r#"{{"pull_request": {{"head": {{"sha": "{HEAD}", "repo": {{"full_name": "siti/arkib"}}}}}}}}"#
            );
            session.write("event.json", event);
            let name = if kind == Kind::Gitlab { "ARKIB_COMMENT_TOKEN" } else { "GITHUB_TOKEN" };
            command.env("CI_MERGE_REQUEST_SOURCE_PROJECT_ID", "9").env(name, token).in_time()
        };
        assert!(failed(&fork(""), 0).contains("there is no token"), "{kind:?}");
        assert!(failed(&fork("wrong"), 0).contains("not accept the token"), "{kind:?}");
        forge.act(Act::Answer(403, "", "{}"), 1);
        assert!(failed(&fork(TOKEN), 0).contains("(403)"), "{kind:?}");
        assert_eq!(forge.comments(), []);
        // Elsewhere a job without a token is set up wrongly.
        let mut own = forge.arkib(&session, &["comment", "comment.md"]);
        own.env_remove("GITHUB_TOKEN").env("ARKIB_COMMENT_TOKEN", "");
        assert!(failed(&own.in_time(), 1).contains("there is no token"), "{kind:?}");
    }
}

#[test]
fn a_dry_run_shows_the_text_and_asks_nothing() {
    let (forge, session) = (FakeForge::start(Kind::Gitlab), session());
    let mut command = forge.arkib(&session, &["comment", "--dry-run", "comment.md"]);
    let output = command.env_remove("ARKIB_COMMENT_TOKEN").in_time();
    let text = done(&output);
    assert!(text.starts_with(PLAN) && text.contains("For commit"), "{text}");
    assert!(stderr(&output).contains("to pull request 7 of 42 (GitLab)"), "{}", stderr(&output));
    assert_eq!(forge.state().requests.len(), 0);
}

#[test]
fn elsewhere_it_says_what_is_missing() {
    let session = session();
    for arguments in [&["comment", "comment.md"][..], &["check", "--pull-request"]] {
        let output = session.run(arguments);
        assert_eq!(output.status.code(), Some(64), "{}", stderr(&output));
        assert!(stderr(&output).contains("none of GITHUB_ACTIONS"), "{}", stderr(&output));
    }
    // No file is to blame for it.
    let output = session.run(&["check", "--pull-request", "--format", "github"]);
    let said = stdout(&output);
    assert!(said.starts_with("::error title=arkib::Nothing was checked: --pull-request"), "{said}");
    let (forge, plain) = (FakeForge::start(Kind::Github), "http://forge.example");
    let mut command = forge.arkib(&session, &["comment", "comment.md"]);
    let said = failed(&command.env("GITHUB_API_URL", plain).in_time(), 1);
    assert!(said.contains("is plain http"), "{said}");
}

#[test]
fn a_longer_text_is_cut_to_what_the_forge_takes() {
    for kind in ALL {
        let (forge, session) = (FakeForge::start(kind), session());
        let rows = "+ enable siti@agensi.example\n".repeat(300_000);
        session.write("comment.md", format!("### arkib\n\n```diff\n{rows}```\n"));
        done(&comment(&forge, &session));
        let text = forge.text(100);
        assert!(text.contains("Only the beginning") && text.contains("\n```\n\nFor commit"));
        assert!(text.chars().count() > 60_000, "{}", text.chars().count());
    }
}
