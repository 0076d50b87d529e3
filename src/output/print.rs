//! Prints the result of a command that has no review formats.

use super::format::Format;
use super::json::ExitOutput;
use super::{findings, markdown, writer};
use crate::finding::Finding;
use crate::printer;

/// Prints a result: as text for people or inside Markdown, or as JSON.
pub(crate) fn result(
    format: Format,
    command: &str,
    text: impl FnOnce() -> String,
    json: impl FnOnce() -> String,
) {
    match format {
        Format::Human => printer::result(&text()),
        Format::Markdown => printer::result(&markdown::text(command, &text(), writer::COMMENT)),
        Format::Json => printer::result(&json()),
    }
}

/// Prints why a command failed, and its findings.
pub(crate) fn failure(
    format: Format,
    command: &str,
    found: &[Finding],
    exit: ExitOutput,
    json: impl FnOnce(ExitOutput) -> String,
) {
    let help = exit.help.iter().map(|help| format!("\nhelp: {help}"));
    let said = format!("{}{}", exit.reason, help.collect::<String>());
    if format == Format::Human {
        printer::result(&findings::human(found));
        printer::say(&said);
    } else {
        let text = || format!("{}{said}\n", findings::human(found));
        result(format, command, text, || json(exit));
    }
}
