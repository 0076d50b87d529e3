//! Reads a file that holds a table, as rows of texts: CSV or an Excel workbook, as downloaded or saved
//! again by a spreadsheet program. Its content shows what it is. Takes bytes and opens no file; may
//! not know what a table is about.

mod csv_table;
mod error;
mod file_format;
mod numbered_row;
mod pages;
mod workbook;

use std::panic::{self, AssertUnwindSafe};

use crate::text::excerpt;
use csv_table::CsvTable;
pub use error::{TableError, TableFault};
pub use file_format::FileFormat;
pub use numbered_row::{HEAD, MOST_COLUMNS, MOST_ROWS, NumberedRow, RowCallback};
pub use pages::Pages;
use workbook::Workbook;
#[cfg(test)]
pub(crate) use workbook::check_unpacked_size;
pub use workbook::{MergedCell, moment_from_serial};

/// A header row, as its reader understands it.
pub trait Header {
    /// How many columns have a name, or stand before one that has.
    fn width(&self) -> usize;
}

/// Finds the header among the first rows; else what is wrong, with a number that is higher the more is
/// known.
pub type FindHeader<'f, H, E> = &'f dyn Fn(&[NumberedRow]) -> Result<H, (usize, E)>;

/// A table whose header was found.
pub enum Table<'a> {
    /// CSV.
    Text(Box<CsvTable>),
    /// A sheet of a workbook.
    Sheet(Box<Workbook<'a>>, String),
}

/// Finds the table in a file: with the delimiter that gives the most columns, or on the one sheet that has
/// a header.
///
/// # Errors
/// Where it is no such file, is damaged, or has no header.
pub fn find_table<'a, H: Header, E: From<TableError>>(
    bytes: &'a [u8],
    find: FindHeader<'_, H, E>,
) -> Result<(Table<'a>, H), E> {
    match file_format::detect_format(bytes)? {
        FileFormat::Text => {
            let mut text = CsvTable::new(file_format::decode_text(bytes)?);
            let header = choose_delimiter(&mut text, find)?;
            Ok((Table::Text(Box::new(text)), header))
        }
        FileFormat::Workbook => without_panic(|| {
            let mut book = Workbook::open(bytes)?;
            let (sheet, header) = choose_sheet(&mut book, find)?;
            Ok((Table::Sheet(Box::new(book), sheet), header))
        }),
    }
}

/// The text of a file, in whatever encoding; `None` for a workbook.
///
/// # Errors
/// Where it is neither.
pub fn decode_text(bytes: &[u8]) -> Result<Option<String>, TableError> {
    Ok(match file_format::detect_format(bytes)? {
        FileFormat::Text => Some(file_format::decode_text(bytes)?),
        FileFormat::Workbook => None,
    })
}

impl Table<'_> {
    /// What it is.
    pub fn format(&self) -> FileFormat {
        match self {
            Self::Text(_) => FileFormat::Text,
            Self::Sheet(..) => FileFormat::Workbook,
        }
    }

    /// Cells from the header down that are merged over several columns.
    ///
    /// # Errors
    /// Where cells below the header are merged over several rows.
    pub fn check_merged_cells(&mut self, header: u64) -> Result<Vec<MergedCell>, TableError> {
        match self {
            Self::Text(_) => Ok(Vec::new()),
            Self::Sheet(book, sheet) => without_panic(|| book.check_merged_cells(sheet, header)),
        }
    }

    /// Gives all rows, as long as more is wanted.
    ///
    /// # Errors
    /// Where the file is damaged or incomplete; and those of `take`.
    pub fn for_each_row<E: From<TableError>>(&mut self, take: RowCallback<'_, E>) -> Result<(), E> {
        match self {
            Self::Text(text) => text.for_each_text_row(take),
            Self::Sheet(book, sheet) => without_panic(|| book.for_each_row(sheet, take)),
        }
    }
}

/// Built with overflow checks, calamine panics on the number of a row that no sheet has.
fn without_panic<T, E: From<TableError>>(read: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    panic::catch_unwind(AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err(workbook::damaged_workbook_error().into()))
}

fn choose_delimiter<H: Header, E: From<TableError>>(
    text: &mut CsvTable,
    find: FindHeader<'_, H, E>,
) -> Result<H, E> {
    let found = tables_with_header(text.possible_delimiters(), find, |delimiter| {
        text.delimiter = *delimiter;
        // With a delimiter that is not meant, a line can have any number of columns.
        Ok(text.head_rows_of_text())
    })?;
    // The first of equals: the last from behind.
    let widest = found.into_iter().rev().max_by_key(|(_, header)| header.width());
    let (delimiter, header) = widest.ok_or_else(|| no_header_error(find))?;
    text.delimiter = delimiter;
    Ok(header)
}

fn choose_sheet<H: Header, E: From<TableError>>(
    book: &mut Workbook<'_>,
    find: FindHeader<'_, H, E>,
) -> Result<(String, H), E> {
    let mut found = tables_with_header(book.visible_sheets(), find, |sheet| {
        book.head_rows_of_sheet(sheet).map(Ok)
    })?;
    if found.len() > 1 {
        let names = found.iter();
        let names: Vec<String> =
            names.map(|(name, _)| format!("`{}`", excerpt(name, 40))).collect();
        let why = message!("table-several-sheets", names = names.join(", "));
        let help = message!("table-several-sheets-help");
        return Err(error::malformed_error(why, help).into());
    }
    found.pop().ok_or_else(|| no_header_error(find))
}

/// What is wrong with a table that has no rows.
fn no_header_error<H, E: From<TableError>>(find: FindHeader<'_, H, E>) -> E {
    match find(&[]) {
        Err((_, error)) => error,
        Ok(_) => workbook::damaged_workbook_error().into(),
    }
}

/// The headers of the tables that have one. Where none has, the error says what is wrong where it is most
/// like one; of equals the first.
fn tables_with_header<T, H, E: From<TableError>>(
    tables: Vec<T>,
    find: FindHeader<'_, H, E>,
    mut head_rows: impl FnMut(&T) -> Result<Result<Vec<NumberedRow>, TableError>, TableError>,
) -> Result<Vec<(T, H)>, E> {
    let mut found = Vec::new();
    let mut likeliest: Option<(usize, E)> = None;
    for table in tables {
        let header = match head_rows(&table)? {
            Ok(rows) => find(&rows),
            Err(error) => Err((0, error.into())),
        };
        match header {
            Ok(header) => found.push((table, header)),
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
