//! The states of an archive and its account, and the desired state of an archive. Pure.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::language::{Message, Value};

/// The desired state of an archive. Records and saved plans use the verb (`enable`, `terminate`).
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
    /// The word for the state, as in the portal and the diff.
    pub fn state_word(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::Terminated => "terminated",
        }
    }

    /// The verb, as in request files and outputs.
    pub fn verb(self) -> &'static str {
        match self {
            Self::Enabled => "enable",
            Self::Terminated => "terminate",
        }
    }

    /// Whether an archive in that state meets the target. A disabled archive meets *terminated*.
    pub fn is_met_by(self, state: &State) -> bool {
        match self {
            Self::Enabled => *state == State::Enabled,
            Self::Terminated => state.is_absent(),
        }
    }
}

/// Stands for a missing word. A portal that sends this very word gains nothing by it.
pub(crate) const NOT_REPORTED: &str = "(not said)";

/// The state of an archive in the portal (extension attribute `state`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// There is no archive, or the portal does not mention one.
    Disabled,
    /// The portal is still creating it.
    Enabling,
    /// There is an archive.
    Enabled,
    /// The portal is still removing it.
    Terminating,
    /// Removed; it can be recovered until `recoverable_until`.
    Terminated,
    /// A state that arkib does not know; such a mailbox is never changed.
    Unknown(Box<str>),
}

impl State {
    /// The portal did not report the state: some report less about one mailbox than in a list.
    pub fn not_reported() -> Self {
        Self::Unknown(NOT_REPORTED.into())
    }

    /// Whether the portal did not report the state.
    pub fn is_not_reported(&self) -> bool {
        matches!(self, Self::Unknown(word) if &**word == NOT_REPORTED)
    }

    /// Whether it is known that there is no archive.
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

impl From<&State> for Value {
    fn from(state: &State) -> Self {
        Message::from_word(state.as_str()).into()
    }
}

/// The state of the user's account in the portal (extension attribute `account`, else core `active`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountState {
    /// In use.
    Active,
    /// Switched off.
    Disabled,
    /// About to be deleted.
    RequestedToDelete,
    /// Deleted; the portal only remembers it.
    Deleted,
    /// A word that arkib does not know; such a mailbox is never changed.
    Unknown(Box<str>),
}

impl AccountState {
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
