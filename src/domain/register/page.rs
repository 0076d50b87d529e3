//! The register as one HTML page that needs nothing else: no network, no build, no server. Pure.
//!
//! What files and portals say reaches the page as data alone, never as markup; the page lets
//! nothing run but its own script, which it knows by its hash (Content Security Policy, level 3).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minijinja::value::Serde;
use minijinja::{Environment, Value as Shown, context};
use serde::Serialize;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::excerpt;
use super::row::Register;
use crate::domain::policy::Language;
use crate::text::visible;

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
const SECTIONS: [&str; 7] = [
    "register", "stage", "channel", "action", "obstacle", "waits", "month",
];
/// What the template may cost; it holds no data that could make it cost more.
const FUEL: u64 = 100_000;

/// Where the data stand; no text has these characters.
const DATA: &str = "\u{1}data\u{1}";

/// Why a page cannot be made.
#[derive(Debug, thiserror::Error)]
#[error("the page cannot be made: {0}")]
pub struct PageError(String);

/// What a page is made of.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// The registers, one an agency.
    pub registers: &'a [Register],
    /// The language that it opens in.
    pub language: Language,
    /// When it was made (RFC 3339).
    pub made_at: &'a str,
}

/// The page.
///
/// # Errors
/// Where the template or the data cannot be written, which would be arkib's own fault.
pub fn html(page: &Page<'_>) -> Result<String, PageError> {
    let trouble = |error: minijinja::Error| PageError(error.to_string());
    let mut environment = Environment::new();
    environment.set_fuel(Some(FUEL));
    environment
        .add_template("page.html", TEMPLATE)
        .map_err(trouble)?;
    let texts = texts(page.language);
    let template = environment.get_template("page.html").map_err(trouble)?;
    let whole = context! {
        language => page.language.as_str(),
        texts => Serde(&texts),
        policy => policy(),
        style => Shown::from_safe_string(as_read(STYLE)),
        script => Shown::from_safe_string(as_read(SCRIPT)),
        data => Shown::from_safe_string(DATA.to_owned()),
    };
    let frame = template.render(whole).map_err(trouble)?;
    // Put in afterwards: the template pays for every byte that passes through it.
    Ok(frame.replacen(DATA, &data(page)?, 1))
}

/// What the browser lets the page do.
fn policy() -> String {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(as_read(text).as_bytes()));
    format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; img-src data:; base-uri 'none'; form-action 'none'",
        hash(SCRIPT),
        hash(STYLE)
    )
}

/// A text as a browser reads it, and hashes it: with line feeds alone, however git checked it out.
fn as_read(text: &str) -> String {
    text.replace('\r', "")
}

/// The data as JSON that can stand inside an element of HTML.
fn data(page: &Page<'_>) -> Result<String, PageError> {
    let trouble = |error: serde_json::Error| PageError(error.to_string());
    let mut registers = Value::Array(Vec::new());
    if let Value::Array(agencies) = &mut registers {
        let most = excerpt::most(page.registers);
        for register in page.registers {
            agencies.push(slim(agency(register, most).map_err(trouble)?));
        }
    }
    let languages: Map<String, Value> = Language::ALL
        .iter()
        .map(|language| (language.as_str().to_owned(), texts(*language)))
        .collect();
    let data = json!({
        "language": page.language.as_str(),
        "arkib": env!("CARGO_PKG_VERSION"),
        "made_at": page.made_at,
        "texts": languages,
        "agencies": registers,
    });
    let text = serde_json::to_string(&data).map_err(trouble)?;
    Ok(inside_html(&text))
}

