//! Breaks text where a screen ends. Pure.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr};

/// The text in lines of at most so many columns, broken at blanks. What follows a break is indented by
/// `hang` more than its line. What is in backticks stays in one line if it can, and a command always, so
/// that it can be copied. Colours have no width.
pub fn wrap(text: &str, columns: usize, hang: usize) -> String {
    let lines = text.split('\n').map(|line| match width(line) > columns {
        true => Cow::Owned(wrap_line(line, columns, hang)),
        false => Cow::Borrowed(line),
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn wrap_line(line: &str, columns: usize, hang: usize) -> String {
    let rest = line.trim_start_matches(' ');
    let mut wrapped = line[..line.len() - rest.len()].to_owned();
    let next = format!("\n{}", " ".repeat(wrapped.len() + hang));
    let mut used = wrapped.len();
    for (index, piece) in pieces(rest, columns.saturating_sub(next.len())).iter().enumerate() {
        let width = width(piece);
        if index > 0 && used + 1 + width > columns {
            wrapped.truncate(wrapped.trim_end_matches(' ').len());
            wrapped.push_str(&next);
            used = next.len() - 1;
        } else if index > 0 {
            wrapped.push(' ');
            used += 1;
        }
        if used + width > columns {
            used = push_wide(piece, (columns, used), &next, &mut wrapped);
        } else {
            wrapped.push_str(piece);
            used += width;
        }
    }
    wrapped
}

/// Adds a word that is longer than a line. Characters of two columns need no blank to break at; any other
/// word stays whole. Returns the columns that its last line takes.
fn push_wide(
    word: &str,
    (columns, mut used): (usize, usize),
    next: &str,
    to: &mut String,
) -> usize {
    for letter in word.chars() {
        let width = letter.width().unwrap_or(0);
        if width == 2 && used + width > columns {
            to.push_str(next);
            used = next.len() - 1;
        }
        to.push(letter);
        used += width;
    }
    used
}

/// The words of a line; what is in backticks is one if it is not longer than `most` columns, or a command.
fn pieces(line: &str, most: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = line;
    while !rest.is_empty() {
        let word = rest.split(' ').next().unwrap_or(rest);
        let quoted = word.find('`').filter(|_| word.matches('`').count() % 2 == 1);
        let closing = quoted.and_then(|at| rest[at + 1..].find('`').map(|length| at + length + 2));
        let end = closing.map(|end| end + rest[end..].find(' ').unwrap_or(rest.len() - end));
        let is_whole = |end: &usize| width(&rest[..*end]) <= most || word == "`arkib";
        let end = end.filter(is_whole).unwrap_or(word.len());
        pieces.push(&rest[..end]);
        rest = rest[end..].strip_prefix(' ').unwrap_or("");
    }
    pieces
}

/// The columns of a text on a screen.
pub fn width(text: &str) -> usize {
    anstream::adapter::strip_str(text).map(UnicodeWidthStr::width).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_blanks() {
        let text = "help: run `arkib portal rehearse` first, then again\n  a b";
        let wrapped = "help: run\n  `arkib portal rehearse`\n  first, then again\n  a b";
        assert_eq!(wrap(text, 26, 2), wrapped);
        assert_eq!(wrap(text, 51, 2), text);
        // What is longer than a line is not cut.
        assert_eq!(wrap("a `b c d` e", 6, 0), "a `b c\nd` e");
        assert_eq!(wrap("a `arkib d` e", 6, 0), "a\n`arkib d`\ne");
        assert_eq!(wrap("  aaaaaaaaa b`c", 5, 2), "  aaaaaaaaa\n    b`c");
        // Colours have no width, and wide characters have two columns.
        assert_eq!(wrap("a 漢字漢字", 6, 2), "a\n  漢字\n  漢字");
        assert_eq!(wrap("\u{1b}[1mab\u{1b}[0m cd 漢字", 6, 0), "\u{1b}[1mab\u{1b}[0m cd\n漢字");
    }
}
