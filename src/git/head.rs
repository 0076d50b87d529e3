//! A commit, and how people know it.

use crate::text::excerpt;

/// The commit that a folder is checked out at, or that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The commit's full name.
    pub commit: String,
    /// Its short name.
    pub short: String,
    /// The branch, or the name it was asked for by.
    pub branch: Option<String>,
}

impl Head {
    /// The name it was asked for by and the commit, in words: "main (4f2c9e1)".
    pub(super) fn name(&self) -> String {
        let branch = self.branch.as_deref().unwrap_or("HEAD");
        format!("{} ({})", excerpt(branch, 80), self.short)
    }
}
