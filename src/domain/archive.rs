//! The states of an archive and of the account that it belongs to, and what an archive is to be.
//! The words of the whole project for them. Pure.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What an archive is to be. Records and kept plans have the word for bringing it about.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
pub enum Target {
    /// Procedure 4.1.
    #[serde(rename = "enable")]
    Enabled,
    /// Procedure 4.2.
    #[serde(rename = "terminate")]
    Terminated,
}

impl Target {
    /// The state's word, as the portal and the diff have it.
    pub fn state(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::Terminated => "terminated",
        }
    }

    /// The word for bringing it about, as request files and outputs have it.
    pub fn verb(self) -> &'static str {
        match self {
            Self::Enabled => "enable",
            Self::Terminated => "terminate",
        }
    }

    /// Whether an archive in that state is as it is to be: also *terminated* by one that is disabled.
    pub fn is_met_by(self, state: &State) -> bool {
        match self {
            Self::Enabled => *state == State::Enabled,
            Self::Terminated => state.is_absent(),
        }
    }
}

/// In place of a word; no portal's word, whatever it says, makes arkib do more.
pub(crate) const NOT_REPORTED: &str = "(not said)";

/// The state of an archive in the portal (extension attribute `state`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// There is no archive. Also where the portal says nothing of one.
    Disabled,
    /// The portal is still creating it.
    Enabling,
    /// There is an archive.
    Enabled,
    /// The portal is still removing it.
    Terminating,
    /// Removed; until `recoverable_until` it can be had back.
    Terminated,
    /// A state that arkib does not know; such a mailbox is never changed.
    Unknown(Box<str>),
}

impl State {
    /// What nobody said: of a mailbox by itself some portals say less than in a list.
    pub fn not_reported() -> Self {
        Self::Unknown(NOT_REPORTED.into())
    }

    /// Whether nobody said what it is.
    pub fn is_not_reported(&self) -> bool {
        matches!(self, Self::Unknown(word) if &**word == NOT_REPORTED)
    }

    /// Whether there is no archive, as far as this is known.
    pub fn is_absent(&self) -> bool {
        matches!(self, Self::Disabled | Self::Terminated)
    }

    /// The word that the portal uses.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Disabled => "disabled",
            Self::Enabling => "enabling",
            Self::Enabled => "enabled",
            Self::Terminating => "terminating",
            Self::Terminated => "terminated",
            Self::Unknown(word) => word,
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The state of the user's account in the portal (extension attribute `account`, else core `active`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Account {
    /// In use.
    Active,
    /// Switched off.
    Disabled,
    /// About to be deleted.
    RequestedToDelete,
    /// Gone; the portal only remembers it.
    Deleted,
    /// A word that arkib does not know; such a mailbox is never changed.
    Unknown(Box<str>),
}

impl Account {
    /// The word that the portal uses.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Active => "active",
            Self::Disabled => "disabled",
            Self::RequestedToDelete => "requested-to-delete",
            Self::Deleted => "deleted",
            Self::Unknown(word) => word,
        }
    }
}
