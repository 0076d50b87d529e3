//! The rows of a file, however it keeps them, and how many there may be. Pure.

use crate::portal::PortalError;

pub(super) const MOST_ROWS: usize = 2_000_000;
pub(super) const MOST_COLUMNS: usize = 200;
/// The row that names the columns is one of so many first ones.
pub(super) const HEAD: usize = 100;

/// A row that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NumberedRow {
    /// Its number in the file.
    pub(super) number: u64,
    /// Its fields.
    pub(super) cells: Vec<String>,
}

impl NumberedRow {
    pub(super) fn new(number: u64, cells: &[&str]) -> Self {
        Self { number, cells: cells.iter().map(|cell| (*cell).to_owned()).collect() }
    }
}

/// Takes a row, with its number in the file and its fields; says whether more are wanted.
pub(super) type RowCallback<'a> = &'a mut dyn FnMut(u64, &[&str]) -> Result<bool, PortalError>;

/// The first [`HEAD`] rows of a file that gives its rows one by one.
pub(super) fn first_rows(
    give: impl FnOnce(RowCallback<'_>) -> Result<(), PortalError>,
) -> Result<Vec<NumberedRow>, PortalError> {
    let mut lines = Vec::new();
    give(&mut |number, cells| {
        lines.push(NumberedRow::new(number, cells));
        Ok(lines.len() < HEAD)
    })?;
    Ok(lines)
}
