//! Texts of a request that YAML ends earlier than their writer meant: at ` #`, where a comment begins. Pure.

use std::sync::Arc;

use super::Request;
use crate::finding::{Finding, Position, Severity};
use crate::text::excerpt;

/// The keys of texts that people copy from letters.
const KEYS: [&str; 3] = ["reference", "reason", "file"];

/// Warnings about such texts. Two blanks before a `#` and one behind it are how comments are written.
pub fn find_truncated_texts(request: &Request, file: &Arc<str>, bytes: &[u8]) -> Vec<Finding> {
    let mut found = Vec::new();
    let Some(text) = str::from_utf8(bytes).ok().filter(|text| text.contains('#')) else {
        return found;
    };
    let texts = [Some(&request.received.reference), request.reason.as_ref()];
    let documents = request.evidence.iter().map(|evidence| &evidence.file);
    let texts: Vec<&String> = texts.into_iter().flatten().chain(documents).collect();
    let mut is_plain = false;
    for (number, line) in (1..).zip(text.lines()) {
        let content = line.trim_start();
        let content = content.strip_prefix("- ").unwrap_or(content);
        let value = match content.split_once(": ") {
            Some((key, value)) => {
                let quotes = ['"', '\'', '|', '>', '#'];
                is_plain = KEYS.contains(&key) && !value.trim_start().starts_with(quotes);
                value
            }
            // A plain text goes on below its key.
            None => content,
        };
        let Some((kept, cut)) = value.split_once(" #").filter(|_| is_plain) else {
            continue;
        };
        let is_comment = kept.ends_with(' ') && cut.starts_with(' ');
        let is_end = |text: &&String| text.ends_with(kept.trim());
        if is_comment || kept.trim().is_empty() || !texts.iter().any(is_end) {
            continue;
        }
        let column = line.chars().count() - cut.chars().count();
        let position = Some(Position::at_character(number, column));
        let why = message!("request-text-cut", kept = excerpt(kept, 80));
        let help = message!("request-text-cut-help");
        let finding = Finding::whole_file(file, "text-cut", why, help);
        let severity = Severity::Warning;
        found.push(Finding { position, source_line: Some(line.into()), severity, ..finding });
    }
    found
}
