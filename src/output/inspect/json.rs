//! What `arkib portal inspect` says, for programs. Knows no portal.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::mapping::folded;
use crate::output::json::ExitOutput;
use crate::portal::scim::MOST_COUNTED;
use crate::text::excerpt;

/// The version of the output.
pub const FORMAT: &str = "arkib.inspect/1";

/// The most words that a portal lists and nobody has, of one attribute, that people are shown.
const MOST_LISTED: usize = 20;

/// The output of `arkib portal inspect --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "arkib portal inspect output")]
pub struct InspectOutput {
    /// `arkib.inspect/1`.
    pub format: &'static str,
    /// The portal's host; null where the environment does not say.
    pub host: Option<String>,
    /// What it offers; null where it could not be asked.
    pub offers: Option<OffersOutput>,
    /// Its kinds of resources.
    pub resource_types: Vec<ResourceTypeOutput>,
    /// How many users it has; null where it could not be asked.
    pub users: Option<usize>,
    /// The schemas of its users, and what its users have.
    pub schemas: Vec<SchemaOutput>,
    /// What arkib reads by each mapping: that of arkib's own extension, or those of the policies.
    pub mappings: Vec<MappingOutput>,
    /// What does not fit.
    pub problems: Vec<String>,
    /// What fits, and may be otherwise than meant.
    pub doubts: Vec<String>,
    /// `portal` and `mapping` for the policy, as YAML to fill in; null where there is a mapping.
    pub template: Option<String>,
    /// How the run ended.
    pub exit: ExitOutput,
}

/// What a portal offers (RFC 7643 section 5).
#[derive(Debug, Serialize, JsonSchema)]
pub struct OffersOutput {
    /// Whether it has a ServiceProviderConfig at all.
    pub config: bool,
    /// Lookups by filter.
    pub filter: bool,
    /// Many changes in one request.
    pub bulk: Option<BulkOutput>,
    /// If-Match is honoured.
    pub etag: bool,
    /// PATCH.
    pub patch: bool,
    /// Lists in an order.
    pub sort: bool,
    /// index or cursor.
    pub paging: &'static str,
    /// The most users in one page, where it says.
    pub largest_page: Option<usize>,
    /// How those who call it say who they are.
    pub authentication: Vec<String>,
}

/// The limits of one bulk request.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BulkOutput {
    /// The most operations.
    pub operations: usize,
    /// The most bytes.
    pub bytes: usize,
}

/// A kind of resource.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ResourceTypeOutput {
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
#[derive(Debug, Serialize, JsonSchema)]
pub struct SchemaOutput {
    /// Its URN.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// Its attributes, also those that users have and the portal does not list.
    pub attributes: Vec<AttributeOutput>,
}

/// An attribute, or a part of one as attribute.part.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AttributeOutput {
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
    pub words: Vec<WordOutput>,
}

/// A word that was seen.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WordOutput {
    /// The word.
    pub word: String,
    /// How many users have it.
    pub users: usize,
}

/// What arkib reads by a mapping.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MappingOutput {
    /// The agency of the policy; null for arkib's own extension.
    pub agency: Option<String>,
    /// How many mailboxes are in each state; unknown where the mapping has no such word. Empty where
    /// the mapping does not fit: with a wrong name every archive looks as if it were not there.
    pub states: BTreeMap<String, usize>,
    /// How many users have no address, and are no mailboxes.
    pub without_address: usize,
}

impl InspectOutput {
    /// Of a run of which nothing is known yet but how it ended.
    pub fn ended(host: Option<String>, exit: ExitOutput) -> Self {
        Self {
            format: FORMAT,
            host,
            offers: None,
            resource_types: Vec::new(),
            users: None,
            schemas: Vec::new(),
            mappings: Vec::new(),
            problems: Vec::new(),
            doubts: Vec::new(),
            template: None,
            exit,
        }
    }
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

impl AttributeOutput {
    /// What users have in it: its words with how many users have each, those too that the portal lists
    /// and nobody has; else what kind of values they are. Empty where there is nothing to say.
    pub(super) fn values(&self) -> Vec<String> {
        let observed = self.words.iter().map(|word| (&word.word, word.users));
        let is_observed = |word: &String| {
            self.words
                .iter()
                .any(|known| folded(&known.word) == folded(word))
        };
        let listed = self
            .canonical_values
            .iter()
            .filter(|word| !is_observed(word));
        let words = observed.chain(listed.take(MOST_LISTED).map(|word| (word, 0)));
        let mut values: Vec<String> = words
            .map(|(word, users)| format!("{} {users}", quoted(word)))
            .collect();
        let shown: usize = self.words.iter().map(|word| word.users).sum();
        let others = self.users - shown.min(self.users);
        values.extend(match (others, self.different) {
            (0, _) => None,
            _ if self.multi_valued => Some("lists".to_owned()),
            _ if self.dates == self.users => Some("dates".to_owned()),
            _ if self.addresses == self.users => Some("addresses".to_owned()),
            _ if shown > 0 => Some(format!("{others} not shown")),
            // Lists that no schema tells of.
            (_, Some(0)) => Some("lists".to_owned()),
            (_, Some(1)) => Some("1 value".to_owned()),
            (_, Some(different)) => Some(format!("{different} different values")),
            (_, None) => Some(format!("more than {MOST_COUNTED} different values")),
        });
        if (1..self.users).contains(&self.addresses) {
            values.push(format!("{} addresses", self.addresses));
        }
        values
    }
}
