//! Which files are records, and what counts as a change of one, a line a case.

use super::*;
use crate::domain::request::request_file_source::FolderSnapshot;

const PENDING: &str = "version: 1\nid: R-1\naction: enable\nmailboxes:\n  - a@agensi.example\nreceived:\n  channel: memo\n  reference: R\n  date: 2026-01-02\n";
const APPROVAL: &str = "approvals:\n  - by: uc@agensi.example\n    date: 2026-01-02\n";

fn snapshot(files: &[(&str, &str)]) -> FolderSnapshot {
    let mut snapshot = FolderSnapshot::new("requests".into());
    for (path, text) in files {
        snapshot.insert_file((*path).to_owned(), Ok(text.as_bytes().into()));
    }
    snapshot
}

/// What is found where a pull request makes these files of those; `faulty` keep every run from
/// going on.
fn found_beside(before: &[(&str, &str)], after: &[(&str, &str)], faulty: &[&str]) -> Vec<String> {
    let (base, head) = (snapshot(before), snapshot(after));
    let pull = MergedPullRequest::new(base.clone(), &base, &head);
    let files: Vec<String> = before.iter().map(|(file, _)| format!("requests/{file}")).collect();
    let pending = files.iter().zip(before).filter(|(_, (_, text))| !text.contains("approvals:"));
    let pending = pending.map(|(file, _)| &**file).collect();
    let found = find_violations(&pull, &faulty.iter().copied().collect(), &pending);
    let each = found.iter();
    each.map(|item| format!("{} {}", item.kind, item.place_text())).collect()
}

/// What is found where R-1 becomes so.
fn found(before: &str, after: &str) -> Vec<String> {
    found_beside(&[("R-1.yaml", before)], &[("R-1.yaml", after)], &[])
}

fn approved() -> String {
    format!("{PENDING}{APPROVAL}")
}

const NONE: [&str; 0] = [];

#[test]
fn what_is_no_merged_request_may_change() {
    let policy = "version: 1\n";
    for file in ["agency.yaml", "2026/agency.yaml", "allowed_signers"] {
        assert_eq!(found_beside(&[(file, policy)], &[(file, "")], &[]), NONE);
        assert_eq!(found_beside(&[(file, policy)], &[], &[]), NONE);
    }
    // A new one is nobody's record yet.
    assert_eq!(found_beside(&[], &[("R-1.yaml", PENDING)], &[]), NONE);
    // What is no request, or one of another name.
    assert_eq!(found("version: 1\n", PENDING), NONE);
    assert_eq!(found("\u{0}", PENDING), NONE);
    assert_eq!(found(&PENDING.replace("R-1", "R-2"), PENDING), NONE);
}

#[test]
fn what_keeps_every_run_from_going_on_may_be_mended() {
    let other = PENDING.replace("a@", "b@");
    let (before, after) = ([("R-1.yaml", PENDING)], [("R-1.yaml", &*other)]);
    let edited = ["record-edited requests/R-1.yaml:5:1"];
    assert_eq!(found_beside(&before, &after, &[]), edited);
    assert_eq!(found_beside(&before, &after, &["requests/R-1.yaml"]), NONE);
    assert_eq!(found_beside(&before, &[], &["requests/R-1.yaml"]), NONE);
    assert_eq!(found_beside(&before, &after, &["requests/R-2.yaml"]), edited);
}

#[test]
fn only_line_ends_may_change_and_not_blanks() {
    assert_eq!(found(PENDING, &PENDING.replace('\n', "\r\n")), NONE);
    for after in [
        format!("\u{feff}{PENDING}"),
        format!("{PENDING}\n"),
        PENDING.replace("action: enable\n", "action: enable   \n"),
        PENDING.trim_end().to_owned(),
    ] {
        let edited = ["record-edited requests/R-1.yaml:1:1"];
        assert_eq!(found(PENDING, &after), edited, "{after:?}");
    }
}

#[test]
fn the_first_line_that_reads_otherwise_is_shown() {
    for (what, with, line) in [
        ("version: 1\n", "# note\nversion: 1\n", 1),
        ("  - a@", "   - a@", 5),
        ("  - a@agensi.example\n", "", 5),
        ("channel: memo\n  reference: R", "reference: R\n  channel: memo", 7),
        // What is missing at the end is seen there.
        ("  date: 2026-01-02\n", "", 8),
        ("  date: 2026-01-02\n", "  date: 2026-01-02\nreason: x\n", 10),
    ] {
        let edited = format!("record-edited requests/R-1.yaml:{line}:1");
        assert_eq!(found(PENDING, &PENDING.replace(what, with)), [edited], "{with}");
    }
    // What cannot be read is no record kept.
    assert_eq!(found(PENDING, ""), ["record-edited requests/R-1.yaml:1:1"]);
}

#[test]
fn an_approval_is_gained_once_and_never_lost() {
    assert_eq!(found(PENDING, &approved()), NONE);
    let later = approved().replace("date: 2026-01-02\n", "date: 2026-01-03\n");
    assert_eq!(found(&approved(), PENDING).len(), 1);
    assert_eq!(found(&approved(), &later).len(), 1);
    // Beside it nothing may move, and no other key of that name may stand elsewhere.
    let moved = PENDING.replace("reference: R", "reference: R2") + APPROVAL;
    assert_eq!(found(PENDING, &moved), ["record-edited requests/R-1.yaml:8:1"]);
    let more = approved() + "reason: x\n";
    assert_eq!(found(PENDING, &more), ["record-edited requests/R-1.yaml:13:1"]);
}

#[test]
fn a_record_that_is_gone_is_looked_for_under_another_name() {
    let gone = |after: &[(&str, &str)]| {
        found_beside(&[("R-1.yaml", PENDING), ("R-0.yaml", "")], after, &[])
    };
    let deleted = ["record-deleted requests/R-1.yaml:1:1"];
    assert_eq!(gone(&[("R-0.yaml", "")]), deleted);
    let same = PENDING.replace("id: R-1", "id: R-2");
    let renamed = ["record-renamed requests/R-2.yaml:2:1"];
    assert_eq!(gone(&[("R-0.yaml", ""), ("R-2.yaml", &same)]), renamed);
    // One that was there before, or whose text is another, is not it.
    assert_eq!(gone(&[("R-0.yaml", &same)]), deleted);
    let other = same.replace("memo", "form");
    assert_eq!(gone(&[("R-0.yaml", ""), ("R-2.yaml", &other)]), deleted);
}
