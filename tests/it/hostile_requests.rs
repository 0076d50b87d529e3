//! Hostile and broken input: a clear error, never a hang, a panic, or another file's content.

use std::fs;
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use arkib::domain::agency::LoadedAgencies;
use arkib::finding::Finding;
use arkib::load::agency_loader::load;
use arkib::load::folder::RequestsFolder;

const POLICY: &str = include_str!("../../examples/broken/agency.yaml");
const GOOD: &str = "version: 1\nid: X\naction: enable\nmailboxes:\n  - siti@agensi.example\nreceived:\n  date: 2026-11-02\n  channel: letter\n  reference: R 1\n";

/// Loads a folder; a run that takes too long counts as hanging.
fn load_bounded(folder: &Path) -> LoadedAgencies {
    let (send, receive) = mpsc::channel();
    let folder = folder.to_owned();
    std::thread::spawn(move || {
        send.send(load(&RequestsFolder::new(&folder), jiff::civil::date(2026, 11, 23)))
    });
    receive
        .recv_timeout(Duration::from_secs(60))
        .expect("reading ended without a panic and without a hang")
}

/// The findings of one file beside a good policy.
fn findings(bytes: &[u8]) -> Vec<Finding> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("agency.yaml"), POLICY).unwrap();
    fs::write(folder.path().join("X.yaml"), bytes).unwrap();
    load_bounded(folder.path()).findings
}

fn kinds(bytes: &[u8]) -> Vec<&'static str> {
    let mut kinds: Vec<_> = findings(bytes).iter().map(|finding| finding.kind).collect();
    kinds.dedup();
    kinds
}

#[test]
fn a_good_file_has_no_findings() {
    assert_eq!(kinds(GOOD.as_bytes()), [""; 0]);
    let with_bom_and_crlf = format!("\u{feff}{}", GOOD.replace('\n', "\r\n"));
    assert_eq!(kinds(with_bom_and_crlf.as_bytes()), [""; 0]);
    // An `&`, `*` or `!` inside a text is not an anchor, alias or tag.
    let with_signs = format!("{GOOD}reason: Bahagian A & B *penting* !\n");
    assert_eq!(kinds(with_signs.as_bytes()), [""; 0]);
    assert_eq!(kinds(format!("---\n{GOOD}").as_bytes()), [""; 0]);
}

#[test]
fn bombs_are_refused() {
    let many = 200_000;
    for (bytes, kind) in [
        ("[".repeat(many), "line-too-long"),
        ("[\n".repeat(many), "nested-too-deeply"),
        ("{\n".repeat(many), "nested-too-deeply"),
        ("- ".repeat(1000), "nested-too-deeply"),
        ("? ".repeat(1000), "nested-too-deeply"),
        ("\u{1b}".repeat(2000), "control-character"),
        ("x".repeat(50_000_000), "file-too-large"),
        ("---\n".repeat(50_000), "empty-file"),
        ("\n".repeat(many), "empty-file"),
        ("#\n".repeat(many), "empty-file"),
        (format!("reason: \"{}", "x\n".repeat(many)), "not-yaml"),
    ] {
        let kinds = kinds(bytes.as_bytes());
        assert!(kinds.contains(&kind), "{} gave {kinds:?}", &bytes[..40]);
    }
}

#[test]
fn alias_bombs_are_refused() {
    let scalar = format!("a: &a x\nmailboxes:\n{}", "- *a\n".repeat(100_000));
    assert!(kinds(scalar.as_bytes()).contains(&"alias"));
    let mut laughs = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n".to_owned();
    for level in 1..30 {
        let uses = vec![format!("*a{}", level - 1); 9].join(",");
        laughs.push_str(&format!("a{level}: &a{level} [{uses}]\n"));
    }
    assert!(kinds(laughs.as_bytes()).contains(&"anchor"));
    assert_eq!(kinds(b"reason: *nobody\n"), ["alias"]);
}

#[test]
fn many_problems_are_cut_with_a_notice() {
    for bytes in [
        "key: 1\n".repeat(90_000),
        (0..90_000).map(|n| format!("k{n}: 1\n")).collect(),
        "<<: {a: b}\n".repeat(10_000),
        GOOD.replace("  - siti@agensi.example\n", &"  - siti@foreign.example\n".repeat(9_999)),
    ] {
        let findings = findings(bytes.as_bytes());
        assert!(findings.len() <= 51, "{} findings", findings.len());
        assert!(findings.iter().any(|finding| finding.kind == "more-problems"));
    }
}

