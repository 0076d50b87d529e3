//! The section `mapping` of a policy as it is written, before its meaning is checked. Pure.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::domain::policy::words::{AccountsDraft, HoldsDraft, StatesDraft};
use crate::yaml::draft::{Text, present};

/// What a portal that speaks SCIM, but not arkib's own extension, calls things. `arkib portal
/// inspect` writes this section.
#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MappingDraft {
    /// The URN of the extension whose attributes are named below by plain names. An attribute of
    /// elsewhere is named in full, as URN:attribute; a part of one as attribute.part.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Text")]
    pub schema: Option<Text>,
    /// Where an account's address is: userName (where nothing is said), emails (the primary one, or
    /// the only one) or another attribute.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Text")]
    pub mailbox: Option<Text>,
    /// The archive's state.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "StateDraft", required)]
    pub state: Option<StateDraft>,
    /// Whether a legal hold lies on the archive; without it nobody is known to be on hold.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "HoldDraft")]
    pub hold: Option<HoldDraft>,
    /// The account's state; without it, and where it is empty, `active` of SCIM's own user counts.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "AccountDraft")]
    pub account: Option<AccountDraft>,
    /// The attribute that holds the id of the request that last changed the archive; without it the
    /// portal holds none, and none is written.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Text")]
    pub request: Option<Text>,
    /// The attribute that says when the archive was last changed.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Text")]
    pub changed_at: Option<Text>,
    /// The attribute that says until when a terminated archive can be had back.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Text")]
    pub recoverable_until: Option<Text>,
}

/// The archive's state.
#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StateDraft {
    /// The attribute.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Text", required)]
    pub attribute: Option<Text>,
    /// How its words are written in JSON: string (where nothing is said), boolean or integer.
    #[serde(rename = "type", deserialize_with = "present")]
    #[schemars(with = "Text", extend("enum" = ["string", "boolean", "integer"]))]
    pub kind: Option<Text>,
    /// The portal's words; may be left out of a boolean, which is true where there is an archive.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "StatesDraft")]
    pub values: Option<StatesDraft>,
}

/// Whether a legal hold lies on the archive.
#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct HoldDraft {
    /// The attribute.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Text", required)]
    pub attribute: Option<Text>,
    /// The portal's words; without them true and false.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "HoldsDraft")]
    pub values: Option<HoldsDraft>,
}

/// The account's state.
#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AccountDraft {
    /// The attribute.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Text", required)]
    pub attribute: Option<Text>,
    /// The portal's words; without them true where the account is in use, and false.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "AccountsDraft")]
    pub values: Option<AccountsDraft>,
}
