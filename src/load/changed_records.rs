//! The records of runs in a pull request: runs bring them, and a pull request none. A record says what
//! was done and who was informed, so one that nobody made would be believed.

use std::sync::Arc;

use crate::domain::record::ENDING;
use crate::finding::Finding;
use crate::text::path_below;

/// Records that the commits of a pull request add, change or delete: `changed` are its files, from
/// the top of the repository, in which the folder `shown` is below `prefix`.
pub(super) fn find_changed_records(
    prefix: &str,
    changed: &[(char, String)],
    shown: &Arc<str>,
) -> Vec<Finding> {
    let records = changed.iter().filter(|(_, path)| path.ends_with(ENDING));
    let finding = |(letter, path): &(char, String)| {
        let file: Arc<str> = format!("{shown}/{}", path_below(path, prefix)).into();
        let (kind, message, help) = match letter {
            'A' => (
                "run-record-added",
                message!("folder-record-added"),
                message!("folder-record-added-help"),
            ),
            'D' => (
                "run-record-deleted",
                message!("folder-record-deleted"),
                message!("folder-record-help"),
            ),
            _ => (
                "run-record-edited",
                message!("folder-record-edited"),
                message!("folder-record-help"),
            ),
        };
        Finding::whole_file(&file, kind, message, help)
    };
    records.map(finding).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_branch_adds_changes_and_deletes_no_record() {
        let changed = ["A/1.jsonl", "M/2.jsonl", "T/3.jsonl", "D/4.jsonl", "A/R-1.yaml"];
        let changed = changed.map(|text| {
            let (letter, name) = text.split_at(1);
            (letter.chars().next().expect("a letter"), format!("mail/requests/records{name}"))
        });
        let found = find_changed_records("mail/requests", &changed, &"requests".into());
        let found: Vec<String> =
            found.iter().map(|found| format!("{} {}", found.kind, found.file)).collect();
        assert_eq!(
            found,
            [
                "run-record-added requests/records/1.jsonl",
                "run-record-edited requests/records/2.jsonl",
                "run-record-edited requests/records/3.jsonl",
                "run-record-deleted requests/records/4.jsonl"
            ]
        );
    }
}
