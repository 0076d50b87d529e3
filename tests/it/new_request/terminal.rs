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
fn only_missing_answers_are_asked() {
    let session = session();
    let arguments = letter(&["terminate", "siti.aminah@agensi.example"]);
    let terminal = Terminal::run(session.arkib(&arguments));
    terminal.expect("Note: `siti.aminah@agensi.example`: it has no archive to terminate");
    terminal.answer("Write this file?", "perhaps");
    terminal.expect("Please answer yes or no.");
    // Nothing of the refused answer stays.
    terminal.type_text("tidak\n");
    terminal.answer("What is to be changed?", "stop");
    let (status, screen) = terminal.wait();
    assert_eq!(status.code(), Some(1), "{screen}");
    assert!(screen.contains("Stopped: nothing was written."), "{screen}");
    assert!(!screen.contains("Who applied"), "{screen}");
    // Nothing is asked if all options are given.
    let terminal =
        Terminal::run(session.arkib(&[&arguments[..], &["--yes", "--no-portal"]].concat()));
    let (status, screen) = terminal.wait();
    assert_eq!(status.code(), Some(0), "{screen}");
    assert!(!screen.contains("Write this file?") && !screen.contains("already-so"), "{screen}");
    // Given values are not asked for.
    let terminal = run_in_terminal(
        &session,
        &["request", "withdraw", "R-7", "--channel", "memo", "--name", "Ketua Unit"],
    );
    terminal.answer("On which day", "");
    terminal.answer("[for example CONTOH", "R");
    terminal.answer("Who applied", "ketua@agensi.example");
    terminal.answer("The agency's own file", "");
    terminal.answer("From which day on does it take effect?", "");
    terminal.answer("Why, in a sentence?", "");
    terminal.answer("Scanned document 1:", "");
    terminal.answer("Write this file?", "ya");
    let (status, screen) = terminal.wait();
    assert_eq!(status.code(), Some(0), "{screen}");
    assert!(
        !screen.contains("Which request") && !screen.contains("How did it arrive?"),
        "{screen}"
    );
}

#[test]
fn what_makes_answers_vain_is_said_before_the_first_question() {
    let session = session();
    session.git(&["config", "user.useConfigOnly", "true"]);
    for (arguments, said) in [
        (&["enable", "--branch", "--no-portal"][..], "Nothing was written: git says: "),
        (&["withdraw", "R-99"], "no request of these agencies has the id `R-99`"),
    ] {
        let terminal = run_in_terminal(&session, &[&["request"], arguments].concat());
        let (status, screen) = terminal.wait();
        assert_eq!(status.code(), Some(1), "{screen}");
        assert!(screen.contains(said) && !screen.contains("? "), "{screen}");
    }
}

#[test]
fn a_wrong_request_can_be_changed_before_it_is_written() {
    let session = session();
    let arguments = letter(&["enable", "siti.aminah@lain.example"]);
    let terminal = Terminal::run(session.arkib(&arguments));
    terminal.expect("Wrong: ");
    terminal.answer("What is to be changed?", "mailboxes");
    terminal.answer("Mailbox 2: ", "-1");
    terminal.answer("Mailbox 1: ", "siti.aminah@agensi.example");
    terminal.answer("Mailbox 2: ", "");
    terminal.answer("Write this file?", "yes");
    let (status, screen) = terminal.wait();
    assert_eq!(status.code(), Some(0), "{screen}");
    let written = read(&session, "requests/2026/R-8.yaml");
    assert!(written.contains("mailboxes:\n  - siti.aminah@agensi.example\nreceived:"), "{written}");
}

#[test]
fn an_aborted_dialog_leaves_nothing_behind() {
    let session = session();
    let before = files(&session);
    let terminal =
        run_in_terminal(&session, &["request", "enable", "tan@agensi.example", "--no-portal"]);
    terminal.answer("On which day", "");
    terminal.expect("How did it arrive?");
    // Ctrl-D goes back, like Esc; Ctrl-C stops.
    terminal.type_text("\u{4}");
    terminal.expect("On which day");
    terminal.type_text("\u{3}");
    let (status, screen) = terminal.wait();
    assert_eq!(status.code(), Some(1), "{screen}");
    assert!(screen.contains("Stopped: nothing was written."), "{screen}");
    assert_eq!(files(&session), before);
    assert!(!session.path().join("requests/2026").exists());
    assert!(!session.path().join(".arkib").exists());
}

#[test]
fn an_unavailable_portal_does_not_stop_the_clerk() {
    let session = session();
    std::fs::remove_file(session.path().join("portal.csv")).unwrap();
    let terminal =
        run_in_terminal(&session, &["request", "enable", "--channel", "memo", "--reference", "R"]);
    terminal.expect("warning: the portal could not be read");
    terminal.answer("Mailbox 1: ", "siti");
    terminal.expect("`siti` is not a mailbox address");
    terminal.type_text("siti@agensi.example\n");
    terminal.expect("Mailbox 2: ");
    terminal.type_text("\u{3}");
    terminal.wait();
}

#[test]
fn a_long_list_can_be_pasted_line_by_line_or_read_from_a_file() {
    let session = session();
    let terminal = run_in_terminal(&session, &["request", "enable", "--no-portal"]);
    let list: String =
        (0..250).map(|number| format!("pegawai{number:03}@agensi.example\n")).collect();
    session
        .write("senarai.csv", format!("nama,e-mel\n,{}", list.replace("example\n", "example\n,")));
    terminal.expect("Mailbox 1: ");
    // As terminals paste.
    terminal.type_text(&format!("\u{1b}[200~{}\u{1b}[201~", &list[..780]));
    terminal.type_text("\n");
    terminal.expect("… and 18 more");
    terminal.answer("Mailbox 31: ", "senarai.csv");
    terminal.expect("! pegawai000@agensi.example is already in the list.");
    terminal.expect("Mailbox 251: ");
    terminal.type_text("\u{3}");
    terminal.wait();
}

#[test]
fn changes_in_the_way_of_a_branch_do_not_end_the_dialogue() {
    let session = session();
    session.git(&["config", "user.name", "Kerani"]);
    session.git(&["config", "user.email", "kerani@agensi.example"]);
    session.git(&["switch", "-q", "-c", "lain"]);
    session.write("senarai.txt", "satu\n");
    session.git(&["add", "senarai.txt"]);
    session.git(&["commit", "-q", "-m", "Lain"]);
    session.write("senarai.txt", "dua\n");
    let arguments = letter(&["enable", "siti.aminah@agensi.example", "--branch"]);
    let terminal = Terminal::run(session.arkib(&arguments));
    terminal.expect("there are changes that are not committed in senarai.txt, and main has other");
    terminal.answer("How to go on?", "without a branch");
    terminal.answer("Write this file?", "y");
    let (status, screen) = terminal.wait();
    assert_eq!(status.code(), Some(0), "{screen}");
    assert!(screen.contains("git switch --no-track --create request/R-8 main"), "{screen}");
    assert_eq!(session.git(&["symbolic-ref", "--short", "HEAD"]), "lain");
}
