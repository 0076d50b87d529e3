//! The records of runs in a pull request: they may come and grow, and nothing of them may go.

use std::sync::Arc;

use crate::domain::record::ENDING;
use crate::finding::Finding;
use crate::git;
use crate::git::{GitError, GitFolder};
use crate::text::path_below;

/// Records that the commits between two take away or change.
///
/// # Errors
/// Where git does not answer.
pub(super) fn find_changed_records(
    place: &GitFolder,
    [fork, head]: [&str; 2],
    changed: &[(char, String)],
    shown: &Arc<str>,
) -> Result<Vec<Finding>, GitError> {
    let records = changed.iter().filter(|(_, path)| path.ends_with(ENDING));
    let mut findings = Vec::new();
    for (letter, path) in records {
        let file: Arc<str> = format!("{shown}/{}", path_below(path, &place.prefix)).into();
        let mut say = |kind, message: &str| {
            let help = "restore it as it was; the records of runs are kept";
            findings.push(Finding::whole_file(&file, kind, message, help));
        };
        match letter {
            'A' => {}
            'D' => say("run-record-deleted", "the record of a run is deleted"),
            // Whatever git cannot be asked for by its path was not written by arkib.
            _ if path.contains('\n') => say("run-record-edited", "the record of a run is edited"),
            _ => {
                let names = [format!("{fork}:{path}"), format!("{head}:{path}")];
                let texts = git::read_blobs(place, &[&names[0], &names[1]])?;
                if !texts[1].starts_with(&texts[0]) {
                    say("run-record-edited", "the record of a run is edited");
                }
            }
        }
    }
    Ok(findings)
}
