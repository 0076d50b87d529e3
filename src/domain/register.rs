//! The register of requests and what became of them (procedure section 6), for the auditor who asks
//! for every request of a year, and the officer who runs the service. Pure.

mod excerpt;
mod figures;
mod link;
mod page;
mod period;
mod row;
mod rows;
mod sheet;
#[cfg(test)]
mod tests;

pub use figures::{Figures, Month};
pub use link::Links;
pub use page::{Page, PageError, html};
pub use period::Period;
pub use row::{Drifted, Register, Row, Unmanaged};
pub use rows::{Around, register};
pub use sheet::csv;
