//! The register of requests and their lifecycles (procedure section 6), for the auditor who wants all
//! requests of a year, and the officer who runs the service. Pure.

mod agency_register;
mod build_rows;
mod csv_export;
mod figures;
mod page;
mod period;
mod relative_link;
mod row;
#[cfg(test)]
mod tests;
mod truncation;

pub use agency_register::{DriftedArchive, Register, UnmanagedArchive, build_register};
pub use build_rows::RegisterContext;
pub use csv_export::render_csv;
pub use figures::{Figures, MonthFigures};
pub use page::{PageError, render_html};
pub use period::Period;
pub use relative_link::RelativeLinks;
pub use row::RequestRow;
