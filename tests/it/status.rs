//! `arkib status` on a terminal of 80 columns and 24 rows: the overview of a large agency, and `--watch`.

use crate::outputs::{DAY, agency, numbered, request};
use crate::session::{Session, status, stderr, stdout};
use crate::terminal::{Terminal, rendered};

/// An agency of which 200 requests wait.
fn large_agency() -> Session {
    let names = numbered(200);
    let requests: Vec<(String, String)> = (0..200)
        .map(|number| {
            let id = format!("R-{number}");
            let text = request(&id, "terminate", &names[number..=number]);
            // Half of them wait for an approver.
            let text = match number % 2 {
                0 => text.split("approvals:").next().unwrap().to_owned(),
                _ => text,
            };
            (id, text)
        })
        .collect();
    let requests: Vec<_> = requests.iter().map(|(id, text)| (&**id, text.clone())).collect();
    let portal: Vec<_> = names.iter().map(|name| (&**name, "enabled")).collect();
    agency(&requests, &portal)
}

#[test]
fn the_overview_of_a_large_agency_fits_the_screen() {
    let session = large_agency();
    for language in ["en", "ms"] {
        let command = session.arkib(&[&["status", "--language", language], &DAY[..]].concat());
        let (ended, output) = Terminal::run_usual(command).wait();
        assert_eq!(ended.code(), Some(0), "{output}");
        assert!(output.lines().count() < 24, "{output}");
        for line in output.lines() {
            assert!(line.trim_end().chars().count() <= 80, "{line}");
        }
        let screen = rendered(&output);
        assert!(screen.starts_with("arkib ") && screen.contains("arkib status --all"), "{screen}");
    }
    let command = session.arkib(&[&["status", "--all"], &DAY[..]].concat());
    let (_, output) = Terminal::run_usual(command).wait();
    assert_eq!(output.matches("@agensi.example").count(), 200, "{output}");
}

#[test]
fn watching_draws_again_and_says_what_failed_until_ctrl_c() {
    let session = large_agency();
    let file = session.path().join("requests/R-1.yaml");
    let good = std::fs::read(&file).unwrap();
    let command = session.arkib(&[&["status", "--watch=1"], &DAY[..]].concat());
    let terminal = Terminal::run_usual(command);
    terminal.expect("Ctrl-C ends");
    std::fs::write(&file, "version: 1\n").unwrap();
    terminal.expect("What is above was read at");
    std::fs::write(&file, good).unwrap();
    terminal.expect("Ctrl-C ends");
    terminal.expect("Ctrl-C ends");
    terminal.type_text("\u{3}");
    let (ended, output) = terminal.wait();
    assert_eq!(ended.code(), Some(0), "{output}");
    let screen = rendered(&output);
    assert!(screen.starts_with("arkib ") && !screen.contains("What is above"), "{screen}");
    // It ends with the status of what was read last.
    let terminal = Terminal::run_usual(session.arkib(&["status", "--watch=1"]));
    terminal.expect("Ctrl-C ends");
    std::fs::write(&file, "version: 1\n").unwrap();
    terminal.expect("What is above was read at");
    terminal.type_text("\u{3}");
    let (ended, output) = terminal.wait();
    assert_eq!(ended.code(), Some(1), "{output}");
}

#[test]
fn only_a_terminal_is_watched() {
    let session = large_agency();
    let output = session.run(&["status", "--watch"]);
    assert_eq!(status(&output), 64);
    assert!(stderr(&output).contains("--watch draws on a terminal"), "{}", stderr(&output));
}

#[test]
fn what_is_wrong_with_a_command_line_fits_the_screen() {
    let session = Session::new();
    for language in ["en", "ms"] {
        let arguments = ["schema", "tiada", "--language", language];
        let (ended, output) = Terminal::run_usual(session.arkib(&arguments)).wait();
        assert_eq!(ended.code(), Some(64), "{output}");
        for line in output.lines() {
            assert!(line.trim_end().chars().count() <= 80, "{line}");
        }
    }
}

#[test]
fn a_request_on_another_branch_is_named_with_its_branch() {
    let session = agency(&[("R-1", request("R-1", "enable", &numbered(1)))], &[]);
    session.git(&["switch", "-q", "--create", "request/R-2"]);
    session.write("requests/2026/R-2.yaml", request("R-2", "enable", &numbered(1)));
    session.git(&["add", "requests"]);
    session.git(&["commit", "-q", "-m", "Request"]);
    session.git(&["switch", "-q", "main"]);
    let approver = "pentadbir@agensi.example";
    for command in [&["status", "R-2"][..], &["approve", "R-2", "--as", approver, "--yes"]] {
        let output = session.run(&[command, &DAY[..]].concat());
        let text = format!("{}{}", stdout(&output), stderr(&output));
        assert_eq!(status(&output), 1, "{text}");
        assert!(text.contains("it is on another branch: `git switch request/R-2`"), "{text}");
    }
    let unknown = session.run(&[&["status", "R-3"], &DAY[..]].concat());
    assert!(!stderr(&unknown).contains("branch"), "{}", stderr(&unknown));
    session.git(&["merge", "-q", "request/R-2"]);
    assert_eq!(status(&session.run(&[&["status", "R-2"], &DAY[..]].concat())), 0);
}

#[test]
fn the_overview_begins_with_what_waits_for_people() {
    let names = numbered(3);
    let approved = |number: usize| request("R", "enable", &names[number..=number]);
    let pending = |number| approved(number).split("approvals:").next().unwrap().to_owned();
    let with_id = |id: &str, text: String| text.replace("id: R\n", &format!("id: {id}\n"));
    let requests = [
        ("R-1", with_id("R-1", approved(0))),
        ("R-2", with_id("R-2", approved(1)) + "effective: 2026-12-01\n"),
        ("R-3", with_id("R-3", pending(2))),
        ("R-4", with_id("R-4", approved(0)).replace("action: enable", "action: withdraw")),
    ];
    let [first, second, third, (id, withdrawal)] = requests;
    let named = "mailboxes:\n  - mailbox0000@agensi.example\n";
    let withdrawal = withdrawal.replace(named, "withdraws: R-1\n");
    let withdrawal = withdrawal.split("approvals:").next().unwrap().to_owned();
    let portal: Vec<_> = names.iter().map(|name| (&**name, "disabled")).collect();
    let session = agency(&[first, second, third, (id, withdrawal)], &portal);
    let text = stdout(&session.run(&[&["status"], &DAY[..]].concat()));
    let places = ["  R-3 ", "  R-4 ", "  R-1 ", "  R-2 "].map(|id| text.find(id).unwrap());
    assert!(places.is_sorted(), "{text}");
    assert!(text.contains("withdraw R-1 (enable mailbox0000@agensi.example)"), "{text}");
    let plan = stdout(&session.run(&[&["reconcile", "--dry-run"], &DAY[..]].concat()));
    assert!(plan.contains("withdraw R-1 (enable mailbox0000@agensi.example)"), "{plan}");
}
