//! What a portal is and how arkib would work with it, for people and for programs.

use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::Serialize;

use super::json::ExitOutput;
use super::table::align;
use crate::portal::scim::{Guess, Inspected, Schema, Seen, Told};
use crate::text::{excerpt, visible};

/// The version of the output.
pub const FORMAT: &str = "arkib.inspect/1";

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
    /// The schemas of its users.
    pub schemas: Vec<SchemaOutput>,
    /// How many users it says there are.
    pub users: Option<usize>,
    /// How many of them were looked at.
    pub looked_at: usize,
    /// What is read by: own (arkib's extension), policy (its mapping) or guess; null where there is
    /// nothing to read by.
    pub by: Option<&'static str>,
    /// What arkib would use for what; empty where nothing was guessed.
    pub meanings: Vec<MeaningOutput>,
    /// How many of the mailboxes that were looked at are in each state by that, and in none that
    /// arkib knows.
    pub states: Vec<StateOutput>,
    /// What does not fit.
    pub problems: Vec<String>,
    /// What is missing or doubtful, and whom to ask.
    pub doubts: Vec<String>,
    /// `portal` and `mapping` for the policy, as YAML; null where none is needed.
    pub mapping: Option<String>,
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
    /// Its attributes; null where it does not say.
    pub attributes: Option<Vec<AttributeOutput>>,
}

/// An attribute, or a part of one as attribute.part.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AttributeOutput {
    /// Its name.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Whether it is a list.
    pub multi_valued: bool,
    /// Who may read and write it.
    pub mutability: Option<String>,
    /// The words that it takes, where the portal lists them.
    pub canonical_values: Vec<String>,
}

/// What arkib would use for one meaning.
#[derive(Debug, Serialize, JsonSchema)]
pub struct MeaningOutput {
    /// mailbox, state, hold, account, request, changed_at or recoverable_until.
    pub meaning: &'static str,
    /// The attribute; null where there is none.
    pub attribute: Option<String>,
    /// Whether little speaks against it.
    pub sure: bool,
    /// Why.
    pub why: String,
    /// The words that occur.
    pub words: Vec<WordOutput>,
}

/// A word that occurs.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WordOutput {
    /// The word.
    pub word: String,
    /// What it means; null where arkib does not know.
    pub means: Option<String>,
    /// How many of the users that were looked at have it.
    pub users: usize,
}

/// How many mailboxes are in a state.
#[derive(Debug, Serialize, JsonSchema)]
pub struct StateOutput {
    /// The state; unknown where arkib does not know the word.
    pub state: String,
    /// How many.
    pub mailboxes: usize,
}

impl InspectOutput {
    /// Of a run of which nothing is known yet but how it ended.
    pub fn ended(host: Option<String>, exit: ExitOutput) -> Self {
        Self {
            format: FORMAT,
            host,
            offers: None,
            resource_types: Vec::new(),
            schemas: Vec::new(),
            users: None,
            looked_at: 0,
            by: None,
            meanings: Vec::new(),
            states: Vec::new(),
            problems: Vec::new(),
            doubts: Vec::new(),
            mapping: None,
            exit,
        }
    }

    /// With what the portal says of itself.
    #[must_use]
    pub fn of(mut self, portal: &Inspected) -> Self {
        let offers = &portal.offers;
        let can = &offers.capabilities;
        self.offers = Some(OffersOutput {
            config: offers.has_config,
            filter: can.filter,
            bulk: can.bulk.map(|bulk| BulkOutput {
                operations: bulk.max_operations,
                bytes: bulk.max_payload,
            }),
            etag: can.etag,
            patch: can.patch,
            sort: offers.sort,
            paging: if can.cursor { "cursor" } else { "index" },
            largest_page: can.max_page,
            authentication: offers
                .authentication
                .iter()
                .map(|(kind, name)| match name.is_empty() {
                    true => kind.clone(),
                    false => format!("{kind} ({name})"),
                })
                .collect(),
        });
        self.resource_types = portal
            .types
            .iter()
            .map(|kind| ResourceTypeOutput {
                name: kind.name.clone(),
                endpoint: kind.endpoint.clone(),
                schema: kind.schema.clone(),
                extensions: kind.extensions.clone(),
            })
            .collect();
        self.schemas = portal.schemas().into_iter().map(schema).collect();
        self.users = portal.total;
        self.looked_at = portal.looked_at;
        self
    }

