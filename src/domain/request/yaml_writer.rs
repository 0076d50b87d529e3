//! Writes a request file from its draft, so that it is easy to read and is read back unchanged,
//! whatever a reference or a reason contains. Pure.

#[cfg(test)]
mod tests;

use std::fmt::Write as _;
use std::sync::Arc;

use super::raw::RawRequest;
use crate::domain::local_time::parse_day;
use crate::yaml::{Text, WholeNumber, YamlText};

/// The most characters of a text that are written on one line. (The reader takes 2,200 a line.)
const MOST_ON_A_LINE: usize = 1_000;
/// The same for escaped text, where a character takes up to ten characters.
const MOST_ESCAPED: usize = 200;
/// After this many blanks in a row, blanks are escaped, so that they are visible. (The reader takes
/// 40.)
const MOST_BLANKS: usize = 20;
/// With more open brackets than this, brackets are escaped. (The reader takes 32 in a whole file.)
const MOST_BRACKETS: usize = 8;

/// The file of a draft. An error is a bug in this module: the file would mean something else. Invalid
/// values are not its task: the checks report them.
pub fn draft_to_yaml(draft: &RawRequest) -> Result<String, &'static str> {
    let text = render_draft(draft);
    let name: Arc<str> = "the new request".into();
    let read: Option<RawRequest> =
        YamlText::new(&name, text.as_bytes()).ok().and_then(|source| source.parse_draft());
    match read {
        Some(read) if read != *draft => Err("the file would not be read back as it was meant"),
        _ => Ok(text),
    }
}

/// The text of a draft, in the order in which people read requests.
fn render_draft(draft: &RawRequest) -> String {
    let mut text = String::new();
    if let Some(version) = &*draft.version {
        let _ = writeln!(text, "version: {}", version.0);
    }
    push_field(&mut text, "", "id", &draft.id);
    push_field(&mut text, "", "action", &draft.action);
    push_field(&mut text, "", "withdraws", &draft.withdraws);
    if let Some(mailboxes) = &*draft.mailboxes {
        let none = if mailboxes.is_empty() { " []" } else { "" };
        let _ = writeln!(text, "mailboxes:{none}");
        for Text(mailbox) in mailboxes {
            let _ = writeln!(text, "  - {}", write_scalar(mailbox, "  "));
        }
    }
    if let Some(received) = &*draft.received {
        text.push_str("received:\n");
        push_field(&mut text, "  ", "date", &received.date);
        push_field(&mut text, "  ", "channel", &received.channel);
        push_field(&mut text, "  ", "reference", &received.reference);
        push_field(&mut text, "  ", "from", &received.from);
        push_field(&mut text, "  ", "name", &received.name);
        push_field(&mut text, "  ", "file", &received.file);
    }
    if let Some(documents) = &*draft.evidence {
        text.push_str("evidence:\n");
        for document in documents {
            push_field(&mut text, "  - ", "file", &document.file);
            push_field(&mut text, "    ", "sha256", &document.sha256);
            if let Some(WholeNumber(size)) = *document.size {
                let _ = writeln!(text, "    size: {size}");
            }
        }
    }
    if let Some(approvals) = &*draft.approvals {
        text.push_str("approvals:\n");
        for approval in approvals {
            push_field(&mut text, "  - ", "by", &approval.by);
            push_field(&mut text, "    ", "date", &approval.date);
            push_field(&mut text, "    ", "signature", &approval.signature);
        }
    }
    push_field(&mut text, "", "effective", &draft.effective);
    push_field(&mut text, "", "reason", &draft.reason);
    text
}

fn push_field(text: &mut String, indent: &str, key: &str, value: &Option<Text>) {
    if let Some(Text(value)) = value {
        let _ = writeln!(text, "{indent}{key}: {}", write_scalar(value, indent));
    }
}

/// A scalar in the simplest style that can hold the text.
pub(crate) fn write_scalar(text: &str, indent: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    if let Some(block) = block_scalar(text, indent) {
        return block;
    }
    let is_short = text.chars().count() <= MOST_ON_A_LINE;
    let is_simple = is_short && !text.chars().any(needs_escape) && is_easy_to_read(text);
    match (text.contains(['"', '\\']), text.contains('\'')) {
        (false, _) if is_simple => format!("\"{text}\""),
        (true, false) if is_simple => format!("'{text}'"),
        _ => escaped_scalar(text, indent),
    }
}

