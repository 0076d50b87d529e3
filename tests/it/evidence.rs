//! Documents filed beside a request: they exist and are unchanged.

use std::fs;

use serde_json::Value;

use crate::outputs::DAY;
use crate::session::{Session, status, stdout};

const POLICY: &str = "version: 1\nagency: CONTOH\nname: Jabatan Contoh\ndomains: [agensi.example]\napprovers: [pentadbir@agensi.example]\nportal: embedded\n";
const LETTER: &str = "Surat permohonan\n";

fn entry(file: &str, bytes: &[u8]) -> String {
    let sha256 = arkib::hash::sha256(bytes);
    format!("  - file: {file}\n    sha256: {sha256}\n    size: {}\n", bytes.len())
}

fn request(id: &str, evidence: &str) -> String {
    format!(
        "version: 1\nid: {id}\naction: enable\nmailboxes:\n  - m1@agensi.example\nreceived:\n  date: 2026-11-02\n  channel: memo\n  reference: R\napprovals:\n  - by: pentadbir@agensi.example\n    date: 2026-11-03\nevidence:\n{evidence}"
    )
}

/// R-1 with a small document, R-2 with a large one in a folder below; both on main.
fn agency() -> Session {
    let session = Session::new();
    let scan = vec![b'%'; 300_000];
    session.write("requests/agency.yaml", POLICY);
    session.write("requests/2026/R-1-surat.txt", LETTER);
    session.write("requests/2026/lampiran/R-2 imbasan.pdf", &scan);
    session.write(
        "requests/2026/R-1.yaml",
        request("R-1", &entry("R-1-surat.txt", LETTER.as_bytes())),
    );
    session
        .write("requests/2026/R-2.yaml", request("R-2", &entry("lampiran/R-2 imbasan.pdf", &scan)));
    session.git(&["init", "-q", "-b", "main"]);
    commit(&session);
    session.git(&["checkout", "-q", "-b", "pr"]);
    session
}

fn commit(session: &Session) {
    session.git(&["add", "-A", "."]);
    session.git(&["commit", "-q", "--allow-empty", "-m", "x"]);
}

/// What is found, as `kind file:line:column`.
fn found(session: &Session, arguments: &[&str]) -> Vec<String> {
    let output = session.run(&[&["check", "--format", "json"], &DAY[..], arguments].concat());
    let report: Value = crate::session::json(&output);
    let findings = report["findings"].as_array().unwrap().iter().map(|finding| {
        format!(
            "{} {}:{}:{}",
            finding["kind"].as_str().unwrap(),
            finding["file"].as_str().unwrap(),
            finding["line"],
            finding["column"]
        )
    });
    let found: Vec<String> = findings.collect();
    assert_eq!(status(&output), i32::from(!found.is_empty()), "{report:#}");
    found
}

const NONE: [String; 0] = [];

#[test]
fn documents_are_verified_on_disk_and_in_commits() {
    let session = agency();
    for arguments in [&[][..], &["--ref", "main"], &["--base", "main"]] {
        assert_eq!(found(&session, arguments), NONE, "{arguments:?}");
    }
    // Changed, of the same size and of another; on disk only, then committed, too.
    let letter = session.path().join("requests/2026/R-1-surat.txt");
    let scan = session.path().join("requests/2026/lampiran/R-2 imbasan.pdf");
    let mut other = vec![b'%'; 300_000];
    other[299_999] = b'!';
    for bytes in [other, vec![b'%'; 299_999]] {
        fs::write(&scan, bytes).unwrap();
        assert_eq!(found(&session, &[]), ["evidence-changed requests/2026/R-2.yaml:14:5"]);
        assert_eq!(found(&session, &["--ref", "main"]), NONE);
        commit(&session);
        assert_eq!(
            found(&session, &["--ref", "pr"]),
            ["evidence-changed requests/2026/R-2.yaml:14:5"]
        );
    }
    session.git(&["checkout", "-q", "main", "--", "requests"]);
    fs::remove_file(&letter).unwrap();
    assert_eq!(found(&session, &[]), ["evidence-missing requests/2026/R-1.yaml:14:5"]);
    fs::create_dir(&letter).unwrap();
    assert_eq!(found(&session, &[]), ["evidence-not-a-file requests/2026/R-1.yaml:14:5"]);
    fs::remove_dir(&letter).unwrap();
    // The found and the expected value are reported.
    fs::write(&letter, "lain\n").unwrap();
    let said = stdout(&session.run(&["check"]));
    let [found, expected] = ["lain\n", LETTER].map(|text| arkib::hash::sha256(text.as_bytes()));
    assert!(
        said.contains(&format!(
            "with 5 bytes with SHA-256 {found}, expected 17 bytes with SHA-256 {expected}"
        )),
        "{said}"
    );
    // No run depends on it.
    session.write("portal.csv", "mailbox,state\nm1@agensi.example,disabled\n");
    let output = session.run(&["reconcile", "--dry-run", "--roster", "portal.csv"]);
    assert_eq!(status(&output), 0, "{}", stdout(&output));
}

#[cfg(unix)]
#[test]
fn documents_behind_links_are_refused() {
    let session = agency();
    let folder = session.path().join("requests/2026");
    session.write("elsewhere/R-2 imbasan.pdf", vec![b'%'; 300_000]);
    fs::remove_dir_all(folder.join("lampiran")).unwrap();
    std::os::unix::fs::symlink("../../elsewhere", folder.join("lampiran")).unwrap();
    let kinds = found(&session, &[]);
    assert!(
        kinds.contains(&"evidence-not-a-file requests/2026/R-2.yaml:14:5".to_owned()),
        "{kinds:?}"
    );
    commit(&session);
    let kinds = found(&session, &["--ref", "pr"]);
    assert!(
        kinds.contains(&"evidence-missing requests/2026/R-2.yaml:14:5".to_owned()),
        "{kinds:?}"
    );
}

