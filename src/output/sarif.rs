//! The output as SARIF 2.1.0 (OASIS), which code scanning of forges and editors read: problems and
//! warnings at the lines of the files, with a rule for each kind. Its types are the part of the standard
//! that is needed; a crate for the whole of it generates them while it is built.

use std::collections::BTreeMap;

use serde::Serialize;

use super::RunResult;
use super::annotations;
use super::annotations::{Annotation, AnnotationLevel};
use super::json::render;
use crate::language::Language;
use crate::text::percent_encode;

/// The most results of each level; GitHub shows 5,000 in all.
const MOST: usize = 1_000;
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// The top of the repository, as forges call it.
const TOP: &str = "%SRCROOT%";
/// Where a note has no help of its own.
const HELP: &str = "`arkib reconcile --dry-run` shows the whole plan.";

#[derive(Serialize)]
struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    /// Columns count characters (section 3.14.17).
    column_kind: &'static str,
    results: Vec<ResultEntry>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: String,
    short_description: Text,
    full_description: Text,
    help: Text,
}

#[derive(Serialize)]
struct Text {
    text: String,
}

impl Text {
    /// A text without links: in SARIF `[text](address)` is one (section 3.11.6). Viewers that find links
    /// by a plain pattern see no backslash before a bracket, so a space parts the two.
    fn new(text: &str) -> Self {
        Self { text: text.replace("](", "] (") }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResultEntry {
    rule_id: String,
    rule_index: usize,
    level: &'static str,
    message: Text,
    locations: [Location; 1],
    partial_fingerprints: BTreeMap<&'static str, String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactLocation {
    uri: String,
    uri_base_id: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_column: Option<usize>,
}

/// The whole log.
pub fn render_run_result(summary: &RunResult<'_>) -> String {
    let notes = annotations::collect_annotations(summary, Language::English);
    let notes = annotations::first_of_each_level(notes, MOST, Language::English);
    let fingerprints = annotations::fingerprints(&notes);
    let mut rules: Vec<Rule> = Vec::new();
    let results = notes.into_iter().zip(fingerprints).map(|(note, fingerprint)| {
        let known = rules.iter().position(|rule| rule.id == note.kind);
        let rule = known.unwrap_or_else(|| {
            rules.push(Rule::of_first(&note));
            rules.len() - 1
        });
        ResultEntry::new(note, rule, fingerprint)
    });
    let results = results.collect();
    let (name, semantic_version) = ("arkib", env!("CARGO_PKG_VERSION"));
    let tool = Tool { driver: Driver { name, semantic_version, rules } };
    let run = Run { tool, column_kind: "unicodeCodePoints", results };
    render(&Log { schema: SCHEMA, version: "2.1.0", runs: [run] })
}

impl Rule {
    /// The rule of a kind, from its first note.
    fn of_first(note: &Annotation) -> Self {
        let words = note.kind.replace('-', " ");
        let help = note.help.as_deref().unwrap_or(HELP);
        Self {
            id: note.kind.clone(),
            full_description: Text::new(&format!("arkib reports this as `{}`.", note.kind)),
            short_description: Text::new(&words),
            help: Text::new(help),
        }
    }
}

impl ResultEntry {
    fn new(note: Annotation, rule_index: usize, fingerprint: String) -> Self {
        let message = Text::new(&note.text());
        let parts: Vec<String> = note.file.split('/').map(percent_encode).collect();
        let artifact_location = ArtifactLocation { uri: parts.join("/"), uri_base_id: TOP };
        let region = Region { start_line: note.line, start_column: note.column };
        Self {
            rule_id: note.kind,
            rule_index,
            level: match note.level {
                AnnotationLevel::Error => "error",
                AnnotationLevel::Warning => "warning",
                AnnotationLevel::Info => "note",
            },
            message,
            locations: [Location {
                physical_location: PhysicalLocation { artifact_location, region },
            }],
            partial_fingerprints: BTreeMap::from([("arkib/v1", fingerprint)]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_of_a_file_is_a_link() {
        let text = |text: &str| text.to_owned();
        let note = Annotation {
            level: AnnotationLevel::Error,
            kind: text("unknown-key"),
            file: text("requests/R-1.yaml"),
            line: 1,
            column: None,
            is_of_file: true,
            message: text(r"found `[log in\](https://jahat.example)`"),
            help: Some(text("delete [a](1) or [b]")),
        };
        assert_eq!(Rule::of_first(&note).help.text, "delete [a] (1) or [b]");
        assert_eq!(
            ResultEntry::new(note, 0, String::new()).message.text,
            "found `[log in\\] (https://jahat.example)`\nhelp: delete [a] (1) or [b]"
        );
    }
}
