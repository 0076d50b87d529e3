//! A YAML document as a tree in which every node knows its place. Cold path only. Pure.
//!
//! Works on parser events, so that what serde never sees (anchors, aliases, tags, a second
//! document, a repeated key) is found where it stands.

use saphyr_parser::{Event, Parser, ScalarStyle, Span, StrInput};

use super::unlocated_finding::{
    LocatedFinding, MAX_FINDINGS, PathSegment, UnlocatedFinding, YamlPath,
};
use crate::finding::Position;
use crate::language::Message;
use crate::text::excerpt;

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    pub at: Position,
    pub kind: NodeKind,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum NodeKind {
    Scalar(Scalar),
    List(Vec<Node>),
    /// A mapping, in the file's order, repeated keys and all.
    Mapping(Vec<(Node, Node)>),
}

/// A single value as it is written.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Scalar {
    pub text: String,
    /// It stands without quotes.
    pub plain: bool,
    /// It is written with escapes, so that it reads other than it looks.
    pub escaped: bool,
}

/// The one document of a file, and what may not be used in it.
pub(super) fn parse(text: &str) -> Result<(Node, Vec<LocatedFinding>), LocatedFinding> {
    let mut reader = TreeBuilder {
        parser: Parser::new_from_str(text),
        lines: text.lines().collect(),
        found: Vec::new(),
    };
    let mut root = None;
    let mut documents = 0;
    while let Some((event, span)) = reader.next_event_or_stop()? {
        match event {
            Event::DocumentStart(_) => documents += 1,
            Event::StreamStart | Event::StreamEnd | Event::DocumentEnd | Event::Nothing => {}
            content => root = Some(reader.build_node(content, span)?),
        }
        if documents > 1 {
            reader.found.push((
                start_position(span),
                UnlocatedFinding::notation_error(
                    "second-document",
                    message!("yaml-second-document"),
                    message!("yaml-second-document-help"),
                ),
            ));
            break;
        }
    }
    match root {
        Some(root) if reader.has_too_many_findings() || !root.is_empty_value() => {
            Ok((root, reader.found))
        }
        _ => Err((
            Position::START,
            UnlocatedFinding::notation_error(
                "empty-file",
                message!("yaml-empty"),
                message!("yaml-empty-help"),
            ),
        )),
    }
}

impl Node {
    /// Whether it is the empty document or an empty value.
    fn is_empty_value(&self) -> bool {
        self.as_scalar()
            .is_some_and(|scalar| scalar.plain && matches!(scalar.text.as_str(), "" | "~"))
    }

    fn as_scalar(&self) -> Option<&Scalar> {
        match &self.kind {
            NodeKind::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }
}

/// Makes nodes of the parser's events.
struct TreeBuilder<'a> {
    parser: Parser<'a, StrInput<'a>>,
    lines: Vec<&'a str>,
    found: Vec<LocatedFinding>,
}

impl<'a> TreeBuilder<'a> {
    /// The next event. Where so much is wrong that the file is of another kind, there is none: its
    /// first problems tell as much.
    fn next_event_or_stop(&mut self) -> Result<Option<(Event<'a>, Span)>, LocatedFinding> {
        let next = if self.has_too_many_findings() { None } else { self.parser.next_event() };
        next.transpose().map_err(|error| syntax_error(&error))
    }

    fn has_too_many_findings(&self) -> bool {
        self.found.len() > MAX_FINDINGS
    }

