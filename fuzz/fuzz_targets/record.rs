//! Hostile bytes for the reader of records, and changes to a good one.
//!
//!     cargo +nightly fuzz run record fuzz/corpus/record fuzz/seeds/record -- -max_len=4096
#![no_main]

#[path = "../edits.rs"]
mod edits;
#[path = "../record_property.rs"]
mod record_property;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| record_property::holds(bytes));
