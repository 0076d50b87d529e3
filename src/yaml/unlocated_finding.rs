//! What is wrong in a document and where in it, before that has a line and a column. Pure.

use crate::finding::{Position, Severity};
use crate::language::Message;

/// How many problems of one file are shown.
pub const MAX_FINDINGS: usize = 50;

/// One step into a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathSegment {
    /// The value of a key.
    Key(String),
    /// An element of a list, from zero.
    Index(usize),
}

/// The way from the top of a document to a value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct YamlPath(Vec<PathSegment>);

impl YamlPath {
    /// The document itself.
    pub fn root() -> Self {
        Self::default()
    }

    /// `a.b` as a path of keys.
    pub fn keys(dotted: &str) -> Self {
        Self(dotted.split('.').map(|key| PathSegment::Key(key.to_owned())).collect())
    }

    /// The path of a key below this one.
    pub fn key(&self, key: &str) -> Self {
        self.child_path(PathSegment::Key(key.to_owned()))
    }

    /// The path of an element below this one.
    pub fn index(&self, index: usize) -> Self {
        self.child_path(PathSegment::Index(index))
    }

    fn child_path(&self, segment: PathSegment) -> Self {
        let mut segments = self.0.clone();
        segments.push(segment);
        Self(segments)
    }

    /// The steps.
    pub fn segments(&self) -> &[PathSegment] {
        &self.0
    }

    /// Whether `other` leads to this place or to one that holds it.
    pub fn starts_with(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0)
    }
}

pub(super) type LocatedFinding = (Position, UnlocatedFinding);

/// A finding without its place in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnlocatedFinding {
    /// Where in the document. Where nothing is there (a key that is missing), the nearest mapping
    /// that holds it is meant.
    pub at: YamlPath,
    /// How grave.
    pub severity: Severity,
    /// A short stable name.
    pub kind: &'static str,
    /// What was found and what was expected.
    pub message: Message,
    /// What to do.
    pub help: Message,
}

impl UnlocatedFinding {
    /// A warning at a path.
    pub fn warning(
        at: YamlPath,
        kind: &'static str,
        message: impl Into<Message>,
        help: impl Into<Message>,
    ) -> Self {
        Self { severity: Severity::Warning, ..Self::error(at, kind, message, help) }
    }

    /// An error at a path.
    pub fn error(
        at: YamlPath,
        kind: &'static str,
        message: impl Into<Message>,
        help: impl Into<Message>,
    ) -> Self {
        Self { at, severity: Severity::Error, kind, message: message.into(), help: help.into() }
    }
    /// An error in how a file is written, whose place is known by other means.
    pub(super) fn notation_error(
        kind: &'static str,
        message: impl Into<Message>,
        help: impl Into<Message>,
    ) -> Self {
        Self::error(YamlPath::root(), kind, message, help)
    }
}
