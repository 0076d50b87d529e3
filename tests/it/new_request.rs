//! `arkib request`: a letter has arrived (procedure step 1).

mod branch;
mod folders;
mod mailbox_lists;
#[cfg(unix)]
mod procedure;
mod refused;
#[cfg(unix)]
mod screens;
#[cfg(unix)]
mod terminal;

use serde_json::Value;

use crate::outputs::{DAY, agency, numbered, request, valid};
use crate::session::{InTime as _, Session, status, stderr, stdout};

/// What every letter has.
const LETTER: [&str; 4] = ["--channel", "letter", "--reference", "CONTOH.600-1/2/3 (12)"];
const FIRST: &str = "requests/2026/CONTOH-2026-0001.yaml";

/// The arguments of a letter that arrives today.
fn letter<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    [&["request"], arguments, &LETTER, &DAY].concat()
}

fn files(session: &Session) -> Vec<String> {
    let mut found = Vec::new();
    crate::architecture::files_below(&session.path().join("requests"), "yaml", &mut found);
    let mut names: Vec<String> = found
        .iter()
        .map(|file| file.strip_prefix(session.path()).unwrap().to_string_lossy().replace('\\', "/"))
        .filter(|name| !name.ends_with("agency.yaml"))
        .collect();
    names.sort();
    names
}

fn read(session: &Session, file: &str) -> String {
    std::fs::read_to_string(session.path().join(file)).unwrap()
}

/// Runs a command that must be refused, and returns its output.
fn refused(session: &Session, arguments: &[&str], expected: i32) -> String {
    let before = files(session);
    let output = session.run(arguments);
    let text = format!("{}{}", stdout(&output), stderr(&output));
    assert_eq!(status(&output), expected, "{arguments:?}: {text}");
    assert_eq!(files(session), before, "{arguments:?} wrote something: {text}");
    text
}

fn accepted(session: &Session, arguments: &[&str]) -> String {
    let output = session.run(arguments);
    let text = format!("{}{}", stdout(&output), stderr(&output));
    assert_eq!(status(&output), 0, "{arguments:?}: {text}");
    text
}

#[test]
fn a_letter_becomes_a_request() {
    let session = agency(&[], &[]);
    let arguments = letter(&[
        "enable",
        "Siti Aminah <SITI@agensi.example>; mailto:tan@agensi.example",
        " Ali@Agensi.example ",
        "--from",
        "Ketua Unit <ketua@agensi.example>",
        "--received",
        "2026-11-02",
        "--effective",
        "2026-12-01",
        "--reason",
        "Peti mel penuh.\r\nLihat \tlampiran: #2",
    ]);
    let output = session.run(&arguments);
    let told = stdout(&output);
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    assert_eq!(
        read(&session, FIRST),
        "version: 1\nid: CONTOH-2026-0001\naction: enable\nmailboxes:\n  - siti@agensi.example\n  - tan@agensi.example\n  - ali@agensi.example\nreceived:\n  date: 2026-11-02\n  channel: letter\n  reference: CONTOH.600-1/2/3 (12)\n  from: ketua@agensi.example\neffective: 2026-12-01\nreason: |-\n  Peti mel penuh.\n  Lihat  lampiran: #2\n"
    );
    assert_eq!(
        told,
        format!(
            "Wrote {FIRST}, which names 3 mailboxes.\n\nNext:\n  git switch --create request/CONTOH-2026-0001\n  git add -- {FIRST}\n  git commit -m \"Request CONTOH-2026-0001: enable 3 archives\" {FIRST}\n  git remote add origin URL\n  git push --set-upstream origin refs/heads/request/CONTOH-2026-0001\nand open the pull request, in which an approver adds the approval.\n"
        )
    );
    accepted(&session, &["check", "--strict", DAY[0], DAY[1]]);
    // The next id follows, also in another year, and for a withdrawal.
    accepted(&session, &letter(&["terminate", "tan@agensi.example"]));
    accepted(&session, &letter(&["enable", "ali@agensi.example", "--received", "2025-12-31"]));
    accepted(&session, &letter(&["withdraw", "CONTOH-2026-0001"]));
    assert_eq!(
        files(&session),
        [
            "requests/2025/CONTOH-2025-0001.yaml",
            FIRST,
            "requests/2026/CONTOH-2026-0002.yaml",
            "requests/2026/CONTOH-2026-0003.yaml"
        ]
    );
    assert!(
        read(&session, "requests/2026/CONTOH-2026-0003.yaml")
            .contains("\nwithdraws: CONTOH-2026-0001\nreceived:\n")
    );
    accepted(&session, &["check", DAY[0], DAY[1]]);
}

