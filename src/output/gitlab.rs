//! A run as a code quality report of GitLab: what is wrong or needs a look, at the lines of the
//! files.

use std::collections::HashMap;

use super::RunSummary;
use super::json::render;
use super::notes;
use super::notes::{Level, Note};
use super::object::object;
use crate::hash::sha256;

/// The most violations of each severity: a merge request shows them one by one, and nobody turns
/// more pages than these.
const MOST: usize = 500;

object! {
    /// One entry of the report.
    struct Violation of (note: Note, description: String, fingerprint: String) {
        description: String = description,
        check_name: String = note.kind,
        fingerprint: String = fingerprint,
        severity: &'static str = match note.level {
            Level::Error => "blocker",
            Level::Warning => "major",
            Level::Info => "info",
        },
        location: Location = Location::of(note.file, note.line),
    }
}

object! {
    struct Location of (path: String, line: usize) {
        path: String = path,
        lines: Lines = Lines::of(line),
    }
}

object! {
    struct Lines of (begin: usize) {
        begin: usize = begin,
    }
}

/// Everything.
pub fn summary(summary: &RunSummary<'_>) -> String {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let notes = notes::first(notes::of(summary), MOST);
    let each = notes.into_iter().map(|note| {
        let description = note.message.replace('\n', "; ");
        // The line is no part of it: a violation that moves is the same one. Two that are alike
        // get fingerprints of their own.
        let key = format!("{}\0{}\0{description}", note.kind, note.file);
        let count = seen.entry(key.clone()).or_default();
        let fingerprint = sha256(format!("{key}\0{count}").as_bytes());
        *count += 1;
        Violation::of(note, description, fingerprint)
    });
    render(&each.collect::<Vec<Violation>>())
}
