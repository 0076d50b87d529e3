//! Hostile bytes for the reader of kept plans, and changes to a good one.
//!
//!     cargo +nightly fuzz run plan fuzz/corpus/plan fuzz/seeds/plan -- -max_len=4096
#![no_main]

#[path = "../edits.rs"]
mod edits;
#[path = "../plan_property.rs"]
mod plan_property;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| plan_property::holds(bytes));
