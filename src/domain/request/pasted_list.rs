//! Reads mailboxes as people paste them from a letter, a mail program or a table. Pure.

use std::borrow::Cow;

use crate::domain::mailbox_address::Mailbox;
use crate::language::Message;
use crate::text::excerpt;

/// A piece of a text that is no address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{piece}` is not a mailbox address: {why}")]
pub struct NotAnAddress {
    piece: String,
    why: Cow<'static, str>,
}

impl NotAnAddress {
    /// The same as a sentence for people.
    pub fn message(&self) -> Message {
        message!("request-not-an-address", found = &self.piece)
    }
}

/// The mailboxes of a text: addresses in any case, with blanks around, `mailto:`, a name and angle
/// brackets (`Siti Aminah <siti@agensi.example>`), separated by commas, semicolons or line ends.
///
/// If there are semicolons, as between the recipients of a mail, a comma belongs to a name. Anything
/// else is an error: the reason, without a full stop.
pub fn parse_mailboxes(text: &str) -> Vec<Result<Mailbox, NotAnAddress>> {
    let pieces = split_pieces(text).into_iter().flat_map(split_addresses);
    pieces.map(parse_mailbox).collect()
}

/// The one mailbox of a text.
pub fn parse_single_mailbox(text: &str) -> Result<Mailbox, String> {
    match parse_mailboxes(text).as_slice() {
        [one] => one.clone().map_err(|wrong| wrong.to_string()),
        [] => Err("expected an address such as siti.aminah@agensi.example".to_owned()),
        _ => Err("found several addresses, expected one".to_owned()),
    }
}

/// The parts with one mailbox each, or with several that only blanks separate.
fn split_pieces(text: &str) -> Vec<&str> {
    let has_semicolons = text.contains(';');
    let is_one_address =
        |piece: &str| has_semicolons && piece.contains('<') && piece.matches('@').count() == 1;
    let mut pieces = Vec::new();
    for piece in split_outside_quotes(text, &[';', '\n', '\r']) {
        if is_one_address(piece) {
            pieces.push(piece);
        } else {
            pieces.extend(split_outside_quotes(piece, &[',']));
        }
    }
    pieces.retain(|piece| !piece.trim().is_empty());
    pieces
}

/// The parts between separators that are outside quotes and angle brackets.
fn split_outside_quotes<'a>(text: &'a str, separators: &[char]) -> Vec<&'a str> {
    // An unclosed quote is an ordinary character.
    let has_pairs = text.matches('"').count().is_multiple_of(2);
    let (mut quoted, mut inside, mut start) = (false, false, 0);
    let mut parts = Vec::new();
    for (at, character) in text.char_indices() {
        match character {
            '"' if has_pairs => quoted = !quoted,
            '<' if !quoted => inside = true,
            '>' | '\n' => inside = false,
            _ => {}
        }
        if !quoted && !inside && separators.contains(&character) {
            parts.push(&text[start..at]);
            start = at + character.len_utf8();
        }
    }
    parts.push(&text[start..]);
    parts
}

/// The piece itself, or its words if each of them is an address.
fn split_addresses(piece: &str) -> Vec<&str> {
    let words: Vec<&str> = piece.split_whitespace().collect();
    let are_addresses = words.len() > 1 && words.iter().all(|word| word.contains('@'));
    if are_addresses && !piece.contains('"') { words } else { vec![piece.trim()] }
}

fn parse_mailbox(piece: &str) -> Result<Mailbox, NotAnAddress> {
    let wrong = |why: Cow<'static, str>| NotAnAddress { piece: excerpt(piece, 80), why };
    Mailbox::parse(extract_address(piece)).map_err(wrong)
}

/// The part of a piece that is written like an address.
fn extract_address(piece: &str) -> &str {
    let bracketed =
        piece.strip_suffix('>').and_then(|rest| rest.rsplit_once('<')).map(|(_, address)| address);
    let address = bracketed.unwrap_or(piece).trim();
    // As a spreadsheet writes that it is text: `="siti@agensi.example"`.
    let address = address.strip_prefix('=').filter(|rest| rest.starts_with('"')).unwrap_or(address);
    let address = address.trim_matches(|c| "\"'‘’“”".contains(c)).trim();
    match address.split_at_checked("mailto:".len()) {
        // A link may add fields, such as a subject (RFC 6068 section 2).
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("mailto:") => {
            rest.split('?').next().unwrap_or_default().trim()
        }
        _ => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        let read = parse_mailboxes(text).into_iter().map(|mailbox| match mailbox {
            Ok(mailbox) => mailbox.to_string(),
            Err(why) => format!("!{why}"),
        });
        read.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn reads_pasted_text() {
        for (text, expected) in [
            ("  SITI@Agensi.Example\t", "siti@a"),
            ("mailto:siti@agensi.example?subject=Arkib", "siti@a"),
            ("MAILTO:siti@agensi.example", "siti@a"),
            ("Siti Aminah <siti@agensi.example>", "siti@a"),
            ("<mailto:siti@agensi.example>", "siti@a"),
            ("\"Aminah, Siti\" <siti@agensi.example>, tan@agensi.example", "siti@a tan@a"),
            ("Aminah, Siti <siti@agensi.example>; Tan <tan@agensi.example>;", "siti@a tan@a"),
            ("siti@agensi.example,tan@agensi.example;", "siti@a tan@a"),
            ("siti@agensi.example tan@agensi.example", "siti@a tan@a"),
            ("siti@agensi.example\r\ntan@agensi.example\n\n", "siti@a tan@a"),
            ("\"siti@agensi.example\"", "siti@a"),
            ("\u{a0}siti@agensi.example\u{a0}", "siti@a"),
            ("o'brien@agensi.example", "o'brien@a"),
            ("", ""),
            (" ,; , ", ""),
        ] {
            let expected = expected.replace("@a ", "@agensi.example ");
            let expected = match expected.strip_suffix("@a") {
                Some(rest) => format!("{rest}@agensi.example"),
                None => expected,
            };
            assert_eq!(read(text), expected, "{text:?}");
        }
    }

    #[test]
    fn refuses_ambiguous_text() {
        for text in [
            "siti",
            "Siti Aminah",
            // It is not clear whether the first is part of a name or a mailbox.
            "siti, Tan <tan@agensi.example>",
            "Siti siti@agensi.example",
            "siti@agensi.example>",
            "<siti@agensi.example> (Siti)",
            "siti@agensi.example\u{200b}",
            "\"siti@agensi.example, tan@agensi.example\"",
        ] {
            assert!(parse_mailboxes(text).iter().any(Result::is_err), "{text:?}: {}", read(text));
        }
        assert!(parse_single_mailbox("siti@agensi.example, tan@agensi.example").is_err());
        assert!(parse_single_mailbox(" ").is_err());
    }
}
