//! How the changed values of a policy read. Pure.

use std::fmt::Display;

/// What changes, in words: a line a change.
#[derive(Debug, Default)]
pub struct Changes(pub Vec<String>);

impl Changes {
    pub(crate) fn say(&mut self, change: impl Into<String>) {
        self.0.push(change.into());
    }

    /// What a list gains and loses; its order says nothing.
    pub fn list<T: Display + PartialEq>(&mut self, key: &str, before: &[T], after: &[T]) {
        for added in after.iter().filter(|it| !before.contains(it)) {
            self.0.push(format!("{key}: adds {added}"));
        }
        for gone in before.iter().filter(|it| !after.contains(it)) {
            self.0.push(format!("{key}: takes away {gone}"));
        }
    }

    pub(crate) fn value<T: Display + PartialEq>(&mut self, key: &str, before: T, after: T) {
        if before != after {
            self.0.push(format!("{key}: from {before} to {after}"));
        }
    }
}
