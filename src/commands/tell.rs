//! Writes the result of a check or a plan in the format that was asked for.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::cli::ReviewFormat;
use crate::printer;
use crate::report::{Told, github, gitlab, human, markdown};

/// How the result is written, and where else.
#[derive(Debug, clap::Args)]
pub struct Output {
    /// How the result is written
    #[arg(long, value_enum, default_value_t = ReviewFormat::Human)]
    pub format: ReviewFormat,
    /// Also write the whole result, uncut, as Markdown to this file
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
}

/// The most characters of a comment: GitHub takes 65,536, and an editor may add its own.
const COMMENT: usize = 60_000;
/// The most of a step's summary, of which GitHub takes 1 MiB.
const SUMMARY: usize = 900_000;
/// The file that GitHub Actions shows as the step's summary.
const STEP_SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// Writes what comes at the end of a run; people have been told everything by then.
pub(super) fn finish(output: &Output, told: &Told<'_>, json: impl FnOnce() -> String) {
    let whole = output.report.as_deref();
    match output.format {
        ReviewFormat::Human => {}
        ReviewFormat::Json => printer::result(&json()),
        ReviewFormat::Markdown => printer::result(&markdown::told(told, COMMENT, whole)),
        ReviewFormat::Gitlab => {
            // The report is a file; the job's log must say something, too.
            printer::say(human::told(told).trim_end());
            printer::result(&gitlab::told(told));
        }
        ReviewFormat::Github => {
            printer::result(&github::told(told));
            if let Some(file) = std::env::var_os(STEP_SUMMARY).filter(|file| !file.is_empty()) {
                let summary = markdown::told(told, SUMMARY, whole);
                let appended = OpenOptions::new().append(true).create(true).open(&file);
                let appended = appended.and_then(|mut file| {
                    file.write_all(printer::without_secrets(&summary).as_bytes())
                });
                complain(appended, Path::new(&file));
            }
        }
    }
    if let Some(file) = whole {
        let text = markdown::told(told, usize::MAX, None);
        complain(
            std::fs::write(file, printer::without_secrets(&text).as_bytes()),
            file,
        );
    }
}

fn complain(written: std::io::Result<()>, file: &Path) {
    if let Err(error) = written {
        printer::fail(&format!("{} cannot be written: {error}", file.display()));
    }
}
