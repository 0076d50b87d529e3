//! A YAML document as a tree in which every node knows its place. Cold path only. Pure.
//!
//! Works on parser events, so that what serde never sees (anchors, aliases, tags, a second
//! document, a repeated key) is found where it stands.

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use super::issue::{Issue, MAX_FINDINGS, Path, Placed, Segment};
use crate::finding::Position;
use crate::text::excerpt;

/// A value and its place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    pub at: Position,
    pub kind: Kind,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    /// A single value.
    Scalar(Scalar),
    /// A list.
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
pub(super) fn parse(text: &str) -> Result<(Node, Vec<Placed>), Placed> {
    let mut builder = Builder {
        lines: text.lines().collect(),
        open: Vec::new(),
        root: None,
        found: Vec::new(),
    };
    let mut documents = 0;
    let mut parser = Parser::new_from_str(text);
    while let Some(next) = parser.next_event() {
        let (event, span) = next.map_err(|error| syntax(&error))?;
        if let Event::DocumentStart(_) = event {
            documents += 1;
            if documents > 1 {
                builder.found.push((position(span), second_document()));
                break;
            }
        }
        builder.event(event, span);
        if builder.found.len() > MAX_FINDINGS {
            // The file is of another kind; its first problems tell as much.
            return Ok((builder.top(), builder.found));
        }
    }
    match builder.root {
        Some(root) if !root.is_nothing() => Ok((root, builder.found)),
        _ => Err((Position::START, empty())),
    }
}

impl Node {
    /// Whether it is the empty document or an empty value.
    fn is_nothing(&self) -> bool {
        self.scalar()
            .is_some_and(|it| it.plain && matches!(it.text.as_str(), "" | "~"))
    }

    fn scalar(&self) -> Option<&Scalar> {
        match &self.kind {
            Kind::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }
}

struct Builder<'a> {
    lines: Vec<&'a str>,
    open: Vec<Open>,
    root: Option<Node>,
    found: Vec<Placed>,
}

/// A list or mapping that has not ended yet.
struct Open {
    at: Position,
    children: Vec<Node>,
    mapping: bool,
}

impl Builder<'_> {
    /// The document as far as it was read.
    fn top(&mut self) -> Node {
        while !self.open.is_empty() {
            self.end();
        }
        self.root.take().unwrap_or(Node {
            at: Position::START,
            kind: Kind::List(Vec::new()),
        })
    }

    fn event(&mut self, event: Event<'_>, span: Span) {
        let at = position(span);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.properties(anchor, tag.is_some(), at);
                let scalar = Scalar {
                    escaped: style == ScalarStyle::DoubleQuoted && self.has_backslash(span),
                    text: text.into_owned(),
                    plain: style == ScalarStyle::Plain,
                };
                self.add(at, Kind::Scalar(scalar));
            }
            Event::Alias(_) => {
                self.found.push((at, alias()));
                // Stands in for what was meant, so that the walk goes on.
                self.add(at, Kind::Scalar(Scalar::default()));
            }
            Event::SequenceStart(anchor, tag) => {
                self.properties(anchor, tag.is_some(), at);
                self.begin(at, false);
            }
            Event::MappingStart(anchor, tag) => {
                self.properties(anchor, tag.is_some(), at);
                self.begin(at, true);
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => {}
        }
    }

    /// Whether a scalar holds an escape where it stands in the file.
    fn has_backslash(&self, span: Span) -> bool {
        let (from, to) = (span.start.line(), span.end.line());
        (from..=to).any(|number| {
            let skip = if number == from { span.start.col() } else { 0 };
            let end = if number == to {
                span.end.col()
            } else {
                usize::MAX
            };
            let mut meant = self.line(number).chars().take(end).skip(skip);
            meant.any(|character| character == '\\')
        })
    }

    /// A line by its number; one that is not there is empty.
    fn line(&self, number: usize) -> &str {
        self.lines.get(number.saturating_sub(1)).unwrap_or(&"")
    }

    /// Reports an anchor or a tag, which stand somewhere before the value that they belong to.
    fn properties(&mut self, anchor_id: usize, has_tag: bool, value: Position) {
        if anchor_id > 0 {
            self.found.push((self.before('&', value), anchor()));
        }
        if has_tag {
            self.found.push((self.before('!', value), tag()));
        }
    }

    /// The nearest place before `value`, on its line or the one above, at which a token begins with `sign`.
    fn before(&self, sign: char, value: Position) -> Position {
        let above = value.line.saturating_sub(1);
        for (number, until) in [(value.line, value.column), (above, usize::MAX)] {
            let mut previous = ' ';
            let mut last = None;
            for (column, character) in (1..).zip(self.line(number).chars()).take(until) {
                if character == sign && !previous.is_alphanumeric() && previous != sign {
                    last = Some(column);
                }
                previous = character;
            }
            if let Some(column) = last {
                return Position::character(number, column);
            }
        }
        value
    }

    fn begin(&mut self, at: Position, mapping: bool) {
        self.open.push(Open {
            at: Position { length: 0, ..at },
            children: Vec::new(),
            mapping,
        });
    }

    fn end(&mut self) {
        let Some(open) = self.open.pop() else { return };
        if !open.mapping {
            return self.add(open.at, Kind::List(open.children));
        }
        let mut pairs = Vec::with_capacity(open.children.len() / 2);
        let mut children = open.children.into_iter();
        while let (Some(key), Some(mut value)) = (children.next(), children.next()) {
            if value.is_nothing() && value.at.length == 0 {
                // An empty value has no place of its own; its key has.
                value.at = key.at;
            }
            pairs.push((key, value));
        }
        let at = pairs.first().map_or(open.at, |(key, _)| key.at);
        self.add(at, Kind::Mapping(pairs));
    }

    fn add(&mut self, at: Position, kind: Kind) {
        let node = Node { at, kind };
        match self.open.last_mut() {
            Some(open) => open.children.push(node),
            None => self.root = Some(node),
        }
    }
}

