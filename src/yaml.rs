//! YAML for files that people write: fast where a file is good, exact where it is not. Pure.
//!
//! A good file is parsed once, straight into its draft (serde_yaml). A file with anything
//! suspicious is parsed again into a tree with positions ([`tree`]) and walked against the
//! draft's JSON Schema ([`schema_walk`]), so that all its problems are found at their exact places.

mod precheck;
pub(crate) mod schema_walk;
pub mod strict_scalars;
mod tree;
mod unlocated_finding;

use std::sync::Arc;

use crate::finding::{Finding, Position, Severity};
pub use precheck::MAX_BYTES;
pub(crate) use precheck::too_large_finding;
pub use strict_scalars::{Boolean, Optional, RawDocument, Text, WholeNumber};
use unlocated_finding::LocatedFinding;
pub use unlocated_finding::{MAX_FINDINGS, PathSegment, UnlocatedFinding, YamlPath};

/// A file's text, after the checks that need no grammar.
pub struct YamlText<'a> {
    file: Arc<str>,
    text: &'a str,
}

impl<'a> YamlText<'a> {
    /// Takes the bytes of a file: UTF-8 with or without a BOM, at most [`MAX_BYTES`], no control
    /// characters, not nested too deeply.
    pub fn new(file: &Arc<str>, bytes: &'a [u8]) -> Result<Self, Vec<Finding>> {
        let source = Self { file: Arc::clone(file), text: precheck::decode_text(file, bytes)? };
        let findings = source.to_findings(precheck::check_text(source.text));
        if findings.is_empty() { Ok(source) } else { Err(findings) }
    }

    /// The text, without a BOM.
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// The draft, where the file is plainly of its shape; `None` sends the caller to [`YamlText::check_document`].
    pub fn parse_fast<D: RawDocument>(&self) -> Option<D> {
        if precheck::needs_exact_parse(self.text) {
            return None;
        }
        serde_yaml::from_str(self.text).ok()
    }

    /// The draft, by the fast way or the exact one; `None` where the file has a problem of shape.
    pub fn parse_draft<D: RawDocument>(&self) -> Option<D> {
        self.parse_fast().or_else(|| {
            let exact = self.check_document();
            exact.draft.filter(|_| exact.findings.is_empty())
        })
    }

    /// The lines, from one, that a key of the document and its value take; the next key, or the end
    /// of the text, ends them.
    pub fn line_range_of_key(&self, key: &str) -> Option<std::ops::Range<usize>> {
        let (root, _) = tree::parse(self.text).ok()?;
        let keys = tree::top_level_keys(&root);
        let from = keys.iter().find(|(name, _)| *name == key)?.1;
        let lines = keys.iter().map(|(_, line)| *line);
        let to = lines.filter(|line| *line > from).min();
        Some(from..to.unwrap_or(usize::MAX))
    }

    /// The slow, exact way: everything wrong with the shape, and the draft of what is right.
    pub fn check_document<D: RawDocument>(&self) -> ParsedDocument<'_, D> {
        let (root, mut found) = match tree::parse(self.text) {
            Ok(parsed) => parsed,
            Err(placed) => {
                return ParsedDocument {
                    draft: None,
                    root: None,
                    dropped: Vec::new(),
                    findings: self.to_findings(vec![placed]),
                    source: self,
                };
            }
        };
        let mut walk = schema_walk::SchemaWalk::default();
        let value = walk.check_node(&root, D::inlined_schema(), &YamlPath::root());
        found.extend(walk.found);
        ParsedDocument {
            draft: value.and_then(|value| serde_json::from_value(value).ok()),
            root: Some(root),
            dropped: walk.dropped,
            findings: self.to_findings(found),
            source: self,
        }
    }

    fn to_findings(&self, found: Vec<LocatedFinding>) -> Vec<Finding> {
        let each = found.into_iter();
        each.map(|(position, issue)| self.to_finding(position, issue)).collect()
    }

    fn to_finding(&self, position: Position, issue: UnlocatedFinding) -> Finding {
        let line = self.text.lines().nth(position.line.saturating_sub(1));
        Finding {
            file: Arc::clone(&self.file),
            position: Some(position),
            source_line: line.map(Into::into),
            severity: issue.severity,
            kind: issue.kind,
            message: issue.message,
            help: issue.help,
        }
    }
}

/// What the exact way gave.
pub struct ParsedDocument<'a, D> {
    /// What could be read; `None` where the file is no mapping at all or not YAML.
    pub draft: Option<D>,
    /// What is wrong with the shape.
    pub findings: Vec<Finding>,
    root: Option<tree::Node>,
    dropped: Vec<YamlPath>,
    source: &'a YamlText<'a>,
}

impl<D> ParsedDocument<'_, D> {
    /// Places issues that a check found in the draft. One about a value that was already reported
    /// as ill-shaped is left out.
    pub fn locate_findings(&self, issues: Vec<UnlocatedFinding>) -> Vec<Finding> {
        issues
            .into_iter()
            .filter(|issue| !self.dropped.iter().any(|gone| issue.at.starts_with(gone)))
            .take(MAX_FINDINGS + 1)
            .map(|issue| {
                let root = self.root.as_ref();
                let position = root.map_or(Position::START, |root| tree::locate(root, &issue.at));
                self.source.to_finding(position, issue)
            })
            .collect()
    }
}

/// Whether any of the findings stops the run.
pub fn has_errors(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.severity == Severity::Error)
}
