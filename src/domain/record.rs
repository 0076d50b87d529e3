//! The records of runs (procedure section 6): what they say, whether they are whole, what they
//! leave open. Pure; reading and writing them is done by [`crate::journal`].

pub mod chain;
pub mod entry;
pub mod history;
pub mod open;
pub mod words;

/// The ending of a record's name.
pub const ENDING: &str = ".jsonl";
