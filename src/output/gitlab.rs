//! The output as a GitLab code quality report: problems and warnings at the lines of the files.

use schemars::JsonSchema;
use serde::Serialize;

use super::RunResult;
use super::annotations;
use super::annotations::{Annotation, AnnotationLevel};
use super::json::render;
use crate::language::Language;

/// The most violations of each severity: a merge request shows them one by one, and nobody reads more
/// pages.
const MOST: usize = 500;

/// One entry of the report.
#[derive(Debug, Serialize, JsonSchema)]
struct Violation {
    description: String,
    check_name: String,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

impl Violation {
    fn new(note: Annotation, fingerprint: String) -> Self {
        Self {
            description: note.one_line(),
            check_name: note.kind,
            fingerprint,
            severity: match note.level {
                AnnotationLevel::Error => "blocker",
                AnnotationLevel::Warning => "major",
                AnnotationLevel::Info => "info",
            },
            location: Location::new(note.file, note.line),
        }
    }
}

#[derive(Debug, Serialize, JsonSchema)]
struct Location {
    path: String,
    lines: LocationLines,
}

impl Location {
    fn new(path: String, line: usize) -> Self {
        Self { path, lines: LocationLines::new(line) }
    }
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Lines")]
struct LocationLines {
    begin: usize,
}

impl LocationLines {
    fn new(begin: usize) -> Self {
        Self { begin }
    }
}

/// The whole report.
pub fn render_run_result(summary: &RunResult<'_>) -> String {
    let notes = annotations::first_of_each_level(
        annotations::collect_annotations(summary, Language::English),
        MOST,
        Language::English,
    );
    let fingerprints = annotations::fingerprints(&notes);
    let each = notes.into_iter().zip(fingerprints);
    let each = each.map(|(note, fingerprint)| Violation::new(note, fingerprint));
    render(&each.collect::<Vec<Violation>>())
}
