//! A table of causes in plain words: by section and word, what happened and what to do. May not know
//! what it is about. Pure.

use std::collections::HashMap;

use serde::Deserialize;

/// The meaning of one word: a status, or what somebody else calls an error.
#[derive(Debug, Deserialize)]
pub struct Explanation<K> {
    /// The cause, as far as the program acts on it.
    pub kind: K,
    what: String,
    help: String,
}

impl<K> Explanation<K> {
    /// What happened and what to do, with these values for the names in braces.
    pub fn fill_in(&self, values: &[(&str, &str)]) -> (String, String) {
        let filled = |text: &str| {
            values.iter().fold(text.to_owned(), |text, (name, value)| {
                text.replace(&format!("{{{name}}}"), value)
            })
        };
        (filled(&self.what), filled(&self.help))
    }
}

/// Explanations by section and word. Each section has the word `other`.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub struct Explanations<K>(HashMap<String, HashMap<String, Explanation<K>>>);

impl<K> Explanations<K> {
    fn find(&self, section: &str, word: &str) -> Option<&Explanation<K>> {
        self.0.get(section)?.get(word)
    }

    /// Where the section lists the word.
    pub fn find_listed(&self, section: &str, word: &str) -> Option<&Explanation<K>> {
        self.find(section, word).filter(|_| word != "other")
    }

    /// Of a word that the section lists, or of any other. None where there is no such section.
    pub fn for_word(&self, section: &str, word: &str) -> Option<&Explanation<K>> {
        self.find(section, word).or_else(|| self.find(section, "other"))
    }

    /// Of a status that the section lists, by itself or by its class, or of any other.
    pub fn for_status(&self, section: &str, status: u16) -> Option<&Explanation<K>> {
        self.find_listed(section, &status.to_string())
            .or_else(|| self.for_word(section, &format!("{}xx", status / 100)))
    }
}
