//! Mailboxes from lists.

use super::{FIRST, accepted, letter, read, refused};
use crate::outputs::{DAY, agency};
use crate::session::{InTime as _, status, stderr};

#[test]
fn lists_come_from_files_or_standard_input() {
    let session = agency(&[], &[]);
    session.write("senarai.csv", "\u{feff}Bil;Nama;E-mel\r\n1;\"Aminah; Siti\";SITI@agensi.example\r\n# nota\r\n2;Tan;tan@agensi.example\r\n");
    accepted(&session, &letter(&["enable", "ali@agensi.example", "--from-file", "senarai.csv"]));
    assert!(read(&session, FIRST).contains("mailboxes:\n  - ali@agensi.example\n  - siti@agensi.example\n  - tan@agensi.example\nreceived:"));
    let input = session.path().join("senarai.txt");
    std::fs::write(&input, "# penamatan\n\nsiti@agensi.example\n").unwrap();
    let output = session
        .arkib(&letter(&["terminate", "--from-file", "-"]))
        .stdin(std::fs::File::open(&input).unwrap())
        .in_time();
    assert_eq!(status(&output), 0, "{}", stderr(&output));
    for (text, expected) in [
        (&b"\xff\xfes\0i\0t\0"[..], "`sit` is not a mailbox address"),
        (b"siti@agensi.example\nAmin\xe9@agensi.example\n", "it contains the character U+00E9"),
        (b"email\n=HYPERLINK(\"x\")\n", "jahat.csv:2:1"),
        (b"email\nsiti@agensi.example\x1b[31m\n", "U+241B"),
        (b"email,e-mel\na,b\n", "two columns of addresses"),
        (b"Nama,Umur\nSiti,40\n", "names a column `mailbox`"),
        (b"PK\x03\x04", "begins like an Excel workbook"),
        (b"", "found no mailbox"),
    ] {
        session.write("jahat.csv", text);
        let text = refused(&session, &letter(&["enable", "--from-file", "jahat.csv"]), 1);
        let expected = if expected == "U+241B" { "\u{241b}[31m" } else { expected };
        assert!(text.contains(expected), "{expected}: {text}");
        assert!(!text.contains('\u{1b}'), "{text}");
    }
    let text = refused(&session, &letter(&["enable", "--from-file", "tiada.csv"]), 1);
    assert!(text.contains("the list cannot be read"), "{text}");
    refused(&session, &letter(&["enable", "--from-file", "."]), 1);
}

#[test]
fn a_request_holds_ten_thousand_mailboxes_at_most() {
    let session = agency(&[], &[]);
    let list = |count: usize| -> String {
        (0..count).map(|number| format!("pegawai.negeri{number:05}@agensi.example\n")).collect()
    };
    session.write("senarai.txt", list(10_001));
    let text = refused(&session, &letter(&["enable", "--from-file", "senarai.txt"]), 1);
    assert!(text.contains("too-many-mailboxes"), "{}", text.chars().take(2000).collect::<String>());
    session.write("senarai.txt", list(10_000));
    // None of them is in the portal; not every one is listed.
    let text =
        accepted(&session, &letter(&["enable", "--from-file", "senarai.txt", "--no-portal"]));
    assert!(text.contains("which names 10000 mailboxes."), "{text}");
    accepted(&session, &["check", "--strict", DAY[0], DAY[1]]);
    let text = accepted(&session, &letter(&["enable", "--from-file", "senarai.txt"]));
    assert_eq!(text.matches("warning[already-asked]").count(), 51, "not cut");
}
