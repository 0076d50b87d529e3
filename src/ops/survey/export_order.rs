//! The order of exports: one that is older than one used before is refused, whichever command observes.

use jiff::Timestamp;

use crate::domain::calendar::local;
use crate::domain::observed::Export;
use crate::domain::record::chain::{Run, verify};
use crate::ops::failure::Failure;
use crate::text::plural;
use crate::yaml::has_errors;

/// Refuses records that are broken, for a command that changes something: only they know what people
/// were asked to do.
///
/// # Errors
/// Where they are.
pub(super) fn check_records(runs: &[Run]) -> Result<(), Failure> {
    let Some(problems) = problems(runs) else {
        return Ok(());
    };
    let why = format!(
        "{problems} in the records of earlier runs, by which alone it is known what was handed over"
    );
    let help = "`arkib records verify` shows them; bring the records back as git has them";
    Err(Failure::failed(why, help).refusing(""))
}

/// What happened between two exports would be undone by the older one. Only the records know which were
/// used.
///
/// # Errors
/// Where the export is older than one that a run was made of.
pub(super) fn check(export: &Export, runs: &[Run]) -> Result<(), Failure> {
    let used = runs.iter().filter_map(|run| run.begun()?.export.as_ref());
    let used = used.filter_map(|used| Some((used.taken.parse::<Timestamp>().ok()?, used)));
    match used.max_by_key(|(taken, _)| *taken) {
        Some((taken, newest)) if taken > export.taken => {
            let shown = |at| local(at).strftime("%Y-%m-%d %H:%M:%S");
            let why = format!(
                "the export {} is of {}, and an earlier run was made of a newer one, {} of {}",
                export.name,
                shown(export.taken),
                newest.name,
                shown(taken)
            );
            Err(Failure::refused(
                why,
                "download a new export from the portal",
            ))
        }
        _ => Ok(()),
    }
}

/// How many problems there are in the records of earlier runs; `None` where none of them is an error.
pub fn problems(runs: &[Run]) -> Option<String> {
    let found = verify(runs);
    has_errors(&found).then(|| plural(found.len(), "problem", "problems"))
}
