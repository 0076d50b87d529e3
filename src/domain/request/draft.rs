//! A request file as it is written, before its meaning is checked. Its JSON Schema is what
//! `arkib schema request` prints and what the exact reader walks. Pure.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::yaml::draft::{Draft, Text, Whole, present};

/// A request to enable or terminate the archives of mailboxes, or to withdraw such a request.
#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "arkib request")]
pub struct RequestDraft {
    /// The version of this format: 1.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Whole", required, extend("const" = 1))]
    pub version: Option<Whole>,
    /// The id of the request, which is also the name of the file without `.yaml`.
    #[serde(deserialize_with = "present")]
    #[schemars(
        with = "Text",
        required,
        regex(pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")
    )]
    pub id: Option<Text>,
    /// What is asked for: enable, terminate or withdraw.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Text", required, extend("enum" = ["enable", "terminate", "withdraw"]))]
    pub action: Option<Text>,
    /// The mailboxes, one a line as `- address`, one to ten thousand; not for withdraw.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Vec<Text>", length(min = 1, max = 10000))]
    pub mailboxes: Option<Vec<Text>>,
    /// The id of the request that is withdrawn; for withdraw only.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Text")]
    pub withdraws: Option<Text>,
    /// How the request arrived: date, channel, reference, and from where the applicant is known.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "ReceivedDraft", required)]
    pub received: Option<ReceivedDraft>,
    /// The approval: by and date. Without it the request is pending and never applied.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "ApprovalDraft")]
    pub approval: Option<ApprovalDraft>,
    /// Not before this day, as YYYY-MM-DD.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Text", extend("format" = "date"))]
    pub effective: Option<Text>,
    /// Why, in a sentence or two.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Text", length(max = 2000))]
    pub reason: Option<Text>,
    /// The documents filed with the request, such as the scanned letter, each with file, sha256 and size.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Vec<EvidenceDraft>", length(min = 1, max = 20))]
    pub evidence: Option<Vec<EvidenceDraft>>,
}

/// How a request arrived (procedure step 1).
#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ReceivedDraft {
    /// The day of receipt, as YYYY-MM-DD.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Text", required, extend("format" = "date"))]
    pub date: Option<Text>,
    /// The way it came: email, memo, letter or form.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Text", required, extend("enum" = ["email", "memo", "letter", "form"]))]
    pub channel: Option<Text>,
    /// The reference under which the document is filed, in quotes if it is a number.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Text", required, length(min = 1, max = 200))]
    pub reference: Option<Text>,
    /// The applicant's address.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Text", extend("format" = "email"))]
    pub from: Option<Text>,
}

/// The approval of the agency's UC administrator (procedure step 2).
#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ApprovalDraft {
    /// The approver's address, one of the policy's approvers.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Text", required, extend("format" = "email"))]
    pub by: Option<Text>,
    /// The day of the approval, as YYYY-MM-DD.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Text", required, extend("format" = "date"))]
    pub date: Option<Text>,
}

/// A document filed with a request (procedure section 6).
#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EvidenceDraft {
    /// The file, beside the request or below its folder, with forward slashes.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Text", required)]
    pub file: Option<Text>,
    /// The SHA-256 of the file, 64 hexadecimal digits.
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Text", required, regex(pattern = "^[0-9A-Fa-f]{64}$"))]
    pub sha256: Option<Text>,
    /// The size of the file in bytes, 1 to 104857600 (100 MiB).
    #[serde(deserialize_with = "present")]
    #[schemars(with = "Whole", required, range(min = 1, max = 104_857_600))]
    pub size: Option<Whole>,
}

impl Draft for RequestDraft {}
