//! How a changed value of a policy reads. Pure.

use std::fmt::Display;

/// What a list gains and loses; its order says nothing.
pub fn list<T: Display + PartialEq>(key: &str, before: &[T], after: &[T], words: &mut Vec<String>) {
    for added in after.iter().filter(|it| !before.contains(it)) {
        words.push(format!("{key}: adds {added}"));
    }
    for gone in before.iter().filter(|it| !after.contains(it)) {
        words.push(format!("{key}: takes away {gone}"));
    }
}

pub(crate) fn value<T: Display + PartialEq>(
    key: &str,
    before: T,
    after: T,
    words: &mut Vec<String>,
) {
    if before != after {
        words.push(format!("{key}: from {before} to {after}"));
    }
}