/// Whether every YAML reader, also an old one, reads the text without quotes as the same text: it is
/// no number, boolean or null, and has no special characters.
fn is_plain(text: &str) -> bool {
    parse_day(text).is_ok() || is_address(text) || is_plain_words(text)
}

/// An address of letters, digits and `.-_+` that begins with a letter.
fn is_address(text: &str) -> bool {
    text.contains('@')
        && text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"@.-_+".contains(&byte))
}

fn is_plain_words(text: &str) -> bool {
    const TAKEN: [&str; 9] = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"];
    let lower = text.to_ascii_lowercase();
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.ends_with(|last: char| last.is_alphanumeric() || ".)".contains(last))
        && text.chars().all(|c| c.is_alphanumeric() || " .,/()-_+".contains(c))
        && !text.contains("  ")
        && text.chars().count() <= MOST_ON_A_LINE
        && !TAKEN.contains(&lower.as_str())
}

/// Several lines as a block, if each begins and ends with a visible character.
fn block_scalar(text: &str, indent: &str) -> Option<String> {
    let body = text.strip_suffix('\n').unwrap_or(text);
    let is_line = |line: &str| {
        let starts = |first: char| !(" -?:%[]{}".contains(first));
        line.is_empty()
            || (line.starts_with(starts)
                && !line.ends_with(' ')
                && line.chars().count() <= 2 * MOST_ON_A_LINE)
    };
    let fits = body.contains('\n')
        && !body.starts_with('\n')
        && !body.ends_with('\n')
        && is_easy_to_read(body)
        && !body.chars().any(|c| c != '\n' && needs_escape(c))
        && body.split('\n').all(is_line);
    if !fits {
        return None;
    }
    let mut written = if body.len() == text.len() { "|-" } else { "|" }.to_owned();
    for line in body.split('\n') {
        written.push('\n');
        if !line.is_empty() {
            written.push_str(indent);
            written.push_str("  ");
            written.push_str(line);
        }
    }
    Some(written)
}

/// Double quotes, which can hold any text (YAML 1.2 section 7.3.1), on several lines if needed.
fn escaped_scalar(text: &str, indent: &str) -> String {
    let hides_brackets = count_opening_brackets(text) > MOST_BRACKETS;
    let (mut written, mut on_line, mut blanks) = ("\"".to_owned(), 0, 0);
    for character in text.chars() {
        blanks = if character == ' ' { blanks + 1 } else { 0 };
        let begins_line = on_line >= MOST_ESCAPED;
        if begins_line {
            // An escaped line end joins the lines without a blank.
            let _ = write!(written, "\\\n{indent}  ");
            on_line = 0;
        }
        match character {
            '\n' => written.push_str("\\n"),
            '"' => written.push_str("\\\""),
            '\\' => written.push_str("\\\\"),
            ' ' if blanks > MOST_BLANKS => written.push_str("\\x20"),
            '[' | '{' if hides_brackets => push_hex(&mut written, character),
            // At the start of a line a blank would be lost, and a sign could have a meaning in YAML.
            c if begins_line && c.is_ascii() && !c.is_ascii_alphanumeric() => {
                push_hex(&mut written, c);
            }
            c if needs_escape(c) => {
                let _ = match u32::from(c) {
                    code @ ..=0xffff => write!(written, "\\u{code:04X}"),
                    code => write!(written, "\\U{code:08X}"),
                };
            }
            c => written.push(c),
        }
        on_line += 1;
    }
    written.push('"');
    written
}

fn push_hex(written: &mut String, character: char) {
    let _ = write!(written, "\\x{:02X}", u32::from(character));
}

/// Whether a character is not allowed in YAML (YAML 1.2 section 5.1) or is invisible.
fn needs_escape(character: char) -> bool {
    crate::text::is_unsafe(character)
        || matches!(character, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..)
        || u32::from(character) & 0xfffe == 0xfffe
}

/// Whether a text has neither many blanks in a row nor many brackets.
fn is_easy_to_read(text: &str) -> bool {
    !text.contains(&" ".repeat(MOST_BLANKS + 1)) && count_opening_brackets(text) <= MOST_BRACKETS
}

fn count_opening_brackets(text: &str) -> usize {
    text.matches(['[', '{']).count()
}
