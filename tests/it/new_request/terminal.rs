//! Dialogs in a terminal.

use super::{files, letter, read};
use crate::outputs::{DAY, agency, numbered, request};
use crate::session::Session;
use crate::terminal::Terminal;

fn session() -> Session {
    let portal = [("siti.aminah", "disabled"), ("siti.hajar", "enabled"), ("tan", "disabled")];
    agency(&[("R-7", request("R-7", "enable", &numbered(1)))], &portal)
}

fn run_in_terminal(session: &Session, arguments: &[&str]) -> Terminal {
    Terminal::run(session.arkib(&[arguments, &DAY].concat()))
}

#[test]
fn a_clerk_sees_the_file_before_confirming() {
    let session = session();
    let terminal = run_in_terminal(&session, &["request", "enable"]);
    terminal.answer("  1: ", "SITI");
    terminal.expect("     1  siti.aminah@agensi.example  archive disabled, account active");
    terminal.expect("     2  siti.hajar@agensi.example  archive enabled, account active");
    terminal.answer("Which?", "1");
    terminal.answer("  2: ", "siti");
    terminal.answer("Which?", "");
    terminal.answer("  2: ", "Tan <TAN@agensi.example>, x@lain.example");
    terminal.expect("+ tan@agensi.example");
    terminal.expect("Not valid: `x@lain.example` does not belong to this agency");
    terminal.answer("  3: ", "");
    terminal.answer("Enter for 2026-11-23: ", "2026-11-24");
    terminal.expect("2026-11-24 is in the future");
    terminal.answer("Enter for 2026-11-23: ", "");
    terminal.answer("How did it arrive?", "surat");
    terminal.answer("What is its file reference?", "");
    terminal.answer("What is its file reference?", "\u{1b}[D");
    terminal.answer("What is its file reference?", "12");
    terminal.answer("Who applied?", "");
    terminal.answer("From which day on?", "");
    terminal.answer("Why? One sentence", "Peti mel penuh.");
    terminal.expect("requests/2026/R-8.yaml:");
    terminal.expect("    reference: \"12\"");
    terminal.answer("Write this file?", "yes");
    let (status, screen) = terminal.wait();
    assert_eq!(status.code(), Some(0), "{screen}");
    assert!(screen.contains("Wrote requests/2026/R-8.yaml, which names 2 mailboxes."), "{screen}");
    assert!(
        read(&session, "requests/2026/R-8.yaml").ends_with("mailboxes:\n  - siti.aminah@agensi.example\n  - tan@agensi.example\nreceived:\n  date: 2026-11-23\n  channel: letter\n  reference: \"12\"\nreason: Peti mel penuh.\n")
    );
}

#[test]
fn only_missing_answers_are_asked() {
    let session = session();
    let arguments = letter(&["terminate", "siti.aminah@agensi.example"]);
    let terminal = Terminal::run(session.arkib(&arguments));
    terminal.expect(
        "warning[already-so]: `siti.aminah@agensi.example`: it has no archive to terminate",
    );
    terminal.answer("Write this file?", "y");
    let (status, screen) = terminal.wait();
    assert_eq!(status.code(), Some(1), "{screen}");
    assert!(screen.contains("Not confirmed: nothing was written."), "{screen}");
    assert!(!screen.contains("Who applied?"), "{screen}");
    // Nothing is asked if all options are given.
    let terminal =
        Terminal::run(session.arkib(&[&arguments[..], &["--yes", "--no-portal"]].concat()));
    let (status, screen) = terminal.wait();
    assert_eq!(status.code(), Some(0), "{screen}");
    assert!(!screen.contains("Write this file?") && !screen.contains("already-so"), "{screen}");
    // Given values are not asked for.
    let terminal = run_in_terminal(&session, &["request", "withdraw", "R-7", "--channel", "memo"]);
    terminal.answer("On which day", "");
    terminal.answer("What is its file reference?", "R");
    terminal.answer("Who applied?", "");
    terminal.answer("From which day on?", "");
    terminal.answer("Why? One sentence", "");
    terminal.answer("Write this file?", "yes");
    let (status, screen) = terminal.wait();
    assert_eq!(status.code(), Some(0), "{screen}");
    assert!(
        !screen.contains("Which request") && !screen.contains("How did it arrive?"),
        "{screen}"
    );
}

#[test]
fn an_aborted_dialog_leaves_nothing_behind() {
    for (key, code) in [("\u{3}", None), ("\u{4}", Some(1))] {
        let session = session();
        let before = files(&session);
        let terminal =
            run_in_terminal(&session, &["request", "enable", "tan@agensi.example", "--no-portal"]);
        terminal.answer("On which day", "");
        terminal.expect("How did it arrive?");
        terminal.type_text(key);
        let (status, screen) = terminal.wait();
        assert_eq!(status.code(), code, "{screen}");
        assert_eq!(files(&session), before);
        assert!(!session.path().join("requests/2026").exists());
        assert!(!session.path().join(".arkib").exists());
    }
}

#[test]
fn an_unavailable_portal_does_not_stop_the_clerk() {
    let session = session();
    std::fs::remove_file(session.path().join("portal.csv")).unwrap();
    let terminal =
        run_in_terminal(&session, &["request", "enable", "--channel", "memo", "--reference", "R"]);
    terminal.expect("note: the portal could not be read");
    terminal.answer("  1: ", "siti");
    terminal.expect("Not valid: `siti` is not a mailbox address");
    terminal.answer("  1: ", "siti@agensi.example");
    terminal.type_text("\u{3}");
    terminal.wait();
}

#[test]
fn a_truncated_terminal_list_is_refused() {
    let session = session();
    let terminal = run_in_terminal(&session, &["request", "enable", "--no-portal"]);
    let pasted: String =
        (0..250).map(|number| format!("pegawai{number:03}@agensi.example;")).collect();
    terminal.answer("  1: ", &pasted);
    terminal.expect("Not valid: the line is as long as the terminal allows");
    // Line by line there is no limit.
    terminal.answer("  1: ", &pasted[..780]);
    terminal.expect("+ pegawai000@agensi.example");
    terminal.type_text("\u{3}");
    terminal.wait();
}
