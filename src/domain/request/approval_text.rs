//! Adds an approval to the text of a request file, without a change of any other byte. Pure.

#[cfg(test)]
mod tests;

use std::fmt::Write as _;
use std::sync::Arc;

use super::Approval;
use super::raw::{RawApproval, RawRequest};
use super::yaml_writer::write_scalar;
use crate::yaml::{Optional, Text, YamlText};

const KEY: &str = "approvals";

/// Why an approval cannot be added to a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAdded {
    /// The approvals are written in brackets.
    #[error("its `approvals` are written in brackets")]
    Flow,
    /// Whatever is added would change something else.
    #[error("an approval cannot be added without changing another part of its text")]
    Unusual,
}

impl NotAdded {
    /// What the user can do.
    pub fn help(self) -> &'static str {
        match self {
            Self::Flow => {
                "write each approval on lines of its own, `- by: ADDRESS` and below it `date: DAY`; signatures stay valid"
            }
            Self::Unusual => {
                "end the file with a line end, and write `approvals:` and below it `- by: ADDRESS` as in docs/en/APPROVALS.md"
            }
        }
    }
}

/// The text with one approval more: behind the others, or at the end of the file. The line ends are those
/// of the text.
///
/// # Errors
/// If the text would then mean anything else than it does now, with the approval.
pub fn add_approval(file: &Arc<str>, text: &str, approval: &Approval) -> Result<String, NotAdded> {
    let source = YamlText::new(file, text.as_bytes()).map_err(|_| NotAdded::Unusual)?;
    let before = parse(&source).ok_or(NotAdded::Unusual)?;
    let places = match source.line_range_of_key(KEY) {
        Some(lines) => places_in_list(text, lines).ok_or(NotAdded::Flow)?,
        None => places_for_list(text, source.line_range_of_key("reason")),
    };
    let line_end = if first_line(text).ends_with("\r\n") { "\r\n" } else { "\n" };
    let added = raw_approval(approval);
    let texts = places.into_iter().map(|place| {
        let (head, tail) = text.split_at(place.at);
        let begin = if head.is_empty() || head.ends_with('\n') { "" } else { "\n" };
        let lines = format!("{begin}{}{}", place.key, approval_lines(approval, place.indent));
        format!("{head}{}{tail}", lines.replace('\n', line_end))
    });
    let is_right = |text: &String| {
        let source = YamlText::new(file, text.as_bytes()).ok();
        source
            .and_then(|source| parse(&source))
            .is_some_and(|after| has_one_more(&before, after, &added))
    };
    texts.into_iter().find(is_right).ok_or(NotAdded::Unusual)
}

/// A request without its approvals, and these.
type Parsed = (RawRequest, Vec<RawApproval>);

fn parse(source: &YamlText<'_>) -> Option<Parsed> {
    let mut draft = source.parse_draft::<RawRequest>()?;
    let approvals = draft.approvals.0.take().unwrap_or_default();
    Some((draft, approvals))
}

/// Whether a request is another one with that approval added, and nothing else.
fn has_one_more(before: &Parsed, mut after: Parsed, added: &RawApproval) -> bool {
    match after.1.iter().position(|approval| approval == added) {
        Some(at) => drop(after.1.remove(at)),
        None => return false,
    }
    *before == after
}

/// Where an approval could stand.
struct Place {
    /// The byte before which it is written.
    at: usize,
    /// What is written before it.
    key: &'static str,
    /// The column of its dash.
    indent: usize,
}

/// The places where there is no list yet: the end of the file; or before `reason`, whose text may go on to
/// the end of the file.
fn places_for_list(text: &str, reason: Option<std::ops::Range<usize>>) -> Vec<Place> {
    let place = |at| Place { at, key: "approvals:\n", indent: 2 };
    let before = reason.map(|lines| place(start_of_line(text, lines.start)));
    [place(text.len())].into_iter().chain(before).collect()
}

/// The places in a list that takes these lines: behind the last approval; or before the first, if the file
/// has no line end behind it. `None` if it is written in brackets.
fn places_in_list(text: &str, lines: std::ops::Range<usize>) -> Option<Vec<Place>> {
    let is_comment = |rest: &str| rest.is_empty() || rest.starts_with('#');
    let numbered = (1..).zip(text.split_inclusive('\n'));
    let mut own = numbered.skip_while(|(number, _)| *number < lines.start);
    let (_, key) = own.next()?;
    let (_, value) = key.split_once(':')?;
    if !is_comment(value.trim()) {
        return None;
    }
    let own: Vec<(usize, &str)> = own
        .take_while(|(number, _)| *number < lines.end)
        .filter(|(_, line)| !is_comment(line.trim()))
        .collect();
    let ((first, dash), (last, _)) = (own.first()?, own.last()?);
    let indent = dash.len() - dash.trim_start().len();
    let place = |line| Place { at: start_of_line(text, line), key: "", indent };
    Some(vec![place(last + 1), place(*first)])
}

/// The byte at which a line begins; the end of the text where it has no such line.
fn start_of_line(text: &str, line: usize) -> usize {
    text.split_inclusive('\n').take(line - 1).map(str::len).sum()
}

fn first_line(text: &str) -> &str {
    text.split_inclusive('\n').next().unwrap_or_default()
}

/// An item of the list, with line feeds.
fn approval_lines(approval: &Approval, indent: usize) -> String {
    let indent = " ".repeat(indent);
    let by = write_scalar(approval.by.as_str(), "");
    let mut lines = format!("{indent}- by: {by}\n{indent}  date: {}\n", approval.date);
    if let Some(signature) = &approval.signature {
        let _ = writeln!(lines, "{indent}  signature: |");
        for line in signature.lines() {
            let _ = writeln!(lines, "{indent}    {line}");
        }
    }
    lines
}

fn raw_approval(approval: &Approval) -> RawApproval {
    let text = |text: &dyn ToString| Optional(Some(Text(text.to_string())));
    RawApproval {
        by: text(&approval.by),
        date: text(&approval.date),
        signature: Optional(
            approval.signature.as_ref().map(|signature| Text(signature.to_string())),
        ),
    }
}
