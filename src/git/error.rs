//! Errors of git, with what to do.

use crate::language::Message;

/// Why git gives no answer about a folder, and what the user can do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct GitError {
    why: String,
    pub(super) help: Message,
    /// Whether git itself refused.
    pub(super) is_no: bool,
}

impl GitError {
    /// A refusal of arkib, with what to do.
    pub fn new(why: impl Into<String>, help: &'static str) -> Self {
        Self { why: why.into(), help: Message::verbatim(help), is_no: false }
    }

    /// git refused, in its own words.
    pub(super) fn from_git(words: impl std::fmt::Display) -> Self {
        Self {
            is_no: true,
            ..Self::new(
                format!("git says: {words}"),
                "run arkib in a git work tree; if git reports dubious ownership, add the folder to safe.directory",
            )
        }
    }

    /// Whether git itself refused, in its own words.
    pub fn is_from_git(&self) -> bool {
        self.is_no
    }

    /// What the user can do.
    pub fn help(&self) -> Message {
        self.help.clone()
    }
}