    /// The node that an event begins.
    fn build_node(&mut self, event: Event<'a>, span: Span) -> Result<Node, LocatedFinding> {
        let at = start_position(span);
        let begin = Position { length: 0, ..at };
        Ok(match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.report_properties(anchor, tag.is_some(), at);
                let scalar = Scalar {
                    escaped: style == ScalarStyle::DoubleQuoted && self.has_backslash(span),
                    text: text.into_owned(),
                    plain: style == ScalarStyle::Plain,
                };
                let kind = NodeKind::Scalar(scalar);
                Node { at, kind }
            }
            Event::SequenceStart(anchor, tag) => {
                self.report_properties(anchor, tag.is_some(), at);
                let mut items = Vec::new();
                while let Some(item) = self.next_child()? {
                    items.push(item);
                }
                let kind = NodeKind::List(items);
                Node { at: begin, kind }
            }
            Event::MappingStart(anchor, tag) => {
                self.report_properties(anchor, tag.is_some(), at);
                let mut pairs = Vec::new();
                while let Some(key) = self.next_child()?
                    && let Some(mut value) = self.next_child()?
                {
                    if value.is_empty_value() && value.at.length == 0 {
                        // An empty value has no place of its own; its key has.
                        value.at = key.at;
                    }
                    pairs.push((key, value));
                }
                let at = pairs.first().map_or(begin, |(key, _)| key.at);
                let kind = NodeKind::Mapping(pairs);
                Node { at, kind }
            }
            // An alias; a placeholder lets the walk continue.
            _ => {
                self.found.push((at, alias_issue()));
                let kind = NodeKind::Scalar(Scalar::default());
                Node { at, kind }
            }
        })
    }

    /// The next node of a list or a mapping, until it ends.
    fn next_child(&mut self) -> Result<Option<Node>, LocatedFinding> {
        match self.next_event_or_stop()? {
            None | Some((Event::SequenceEnd | Event::MappingEnd, _)) => Ok(None),
            Some((event, span)) => self.build_node(event, span).map(Some),
        }
    }

    /// Whether a scalar holds an escape where it stands in the file.
    fn has_backslash(&self, span: Span) -> bool {
        let (from, to) = (span.start.line(), span.end.line());
        (from..=to).any(|number| {
            let skip = if number == from { span.start.col() } else { 0 };
            let end = if number == to { span.end.col() } else { usize::MAX };
            let mut meant = self.line_text(number).chars().take(end).skip(skip);
            meant.any(|character| character == '\\')
        })
    }

    /// A line by its number; one that is not there is empty.
    fn line_text(&self, number: usize) -> &str {
        self.lines.get(number.saturating_sub(1)).unwrap_or(&"")
    }

    /// Reports an anchor or a tag, which stand somewhere before the value that they belong to.
    fn report_properties(&mut self, anchor_id: usize, has_tag: bool, value: Position) {
        if anchor_id > 0 {
            let (what, instead) = (message!("yaml-anchor"), message!("yaml-write-value"));
            let issue = not_plain_issue("anchor", what, instead, '&');
            self.found.push((self.token_before('&', value), issue));
        }
        if has_tag {
            let (what, instead) = (message!("yaml-tag"), message!("yaml-delete-tag"));
            let issue = not_plain_issue("tag", what, instead, '!');
            self.found.push((self.token_before('!', value), issue));
        }
    }

    /// The nearest place before `value`, on its line or the one above, at which a token begins with `sign`.
    fn token_before(&self, sign: char, value: Position) -> Position {
        let above = value.line.saturating_sub(1);
        for (number, until) in [(value.line, value.column), (above, usize::MAX)] {
            let mut previous = ' ';
            let mut last = None;
            for (column, character) in (1..).zip(self.line_text(number).chars()).take(until) {
                if character == sign && !previous.is_alphanumeric() && previous != sign {
                    last = Some(column);
                }
                previous = character;
            }
            if let Some(column) = last {
                return Position::at_character(number, column);
            }
        }
        value
    }
}

/// The keys of a mapping and their lines.
pub(super) fn top_level_keys<'a>(root: &'a Node) -> Vec<(&'a str, usize)> {
    let NodeKind::Mapping(pairs) = &root.kind else {
        return Vec::new();
    };
    let name = |key: &'a Node| Some((key.as_scalar()?.text.as_str(), key.at.line));
    pairs.iter().filter_map(|(key, _)| name(key)).collect()
}

/// The place of a path, or of the nearest value above it that is there.
pub(super) fn locate(root: &Node, path: &YamlPath) -> Position {
    let mut node = root;
    let mut at = root.at;
    for segment in path.segments() {
        let next = match (segment, &node.kind) {
            (PathSegment::Key(key), NodeKind::Mapping(pairs)) => pairs
                .iter()
                .find(|(name, _)| name.as_scalar().is_some_and(|scalar| scalar.text == *key))
                // A list begins lines below its key; what is wrong with it as a whole is said there.
                .map(|(name, value)| match &value.kind {
                    NodeKind::List(items) if !items.is_empty() => (value, name.at),
                    _ => (value, value.at),
                }),
            (PathSegment::Index(index), NodeKind::List(items)) => {
                items.get(*index).map(|item| (item, item.at))
            }
            _ => None,
        };
        match next {
            Some((next, place)) => (node, at) = (next, place),
            None => break,
        }
    }
    at
}

fn start_position(span: Span) -> Position {
    let (start, end) = (span.start, span.end);
    let mut at = Position::at_character(start.line(), start.col() + 1);
    if start.line() == end.line() {
        at.length = end.col().saturating_sub(start.col());
    }
    at
}

fn syntax_error(error: &saphyr_parser::ScanError) -> LocatedFinding {
    let marker = error.marker();
    let at = Position::at_character(marker.line().max(1), marker.col() + 1);
    if error.info().contains("unknown anchor") {
        return (at, alias_issue());
    }
    let message = message!("yaml-syntax", error = excerpt(error.info(), 120));
    let help = message!("yaml-syntax-help");
    (at, UnlocatedFinding::notation_error("not-yaml", message, help))
}

fn alias_issue() -> UnlocatedFinding {
    not_plain_issue("alias", message!("yaml-alias"), message!("yaml-write-value"), '*')
}

fn not_plain_issue(
    kind: &'static str,
    what: Message,
    instead: Message,
    sign: char,
) -> UnlocatedFinding {
    UnlocatedFinding::notation_error(
        kind,
        message!("yaml-not-plain", what),
        message!("yaml-not-plain-help", instead, sign),
    )
}