#[test]
fn many_quoted_texts_take_linear_time() {
    let list: String = (0..9_999).map(|n| format!("  - \"m{n}@agensi.example\"\n")).collect();
    let text = GOOD.replace("  - siti@agensi.example\n", &list).replace("R 1", "\"R \\\"1\\\"\"");
    assert_eq!(kinds(text.as_bytes()), [""; 0]);
    let empty = format!("x:\n{}", "- \"\"\n".repeat(150_000));
    assert!(!kinds(empty.as_bytes()).is_empty());
}

#[test]
fn ten_thousand_mailboxes_are_the_limit() {
    let with = |count: usize| {
        let list: String = (0..count).map(|n| format!("  - m{n}@agensi.example\n")).collect();
        GOOD.replace("  - siti@agensi.example\n", &list)
    };
    assert_eq!(kinds(with(10_000).as_bytes()), [""; 0]);
    assert_eq!(kinds(with(10_001).as_bytes()), ["too-many-mailboxes"]);
}

#[test]
fn null_words_are_not_texts_on_the_fast_path() {
    for word in ["~", "null", "Null", "NULL", "", "true", "12", "1.5", "0x1f", ".inf"] {
        let text = GOOD.replace("R 1", word);
        assert!(!kinds(text.as_bytes()).is_empty(), "`{word}` was taken for a text");
    }
}

#[test]
fn an_empty_policy_value_is_not_a_default() {
    for key in
        ["limits", "protected", "language", "provenance", "recoverable_days", "notices", "mapping"]
    {
        let folder = tempfile::tempdir().unwrap();
        let kept: String = POLICY
            .lines()
            .filter(|line| {
                !line.starts_with(key)
                    && !line.contains("ketua.pengarah")
                    && !line.starts_with("protected")
            })
            .map(|line| format!("{line}\n"))
            .collect();
        for nothing in ["", " ~", " null"] {
            fs::write(folder.path().join("agency.yaml"), format!("{kept}{key}:{nothing}\n"))
                .unwrap();
            let found = load_bounded(folder.path()).findings;
            assert!(!found.is_empty(), "`{key}:{nothing}` was taken");
            assert!(found.iter().all(|finding| finding.kind == "no-value"), "{found:?}");
        }
    }
}

#[test]
fn help_texts_quote_words_as_read() {
    let hidden = |from: &str, to: &str| {
        let kinds = kinds(GOOD.replace(from, to).as_bytes());
        assert!(!kinds.is_empty(), "`{to}` was taken");
        kinds
    };
    assert_eq!(hidden("action: enable", "\"\\x61ction\": enable"), ["escape"]);
    assert_eq!(hidden("enable", "\"\\x65nable\""), ["escape"]);
    assert_eq!(hidden("- siti@agensi.example", "- \"\\x73iti@agensi.example\""), ["escape"]);
    assert_eq!(hidden("- siti@agensi.example", "- \"siti@agensi\\\n    .example\""), ["escape"]);
    let far = format!("[siti@agensi.example,{}bob@agensi.example]", " ".repeat(200));
    assert_eq!(hidden("\n  - siti@agensi.example", &format!(" {far}")), ["wide-gap"]);
    let far = format!("[siti@agensi.example,\n{}bob@agensi.example]", " ".repeat(200));
    assert_eq!(hidden("\n  - siti@agensi.example", &format!(" {far}")), ["wide-gap"]);
    assert!(hidden("siti@", "s\u{456}ti@").contains(&"not-an-address"));
    // Escapes are allowed in free text, and a comment may follow.
    let text = format!("{GOOD}reason: \"A \\\"kuota\\\"\"{}# aside\n", " ".repeat(60));
    assert_eq!(kinds(text.as_bytes()), [""; 0]);
}

#[test]
fn numbers_are_written_in_plain_decimal() {
    for number in ["0x10", "0o20", "010", "+7", "1_000", "1e3", "7.0", "18446744073709551616"] {
        let folder = tempfile::tempdir().unwrap();
        let policy = POLICY.replace("terminations: 10", &format!("terminations: {number}"));
        fs::write(folder.path().join("agency.yaml"), &policy).unwrap();
        let found = load_bounded(folder.path()).findings;
        assert_eq!(found.len(), 1, "{number}: {found:?}");
        assert_eq!(found[0].kind, "wrong-type");
    }
}

