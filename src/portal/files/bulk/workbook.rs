//! The file of changes as an Excel workbook (ISO/IEC 29500). Every cell is text, so that no
//! program takes one for a formula, a number or a date.

use jiff::Timestamp;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::row::{BulkError, check};
use crate::domain::calendar;
use crate::domain::mapping::bulk::BulkMapping;
use crate::portal::Row;

/// The widest that a column is made, in characters.
const WIDEST: usize = 60;

/// The changes as a workbook, in the order given. It says that it was made at that moment.
///
/// # Errors
/// Where a row is not safe, or there are too many.
pub fn xlsx(
    rows: &[Row<'_>],
    mapping: &BulkMapping,
    made_at: Timestamp,
) -> Result<Vec<u8>, BulkError> {
    check(rows, mapping)?;
    write(rows, mapping, made_at).map_err(|error| BulkError::Writing(error.to_string()))
}

fn write(
    rows: &[Row<'_>],
    mapping: &BulkMapping,
    made_at: Timestamp,
) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    book.set_properties(&DocProperties::new().set_creation_datetime(&moment(made_at)?));
    let sheet = book.add_worksheet();
    let head = Format::new().set_bold();
    let mut widths: Vec<usize> = Vec::new();
    for (column, name) in (0..).zip(mapping.header()) {
        sheet.write_string_with_format(0, column, name, &head)?;
        widths.push(name.chars().count());
    }
    for (number, row) in (1..).zip(rows) {
        for (column, field) in (0..).zip(row.fields(mapping)) {
            sheet.write_string(number, column, field)?;
            let width = &mut widths[usize::from(column)];
            *width = (*width).max(field.chars().count());
        }
    }
    lay_out(sheet, rows.len(), &widths)?;
    book.save_to_buffer()
}

fn lay_out(sheet: &mut Worksheet, rows: usize, widths: &[usize]) -> Result<(), XlsxError> {
    sheet.set_freeze_panes(1, 0)?;
    for (column, width) in (0..).zip(widths) {
        let width = u8::try_from((*width).min(WIDEST) + 3).unwrap_or(u8::MAX);
        sheet.set_column_width(column, f64::from(width))?;
    }
    // Both are bounded: rows by the check, columns by the format.
    let last = u32::try_from(rows).unwrap_or(u32::MAX);
    let columns = u16::try_from(widths.len()).unwrap_or(1);
    sheet.autofilter(0, 0, last, columns.saturating_sub(1))?;
    Ok(())
}

/// The moment as the agency's clocks show it.
fn moment(at: Timestamp) -> Result<ExcelDateTime, XlsxError> {
    let local = calendar::local(at).strftime("%Y-%m-%dT%H:%M:%S");
    ExcelDateTime::parse_from_str(&local.to_string())
}
