//! The policy file as it is written, before its meaning is checked. Pure.

use schemars::JsonSchema;
use serde::Deserialize;

use super::bulk::BulkDraft;
use super::mapping_draft::MappingDraft;
use super::report::ReportDraft;
use crate::yaml::draft::{Draft, Text, Whole, present};

/// An agency's policy: who may approve, which domains are its own, how much one run may change.
#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "arkib policy")]
pub struct PolicyDraft {
    /// The version of this format: 1.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Whole", required, extend("const" = 1))]
    pub version: Option<Whole>,
    /// The agency's short name.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Text", required, length(min = 1, max = 40))]
    pub agency: Option<Text>,
    /// The agency's full name.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Text", required, length(min = 1, max = 200))]
    pub name: Option<Text>,
    /// The domains of the agency's mailboxes, such as [agensi.example].
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Vec<Text>", required, length(min = 1))]
    pub domains: Option<Vec<Text>>,
    /// The addresses of the UC administrators who may approve requests.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Vec<Text>", required, length(min = 1))]
    pub approvers: Option<Vec<Text>>,
    /// The addresses of those who approved once and do so no longer; what they approved stays so.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Vec<Text>")]
    pub former_approvers: Option<Vec<Text>>,
    /// The language of notices and the register: ms or en.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Text", extend("enum" = ["ms", "en"]))]
    pub language: Option<Text>,
    /// Where the mailboxes are: embedded (the development portal), scim, or files (a portal that
    /// people operate, by its reports and bulk-change files). Addresses and credentials come from
    /// the environment.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Text", required, extend("enum" = ["embedded", "scim", "files"]))]
    pub portal: Option<Text>,
    /// What a portal that speaks SCIM, but not arkib's own extension, calls things; `arkib portal
    /// inspect` prints a template of it.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "MappingDraft")]
    pub mapping: Option<MappingDraft>,
    /// How much one run may change before a person must accept it.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "LimitsDraft")]
    pub limits: Option<LimitsDraft>,
    /// Mailboxes that arkib never terminates.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Vec<Text>")]
    pub protected: Option<Vec<Text>>,
    /// How an approval is verified: committed (what is applied is what the commit holds) or signed
    /// (the approver signed the commit that brought it; SSH keys are named in `allowed_signers`).
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Text", extend("enum" = ["committed", "signed"]))]
    pub provenance: Option<Text>,
    /// For how many days the portal keeps a terminated archive; shown beside each termination.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Whole")]
    pub recoverable_days: Option<Whole>,
    /// The notices of `arkib notify`; without this none are given.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "NoticesDraft")]
    pub notices: Option<NoticesDraft>,
    /// How the report of a portal operated by people is read.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "ReportDraft")]
    pub report: Option<ReportDraft>,
    /// The file of changes that a portal operated by people takes.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "BulkDraft")]
    pub bulk: Option<BulkDraft>,
}

/// The notices with which users are told what became of their requests (procedure step 4).
#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NoticesDraft {
    /// Requests received before this day are not written about, as YYYY-MM-DD.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Text", required, extend("format" = "date"))]
    pub since: Option<Text>,
    /// The address that messages come from, and that answers go to.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Text", required, extend("format" = "email"))]
    pub from: Option<Text>,
    /// The lines below the agency's name on a memo, letter or form: its address.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Vec<Text>", length(max = 8))]
    pub letterhead: Option<Vec<Text>>,
    /// Who signs: name and position, one a line.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Vec<Text>", length(max = 4))]
    pub signatory: Option<Vec<Text>>,
    /// Where users can ask: a telephone number, a room, a web address.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Text", length(max = 200))]
    pub contact: Option<Text>,
    /// The archive's add-on for Outlook, which users install themselves (procedure 4.1 step 5).
    #[serde(deserialize_with = "present")]
    #[schemars(with = "AddInDraft")]
    pub addin: Option<AddInDraft>,
    /// The most notices in one run before a person must accept them; 200 where nothing is said.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Whole")]
    pub limit: Option<Whole>,
}

/// The archive's add-on for Outlook.
#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AddInDraft {
    /// Where it is had: an address that begins with https://.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Text", required, length(max = 500))]
    pub link: Option<Text>,
    /// Where its guide is: an address that begins with https://.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Text", length(max = 500))]
    pub guide: Option<Text>,
}

/// How much one run may change.
#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsDraft {
    /// The most terminations in one run; 10 where nothing is said.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Whole")]
    pub terminations: Option<Whole>,
    /// The most terminations in one run, as a percentage of the archives that requests keep; 5
    /// where nothing is said.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Whole")]
    pub terminations_percent: Option<Whole>,
    /// The most changes in one run; 500 where nothing is said.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Whole")]
    pub changes: Option<Whole>,
}

impl Draft for PolicyDraft {}
