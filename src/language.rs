//! The languages that people read, and the catalogues of texts in them (Project Fluent): one file of
//! messages a subject, in `language/en` and `language/ms`. Pure.

mod catalogue;
#[macro_use]
mod message;
mod word;

pub use catalogue::find_text;
pub use message::{Message, Value};

words! {
    /// A language of texts, notices and the register.
    pub enum Language {
        /// Malay.
        Malay = "ms",
        /// English.
        English = "en",
    }
}
