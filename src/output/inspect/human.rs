//! The output of `arkib portal inspect` for people, in lines of a terminal's width if the portal's names
//! allow it.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr as _;

use super::InspectOutput;
use crate::domain::mapping::scim::{AttributeName, USER};
use crate::domain::mapping::vocabulary::fold_case;
use crate::domain::portal_inspection::{
    AttributeInfo, Capabilities, MOST_COUNTED, MappingTrialResult, Schema, paging_method_name,
    quote_word,
};
use crate::language::{Language, Message};
use crate::output::align_columns::align;
use crate::printer;
use crate::printer::{fit_line, text};
use crate::text::{escape, excerpt};

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
fn empty_mapping(language: Language) -> &'static str {
    match language {
        Language::Malay => include_str!("mapping.ms.yaml"),
        Language::English => include_str!("mapping.en.yaml"),
    }
}

/// The mapping to fill in, with the attributes of users and their values as comments.
pub fn mapping_template(of_users: &[Schema], language: Language) -> String {
    let mut extensions = of_users.iter().filter(|schema| {
        let attribute = AttributeName::parse("any", Some(&schema.id));
        attribute.is_ok_and(|path| path.schema.is_some() && !path.is_person_attribute())
    });
    let extension = extensions.next();
    let mut shown = extension.map_or(String::new(), |schema| format!("  schema: {}\n", schema.id));
    shown.push_str(&render_schemas(of_users, "  # ", language).concat());
    empty_mapping(language).replacen("(schemas)\n", &shown, 1)
}

/// For people.
pub fn render_text(output: &InspectOutput) -> String {
    let found = &output.found;
    let language = printer::language();
    let mut blocks = vec![render_head(output)];
    // The template contains them, too.
    if output.template.is_none() {
        blocks.extend(render_schemas(&found.schemas, "", language));
    }
    let read = found.mappings.iter().filter(|by| !by.states.is_empty());
    blocks.extend(read.map(render_mapping));
    blocks.push(bullet_list(message!("portal-problems"), &output.problems));
    blocks.push(bullet_list(message!("portal-warnings"), &output.warnings));
    if output.template.is_some() {
        let template = mapping_template(&found.schemas, language);
        blocks.push(format!("{}\n{template}", fit_line(&text!("portal-fill-in"), 0)));
    }
    blocks.push(fit_line(&escape(&printer::render(&output.exit.reason)), 0));
    blocks.retain(|block| !block.is_empty());
    blocks.join("\n")
}

fn render_head(output: &InspectOutput) -> String {
    let mut rows = Vec::new();
    if let Some(offers) = &output.found.offers {
        rows.push((message!("portal-supports"), capability_lines(offers)));
        let schemes = offers.authentication.iter();
        let schemes: Vec<String> = schemes.map(|scheme| excerpt(scheme, 100)).collect();
        rows.push(match schemes.is_empty() {
            true => (message!("portal-login"), vec![text!("portal-login-not-stated")]),
            false => (message!("portal-login"), schemes),
        });
    }
    for kind in &output.found.resource_types {
        let (name, at) = (excerpt(&kind.name, 60), excerpt(&kind.endpoint, 60));
        let mut said = vec![text!("portal-type-at", name, at)];
        let extensions = kind.extensions.iter().take(20);
        said.extend(extensions.map(|urn| excerpt(urn, 200)));
        rows.push((message!("portal-has"), said));
    }
    if let Some(users) = output.found.users {
        rows.push((message!("portal-users"), vec![text!("portal-users-read", users)]));
    }
    let unknown = text!("portal-host-unknown");
    let host = output.host.as_deref().unwrap_or(&unknown);
    let mut text = format!("Portal {}\n", escape(host));
    for (name, items) in rows {
        let name = printer::render(&name);
        wrap_items(&format!("  {name:<13}"), &" ".repeat(15), &items, &mut text);
    }
    text
}

fn capability_lines(offers: &Capabilities) -> Vec<String> {
    if !offers.config {
        return vec![text!("portal-no-config")];
    }
    let has = |is: bool, name: &str| match is {
        true => name.to_owned(),
        false => text!("portal-lacks", name),
    };
    let bulk = offers.bulk.map_or_else(
        || text!("portal-lacks", name = "bulk"),
        |most| text!("portal-bulk", count = most.operations, bytes = most.bytes.to_string()),
    );
    let method = paging_method_name(offers.cursor);
    let pages = match offers.largest_page {
        Some(most) => text!("portal-pages-of", method, most),
        None => text!("portal-pages", method),
    };
    vec![
        has(offers.filter, "filter"),
        bulk,
        has(offers.etag, "etag"),
        has(offers.patch, "patch"),
        has(offers.sort, "sort"),
        pages,
    ]
}

