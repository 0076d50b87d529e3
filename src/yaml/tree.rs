//! A YAML document as a tree in which every node knows its place. Cold path only. Pure.
//!
//! Works on parser events, so that what serde never sees (anchors, aliases, tags, a second
//! document, a repeated key) is found where it stands.

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use super::{Issue, MAX_FINDINGS, Path, START, Segment};
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
    /// A scalar, whether it stands without quotes, and whether it is written with escapes, so that
    /// it reads other than it looks.
    Scalar {
        text: String,
        plain: bool,
        escaped: bool,
    },
    /// A list.
    List(Vec<Node>),
    /// A mapping, in the file's order, repeated keys and all.
    Mapping(Vec<(Node, Node)>),
}

type Placed = (Position, Issue);

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
        _ => Err((START, empty())),
    }
}

impl Node {
    /// Whether it is the empty document or an empty value.
    fn is_nothing(&self) -> bool {
        matches!(&self.kind, Kind::Scalar { text, plain: true, .. } if text.is_empty() || text == "~")
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
            at: START,
            kind: Kind::List(Vec::new()),
        })
    }

    fn event(&mut self, event: Event<'_>, span: Span) {
        let at = position(span);
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.properties(anchor, tag.is_some(), at);
                self.add(Node {
                    at,
                    kind: Kind::Scalar {
                        escaped: style == ScalarStyle::DoubleQuoted && self.has_backslash(span),
                        text: text.into_owned(),
                        plain: style == ScalarStyle::Plain,
                    },
                });
            }
            Event::Alias(_) => {
                self.found.push((at, alias()));
                // Stands in for what was meant, so that the walk goes on.
                self.add(Node {
                    at,
                    kind: Kind::Scalar {
                        text: String::new(),
                        plain: false,
                        escaped: false,
                    },
                });
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
            let Some(line) = self.lines.get(number.saturating_sub(1)) else {
                return false;
            };
            let skip = if number == from { span.start.col() } else { 0 };
            let end = if number == to {
                span.end.col()
            } else {
                usize::MAX
            };
            let mut meant = line.chars().take(end).skip(skip);
            meant.any(|character| character == '\\')
        })
    }

    /// Reports an anchor or a tag, which stand somewhere before the value that they belong to.
    fn properties(&mut self, anchor: usize, tag: bool, value: Position) {
        if anchor > 0 {
            self.found.push((self.before('&', value), anchor_issue()));
        }
        if tag {
            self.found.push((self.before('!', value), tag_issue()));
        }
    }

    /// The nearest place before `value`, on its line or the one above, at which a token begins with `sign`.
    fn before(&self, sign: char, value: Position) -> Position {
        for line_number in [value.line, value.line.saturating_sub(1)] {
            let Some(line) = self.lines.get(line_number.saturating_sub(1)) else {
                continue;
            };
            let until = if line_number == value.line {
                value.column
            } else {
                usize::MAX
            };
            let mut before_it = ' ';
            let mut last = None;
            for (index, character) in line.chars().enumerate().take(until) {
                if character == sign && !before_it.is_alphanumeric() && before_it != sign {
                    last = Some(index + 1);
                }
                before_it = character;
            }
            if let Some(column) = last {
                return Position {
                    line: line_number,
                    column,
                    length: 1,
                };
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
        let kind = if open.mapping {
            let mut pairs = Vec::with_capacity(open.children.len() / 2);
            let mut children = open.children.into_iter();
            while let (Some(key), Some(mut value)) = (children.next(), children.next()) {
                if value.is_nothing() && value.at.length == 0 {
                    // An empty value has no place of its own; its key has.
                    value.at = key.at;
                }
                pairs.push((key, value));
            }
            Kind::Mapping(pairs)
        } else {
            Kind::List(open.children)
        };
        let at = match &kind {
            Kind::Mapping(pairs) => pairs.first().map_or(open.at, |(key, _)| key.at),
            _ => open.at,
        };
        self.add(Node { at, kind });
    }

    fn add(&mut self, node: Node) {
        match self.open.last_mut() {
            Some(open) => open.children.push(node),
            None => self.root = Some(node),
        }
    }
}

/// The keys of a mapping and their lines.
pub(super) fn keys(root: &Node) -> Vec<(&str, usize)> {
    let Kind::Mapping(pairs) = &root.kind else {
        return Vec::new();
    };
    pairs
        .iter()
        .filter_map(|(key, _)| match &key.kind {
            Kind::Scalar { text, .. } => Some((text.as_str(), key.at.line)),
            _ => None,
        })
        .collect()
}

/// The place of a path, or of the nearest value above it that is there.
pub(super) fn locate(root: &Node, path: &Path) -> Position {
    let mut node = root;
    let mut at = root.at;
    for segment in path.segments() {
        let next = match (segment, &node.kind) {
            (Segment::Key(key), Kind::Mapping(pairs)) => pairs
                .iter()
                .find(|(name, _)| matches!(&name.kind, Kind::Scalar { text, .. } if text == key))
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
    let one_line = span.start.line() == span.end.line();
    Position {
        line: span.start.line(),
        column: span.start.col() + 1,
        length: if one_line {
            span.end.col().saturating_sub(span.start.col())
        } else {
            1
        },
    }
}

fn syntax(error: &saphyr_parser::ScanError) -> Placed {
    let at = Position {
        line: error.marker().line().max(1),
        column: error.marker().col() + 1,
        length: 1,
    };
    if error.info().contains("unknown anchor") {
        return (at, alias());
    }
    let message = format!("not YAML: {}", excerpt(error.info(), 120));
    let help = "look at this line and the one before it: indentation, a colon without a space, a quote or bracket that is not closed";
    (at, Issue::error(Path::root(), "not-yaml", message, help))
}

fn empty() -> Issue {
    Issue::error(
        Path::root(),
        "empty-file",
        "found nothing in the file, expected a request or a policy",
        "delete the file, or fill it in; `arkib schema request` describes a request",
    )
}

fn second_document() -> Issue {
    Issue::error(
        Path::root(),
        "second-document",
        "found a second document after `---`, expected one in a file",
        "put each request into a file of its own",
    )
}

fn anchor_issue() -> Issue {
    Issue::error(
        Path::root(),
        "anchor",
        "found an anchor (`&name`), expected a plain value",
        "write the value out, or put a text that begins with `&` in quotes",
    )
}

fn alias() -> Issue {
    Issue::error(
        Path::root(),
        "alias",
        "found an alias (`*name`), expected a plain value",
        "write the value out, or put a text that begins with `*` in quotes",
    )
}

fn tag_issue() -> Issue {
    Issue::error(
        Path::root(),
        "tag",
        "found a tag (`!name`), expected a plain value",
        "delete the tag, or put a text that begins with `!` in quotes",
    )
}
