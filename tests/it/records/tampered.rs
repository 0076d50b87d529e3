//! Every command that shows what was done says that the records are not intact, also if the newest one,
//! which no other follows, was deleted: git had it.

use super::*;

/// What a command prints on standard error, and how it ends.
fn errors(session: &Session, command: &[&str]) -> (i32, String) {
    let output = session.run(&[command, &DAY[..]].concat());
    (status(&output), stderr(&output))
}

/// That these commands say a text; of them only `register` fails.
fn all_say(session: &Session, said: &str) {
    let register = &["register", "--output", "page.html", "--offline"][..];
    for (command, exit) in [(register, 1), (&["status", "--all"], 0), (&["status", "R-1"], 0)] {
        let (ended, errors) = errors(session, command);
        assert_eq!(ended, exit, "{command:?}: {errors}");
        assert!(errors.contains(said), "{command:?}: {errors}");
        assert!(errors.contains("`arkib records verify` shows all"), "{command:?}: {errors}");
    }
    let register = session.run(&[&["register", "--format", "json"], &DAY[..]].concat());
    let register: Value = crate::session::json(&register);
    assert_eq!(register["exit"]["status"], 1);
    assert!(fs::read_to_string(session.path().join("page.html")).unwrap().contains("R-1"));
}

fn commit(session: &Session, message: &str) -> String {
    session.git(&["add", "--all"]);
    session.git(&["commit", "-q", "-m", message]);
    session.git(&["rev-parse", "HEAD"])
}

#[test]
fn every_command_says_that_a_record_was_changed() {
    let session = after_a_run();
    let (ended, nothing) = errors(&session, &["status", "R-1"]);
    assert!(ended == 0 && !nothing.contains("records"), "{nothing}");
    let [record] = &files(&session)[..] else { panic!("one run") };
    edit(record, |mut lines| {
        lines[1] = lines[1].replace("mailbox0000", "mailbox0009");
        lines
    });
    let name = record.file_name().unwrap().to_str().unwrap();
    let problem = format!("requests/records/{name}:2:1: this line is not as arkib wrote it");
    all_say(&session, &problem);
}

#[test]
fn the_newest_record_is_missed_if_git_had_it() {
    let session = after_a_run();
    refile_request(&session, "R-2", "other");
    // What was never committed is only known by the records that follow.
    let newest = files(&session).pop().unwrap();
    let text = fs::read(&newest).unwrap();
    fs::remove_file(&newest).unwrap();
    assert_eq!(found(&session), Vec::<String>::new());
    fs::write(&newest, text).unwrap();
    commit(&session, "records");
    assert_eq!(found(&session), Vec::<String>::new());

    // Its last line is missed by itself, too.
    edit(&newest, |mut lines| {
        lines.pop();
        lines
    });
    assert_eq!(found(&session), ["error record-changed", "warning no-end"]);
    all_say(&session, "this file is not as it was committed to git");
    fs::remove_file(&newest).unwrap();
    assert_eq!(found(&session), ["error record-deleted"]);
    all_say(&session, "git has this record, but it is not in its folder; no commit deleted it");
    let by = commit(&session, "tidied");
    session.git(&["commit", "-q", "--allow-empty", "-m", "later"]);
    assert_eq!(found(&session), ["error record-deleted"]);
    all_say(&session, &format!("this record was deleted by commit {}", &by[..12]));
    // Whoever gives notices would give them twice.
    assert!(!session.path().join("requests/records").join(&newest).exists());
    session.git(&["checkout", "-q", "HEAD~2", "--", "requests/records"]);
    assert_eq!(found(&session), Vec::<String>::new());
}

#[test]
fn moved_and_renamed_records_are_not_missed() {
    let session = after_a_run();
    refile_request(&session, "R-2", "other");
    commit(&session, "records");
    let newest = files(&session).pop().unwrap();
    fs::rename(&newest, newest.with_file_name("20990101T000000000Z-1-1.jsonl")).unwrap();
    commit(&session, "renamed");
    assert_eq!(found(&session), Vec::<String>::new());
    session.git(&["mv", "requests/records", "kept"]);
    commit(&session, "moved");
    let elsewhere = session.run(&["records", "verify", "--records", "kept"]);
    assert_eq!(status(&elsewhere), 0, "{}", stdout(&elsewhere));
    // Where it was, something is missing now.
    let output = session.run(&["records", "verify"]);
    assert_eq!(status(&output), 1, "{}", stdout(&output));
}

#[test]
fn a_shallow_clone_says_that_its_history_is_cut() {
    let session = after_a_run();
    commit(&session, "records");
    let clone = Session::new();
    let url = format!("file://{}", session.path().display());
    clone.git(&["clone", "-q", "--depth", "1", &url, "."]);
    let output = clone.run(&["records", "verify"]);
    let text = stdout(&output);
    assert!(status(&output) == 0 && text.contains("this clone lacks the older commits"), "{text}");
}
