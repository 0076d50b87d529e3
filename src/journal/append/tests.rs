//! Unit tests of the file above.

use super::*;
use crate::domain::record::entry::Ended;

fn event(reason: &str) -> Event {
    Event::Ended(Ended { status: 0, reason: reason.to_owned() })
}

#[test]
fn nothing_is_written_after_a_write_that_failed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("record.jsonl");
    fs::write(&path, "").unwrap();
    let mut writer = RecordWriter {
        // Opened to read: every write of it fails.
        file: File::open(&path).unwrap(),
        seq: 0,
        prev: Vec::new(),
        failed: None,
    };
    writer.write(vec![event("first")], true).unwrap_err();
    writer.file = OpenOptions::new().append(true).open(&path).unwrap();
    let error = writer.write(vec![event("second")], true).unwrap_err();
    assert!(error.to_string().starts_with("an earlier line"), "{error}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "");
}
