//! Replaces secrets in text. Pure.

use std::borrow::Cow;
use std::ops::Range;

use crate::text::is_unsafe;

/// What stands in the place of a secret.
const REPLACEMENT: &str = "[token]";

/// The secrets to replace.
#[derive(Default)]
pub struct Redactor {
    /// In lower case, the longest first: one may begin with another.
    secrets: Vec<String>,
}

impl Redactor {
    /// None yet.
    pub const fn new() -> Self {
        Self { secrets: Vec::new() }
    }

    /// From now on this text is replaced, in any case.
    pub fn add(&mut self, secret: &str) {
        let secret = secret.to_ascii_lowercase();
        if secret.is_empty() || self.secrets.contains(&secret) {
            return;
        }
        let longer = |known: &String| known.len() >= secret.len();
        let place = self.secrets.partition_point(longer);
        self.secrets.insert(place, secret);
    }

    /// The text without secrets.
    pub fn redact<'text>(&self, text: &'text str) -> Cow<'text, str> {
        let mut clean = Cow::Borrowed(text);
        // Lower case of ASCII alone keeps every place.
        let mut lower = text.to_ascii_lowercase();
        for secret in &self.secrets {
            if lower.contains(secret) {
                let redact = replace_secret(&clean, &lower, secret);
                lower = redact.to_ascii_lowercase();
                clean = Cow::Owned(redact);
            }
        }
        clean
    }

    /// As [`Redactor::redact`], and without secrets in pieces: broken into lines, with blanks or invisible
    /// characters between, or partly written with the escapes of JSON or of an address.
    pub fn redact_pieces(&self, text: &str) -> String {
        let mut clean = self.redact(text).into_owned();
        for secret in &self.secrets {
            let (secret, _) = join_pieces(secret);
            let (joined, places) = join_pieces(&clean);
            // Pieces of a short one are in any text.
            let is_long = secret.len() >= 8;
            for (at, _) in joined.rmatch_indices(&secret).filter(|_| is_long) {
                let (first, last) = (&places[at], &places[at + secret.len() - 1]);
                clean.replace_range(first.start..last.end, REPLACEMENT);
            }
        }
        clean
    }
}

/// A text in lower case without blanks and escapes, and where in the text each of its bytes stands.
fn join_pieces(text: &str) -> (String, Vec<Range<usize>>) {
    let (mut joined, mut places, mut rest) = (String::new(), Vec::new(), text);
    while let Some(plain) = rest.chars().next() {
        let code = |digits: Range<usize>| {
            let code = u32::from_str_radix(rest.get(digits.clone())?, 16).ok()?;
            Some((char::from_u32(code)?, digits.end))
        };
        let escaped = match rest.as_bytes() {
            [b'\\', b'u', ..] => code(2..6),
            [b'\\', b'n' | b'r' | b't', ..] => Some((' ', 2)),
            [b'\\', sign @ (b'/' | b'\\' | b'"'), ..] => Some((char::from(*sign), 2)),
            [b'%', ..] => code(1..3).filter(|(character, _)| character.is_ascii()),
            _ => None,
        };
        let (character, length) = escaped.unwrap_or((plain, plain.len_utf8()));
        let at = text.len() - rest.len();
        if !character.is_whitespace() && !is_unsafe(character) {
            joined.push(character.to_ascii_lowercase());
            places.resize(joined.len(), at..at + length);
        }
        rest = &rest[length..];
    }
    (joined, places)
}

fn replace_secret(text: &str, lower: &str, secret: &str) -> String {
    let mut redact = String::with_capacity(text.len());
    let mut rest = 0;
    for (at, _) in lower.match_indices(secret) {
        redact.push_str(&text[rest..at]);
        redact.push_str(REPLACEMENT);
        rest = at + secret.len();
    }
    redact.push_str(&text[rest..]);
    redact
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redact(secrets: &[&str], text: &str) -> String {
        let mut hidden = Redactor::new();
        secrets.iter().for_each(|secret| hidden.add(secret));
        hidden.redact(text).into_owned()
    }

    #[test]
    fn replaces_secrets_in_any_case() {
        assert_eq!(redact(&["Rahsia"], "éRAHSIArahsia é"), "é[token][token] é");
        assert_eq!(redact(&[], "rahsia"), "rahsia");
        assert_eq!(redact(&[""], "rahsia"), "rahsia");
    }

    #[test]
    fn replaces_the_longest_secret_first() {
        for secrets in [["rahsia", "rahsia-baharu"], ["rahsia-baharu", "rahsia"]] {
            assert_eq!(redact(&secrets, "a rahsia-baharu"), "a [token]");
        }
    }

    #[test]
    fn replaces_secrets_in_pieces() {
        let mut hidden = Redactor::new();
        hidden.add("Rahsia/4711-b%41");
        for text in [
            "Rahsia/4711-b%41",
            "Rahsia/\n4711-b%41",
            "rah sia/4711\u{200b}-b%41",
            "Rahsi\\u0061/4711-b%41",
            "Rahsia\\/4711\\n-b%41",
            "%52ahsia%2f4711-b%41",
            "R\\u0061\r\n  hsia%2F4711-bA",
        ] {
            assert_eq!(hidden.redact_pieces(&format!("é {text} é")), "é [token] é", "{text}");
        }
        let twice = "Rahsia/4711-b%41, Rahsia/ 4711-b%41 \\u00e9 100% \\";
        assert_eq!(hidden.redact_pieces(twice), "[token], [token] \\u00e9 100% \\");
        assert_eq!(hidden.redact_pieces("rahsia/4711"), "rahsia/4711");
    }

    #[test]
    fn replacement_is_not_searched_again() {
        assert_eq!(redact(&["t"], "at"), "a[token]");
        assert_eq!(redact(&["[token]x"], "[token]xx"), "[token]x");
    }
}
