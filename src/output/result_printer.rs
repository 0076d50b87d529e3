//! Prints the result of a command that has no review formats.

use super::format::Format;
use super::json::ExitOutput;
use super::{findings, markdown, report_writer};
use crate::exit::Exit;
use crate::finding::Finding;
use crate::printer;
use crate::printer::fit_line;

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

/// Prints how a run ended: as the end of the result, or as a message where not all was done.
pub(crate) fn print_ending(exit: Exit, ending: &str) {
    match exit {
        Exit::Done | Exit::Pending => printer::print_result(ending),
        _ => printer::print_message(ending.trim_end()),
    }
}

/// Prints why a run ended before it began, below what there is to show; that nothing is to do is a result.
pub(crate) fn print_early_end(shown: &str, ended: &ExitOutput) {
    printer::print_result(shown);
    print_ending(ended.status, &fit_line(&ended.to_text(), 2));
}

/// Prints why a command failed, and its findings.
pub(crate) fn print_failure(
    format: Format,
    command: &str,
    found: &[Finding],
    exit: ExitOutput,
    json: impl FnOnce(ExitOutput) -> String,
) {
    let found = findings::render_findings(found);
    if format == Format::Human {
        print_early_end(&found, &exit);
    } else {
        let said = exit.to_text();
        let text = || format!("{found}{said}\n");
        print_formatted_result(format, command, text, || json(exit));
    }
}
