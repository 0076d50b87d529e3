//! One row of a plan: its sign and word, its cells and its kind.

use std::fmt::Display;
use std::sync::Arc;

use crate::domain::archive_state::{State, Target};
use crate::domain::mailbox_address::MAX_ADDRESS;
use crate::domain::request::Request;
use crate::language::Message;
use crate::printer;
use crate::text::{escape, excerpt};

/// The kind of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    /// A termination; of a pull request, also a later or blocked one. It is never left out.
    Terminate,
    /// A termination with or without the pull request.
    Outstanding,
    /// An archive that would be enabled.
    Enable,
    /// A request that cannot be carried out.
    Blocked,
    /// A change that a pull request prevents.
    Prevented,
    /// Everything else.
    Quiet,
}

/// One row; in a plan: sign and word, subject, request, remark.
#[derive(Debug, Clone)]
pub struct TextRow<const N: usize = 4> {
    /// Its cells, escaped for a screen.
    pub cells: [String; N],
    /// Its kind.
    pub kind: RowKind,
    /// The number of rows that it represents.
    pub count: usize,
    /// The request that it is about, if it is not about several.
    pub source: Option<RowSource>,
}

/// What the details of a row say.
#[derive(Debug, Clone)]
pub struct RowSource {
    /// The request.
    pub request: Arc<Request>,
    /// The line of its file.
    pub line: u32,
    /// How the archive changes, if it changes now.
    pub change: Option<(State, Target)>,
}

impl<const N: usize> TextRow<N> {
    /// A row that represents itself.
    pub fn new(kind: RowKind, cells: [String; N]) -> Self {
        Self { cells, kind, count: 1, source: None }
    }

    /// Sets the request that it is about, and the line of its file.
    pub fn with_source(self, request: &Arc<Request>, line: u32) -> Self {
        let source = RowSource { request: Arc::clone(request), line, change: None };
        Self { source: Some(source), ..self }
    }
}

pub(super) fn plan_row(
    kind: RowKind,
    word: RowLabel,
    subject: impl Display,
    request: impl Display,
    about: &Message,
) -> TextRow {
    let (sign, word) = word;
    let word = format!("{sign} {}", printer::render(&word));
    let subject = excerpt(&subject.to_string(), MAX_ADDRESS);
    let request = escape(&request.to_string()).into_owned();
    let about = escape(&printer::render(about)).into_owned();
    TextRow::new(kind, [word, subject, request, about])
}

/// The sign and the word of a row.
pub(super) type RowLabel = (char, Message);

pub(super) fn terminate(sign: char) -> RowLabel {
    (sign, word_of(Target::Terminated))
}

pub(super) fn enable(sign: char) -> RowLabel {
    (sign, word_of(Target::Enabled))
}

pub(super) fn blocked() -> RowLabel {
    ('!', message!("plan-blocked"))
}

pub(super) fn prevented() -> RowLabel {
    ('×', message!("plan-prevented"))
}

/// What is done for a target.
pub(super) fn word_of(target: Target) -> Message {
    Message::from_word(target.verb())
}

/// A state of an archive.
pub(super) fn state_word(target: Target) -> Message {
    Message::from_word(target.state_word())
}

/// Remarks one behind the other.
pub(super) fn remarks(each: impl IntoIterator<Item = Message>) -> Message {
    Message::joined(each, "; ")
}
