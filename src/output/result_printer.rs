//! Prints the result of a command that has no review formats.

use super::format::Format;
use super::json::ExitOutput;
use super::{findings, markdown, report_writer};
use crate::finding::Finding;
use crate::printer;

/// Prints a result: as text for people or inside Markdown, or as JSON.
pub(crate) fn print_formatted_result(
    format: Format,
    command: &str,
    text: impl FnOnce() -> String,
    json: impl FnOnce() -> String,
) {
    match format {
        Format::Human => printer::print_result(&text()),
        Format::Markdown => {
            printer::print_result(&markdown::fence_text(command, &text(), report_writer::COMMENT))
        }
        Format::Json => printer::print_result(&json()),
    }
}

/// Prints why a command failed, and its findings.
pub(crate) fn print_failure(
    format: Format,
    command: &str,
    found: &[Finding],
    exit: ExitOutput,
    json: impl FnOnce(ExitOutput) -> String,
) {
    let said = exit.to_text();
    if format == Format::Human {
        printer::print_result(&findings::render_findings(found));
        printer::print_message(&said);
    } else {
        let text = || format!("{}{said}\n", findings::render_findings(found));
        print_formatted_result(format, command, text, || json(exit));
    }
}
