//! The register of requests and their lifecycles (procedure section 6), for the auditor who wants all
//! requests of a year, and the officer who runs the service. Pure.

mod agency;
mod build_rows;
mod csv_export;
mod excerpt;
mod figures;
mod link;
mod page;
mod period;
mod row;
#[cfg(test)]
mod tests;

pub use agency::{DriftedArchive, Register, UnmanagedArchive, build_register};
pub use build_rows::RegisterContext;
pub use csv_export::render_csv;
pub use figures::{Figures, MonthFigures};
pub use link::LinkBuilder;
pub use page::{PageError, render_html};
pub use period::Period;
pub use row::Row;