    /// With what arkib would use.
    pub fn guessed(&mut self, guess: &Guess) {
        self.meanings = guess
            .meanings
            .iter()
            .map(|meant| MeaningOutput {
                meaning: meant.meaning,
                attribute: meant.attribute.clone(),
                sure: meant.is_sure,
                why: meant.why.clone(),
                words: meant
                    .words
                    .iter()
                    .map(|(word, means, users)| WordOutput {
                        word: word.clone(),
                        means: means.clone(),
                        users: *users,
                    })
                    .collect(),
            })
            .collect();
        self.doubts.extend(guess.doubts.iter().cloned());
        self.mapping = Some(guess.section.clone());
    }

    /// With what is seen by a mapping.
    pub fn seen(&mut self, seen: &Seen) {
        let each = seen.states.iter();
        self.states = each
            .map(|(state, count)| StateOutput {
                state: state.clone(),
                mailboxes: *count,
            })
            .collect();
        self.problems.extend(seen.problems.iter().cloned());
    }
}

fn schema(schema: &Schema) -> SchemaOutput {
    SchemaOutput {
        id: schema.id.clone(),
        name: schema.name.clone(),
        attributes: schema.attributes.as_ref().map(|attributes| {
            let mut rows = Vec::new();
            for told in attributes {
                rows.push(attribute(told, told.name.clone()));
                rows.extend(
                    told.parts
                        .iter()
                        .map(|part| attribute(part, format!("{}.{}", told.name, part.name))),
                );
            }
            rows
        }),
    }
}

fn attribute(told: &Told, name: String) -> AttributeOutput {
    AttributeOutput {
        name,
        kind: told.kind.clone(),
        multi_valued: told.multi_valued,
        mutability: told.mutability.clone(),
        canonical_values: told.canonical.clone(),
    }
}

/// For people.
pub fn human(output: &InspectOutput) -> String {
    let mut text = String::new();
    let mut put = |block: String| {
        if !block.is_empty() {
            text.push_str(&block);
            text.push('\n');
        }
    };
    put(head(output));
    let schemas = output.schemas.iter().take(MOST_SCHEMAS);
    schemas.for_each(|it| put(attributes(it)));
    let more = output.schemas.len().saturating_sub(MOST_SCHEMAS);
    if more > 0 {
        put(format!(
            "And {more} more schemas (--format json lists them)\n"
        ));
    }
    put(meanings(output));
    put(listed("What does not fit", &output.problems));
    put(listed("Missing or doubtful", &output.doubts));
    if let Some(mapping) = &output.mapping {
        put(format!(
            "To paste into agency.yaml, in place of its line `portal: …`:\n\n{mapping}"
        ));
    }
    put(visible(output.exit.reason()).into_owned() + "\n");
    text
}

fn head(output: &InspectOutput) -> String {
    let mut rows = Vec::new();
    let mut row = |name: &str, said: String| rows.push([format!("  {name}"), said]);
    if let Some(offers) = &output.offers {
        row("offers", offered(offers));
        let schemes = match offers.authentication.is_empty() {
            true => "nothing said".to_owned(),
            false => excerpt(&offers.authentication.join(", "), 300),
        };
        row("signs in by", schemes);
    }
    for kind in &output.resource_types {
        let name = format!(
            "{} at {}",
            excerpt(&kind.name, 60),
            excerpt(&kind.endpoint, 60)
        );
        let extensions: Vec<String> = kind
            .extensions
            .iter()
            .take(20)
            .map(|it| excerpt(it, 200))
            .collect();
        row(
            "has",
            match extensions.is_empty() {
                true => name,
                false => format!("{name}, with {}", extensions.join(", ")),
            },
        );
    }
    if output.offers.is_some() {
        let total = output
            .users
            .map_or("an unknown number".to_owned(), |it| it.to_string());
        row(
            "users",
            format!("{total}, of which {} were looked at", output.looked_at),
        );
    }
    let host = output.host.as_deref().unwrap_or("(not known)");
    let mut text = format!("Portal {}\n", visible(host));
    for line in align(&rows) {
        text.push_str(&line);
        text.push('\n');
    }
    text
}

