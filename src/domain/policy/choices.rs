//! The choices that a policy makes by a word: language, kind of portal, provenance of approvals. Pure.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Language of notices and the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Malay.
    Malay,
    /// English.
    English,
}

impl Language {
    /// Its word in the policy.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Malay => "ms",
            Self::English => "en",
        }
    }
}

/// The kinds of portal. Address and credentials come from the environment alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PortalKind {
    /// The development portal inside the process.
    Embedded,
    /// A real portal that speaks SCIM 2.0.
    Scim,
    /// A real portal that people operate, by its reports and bulk-change files.
    Files,
}

impl PortalKind {
    /// Its word in the policy.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Embedded => "embedded",
            Self::Scim => "scim",
            Self::Files => "files",
        }
    }

    /// Whether it is only for rehearsals; what is done to another has effects in the world.
    pub fn is_rehearsal(self) -> bool {
        self == Self::Embedded
    }
}

/// How an approval is verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provenance {
    /// By being committed: what is applied is what the commit holds.
    Committed,
    /// By the approver's own signature on the commit that brought the approval.
    Signed,
}

impl Provenance {
    /// Its word in the policy.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Committed => "committed",
            Self::Signed => "signed",
        }
    }
}

pub(crate) const LANGUAGES: [(&str, Language); 2] =
    [("ms", Language::Malay), ("en", Language::English)];

pub(crate) const PORTALS: [(&str, PortalKind); 3] = [
    ("embedded", PortalKind::Embedded),
    ("scim", PortalKind::Scim),
    ("files", PortalKind::Files),
];

pub(crate) const PROVENANCES: [(&str, Provenance); 2] = [
    ("committed", Provenance::Committed),
    ("signed", Provenance::Signed),
];
