//! The languages that people read, and the catalogues of texts in them (Project Fluent): one file of
//! messages a subject, in `language/en` and `language/ms`. Pure.

mod catalogue;
#[macro_use]
mod message;
mod word;

pub use message::{Message, Value};

/// A text without variables, if the catalogue of a language has it: for keys that are made at run time.
pub fn find_text(language: Language, key: &str) -> Option<String> {
    catalogue::find(language, key, None)
}

words! {
    /// A language of texts, notices and the register.
    pub enum Language {
        /// Malay.
        Malay = "ms",
        /// English.
        English = "en",
    }
}
