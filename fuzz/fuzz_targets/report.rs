//! Hostile files for the reader of reports: texts, and workbooks.
//!
//!     cargo +nightly fuzz run report fuzz/corpus/report fuzz/seeds/report -- -max_len=16384
#![no_main]

#[path = "../report_property.rs"]
mod report_property;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| report_property::holds(bytes));
