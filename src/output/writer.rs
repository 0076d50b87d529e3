//! Writes the result of a check or a plan in the format that was asked for.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::output::format::ReviewFormat;
use crate::output::{RunSummary, github, gitlab, human, markdown};
use crate::printer;

/// How the result is written, and where else.
#[derive(Debug)]
pub struct Destination {
    /// The format on standard output.
    pub format: ReviewFormat,
    /// The file that gets the whole result, uncut, as Markdown.
    pub report: Option<PathBuf>,
}

impl Destination {
    /// Prints for people; for programs everything comes at the end.
    pub fn show(&self, text: impl FnOnce() -> String) {
        if self.format == ReviewFormat::Human {
            printer::result(&text());
        }
    }
}

/// The most bytes of a comment: GitHub takes 65,536 characters, and a job may add its own.
pub(crate) const COMMENT: usize = 60_000;
/// The most bytes of a step's summary, of which GitHub takes 1 MiB.
const SUMMARY: usize = 900_000;
/// The file that GitHub Actions shows as the step's summary.
const STEP_SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// Writes the whole into the file that was asked for.
///
/// # Errors
/// Why it is not there.
pub(crate) fn report(output: &Destination, summary: &RunSummary<'_>) -> Result<(), String> {
    let Some(file) = &output.report else {
        return Ok(());
    };
    let text = markdown::summary(summary, usize::MAX, None);
    std::fs::write(file, printer::without_secrets(&text).as_bytes())
        .map_err(|error| unwritten(file, &error))
}

/// Both, of a run that ended early.
pub(crate) fn end(output: &Destination, summary: &RunSummary<'_>, json: impl FnOnce() -> String) {
    if let Err(why) = report(output, summary) {
        printer::fail(&why);
    }
    finish(output, summary, json);
}

/// Writes what comes at the end of a run; people have been told everything by then.
pub(crate) fn finish(
    output: &Destination,
    summary: &RunSummary<'_>,
    json: impl FnOnce() -> String,
) {
    let whole = output.report.as_deref();
    match output.format {
        ReviewFormat::Human => {}
        ReviewFormat::Json => printer::result(&json()),
        ReviewFormat::Markdown => printer::result(&markdown::summary(summary, COMMENT, whole)),
        ReviewFormat::Gitlab => {
            // The report is a file; the job's log must say something, too.
            printer::say(human::summary(summary).trim_end());
            printer::result(&gitlab::summary(summary));
        }
        ReviewFormat::Github => {
            printer::result(&github::summary(summary));
            let file = std::env::var_os(STEP_SUMMARY).filter(|file| !file.is_empty());
            if let Some(file) = file.map(PathBuf::from) {
                let summary = markdown::summary(summary, SUMMARY, whole);
                let appended = OpenOptions::new().append(true).create(true).open(&file);
                let appended = appended.and_then(|mut file| {
                    file.write_all(printer::without_secrets(&summary).as_bytes())
                });
                if let Err(error) = appended {
                    printer::fail(&unwritten(&file, &error));
                }
            }
        }
    }
}

fn unwritten(file: &Path, error: &std::io::Error) -> String {
    format!("{} cannot be written: {error}.", file.display())
}