/// The keys of a mapping and their lines.
pub(super) fn keys<'a>(root: &'a Node) -> Vec<(&'a str, usize)> {
    let Kind::Mapping(pairs) = &root.kind else {
        return Vec::new();
    };
    let name = |key: &'a Node| Some((key.scalar()?.text.as_str(), key.at.line));
    pairs.iter().filter_map(|(key, _)| name(key)).collect()
}

/// The place of a path, or of the nearest value above it that is there.
pub(super) fn locate(root: &Node, path: &Path) -> Position {
    let mut node = root;
    let mut at = root.at;
    for segment in path.segments() {
        let next = match (segment, &node.kind) {
            (Segment::Key(key), Kind::Mapping(pairs)) => pairs
                .iter()
                .find(|(name, _)| name.scalar().is_some_and(|it| it.text == *key))
                // A list begins lines below its key; what is wrong with it as a whole is said there.
                .map(|(name, value)| match &value.kind {
                    Kind::List(items) if !items.is_empty() => (value, name.at),
                    _ => (value, value.at),
                }),
            (Segment::Index(index), Kind::List(items)) => {
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

fn position(span: Span) -> Position {
    let (start, end) = (span.start, span.end);
    let mut at = Position::character(start.line(), start.col() + 1);
    if start.line() == end.line() {
        at.length = end.col().saturating_sub(start.col());
    }
    at
}

fn syntax(error: &saphyr_parser::ScanError) -> Placed {
    let marker = error.marker();
    let at = Position::character(marker.line().max(1), marker.col() + 1);
    if error.info().contains("unknown anchor") {
        return (at, alias());
    }
    let message = format!("not YAML: {}", excerpt(error.info(), 120));
    let help = "look at this line and the one before it: indentation, a colon without a space, a quote or bracket that is not closed";
    (at, Issue::of_writing("not-yaml", message, help))
}

fn empty() -> Issue {
    Issue::of_writing(
        "empty-file",
        "found nothing in the file, expected a request or a policy",
        "delete the file, or fill it in; `arkib schema request` describes a request",
    )
}

fn second_document() -> Issue {
    Issue::of_writing(
        "second-document",
        "found a second document after `---`, expected one in a file",
        "put each request into a file of its own",
    )
}

fn anchor() -> Issue {
    Issue::of_writing(
        "anchor",
        "found an anchor (`&name`), expected a plain value",
        "write the value out, or put a text that begins with `&` in quotes",
    )
}

fn alias() -> Issue {
    Issue::of_writing(
        "alias",
        "found an alias (`*name`), expected a plain value",
        "write the value out, or put a text that begins with `*` in quotes",
    )
}

fn tag() -> Issue {
    Issue::of_writing(
        "tag",
        "found a tag (`!name`), expected a plain value",
        "delete the tag, or put a text that begins with `!` in quotes",
    )
}
