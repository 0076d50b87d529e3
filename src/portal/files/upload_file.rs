//! Writes a plan's changes as the file of bulk changes that a portal operated by people takes
//! (*Penukaran Secara Pukal*): CSV (RFC 4180) or an Excel workbook (ISO/IEC 29500). Nothing that a
//! spreadsheet program would carry out gets into it. The same changes give the same bytes. Pure.

#[cfg(test)]
mod tests;

use csv::{QuoteStyle, Terminator, WriterBuilder};
use jiff::Timestamp;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use crate::domain::local_time;
use crate::domain::mapping::upload_file::{Encoding, UploadFileFormat, looks_like_formula};
use crate::language::Message;
use crate::portal::UploadRow;

/// The most changes in one file: what a sheet can hold below its head.
const MOST_ROWS: usize = 1_048_575;
/// The widest that a column is made, in characters.
const WIDEST: usize = 60;

/// Why a change cannot be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnsafeReason {
    /// A spreadsheet would carry it out as a formula (CWE-1236), and it cannot be written otherwise
    /// without becoming another address.
    Formula(UploadField),
    /// Windows-1252 does not have all of its characters.
    Character(UploadField),
    /// It holds a line end, a tab or another control character.
    Control(UploadField),
}

/// A part of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UploadField {
    /// The address.
    Address,
    /// The request's id.
    Request,
}

/// Why a file cannot be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UploadFileError {
    /// A row that is not safe; the caller asks [`UploadRow::check_safe`] first.
    UploadRow(usize, UnsafeReason),
    /// More rows than a file can have.
    TooMany(usize),
    /// The library that writes the file could not.
    Writing(String),
}

impl UnsafeReason {
    /// As the end of a sentence "the change of … cannot be handed over: ".
    pub fn message(self) -> Message {
        let field = |field| match field {
            UploadField::Address => message!("outcome-field-address"),
            UploadField::Request => message!("outcome-field-request"),
        };
        match self {
            Self::Formula(part) => message!("outcome-formula", field = field(part)),
            Self::Character(part) => message!("outcome-character", field = field(part)),
            Self::Control(part) => message!("outcome-control", field = field(part)),
        }
    }
}

impl UploadFileError {
    /// What is wrong, as a clause.
    pub fn message(&self) -> Message {
        match self {
            Self::UploadRow(row, why) => message!("outcome-unsafe-row", row, why = why.message()),
            Self::TooMany(count) => message!("outcome-too-many", count, most = MOST_ROWS),
            Self::Writing(error) => message!("outcome-unwritten", error),
        }
    }
}

impl UploadRow<'_> {
    /// Whether the change can be written so that the portal takes it as it is meant and a
    /// spreadsheet program that opens the file carries nothing out.
    pub fn check_safe(&self, mapping: &UploadFileFormat) -> Result<(), UnsafeReason> {
        let mut parts = vec![(self.mailbox.as_str(), UploadField::Address)];
        if mapping.request.is_some() {
            parts.push((self.request, UploadField::Request));
        }
        for (text, part) in parts {
            if text.chars().any(char::is_control) {
                return Err(UnsafeReason::Control(part));
            }
            if looks_like_formula(text) {
                return Err(UnsafeReason::Formula(part));
            }
            if !mapping.encoding.can_encode(text) {
                return Err(UnsafeReason::Character(part));
            }
        }
        Ok(())
    }

    /// Its fields, in the order of the columns.
    fn upload_cells<'a>(&'a self, mapping: &'a UploadFileFormat) -> impl Iterator<Item = &'a str> {
        let request = mapping.request.as_ref().map(|_| self.request);
        [self.mailbox.as_str(), mapping.word_for_action(self.action)].into_iter().chain(request)
    }
}

/// Every row is safe, and there are not too many.
fn check_rows(rows: &[UploadRow<'_>], mapping: &UploadFileFormat) -> Result<(), UploadFileError> {
    if rows.len() > MOST_ROWS {
        return Err(UploadFileError::TooMany(rows.len()));
    }
    for (number, row) in (2..).zip(rows) {
        row.check_safe(mapping).map_err(|why| UploadFileError::UploadRow(number, why))?;
    }
    Ok(())
}

/// The changes as CSV, in the order given.
pub fn write_csv(
    rows: &[UploadRow<'_>],
    mapping: &UploadFileFormat,
) -> Result<Vec<u8>, UploadFileError> {
    check_rows(rows, mapping)?;
    let mut writer = WriterBuilder::new()
        .delimiter(mapping.delimiter.byte())
        .terminator(Terminator::CRLF)
        .quote_style(QuoteStyle::Necessary)
        .from_writer(Vec::new());
    writer.write_record(mapping.header()).map_err(writing_error)?;
    for row in rows {
        writer.write_record(row.upload_cells(mapping)).map_err(writing_error)?;
    }
    encode_text(writer.into_inner().map_err(writing_error)?, mapping.encoding)
}

fn encode_text(bytes: Vec<u8>, encoding: Encoding) -> Result<Vec<u8>, UploadFileError> {
    match encoding {
        Encoding::Utf8 => Ok(bytes),
        Encoding::Utf8Bom => Ok([b"\xef\xbb\xbf".as_slice(), &bytes].concat()),
        Encoding::Windows1252 => {
            let text = String::from_utf8(bytes).map_err(writing_error)?;
            let each = text.chars().map(Encoding::encode_windows_1252);
            // Rows, names and words are checked before they come here.
            each.collect::<Option<Vec<u8>>>()
                .ok_or_else(|| writing_error("a character does not exist in windows-1252"))
        }
    }
}

fn writing_error(why: impl ToString) -> UploadFileError {
    UploadFileError::Writing(why.to_string())
}

/// The changes as a workbook, in the order given. It says that it was made at that moment.
pub fn write_xlsx(
    rows: &[UploadRow<'_>],
    mapping: &UploadFileFormat,
    made_at: Timestamp,
) -> Result<Vec<u8>, UploadFileError> {
    check_rows(rows, mapping)?;
    build_workbook(rows, mapping, made_at).map_err(writing_error)
}

/// Every cell is text, so that no program takes one for a formula, a number or a date.
fn build_workbook(
    rows: &[UploadRow<'_>],
    mapping: &UploadFileFormat,
    made_at: Timestamp,
) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    book.set_properties(&DocProperties::new().set_creation_datetime(&excel_date_time(made_at)?));
    let sheet = book.add_worksheet();
    let head = Format::new().set_bold();
    let mut widths: Vec<usize> = Vec::new();
    for (column, name) in (0..).zip(mapping.header()) {
        sheet.write_string_with_format(0, column, name, &head)?;
        widths.push(name.chars().count());
    }
    for (number, row) in (1..).zip(rows) {
        for (column, field) in (0..).zip(row.upload_cells(mapping)) {
            sheet.write_string(number, column, field)?;
            let width = &mut widths[usize::from(column)];
            *width = (*width).max(field.chars().count());
        }
    }
    lay_out_sheet(sheet, rows.len(), &widths)?;
    book.save_to_buffer()
}

fn lay_out_sheet(sheet: &mut Worksheet, rows: usize, widths: &[usize]) -> Result<(), XlsxError> {
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
fn excel_date_time(at: Timestamp) -> Result<ExcelDateTime, XlsxError> {
    let local = local_time::to_local_time(at).strftime("%Y-%m-%dT%H:%M:%S");
    ExcelDateTime::parse_from_str(&local.to_string())
}
