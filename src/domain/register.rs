//! The register of requests and their lifecycles (procedure section 6), for the auditor who wants all
//! requests of a year, and the officer who runs the service. Pure.

mod agency;
mod csv_export;
mod excerpt;
mod figures;
mod link;
mod page;
mod period;
mod row;
mod rows;
#[cfg(test)]
mod tests;

pub use agency::{Drifted, Register, Unmanaged, build_register};
pub use csv_export::render_csv;
pub use figures::{Figures, Month};
pub use link::Links;
pub use page::{PageError, render_html};
pub use period::Period;
pub use row::Row;
pub use rows::RegisterContext;
