//! Changes of signed requests and keys.
//!
//!     cargo +nightly fuzz run approval -- -max_len=64
#![no_main]

#[path = "../approval_property.rs"]
mod approval_property;
#[path = "../edits.rs"]
mod edits;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let [number, script @ ..] = bytes else { return };
    let number = usize::from(*number);
    approval_property::holds_for_text(number, script);
    approval_property::holds_for_signatures(number, script);
    approval_property::holds_for_keys(number, script);
});
