//! The policy file as written, before it is checked. Pure.

use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::export_file::RawExport;
use super::upload_file::RawBulk;
use super::vocabulary::{RawAccountWords, RawHoldWords, RawStateWords};
use crate::yaml::strict_scalars::{
    Boolean, Optional, RawDocument, Text, WholeNumber, make_inlined_schema,
};

/// An agency's policy: its approvers, its domains, and how much one run may change.
#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "arkib policy")]
pub struct RawPolicy {
    /// The version of this format: 1.
    #[schemars(required, extend("const" = 1))]
    pub version: Optional<WholeNumber>,
    /// The agency's short name.
    #[schemars(required, length(min = 1, max = 40))]
    pub agency: Optional<Text>,
    /// The agency's full name.
    #[schemars(required, length(min = 1, max = 200))]
    pub name: Optional<Text>,
    /// The domains of the agency's mailboxes, such as [agensi.example].
    #[schemars(required, length(min = 1))]
    pub domains: Optional<Vec<Text>>,
    /// The addresses of the UC administrators who may approve requests.
    #[schemars(required, length(min = 1))]
    pub approvers: Optional<Vec<Text>>,
    /// The addresses of former approvers; their approvals remain valid.
    pub former_approvers: Optional<Vec<Text>>,
    /// The language of notices and the register: ms or en.
    #[schemars(extend("enum" = ["ms", "en"]))]
    pub language: Optional<Text>,
    /// Where the mailboxes are: embedded (the development portal), scim, or files (a portal that
    /// people operate, with exports and bulk-change files). Addresses and credentials come from the
    /// environment.
    #[schemars(required, extend("enum" = ["embedded", "scim", "files"]))]
    pub portal: Optional<Text>,
    /// The names and words of a SCIM portal that does not use arkib's own extension; `arkib portal
    /// inspect` prints a template.
    pub mapping: Optional<RawMapping>,
    /// How much one run may change before a person must accept it.
    pub limits: Optional<RawLimits>,
    /// Mailboxes that arkib never terminates.
    pub protected: Optional<Vec<Text>>,
    /// How many different approvers each action needs; 1 where nothing is said.
    pub approvals: Optional<RawRequiredApprovals>,
    /// What stands for this repository in every signed statement, so that no approval counts in another
    /// one: 16 to 64 letters, digits and hyphens, made once at random.
    #[schemars(regex(pattern = "^[0-9A-Za-z-]{16,64}$"))]
    pub repository: Optional<Text>,
    /// How an approval is verified: committed (arkib applies what is in the commit) or signed (each
    /// approver signs a statement; keys are in `allowed_signers`, certificates of authorities in
    /// `authorities.pem`).
    #[schemars(extend("enum" = ["committed", "signed"]))]
    pub provenance: Optional<Text>,
    /// For how many days the portal keeps a terminated archive; shown beside each termination.
    pub recoverable_days: Optional<WholeNumber>,
    /// The day on which the portal was set up anew, as YYYY-MM-DD: the dates and keys of its accounts up to
    /// that day say nothing of whether a request is about them.
    #[schemars(extend("format" = "date"))]
    pub portal_since: Optional<Text>,
    /// The notices of `arkib notify`; if left out, no notices are given.
    pub notices: Optional<RawNotices>,
    /// How the export of a portal operated by people is read.
    pub export: Optional<RawExport>,
    /// The file of changes that a portal operated by people takes.
    pub bulk: Optional<RawBulk>,
}

/// How many different approvers each action needs.
#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RawRequiredApprovals {
    /// To enable archives; 1 by default.
    #[schemars(range(min = 1, max = 20))]
    pub enable: Optional<WholeNumber>,
    /// To terminate archives; 1 by default.
    #[schemars(range(min = 1, max = 20))]
    pub terminate: Optional<WholeNumber>,
    /// To withdraw a request; 1 by default.
    #[schemars(range(min = 1, max = 20))]
    pub withdraw: Optional<WholeNumber>,
    /// The day from which on these numbers count, as YYYY-MM-DD: for a request whose approvals are all
    /// older, one is enough.
    #[schemars(extend("format" = "date"))]
    pub since: Optional<Text>,
}