/// The schemas with their attributes; each line starts with `mark`.
fn render_schemas(schemas: &[Schema], mark: &str, language: Language) -> Vec<String> {
    let shown = schemas.iter().take(MOST_SCHEMAS);
    let mut blocks: Vec<String> =
        shown.map(|listed| render_schema(listed, mark, language)).collect();
    let more = schemas.len().saturating_sub(MOST_SCHEMAS);
    if more > 0 {
        blocks.push(format!("{mark}{}\n", message!("portal-more-schemas", more).render(language)));
    }
    blocks
}

fn render_schema(schema: &Schema, mark: &str, language: Language) -> String {
    let id = excerpt(&schema.id, 300);
    let mut text = format!("{mark}{}\n", message!("portal-schema", id).render(language));
    // The unused attributes of the standard schema are in RFC 7643.
    let is_common_attribute = schema.id.eq_ignore_ascii_case(USER);
    let is_shown = |attribute: &&AttributeInfo| !is_common_attribute || attribute.users > 0;
    let shown = schema.attributes.iter().filter(is_shown).take(MOST_ROWS);
    let shown: Vec<&AttributeInfo> = shown.collect();
    let cells = shown.iter().map(|attribute| {
        let said = |text: &Option<String>| excerpt(text.as_deref().unwrap_or("-"), 30);
        let kind = said(&attribute.kind);
        let list = message!("portal-list-of", kind = &kind);
        let users = match attribute.users {
            0 => message!("portal-nobody"),
            count => message!("portal-user-count", count),
        };
        [
            format!("{mark}  {}", excerpt(&attribute.name, 100)),
            if attribute.multi_valued { list.render(language) } else { kind },
            said(&attribute.mutability),
            users.render(language),
        ]
    });
    let cells: Vec<[String; 4]> = cells.collect();
    for (line, attribute) in align(&cells, 0, usize::MAX).iter().zip(&shown) {
        let further = format!("{mark}      ");
        wrap_items(&format!("{line}  "), &further, &value_texts(attribute, language), &mut text);
    }
    let more = schema.attributes.len() - shown.len();
    if more > 0 {
        let more = match is_common_attribute {
            true => message!("portal-more-unused", more),
            false => message!("portal-more-attributes", more),
        };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{mark}  {}", more.render(language));
    }
    text
}

fn render_mapping(mapping: &MappingTrialResult) -> String {
    let states = mapping.states.iter();
    let mut counts: Vec<String> = states
        .map(|(state, count)| format!("{count} {}", printer::render(&Message::from_word(state))))
        .collect();
    if mapping.without_address > 0 {
        counts.push(text!("portal-without-address", count = mapping.without_address));
    }
    let by = match &mapping.agency {
        Some(agency) => text!("portal-by-mapping", agency = escape(agency)) + " ",
        None => text!("portal-by-extension") + " ",
    };
    let mut text = String::new();
    wrap_items(&by, "  ", &counts, &mut text);
    text
}

/// The values of an attribute with their numbers of users, including listed values without users; else
/// the kind of values. Empty if nothing is known.
fn value_texts(of: &AttributeInfo, language: Language) -> Vec<String> {
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
    let rest = match (others, of.different) {
        (0, _) => None,
        _ if of.multi_valued => Some(message!("portal-lists")),
        _ if of.dates == of.users => Some(message!("portal-dates")),
        _ if of.addresses == of.users => Some(message!("portal-addresses")),
        _ if shown > 0 => Some(message!("portal-not-shown", others)),
        // Lists that no schema declares.
        (_, Some(0)) => Some(message!("portal-lists")),
        (_, Some(count)) => Some(message!("portal-values", count)),
        (_, None) => Some(message!("portal-more-values", count = MOST_COUNTED)),
    };
    let has_some = (1..of.users).contains(&of.addresses);
    let addresses = has_some.then(|| message!("portal-address-count", count = of.addresses));
    values.extend(rest.into_iter().chain(addresses).map(|said| said.render(language)));
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

fn bullet_list(title: Message, lines: &[Message]) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let bullet = |line: &Message| fit_line(&format!("  - {}", escape(&printer::render(line))), 2);
    let each: String = lines.iter().map(bullet).collect();
    format!("{}\n{each}", printer::render(&title))
}
