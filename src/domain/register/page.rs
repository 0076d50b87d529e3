//! The register as one self-contained HTML page: no network, no build, no server. Pure.
//!
//! Texts from files and portals are only data on the page, never markup; the page runs only its own
//! script, identified by its hash (Content Security Policy, level 3).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minijinja::value::Serde;
use minijinja::{Environment, Value as Shown, context};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::agency_register::Register;
use super::truncation;
use crate::language::Language;
use crate::text::escape;

const TEMPLATE: &str = include_str!("page/page.html");
const STYLE: &str = concat!(
    include_str!("page/page.css"),
    include_str!("page/narrow.css"),
    include_str!("page/print.css"),
);
const SCRIPT: &str = concat!(
    include_str!("page/words.js"),
    include_str!("page/view.js"),
    include_str!("page/figures.js"),
    include_str!("page/detail.js"),
    include_str!("page/table.js"),
    include_str!("page/page.js"),
);
/// The sections of the texts that the page uses.
const SECTIONS: [&str; 7] =
    ["register", "stage", "channel", "action", "obstacle", "waits", "month"];
/// The fuel of the template; it contains no data that could need more.
const FUEL: u64 = 100_000;

/// The placeholder for the data; no text contains these characters.
const DATA: &str = "\u{1}data\u{1}";

/// Why a page cannot be made.
#[derive(Debug, thiserror::Error)]
#[error("the page cannot be made: {0}")]
pub struct PageError(String);

/// The page of several registers, one per agency, that opens in a language. `made_at` is RFC 3339.
///
/// # Errors
/// If the template or the data cannot be written, which would be a bug in arkib.
pub fn render_html(
    registers: Vec<Register>,
    language: Language,
    made_at: &str,
) -> Result<String, PageError> {
    let mut environment = Environment::new();
    environment.set_fuel(Some(FUEL));
    let whole = context! {
        language => language.as_str(),
        texts => Serde(&page_texts(language)),
        policy => content_security_policy(),
        style => Shown::from_safe_string(with_line_feeds(STYLE)),
        script => Shown::from_safe_string(with_line_feeds(SCRIPT)),
        data => Shown::from_safe_string(DATA.to_owned()),
    };
    let frame = environment
        .render_named_str("page.html", TEMPLATE, whole)
        .map_err(|error| PageError(error.to_string()))?;
    let data =
        json_data(registers, language, made_at).map_err(|error| PageError(error.to_string()))?;
    // Inserted afterwards, because the template needs fuel for every byte.
    Ok(frame.replacen(DATA, &data, 1))
}

/// The content security policy of the page.
fn content_security_policy() -> String {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(with_line_feeds(text).as_bytes()));
    format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; img-src data:; base-uri 'none'; form-action 'none'",
        hash(SCRIPT),
        hash(STYLE)
    )
}

/// A text as a browser reads and hashes it: with line feeds only, however git checked it out.
fn with_line_feeds(text: &str) -> String {
    text.replace('\r', "")
}

/// The data as JSON that is safe inside an HTML element.
fn json_data(
    registers: Vec<Register>,
    language: Language,
    made_at: &str,
) -> serde_json::Result<String> {
    let most = truncation::max_mailboxes_per_row(&registers);
    let agencies = registers.into_iter();
    let agencies = agencies.map(|register| Ok(without_empty(agency_json(register, most)?)));
    let agencies: Vec<Value> = agencies.collect::<serde_json::Result<_>>()?;
    let languages =
        Language::ALL.map(|language| (language.as_str().to_owned(), page_texts(language)));
    let data = json!({
        "language": language.as_str(),
        "arkib": env!("CARGO_PKG_VERSION"),
        "made_at": made_at,
        "texts": Map::from_iter(languages),
        "agencies": agencies,
    });
    Ok(escape_for_html(&serde_json::to_string(&data)?))
}

