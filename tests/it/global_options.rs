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

#[test]
fn the_language_is_the_options_the_variables_the_policys_or_the_locales() {
    let session = agency();
    let policy = session.path().join("requests/agency.yaml");
    let text = fs::read_to_string(&policy).unwrap();
    let is_malay = |options: &[&str], variables: &[(&str, &str)]| {
        let mut command = session.arkib(&[&["check"], options].concat());
        command.env_remove("ARKIB_LANGUAGE").envs(variables.iter().copied());
        let shown = stdout(&command.in_time());
        let is_malay = shown.contains("permohonan");
        assert!(is_malay != shown.contains("requests checked"), "{shown}");
        is_malay
    };
    for (language, options, variables, expected) in [
        ("ms", &[][..], &[][..], true),
        ("en", &[], &[], false),
        ("ms", &[], &[("LC_ALL", "en_US.UTF-8")], true),
        ("en", &[], &[("LC_ALL", "ms_MY.UTF-8")], false),
        ("ms", &[], &[("ARKIB_LANGUAGE", "en")], false),
        ("en", &[], &[("ARKIB_LANGUAGE", "ms")], true),
        ("ms", &["--language", "en"], &[("ARKIB_LANGUAGE", "ms")], false),
    ] {
        let text = text.replace("language: ms", &format!("language: {language}"));
        fs::write(&policy, text).unwrap();
        assert_eq!(is_malay(options, variables), expected, "{language} {options:?} {variables:?}");
    }
}

#[test]
fn help_and_faults_of_the_command_line_are_in_the_language() {
    let session = Session::new();
    let show = |arguments: &[&str], variables: &[(&str, &str)]| {
        let mut command = session.arkib(arguments);
        command.env_remove("ARKIB_LANGUAGE").envs(variables.iter().copied());
        let done = command.in_time();
        format!("{}{}", stdout(&done), stderr(&done))
    };
    for (arguments, variables, expected) in [
        (&["check", "-h"][..], &[][..], "Usage: arkib check [OPTIONS]"),
        (&["check", "-h"], &[("LANG", "ms_MY.UTF-8")], "Penggunaan: arkib check [PILIHAN]"),
        (&["check", "-h", "--language", "ms"], &[], "Penggunaan: arkib check [PILIHAN]"),
        (&["--language=ms", "help", "check"], &[], "Penggunaan: arkib check [PILIHAN]"),
        (&[], &[("ARKIB_LANGUAGE", "ms")], "Penggunaan: arkib [PILIHAN] <PERINTAH>"),
        (&["check", "--bas"], &[("ARKIB_LANGUAGE", "ms")], "ralat: pilihan atau nilai '--bas'"),
        (&["check", "--bas", "--language", "ms"], &[], "petua: yang serupa: '--base'"),
        (&["man", "check"], &[("ARKIB_LANGUAGE", "ms")], "Menyemak dasar dan permohonan"),
    ] {
        let shown = show(arguments, variables);
        assert!(shown.contains(expected), "{arguments:?} {variables:?}: {shown}");
    }
}

#[test]
fn a_quiet_run_says_only_what_is_wrong() {
    let session = agency();
    session.write("portal.csv", "mailbox,state\n");
    let plan = ["reconcile", "--dry-run", "--as-of", "2026-11-23", "--only", "siti@lain.example"];
    let loud = session.run(&plan);
    assert!(stderr(&loud).starts_with("warning: siti@lain.example belongs to no agency"));
    let quiet = session.run(&[&plan[..], &["-q"]].concat());
    assert_eq!((stderr(&quiet), stdout(&quiet)), (stderr(&loud), stdout(&loud)));
    let wrong = session.run(&["check", "-q", "--requests", "tiada", "--base", "none"]);
    assert!(!stderr(&wrong).is_empty());
    // What comes next and notes are left out; the result and a warning stay.
    let request =
        "request enable baharu@agensi.example --channel memo --reference R --no-portal --yes";
    let request: Vec<&str> = request.split(' ').collect();
    session.write("requests/salah.yaml", "");
    let quiet = session.run(&[&request[..], &["-q"]].concat());
    let loud = session.run(&request);
    for (done, has_next) in [(&quiet, false), (&loud, true)] {
        assert!(done.status.success(), "{}{}", stdout(done), stderr(done));
        assert_eq!(stdout(done).contains("Next:"), has_next, "{}", stdout(done));
        assert_eq!(stderr(done).contains("note: "), has_next, "{}", stderr(done));
        assert!(stdout(done).contains("Wrote requests/2026/"), "{}", stdout(done));
        assert!(stderr(done).contains("warning: other files have problems"), "{}", stderr(done));
    }
    let init =
        "-q init baharu --agency SATU --name Satu --domain satu.example --approver a@satu.example";
    let done = session.run(&init.split(' ').collect::<Vec<_>>());
    let said = stderr(&done);
    assert!(said.starts_with("warning: ") && said.lines().count() == 1, "{said}");
}

#[test]
fn what_is_not_there_is_said() {
    let session = agency();
    let folder = session.run(&["check", "--requests", "nota"]);
    assert_eq!(folder.status.code(), Some(1));
    assert!(
        stdout(&folder).ends_with("This is not a folder of requests: nota\n"),
        "{}",
        stdout(&folder)
    );
    let notices = session.run(&["notify", "--dry-run", "--only", "TIADA-1"]);
    assert_eq!(notices.status.code(), Some(64), "{}", stdout(&notices));
    assert!(stderr(&notices).contains("there is no request TIADA-1"), "{}", stderr(&notices));
}
