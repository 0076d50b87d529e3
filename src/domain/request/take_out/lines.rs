//! The lines of a request's text, out of which some are taken and the others stay as they are. Pure.

use crate::domain::mailbox::Mailbox;
use crate::domain::personal::mentions;
use crate::domain::request::Redaction;
use crate::finding::Position;
use crate::yaml::{Path, Source, comment};

/// A text under the knife: its lines with their ends; one that is gone is `None`.
pub(super) struct Edit<'a> {
    source: &'a Source<'a>,
    lines: Vec<Option<String>>,
    end: &'static str,
}

impl<'a> Edit<'a> {
    pub(super) fn new(source: &'a Source<'a>) -> Self {
        let lines = source.text().split_inclusive('\n');
        Self {
            source,
            lines: lines.map(|line| Some(line.to_owned())).collect(),
            end: if source.text().contains("\r\n") {
                "\r\n"
            } else {
                "\n"
            },
        }
    }

    fn place(&self, at: Path) -> Result<Position, String> {
        let found = self.source.locate(&[at]).and_then(|it| it.first().copied());
        found.ok_or_else(|| "it can no longer be read".to_owned())
    }

    pub(super) fn take_mailboxes(&mut self, gone: &[usize], all: usize) -> Result<(), String> {
        let paths: Vec<Path> = gone
            .iter()
            .map(|index| Path::keys("mailboxes").index(*index))
            .collect();
        let places = self.source.locate(&paths).unwrap_or_default();
        let mut is_block = false;
        // From the end, so that places before stay what they are.
        for at in places.into_iter().rev() {
            is_block |= self.take(at, "-");
        }
        if !gone.is_empty() && gone.len() == all && is_block {
            let key = self.source.lines_of("mailboxes").map(|lines| lines.start);
            let line = key.and_then(|key| self.lines.get_mut(key - 1)?.as_mut());
            let line = line.ok_or("the key `mailboxes` is not where it is expected")?;
            let colon = line.find(':').map_or(line.len(), |at| at + 1);
            line.insert_str(colon, " []");
        }
        Ok(())
    }

    /// Takes out a key of a mapping with its value.
    pub(super) fn take_value(&mut self, key: &str) -> Result<(), String> {
        let at = self.place(Path::keys(key))?;
        let name = key.rsplit('.').next().unwrap_or(key);
        let before: String = self.line(at).chars().take(at.column - 1).collect();
        let key_at = before
            .rfind(name)
            .ok_or("its value stands on another line")?;
        let key_at = match before[..key_at].chars().next_back() {
            Some('"' | '\'') => key_at - 1,
            _ => key_at,
        };
        let column = before[..key_at].chars().count() + 1;
        let length = at.column + at.length - column;
        self.take(
            Position {
                column,
                length,
                ..at
            },
            "",
        );
        Ok(())
    }

    fn line(&self, at: Position) -> &str {
        let line = self.lines.get(at.line - 1).and_then(Option::as_deref);
        line.unwrap_or_default()
    }

    /// Takes out what stands there: the whole line where nothing but `mark` is before it, else the
    /// value alone with its comma. Says whether it was the line.
    fn take(&mut self, at: Position, mark: &str) -> bool {
        let line: Vec<char> = self.line(at).chars().collect();
        let (from, to) = (at.column - 1, (at.column - 1 + at.length).min(line.len()));
        let before: String = line[..from.min(line.len())].iter().collect();
        let after: String = line[to..].iter().collect();
        let rest = after.trim();
        let is_line = before.trim() == mark && (rest.is_empty() || rest.starts_with('#'));
        let Some(slot) = self.lines.get_mut(at.line - 1) else {
            return false;
        };
        if is_line {
            *slot = None;
            return true;
        }
        let left = match after.trim_start_matches(' ').strip_prefix(',') {
            Some(rest) => format!("{before}{}", rest.trim_start_matches(' ')),
            None => {
                let before = before.trim_end_matches(' ');
                let before = before.strip_suffix(',').unwrap_or(before);
                format!("{before}{after}")
            }
        };
        *slot = Some(left);
        false
    }

    /// Takes out a key of the document with all its lines; comments and empty lines that stand
    /// before the next key stay.
    pub(super) fn take_key(&mut self, key: &str) -> Result<(), String> {
        let lines = self.source.lines_of(key);
        let lines = lines.ok_or_else(|| format!("the key `{key}` is not where it is expected"))?;
        let last = lines.end.min(self.lines.len() + 1);
        let mut range: Vec<usize> = (lines.start - 1..last - 1).collect();
        let is_beside = |line: &Option<String>| {
            let line = line.as_deref().unwrap_or_default();
            line.trim().is_empty() || line.starts_with(['#', '.'])
        };
        while range.last().is_some_and(|at| is_beside(&self.lines[*at])) {
            range.pop();
        }
        range.into_iter().for_each(|at| self.lines[at] = None);
        Ok(())
    }

    /// Takes out the comments that mention the people.
    pub(super) fn take_comments(&mut self, people: &[Mailbox]) -> usize {
        let block = self.source.lines_of("redacted").unwrap_or(0..0);
        let mut count = 0;
        for (number, slot) in (1..).zip(&mut self.lines) {
            let Some(line) = slot.as_ref().filter(|_| !block.contains(&number)) else {
                continue;
            };
            let body = line.trim_end_matches(['\r', '\n']);
            let at = match comment(body) {
                // A line of its own goes whole.
                Some(at) if body[..at].trim().is_empty() => Some(0),
                at => at,
            };
            let Some(at) = at.filter(|at| mentions(&body[*at..], people)) else {
                continue;
            };
            let kept = body[..at].trim_end();
            let end = &line[body.len()..];
            let left = (!kept.is_empty()).then(|| format!("{kept}{end}"));
            *slot = left;
            count += 1;
        }
        count
    }

    /// The text with the block that says so, in place of one that was there.
    pub(super) fn with_block(mut self, redaction: &Redaction) -> String {
        if self.source.lines_of("redacted").is_some() {
            // It was found just now.
            let _ = self.take_key("redacted");
        }
        let mut text: String = self.lines.into_iter().flatten().collect();
        if !text.is_empty() && !text.ends_with('\n') {
            text.push_str(self.end);
        }
        let Redaction { date, by, reason } = redaction;
        let lines = [
            "redacted:".to_owned(),
            format!("  date: {date}"),
            format!("  by: {by}"),
            format!("  reason: {}", quoted(reason)),
        ];
        for line in lines {
            text.push_str(&line);
            text.push_str(self.end);
        }
        text
    }
}

/// A text as YAML reads it again, in quotes where it needs them (YAML 1.2 section 7.3.2).
fn quoted(text: &str) -> String {
    let is_plain = text.contains(' ')
        && text.starts_with(|it: char| it.is_ascii_alphabetic())
        && text.trim() == text
        && text
            .chars()
            .all(|it| it.is_alphanumeric() || " .,()/-".contains(it));
    if is_plain {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "''"))
    }
}
