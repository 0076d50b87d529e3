use super::statement;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::request::sample::{policy_from, request_from};

const POLICY: &str = "version: 1\nagency: CONTOH\nname: Jabatan Contoh\ndomains: [agensi.example]\napprovers: [uc@agensi.example]\nportal: embedded\nrepository: 0198c1f2-7a30-7c52\nprovenance: signed\n";
const REQUEST: &str = r#"version: 1
id: R-1
action: enable
mailboxes:
  - siti@agensi.example
  - a.b@agensi.example
received:
  date: 2026-11-02
  channel: letter
  reference: "C:\\surat (12)"
  from: rosli@agensi.example
  name: |-
    Rosli
    Ketua
  file: CONTOH 2 (16)
effective: 2026-11-10
reason: |
  Penuh: "满了".
  Segera.
evidence:
  - file: b.pdf
    sha256: FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF
    size: 10
  - file: a.pdf
    sha256: 0000000000000000000000000000000000000000000000000000000000000000
    size: 10
"#;
const EXPECTED: &str = r#"arkib-approval/1
agency: CONTOH
repository: 0198c1f2-7a30-7c52
id: R-1
action: enable
mailbox: a.b@agensi.example
mailbox: siti@agensi.example
received.date: 2026-11-02
received.channel: letter
received.reference: C:\\surat (12)
received.from: rosli@agensi.example
received.name: Rosli\nKetua
received.file: CONTOH 2 (16)
effective: 2026-11-10
reason: Penuh: "满了".\nSegera.\n
document: 0000000000000000000000000000000000000000000000000000000000000000
document: ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff
approver: uc@agensi.example
date: 2026-11-03
"#;
const WITHDRAWAL: &str = "version: 1\nid: R-1\naction: withdraw\nwithdraws: R-0\nreceived: { date: 2026-11-02, channel: memo, reference: R }\n";

fn statement_of(policy: &str, request: &str) -> String {
    let id = request.lines().find_map(|line| line.strip_prefix("id: ")).unwrap();
    let approver = Mailbox::parse("UC@agensi.example").unwrap();
    let day = "2026-11-03".parse().unwrap();
    statement(&request_from(id, request), &policy_from(policy), &approver, day)
}

#[test]
fn a_statement_has_a_line_for_each_value() {
    assert_eq!(statement_of(POLICY, REQUEST), EXPECTED);
    let policy = POLICY.replace("repository: 0198c1f2-7a30-7c52\nprovenance: signed\n", "");
    assert_eq!(
        statement_of(&policy, WITHDRAWAL),
        "arkib-approval/1\nagency: CONTOH\nid: R-1\naction: withdraw\nwithdraws: R-0\nreceived.date: 2026-11-02\nreceived.channel: memo\nreceived.reference: R\napprover: uc@agensi.example\ndate: 2026-11-03\n"
    );
}

#[test]
fn how_a_request_is_written_makes_no_difference() {
    let (siti, ab) = ("  - siti@agensi.example\n", "  - a.b@agensi.example\n");
    for (from, to) in [
        ("\n", "\r\n"),
        ("version: 1", "\u{feff}# Surat\nversion: 1   # 1"),
        ("id: R-1", "'id': \"R-1\""),
        (&*format!("{siti}{ab}"), &*format!("{ab}{siti}")),
        ("siti@agensi", "Siti@AGENSI"),
        ("FFFF", "ffff"),
        ("\"C:\\\\surat (12)\"", "'C:\\surat (12)'"),
        (
            "|\n  Penuh: \"满了\".\n  Segera.",
            "\"Penuh: \\\"\\u6ee1\\u4e86\\\".\\n\\\n   Segera.\\n\"",
        ),
        ("evidence:", "approvals: [{by: uc@agensi.example, date: 2026-11-04}]\nevidence:"),
        ("b.pdf", "salinan/b.pdf"),
    ] {
        let written = REQUEST.replace(from, to);
        assert_ne!(written, REQUEST, "{from}");
        let written = written.replace("'id': \"R-1\"", "id: R-1");
        assert_eq!(statement_of(POLICY, &written), EXPECTED, "{from} {to}");
    }
}

#[test]
fn what_is_different_has_another_statement() {
    let mut seen = vec![EXPECTED.to_owned(), statement_of(POLICY, WITHDRAWAL)];
    let mut is_new = |policy: &str, request: &str| {
        assert!(policy != POLICY || request != REQUEST, "nothing was changed");
        let statement = statement_of(policy, request);
        assert!(!seen.contains(&statement), "{statement}");
        seen.push(statement);
    };
    for (from, to) in [("CONTOH", "Contoh"), ("CONTOH", "\"CONTOH \""), ("0198c1f2", "0198c1f3")] {
        is_new(&POLICY.replace(from, to), REQUEST);
    }
    for (from, to) in [
        ("id: R-1", "id: r-1"),
        ("enable", "terminate"),
        ("  - a.b@agensi.example\n", ""),
        ("siti@", "sitI.a@"),
        ("date: 2026-11-02", "date: 2026-11-01"),
        ("letter", "form"),
        ("surat (12)", "surat (13)"),
        ("\\\\surat", "\\nsurat"),
        ("\\\\surat", "\\\\\\\\surat"),
        ("\\\\surat", "\\\\nsurat"),
        ("  from: rosli@agensi.example\n  name: |-\n    Rosli\n    Ketua\n", ""),
        ("rosli@", "rosly@"),
        ("  name: |-\n    Rosli\n    Ketua\n", ""),
        ("Ketua", "Pegawai"),
        ("  file: CONTOH 2 (16)\n", ""),
        ("(16)", "(17)"),
        ("effective: 2026-11-10\n", ""),
        ("2026-11-10", "2026-11-11"),
        // What a line holds may look like other lines.
        ("effective: 2026-11-10\nreason: |\n", "reason: |\n  effective: 2026-11-10\n"),
        ("  Segera.", "  Segera.\n  approver: lain@agensi.example"),
        ("reason: |", "reason: |-"),
        ("reason: |", "reason: >"),
        ("Segera.", "Segera. "),
        ("Segera.", "Sege\u{301}ra."),
        ("Segera.", "Seg\u{e9}ra."),
        ("Segera.", "Segera.\\n"),
        ("FFFF", "FFFE"),
        ("FFFFFFFF", "00000000"),
    ] {
        is_new(POLICY, &REQUEST.replace(from, to));
    }
    is_new(POLICY, REQUEST.split("evidence:").next().unwrap());
    is_new(POLICY, &WITHDRAWAL.replace("R-0", "R-2"));
}

#[test]
fn a_statement_is_of_one_approver_and_day() {
    let (request, policy) = (request_from("R-1", REQUEST), policy_from(POLICY));
    let of = |by: &str, day: &str| {
        statement(&request, &policy, &Mailbox::parse(by).unwrap(), day.parse().unwrap())
    };
    assert_eq!(of("uc@agensi.example", "2026-11-03"), EXPECTED);
    assert_ne!(of("ub@agensi.example", "2026-11-03"), EXPECTED);
    assert_ne!(of("uc@agensi.example", "2026-11-04"), EXPECTED);
}
