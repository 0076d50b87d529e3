//! The file of changes as CSV (RFC 4180): lines end in CR LF, quotes stand where they are needed.

use csv::{QuoteStyle, Terminator, WriterBuilder};

use super::row::{BulkError, check};
use crate::domain::mapping::bulk::{BulkMapping, Encoding};
use crate::portal::Row;

/// The changes as CSV, in the order given.
///
/// # Errors
/// Where a row is not safe, or there are too many.
pub fn csv(rows: &[Row<'_>], mapping: &BulkMapping) -> Result<Vec<u8>, BulkError> {
    check(rows, mapping)?;
    let trouble = |error: csv::Error| BulkError::Writing(error.to_string());
    let mut writer = WriterBuilder::new()
        .delimiter(mapping.delimiter.byte())
        .terminator(Terminator::CRLF)
        .quote_style(QuoteStyle::Necessary)
        .from_writer(Vec::new());
    writer.write_record(mapping.header()).map_err(trouble)?;
    for row in rows {
        writer.write_record(row.fields(mapping)).map_err(trouble)?;
    }
    let bytes = writer.into_inner();
    let bytes = bytes.map_err(|error| BulkError::Writing(error.to_string()))?;
    encode(bytes, mapping.encoding)
}

fn encode(bytes: Vec<u8>, encoding: Encoding) -> Result<Vec<u8>, BulkError> {
    match encoding {
        Encoding::Utf8 => Ok(bytes),
        Encoding::Utf8Bom => Ok([b"\xef\xbb\xbf".as_slice(), &bytes].concat()),
        Encoding::Windows1252 => {
            let text = String::from_utf8(bytes);
            let text = text.map_err(|error| BulkError::Writing(error.to_string()))?;
            let each = text.chars().map(Encoding::windows_1252);
            // Rows, names and words are checked before they come here.
            each.collect::<Option<Vec<u8>>>()
                .ok_or_else(|| BulkError::Writing("a character is not in windows-1252".to_owned()))
        }
    }
}