#[test]
fn suggested_commands_work() {
    let session = agency(&[], &[]);
    let told = accepted(&session, &letter(&["enable", "siti@agensi.example"]));
    let commands = told.lines().filter_map(|line| line.strip_prefix("  git "));
    for command in commands.filter(|command| !command.starts_with("push")) {
        // Words in quotes are one.
        let words: Vec<&str> =
            command
                .split('"')
                .enumerate()
                .flat_map(|(index, part)| {
                    if index % 2 == 1 { vec![part] } else { part.split_whitespace().collect() }
                })
                .collect();
        session.git(&words);
    }
    assert_eq!(
        session.git(&["show", "--name-only", "--format=%s", "request/CONTOH-2026-0001"]),
        format!("Request CONTOH-2026-0001: enable 1 archive\n\n{FIRST}")
    );
}

#[test]
fn all_missing_options_are_reported_without_a_terminal() {
    let session = agency(&[], &[]);
    let text = refused(&session, &["request", "enable"], 64);
    for flag in
        ["MAILBOX", "--from-file FILE", "--channel email|memo|letter|form", "--reference TEXT"]
    {
        assert!(text.contains(flag), "{flag}: {text}");
    }
    let text = refused(&session, &["request", "withdraw", "--channel", "memo"], 64);
    assert!(
        text.contains("ID") && text.contains("--reference") && !text.contains("--channel"),
        "{text}"
    );
    for wrong in [
        &["enable", "siti"][..],
        &["enable", "siti@agensi.example", "--received", "2.13.2026"],
        &["enable", "siti@agensi.example", "--reason", "a\u{1b}[31m"],
        &["enable", "siti@agensi.example", "--from", "a@agensi.example, b@agensi.example"],
        &["enable", "siti@agensi.example", "--approved", "2026-11-02"],
        &["enable", "siti@agensi.example", "--id", "../R-1"],
        &["withdraw", "a/b"],
    ] {
        let text = refused(&session, &letter(wrong), 64);
        assert!(!text.contains('\u{1b}'), "{text}");
    }
}

#[test]
fn portal_warnings_do_not_stop_a_request() {
    let portal = [("siti", "disabled"), ("tan", "enabled"), ("ali", "disabled")];
    let session = agency(&[], &portal);
    let mailboxes = ["enable", "siti@agensi.example", "tan@agensi.example", "sitti@agensi.example"];
    let dry = |more: &[&str]| {
        letter(&[&mailboxes[..], more].concat())
            .iter()
            .chain(&["--dry-run"])
            .map(|name| (*name).to_owned())
            .collect::<Vec<String>>()
    };
    let run = |arguments: Vec<String>| {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        accepted(&session, &arguments)
    };
    let text = run(dry(&["--portal"]));
    assert!(
        text.contains("warning[already-so]: `tan@agensi.example`: its archive is already enabled"),
        "{text}"
    );
    assert!(
        text.contains(
            "warning[no-account]: `sitti@agensi.example`: the portal has no such account"
        ),
        "{text}"
    );
    assert!(!text.contains("`siti@agensi.example`:"), "{text}");
    for quiet in [dry(&[]), dry(&["--no-portal"])] {
        let text = run(quiet);
        assert!(!text.contains("warning"), "{text}");
    }
    assert!(!session.path().join(".arkib").exists(), "the portal's database was left behind");
    // The preview can be redirected into a file.
    let arguments = dry(&["--portal"]);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let shown = stdout(&session.run(&arguments));
    assert!(shown.starts_with("version: 1\n") && shown.ends_with(" (12)\n"), "{shown}");
    // An unavailable portal.
    let policy = read(&session, "requests/agency.yaml").replace("embedded", "scim");
    session.write("requests/agency.yaml", policy);
    let text = run(dry(&["--portal"]));
    assert!(text.contains("warning: the portal could not be read"), "{text}");
    assert!(text.contains("ARKIB_PORTAL_URL"), "{text}");
    assert!(files(&session).is_empty(), "a dry run wrote something");
}

