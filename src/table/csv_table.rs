//! The rows of a CSV file (RFC 4180), with whichever delimiter it has.

use std::io::Read as _;

use csv::{ReaderBuilder, StringRecord};

use super::error::{TableError, incomplete_error, malformed_error};
use super::numbered_row::{MOST_COLUMNS, NumberedRow, RowCallback, cell_text, head_rows};
use crate::language::Message;

/// Stands in a line of its own behind the text. Where the last record read is another, a quoted
/// field was open at the end of the file.
const END: &str = "\u{1}end";

/// A text in which fields are separated.
pub struct CsvTable {
    text: String,
    /// What the first line said of the delimiter (`sep=;`), which was taken off.
    said: Option<u8>,
    /// What stands between two fields.
    pub(super) delimiter: u8,
}

impl CsvTable {
    /// Takes a text, and its first line off where that names the delimiter, as Excel writes it.
    pub(super) fn new(mut text: String) -> Self {
        if !text.contains('\n') && text.contains('\r') {
            text = text.replace('\r', "\n");
        }
        let first = text.split('\n').next().unwrap_or_default();
        let said = first.trim().trim_matches('"').strip_prefix("sep=");
        let said = said.and_then(|rest| match rest.as_bytes() {
            [byte @ (b',' | b';' | b'\t' | b'|')] => Some(*byte),
            // `trim` has taken a tab for a blank.
            [] if first.contains("sep=\t") => Some(b'\t'),
            _ => None,
        });
        if said.is_some() {
            text = text.split_off((first.len() + 1).min(text.len()));
        }
        Self { text, said, delimiter: b',' }
    }

    /// The delimiters that may be meant.
    pub(super) fn possible_delimiters(&self) -> Vec<u8> {
        self.said.map_or_else(|| vec![b',', b';', b'\t'], |said| vec![said])
    }

    /// The first rows. Whether the whole is in order is seen when the whole is read.
    pub(super) fn head_rows_of_text(&self) -> Result<Vec<NumberedRow>, TableError> {
        head_rows(|take| self.visit_rows(take).map(drop))
    }

    pub(super) fn for_each_text_row<E: From<TableError>>(
        &self,
        take: RowCallback<'_, E>,
    ) -> Result<(), E> {
        let mut last = 0;
        let mut ends_empty = false;
        let ended = self.visit_rows(&mut |number, cells| {
            last = number;
            let is_row = cells.len() > 1 && cells.iter().any(|cell| cell.contains('@'));
            ends_empty = is_row && cells.last().is_some_and(|cell| cell.trim().is_empty());
            take(number, cells)
        })?;
        if !ended {
            return Err(incomplete_error(message!("table-quote-open", last)).into());
        }
        // What is missing at the end would read as no archive, or no hold.
        if ends_empty && !self.text.ends_with(['\n', '\r']) {
            return Err(incomplete_error(message!("table-ends-early", last)).into());
        }
        Ok(())
    }

    /// The line in which a record begins: empty ones before it are counted to it by the reader.
    fn line_number(&self, position: &csv::Position) -> u64 {
        let begin = usize::try_from(position.byte()).unwrap_or(usize::MAX);
        let rest = self.text.as_bytes().get(begin..).unwrap_or_default();
        let ends = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
        let empty = ends.filter(|byte| **byte == b'\n').count();
        position.line() + u64::try_from(empty).unwrap_or(0) + u64::from(self.said.is_some())
    }

    /// Gives each record with its line, as long as more is wanted; whether all quotes were closed.
    fn visit_rows<E: From<TableError>>(&self, take: RowCallback<'_, E>) -> Result<bool, E> {
        let end = format!("\n{END}");
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(self.delimiter)
            .from_reader(self.text.as_bytes().chain(end.as_bytes()));
        let mut record = StringRecord::new();
        while reader
            .read_record(&mut record)
            .map_err(|_| malformed_error(message!("table-not-csv"), Message::default()))?
        {
            let cells: Vec<&str> = record.iter().map(cell_text).collect();
            if cells == [END] {
                return Ok(true);
            }
            let number = record.position().map_or(0, |position| self.line_number(position));
            if cells.len() > MOST_COLUMNS {
                return Err(malformed_error(
                    message!(
                        "table-many-columns",
                        number,
                        count = cells.len(),
                        most = MOST_COLUMNS
                    ),
                    message!("table-fewer-columns-help"),
                )
                .into());
            }
            if !take(number, &cells)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
