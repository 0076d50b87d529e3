//! A problem in a file: its severity, where, what, and what to do. Pure.

use std::sync::Arc;

use crate::language::Message;

words! {
    /// Whether a finding stops the run.
    pub enum Severity {
        /// Nothing is reconciled until it is fixed.
        Error = "error",
        /// Shown; fails the run with `--strict` only.
        Warning = "warning",
    }
}

/// A place in a text file, both counted from one; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line.
    pub line: usize,
    /// Column.
    pub column: usize,
    /// How many characters are meant; zero for the position itself.
    pub length: usize,
}

impl Position {
    /// The beginning of a file.
    pub const START: Self = Self { line: 1, column: 1, length: 0 };

    /// One character.
    pub fn at_character(line: usize, column: usize) -> Self {
        Self { line, column, length: 1 }
    }
}

/// One problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The file, as the user knows it, with forward slashes.
    pub file: Arc<str>,
    /// Where in it; `None` for the whole file.
    pub position: Option<Position>,
    /// The line at that position, as it is in the file.
    pub source_line: Option<Box<str>>,
    /// Its severity.
    pub severity: Severity,
    /// A short stable name: `unknown-key`, `foreign-domain`.
    pub kind: &'static str,
    /// What was found, and what was expected.
    pub message: Message,
    /// What to do.
    pub help: Message,
}

impl Finding {
    /// An error about a file as a whole.
    pub fn whole_file(
        file: &Arc<str>,
        kind: &'static str,
        message: impl Into<Message>,
        help: impl Into<Message>,
    ) -> Self {
        Self {
            file: Arc::clone(file),
            position: None,
            source_line: None,
            severity: Severity::Error,
            kind,
            message: message.into(),
            help: help.into(),
        }
    }

    /// An error about a whole line of a file.
    pub fn whole_line(
        file: &Arc<str>,
        (number, line): (usize, Option<&str>),
        kind: &'static str,
        message: impl Into<Message>,
        help: impl Into<Message>,
    ) -> Self {
        Self {
            position: Some(Position {
                line: number,
                column: 1,
                length: line.map_or(0, |line| line.chars().count()),
            }),
            source_line: line.map(Into::into),
            ..Self::whole_file(file, kind, message, help)
        }
    }

    /// `file:line:column`, or the file alone.
    pub fn place_text(&self) -> String {
        let file = crate::text::escape(&self.file);
        match self.position {
            Some(at) => format!("{file}:{}:{}", at.line, at.column),
            None => file.into_owned(),
        }
    }
}

/// Sorts findings in reading order: by file, then by place. The same
/// findings always come in the same order.
pub fn sort_findings(findings: &mut Vec<Finding>) {
    findings.sort_by(|a, b| sort_key(a).cmp(&sort_key(b)));
    findings.dedup();
}

/// Keeps the first findings of a file, and says that there are more.
pub fn limit_findings_of_file(findings: &mut Vec<Finding>, file: &Arc<str>, most: usize) {
    if findings.len() <= most {
        return;
    }
    sort_findings(findings);
    findings.truncate(most);
    findings.push(Finding::whole_file(
        file,
        "more-problems",
        message!("finding-more", most),
        message!("finding-more-help"),
    ));
}

fn sort_key(finding: &Finding) -> (&str, Option<Position>, Severity, &str, &Message) {
    (&finding.file, finding.position, finding.severity, finding.kind, &finding.message)
}
