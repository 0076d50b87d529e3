//! What a portal that speaks SCIM offers, what its schemas say, and what was counted among its users:
//! filled in by the client, and the output of `arkib portal inspect` as it stands. Pure.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use crate::text::excerpt;

/// Different values are counted up to this.
pub const MOST_COUNTED: usize = 1000;

/// What `arkib portal inspect` found.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct Inspected {
    /// What it offers; null where it could not be asked.
    pub offers: Option<Capabilities>,
    /// Its kinds of resources.
    pub resource_types: Vec<ResourceType>,
    /// How many users it has; null where it could not be asked.
    pub users: Option<usize>,
    /// The schemas of its users, and what its users have.
    pub schemas: Vec<Schema>,
    /// What arkib reads by each mapping: that of arkib's own extension, or those of the policies.
    pub mappings: Vec<MappingCheck>,
    /// Whether the portal has arkib's own extension.
    #[serde(skip)]
    pub has_arkib_extension: bool,
}

/// What a portal offers (RFC 7643 section 5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "OffersOutput")]
pub struct Capabilities {
    /// Whether it has a ServiceProviderConfig at all.
    pub config: bool,
    /// Lookups by filter.
    pub filter: bool,
    /// Many changes in one request.
    pub bulk: Option<Bulk>,
    /// If-Match is honoured.
    pub etag: bool,
    /// PATCH.
    pub patch: bool,
    /// Lists in an order.
    pub sort: bool,
    /// index or cursor.
    #[serde(rename = "paging", serialize_with = "serialize_paging")]
    #[schemars(with = "String")]
    pub cursor: bool,
    /// The most users in one page, where it says.
    pub largest_page: Option<usize>,
    /// How those who call it say who they are.
    pub authentication: Vec<String>,
}

/// The limits of one bulk request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "BulkOutput")]
pub struct Bulk {
    /// The most operations.
    pub operations: usize,
    /// The most bytes.
    pub bytes: usize,
}

/// A kind of resource.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ResourceTypeOutput")]
pub struct ResourceType {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub endpoint: String,
    /// Its schema.
    pub schema: String,
    /// Its extensions.
    pub extensions: Vec<String>,
}

/// A schema of users.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[schemars(rename = "SchemaOutput")]
pub struct Schema {
    /// Its URN.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// Its attributes, also those that users have and the portal does not list.
    pub attributes: Vec<InspectedAttribute>,
}

/// An attribute, or a part of one as attribute.part.
#[derive(Debug, Default, Clone, Serialize, JsonSchema)]
#[schemars(rename = "AttributeOutput")]
pub struct InspectedAttribute {
    /// Its name.
    pub name: String,
    /// Its type; null where the portal does not say.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Whether it is a list.
    pub multi_valued: bool,
    /// Who may read and write it; null where the portal does not say.
    pub mutability: Option<String>,
    /// The words that it takes, where the portal lists them.
    pub canonical_values: Vec<String>,
    /// How many users have it.
    pub users: usize,
    /// Of how many it is an address.
    pub addresses: usize,
    /// Of how many it is a date.
    pub dates: usize,
    /// How many different values it has; null where there are more than 1000.
    pub different: Option<usize>,
    /// The words seen in it; empty where its values may be about persons.
    pub words: Vec<Word>,
    /// When it is given, where the portal says.
    #[serde(skip)]
    pub returned: Option<String>,
    /// Whether upper and lower case are told apart.
    #[serde(skip)]
    pub case_exact: bool,
    /// What it is made of.
    #[serde(skip)]
    pub parts: Vec<Self>,
}

/// A word that was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "WordOutput")]
pub struct Word {
    /// The word.
    pub word: String,
    /// How many users have it.
    pub users: usize,
}

/// What arkib reads by a mapping.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[schemars(rename = "MappingOutput")]
pub struct MappingCheck {
    /// The agency of the policy; null for arkib's own extension.
    pub agency: Option<String>,
    /// How many mailboxes are in each state; unknown where the mapping has no such word. Empty where
    /// the mapping does not fit: with a wrong name every archive looks as if it were not there.
    pub states: BTreeMap<String, usize>,
    /// How many users have no address, and are no mailboxes.
    pub without_address: usize,
    /// What does not fit, each a sentence.
    #[serde(skip)]
    pub problems: Vec<String>,
    /// What fits, and may be otherwise than meant.
    #[serde(skip)]
    pub warnings: Vec<String>,
}

/// What every SCIM server must do.
impl Default for Capabilities {
    fn default() -> Self {
        Self {
            config: false,
            filter: false,
            bulk: None,
            etag: false,
            patch: true,
            sort: false,
            cursor: false,
            largest_page: None,
            authentication: Vec::new(),
        }
    }
}

/// How lists come in pages: by index (RFC 7644 section 3.4.2.4) or cursor (RFC 9865).
pub fn paging(cursor: bool) -> &'static str {
    if cursor { "cursor" } else { "index" }
}

fn serialize_paging<S: Serializer>(cursor: &bool, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(paging(*cursor))
}

/// A portal's word in quotes, as YAML takes it, bounded and harmless.
pub fn quoted(word: &str) -> String {
    let word = excerpt(word, 40).replace('\\', "\\\\");
    format!("\"{}\"", word.replace('"', "\\\""))
}

/// So many users.
pub fn users(count: usize) -> String {
    match count {
        0 => "nobody".to_owned(),
        1 => "1 user".to_owned(),
        _ => format!("{count} users"),
    }
}
