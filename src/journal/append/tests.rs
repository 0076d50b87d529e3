//! Unit tests of the file above.

use super::*;
use std::fs;

use crate::domain::record::entry::Ended;
use crate::journal::read_records;

fn event(reason: &str) -> Event {
    Event::Ended(Ended { status: 0, reason: reason.to_owned() })
}

#[tokio::test]
async fn nothing_counts_as_written_in_a_record_that_was_removed() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("records");
    let journal = Journal::start(&folder, "3f9a1c2e", &[], event("first")).unwrap();
    journal.write(event("second")).await.unwrap();
    fs::remove_dir_all(&folder).unwrap();
    journal.write_later(event("third"));
    let error = journal.write(event("fourth")).await.unwrap_err();
    assert!(error.to_string().contains("removed or changed"), "{error}");
    let (_, ended) = journal.end(event("last")).await;
    assert!(ended.unwrap_err().contains("it was removed"));
    // It is whole beside the folder, and chained.
    let rescued = read_records::read(scratch.path(), "").unwrap();
    let kinds: Vec<_> = rescued[0].findings.iter().map(|finding| finding.kind).collect();
    assert_eq!((kinds, rescued[0].lines.len()), (vec!["line-after-end"; 4], 5));
}

#[tokio::test]
async fn a_record_is_under_way_until_it_ends() {
    let folder = tempfile::tempdir().unwrap();
    let begun = event("first");
    let journal = Journal::start(folder.path(), "3f9a1c2e", &[], begun).unwrap();
    let place = journal.file.clone();
    assert!(crate::journal::lock::is_locked(&place));
    journal.end(event("last")).await.1.unwrap();
    assert!(!crate::journal::lock::is_locked(&place));
}
