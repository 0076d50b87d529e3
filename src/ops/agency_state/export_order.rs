//! The order of exports: every command refuses an export that is older than one used before.

use jiff::Timestamp;

use crate::domain::local_time::to_local_time;
use crate::domain::observed::ExportFile;
use crate::domain::record::chain::{RunRecord, verify};
use crate::domain::record::entry::RecordedExport;
use crate::ops::failure::Failure;
use crate::text::plural;
use crate::yaml::has_errors;

/// Refuses broken records, for a command that changes something: only the records say what people were
/// asked to do.
///
/// # Errors
/// If the records are broken.
pub(super) fn check_records(runs: &[RunRecord]) -> Result<(), Failure> {
    let Some(problems) = describe_record_problems(runs) else {
        return Ok(());
    };
    let why = format!(
        "{problems} in the records of earlier runs, and only the records say what was handed over"
    );
    let help = "`arkib records verify` shows them; restore the records from git";
    Err(Failure::failed(why, help).into_refusal(""))
}

/// Refuses an export that is older than one used before, because it would undo what happened since; also
/// a copy of it, which may have no date, or a new one. Only the records say which exports were used.
///
/// # Errors
/// If the export is older than one that an earlier run used.
pub(super) fn check_export(export: &ExportFile, runs: &[RunRecord]) -> Result<(), Failure> {
    let used = runs.iter().filter_map(|run| run.begun_event()?.export.as_ref());
    let used: Vec<&RecordedExport> = used.collect();
    let dated = used.iter().filter_map(|used| Some((used.taken.parse::<Timestamp>().ok()?, used)));
    if let Some((taken, newest)) = dated.max_by_key(|(taken, _)| *taken)
        && taken > export.taken
    {
        let shown = |at| to_local_time(at).strftime("%Y-%m-%d %H:%M:%S");
        let why = format!(
            "the export {} is of {}, but an earlier run used a newer one, {} of {}",
            export.name,
            shown(export.taken),
            newest.name,
            shown(taken)
        );
        return Err(Failure::refused(why, "download a new export from the portal"));
    }
    match used.iter().rposition(|used| used.sha256 == export.sha256).map(|at| &used[at..]) {
        Some([same, .., newest]) => {
            let why = format!(
                "an earlier run used the export {} already, as {}, before a newer one, {}",
                export.name, same.name, newest.name
            );
            let help = "download a new export from the portal; if this is a new one and the portal has again what it had then, add a line with today's date above its table";
            Err(Failure::refused(why, help))
        }
        _ => Ok(()),
    }
}

/// How many problems the records of earlier runs have; `None` if none is an error.
pub fn describe_record_problems(runs: &[RunRecord]) -> Option<String> {
    let found = verify(runs);
    has_errors(&found).then(|| plural(found.len(), "problem", "problems"))
}
