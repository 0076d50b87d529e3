//! The options of every command, and where it finds the requests.

use std::fs;

use crate::session::{InTime as _, Session, copy, stderr, stdout};

/// The example agency in a repository, with a folder below that has nothing.
fn agency() -> Session {
    let session = Session::new();
    let requests = session.path().join("requests");
    fs::create_dir(&requests).unwrap();
    copy(&crate::book::root().join("requests"), &requests);
    session.git(&["init", "-q", "-b", "main"]);
    fs::create_dir_all(session.path().join("nota/2026")).unwrap();
    session
}

#[test]
fn requests_are_found_above_as_far_as_the_repository_goes() {
    let session = agency();
    for folder in [".", "nota/2026", "requests/2026"] {
        let mut command = session.arkib(&["check"]);
        let done = command.current_dir(session.path().join(folder)).in_time();
        assert!(done.status.success(), "{folder}: {}", stderr(&done));
        assert!(stdout(&done).contains("requests checked"), "{folder}: {}", stdout(&done));
    }
    // Of two folders above, none is taken: one may have been added to be taken for the other.
    fs::create_dir_all(session.path().join("nota/2026/lagi")).unwrap();
    fs::create_dir(session.path().join("nota/2026/requests")).unwrap();
    let mut command = session.arkib(&["check"]);
    let done = command.current_dir(session.path().join("nota/2026/lagi")).in_time();
    assert!(stdout(&done).contains("there is no such folder"), "{}", stdout(&done));
    // Another repository has requests of its own, or none.
    fs::create_dir_all(session.path().join("nota/lain/.git")).unwrap();
    let mut command = session.arkib(&["check"]);
    let done = command.current_dir(session.path().join("nota/lain")).in_time();
    assert_eq!(done.status.code(), Some(1), "{}", stdout(&done));
    assert!(stdout(&done).contains("there is no such folder"), "{}", stdout(&done));
}

#[test]
fn a_command_runs_in_the_folder_that_is_named() {
    let session = agency();
    let mut command = session.arkib(&["-C", "nota/2026", "-C", "nota", "check"]);
    let twice = command.in_time();
    assert_eq!(twice.status.code(), Some(64), "{}", stderr(&twice));
    let done = session.run(&["check", "-C", "nota/2026"]);
    assert!(done.status.success(), "{}", stderr(&done));
    let none = session.run(&["-C", "tiada", "check"]);
    assert_eq!((none.status.code(), &*stdout(&none)), (Some(64), ""));
    let why = stderr(&none);
    assert!(why.starts_with("Failed: cannot work in the folder tiada: "), "{why}");
}

#[test]
fn colours_are_used_where_they_are_wanted() {
    let session = Session::new();
    session.write("requests/agency.yaml", "version: 1\n");
    let is_coloured = |option: &[&str], variables: &[(&str, &str)]| {
        let mut command = session.arkib(&[&["check"], option].concat());
        command.env_remove("NO_COLOR").envs(variables.iter().copied());
        stdout(&command.in_time()).contains('\u{1b}')
    };
    for (option, variables, expected) in [
        (&[][..], &[][..], false),
        (&["--color", "always"], &[], true),
        (&["--color", "always"], &[("NO_COLOR", "1")], true),
        (&[], &[("FORCE_COLOR", "1")], true),
        (&[], &[("FORCE_COLOR", "1"), ("NO_COLOR", "1")], false),
        (&["--color", "never"], &[("FORCE_COLOR", "1")], false),
        (&["--color", "auto"], &[("FORCE_COLOR", "1")], false),
    ] {
        assert_eq!(is_coloured(option, variables), expected, "{option:?} {variables:?}");
    }
}