/// The register of an agency, of each request at most so many mailboxes.
fn agency(register: &Register, most: usize) -> serde_json::Result<Value> {
    let mut rows = Vec::with_capacity(register.rows.len());
    for row in &register.rows {
        let (row, rest) = excerpt::cut(row, most);
        let mut row = plain(&row)?;
        if let (Some(rest), Value::Object(members)) = (rest, &mut row) {
            members.insert("rest".to_owned(), plain(&rest)?);
        }
        rows.push(row);
    }
    let (unmanaged, more_unmanaged) = listed(register.unmanaged.as_deref());
    let (drifted, more_drifted) = listed(register.drifted.as_deref());
    let mut whole = plain(&Register {
        agency: register.agency.clone(),
        name: register.name.clone(),
        requests: register.requests.clone(),
        commit: register.commit.clone(),
        as_of: register.as_of.clone(),
        period: register.period.clone(),
        figures: register.figures.clone(),
        rows: Vec::new(),
        unmanaged,
        drifted,
        ..*register
    })?;
    if let Value::Object(members) = &mut whole {
        members.insert("rows".to_owned(), Value::Array(rows));
        for (name, count) in [
            ("more_unmanaged", more_unmanaged),
            ("more_drifted", more_drifted),
        ] {
            if count > 0 {
                members.insert(name.to_owned(), count.into());
            }
        }
    }
    Ok(whole)
}

/// The first, and how many there are more.
fn listed<T: Clone>(all: Option<&[T]>) -> (Option<Vec<T>>, usize) {
    let more = all.map_or(0, |all| all.len().saturating_sub(excerpt::LISTED));
    let first = all.map(|all| all.iter().take(excerpt::LISTED).cloned().collect());
    (first, more)
}

fn plain<T: Serialize>(value: &T) -> serde_json::Result<Value> {
    serde_json::to_value(value)
}

fn texts(language: Language) -> Value {
    let sections = SECTIONS.map(|name| (name.to_owned(), language.texts().section(name).clone()));
    Value::Object(Map::from_iter(sections))
}

/// The same without what is empty, and with nothing in texts that hides or turns what stands
/// around it. Line ends stay.
fn slim(value: Value) -> Value {
    match value {
        Value::String(text) => {
            let lines: Vec<_> = text.lines().map(visible).collect();
            Value::String(lines.join("\n"))
        }
        Value::Array(values) => values.into_iter().map(slim).collect(),
        Value::Object(members) => {
            let is_kept = |value: &Value| match value {
                Value::Null | Value::Bool(false) => false,
                Value::Array(values) => !values.is_empty(),
                _ => true,
            };
            let kept = members.into_iter().filter(|(_, value)| is_kept(value));
            kept.map(|(key, value)| (key, slim(value))).collect()
        }
        other => other,
    }
}

/// JSON in which no character could end the element that it stands in, or begin another: such
/// stand inside strings only, where their escape means the same.
fn inside_html(json: &str) -> String {
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

/// The names of the texts that the page asks for, as far as they stand in its source.
#[cfg(test)]
pub(super) fn words() -> std::collections::BTreeSet<&'static str> {
    let asks = [
        "say(\"",
        "sentence(\"",
        "fact(\"",
        "data-text=\"register.",
        "text(\"",
    ];
    let sources = [SCRIPT, TEMPLATE];
    let found = sources.iter().flat_map(|source| {
        let each = asks.iter().flat_map(|ask| source.split(ask).skip(1));
        each.filter_map(|rest| rest.split_once('"'))
    });
    found
        .map(|(word, _)| word)
        .filter(|word| !word.contains('{'))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_inside_html_ends_no_element_and_means_the_same() {
        let hostile = "</script><!--&amp;\u{2028}\u{2029}";
        let json = serde_json::to_string(hostile).expect("JSON");
        let text = inside_html(&json);
        assert!(
            !text.contains(['<', '>', '&', '\u{2028}', '\u{2029}']),
            "{text}"
        );
        let back: String = serde_json::from_str(&text).expect("JSON");
        assert_eq!(back, hostile);
    }

    #[test]
    fn nothing_that_ends_an_element_is_in_style_or_script() {
        assert!(!STYLE.contains("</") && !SCRIPT.contains("</") && !SCRIPT.contains("<!--"));
        // No data becomes markup or code, whatever the policy lets pass.
        for word in [
            "innerHTML",
            "outerHTML",
            "insertAdjacent",
            "document.write",
            "eval(",
            "Function(",
        ] {
            assert!(!SCRIPT.contains(word), "{word}");
        }
    }
}