#[test]
fn pull_requests_cannot_change_merged_documents() {
    let session = agency();
    // A problem on main is not reported for a pull request that does not touch it.
    session.git(&["checkout", "-q", "main"]);
    session.write("requests/2026/R-1-surat.txt", "lain\n");
    commit(&session);
    session.git(&["checkout", "-q", "-b", "good"]);
    session.write("requests/2026/R-3-memo.txt", "Memo\n");
    session.write("requests/2026/R-3.yaml", request("R-3", &entry("R-3-memo.txt", b"Memo\n")));
    commit(&session);
    let base = ["--base", "main"];
    let both = [&base[..], &["--ref", "good"]].concat();
    assert_eq!(found(&session, &base), NONE);
    assert_eq!(found(&session, &both), NONE);
    // Its own is verified.
    session.write("requests/2026/R-3-memo.txt", "memo\n");
    commit(&session);
    for arguments in [&base[..], &both] {
        assert_eq!(found(&session, arguments), ["evidence-changed requests/2026/R-3.yaml:14:5"]);
    }
    session.git(&["reset", "-q", "--hard", "HEAD~1"]);
    // Those of others stay.
    let scan = session.path().join("requests/2026/lampiran/R-2 imbasan.pdf");
    fs::write(&scan, "x").unwrap();
    // Of what is committed, the commit counts.
    assert_eq!(found(&session, &base), NONE);
    commit(&session);
    for arguments in [&base[..], &both] {
        assert_eq!(found(&session, arguments), ["evidence-changed requests/2026/R-2.yaml:14:5"]);
    }
    fs::remove_file(&scan).unwrap();
    commit(&session);
    for arguments in [&base[..], &both] {
        assert_eq!(found(&session, arguments), ["evidence-missing requests/2026/R-2.yaml:14:5"]);
    }
}

#[test]
fn a_git_lfs_pointer_counts_as_its_document() {
    let session = agency();
    let scan = vec![b'%'; 300_000];
    let pointer = |size: usize| {
        format!(
            "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize {size}\n",
            arkib::hash::sha256(&scan)
        )
    };
    let file = "requests/2026/lampiran/R-2 imbasan.pdf";
    session.write(file, pointer(300_000));
    commit(&session);
    assert_eq!(found(&session, &[]), NONE);
    assert_eq!(found(&session, &["--ref", "pr", "--base", "main"]), NONE);
    session.write(file, pointer(300_001));
    assert_eq!(found(&session, &[]), ["evidence-changed requests/2026/R-2.yaml:14:5"]);
}

#[test]
fn evidence_errors_are_found_at_their_place() {
    let session = agency();
    let good = "a".repeat(64);
    let one = |file: &str, sha256: &str, size: &str| {
        format!("  - file: {file}\n    sha256: {sha256}\n    size: {size}\n")
    };
    for (evidence, expected) in [
        (one("../R-1.pdf", &good, "9"), "bad-evidence-name 14:11"),
        (one("a\\\\b.pdf", &good, "9"), "bad-evidence-name 14:11"),
        (one("R-9.yml", &good, "9"), "bad-evidence-name 14:11"),
        (one("x.pdf", &good[1..], "9"), "bad-sha256 15:13"),
        (one("x.pdf", &good.replace('a', "g"), "9"), "bad-sha256 15:13"),
        (one("x.pdf", &good, "0"), "bad-size 16:11"),
        (one("x.pdf", &good, "104857601"), "bad-size 16:11"),
        (one("x.pdf", &good, "many"), "wrong-type 16:11"),
        ("  - x.pdf\n".to_owned(), "wrong-type 14:5"),
        ("  - file: x.pdf\n".to_owned(), "missing-key 14:5"),
        ("  []\n".to_owned(), "evidence-count 14:3"),
        (one("x.pdf", &good, "9").repeat(21), "evidence-count 13:1"),
        (one("x.pdf", &good, "9") + &one("X.PDF", &good, "9"), "evidence-twice 17:11"),
        (one("x.pdf", &good, "9") + "    pages: 2\n", "unknown-key 17:5"),
    ] {
        session.write("requests/2026/R-1.yaml", request("R-1", &evidence));
        let found = found(&session, &[]);
        let (kind, place) = expected.split_once(' ').unwrap();
        let expected = format!("{kind} requests/2026/R-1.yaml:{place}");
        assert!(found.contains(&expected), "{evidence}: {found:#?}");
        assert!(
            !found.iter().any(|finding| finding.contains("unreadable")),
            "{evidence}: {found:#?}"
        );
    }
}

#[test]
fn documents_are_described_as_requests_name_them() {
    let session = agency();
    let file = session.path().join("requests/2026/R-1-surat.txt");
    let described = arkib::load::document_facts::hash_regular_file(&file).unwrap();
    assert_eq!(described, (arkib::hash::sha256(LETTER.as_bytes()), 17));
    assert!(arkib::load::document_facts::hash_regular_file(session.path()).is_err());
    assert!(arkib::load::document_facts::hash_regular_file(&file.with_extension("pdf")).is_err());
    #[cfg(unix)]
    {
        let link = session.path().join("link.pdf");
        std::os::unix::fs::symlink(&file, &link).unwrap();
        assert!(arkib::load::document_facts::hash_regular_file(&link).is_err());
    }
}
