//! Reads the report of a portal: a CSV file or an Excel workbook, as downloaded or saved again by
//! a spreadsheet program. What it is, is told by its content. Whatever cannot be read surely is
//! refused, or read so that arkib does less: an unknown word blocks a mailbox, a hold that cannot
//! be read is a hold.

mod dates;
mod error;
mod fields;
mod footer;
mod head;
mod kind;
mod ownership;
mod rows;
mod separated;
mod taken_at;
#[cfg(test)]
mod tests;
mod text;
mod workbook;

use std::panic::{self, AssertUnwindSafe};

use crate::domain::mapping::report::ReportMapping;
use crate::domain::observed::ObservedMailbox;
use crate::hash::sha256;
use crate::portal::PortalError;
use crate::text::excerpt;
use error::Trouble;
use head::{HEAD, Head};
use kind::Kind;
use rows::Rows;
use separated::Separated;
pub use taken_at::{Taken, Where};
use workbook::Workbook;

/// The largest file that is read, in bytes.
pub const LARGEST: usize = 64 * 1024 * 1024;
/// The most rows.
pub const MOST_ROWS: usize = 2_000_000;
/// The most columns.
pub const MOST_COLUMNS: usize = 200;

/// A report, as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Its mailboxes in the order of the rows. The first row of an address has the address as its
    /// id, the second `address#2`, so that what stands twice is ambiguous.
    pub mailboxes: Vec<ObservedMailbox>,
    /// When the report was taken, where it or its name says so.
    pub taken_on: Option<Taken>,
    /// How many rows of other agencies were passed over.
    pub passed_over: usize,
    /// The SHA-256 of the file.
    pub sha256: String,
    /// What the file is: "CSV with semicolons, Windows-1252", "Excel workbook, sheet `Laporan`".
    pub format: String,
    /// What an administrator should know of the reading, one sentence each, without personal data.
    pub remarks: Vec<String>,
}

/// Reads a report of that name. The domains are the agency's own, in lower case.
///
/// # Errors
/// Where it is no report, is cut off, contradicts itself, is another agency's, or does not say
/// surely which column is which.
pub fn read(
    bytes: &[u8],
    name: &str,
    mapping: &ReportMapping,
    domains: &[String],
) -> Result<Report, PortalError> {
    understand(bytes, name, mapping, domains)
        .map_err(|trouble| trouble.of(format!("reading the report {}", excerpt(name, 120))))
}

fn understand(
    bytes: &[u8],
    name: &str,
    mapping: &ReportMapping,
    domains: &[String],
) -> Result<Report, Trouble> {
    if bytes.len() > LARGEST {
        return Err(Trouble::malformed(
            format!(
                "the file has {} bytes, at most {LARGEST} are read",
                bytes.len()
            ),
            "download the report of your own agency alone, or save it as CSV with fewer columns",
        ));
    }
    let (rows, format) = match kind::of(bytes)? {
        Kind::Text => {
            let (text, encoding) = text::decode(bytes)?;
            let (table, head) = separated(text, mapping)?;
            let mut rows = Rows::new(head, mapping, domains, "line");
            table.each(&mut |row| rows.take(row))?;
            (
                rows,
                format!("CSV with {}, {encoding}", table.delimiter_name()),
            )
        }
        Kind::Workbook => workbook(bytes, mapping, domains)?,
    };
    let read = rows.finish()?;
    let taken_on = read.taken_on.or_else(|| taken_at::in_name(name));
    if let (None, Some(number)) = (taken_on, read.unread_day) {
        return Err(Trouble::unfit(
            format!(
                "line {number} seems to say when the report was taken, in a way that arkib does not read"
            ),
            "put the day into the file's name, such as laporan-2026-11-25.csv",
        ));
    }
    Ok(Report {
        mailboxes: read.mailboxes,
        taken_on,
        passed_over: read.passed_over,
        sha256: sha256(bytes),
        format,
        remarks: read.remarks,
    })
}

fn workbook<'a>(
    bytes: &[u8],
    mapping: &'a ReportMapping,
    domains: &'a [String],
) -> Result<(Rows<'a>, String), Trouble> {
    let read = || {
        let mut book = Workbook::open(bytes)?;
        let (sheet, head) = sheet(&mut book, mapping)?;
        book.check_merged(&sheet, head.number)?;
        let mut rows = Rows::new(head, mapping, domains, "row");
        book.each(&sheet, &mut |row| rows.take(row))?;
        let format = format!("Excel workbook, sheet `{}`", excerpt(&sheet, 40));
        Ok((rows, format))
    };
    // Built with overflow checks, calamine panics on the number of a row that no sheet has.
    panic::catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(workbook::damaged()))
}

/// The text as a table, by the delimiter with which the most columns are found.
fn separated(text: String, mapping: &ReportMapping) -> Result<(Separated, Head), Trouble> {
    let mut table = Separated::new(text);
    let mut best: Option<(usize, u8, Head)> = None;
    let mut trouble: Option<(usize, Trouble)> = None;
    for delimiter in table.delimiters() {
        table.delimiter = delimiter;
        // With a delimiter that is not meant, a line can have any number of columns.
        let first = table.first(HEAD).map_err(|trouble| (0, trouble));
        match first.and_then(|first| head::find(&first, mapping)) {
            Ok(head) if best.as_ref().is_none_or(|(most, ..)| head.width > *most) => {
                best = Some((head.width, delimiter, head));
            }
            Ok(_) => {}
            Err((matched, error)) => {
                if trouble.as_ref().is_none_or(|(most, _)| matched > *most) {
                    trouble = Some((matched, error));
                }
            }
        }
    }
    match (best, trouble) {
        (Some((_, delimiter, head)), _) => {
            table.delimiter = delimiter;
            Ok((table, head))
        }
        (None, Some((_, trouble))) => Err(trouble),
        (None, None) => Err(head::nothing()),
    }
}

/// The one sheet that is a report.
fn sheet(book: &mut Workbook<'_>, mapping: &ReportMapping) -> Result<(String, Head), Trouble> {
    let mut found: Vec<(String, Head)> = Vec::new();
    let mut trouble: Option<(usize, Trouble)> = None;
    for sheet in book.sheets() {
        let first = book.first(&sheet, HEAD)?;
        match head::find(&first, mapping) {
            Ok(head) => found.push((sheet, head)),
            Err((matched, error)) => {
                if trouble.as_ref().is_none_or(|(most, _)| matched > *most) {
                    trouble = Some((matched, error));
                }
            }
        }
    }
    match (found.len(), trouble) {
        (0, Some((_, trouble))) => Err(trouble),
        (0, None) => Err(head::nothing()),
        (1, _) => Ok(found.remove(0)),
        _ => {
            let names: Vec<String> = found
                .iter()
                .map(|(name, _)| format!("`{}`", excerpt(name, 40)))
                .collect();
            Err(Trouble::malformed(
                format!(
                    "the workbook has several sheets that are reports: {}",
                    names.join(", ")
                ),
                "keep one of them and delete the others, or save the right one as CSV",
            ))
        }
    }
}
