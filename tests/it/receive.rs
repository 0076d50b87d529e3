//! `arkib request`: a letter has arrived (procedure step 1).

mod branch;
#[cfg(unix)]
mod on_a_terminal;
mod written;

use serde_json::Value;

use crate::outputs::{DAY, agency, numbered, request, valid};
use crate::session::{Session, status, stderr, stdout};

/// What every letter has.
const LETTER: [&str; 4] = [
    "--channel",
    "letter",
    "--reference",
    "CONTOH.600-1/2/3 (12)",
];
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
        .map(|file| {
            file.strip_prefix(session.path())
                .unwrap()
                .to_string_lossy()
                .replace('\\', "/")
        })
        .filter(|name| !name.ends_with("agency.yaml"))
        .collect();
    names.sort();
    names
}

fn read(session: &Session, file: &str) -> String {
    std::fs::read_to_string(session.path().join(file)).unwrap()
}

/// Runs a command that must be refused, and gives all that it says.
fn refused(session: &Session, arguments: &[&str], expected: i32) -> String {
    let before = files(session);
    let output = session.run(arguments);
    let text = format!("{}{}", stdout(&output), stderr(&output));
    assert_eq!(status(&output), expected, "{arguments:?}: {text}");
    assert_eq!(
        files(session),
        before,
        "{arguments:?} wrote something: {text}"
    );
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
            "Wrote {FIRST}, which names 3 mailboxes.\n\nNext:\n  git switch --create request/CONTOH-2026-0001\n  git add -- {FIRST}\n  git commit -m \"Request CONTOH-2026-0001: enable 3 archives\" -- {FIRST}\n  git push --set-upstream origin request/CONTOH-2026-0001\nand open the pull request, in which an approver adds the approval.\n"
        )
    );
    accepted(&session, &["check", "--strict", DAY[0], DAY[1]]);
    // The next one follows, also into another year, and also what withdraws it.
    accepted(&session, &letter(&["terminate", "tan@agensi.example"]));
    accepted(
        &session,
        &letter(&["enable", "ali@agensi.example", "--received", "2025-12-31"]),
    );
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
fn the_commands_that_it_names_do_what_they_say() {
    let session = agency(&[], &[]);
    let told = accepted(&session, &letter(&["enable", "siti@agensi.example"]));
    let commands = told.lines().filter_map(|line| line.strip_prefix("  git "));
    for command in commands.filter(|it| !it.starts_with("push")) {
        // Words in quotes are one.
        let words: Vec<&str> = command
            .split('"')
            .enumerate()
            .flat_map(|(index, part)| {
                if index % 2 == 1 {
                    vec![part]
                } else {
                    part.split_whitespace().collect()
                }
            })
            .collect();
        session.git(&words);
    }
    assert_eq!(
        session.git(&[
            "show",
            "--name-only",
            "--format=%s",
            "request/CONTOH-2026-0001"
        ]),
        format!("Request CONTOH-2026-0001: enable 1 archive\n\n{FIRST}")
    );
}

#[test]
fn all_that_is_missing_is_said_at_once_where_nobody_can_be_asked() {
    let session = agency(&[], &[]);
    let text = refused(&session, &["request", "enable"], 64);
    for flag in [
        "MAILBOX",
        "--from-file FILE",
        "--channel email|memo|letter|form",
        "--reference TEXT",
    ] {
        assert!(text.contains(flag), "{flag}: {text}");
    }
    let text = refused(&session, &["request", "withdraw", "--channel", "memo"], 64);
    assert!(
        text.contains("ID") && text.contains("--reference") && !text.contains("--channel"),
        "{text}"
    );
    for wrong in [
        &["enable", "siti"][..],
        &["enable", "siti@agensi.example", "--received", "2.11.2026"],
        &["enable", "siti@agensi.example", "--reason", "a\u{1b}[31m"],
        &[
            "enable",
            "siti@agensi.example",
            "--from",
            "a@agensi.example, b@agensi.example",
        ],
        &["enable", "siti@agensi.example", "--approved", "2026-11-02"],
        &["enable", "siti@agensi.example", "--id", "../R-1"],
        &["withdraw", "a/b"],
    ] {
        let text = refused(&session, &letter(wrong), 64);
        assert!(!text.contains('\u{1b}'), "{text}");
    }
}