/// The register of an agency with at most `most` mailboxes per request.
fn agency_json(mut register: Register, most: usize) -> serde_json::Result<Value> {
    let rows = std::mem::take(&mut register.rows);
    let more = [
        ("more_unmanaged", truncate_list(&mut register.unmanaged)),
        ("more_drifted", truncate_list(&mut register.drifted)),
    ];
    let mut whole = serde_json::to_value(register)?;
    let rows = rows.into_iter().map(|mut row| {
        let rest = truncation::truncate_mailboxes(&mut row, most);
        let mut row = serde_json::to_value(row)?;
        if let Some(rest) = rest {
            row["rest"] = serde_json::to_value(rest)?;
        }
        Ok(row)
    });
    whole["rows"] = rows.collect::<serde_json::Result<_>>()?;
    for (name, count) in more.into_iter().filter(|(_, count)| *count > 0) {
        whole[name] = count.into();
    }
    Ok(whole)
}

/// Cuts a list to the length for a page and returns how many items were left out.
fn truncate_list<T>(list: &mut Option<Vec<T>>) -> usize {
    let Some(list) = list else { return 0 };
    let more = list.len().saturating_sub(truncation::LISTED);
    list.truncate(truncation::LISTED);
    more
}

fn page_texts(language: Language) -> Value {
    let sections = SECTIONS.map(|name| (name.to_owned(), language.texts().section(name).clone()));
    Value::Object(Map::from_iter(sections))
}

/// The same without empty values, and with escapes for characters that hide text or change its
/// direction. Line ends stay.
fn without_empty(value: Value) -> Value {
    match value {
        Value::String(text) => {
            let lines: Vec<_> = text.lines().map(escape).collect();
            Value::String(lines.join("\n"))
        }
        Value::Array(values) => values.into_iter().map(without_empty).collect(),
        Value::Object(members) => {
            let is_kept = |value: &Value| match value {
                Value::Null | Value::Bool(false) => false,
                Value::Array(values) => !values.is_empty(),
                _ => true,
            };
            let kept = members.into_iter().filter(|(_, value)| is_kept(value));
            kept.map(|(key, value)| (key, without_empty(value))).collect()
        }
        other => other,
    }
}

/// JSON in which no character can end the surrounding element or begin another: such characters occur
/// only in strings, where an escape means the same.
fn escape_for_html(json: &str) -> String {
    let mut text = String::with_capacity(json.len() + json.len() / 16);
    for character in json.chars() {
        match character {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                text.push_str(&format!("\\u{:04x}", character as u32));
            }
            _ => text.push(character),
        }
    }
    text
}

/// The names of the texts that the page uses, as found in its source.
#[cfg(test)]
pub(super) fn used_text_names() -> std::collections::BTreeSet<&'static str> {
    let asks = ["say(\"", "sentence(\"", "fact(\"", "data-text=\"register.", "text(\""];
    let sources = [SCRIPT, TEMPLATE];
    let found = sources.iter().flat_map(|source| {
        let each = asks.iter().flat_map(|ask| source.split(ask).skip(1));
        each.filter_map(|rest| rest.split_once('"'))
    });
    found.map(|(word, _)| word).filter(|word| !word.contains('{')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_in_html_is_escaped_and_unchanged() {
        let hostile = "</script><!--&amp;\u{2028}\u{2029}";
        let json = serde_json::to_string(hostile).expect("JSON");
        let text = escape_for_html(&json);
        assert!(!text.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{text}");
        let back: String = serde_json::from_str(&text).expect("JSON");
        assert_eq!(back, hostile);
    }

    #[test]
    fn style_and_script_end_no_element() {
        assert!(!STYLE.contains("</") && !SCRIPT.contains("</") && !SCRIPT.contains("<!--"));
        // Data never becomes markup or code, even without the policy.
        for word in
            ["innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(", "Function("]
        {
            assert!(!SCRIPT.contains(word), "{word}");
        }
    }
}
