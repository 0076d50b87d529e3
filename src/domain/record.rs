//! The records of runs (procedure section 6): their contents, whether they are intact, and what they
//! leave open. Pure; [`crate::journal`] reads and writes them.

pub mod chain;
pub mod entry;
pub mod enums;
pub mod history;
pub mod open_changes;
pub mod settlement;

/// The file extension of a record.
pub const ENDING: &str = ".jsonl";
