//! What becomes of what a program says, and of how it ends.

use super::*;

#[test]
fn an_answer_is_read_up_to_a_limit() {
    let read = |most| read_whole(&mut &b"0123456789"[..], most).map_err(|e| e.kind());
    assert_eq!(read(10), Ok(b"0123456789".to_vec()));
    assert_eq!(read(9), Err(io::ErrorKind::FileTooLarge));
}

#[test]
fn git_gets_what_it_needs_of_the_environment() {
    for (name, is_given) in [
        ("PATH", true),
        ("HOME", true),
        ("GIT_CONFIG_GLOBAL", true),
        ("GIT_CONFIG_KEY_0", true),
        ("GIT_CONFIG_PARAMETERS", false),
        ("GIT_AUTHOR_NAME", false),
        ("GIT_DIR", false),
        ("GIT_OBJECT_DIRECTORY", false),
        ("ARKIB_PORTAL_TOKEN", false),
        ("GITHUB_TOKEN", false),
        ("HOMES", false),
    ] {
        assert_eq!(is_for_reading(name, false), is_given, "{name}");
        let is_quarantined = name == "GIT_OBJECT_DIRECTORY";
        assert_eq!(is_for_reading(name, true), is_given || is_quarantined, "{name}");
    }
    for (name, is_taken_away) in [
        ("ARKIB_PORTAL_TOKEN", true),
        ("GIT_DIR", true),
        ("GIT_CONFIG_PARAMETERS", true),
        ("GIT_AUTHOR_NAME", false),
        ("GIT_CONFIG_GLOBAL", false),
        ("GITHUB_TOKEN", false),
        ("PATH", false),
    ] {
        assert_eq!(is_withheld(name), is_taken_away, "{name}");
    }
}

#[cfg(unix)]
fn shell(script: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", script]);
    command
}

#[cfg(unix)]
#[test]
fn why_git_gave_no_answer_is_told_apart() {
    let said = |script: &str| {
        run_whole(shell(script), &[]).map_err(|error| (error.to_string(), error.is_no))
    };
    let killed = "git was killed before it had answered";
    for (script, why, is_no) in [
        ("echo x; echo hint >&2; echo 'fatal: broken' >&2; exit 128", "git says: broken", true),
        ("echo x; exit 1", "git says: ", true),
        ("exit 128", "git says: ", true),
        // The reader gave up, which git says nothing about.
        ("kill -13 $$", "git says: ", true),
        ("echo Killed >&2; exit 137", "git says: Killed", true),
        ("exit 137", killed, false),
        ("echo x; kill -9 $$", killed, false),
        ("echo 'fatal: broken' >&2; kill -9 $$", killed, false),
    ] {
        let (said, answer) = said(script).expect_err(script);
        let is_same = if is_no { said == why } else { said.starts_with(why) };
        assert!(is_same && answer == is_no, "{script}: {said}");
    }
    assert_eq!(said("cat; echo warning >&2"), Ok(Vec::new()));
}

#[cfg(unix)]
#[test]
fn an_answer_that_cannot_be_used_is_an_error() {
    let refuse = |script: &str| {
        let take = |_: &mut dyn BufRead| io::Result::<()>::Err(io::Error::other("cut off"));
        run_streamed(shell(script), &[], take).map_err(|error| error.to_string())
    };
    assert_eq!(refuse("true"), Err("git says: cut off".to_owned()));
    assert_eq!(refuse("exit 1"), Err("git says: cut off".to_owned()));
    let why = "git says: no such commit".to_owned();
    assert_eq!(refuse("echo 'fatal: no such commit' >&2; exit 1"), Err(why));
    let bounded = |most| {
        let answer = run_bounded(shell("printf 0123456789"), &[], most);
        answer.map_err(|error| error.to_string())
    };
    assert_eq!(bounded(10), Ok(b"0123456789".to_vec()));
    let why = "git lists more than 0 MiB: there are too many files".to_owned();
    assert_eq!(bounded(9), Err(why));
}

#[cfg(unix)]
#[test]
fn a_long_answer_is_read_to_its_end_or_left_alone() {
    let input = vec![b'x'; 3 * CHUNK + 1];
    assert_eq!(run_whole(shell("cat"), &input), Ok(input));
    // One that never ends, of which nobody wants more.
    let first = |answer: &mut dyn BufRead| answer.read_exact(&mut [0]);
    assert!(run_streamed(shell("while :; do echo x; done"), &[], first).is_err());
}

#[test]
fn removes_logins_from_git_messages() {
    for (said, shown) in [
        (
            "unable to access 'https://ci:glpat-01@git.example/x.git/': refused",
            "unable to access 'https://git.example/x.git/': refused",
        ),
        (
            "could not read Password for 'http://ghp_01@git.example'",
            "could not read Password for 'http://git.example'",
        ),
        (
            "http://u:pa/ss@a.example and ssh://git@b.example",
            "http://a.example and ssh://b.example",
        ),
        (
            "see https://git.example/help, or ask a@b.example",
            "see https://git.example/help, or ask a@b.example",
        ),
    ] {
        assert_eq!(strip_url_logins(said), shown);
    }
}
