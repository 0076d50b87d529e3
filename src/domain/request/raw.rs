//! A request file as written, before it is checked. `arkib schema request` prints its JSON Schema,
//! which the exact reader uses, too. Pure.

use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use crate::yaml::strict_scalars::{Optional, RawDocument, Text, WholeNumber, make_inlined_schema};

/// A request to enable or terminate the archives of mailboxes, or to withdraw such a request.
#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(title = "arkib request")]
pub struct RawRequest {
    /// The version of this format: 1.
    #[schemars(required, extend("const" = 1))]
    pub version: Optional<WholeNumber>,
    /// The id of the request, which is also the name of the file without `.yaml`.
    #[schemars(required, regex(pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"))]
    pub id: Optional<Text>,
    /// The action: enable, terminate or withdraw.
    #[schemars(required, extend("enum" = ["enable", "terminate", "withdraw"]))]
    pub action: Optional<Text>,
    /// The mailboxes, one `- address` per line, 1 to 10,000; not for withdraw.
    #[schemars(length(min = 1, max = 10000))]
    pub mailboxes: Optional<Vec<Text>>,
    /// The id of the request that is withdrawn; only for withdraw.
    pub withdraws: Optional<Text>,
    /// How the request arrived: date, channel and reference, and `from` if the applicant is known.
    #[schemars(required)]
    pub received: Optional<RawReceived>,
    /// The approvals, each by another approver: by, date, and signature where the policy asks for it. With
    /// fewer than the policy asks for, the request is pending and never applied.
    #[schemars(length(min = 1, max = 20))]
    pub approvals: Optional<Vec<RawApproval>>,
    /// The earliest day to carry it out, as YYYY-MM-DD.
    #[schemars(extend("format" = "date"))]
    pub effective: Optional<Text>,
    /// Why, in a sentence or two.
    #[schemars(length(max = 2000))]
    pub reason: Optional<Text>,
    /// The documents filed with the request, such as the scanned letter; each has file, sha256 and size.
    #[schemars(length(min = 1, max = 20))]
    pub evidence: Optional<Vec<RawEvidence>>,
}

/// How a request arrived (procedure step 1).
#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RawReceived {
    /// The day of receipt, as YYYY-MM-DD.
    #[schemars(required, extend("format" = "date"))]
    pub date: Optional<Text>,
    /// The channel: email, memo, letter or form.
    #[schemars(required, extend("enum" = ["email", "memo", "letter", "form"]))]
    pub channel: Optional<Text>,
    /// The reference under which the document is filed; put a number in quotes.
    #[schemars(required, length(min = 1, max = 200))]
    pub reference: Optional<Text>,
    /// The applicant's address.
    #[schemars(extend("format" = "email"))]
    pub from: Optional<Text>,
    /// Whom an answer on paper is addressed to, where the portal does not say it: the applicant's name,
    /// and below it, a line each, post, office and address.
    #[schemars(length(min = 1, max = 400))]
    pub name: Optional<Text>,
    /// The agency's own file and enclosure, under which the answer is kept (Ruj. Kami).
    #[schemars(length(min = 1, max = 200))]
    pub file: Optional<Text>,
}

/// An approval by one of the agency's UC administrators (procedure step 2).
#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RawApproval {
    /// The approver's address, one of the policy's approvers.
    #[schemars(required, extend("format" = "email"))]
    pub by: Optional<Text>,
    /// The day of the approval, as YYYY-MM-DD.
    #[schemars(required, extend("format" = "date"))]
    pub date: Optional<Text>,
    /// The signature over the approval's statement, as `arkib approve` writes it.
    #[schemars(length(max = 65536))]
    pub signature: Optional<Text>,
}

/// A document filed with a request (procedure section 6).
#[derive(Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RawEvidence {
    /// The file, beside the request or below its folder, with forward slashes.
    #[schemars(required)]
    pub file: Optional<Text>,
    /// The SHA-256 of the file, 64 hexadecimal digits.
    #[schemars(required, regex(pattern = "^[0-9A-Fa-f]{64}$"))]
    pub sha256: Optional<Text>,
    /// The size of the file in bytes, 1 to 104857600 (100 MiB).
    #[schemars(required, range(min = 1, max = 104_857_600))]
    pub size: Optional<WholeNumber>,
}

impl RawDocument for RawRequest {
    fn inlined_schema() -> &'static Value {
        static SCHEMA: LazyLock<Value> = LazyLock::new(make_inlined_schema::<RawRequest>);
        &SCHEMA
    }
}
