//! The words of records: what became of a change that was left open and of a notice, and what a
//! notice tells. On disk they are in small letters, with hyphens. Pure.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What became of a change that an earlier run left open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Settlement {
    /// The portal shows that it was made.
    Applied,
    /// It is done, and the portal cannot say by whom.
    AlreadySo,
    /// It was not made.
    NotApplied,
    /// Nobody knows.
    Unknown,
}

impl Settlement {
    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::AlreadySo => "already-so",
            Self::NotApplied => "not-applied",
            Self::Unknown => "unknown",
        }
    }

    /// Whether it says that the mailbox is as the request wants it.
    pub fn is_done(self) -> bool {
        matches!(self, Self::Applied | Self::AlreadySo)
    }
}

/// What became of a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DeliveryOutcome {
    /// A mail server took it.
    Sent,
    /// It was written to a file, to be printed.
    Printed,
    /// A mail server refused it for good.
    Refused,
    /// It was not given, and is tried again.
    Deferred,
    /// Nobody knows whether it arrived.
    Unknown,
}

impl DeliveryOutcome {
    /// Its word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Printed => "printed",
            Self::Refused => "refused",
            Self::Deferred => "deferred",
            Self::Unknown => "unknown",
        }
    }

    /// Whether the notice was given.
    pub fn is_given(self) -> bool {
        matches!(self, Self::Sent | Self::Printed)
    }
}

/// What a notice tells.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeKind {
    /// The request arrived and waits for its approval.
    Received,
    /// It is approved, and is carried out from its day on.
    Approved,
    /// It cannot be carried out now.
    Blocked,
    /// The archive is enabled.
    Enabled,
    /// The archive is terminated.
    Terminated,
    /// Another request was withdrawn.
    Withdrawn,
}

impl NoticeKind {
    /// Its word in records and outputs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Approved => "approved",
            Self::Blocked => "blocked",
            Self::Enabled => "enabled",
            Self::Terminated => "terminated",
            Self::Withdrawn => "withdrawn",
        }
    }
}
