//! Texts that must not be shown, and other text without them. Pure.

use std::borrow::Cow;

/// What stands in the place of a secret.
const PUT: &str = "[token]";

/// Secrets, whoever they are kept from.
#[derive(Default)]
pub struct Hidden {
    /// In lower case, the longest first: one may begin with another.
    secrets: Vec<String>,
}

impl Hidden {
    /// None yet.
    pub const fn new() -> Self {
        Self {
            secrets: Vec::new(),
        }
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
    pub fn without<'text>(&self, text: &'text str) -> Cow<'text, str> {
        let mut clean = Cow::Borrowed(text);
        // Lower case of ASCII alone keeps every place.
        let mut lower = text.to_ascii_lowercase();
        for secret in &self.secrets {
            if lower.contains(secret) {
                let without = replaced(&clean, &lower, secret);
                lower = without.to_ascii_lowercase();
                clean = Cow::Owned(without);
            }
        }
        clean
    }
}

fn replaced(text: &str, lower: &str, secret: &str) -> String {
    let mut without = String::with_capacity(text.len());
    let mut rest = 0;
    for (at, _) in lower.match_indices(secret) {
        without.push_str(&text[rest..at]);
        without.push_str(PUT);
        rest = at + secret.len();
    }
    without.push_str(&text[rest..]);
    without
}

#[cfg(test)]
mod tests {
    use super::*;

    fn without(secrets: &[&str], text: &str) -> String {
        let mut hidden = Hidden::new();
        secrets.iter().for_each(|secret| hidden.add(secret));
        hidden.without(text).into_owned()
    }

    #[test]
    fn replaces_secrets_in_any_case() {
        assert_eq!(without(&["Rahsia"], "éRAHSIArahsia é"), "é[token][token] é");
        assert_eq!(without(&[], "rahsia"), "rahsia");
        assert_eq!(without(&[""], "rahsia"), "rahsia");
    }

    #[test]
    fn replaces_the_longest_secret_first() {
        for secrets in [["rahsia", "rahsia-baharu"], ["rahsia-baharu", "rahsia"]] {
            assert_eq!(without(&secrets, "a rahsia-baharu"), "a [token]");
        }
    }

    #[test]
    fn replacement_is_not_searched_again() {
        assert_eq!(without(&["t"], "at"), "a[token]");
        assert_eq!(without(&["[token]x"], "[token]xx"), "[token]x");
    }
}
