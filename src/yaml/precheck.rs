//! What can be said of a file's bytes without any grammar, so that no parser meets hostile input. Pure.

use std::sync::Arc;

use super::unlocated_finding::{LocatedFinding, UnlocatedFinding};
use crate::finding::{Finding, Position};
use crate::text::{escape, is_unsafe};

/// The largest file that is read, in bytes. Ten thousand mailboxes take about 400 kB.
pub const MAX_BYTES: usize = 1024 * 1024;
/// How deeply lists and mappings may be nested. A request needs two levels.
const MAX_DEPTH: usize = 32;
/// The longest line, in characters; a reason may have two thousand.
const MAX_LINE: usize = 2_200;
/// The most blanks in a row, behind which text could go unseen.
const MAX_GAP: usize = 40;
/// How many bad characters of one file are shown.
const MAX_SHOWN: usize = 20;

/// The text of a file, without its BOM.
pub(super) fn decode_text<'a>(file: &Arc<str>, bytes: &'a [u8]) -> Result<&'a str, Vec<Finding>> {
    if bytes.len() > MAX_BYTES {
        return Err(vec![too_large_finding(file)]);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let (good, rest) = bytes.split_at(error.valid_up_to());
        let good = String::from_utf8_lossy(good);
        let line_start = good.rfind('\n').map_or(0, |at| at + 1);
        let line = String::from_utf8_lossy(&bytes[line_start..]);
        vec![Finding {
            position: Some(Position::at_character(
                good.matches('\n').count() + 1,
                good[line_start..].chars().count() + 1,
            )),
            source_line: line.lines().next().map(Into::into),
            ..Finding::whole_file(
                file,
                "not-utf-8",
                message!("yaml-not-utf-8", byte = format!("{:02x}", rest[0])),
                message!("yaml-not-utf-8-help"),
            )
        }]
    })
}

/// The finding for a file over [`MAX_BYTES`].
pub(crate) fn too_large_finding(file: &Arc<str>) -> Finding {
    Finding::whole_file(
        file,
        "file-too-large",
        message!("yaml-too-large", most = MAX_BYTES),
        message!("yaml-too-large-help"),
    )
}

/// Control characters, gaps, long lines and depth.
pub(super) fn check_text(text: &str) -> Vec<LocatedFinding> {
    let mut found = Vec::new();
    let mut flow_depth = 0_usize;
    let mut too_deep = false;
    let is_plain_ascii = is_plain_ascii(text);
    for (number, line) in (1..).zip(text.split('\n')) {
        if line.starts_with("<<<<<<< ") {
            // What follows is of two files, and its other problems are none.
            return vec![(Position::at_character(number, 1), conflict_marker_issue())];
        }
        if is_plain_ascii && is_surely_within_limits(line) {
            continue;
        }
        let line = line.strip_suffix('\r').unwrap_or(line);
        if line.len() > MAX_LINE && line.chars().count() > MAX_LINE {
            found.push((Position::at_character(number, 1), line_too_long_issue()));
            continue;
        }
        if let Some(column) = wide_gap_at(line) {
            found.push((Position::at_character(number, column), wide_gap_issue()));
        }
        if line.bytes().any(may_begin_unsafe) {
            find_bad_characters(number, line, &mut found);
        }
        if !too_deep && let Some(column) = find_too_deep(line, &mut flow_depth) {
            too_deep = true;
            found.push((Position::at_character(number, column), nested_too_deeply_issue()));
        }
    }
    found.truncate(MAX_SHOWN);
    found
}

/// Whether a text is of visible ASCII and line feeds alone, without a bracket. (No early end: a
/// processor looks at many bytes at a time.)
fn is_plain_ascii(text: &str) -> bool {
    text.bytes().fold(true, |plain, byte| {
        let is_visible = (0x20..0x7f).contains(&byte);
        let is_bracket = byte == b'[' || byte == b']' || byte == b'{' || byte == b'}';
        plain & ((is_visible & !is_bracket) | (byte == b'\n'))
    })
}

/// Whether a line of a plain text is too short for a dash with a blank behind it on every level, and
/// has too few blanks for a gap.
fn is_surely_within_limits(line: &str) -> bool {
    let blanks = || line.bytes().filter(|byte| *byte == b' ').count();
    line.len() <= MAX_GAP || (line.len() <= 2 * MAX_DEPTH && blanks() <= MAX_GAP)
}

/// Bytes that begin, or are, a character of [`is_unsafe`]; a quick check.
fn may_begin_unsafe(byte: u8) -> bool {
    byte < 0x20 || matches!(byte, 0x7f | 0xc2 | 0xcd | 0xd8 | 0xe1..=0xe3 | 0xef | 0xf0 | 0xf3)
}

fn find_bad_characters(line: usize, text: &str, found: &mut Vec<LocatedFinding>) {
    for (column, character) in (1..).zip(text.chars()) {
        if found.len() >= MAX_SHOWN {
            return;
        }
        let issue = match character {
            // YAML allows tabs in some places and not in others, and parsers differ on which.
            '\t' => UnlocatedFinding::notation_error(
                "tab",
                message!("yaml-tab"),
                message!("yaml-tab-help"),
            ),
            _ if is_unsafe(character) => control_character_issue(character),
            _ => continue,
        };
        found.push((Position::at_character(line, column), issue));
    }
}