#[test]
fn what_could_never_be_approved_is_not_written() {
    let all = ["tan".to_owned()];
    let mut later = request("R-2", "enable", &all);
    later.push_str("effective: 2026-12-01\n");
    let session = agency(
        &[
            (
                "R-1",
                request("R-1", "enable", &["siti".to_owned()])
                    .replace("2026-01", "2026-11")
                    .replace("2026-11-03", DAY[1]),
            ),
            ("R-2", later),
            ("R-3", request("R-3", "terminate", &["ali".to_owned()])),
            (
                "R-4",
                request("R-4", "x", &all)
                    .replace("action: x", "action: withdraw\nwithdraws: R-3")
                    .replace("mailboxes:\n  - tan@agensi.example\n", ""),
            ),
        ],
        &[],
    );
    accepted(&session, &["check", DAY[0], DAY[1]]);
    let approved = |by: &'static str, day: &'static str| ["--approved-by", by, "--approved", day];
    let admin = "pentadbir@agensi.example";
    for (arguments, kind) in [
        (vec!["enable", "siti@lain.example"], "foreign-domain"),
        (
            vec!["enable", "siti@agensi.example", "Siti@agensi.example"],
            "mailbox-twice",
        ),
        (
            vec![
                "terminate",
                "tan@agensi.example",
                "--effective",
                "2026-12-01",
            ],
            "contradiction",
        ),
        (vec!["withdraw", "R-9"], "withdraws-unknown"),
        (vec!["withdraw", "R-4"], "withdraws-unknown"),
        (vec!["withdraw", "R-3"], "already-withdrawn"),
        (
            [
                &["enable", "a@agensi.example"],
                &approved("x@agensi.example", DAY[1])[..],
            ]
            .concat(),
            "unknown-approver",
        ),
        (
            [&["enable", admin], &approved(admin, DAY[1])[..]].concat(),
            "self-approval",
        ),
        (
            [
                &["enable", "a@agensi.example", "--from", admin],
                &approved(admin, DAY[1])[..],
            ]
            .concat(),
            "self-approval",
        ),
        (
            [
                &["enable", "a@agensi.example"],
                &approved(admin, "2026-11-22")[..],
            ]
            .concat(),
            "approval-before-receipt",
        ),
        (
            [
                &["terminate", "siti@agensi.example"],
                &approved(admin, DAY[1])[..],
            ]
            .concat(),
            "contradiction",
        ),
    ] {
        let text = refused(&session, &letter(&arguments), 1);
        assert!(text.contains(&format!("error[{kind}]")), "{kind}: {text}");
        assert!(
            text.contains("Nothing was written: 1 problem in 1 file."),
            "{text}"
        );
        assert!(!session.path().join("requests/2026").exists());
    }
    let text = accepted(&session, &letter(&["terminate", "siti@agensi.example"]));
    assert!(
        text.contains("warning[contradiction]: if it is approved on that day, "),
        "{text}"
    );
    let text = accepted(
        &session,
        &letter(&[
            "enable",
            admin,
            "a@agensi.example",
            "--received",
            "2026-11-30",
            "--effective",
            "2026-11-01",
        ]),
    );
    for kind in [
        "received-in-future",
        "effective-in-past",
        "nobody-may-approve",
    ] {
        assert!(text.contains(&format!("warning[{kind}]")), "{kind}: {text}");
    }
    let text = accepted(&session, &letter(&["enable", "a@agensi.example"]));
    assert!(
        text.contains("warning[already-asked]: R-6 asks to enable `a@agensi.example` already"),
        "{text}"
    );
    let text = accepted(
        &session,
        &[
            &letter(&["enable", "b@agensi.example"])[..],
            &approved(admin, DAY[1]),
        ]
        .concat(),
    );
    assert!(text.ends_with("\nand open the pull request.\n"), "{text}");
    assert!(
        read(&session, "requests/2026/R-8.yaml")
            .contains("approval:\n  by: pentadbir@agensi.example\n  date: 2026-11-23\n")
    );
}

