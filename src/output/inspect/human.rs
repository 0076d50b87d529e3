//! The output of `arkib portal inspect` for people, in lines of a terminal's width if the portal's names
//! allow it.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr as _;

use super::InspectOutput;
use crate::domain::mapping::scim::{AttributeName, USER};
use crate::domain::mapping::vocabulary::fold_case;
use crate::domain::portal_inspection::{
    AttributeInfo, Capabilities, MOST_COUNTED, MappingTrialResult, Schema, format_user_count,
    paging_method_name, quote_word,
};
use crate::output::align_columns::align;
use crate::printer;
use crate::text::{escape, excerpt, plural};

/// The usual width of a terminal.
const WIDTH: usize = 80;
/// The most schemas that are shown.
const MOST_SCHEMAS: usize = 30;
/// The most attributes of a schema that are shown.
const MOST_ROWS: usize = 100;
/// The most unused values of one attribute that are shown.
const MOST_LISTED: usize = 20;

/// A mapping to fill in: a person decides what the portal's attributes and values mean. `arkib check`
/// refuses it while it contains a `<…>`, and it must not suggest any meaning.
const MAPPING: &str = include_str!("mapping.yaml");

/// The mapping to fill in, with the attributes of users and their values as comments.
pub fn mapping_template(of_users: &[Schema]) -> String {
    let mut extensions = of_users.iter().filter(|schema| {
        let attribute = AttributeName::parse("any", Some(&schema.id));
        attribute.is_ok_and(|path| path.schema.is_some() && !path.is_person_attribute())
    });
    let extension = extensions.next();
    let mut shown = extension.map_or(String::new(), |schema| format!("  schema: {}\n", schema.id));
    shown.push_str(&render_schemas(of_users, "  # ").concat());
    MAPPING.replacen("(schemas)\n", &shown, 1)
}

/// For people.
pub fn render_text(output: &InspectOutput) -> String {
    let found = &output.found;
    let mut blocks = vec![render_head(output)];
    // The template contains them, too.
    if output.template.is_none() {
        blocks.extend(render_schemas(&found.schemas, ""));
    }
    let read = found.mappings.iter().filter(|by| !by.states.is_empty());
    blocks.extend(read.map(render_mapping));
    blocks.push(bullet_list("What does not fit", &output.problems));
    blocks.push(bullet_list("What to look at", &output.warnings));
    if let Some(template) = &output.template {
        blocks.push(format!(
            "Fill in this text and paste it into agency.yaml, in place of the line `portal: …`:\n\n{template}"
        ));
    }
    blocks.push(escape(&printer::render(&output.exit.reason)).into_owned() + "\n");
    blocks.retain(|block| !block.is_empty());
    blocks.join("\n")
}

fn render_head(output: &InspectOutput) -> String {
    let mut rows = Vec::new();
    if let Some(offers) = &output.found.offers {
        rows.push(("supports", capability_lines(offers)));
        let schemes = offers.authentication.iter();
        let schemes: Vec<String> = schemes.map(|scheme| excerpt(scheme, 100)).collect();
        rows.push(match schemes.is_empty() {
            true => ("login by", vec!["not stated".to_owned()]),
            false => ("login by", schemes),
        });
    }
    for kind in &output.found.resource_types {
        let (name, at) = (excerpt(&kind.name, 60), excerpt(&kind.endpoint, 60));
        let mut said = vec![format!("{name} at {at}")];
        let extensions = kind.extensions.iter().take(20);
        said.extend(extensions.map(|urn| excerpt(urn, 200)));
        rows.push(("has", said));
    }
    if let Some(users) = output.found.users {
        rows.push(("users", vec![format!("{users}, all read")]));
    }
    let host = output.host.as_deref().unwrap_or("(not known)");
    let mut text = format!("Portal {}\n", escape(host));
    for (name, items) in rows {
        wrap_items(&format!("  {name:<13}"), &" ".repeat(15), &items, &mut text);
    }
    text
}

fn capability_lines(offers: &Capabilities) -> Vec<String> {
    if !offers.config {
        let said = "not stated (no ServiceProviderConfig); arkib uses only what every SCIM server must support";
        return vec![said.to_owned()];
    }
    let has = |is: bool, name: &str| match is {
        true => name.to_owned(),
        false => format!("no {name}"),
    };
    let bulk = offers.bulk.map_or("no bulk".to_owned(), |most| {
        let changes = plural(most.operations, "change", "changes");
        format!("bulk of {changes} or {} bytes", most.bytes)
    });
    let page = offers.largest_page;
    let page = page.map_or(String::new(), |most| format!(" of {most} at most"));
    vec![
        has(offers.filter, "filter"),
        bulk,
        has(offers.etag, "etag"),
        has(offers.patch, "patch"),
        has(offers.sort, "sort"),
        format!("pages by {}{page}", paging_method_name(offers.cursor)),
    ]
}

