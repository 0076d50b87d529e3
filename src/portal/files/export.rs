//! Reads the export of a portal: a CSV file or an Excel workbook, as downloaded or saved again by
//! a spreadsheet program. Whatever cannot be read surely is
//! refused, or read so that arkib does less: an unknown word blocks a mailbox, a hold that cannot
//! be read is a hold.

mod cell_reader;
mod dates;
mod error;
mod header_row;
mod metadata_rows;
mod ownership_check;
mod row_collector;
#[cfg(test)]
mod tests;

use crate::domain::mapping::export_file::ExportMapping;
use crate::portal::PortalError;
use crate::table;
use crate::table::NumberedRow;
use crate::text::excerpt;
pub use dates::DayOrMoment;
use error::malformed_error;
pub use row_collector::ExportContent;
use row_collector::RowCollector;

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
        doing: message!("export-reading", name = excerpt(name, 120)),
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
        return Err(malformed_error(
            message!("export-large", found, most = LARGEST),
            message!("export-large-help"),
        ));
    }
    let find = |rows: &[NumberedRow]| header_row::find_header(rows, mapping);
    let (mut table, head) = table::find_table(bytes, &find)?;
    let merged = table.check_merged_cells(head.number)?;
    let mut rows = RowCollector::new(head, mapping, domains, table.format());
    rows.note_merged_cells(merged);
    table.for_each_row(&mut |number, cells| rows.take_row(number, cells).map(|()| true))?;
    Ok(rows)
}
