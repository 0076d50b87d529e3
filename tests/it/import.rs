//! `arkib import`: the portal had archives before arkib came (procedure section 6).

mod several;

use std::fs;

use crate::outputs::{DAY, agency, numbered, request, valid};
use crate::session::{Session, status, stderr, stdout};

/// An import as of the test day, with more options.
fn import<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    [&["import", "--reference", "CONTOH.1 (2)"], arguments, &DAY].concat()
}

/// The request files below the folder, with their texts.
fn files(session: &Session) -> Vec<(String, String)> {
    let mut found = Vec::new();
    crate::architecture::files_below(&session.path().join("requests"), "yaml", &mut found);
    let mut files: Vec<(String, String)> = found
        .iter()
        .filter(|file| !file.ends_with("agency.yaml"))
        .map(|file| {
            let name = file.strip_prefix(session.path().join("requests")).unwrap();
            let name = name.to_string_lossy().replace('\\', "/");
            (name, fs::read_to_string(file).unwrap())
        })
        .collect();
    files.sort();
    files
}

fn names(session: &Session) -> Vec<String> {
    files(session).into_iter().map(|(name, _)| name).collect()
}

/// Every mailbox that a file names, sorted, also those that are named twice.
fn mailboxes_named(session: &Session) -> Vec<String> {
    let texts: String = files(session).into_iter().map(|(_, text)| text).collect();
    let lines = texts.lines().filter_map(|line| line.strip_prefix("  - "));
    let lines = lines.filter(|line| !line.starts_with("by:"));
    let mut mailboxes_named: Vec<String> = lines.map(str::to_owned).collect();
    mailboxes_named.sort();
    mailboxes_named
}

fn run(session: &Session, arguments: &[&str], expected: i32) -> String {
    let output = session.run(arguments);
    let text = format!("{}{}", stdout(&output), stderr(&output));
    assert_eq!(status(&output), expected, "{arguments:?}: {text}");
    text
}

/// An agency whose portal has what this roster says.
fn with_portal(rows: &str) -> Session {
    let session = agency(&[], &[]);
    session.write("portal.csv", rows);
    session
}

/// An agency of so many archives that no request names.
fn unmanaged(count: usize) -> Session {
    let names = numbered(count);
    let portal: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "enabled")).collect();
    agency(&[], &portal)
}

#[test]
fn archives_become_a_request_to_approve() {
    let session = with_portal(
        "mailbox,state,request,changed_at\n\
         tan@agensi.example,enabled,,2025-03-04T00:00:00Z\n\
         SITI@agensi.example,enabled,LAMA-7,2024-01-01T00:00:00Z\n\
         ali@agensi.example,enabling,LAMA-7,\n\
         bob@agensi.example,terminating,,\n\
         eve@agensi.example,disabled,,\n\
         guest@lain.example,enabled,,\n",
    );
    let told = run(&session, &import(&[]), 0);
    let first = "2026/CONTOH-2026-0001.yaml";
    assert_eq!(names(&session), [first, "2026/CONTOH-2026-0002.yaml"]);
    let (_, text) = &files(&session)[0];
    assert!(
        text.starts_with("version: 1\nid: CONTOH-2026-0001\naction: enable\nmailboxes:\n  - ali@agensi.example\n  - siti@agensi.example\nreceived:\n  date: 2026-11-23\n  channel: memo\n  reference: CONTOH.1 (2)\nreason: "),
        "{text}"
    );
    assert!(text.contains("Kumpulan: rujukan dalam portal LAMA-7."), "{text}");
    assert!(!text.contains("approval"), "{text}");
    assert!(
        told.contains("! left alone  bob@agensi.example  the portal is terminating its archive")
    );
    assert!(told.contains("Wrote 2 files, which name 3 mailboxes."), "{told}");
    assert!(told.contains("git switch --create import/CONTOH-2026-0001"), "{told}");
    // While pending they change nothing; a second import names nobody again.
    run(&session, &["check", "--strict", DAY[0], DAY[1]], 0);
    let again = run(&session, &import(&[]), 0);
    assert!(again.contains("there is no archive to import"), "{again}");
    assert_eq!(files(&session).len(), 2);
    // Approved, the archives are as they should be.
    for (name, text) in files(&session) {
        let approval = "approvals:\n  - by: pentadbir@agensi.example\n    date: 2026-11-23\n";
        session.write(&format!("requests/{name}"), format!("{text}{approval}"));
    }
    let plan = ["reconcile", "--dry-run", "--detailed-exitcode", "--format", "json"];
    let plan = valid(&session, "reconcile", &[&plan[..], &DAY].concat(), 0);
    let summary = &plan["plan"]["summary"];
    assert_eq!(summary["in_sync"], 2, "{summary}");
    assert_eq!(summary["in_progress"], 1, "{summary}");
    assert_eq!(summary["unmanaged"], 1, "{summary}");
    assert_eq!(summary["pending"], 0, "{summary}");
}

