//! Writes a plan's changes as the file of bulk changes that a portal operated by people takes
//! (*Penukaran Secara Pukal*): CSV or an Excel workbook. The same changes give the same bytes.

mod row;
mod separated;
#[cfg(test)]
mod tests;
mod workbook;

pub use row::{BulkError, MOST_ROWS, Part, Unsafe};
pub use separated::csv;
pub use workbook::xlsx;
