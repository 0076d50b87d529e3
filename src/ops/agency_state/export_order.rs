//! The order of exports: every command refuses an export that is older than one used before.

use jiff::Timestamp;

use crate::domain::local_time::to_local_time;
use crate::domain::observed::ExportFile;
use crate::domain::record::chain::{RunRecord, verify};
use crate::domain::record::entry::RecordedExport;
use crate::finding::{Finding, Severity};
use crate::language::Message;
use crate::ops::failure::Failure;

/// Refuses broken records, for a command that changes something: only the records say what people were
/// asked to do.
///
/// # Errors
/// If the records are broken.
pub(super) fn check_records(runs: &[RunRecord]) -> Result<(), Failure> {
    // A record appears with its first line, so an empty one was emptied.
    let empty = runs.iter().filter(|run| run.lines.is_empty()).count();
    let emptied = || (empty > 0).then(|| message!("record-emptied", count = empty));
    let Some(problems) = describe_record_problems(&verify(runs)).or_else(emptied) else {
        return Ok(());
    };
    let why = message!("export-records-broken", problems);
    let help = message!("export-records-broken-help");
    Err(Failure::failed(why, help).into_refusal(""))
}

/// Refuses an export that is older than one used before, because it would undo what happened since; also
/// a copy of it, which may have no date, or a new one. Only the records say which exports were used.
///
/// # Errors
/// If the export is older than one that an earlier run used.
pub(super) fn check_export(export: &ExportFile, runs: &[RunRecord]) -> Result<(), Failure> {
    let used = runs.iter().filter_map(|run| run.begun_event()?.export.as_ref());
    check_used_exports(export, &used.collect::<Vec<&RecordedExport>>())
}

/// As [`check_export`], after these exports, the oldest first.
///
/// A new export may have the rows of an old one: if the portal has again what it had then. Saved again,
/// an old one looks the same, so only a later date of its own shows that it is new.
fn check_used_exports(export: &ExportFile, used: &[&RecordedExport]) -> Result<(), Failure> {
    let dated = used.iter().filter_map(|used| Some((used.taken.parse::<Timestamp>().ok()?, used)));
    let newest = dated.max_by_key(|(taken, _)| *taken);
    if let Some((taken, newest)) = newest
        && taken > export.taken
    {
        let shown = |at| to_local_time(at).strftime("%Y-%m-%d %H:%M:%S").to_string();
        let why = message!(
            "export-older",
            name = &export.name,
            taken = shown(export.taken),
            newer = &newest.name,
            newer_taken = shown(taken)
        );
        return Err(Failure::refused(why, message!("export-new-help")));
    }
    let is_later = newest.is_none_or(|(taken, _)| export.dated.is_some_and(|dated| dated > taken));
    let is_copy_of = |used: &&RecordedExport| {
        !is_later && (used.sha256 == export.sha256 || used.rows == export.rows)
    };
    let Some([same, .., newest]) = used.iter().rposition(is_copy_of).map(|at| &used[at..]) else {
        return Ok(());
    };
    let (name, other, newer) = (&export.name, &same.name, &newest.name);
    let why = match same.sha256 == export.sha256 {
        true => message!("export-same-content", name, other, newer),
        false => message!("export-same-rows", name, other, newer),
    };
    let help = message!("export-copy-help");
    Err(Failure::refused(why, help))
}

/// How many problems the records of earlier runs have, and the first error; `None` if none is an error.
pub fn describe_record_problems(found: &[Finding]) -> Option<Message> {
    let first = found.iter().find(|found| found.severity == Severity::Error)?;
    let (count, place) = (found.len(), first.place_text());
    Some(message!("record-problems", count, place, what = &first.message))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a moment")
    }

    /// With these bytes and rows, made on this day of November 2026.
    fn used(name: &str, rows: &str, day: u8) -> RecordedExport {
        let taken = format!("2026-11-{day:02}T08:00:00Z");
        let (name, rows) = (name.to_owned(), rows.to_owned());
        RecordedExport { sha256: name.clone(), name, rows, taken }
    }

    /// One that was written on the 20th.
    fn written(bytes: &str, rows: &str, dated: Option<&str>) -> ExportFile {
        ExportFile {
            name: "muat-turun.csv".to_owned(),
            sha256: bytes.to_owned(),
            rows: rows.to_owned(),
            taken: dated.map_or(at("2026-11-20T09:00:00Z"), at),
            dated: dated.map(at),
        }
    }

    #[test]
    fn a_copy_of_an_old_export_is_not_new() {
        let (old, new) = (used("a", "without", 10), used("b", "with", 12));
        let used = [&old, &new];
        let refused = |bytes: &str, rows: &str, dated: Option<&str>| {
            let checked = check_used_exports(&written(bytes, rows, dated), &used);
            checked.err().map(|failure| failure.reason).unwrap_or_default()
        };
        for (bytes, rows, dated, why) in [
            ("a", "without", None, "the export muat-turun.csv has the same content as a, which"),
            // Its name gives a later date.
            ("a", "without", Some("2026-11-20T09:00:00Z"), ""),
            // Saved again, with another delimiter.
            ("x", "without", None, "has the same rows as a, which an earlier run used before"),
            // A day from its beginning is no later.
            ("x", "without", Some("2026-11-12T08:00:00Z"), "has the same rows"),
            ("x", "with", Some("2026-11-11T00:00:00Z"), "used a newer one, b of"),
            // What the portal has again, by a later date.
            ("x", "without", Some("2026-11-20T09:00:00Z"), ""),
            // Nobody has done it yet.
            ("x", "with", None, ""),
            ("b", "with", None, ""),
            ("x", "other", None, ""),
        ] {
            let said = refused(bytes, rows, dated);
            assert_eq!(said.is_empty(), why.is_empty(), "{bytes} {rows} {dated:?}: {said}");
            assert!(said.in_english().contains(why), "{bytes} {rows} {dated:?}: {said}");
        }
        assert!(check_used_exports(&written("a", "without", None), &[&old]).is_ok());
    }
}