/// The schemas with their attributes; each line starts with `mark`.
fn render_schemas(schemas: &[Schema], mark: &str) -> Vec<String> {
    let shown = schemas.iter().take(MOST_SCHEMAS);
    let mut blocks: Vec<String> = shown.map(|listed| render_schema(listed, mark)).collect();
    let more = schemas.len().saturating_sub(MOST_SCHEMAS);
    if more > 0 {
        blocks.push(format!("{mark}And {more} more schemas\n"));
    }
    blocks
}

fn render_schema(schema: &Schema, mark: &str) -> String {
    let mut text = format!("{mark}Schema {}\n", excerpt(&schema.id, 300));
    // The unused attributes of the standard schema are in RFC 7643.
    let is_common_attribute = schema.id.eq_ignore_ascii_case(USER);
    let is_shown = |attribute: &&AttributeInfo| !is_common_attribute || attribute.users > 0;
    let shown = schema.attributes.iter().filter(is_shown).take(MOST_ROWS);
    let shown: Vec<&AttributeInfo> = shown.collect();
    let cells = shown.iter().map(|attribute| {
        let list = if attribute.multi_valued { " list" } else { "" };
        let said = |text: &Option<String>| excerpt(text.as_deref().unwrap_or("-"), 30);
        [
            format!("{mark}  {}", excerpt(&attribute.name, 100)),
            said(&attribute.kind) + list,
            said(&attribute.mutability),
            format_user_count(attribute.users),
        ]
    });
    let cells: Vec<[String; 4]> = cells.collect();
    for (line, attribute) in align(&cells, 0, usize::MAX).iter().zip(&shown) {
        let further = format!("{mark}      ");
        wrap_items(&format!("{line}  "), &further, &value_texts(attribute), &mut text);
    }
    let more = schema.attributes.len() - shown.len();
    if more > 0 {
        let why = if is_common_attribute { " that no user has" } else { "" };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{mark}  and {more} more{why} (--format json shows all)");
    }
    text
}

fn render_mapping(mapping: &MappingTrialResult) -> String {
    let states = mapping.states.iter();
    let mut counts: Vec<String> = states.map(|(state, count)| format!("{count} {state}")).collect();
    if mapping.without_address > 0 {
        counts.push(format!("{} without an address", mapping.without_address));
    }
    let by = match &mapping.agency {
        Some(agency) => format!("By the mapping of {}: ", escape(agency)),
        None => "By arkib's own extension: ".to_owned(),
    };
    let mut text = String::new();
    wrap_items(&by, "  ", &counts, &mut text);
    text
}

/// The values of an attribute with their numbers of users, including listed values without users; else
/// the kind of values. Empty if nothing is known.
fn value_texts(of: &AttributeInfo) -> Vec<String> {
    let observed = of.words.iter().map(|known| (&known.word, known.users));
    let is_observed = |word: &String| {
        let mut observed = of.words.iter();
        observed.any(|known| fold_case(&known.word) == fold_case(word))
    };
    let listed = of.canonical_values.iter().filter(|word| !is_observed(word));
    let words = observed.chain(listed.take(MOST_LISTED).map(|word| (word, 0)));
    let mut values: Vec<String> =
        words.map(|(word, users)| format!("{} {users}", quote_word(word))).collect();
    let shown: usize = of.words.iter().map(|word| word.users).sum();
    let others = of.users - shown.min(of.users);
    values.extend(match (others, of.different) {
        (0, _) => None,
        _ if of.multi_valued => Some("lists".to_owned()),
        _ if of.dates == of.users => Some("dates".to_owned()),
        _ if of.addresses == of.users => Some("addresses".to_owned()),
        _ if shown > 0 => Some(format!("{others} not shown")),
        // Lists that no schema declares.
        (_, Some(0)) => Some("lists".to_owned()),
        (_, Some(different)) => Some(plural(different, "value", "different values")),
        (_, None) => Some(format!("more than {MOST_COUNTED} different values")),
    });
    if (1..of.users).contains(&of.addresses) {
        values.push(plural(of.addresses, "address", "addresses"));
    }
    values
}

/// Wraps items into lines; the first starts with `before`, the others with `further`.
fn wrap_items(before: &str, further: &str, items: &[String], text: &mut String) {
    let (mut line, mut begun) = (before.to_owned(), before.width());
    for (index, item) in items.iter().enumerate() {
        let comma = if index + 1 < items.len() { "," } else { "" };
        let is_first = line.width() == begun;
        if !is_first && line.width() + 1 + item.width() + comma.len() > WIDTH {
            let _ = writeln!(text, "{line}");
            (line, begun) = (further.to_owned(), further.width());
        } else if !is_first {
            line.push(' ');
        }
        line.push_str(item);
        line.push_str(comma);
    }
    let _ = writeln!(text, "{}", line.trim_end());
}

fn bullet_list(title: &str, lines: &[String]) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let each = lines.iter().map(|line| format!("  - {}\n", escape(line)));
    format!("{title}\n{}", each.collect::<String>())
}
