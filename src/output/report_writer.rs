//! Prints the result of a check or a plan in its format, and writes it to the file of --report.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::language::Message;
use crate::output::format::ReportFormat;
use crate::output::{RunResult, github, gitlab, human, markdown, sarif};
use crate::printer;
use crate::printer::text;
use crate::private_files::{check_writable, open_to_append, replace, replace_help};
use crate::text::shown_path;

/// The format of the result, and the file for a copy.
#[derive(Debug)]
pub struct OutputOptions {
    /// The format on standard output.
    pub format: ReportFormat,
    /// The file for the full result as Markdown.
    pub report: Option<PathBuf>,
}

impl OutputOptions {
    /// Prints for people; programs get everything at the end.
    pub fn print_if_human(&self, text: impl FnOnce() -> String) {
        if self.format == ReportFormat::Human {
            printer::print_result(&text());
        }
    }
}

impl OutputOptions {
    /// Why the result of a run that is about to change something, or its figures, cannot be written, and
    /// what the user can do.
    pub fn find_write_failure(&self, figures: Option<&Path>) -> Option<(Message, Message)> {
        let stdout = printer::find_write_failure(self.format == ReportFormat::Human);
        let stdout = stdout.map(|why| (message!("notify-no-output", why), Message::default()));
        stdout.or_else(|| {
            self.report.as_deref().into_iter().chain(figures).find_map(|file| {
                let error = check_writable(file).err()?;
                let (file, help) = (shown_path(file), replace_help(&error));
                Some((message!("notify-unwritten", file, error = error.to_string()), help))
            })
        })
    }
}

/// The most bytes of a comment: GitHub allows 65,536 characters, and a job may add some.
pub(crate) const COMMENT: usize = 60_000;
/// The variable with the file that GitHub, Forgejo and Gitea show as the job summary.
const STEP_SUMMARY: &str = "GITHUB_STEP_SUMMARY";
/// The most bytes of a job summary: GitHub allows 1 MiB.
const SUMMARY: usize = 900_000;

/// Writes the full result to the file of --report.
///
/// # Errors
/// Why it cannot be written.
pub(crate) fn write_report_file(
    output: &OutputOptions,
    summary: &RunResult<'_>,
) -> Result<(), String> {
    let Some(file) = &output.report else {
        return Ok(());
    };
    let text = markdown::render_run_result(summary, usize::MAX, None);
    replace(file, printer::without_secrets(&text).as_bytes())
        .map_err(|error| unwritten_message(file, &error))
}

/// Writes both the file and the end of a run that failed early.
pub(crate) fn write_early_end(
    output: &OutputOptions,
    summary: &RunResult<'_>,
    json: impl FnOnce() -> String,
) {
    if let Err(why) = write_report_file(output, summary) {
        printer::report_write_failure(&why);
    }
    print_final_output(output, summary, json);
}

/// Prints the output at the end of a run; for people, everything is already shown. Returns whether it
/// does not hold all terminations of the plan.
pub(crate) fn print_final_output(
    output: &OutputOptions,
    summary: &RunResult<'_>,
    json: impl FnOnce() -> String,
) -> bool {
    let whole = output.report.as_deref();
    match output.format {
        ReportFormat::Human => {}
        ReportFormat::Json => printer::print_result(&json()),
        ReportFormat::Markdown => {
            let text = markdown::render_run_result(summary, COMMENT, whole);
            printer::print_result(&text);
            append_step_summary(summary, whole);
            return markdown::hides_terminations(&text);
        }
        ReportFormat::Gitlab => {
            print_result_for_forge(summary, &gitlab::render_run_result(summary))
        }
        ReportFormat::Sarif => print_result_for_forge(summary, &sarif::render_run_result(summary)),
        ReportFormat::Github => {
            printer::print_result(&github::render_run_result(summary));
            append_step_summary(summary, whole);
        }
    }
    false
}

/// Adds the result to the summary of the job, if it has one.
fn append_step_summary(summary: &RunResult<'_>, whole: Option<&Path>) {
    let file = std::env::var_os(STEP_SUMMARY).filter(|file| !file.is_empty());
    let Some(file) = file.map(PathBuf::from) else { return };
    let text = markdown::render_run_result(summary, SUMMARY, whole);
    let appended = open_to_append(&file)
        .and_then(|mut file| file.write_all(printer::without_secrets(&text).as_bytes()));
    if let Err(error) = appended {
        printer::report_write_failure(&unwritten_message(&file, &error));
    }
}

/// The report is a file, so the log of the job needs text, too.
fn print_result_for_forge(summary: &RunResult<'_>, report: &str) {
    printer::print_message(human::render_run_result(summary).trim_end());
    printer::print_result(report);
}

/// Why a file cannot be written, and what the user can do.
pub(crate) fn unwritten_message(file: &Path, error: &std::io::Error) -> String {
    let (file, help) = (shown_path(file), replace_help(error));
    text!("run-unwritten", file, error = error.to_string(), help)
}