fn offered(offers: &OffersOutput) -> String {
    if !offers.config {
        return "nothing said (no ServiceProviderConfig): what every SCIM server must do"
            .to_owned();
    }
    let has = |is: bool, name: &str| {
        if is {
            name.to_owned()
        } else {
            format!("no {name}")
        }
    };
    let bulk = match &offers.bulk {
        Some(bulk) => format!(
            "bulk of {} changes or {} bytes",
            bulk.operations, bulk.bytes
        ),
        None => "no bulk".to_owned(),
    };
    let page = offers
        .largest_page
        .map_or(String::new(), |most| format!(" of {most} at most"));
    [
        has(offers.filter, "filter"),
        bulk,
        has(offers.etag, "etag"),
        has(offers.patch, "patch"),
        has(offers.sort, "sort"),
        format!("pages by {}{page}", offers.paging),
    ]
    .join(", ")
}

/// No user has more.
const MOST_SCHEMAS: usize = 30;
/// No schema that matters has more.
const MOST_ROWS: usize = 100;

fn attributes(schema: &SchemaOutput) -> String {
    let id = excerpt(&schema.id, 300);
    let Some(attributes) = &schema.attributes else {
        return format!("Schema {id}: its attributes are not listed\n");
    };
    // What every SCIM server has is in RFC 7643.
    if schema
        .id
        .eq_ignore_ascii_case(crate::domain::mapping::scim::USER)
    {
        return format!(
            "Schema {id}: SCIM's own, {} attributes (--format json lists them)\n",
            attributes.len()
        );
    }
    let rows: Vec<[String; 4]> = attributes
        .iter()
        .take(MOST_ROWS)
        .map(|it| {
            let kind = excerpt(it.kind.as_deref().unwrap_or("-"), 30);
            let list = if it.multi_valued { " list" } else { "" };
            let words: Vec<String> = it
                .canonical_values
                .iter()
                .take(20)
                .map(|word| excerpt(word, 40))
                .collect();
            [
                format!("  {}", excerpt(&it.name, 100)),
                format!("{kind}{list}"),
                excerpt(it.mutability.as_deref().unwrap_or("-"), 30),
                words.join(", "),
            ]
        })
        .collect();
    let mut text = format!("Schema {id}\n");
    for line in align(&rows) {
        text.push_str(&line);
        text.push('\n');
    }
    if attributes.len() > MOST_ROWS {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  and {} more", attributes.len() - MOST_ROWS);
    }
    text
}

fn meanings(output: &InspectOutput) -> String {
    let mut text = String::new();
    if !output.meanings.is_empty() {
        text.push_str("What arkib would use\n");
        let rows: Vec<[String; 3]> = output
            .meanings
            .iter()
            .map(|it| {
                let attribute = it
                    .attribute
                    .as_deref()
                    .map_or("nothing".to_owned(), |name| excerpt(last(name), 100));
                let doubt = if it.sure { "" } else { " (doubtful)" };
                [
                    format!("  {}", it.meaning),
                    attribute,
                    format!("{}{doubt}{}", it.why, words(&it.words)),
                ]
            })
            .collect();
        for line in align(&rows) {
            text.push_str(&line);
            text.push('\n');
        }
    }
    if !output.states.is_empty() {
        let each: Vec<String> = output
            .states
            .iter()
            .map(|it| format!("{} {}", it.mailboxes, it.state))
            .collect();
        let by = match output.by {
            Some("own") => "By arkib's own extension",
            Some("policy") => "By the policy's mapping",
            _ => "By this mapping",
        };
        let _ = writeln!(
            text,
            "{by}, of the mailboxes looked at: {}",
            each.join(", ")
        );
    }
    text
}

/// A name without the URN before it.
fn last(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, name)| name)
}

fn words(words: &[WordOutput]) -> String {
    if words.is_empty() {
        return String::new();
    }
    let each: Vec<String> = words
        .iter()
        .take(20)
        .map(|it| {
            let means = it.means.as_deref().unwrap_or("not known");
            format!("{} = {means}, {}", excerpt(&it.word, 40), it.users)
        })
        .collect();
    format!("; {}", each.join("; "))
}

fn listed(title: &str, lines: &[String]) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let each: Vec<String> = lines
        .iter()
        .map(|line| format!("  - {}\n", visible(line)))
        .collect();
    format!("{title}\n{}", each.concat())
}
