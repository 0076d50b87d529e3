//! Why a plan is refused: which limit, and by how much. Pure.

/// A limit that a plan exceeds.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    code: &'static str,
    message: String,
}

impl Refusal {
    /// The portal shows no mailbox at all.
    pub const PORTAL_EMPTY: &'static str = "portal-empty";
    /// The portal shows far fewer mailboxes than requests want archives for.
    pub const PORTAL_SHRUNKEN: &'static str = "portal-shrunken";
    /// The portal shows that most archives that were enabled no longer are.
    pub const ARCHIVES_GONE: &'static str = "archives-gone";

    pub(super) fn new(code: &'static str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { code, message }
    }

    /// The stable name in outputs.
    pub fn code(&self) -> &'static str {
        self.code
    }
}