#[test]
fn nothing_to_import_when_all_archives_are_named() {
    let names = numbered(2);
    let session = agency(
        &[("R-1", request("R-1", "enable", &names))],
        &[("mailbox0000", "enabled"), ("mailbox0001", "enabled"), ("x", "disabled")],
    );
    let told = run(&session, &import(&[]), 0);
    assert!(told.contains("there is no archive to import"), "{told}");
    assert_eq!(files(&session).len(), 1);
    let json = valid(&session, "import", &import(&["--format", "json"]), 0);
    assert_eq!(json["format"], "arkib.import/1");
    assert_eq!(json["agencies"][0]["files"].as_array().unwrap().len(), 0);
}

#[test]
fn existing_files_are_never_overwritten() {
    let session = unmanaged(3);
    session.write("requests/2026/CONTOH-2026-0001.yaml", {
        let names = ["mailbox0000".to_owned()];
        request("CONTOH-2026-0001", "enable", &names)
    });
    let before = files(&session);
    run(&session, &import(&[]), 0);
    let after = files(&session);
    assert_eq!(after[0], before[0]);
    assert_eq!(after[1].0, "2026/CONTOH-2026-0002.yaml");
    assert_eq!(mailboxes_named(&session).len(), 3);
    // A folder of that name is left unchanged.
    let session = unmanaged(1);
    fs::create_dir_all(session.path().join("requests/2026/CONTOH-2026-0001.yaml")).unwrap();
    let told = run(&session, &import(&[]), 1);
    assert!(
        told.contains("requests/2026/CONTOH-2026-0001.yaml exists, but is not a request"),
        "{told}"
    );
    assert_eq!(told.matches("note: ").count(), 1, "{told}");
}

#[test]
fn an_unreadable_request_prevents_the_import() {
    let session = unmanaged(3);
    session.write("requests/2026/R-1.yaml", "version: 1\n");
    let told = run(&session, &import(&[]), 1);
    assert!(told.contains("missing-key") && told.contains("may name any archive"), "{told}");
    assert_eq!(files(&session).len(), 1);
    let json = valid(&session, "import", &import(&["--format", "json"]), 1);
    assert_eq!(json["agencies"].as_array().unwrap().len(), 0);
}

#[test]
fn missing_and_bad_input_is_refused() {
    let session = unmanaged(1);
    let told = run(&session, &["import"], 64);
    assert!(told.contains("--reference TEXT"), "{told}");
    run(&session, &["import", "--dry-run"], 0);
    for (arguments, expected) in [
        (&["--per-request", "0"][..], 64),
        (&["--channel", "phone"], 64),
        (&["--received", "yesterday"], 64),
        (&["--only", "nobody"], 64),
        (&["--only", "x@lain.example"], 1),
        (&["--requests", "nowhere"], 1),
    ] {
        run(&session, &import(arguments), expected);
    }
    run(&session, &["import", "--reference", "a\u{1b}[0m"], 64);
    fs::remove_file(session.path().join("portal.csv")).unwrap();
    let told = run(&session, &import(&[]), 1);
    assert!(told.contains("Nothing was written."), "{told}");
    assert!(files(&session).is_empty());
}

#[test]
fn only_limits_the_import_to_named_mailboxes() {
    let session = unmanaged(4);
    let only =
        ["--only", "mailbox0001@agensi.example", "nobody@agensi.example", "--format", "json"];
    let json = valid(&session, "import", &import(&only), 0);
    assert_eq!(json["agencies"][0]["left"][0]["code"], "no-account");
    assert_eq!(mailboxes_named(&session), ["mailbox0001@agensi.example"]);
    let json = valid(&session, "import", &import(&only), 0);
    assert_eq!(json["agencies"][0]["left"][0]["code"], "named");
    assert_eq!(files(&session).len(), 1);
}

#[test]
fn warns_of_users_who_would_get_notices() {
    let session = unmanaged(1);
    let policy = fs::read_to_string(session.path().join("requests/agency.yaml")).unwrap();
    let notices = "notices: { since: 2026-11-01, from: arkib@agensi.example }\n";
    session.write("requests/agency.yaml", format!("{policy}{notices}"));
    let told = run(&session, &import(&["--dry-run"]), 0);
    assert!(told.contains("`arkib notify` will inform each of these users"), "{told}");
    let told = run(&session, &import(&["--dry-run", "--received", "2026-10-31"]), 0);
    assert!(!told.contains("`arkib notify` will inform each of these users"), "{told}");
}

#[cfg(unix)]
mod on_unix {
    use std::os::unix::fs::PermissionsExt as _;
    use std::process::{Command, Stdio};
    use std::time::{Duration, Instant};

    use super::*;
    use crate::session::InTime as _;
    use crate::terminal::Terminal;

    #[test]
    fn an_unwritable_folder_is_reported_and_unchanged() {
        let session = unmanaged(2);
        session.write("requests/2026/R-1.yaml", request("R-1", "enable", &["x".to_owned()]));
        let folder = session.path().join("requests/2026");
        let mode = |mode| fs::set_permissions(&folder, fs::Permissions::from_mode(mode)).unwrap();
        mode(0o555);
        let can_write = fs::write(folder.join("probe"), "").is_ok();
        if !can_write {
            let told = run(&session, &import(&[]), 1);
            assert!(told.contains("cannot be written"), "{told}");
        }
        mode(0o755);
        let _ = fs::remove_file(folder.join("probe"));
        assert_eq!(files(&session).len(), 1);
        // A file instead of the folder, where not even root can write.
        let session = unmanaged(2);
        session.write("requests/2026", "a file");
        let told = run(&session, &import(&[]), 1);
        assert!(told.contains("Nothing was written"), "{told}");
        assert_eq!(fs::read_to_string(session.path().join("requests/2026")).unwrap(), "a file");
    }