#[test]
fn the_portal_warns_of_slips_and_stops_nothing() {
    let portal = [
        ("siti", "disabled"),
        ("tan", "enabled"),
        ("ali", "disabled"),
    ];
    let session = agency(&[], &portal);
    let mailboxes = [
        "enable",
        "siti@agensi.example",
        "tan@agensi.example",
        "sitti@agensi.example",
    ];
    let dry = |more: &[&str]| {
        letter(&[&mailboxes[..], more].concat())
            .iter()
            .chain(&["--dry-run"])
            .map(|it| (*it).to_owned())
            .collect::<Vec<String>>()
    };
    let run = |arguments: Vec<String>| {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        accepted(&session, &arguments)
    };
    let text = run(dry(&["--portal"]));
    assert!(
        text.contains("warning[already-so]: `tan@agensi.example`: its archive is enabled already"),
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
    assert!(
        !session.path().join(".arkib").exists(),
        "the portal's database was left behind"
    );
    // What would be written can go into a file by itself.
    let arguments = dry(&["--portal"]);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let shown = stdout(&session.run(&arguments));
    assert!(
        shown.starts_with("version: 1\n") && shown.ends_with(" (12)\n"),
        "{shown}"
    );
    // A portal that is not there.
    let policy = read(&session, "requests/agency.yaml").replace("embedded", "scim");
    session.write("requests/agency.yaml", policy);
    let text = run(dry(&["--portal"]));
    assert!(
        text.contains("note: the portal's mailboxes are not known"),
        "{text}"
    );
    assert!(text.contains("ARKIB_PORTAL_URL"), "{text}");
    assert!(files(&session).is_empty(), "a dry run wrote something");
}

#[test]
fn lists_are_taken_from_files_and_from_standard_input() {
    let session = agency(&[], &[]);
    session.write("senarai.csv", "\u{feff}Bil;Nama;E-mel\r\n1;\"Aminah; Siti\";SITI@agensi.example\r\n# nota\r\n2;Tan;tan@agensi.example\r\n");
    accepted(
        &session,
        &letter(&["enable", "ali@agensi.example", "--from-file", "senarai.csv"]),
    );
    assert!(read(&session, FIRST).contains("mailboxes:\n  - ali@agensi.example\n  - siti@agensi.example\n  - tan@agensi.example\nreceived:"));
    let input = session.path().join("senarai.txt");
    std::fs::write(&input, "# penamatan\n\nsiti@agensi.example\n").unwrap();
    let output = session
        .arkib(&letter(&["terminate", "--from-file", "-"]))
        .stdin(std::fs::File::open(&input).unwrap())
        .output()
        .unwrap();
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    for (text, expected) in [
        (&b"\xff\xfes\0i\0t\0"[..], "the list is in UTF-16"),
        (
            b"siti@agensi.example\nAmin\xe9@agensi.example\n",
            "line 2 holds the byte 0xe9",
        ),
        (b"email\n=HYPERLINK(\"x\")\n", "jahat.csv:2:1"),
        (b"email\nsiti@agensi.example\x1b[31m\n", "U+241B"),
        (b"email,e-mel\na,b\n", "two columns of addresses"),
        (b"Nama,Umur\nSiti,40\n", "names a column `mailbox`"),
        (b"PK\x03\x04", "a workbook"),
        (b"", "found no mailbox"),
    ] {
        session.write("jahat.csv", text);
        let text = refused(
            &session,
            &letter(&["enable", "--from-file", "jahat.csv"]),
            1,
        );
        let expected = if expected == "U+241B" {
            "\u{241b}[31m"
        } else {
            expected
        };
        assert!(text.contains(expected), "{expected}: {text}");
        assert!(!text.contains('\u{1b}'), "{text}");
    }
    let text = refused(
        &session,
        &letter(&["enable", "--from-file", "tiada.csv"]),
        1,
    );
    assert!(text.contains("the list cannot be read"), "{text}");
    refused(&session, &letter(&["enable", "--from-file", "."]), 1);
}

#[test]
fn ten_thousand_mailboxes_are_one_request_and_no_more() {
    let session = agency(&[], &[]);
    let list = |count: usize| -> String {
        (0..count)
            .map(|number| format!("pegawai.negeri{number:05}@agensi.example\n"))
            .collect()
    };
    session.write("senarai.txt", list(10_001));
    let text = refused(
        &session,
        &letter(&["enable", "--from-file", "senarai.txt"]),
        1,
    );
    assert!(
        text.contains("too-many-mailboxes"),
        "{}",
        text.chars().take(2000).collect::<String>()
    );
    session.write("senarai.txt", list(10_000));
    // None of them is in the portal; not each is told.
    let text = accepted(
        &session,
        &letter(&["enable", "--from-file", "senarai.txt", "--no-portal"]),
    );
    assert!(text.contains("which names 10000 mailboxes."), "{text}");
    accepted(&session, &["check", "--strict", DAY[0], DAY[1]]);
    let text = accepted(&session, &letter(&["enable", "--from-file", "senarai.txt"]));
    assert_eq!(
        text.matches("warning[already-asked]").count(),
        51,
        "not cut"
    );
}

#[test]
fn whoever_is_second_takes_the_next_id() {
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
        let output = child.wait_with_output().unwrap();
        assert_eq!(status(&output), 0, "{}", stderr(&output));
    }
    let expected: Vec<String> = (8..14)
        .map(|number| format!("requests/2026/R-{number}.yaml"))
        .collect();
    let mut found = files(&session);
    found.retain(|file| file.starts_with("requests/2026"));
    found.sort_by_key(|file| file.len());
    assert_eq!(found, expected);
    accepted(&session, &["check", "--strict", DAY[0], DAY[1]]);
    let left = std::fs::read_dir(session.path().join("requests/2026")).unwrap();
    assert_eq!(left.count(), 6, "something was left behind");
    // An id that was asked for is no other's.
    let text = refused(
        &session,
        &letter(&["enable", "x@agensi.example", "--id", "r-7"]),
        1,
    );
    assert!(text.contains("the id `r-7` is in use"), "{text}");
    session.write("requests/2026/R-20.yaml", "version: 1\n");
    let text = refused(
        &session,
        &letter(&["enable", "x@agensi.example", "--id", "R-20"]),
        1,
    );
    assert!(text.contains("the id `R-20` is in use"), "{text}");
    // What is wrong elsewhere is said, and its id counts.
    let text = accepted(&session, &letter(&["enable", "x@agensi.example"]));
    assert!(
        text.contains("Wrote requests/2026/R-21.yaml") && text.contains("problems in other files"),
        "{text}"
    );
}

