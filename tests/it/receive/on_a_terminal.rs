//! The clerk is asked, in a terminal.

use super::{files, letter, read};
use crate::outputs::{DAY, agency, numbered, request};
use crate::session::Session;
use crate::terminal::Terminal;

fn session() -> Session {
    let portal = [
        ("siti.aminah", "disabled"),
        ("siti.hajar", "enabled"),
        ("tan", "disabled"),
    ];
    agency(&[("R-7", request("R-7", "enable", &numbered(1)))], &portal)
}

fn at(session: &Session, arguments: &[&str]) -> Terminal {
    Terminal::run(session.arkib(&[arguments, &DAY].concat()))
}

#[test]
fn a_clerk_is_asked_shown_the_file_and_asked_again() {
    let session = session();
    let terminal = at(&session, &["request", "enable"]);
    terminal.answers("  1: ", "SITI");
    terminal.sees("     1  siti.aminah@agensi.example  archive disabled, account active");
    terminal.sees("     2  siti.hajar@agensi.example  archive enabled, account active");
    terminal.answers("Which?", "1");
    terminal.answers("  2: ", "siti");
    terminal.answers("Which?", "");
    terminal.answers("  2: ", "Tan <TAN@agensi.example>, x@lain.example");
    terminal.sees("+ tan@agensi.example");
    terminal.sees("Not taken: `x@lain.example` is not of this agency");
    terminal.answers("  3: ", "");
    terminal.answers("Enter for 2026-11-23: ", "2026-11-24");
    terminal.sees("2026-11-24 is yet to come");
    terminal.answers("Enter for 2026-11-23: ", "");
    terminal.answers("How did it arrive?", "surat");
    terminal.answers("Under which reference", "");
    terminal.answers("Under which reference", "\u{1b}[D");
    terminal.answers("Under which reference", "12");
    terminal.answers("Who applied?", "");
    terminal.answers("Not before a certain day?", "");
    terminal.answers("Why, in a sentence?", "Peti mel penuh.");
    terminal.sees("requests/2026/R-8.yaml:");
    terminal.sees("    reference: \"12\"");
    terminal.answers("Write this file?", "yes");
    let (status, screen) = terminal.ends();
    assert_eq!(status.code(), Some(0), "{screen}");
    assert!(
        screen.contains("Wrote requests/2026/R-8.yaml, which names 2 mailboxes."),
        "{screen}"
    );
    assert!(
        read(&session, "requests/2026/R-8.yaml").ends_with("mailboxes:\n  - siti.aminah@agensi.example\n  - tan@agensi.example\nreceived:\n  date: 2026-11-23\n  channel: letter\n  reference: \"12\"\nreason: Peti mel penuh.\n")
    );
}

#[test]
fn only_what_is_missing_is_asked() {
    let session = session();
    let arguments = letter(&["terminate", "siti.aminah@agensi.example"]);
    let terminal = Terminal::run(session.arkib(&arguments));
    terminal
        .sees("warning[already-so]: `siti.aminah@agensi.example`: it has no archive to terminate");
    terminal.answers("Write this file?", "y");
    let (status, screen) = terminal.ends();
    assert_eq!(status.code(), Some(1), "{screen}");
    assert!(
        screen.contains("Not confirmed: nothing was written."),
        "{screen}"
    );
    assert!(!screen.contains("Who applied?"), "{screen}");
    // Nobody is asked for what was all said.
    let terminal =
        Terminal::run(session.arkib(&[&arguments[..], &["--yes", "--no-portal"]].concat()));
    let (status, screen) = terminal.ends();
    assert_eq!(status.code(), Some(0), "{screen}");
    assert!(
        !screen.contains("Write this file?") && !screen.contains("already-so"),
        "{screen}"
    );
    // What is given is not asked for.
    let terminal = at(
        &session,
        &["request", "withdraw", "R-7", "--channel", "memo"],
    );
    terminal.answers("On which day", "");
    terminal.answers("Under which reference", "R");
    terminal.answers("Who applied?", "");
    terminal.answers("Not before a certain day?", "");
    terminal.answers("Why, in a sentence?", "");
    terminal.answers("Write this file?", "yes");
    let (status, screen) = terminal.ends();
    assert_eq!(status.code(), Some(0), "{screen}");
    assert!(
        !screen.contains("Which request") && !screen.contains("How did it arrive?"),
        "{screen}"
    );
}

#[test]
fn who_leaves_leaves_nothing_behind() {
    for (key, code) in [("\u{3}", None), ("\u{4}", Some(1))] {
        let session = session();
        let before = files(&session);
        let terminal = at(
            &session,
            &["request", "enable", "tan@agensi.example", "--no-portal"],
        );
        terminal.answers("On which day", "");
        terminal.sees("How did it arrive?");
        terminal.types(key);
        let (status, screen) = terminal.ends();
        assert_eq!(status.code(), code, "{screen}");
        assert_eq!(files(&session), before);
        assert!(!session.path().join("requests/2026").exists());
        assert!(!session.path().join(".arkib").exists());
    }
}

#[test]
fn without_a_portal_the_clerk_goes_on() {
    let session = session();
    std::fs::remove_file(session.path().join("portal.csv")).unwrap();
    let terminal = at(
        &session,
        &["request", "enable", "--channel", "memo", "--reference", "R"],
    );
    terminal.sees("note: the portal's mailboxes are not known");
    terminal.answers("  1: ", "siti");
    terminal.sees("Not taken: `siti` is not a mailbox address");
    terminal.answers("  1: ", "siti@agensi.example");
    terminal.types("\u{3}");
    terminal.ends();
}

#[test]
fn a_list_that_the_terminal_cuts_is_not_taken() {
    let session = session();
    let terminal = at(&session, &["request", "enable", "--no-portal"]);
    let pasted: String = (0..250)
        .map(|number| format!("pegawai{number:03}@agensi.example;"))
        .collect();
    terminal.answers("  1: ", &pasted);
    terminal.sees("Not taken: the line is as long as the terminal takes");
    // Line by line it may be as long as it likes.
    terminal.answers("  1: ", &pasted[..780]);
    terminal.sees("+ pegawai000@agensi.example");
    terminal.types("\u{3}");
    terminal.ends();
}
