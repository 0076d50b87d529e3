//! Why a plan is refused: which limit, and by how much. Pure.

use std::fmt;

use crate::language::Message;

/// A limit that a plan exceeds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    code: &'static str,
    numbers: Vec<u64>,
    message: Message,
}

impl Refusal {
    /// The portal shows no mailbox at all.
    pub const PORTAL_EMPTY: &'static str = "portal-empty";
    /// The portal shows far fewer mailboxes than requests want archives for.
    pub const PORTAL_SHRUNKEN: &'static str = "portal-shrunken";
    /// The portal shows that many changes that were made are undone.
    pub const CHANGES_UNDONE: &'static str = "changes-undone";
    /// More than a few accounts are others than those that requests are about.
    pub const PORTAL_NEW: &'static str = "portal-new";
    /// The names of refusals because the portal seems to have lost something.
    pub(super) const SIGNS_OF_LOSS: [&'static str; 4] =
        [Self::PORTAL_EMPTY, Self::PORTAL_SHRUNKEN, Self::PORTAL_NEW, Self::CHANGES_UNDONE];

    pub(super) fn new(code: &'static str, numbers: &[u64], message: impl Into<Message>) -> Self {
        Self { code, numbers: numbers.to_vec(), message: message.into() }
    }

    /// The limit, and by how much the plan exceeds it, for people.
    pub fn describe(&self) -> &Message {
        &self.message
    }

    /// The numbers in the message. A digest has them and the name, never the text.
    pub(super) fn numbers(&self) -> &[u64] {
        &self.numbers
    }

    /// Whether the portal seems to have lost mailboxes or archives. No saved plan may exceed such a
    /// limit: a person accepts it only while looking at the portal.
    pub fn is_sign_of_loss(&self) -> bool {
        Self::SIGNS_OF_LOSS.contains(&self.code)
    }

    /// The stable name in outputs.
    pub fn code(&self) -> &'static str {
        self.code
    }
}

impl fmt::Display for Refusal {
    /// For programs and saved plans.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message.in_english())
    }
}
