//! Hostile files for the reader of exports: texts, and workbooks.
//!
//!     cargo +nightly fuzz run export fuzz/corpus/export fuzz/seeds/export -- -max_len=16384
#![no_main]

#[path = "../export_property.rs"]
mod export_property;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| export_property::holds(bytes));
