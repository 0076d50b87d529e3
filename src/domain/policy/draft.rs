//! The policy file as it is written, before its meaning is checked. Pure.

use schemars::JsonSchema;
use serde::Deserialize;

use super::bulk::BulkDraft;
use super::export::ExportDraft;
use super::words::{AccountsDraft, HoldsDraft, StatesDraft};
use crate::yaml::draft::{Draft, Optional, Text, WholeNumber};

/// An agency's policy: who may approve, which domains are its own, how much one run may change.
#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "arkib policy")]
pub struct PolicyDraft {
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
    /// The addresses of those who approved once and do so no longer; what they approved stays so.
    pub former_approvers: Optional<Vec<Text>>,
    /// The language of notices and the register: ms or en.
    #[schemars(extend("enum" = ["ms", "en"]))]
    pub language: Optional<Text>,
    /// Where the mailboxes are: embedded (the development portal), scim, or files (a portal that
    /// people operate, by its exports and bulk-change files). Addresses and credentials come from
    /// the environment.
    #[schemars(required, extend("enum" = ["embedded", "scim", "files"]))]
    pub portal: Optional<Text>,
    /// What a portal that speaks SCIM, but not arkib's own extension, calls things; `arkib portal
    /// inspect` prints a template of it.
    pub mapping: Optional<MappingDraft>,
    /// How much one run may change before a person must accept it.
    pub limits: Optional<LimitsDraft>,
    /// Mailboxes that arkib never terminates.
    pub protected: Optional<Vec<Text>>,
    /// How an approval is verified: committed (what is applied is what the commit holds) or signed
    /// (the approver signed the commit that brought it; SSH keys are named in `allowed_signers`).
    #[schemars(extend("enum" = ["committed", "signed"]))]
    pub provenance: Optional<Text>,
    /// For how many days the portal keeps a terminated archive; shown beside each termination.
    pub recoverable_days: Optional<WholeNumber>,
    /// The notices of `arkib notify`; without this none are given.
    pub notices: Optional<NoticesDraft>,
    /// How the export of a portal operated by people is read.
    pub export: Optional<ExportDraft>,
    /// The file of changes that a portal operated by people takes.
    pub bulk: Optional<BulkDraft>,
}

/// The notices with which users are told what became of their requests (procedure step 4).
#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NoticesDraft {
    /// Requests received before this day are not written about, as YYYY-MM-DD.
    #[schemars(required, extend("format" = "date"))]
    pub since: Optional<Text>,
    /// The address that messages come from, and that answers go to.
    #[schemars(required, extend("format" = "email"))]
    pub from: Optional<Text>,
    /// The lines below the agency's name on a memo, letter or form: its address.
    #[schemars(length(max = 8))]
    pub letterhead: Optional<Vec<Text>>,
    /// Who signs: name and position, one a line.
    #[schemars(length(max = 4))]
    pub signatory: Optional<Vec<Text>>,
    /// Where users can ask: a telephone number, a room, a web address.
    #[schemars(length(max = 200))]
    pub contact: Optional<Text>,
    /// The archive's add-on for Outlook, which users install themselves (procedure 4.1 step 5).
    pub addin: Optional<AddInDraft>,
    /// The most notices in one run before a person must accept them; 200 where nothing is said.
    pub limit: Optional<WholeNumber>,
}

/// The archive's add-on for Outlook.
#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AddInDraft {
    /// Where it is had: an address that begins with https://.
    #[schemars(required, length(max = 500))]
    pub link: Optional<Text>,
    /// Where its guide is: an address that begins with https://.
    #[schemars(length(max = 500))]
    pub guide: Optional<Text>,
}

/// How much one run may change.
#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsDraft {
    /// The most terminations in one run; 10 where nothing is said.
    pub terminations: Optional<WholeNumber>,
    /// The most terminations in one run, as a percentage of the archives that requests keep; 5
    /// where nothing is said.
    pub terminations_percent: Optional<WholeNumber>,
    /// The most changes in one run; 500 where nothing is said.
    pub changes: Optional<WholeNumber>,
}

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

impl Draft for PolicyDraft {}