#[test]
fn an_effective_day_before_the_approval_is_a_warning() {
    let text = format!(
        "{GOOD}approvals:\n  - by: pentadbir.uc@agensi.example\n    date: 2026-11-05\neffective: 2026-11-03\n"
    );
    let found = findings(text.as_bytes());
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].kind, "effective-before-approval");
    assert!(!arkib::yaml::has_errors(&found));
    assert_eq!(found[0].position.map(|at| (at.line, at.column)), Some((13, 12)));
}

#[test]
fn a_mailbox_belongs_to_one_agency() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("agency.yaml"), POLICY).unwrap();
    fs::create_dir(folder.path().join("b")).unwrap();
    fs::write(folder.path().join("b/agency.yaml"), POLICY).unwrap();
    let kinds: Vec<_> =
        load_bounded(folder.path()).findings.iter().map(|finding| finding.kind).collect();
    assert_eq!(kinds, ["agency-twice", "domain-twice"]);
}

#[test]
fn a_missing_folder_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let missing = load_bounded(&folder.path().join("requests"));
    assert_eq!(missing.findings[0].kind, "no-folder");
    assert_eq!(load_bounded(folder.path()).findings[0].kind, "no-policy");
}

#[test]
fn overlooked_file_names_are_reported() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("agency.yaml"), POLICY).unwrap();
    for name in ["A.yml", "B.YAML", "C.Yml", "D.yaml.txt", "E", ".yaml"] {
        fs::write(folder.path().join(name), GOOD).unwrap();
    }
    for name in ["notes.md", "README", "letter.pdf"] {
        fs::write(folder.path().join(name), "not a request").unwrap();
    }
    let found = load_bounded(folder.path()).findings;
    assert_eq!(found.len(), 6, "{found:?}");
    assert!(found.iter().all(|finding| finding.kind == "bad-file-name"));
}

/// Deeper than the path limit, so that not even root can read it.
#[cfg(unix)]
#[test]
fn an_unreadable_folder_is_not_empty() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("agency.yaml"), POLICY).unwrap();
    let chain: std::path::PathBuf = (0..24).map(|_| "a".repeat(100)).collect();
    for name in ["upper", "lower"] {
        fs::create_dir_all(folder.path().join(name).join(&chain)).unwrap();
    }
    assert!(load_bounded(folder.path()).findings.is_empty());
    let lowest = folder.path().join("upper").join(&chain).join("lower");
    fs::rename(folder.path().join("lower"), lowest).unwrap();
    let found = load_bounded(folder.path()).findings;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].kind, "cannot-read");
}

#[test]
fn each_agency_has_its_own_folder_and_policy() {
    let folder = tempfile::tempdir().unwrap();
    let agency = |name: &str, domain: &str| {
        POLICY
            .replace("agency: CONTOH", &format!("agency: {name}"))
            .replace("agensi.example", domain)
    };
    for (name, domain) in [("satu", "satu.example"), ("dua", "dua.example")] {
        let own = folder.path().join(name);
        fs::create_dir(&own).unwrap();
        fs::write(own.join("agency.yaml"), agency(name, domain)).unwrap();
        fs::write(own.join("X.yaml"), GOOD.replace("agensi.example", domain)).unwrap();
    }
    let loaded = load_bounded(folder.path());
    assert_eq!(loaded.findings, []);
    let names: Vec<_> =
        loaded.agencies.iter().map(|agency| agency.policy.agency.as_str()).collect();
    assert_eq!(names, ["dua", "satu"]);
    // The same request in the other agency's folder has a foreign domain.
    fs::write(folder.path().join("satu/X.yaml"), GOOD.replace("agensi.example", "dua.example"))
        .unwrap();
    assert_eq!(load_bounded(folder.path()).findings[0].kind, "foreign-domain");
    // A request above both folders has no policy.
    fs::write(folder.path().join("Y.yaml"), GOOD).unwrap();
    assert!(load_bounded(folder.path()).findings.iter().any(|finding| finding.kind == "no-policy"));
}

#[cfg(unix)]
#[test]
fn links_and_devices_are_refused_unread() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret.yaml"), "password: rahsia-besar\n").unwrap();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("agency.yaml"), POLICY).unwrap();
    std::os::unix::fs::symlink(outside.path().join("secret.yaml"), folder.path().join("X.yaml"))
        .unwrap();
    std::os::unix::fs::symlink(outside.path(), folder.path().join("more")).unwrap();
    let pipe = folder.path().join("P.yaml");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    let found = load_bounded(folder.path()).findings;
    let kinds: Vec<_> = found.iter().map(|finding| finding.kind).collect();
    assert_eq!(kinds, ["not-a-file", "link", "link"]);
    assert!(!format!("{found:?}").contains("rahsia"));
}