#[test]
fn each_agency_has_its_requests_in_its_own_folder() {
    let session = agency(&[("R-1", request("R-1", "enable", &numbered(1)))], &[]);
    let policy = read(&session, "requests/agency.yaml");
    let below = policy
        .replace("CONTOH", "Kedah (JPN)")
        .replace("agensi.example", "kedah.example");
    session.write("requests/negeri/kedah/agency.yaml", below);
    let run = |mailboxes: &[&str]| letter(&[&["enable"], mailboxes].concat()).join("\t");
    let run = |mailboxes: &[&str]| {
        let text = run(mailboxes);
        session.run(&text.split('\t').collect::<Vec<_>>())
    };
    assert_eq!(status(&run(&["siti@kedah.example"])), 0);
    assert_eq!(status(&run(&["siti@agensi.example"])), 0);
    assert_eq!(
        files(&session),
        [
            "requests/2026/R-2.yaml",
            "requests/R-1.yaml",
            "requests/negeri/kedah/2026/Kedah-JPN-2026-0001.yaml"
        ]
    );
    accepted(&session, &letter(&["withdraw", "Kedah-JPN-2026-0001"]));
    assert!(
        files(&session).contains(&"requests/negeri/kedah/2026/Kedah-JPN-2026-0002.yaml".to_owned())
    );
    let text = refused(
        &session,
        &letter(&["enable", "a@kedah.example", "b@agensi.example"]),
        1,
    );
    assert!(
        text.contains("`a@kedah.example` is of Kedah (JPN) and `b@agensi.example` of CONTOH"),
        "{text}"
    );
    let text = refused(&session, &letter(&["enable", "a@lain.example"]), 1);
    assert!(
        text.contains("whose domains are agensi.example, kedah.example"),
        "{text}"
    );
    let text = refused(&session, &letter(&["withdraw", "R-99"]), 1);
    assert!(
        text.contains("no request of these agencies has the id `R-99`"),
        "{text}"
    );
    // A year's folder that is another agency's.
    session.write(
        "requests/2024/agency.yaml",
        policy
            .replace("CONTOH", "X")
            .replace("agensi.example", "x.example"),
    );
    let text = refused(
        &session,
        &letter(&["enable", "a@agensi.example", "--received", "2024-05-05"]),
        1,
    );
    assert!(
        text.contains("foreign-domain") || text.contains("another agency's"),
        "{text}"
    );
}

#[cfg(unix)]
#[test]
fn a_link_in_the_place_of_a_year_is_not_followed() {
    let session = agency(&[], &[]);
    std::fs::create_dir(session.path().join("elsewhere")).unwrap();
    std::os::unix::fs::symlink("../elsewhere", session.path().join("requests/2026")).unwrap();
    refused(&session, &letter(&["enable", "a@agensi.example"]), 1);
    assert_eq!(
        std::fs::read_dir(session.path().join("elsewhere"))
            .unwrap()
            .count(),
        0
    );
}

