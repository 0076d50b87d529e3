//! The section `mapping` of a policy as it is written, before its meaning is checked. Pure.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::domain::policy::words::{AccountsDraft, HoldsDraft, StatesDraft};
use crate::yaml::draft::{Optional, Text};

/// What a portal that speaks SCIM, but not arkib's own extension, calls things. `arkib portal
/// inspect` prints a template of it.
#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MappingDraft {
    /// The URN of the extension whose attributes are named below by plain names. An attribute of
    /// elsewhere is named in full, as URN:attribute; a part of one as attribute.part.
    pub schema: Optional<Text>,
    /// Where an account's address is: userName (where nothing is said), emails (the primary one, or
    /// the only one) or another attribute.
    pub mailbox: Optional<Text>,
    /// The archive's state.
    #[schemars(required)]
    pub state: Optional<StateDraft>,
    /// Whether a legal hold lies on the archive; without it nobody is known to be on hold.
    pub hold: Optional<HoldDraft>,
    /// The account's state; without it, and where it is empty, `active` of SCIM's own user counts.
    pub account: Optional<AccountDraft>,
    /// The attribute that holds the id of the request that last changed the archive; without it the
    /// portal holds none, and none is written.
    pub request: Optional<Text>,
    /// The attribute that says when the archive was last changed.
    pub changed_at: Optional<Text>,
    /// The attribute that says until when a terminated archive can be had back.
    pub recoverable_until: Optional<Text>,
}

/// The archive's state.
#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StateDraft {
    /// The attribute.
    #[schemars(required)]
    pub attribute: Optional<Text>,
    /// How its words are written in JSON: string (where nothing is said), boolean or integer.
    #[serde(rename = "type")]
    #[schemars(extend("enum" = ["string", "boolean", "integer"]))]
    pub kind: Optional<Text>,
    /// The portal's words; may be left out of a boolean, which is true where there is an archive.
    pub values: Optional<StatesDraft>,
}

/// Whether a legal hold lies on the archive.
#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct HoldDraft {
    /// The attribute.
    #[schemars(required)]
    pub attribute: Optional<Text>,
    /// The portal's words; without them true and false.
    pub values: Optional<HoldsDraft>,
}

/// The account's state.
#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AccountDraft {
    /// The attribute.
    #[schemars(required)]
    pub attribute: Optional<Text>,
    /// The portal's words; without them true where the account is in use, and false.
    pub values: Optional<AccountsDraft>,
}
