//! Reads the export of a portal: a CSV file or an Excel workbook, as downloaded or saved again by
//! a spreadsheet program. What it is, is told by its content. Whatever cannot be read surely is
//! refused, or read so that arkib does less: an unknown word blocks a mailbox, a hold that cannot
//! be read is a hold.

mod cell_reader;
mod csv_text;
mod dates;
mod error;
mod file_format;
mod header_row;
mod metadata_rows;
mod numbered_row;
mod ownership;
mod pages;
mod row_collector;
#[cfg(test)]
mod tests;
mod workbook;

use std::panic::{self, AssertUnwindSafe};

use crate::domain::mapping::export_file::ExportMapping;
use crate::portal::PortalError;
use crate::text::excerpt;
use csv_text::CsvText;
pub use dates::DayOrMoment;
use error::malformed;
use file_format::FileFormat;
use header_row::HeaderRow;
pub use row_collector::ExportContent;
use row_collector::RowCollector;
use workbook::Workbook;

/// The largest file that is read, in bytes.
pub const LARGEST: usize = 64 * 1024 * 1024;

/// Reads an export of that name. The domains are the agency's own, in lower case.
///
/// # Errors
/// Where it is no export, is cut off, contradicts itself, is another agency's, or does not say
/// surely which column is which.
pub fn read(
    bytes: &[u8],
    name: &str,
    mapping: &ExportMapping,
    domains: &[String],
) -> Result<ExportContent, PortalError> {
    let rows = read_rows(bytes, mapping, domains);
    rows.and_then(|rows| rows.finish(name)).map_err(|error| PortalError {
        doing: format!("reading the export {}", excerpt(name, 120)),
        ..error
    })
}

fn read_rows<'a>(
    bytes: &[u8],
    mapping: &'a ExportMapping,
    domains: &'a [String],
) -> Result<RowCollector<'a>, PortalError> {
    if bytes.len() > LARGEST {
        let found = bytes.len();
        return Err(malformed(
            format!("the file has {found} bytes, but at most {LARGEST} are read"),
            "download an export of your agency only, or save it as CSV with fewer columns",
        ));
    }
    match file_format::detect_format(bytes)? {
        FileFormat::Text => read_text(bytes, mapping, domains),
        FileFormat::Workbook => read_workbook(bytes, mapping, domains),
    }
}

fn read_text<'a>(
    bytes: &[u8],
    mapping: &'a ExportMapping,
    domains: &'a [String],
) -> Result<RowCollector<'a>, PortalError> {
    let mut table = CsvText::new(file_format::decode_text(bytes)?);
    let head = choose_delimiter(&mut table, mapping)?;
    let mut rows = RowCollector::new(head, mapping, domains, FileFormat::Text);
    table.for_each_text_row(&mut |number, cells| rows.take_row(number, cells).map(|()| true))?;
    Ok(rows)
}

fn read_workbook<'a>(
    bytes: &[u8],
    mapping: &'a ExportMapping,
    domains: &'a [String],
) -> Result<RowCollector<'a>, PortalError> {
    let read = || {
        let mut book = Workbook::open(bytes)?;
        let (sheet, head) = find_export_sheet(&mut book, mapping)?;
        let merged = book.check_merged_cells(&sheet, head.number)?;
        let mut rows = RowCollector::new(head, mapping, domains, FileFormat::Workbook);
        rows.note_merged_cells(merged);
        book.for_each_row(&sheet, &mut |number, cells| {
            rows.take_row(number, cells).map(|()| true)
        })?;
        Ok(rows)
    };
    // Built with overflow checks, calamine panics on the number of a row that no sheet has.
    panic::catch_unwind(AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err(workbook::damaged_workbook_error()))
}

/// Finds the delimiter of a table, with which the most columns are found, and its head.
fn choose_delimiter(
    table: &mut CsvText,
    mapping: &ExportMapping,
) -> Result<HeaderRow, PortalError> {
    let found = tables_with_header(table.possible_delimiters(), |delimiter| {
        table.delimiter = *delimiter;
        // With a delimiter that is not meant, a line can have any number of columns.
        let first = table.first_rows_of_text().map_err(|error| (0, error));
        Ok(first.and_then(|first| header_row::find_header(&first, mapping)))
    })?;
    // The first of equals: the last from behind.
    let widest = found.into_iter().rev().max_by_key(|(_, head)| head.width);
    let (delimiter, head) = widest.ok_or_else(header_row::no_header_error)?;
    table.delimiter = delimiter;
    Ok(head)
}

/// The one sheet that is an export.
fn find_export_sheet(
    book: &mut Workbook<'_>,
    mapping: &ExportMapping,
) -> Result<(String, HeaderRow), PortalError> {
    let mut found = tables_with_header(book.visible_sheets(), |sheet| {
        Ok(header_row::find_header(&book.first_rows_of_sheet(sheet)?, mapping))
    })?;
    if found.len() > 1 {
        let names = found.iter();
        let names: Vec<String> =
            names.map(|(name, _)| format!("`{}`", excerpt(name, 40))).collect();
        return Err(malformed(
            format!("the workbook has several sheets that are exports: {}", names.join(", ")),
            "keep one of them and delete the others, or save the right sheet as CSV",
        ));
    }
    found.pop().ok_or_else(header_row::no_header_error)
}

/// The heads of the tables that have one. Where none has, the error says what is wrong where it is
/// most like an export; of equals the first.
fn tables_with_header<T>(
    tables: Vec<T>,
    mut find: impl FnMut(&T) -> Result<header_row::HeaderSearchResult, PortalError>,
) -> Result<Vec<(T, HeaderRow)>, PortalError> {
    let mut found = Vec::new();
    let mut likeliest: Option<(usize, PortalError)> = None;
    for table in tables {
        match find(&table)? {
            Ok(head) => found.push((table, head)),
            Err(why) if likeliest.as_ref().is_none_or(|most| why.0 > most.0) => {
                likeliest = Some(why);
            }
            Err(_) => {}
        }
    }
    match likeliest {
        Some((_, error)) if found.is_empty() => Err(error),
        _ => Ok(found),
    }
}
