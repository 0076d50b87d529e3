//! Hostile answers of a portal: users, lists of them page by page, what it offers, refusals.
//!
//!     cargo +nightly fuzz run scim fuzz/corpus/scim fuzz/seeds/scim -- -max_len=4096
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| arkib::portal::scim::fuzz_property::check_answer_invariants(bytes));
