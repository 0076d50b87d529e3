//! The records of runs in a pull request: they may come and grow, and nothing of them may go, but
//! for events that a record which comes with it says were taken out.

use std::collections::HashSet;
use std::sync::Arc;

use crate::domain::mailbox::Mailbox;
use crate::domain::record::chain;
use crate::domain::record::chain::Run;
use crate::domain::record::redaction::{Kept, kept, named_in, to_go};
use crate::finding::Finding;
use crate::git;
use crate::git::{GitError, Place};
use crate::journal::folder::ENDING;

/// Records that the commits between two take away or change.
///
/// # Errors
/// Where git does not answer.
pub(super) fn lost(
    place: &Place,
    [fork, head]: [&str; 2],
    changed: &[(char, String)],
    people: &[Mailbox],
    shown: &Arc<str>,
) -> Result<Vec<Finding>, GitError> {
    let mut findings = Vec::new();
    // As they were: what may go is what names those who are taken out of requests.
    let mut runs: Vec<Run> = Vec::new();
    let mut edited: Vec<(Arc<str>, Kept)> = Vec::new();
    let records = changed.iter().filter(|(_, path)| path.ends_with(ENDING));
    for (letter, path) in records {
        let below = path.strip_prefix(&place.prefix).unwrap_or(path);
        let file: Arc<str> = format!("{shown}/{}", below.trim_start_matches('/')).into();
        match letter {
            'A' => {}
            'D' => findings.push(Finding::whole_file(
                &file,
                "run-record-deleted",
                "the record of a run is deleted",
                "put it back as it was; what runs did stays on record",
            )),
            // Whatever git cannot be asked for by its path was not written by arkib.
            _ if path.contains('\n') => edited.push((file, Kept::No)),
            _ => {
                let names = [format!("{fork}:{path}"), format!("{head}:{path}")];
                let texts = git::blobs(place, &[&names[0], &names[1]])?;
                let kept = kept(&texts[0], &texts[1]);
                if matches!(kept, Kept::Without(_)) {
                    runs.push(chain::read(&file, &texts[0]));
                }
                edited.push((file, kept));
            }
        }
    }
    let is_redacted = |(_, kept): &(_, Kept)| matches!(kept, Kept::Without(_));
    let named = if edited.iter().any(is_redacted) {
        named(place, head, changed)?
    } else {
        None
    };
    let theirs = to_go(&runs, people);
    for (file, kept) in edited {
        let is_theirs = |hashes: &[String]| hashes.iter().all(|hash| theirs.contains(hash));
        let is_named = |hashes: &[String]| {
            let named = named.as_ref();
            named.is_some_and(|named| hashes.iter().all(|hash| named.contains(hash)))
        };
        let (message, help) = match kept {
            Kept::Whole => continue,
            Kept::Without(hashes) if !is_theirs(&hashes) => (
                "events are taken out of the record of a run that name nobody whom this pull request takes out of a request",
                "put them back as they were; `arkib redact` takes a person out of requests and records at once",
            ),
            Kept::Without(hashes) if is_named(&hashes) => continue,
            Kept::Without(_) => (
                "events are taken out of the record of a run, and no record that comes with it says by whom and why",
                "let `arkib redact` take them out, and commit the record that it writes, too",
            ),
            Kept::No => (
                "the record of a run is edited",
                "put it back as it was; what runs did stays on record",
            ),
        };
        findings.push(Finding::whole_file(
            &file,
            "run-record-edited",
            message,
            help,
        ));
    }
    Ok(findings)
}

/// The hashes of the lines that the records which come new say were taken out; `None` where none
/// of them says anything of that kind.
fn named(
    place: &Place,
    head: &str,
    changed: &[(char, String)],
) -> Result<Option<HashSet<String>>, GitError> {
    let new = changed
        .iter()
        .filter(|(letter, path)| *letter == 'A' && path.ends_with(ENDING) && !path.contains('\n'));
    let names: Vec<String> = new.map(|(_, path)| format!("{head}:{path}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let texts = git::blobs(place, &names)?;
    let said: Vec<Vec<String>> = texts.iter().filter_map(|text| named_in(text)).collect();
    Ok((!said.is_empty()).then(|| said.into_iter().flatten().collect()))
}
