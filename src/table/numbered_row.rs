//! The rows of a file, however it keeps them, and how many there may be. Pure.

use super::error::TableError;

/// The most rows that are read.
pub const MOST_ROWS: usize = 2_000_000;
/// The most columns that are read.
pub const MOST_COLUMNS: usize = 200;
/// The row that names the columns is one of so many first ones.
pub const HEAD: usize = 100;

/// A row that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberedRow {
    /// Its number in the file.
    pub number: u64,
    /// Its fields.
    pub cells: Vec<String>,
}

impl NumberedRow {
    /// Of borrowed fields.
    pub fn new(number: u64, cells: &[&str]) -> Self {
        Self { number, cells: cells.iter().map(|cell| (*cell).to_owned()).collect() }
    }
}

/// Takes a row, with its number in the file and its fields; says whether more are wanted.
pub type RowCallback<'a, E> = &'a mut dyn FnMut(u64, &[&str]) -> Result<bool, E>;

/// The first [`HEAD`] rows of a file that gives its rows one by one.
pub(super) fn head_rows(
    give: impl FnOnce(RowCallback<'_, TableError>) -> Result<(), TableError>,
) -> Result<Vec<NumberedRow>, TableError> {
    let mut lines = Vec::new();
    give(&mut |number, cells| {
        lines.push(NumberedRow::new(number, cells));
        Ok(lines.len() < HEAD)
    })?;
    Ok(lines)
}

/// What a field means that says in a spreadsheet's way that it is text: `="0123"`, `'0123`.
pub(super) fn cell_text(cell: &str) -> &str {
    let text = cell.trim();
    let formula = text.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    formula.or_else(|| text.strip_prefix('\'')).unwrap_or(cell)
}
