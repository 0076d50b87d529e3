//! Replaces secrets in text. Pure.

use std::borrow::Cow;

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
    fn replacement_is_not_searched_again() {
        assert_eq!(redact(&["t"], "at"), "a[token]");
        assert_eq!(redact(&["[token]x"], "[token]xx"), "[token]x");
    }
}
