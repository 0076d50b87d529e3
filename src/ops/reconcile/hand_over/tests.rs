//! What the page says of files that were handed over before.

use super::*;
use crate::domain::record::entry::Intent;
use crate::domain::record::open_changes::AnnouncedFile;

/// A change that people were asked for, by a file.
fn open(mailbox: &str, action: Target, file: &str) -> OpenChange {
    OpenChange {
        hash: mailbox.to_owned(),
        at: "2026-11-24T01:00:00Z".to_owned(),
        intent: Intent {
            mailbox: format!("{mailbox}@agensi.example"),
            action,
            request: "R-1".to_owned(),
            from: "disabled".to_owned(),
            id: mailbox.to_owned(),
        },
        is_sent_again: false,
        file: Some(AnnouncedFile {
            file: HandOver {
                file: file.to_owned(),
                sha256: "3f9a1c2e".to_owned(),
                void: vec![],
                cancelled: vec![],
            },
            is_there: true,
            is_void: false,
        }),
        portal: None,
        reserved_file: None,
        detail: None,
        is_accepted: false,
    }
}

#[test]
fn open_rows_are_counted_by_file_and_by_action() {
    use Target::{Enabled, Terminated};
    let all = [
        open("a", Enabled, "one.csv"),
        open("b", Terminated, "one.csv"),
        open("c", Terminated, "one.csv"),
        open("d", Enabled, "two.csv"),
        open("e", Terminated, "void.csv"),
    ];
    let files = files_still_open(all.iter(), &["void.csv".to_owned()]);
    let counts: Vec<_> =
        files.iter().map(|file| (file.name, file.enable, file.terminate)).collect();
    assert_eq!(counts, [("one.csv", 1, 2), ("two.csv", 1, 0)]);
}