#[test]
fn json_is_as_its_schema_says_whatever_becomes_of_the_request() {
    let session = agency(&[], &[("siti", "enabled")]);
    let run = |arguments: &[&str], expected: i32| -> Value {
        let arguments = [arguments, &["--format", "json"]].concat();
        valid(&session, "new-request", &arguments, expected)
    };
    run(&["request", "enable"], 64);
    run(&["request", "enable", "siti"], 64);
    let wrong = run(&letter(&["enable", "siti@lain.example"]), 1);
    assert_eq!(wrong["findings"][0]["kind"], "foreign-domain");
    assert_eq!(
        (&wrong["written"], &wrong["exit"]["status"]),
        (&false.into(), &1.into())
    );
    let dry = run(&letter(&["enable", "siti@agensi.example", "--dry-run"]), 0);
    assert!(
        dry["text"]
            .as_str()
            .unwrap()
            .starts_with("version: 1\nid: CONTOH-2026-0001\n")
    );
    let written = run(&letter(&["enable", "siti@agensi.example", "--portal"]), 0);
    assert_eq!(written["format"], "arkib.request/1");
    assert_eq!(
        (&written["file"], &written["request"]),
        (&FIRST.into(), &FIRST.into())
    );
    assert_eq!(written["findings"][0]["kind"], "already-so");
    assert_eq!(
        (&written["written"], &written["text"]),
        (&true.into(), &Value::Null)
    );
    assert_eq!(written["next"].as_array().unwrap().len(), 4);
    session.write("requests/agency.yaml", "version: 2\n");
    run(&letter(&["enable", "siti@agensi.example"]), 1);
    std::fs::remove_dir_all(session.path().join("requests")).unwrap();
    run(&letter(&["enable", "siti@agensi.example"]), 1);
}

#[test]
fn its_commands_name_the_repository_where_that_is_elsewhere() {
    let session = agency(&[], &[]);
    let outside = Session::new();
    let folder = session.path().join("requests");
    let folder = folder.to_str().unwrap();
    let output = outside
        .arkib(&letter(&[
            "enable",
            "siti@agensi.example",
            "--requests",
            folder,
        ]))
        .output()
        .unwrap();
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    let add = stdout(&output)
        .lines()
        .find(|line| line.contains(" add "))
        .unwrap()
        .to_owned();
    assert!(add.starts_with("  git -C "), "{add}");
    assert!(add.ends_with(" add -- 2026/CONTOH-2026-0001.yaml"), "{add}");
    let below = session
        .arkib(&letter(&[
            "enable",
            "tan@agensi.example",
            "--requests",
            ".",
        ]))
        .current_dir(folder)
        .output()
        .unwrap();
    let told = stdout(&below);
    assert!(
        told.contains("  git add -- ./2026/CONTOH-2026-0002.yaml\n"),
        "{told}{}",
        stderr(&below)
    );
}

#[test]
fn documents_that_cannot_be_filed_leave_nothing_behind() {
    let session = agency(&[], &[("siti.aminah", "disabled")]);
    session.write("empty.pdf", "");
    session.write("good.pdf", "%PDF");
    // One that is there already is nobody's to write over.
    session.write(&FIRST.replace(".yaml", "-2.pdf"), "another");
    let before = session.git(&["status", "--porcelain", "--untracked-files=all"]);
    let enable = [
        "enable",
        "siti.aminah@agensi.example",
        "--evidence",
        "good.pdf",
        "--evidence",
    ];
    for document in ["nowhere.pdf", "empty.pdf", "requests", "good.pdf"] {
        let said = refused(&session, &letter(&[&enable[..], &[document]].concat()), 1);
        assert!(!said.contains("Wrote"), "{said}");
    }
    let after = session.git(&["status", "--porcelain", "--untracked-files=all"]);
    assert_eq!(after, before);
}

#[test]
fn an_id_is_a_name_on_every_system() {
    let session = agency(&[], &[]);
    for id in ["CON", "com1", "aux.2026", "R-1."] {
        let said = refused(
            &session,
            &letter(&["enable", "x@agensi.example", "--id", id]),
            64,
        );
        assert!(said.contains(id), "{said}");
    }
}