/// The notices that inform users about their requests (procedure step 4).
#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RawNotices {
    /// No notices are given about requests received before this day, as YYYY-MM-DD.
    #[schemars(required, extend("format" = "date"))]
    pub since: Optional<Text>,
    /// The sender's address, which also receives replies.
    #[schemars(required, extend("format" = "email"))]
    pub from: Optional<Text>,
    /// The lines below the agency's name on a memo, letter or form: its address.
    #[schemars(length(max = 8))]
    pub letterhead: Optional<Vec<Text>>,
    /// Who signs: name and position, one per line.
    #[schemars(length(max = 4))]
    pub signatory: Optional<Vec<Text>>,
    /// The mottos above the signature, one per line; BERKHIDMAT UNTUK NEGARA by default, none with [].
    #[schemars(length(max = 4))]
    pub mottos: Optional<Vec<Text>>,
    /// Who gets a copy of a letter or memo (s.k.), one per line.
    #[schemars(length(max = 10))]
    pub copies: Optional<Vec<Text>>,
    /// Whether notices name a legal hold as the reason; false by default, because it can be part of an
    /// investigation.
    pub tell_holds: Optional<Boolean>,
    /// Where users can ask: a telephone number, a room, a web address.
    #[schemars(length(max = 200))]
    pub contact: Optional<Text>,
    /// The archive's add-on for Outlook, which users install themselves (procedure 4.1 step 5).
    pub addin: Optional<RawAddIn>,
    /// The most notices in one run before a person must accept them; 200 by default.
    pub limit: Optional<WholeNumber>,
}

/// The archive's add-on for Outlook.
#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RawAddIn {
    /// Where to download it: an address that begins with https://.
    #[schemars(required, length(max = 500))]
    pub link: Optional<Text>,
    /// Where its guide is: an address that begins with https://.
    #[schemars(length(max = 500))]
    pub guide: Optional<Text>,
}

/// How much one run may change.
#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RawLimits {
    /// The most terminations in one run; 10 by default.
    pub terminations: Optional<WholeNumber>,
    /// The most terminations in one run, as a percentage of the archives that requests keep; 5 by
    /// default.
    pub terminations_percent: Optional<WholeNumber>,
    /// The most changes in one run; 500 by default.
    pub changes: Optional<WholeNumber>,
}

/// The names and words of a SCIM portal that does not use arkib's own extension. `arkib portal
/// inspect` prints a template.
#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RawMapping {
    /// The URN of the extension whose attributes have plain names below. Other attributes are named in
    /// full, as URN:attribute; sub-attributes as attribute.part.
    pub schema: Optional<Text>,
    /// The attribute with an account's address: userName (the default), emails (the primary one, or the
    /// only one) or another attribute.
    pub mailbox: Optional<Text>,
    /// The archive's state.
    #[schemars(required)]
    pub state: Optional<RawArchiveStateMapping>,
    /// Whether the archive is on legal hold; if left out, no hold is known.
    pub hold: Optional<RawHoldMapping>,
    /// The account's state; if left out or empty, SCIM's core attribute `active` counts.
    pub account: Optional<RawAccountStateMapping>,
    /// The attribute with the id of the request that last changed the archive; if left out, the portal
    /// stores none.
    pub request: Optional<Text>,
    /// The attribute that says when the archive was last changed.
    pub changed_at: Optional<Text>,
    /// The attribute that says until when a terminated archive can be recovered.
    pub recoverable_until: Optional<Text>,
}

/// The archive's state.
#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "RawState")]
pub struct RawArchiveStateMapping {
    /// The attribute.
    #[schemars(required)]
    pub attribute: Optional<Text>,
    /// The JSON type of its words: string (the default), boolean or integer.
    #[serde(rename = "type")]
    #[schemars(extend("enum" = ["string", "boolean", "integer"]))]
    pub kind: Optional<Text>,
    /// The portal's words; not needed for a boolean that is true if there is an archive.
    pub values: Optional<RawStateWords>,
}

/// Whether the archive is on legal hold.
#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "RawHold")]
pub struct RawHoldMapping {
    /// The attribute.
    #[schemars(required)]
    pub attribute: Optional<Text>,
    /// The portal's words; true and false by default.
    pub values: Optional<RawHoldWords>,
}

/// The account's state.
#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "RawAccount")]
pub struct RawAccountStateMapping {
    /// The attribute.
    #[schemars(required)]
    pub attribute: Optional<Text>,
    /// The portal's words; true (active) and false by default.
    pub values: Optional<RawAccountWords>,
}

impl RawDocument for RawPolicy {
    fn inlined_schema() -> &'static Value {
        static SCHEMA: LazyLock<Value> = LazyLock::new(make_inlined_schema::<RawPolicy>);
        &SCHEMA
    }
}