#[test]
fn concurrent_requests_get_different_ids() {
    let session = agency(&[("R-7", request("R-7", "enable", &numbered(1)))], &[]);
    let running: Vec<_> = (0..6)
        .map(|number| {
            let mailbox = format!("m{number}@agensi.example");
            let mut command = session.arkib(&letter(&["enable", &mailbox]));
            command
                .stdout(std::process::Stdio::piped())
                .stderr(std::process::Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    for child in running {
        let output = child.in_time();
        assert_eq!(status(&output), 0, "{}", stderr(&output));
    }
    let expected: Vec<String> =
        (8..14).map(|number| format!("requests/2026/R-{number}.yaml")).collect();
    let mut found = files(&session);
    found.retain(|file| file.starts_with("requests/2026"));
    found.sort_by_key(|file| file.len());
    assert_eq!(found, expected);
    accepted(&session, &["check", "--strict", DAY[0], DAY[1]]);
    let left = std::fs::read_dir(session.path().join("requests/2026")).unwrap();
    assert_eq!(left.count(), 6, "something was left behind");
    // A requested id must be free.
    let text = refused(&session, &letter(&["enable", "x@agensi.example", "--id", "r-7"]), 1);
    assert!(text.contains("the id `r-7` is in use"), "{text}");
    session.write("requests/2026/R-20.yaml", "version: 1\n");
    let text = refused(&session, &letter(&["enable", "x@agensi.example", "--id", "R-20"]), 1);
    assert!(text.contains("the id `R-20` is in use"), "{text}");
    // A problem in another file is reported, and its id counts.
    let text = accepted(&session, &letter(&["enable", "x@agensi.example"]));
    assert!(
        text.contains("Wrote requests/2026/R-21.yaml")
            && text.contains("warning: other files have problems"),
        "{text}"
    );
}

#[test]
fn json_matches_its_schema_for_every_result() {
    let session = agency(&[], &[("siti", "enabled")]);
    let run = |arguments: &[&str], expected: i32| -> Value {
        let arguments = [arguments, &["--format", "json"]].concat();
        valid(&session, "new-request", &arguments, expected)
    };
    run(&["request", "enable"], 64);
    run(&["request", "enable", "siti"], 64);
    let wrong = run(&letter(&["enable", "siti@lain.example"]), 1);
    assert_eq!(wrong["findings"][0]["kind"], "foreign-domain");
    assert_eq!((&wrong["written"], &wrong["exit"]["status"]), (&false.into(), &1.into()));
    let dry = run(&letter(&["enable", "siti@agensi.example", "--dry-run"]), 0);
    assert!(dry["text"].as_str().unwrap().starts_with("version: 1\nid: CONTOH-2026-0001\n"));
    let written = run(&letter(&["enable", "siti@agensi.example", "--portal"]), 0);
    assert_eq!(written["format"], "arkib.request/1");
    assert_eq!((&written["file"], &written["request"]), (&FIRST.into(), &FIRST.into()));
    assert_eq!(written["findings"][0]["kind"], "already-so");
    assert_eq!((&written["written"], &written["text"]), (&true.into(), &Value::Null));
    assert_eq!(written["next"].as_array().unwrap().len(), 5);
    session.write("requests/agency.yaml", "version: 2\n");
    run(&letter(&["enable", "siti@agensi.example"]), 1);
    std::fs::remove_dir_all(session.path().join("requests")).unwrap();
    run(&letter(&["enable", "siti@agensi.example"]), 1);
}
