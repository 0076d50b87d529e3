//! What a SCIM portal supports, what its schemas say, and what was counted among its users. The
//! client fills it in; `arkib portal inspect` prints it unchanged. Pure.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use crate::text::excerpt;

/// The most different values that are counted.
pub const MOST_COUNTED: usize = 1000;

/// The result of `arkib portal inspect`.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct PortalInspection {
    /// What the portal supports; null if it could not be asked.
    pub offers: Option<Capabilities>,
    /// Its resource types.
    pub resource_types: Vec<ResourceType>,
    /// How many users it has; null if it could not be asked.
    pub users: Option<usize>,
    /// The schemas of its users, with counts.
    pub schemas: Vec<Schema>,
    /// What arkib reads with each mapping: arkib's own extension, or the mappings of the policies.
    pub mappings: Vec<MappingTrialResult>,
    /// Whether the portal has arkib's own extension.
    #[serde(skip)]
    pub has_arkib_extension: bool,
}

/// What a portal supports (RFC 7643 section 5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "OffersOutput")]
pub struct Capabilities {
    /// Whether it has a ServiceProviderConfig.
    pub config: bool,
    /// Lookups by filter.
    pub filter: bool,
    /// Many changes in one request.
    pub bulk: Option<BulkLimits>,
    /// If-Match is supported.
    pub etag: bool,
    /// PATCH.
    pub patch: bool,
    /// Sorted lists.
    pub sort: bool,
    /// index or cursor.
    #[serde(rename = "paging", serialize_with = "serialize_paging")]
    #[schemars(with = "String")]
    pub cursor: bool,
    /// The most users in one page, if the portal says so.
    pub largest_page: Option<usize>,
    /// The authentication schemes.
    pub authentication: Vec<String>,
}

/// The limits of one bulk request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "BulkOutput")]
pub struct BulkLimits {
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
    /// Its attributes, also those that only users have and no schema lists.
    pub attributes: Vec<AttributeInfo>,
}

/// An attribute, or a sub-attribute as attribute.part.
#[derive(Debug, Default, Clone, Serialize, JsonSchema)]
#[schemars(rename = "AttributeOutput")]
pub struct AttributeInfo {
    /// Its name.
    pub name: String,
    /// Its type; null if the portal does not say.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Whether it is a list.
    pub multi_valued: bool,
    /// Who may read and write it; null if the portal does not say.
    pub mutability: Option<String>,
    /// The values that it accepts, if the portal lists them.
    pub canonical_values: Vec<String>,
    /// How many users have it.
    pub users: usize,
    /// For how many users it is an address.
    pub addresses: usize,
    /// For how many users it is a date.
    pub dates: usize,
    /// How many different values it has; null if there are more than 1000.
    pub different: Option<usize>,
    /// The words found in it; empty if its values may be personal data.
    pub words: Vec<WordCount>,
    /// When the portal returns it, if the portal says so.
    #[serde(skip)]
    pub returned: Option<String>,
    /// Whether it is case-sensitive.
    #[serde(skip)]
    pub case_exact: bool,
    /// Its sub-attributes.
    #[serde(skip)]
    pub parts: Vec<Self>,
}

/// A word that users have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "WordOutput")]
pub struct WordCount {
    /// The word.
    pub word: String,
    /// How many users have it.
    pub users: usize,
}

/// What arkib reads with a mapping.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[schemars(rename = "MappingOutput")]
pub struct MappingTrialResult {
    /// The agency of the policy; null for arkib's own extension.
    pub agency: Option<String>,
    /// How many mailboxes are in each state; unknown if the mapping does not have the word. Empty if
    /// the mapping does not fit, because a wrong name makes every archive look missing.
    pub states: BTreeMap<String, usize>,
    /// How many users have no address and therefore no mailbox.
    pub without_address: usize,
    /// What does not fit, one sentence each.
    #[serde(skip)]
    pub problems: Vec<String>,
    /// What fits but may not be what was meant.
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
pub fn paging_method_name(cursor: bool) -> &'static str {
    if cursor { "cursor" } else { "index" }
}

fn serialize_paging<S: Serializer>(cursor: &bool, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(paging_method_name(*cursor))
}

/// A portal's word in quotes for YAML, shortened and escaped.
pub fn quote_word(word: &str) -> String {
    let word = excerpt(word, 40).replace('\\', "\\\\");
    format!("\"{}\"", word.replace('"', "\\\""))
}

/// A number of users, as a text.
pub fn format_user_count(count: usize) -> String {
    match count {
        0 => "nobody".to_owned(),
        1 => "1 user".to_owned(),
        _ => format!("{count} users"),
    }
}
