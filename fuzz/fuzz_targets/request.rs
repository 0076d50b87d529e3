//! Hostile bytes for the reader of requests and policies. Seeds: every example, good and broken.
//!
//!     cargo +nightly fuzz run request fuzz/corpus/request requests examples/broken -- -max_len=4096
#![no_main]

#[path = "../reader_property.rs"]
mod reader_property;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| reader_property::holds(bytes));