fn control_character_issue(character: char) -> UnlocatedFinding {
    let mut shown = escape(character.encode_utf8(&mut [0; 4])).into_owned();
    if !shown.contains("U+") {
        shown.push_str(&format!(" (U+{:04X})", character as u32));
    }
    UnlocatedFinding::notation_error(
        "control-character",
        message!("yaml-invisible", shown),
        message!("yaml-invisible-help"),
    )
}

/// The column of a line at which nesting goes past [`MAX_DEPTH`]. Brackets inside quotes count as
/// well: no honest text holds so many that are never closed.
fn find_too_deep(line: &str, flow_depth: &mut usize) -> Option<usize> {
    let mut block_depth = 0;
    let mut leading = true;
    let bytes = line.as_bytes();
    for (index, byte) in bytes.iter().enumerate() {
        match byte {
            b'[' | b'{' => *flow_depth += 1,
            b']' | b'}' => *flow_depth = flow_depth.saturating_sub(1),
            b'-' | b'?' | b':'
                if leading && matches!(bytes.get(index + 1), None | Some(b' ' | b'\t')) =>
            {
                block_depth += 1;
            }
            b' ' | b'\t' => continue,
            _ => leading = false,
        }
        if *flow_depth + block_depth > MAX_DEPTH {
            return Some(line[..index].chars().count() + 1);
        }
    }
    None
}

/// The column of the text behind a gap that is too wide.
fn wide_gap_at(line: &str) -> Option<usize> {
    let mut blanks = 0;
    for (index, character) in line.chars().enumerate() {
        if character == ' ' {
            blanks += 1;
        } else {
            if blanks > MAX_GAP && character != '#' {
                return Some(index + 1);
            }
            blanks = 0;
        }
    }
    None
}

fn wide_gap_issue() -> UnlocatedFinding {
    UnlocatedFinding::notation_error(
        "wide-gap",
        message!("yaml-gap", most = MAX_GAP),
        message!("yaml-gap-help"),
    )
}

fn conflict_marker_issue() -> UnlocatedFinding {
    UnlocatedFinding::notation_error(
        "conflict",
        message!("yaml-conflict-marker"),
        message!("yaml-conflict-marker-help"),
    )
}

fn line_too_long_issue() -> UnlocatedFinding {
    UnlocatedFinding::notation_error(
        "line-too-long",
        message!("yaml-long-line", most = MAX_LINE),
        message!("yaml-long-line-help"),
    )
}

fn nested_too_deeply_issue() -> UnlocatedFinding {
    UnlocatedFinding::notation_error(
        "nested-too-deeply",
        message!("yaml-nested", most = MAX_DEPTH),
        message!("yaml-nested-help"),
    )
}

/// Whether the text may hold what only the exact reader can judge: an anchor, an alias or a tag,
/// which it tells from an `&`, `*` or `!` inside a text; an escape; a number in an odd notation; a
/// list or mapping in brackets that goes on below its line, where parsers differ on indentation.
pub(super) fn needs_exact_parse(text: &str) -> bool {
    let bytes = text.as_bytes();
    let before = |index: usize| index.checked_sub(1).map_or(b'\n', |index| bytes[index]);
    let next = |index: usize| bytes.get(index + 1).copied().unwrap_or(b'\n');
    let begins = |index: usize| {
        matches!(
            before(index),
            b' ' | b'\t' | b'\n' | b'\r' | b'[' | b'{' | b',' | b':' | b'-' | b'?'
        )
    };
    let mut open = 0_usize;
    bytes.iter().enumerate().any(|(index, byte)| match byte {
        b'\\' => true,
        b'[' | b'{' => {
            open += 1;
            false
        }
        b']' | b'}' => {
            open = open.saturating_sub(1);
            false
        }
        b'\n' => open > 0,
        b'&' | b'*' | b'!' => begins(index) && !next(index).is_ascii_whitespace(),
        // A day holds `-0`, too, but never a blank before it.
        b'0' | b'+' => {
            begins(index) && before(index) != b'-' && next(index).is_ascii_alphanumeric()
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conflict_marker_is_the_only_finding() {
        let text = "id: R-1\n<<<<<<< HEAD\n\tx\n=======\n>>>>>>> approve/R-1\n";
        let [(position, issue)] = &check_text(text)[..] else { panic!("one finding") };
        assert_eq!((position.line, issue.kind), (2, "conflict"));
        assert!(check_text("reason: |\n  <<<<<<< not git's\n").is_empty());
    }

    #[test]
    fn every_unsafe_character_is_looked_at() {
        for character in ('\0'..=char::MAX).filter(|character| is_unsafe(*character)) {
            let mut bytes = [0; 4];
            let first = character.encode_utf8(&mut bytes).as_bytes()[0];
            assert!(may_begin_unsafe(first), "U+{:04X}", character as u32);
        }
    }
}
