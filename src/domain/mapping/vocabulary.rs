//! A portal's words and their meanings: for the states of archives and accounts, and for legal holds.

use crate::domain::archive_state::{AccountState, State};
use crate::text::one_line;

/// A portal's words and their meanings. If several words mean the same, the first is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vocabulary<T> {
    /// Each word in lower case for comparing, as written, and its meaning.
    words: Vec<(String, String, T)>,
}

impl<T> Default for Vocabulary<T> {
    fn default() -> Self {
        Self { words: Vec::new() }
    }
}

impl<T: PartialEq> Vocabulary<T> {
    /// Takes words with their meanings, in the order of preference.
    pub fn new<'a>(words: impl IntoIterator<Item = (&'a str, T)>) -> Self {
        let each = words.into_iter();
        Self {
            words: each
                .map(|(word, meaning)| (fold_case(word), word.to_owned(), meaning))
                .collect(),
        }
    }

    /// The meaning of a word of the portal; case and the width of blanks make no difference.
    pub fn meaning_of(&self, word: &str) -> Option<&T> {
        self.find(word).map(|(_, meaning)| meaning)
    }

    /// A word of the portal as it is written here, and its meaning.
    pub fn find(&self, word: &str) -> Option<(&str, &T)> {
        // Half a million mailboxes have a few words each, so this avoids a copy of most of them.
        let plain = word.trim();
        let mut words = self.words.iter();
        let found = words.find(|(known, ..)| known.eq_ignore_ascii_case(plain)).or_else(|| {
            let word = fold_case(word);
            self.words.iter().find(|(known, ..)| *known == word)
        });
        found.map(|(_, written, meaning)| (written.as_str(), meaning))
    }

    /// The word to write for a meaning, if the portal has one.
    pub fn word_for(&self, meaning: &T) -> Option<&str> {
        let found = self.words.iter().find(|(.., known)| known == meaning);
        found.map(|(_, word, _)| word.as_str())
    }

    /// Each word as written, with its meaning, in the order of preference.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        let each = self.words.iter();
        each.map(|(_, word, meaning)| (word.as_str(), meaning))
    }
}

/// A word in the form for comparing (RFC 7643 section 2.2: `caseExact` is false by default).
pub fn fold_case(word: &str) -> String {
    one_line(word).to_lowercase()
}

/// A meaning that a portal's word can have, with arkib's own word for it.
pub trait HasCanonicalName: PartialEq {
    /// Its word.
    fn name(&self) -> &str;
}

impl HasCanonicalName for State {
    fn name(&self) -> &str {
        self.as_str()
    }
}

impl HasCanonicalName for AccountState {
    fn name(&self) -> &str {
        self.as_str()
    }
}

impl HasCanonicalName for bool {
    fn name(&self) -> &str {
        if *self { "held" } else { "free" }
    }
}

/// Words for the states of an archive.
pub type States = Vocabulary<State>;
/// Words for the states of an account.
pub type Accounts = Vocabulary<AccountState>;
/// Words for whether an archive is on legal hold.
pub type Holds = Vocabulary<bool>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_ignore_case_and_the_first_is_written() {
        let words = Vocabulary::new([
            ("Ada", State::Enabled),
            ("Aktif", State::Enabled),
            ("Tiada", State::Disabled),
        ]);
        assert_eq!(words.meaning_of(" AKTIF "), Some(&State::Enabled));
        assert_eq!(words.meaning_of("aktifkan"), None);
        assert_eq!(words.word_for(&State::Enabled), Some("Ada"));
        assert_eq!(words.word_for(&State::Terminated), None);
    }
}
