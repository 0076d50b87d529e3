//! Adds an approval to the text of a request file, without a change of any other byte. Pure.

#[cfg(test)]
mod tests;

use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;

use super::Approval;
use super::raw::{RawApproval, RawRequest};
use super::yaml_writer::write_scalar;
use crate::domain::mailbox_address::Mailbox;
use crate::yaml::{Optional, Text, YamlText};

const KEY: &str = "approvals";

/// Why an approval cannot be added to a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no approval can be added; line {line} {found}")]
pub struct NotAdded {
    /// The line, from one.
    pub line: usize,
    found: &'static str,
    /// What to write.
    pub help: &'static str,
}

/// The text with one approval more: behind the others, or at the end of the file. The line ends are those
/// of the text.
///
/// # Errors
/// If the text would then mean anything else than it does now, with the approval.
pub fn add_approval(file: &Arc<str>, text: &str, approval: &Approval) -> Result<String, NotAdded> {
    let unread = NotAdded { line: 1, found: "begins no good request", help: "see `arkib check`" };
    let source = YamlText::new(file, text.as_bytes()).map_err(|_| unread)?;
    let before = parse(&source).ok_or(unread)?;
    let list = source.line_range_of_key(KEY);
    let places = match list.clone() {
        Some(lines) => places_in_list(text, lines).unwrap_or_default(),
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
    texts.into_iter().find(is_right).ok_or_else(|| reason_not_added(text, list))
}

/// What stands in the way of an approval; `list` are the lines of the others.
fn reason_not_added(text: &str, list: Option<Range<usize>>) -> NotAdded {
    let not = |line, found, help| NotAdded { line, found, help };
    let lines = || (1..).zip(text.trim_start_matches('\u{feff}').lines());
    if let Some((line, _)) = lines().find(|(_, line)| line.split(' ').next() == Some("...")) {
        return not(line, "ends the document with `...`", "delete this line");
    }
    let is_content = |line: &str| !line.trim().is_empty() && !line.starts_with(['#', '-', '%']);
    match lines().find(|(_, line)| is_content(line)) {
        Some((line, first)) if first.trim_start().starts_with('{') => {
            let help = "write each key on a line of its own, without braces, such as `id: R-1`";
            not(line, "begins a request in braces", help)
        }
        Some((line, first)) if first.starts_with(' ') => {
            not(line, "is indented", "begin each key of the request at the start of its line")
        }
        _ => match list {
            Some(lines) => bad_list(text, lines.start),
            None => {
                let help = "end the file with a line end, or write `reason` before other keys";
                not(lines().count(), "ends the file so that nothing can follow", help)
            }
        },
    }
}

fn bad_list(text: &str, line: usize) -> NotAdded {
    let found = match text.lines().nth(line - 1).is_some_and(|line| line.contains('[')) {
        true => "writes `approvals` in brackets",
        false => "writes `approvals` otherwise than `- by: ADDRESS`",
    };
    let help = "write each approval on lines of its own, `  - by: ADDRESS` and below it `    date: DAY`; signatures stay valid";
    NotAdded { line, found, help }
}

/// A request without its approvals, and these.
type Parsed = (RawRequest, Vec<RawApproval>);

fn parse(source: &YamlText<'_>) -> Option<Parsed> {
    let mut draft = source.parse_draft::<RawRequest>()?;
    let approvals = draft.approvals.0.take().unwrap_or_default();
    Some((draft, approvals))
}

/// The text without the approval of that number, from zero.
///
/// # Errors
/// If the text would then mean anything else than it does now, without the approval.
pub fn remove_approval(file: &Arc<str>, text: &str, index: usize) -> Result<String, NotAdded> {
    let parsed = |text: &str| {
        let source = YamlText::new(file, text.as_bytes()).ok()?;
        Some((parse(&source)?, source.line_range_of_key(KEY)?))
    };
    let removed = || {
        let (mut before, lines) = parsed(text)?;
        let only = before.1.len() == 1;
        (index < before.1.len()).then(|| before.1.remove(index))?;
        let items = item_lines(text, &lines)?;
        let from = if only { lines.start } else { *items.get(index)? };
        let end = items.get(index + 1).copied().unwrap_or(lines.end);
        // A comment behind it is about what follows.
        let (last, _) = content_lines(text, &(from..end)).last()?;
        let (from, to) = (start_of_line(text, from), start_of_line(text, last + 1));
        let without = format!("{}{}", &text[..from], &text[to..]);
        let source = YamlText::new(file, without.as_bytes()).ok()?;
        (parse(&source)? == before).then_some(without)
    };
    let line = parsed(text).map_or(1, |(_, lines)| lines.start);
    removed().ok_or_else(|| bad_list(text, line))
}

/// Whether the bytes of a request's file hold an approval of somebody; also if nobody can read them.
pub fn may_hold_approval(file: &Arc<str>, bytes: &[u8], approver: &Mailbox) -> bool {
    let source = YamlText::new(file, bytes).ok();
    let Some((_, approvals)) = source.and_then(|source| parse(&source)) else { return true };
    let is_own = |Text(by): &Text| Mailbox::parse(by).is_ok_and(|by| by == *approver);
    approvals.iter().any(|approval| approval.by.as_ref().is_some_and(is_own))
}

/// The lines at which the items of a list begin that takes these lines.
fn item_lines(text: &str, lines: &Range<usize>) -> Option<Vec<usize>> {
    let mut own = content_lines(text, lines).skip(1).peekable();
    let indent = indent_of(own.peek()?.1);
    let items =
        own.filter(|(_, line)| indent_of(line) == indent && line[indent..].starts_with('-'));
    Some(items.map(|(number, _)| number).collect())
}

/// The lines with something other than a comment, with their numbers.
fn content_lines<'a>(
    text: &'a str,
    lines: &Range<usize>,
) -> impl Iterator<Item = (usize, &'a str)> + use<'a> {
    let lines = lines.clone();
    let numbered = (1..).zip(text.split_inclusive('\n'));
    numbered.filter(move |(number, line)| lines.contains(number) && !is_comment(line.trim()))
}

fn is_comment(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with('#')
}

fn indent_of(line: &str) -> usize {
    line.len() - line.trim_start().len()
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
struct InsertionPoint {
    /// The byte before which it is written.
    at: usize,
    /// What is written before it.
    key: &'static str,
    /// The column of its dash.
    indent: usize,
}

/// The places where there is no list yet: the end of the file; or before `reason`, whose text may go on to
/// the end of the file.
fn places_for_list(text: &str, reason: Option<Range<usize>>) -> Vec<InsertionPoint> {
    let place = |at| InsertionPoint { at, key: "approvals:\n", indent: 2 };
    let before = reason.map(|lines| place(start_of_line(text, lines.start)));
    [place(text.len())].into_iter().chain(before).collect()
}

/// The places in a list that takes these lines: behind the last approval; or before the first, if the file
/// has no line end behind it. `None` if it is written in brackets.
fn places_in_list(text: &str, lines: Range<usize>) -> Option<Vec<InsertionPoint>> {
    let mut own = content_lines(text, &lines);
    let (_, key) = own.next()?;
    let (_, value) = key.split_once(':')?;
    if !is_comment(value.trim()) {
        return None;
    }
    let own: Vec<(usize, &str)> = own.collect();
    let ((first, dash), (last, _)) = (own.first()?, own.last()?);
    let indent = indent_of(dash);
    let place = |line| InsertionPoint { at: start_of_line(text, line), key: "", indent };
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
