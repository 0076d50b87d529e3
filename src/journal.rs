//! The records of runs (procedure section 6): what each run was about to do, and what became of
//! it. One file a run, one JSON object a line; every line carries the hash of the one before, and
//! a run's first line those of the runs before it, so that what is missing or changed shows.
//!
//! What they say is read in `domain/record`; [`read_records`] reads files, [`append`] writes one.

pub mod append;
pub mod lock;
pub mod read_records;
mod record_file;