    /// Ends an import by a signal once it has written some files, and returns how many.
    fn ended_by(session: &Session, signal: &str) -> (usize, Option<i32>, String) {
        let mut command = session.arkib(&import(&["--per-request", "1"]));
        let program = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        // It stands ready: while a program starts, all files may be written.
        let id = program.id().to_string();
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", "read -r line; kill \"$0\" \"$1\"", signal, &id]);
        let mut shell = shell.stdin(Stdio::piped()).spawn().unwrap();
        let begun = Instant::now();
        while count_files(session) < 3 {
            assert!(begun.elapsed() < Duration::from_secs(60), "it writes nothing");
            std::thread::sleep(Duration::from_micros(200));
        }
        drop(shell.stdin.take());
        assert!(shell.wait().unwrap().success());
        let output = program.in_time();
        (count_files(session), output.status.code(), stdout(&output))
    }

    fn count_files(session: &Session) -> usize {
        let folder = fs::read_dir(session.path().join("requests/2026"));
        let names = folder.into_iter().flatten().flatten();
        let names = names.map(|entry| entry.file_name().to_string_lossy().into_owned());
        names.filter(|name| name.ends_with(".yaml")).count()
    }

    /// Every written file is complete, and a second import names the rest without duplicates.
    fn assert_resumes(ended: &Session, count: usize) {
        // In memory again: the rest is many files.
        let session = &Session::new();
        crate::session::copy(ended.path(), session.path());
        run(session, &["check", DAY[0], DAY[1]], 0);
        run(session, &import(&["--per-request", "1"]), 0);
        let all = numbered(count);
        let all: Vec<String> = all.iter().map(|name| format!("{name}@agensi.example")).collect();
        assert_eq!(mailboxes_named(session), all);
        run(session, &["check", DAY[0], DAY[1]], 0);
    }

    #[test]
    fn an_interrupted_import_leaves_whole_files_and_resumes() {
        let count = 600;
        let session = unmanaged(count).copied_to_disk();
        let (written, code, told) = ended_by(&session, "-INT");
        assert_eq!(code, Some(3), "{told}");
        assert!((3..count).contains(&written), "{written}");
        assert!(told.contains(&format!("Wrote {written} files")), "{told}");
        assert!(told.contains("Interrupted: the rest was not written."), "{told}");
        let left = fs::read_dir(session.path().join("requests/2026")).unwrap().count();
        assert_eq!(left, written, "half a file was left");
        assert_resumes(&session, count);
    }

    #[test]
    fn a_killed_import_resumes() {
        let count = 600;
        let session = unmanaged(count).copied_to_disk();
        let (written, code, _) = ended_by(&session, "-KILL");
        assert_eq!(code, None);
        assert!((3..count).contains(&written), "{written}");
        assert_resumes(&session, count);
    }

    #[test]
    fn what_was_typed_before_a_question_is_no_answer() {
        let session = unmanaged(2);
        let terminal =
            Terminal::run(session.arkib(&["import", DAY[0], DAY[1], "--reference", "R"]));
        terminal.type_text("y\n");
        terminal.expect("Write 1 file?");
        // As from a paste: the second line comes with the first.
        terminal.type_text("a line\ny\n");
        terminal.expect("Please answer yes or no.");
        // What is typed before the question is there again is dropped, too.
        terminal.answer("Write 1 file?", "n");
        let (status, screen) = terminal.wait();
        assert_eq!(status.code(), Some(1), "{screen}");
        assert!(files(&session).is_empty(), "{screen}");
    }

    #[test]
    fn a_terminal_asks_for_the_reference_and_previews_files() {
        let session = unmanaged(2);
        let at = || Terminal::run(session.arkib(&["import", DAY[0], DAY[1]]));
        let terminal = at();
        terminal.answer("What is the file reference", "");
        terminal.answer("What is the file reference", "CONTOH.1");
        terminal.expect("+ requests/2026/CONTOH-2026-0001.yaml  2 mailboxes");
        terminal.answer("Write 1 file?", "n");
        let (status, screen) = terminal.wait();
        assert_eq!(status.code(), Some(1), "{screen}");
        assert!(screen.contains("Not confirmed: nothing was written."), "{screen}");
        let terminal = at();
        terminal.expect("What is the file reference");
        terminal.type_text("\u{3}");
        terminal.wait();
        assert!(files(&session).is_empty());
        let terminal = at();
        terminal.answer("What is the file reference", "CONTOH.1");
        terminal.answer("Write 1 file?", "yes");
        let (status, screen) = terminal.wait();
        assert_eq!(status.code(), Some(0), "{screen}");
        assert_eq!(files(&session).len(), 1);
    }
}
