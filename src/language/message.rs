//! A message: what is said, before it is known in which language. Pure.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::Arc;

use fluent_bundle::{FluentArgs, FluentValue};
use jiff::Timestamp;
use jiff::civil::Date;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};

use super::{Language, catalogue};

/// A text by its key in the catalogues, with the values of its variables; rendered where it is shown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Message(Box<Parts>);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Parts {
    /// The same in every language: what a person wrote, or what git, TLS or a server said.
    Verbatim(String),
    /// A message of the catalogues.
    Catalogued { key: &'static str, values: Vec<(&'static str, Value)> },
    /// Messages one behind the other.
    Joined { messages: Vec<Message>, separator: &'static str },
}

/// The value of a variable in a message.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// A number, which decides between singular and plural.
    Number(usize),
    /// A text, which may itself be a message of the catalogues.
    Message(Message),
}

impl Message {
    /// A message of the catalogues. Made by the macro `message!`, so that a test finds every key.
    pub fn catalogued(key: &'static str, values: Vec<(&'static str, Value)>) -> Self {
        Self(Box::new(Parts::Catalogued { key, values }))
    }

    /// A text that is the same in every language.
    pub fn verbatim(text: impl Into<String>) -> Self {
        Self(Box::new(Parts::Verbatim(text.into())))
    }

    /// Messages one behind the other.
    pub fn joined(messages: impl IntoIterator<Item = Self>, separator: &'static str) -> Self {
        Self(Box::new(Parts::Joined { messages: messages.into_iter().collect(), separator }))
    }

    /// Adds a sentence at the end.
    pub fn push(&mut self, sentence: impl Into<Self>) {
        *self = Self::joined([std::mem::take(self), sentence.into()], " ");
    }

    /// What is the same in every language, changed wherever it stands.
    #[must_use]
    pub fn map_verbatim(self, change: &dyn Fn(String) -> String) -> Self {
        Self(Box::new(match *self.0 {
            Parts::Verbatim(text) => Parts::Verbatim(change(text)),
            Parts::Catalogued { key, mut values } => {
                for (_, value) in &mut values {
                    if let Value::Message(message) = value {
                        *message = std::mem::take(message).map_verbatim(change);
                    }
                }
                Parts::Catalogued { key, values }
            }
            Parts::Joined { messages, separator } => {
                let changed = messages.into_iter().map(|message| message.map_verbatim(change));
                Parts::Joined { messages: changed.collect(), separator }
            }
        }))
    }

    /// Whether it says nothing, in any language.
    pub fn is_empty(&self) -> bool {
        match &*self.0 {
            Parts::Verbatim(text) => text.is_empty(),
            Parts::Catalogued { .. } => false,
            Parts::Joined { messages, .. } => messages.iter().all(Self::is_empty),
        }
    }

    /// The text in a language.
    pub fn render(&self, language: Language) -> String {
        match &*self.0 {
            Parts::Verbatim(text) => text.clone(),
            Parts::Catalogued { key, values } => {
                let arguments: FluentArgs<'_> =
                    values.iter().map(|(name, value)| (*name, value.to_fluent(language))).collect();
                catalogue::format(language, key, &arguments)
            }
            Parts::Joined { messages, separator } => {
                let mut text = String::new();
                for (index, message) in messages.iter().enumerate() {
                    let before = if index == 0 { "" } else { separator };
                    let _ = write!(text, "{before}{}", message.render(language));
                }
                text
            }
        }
    }

    /// The text for programs and logs, which is English whatever people read.
    pub fn in_english(&self) -> String {
        self.render(Language::English)
    }
}

impl Serialize for Message {
    /// As English, like all that programs read.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.in_english())
    }
}

impl JsonSchema for Message {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        String::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        String::json_schema(generator)
    }
}

impl Value {
    fn to_fluent(&self, language: Language) -> FluentValue<'static> {
        match self {
            Self::Number(number) => FluentValue::from(*number),
            Self::Message(message) => FluentValue::from(message.render(language)),
        }
    }
}

impl From<String> for Message {
    fn from(text: String) -> Self {
        Self::verbatim(text)
    }
}

impl From<&str> for Message {
    fn from(text: &str) -> Self {
        Self::verbatim(text)
    }
}

impl From<&Self> for Message {
    fn from(message: &Self) -> Self {
        message.clone()
    }
}

impl From<&String> for Message {
    fn from(text: &String) -> Self {
        Self::verbatim(text)
    }
}

impl Default for Message {
    /// It says nothing.
    fn default() -> Self {
        Self::verbatim("")
    }
}

impl From<usize> for Value {
    fn from(number: usize) -> Self {
        Self::Number(number)
    }
}

impl From<&usize> for Value {
    fn from(number: &usize) -> Self {
        Self::Number(*number)
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Number(usize::try_from(number).unwrap_or(usize::MAX))
    }
}

impl From<Message> for Value {
    fn from(message: Message) -> Self {
        Self::Message(message)
    }
}

impl From<&Message> for Value {
    fn from(message: &Message) -> Self {
        message.clone().into()
    }
}

/// Values that are shown as they are.
macro_rules! shown_values {
    ($($shown:ty),+ $(,)?) => {
        $(impl From<$shown> for $crate::language::Value {
            fn from(shown: $shown) -> Self {
                $crate::language::Value::Message($crate::language::Message::verbatim(shown.to_string()))
            }
        })+
    };
}

shown_values!(
    &str,
    String,
    &String,
    Cow<'_, str>,
    Arc<str>,
    &Arc<str>,
    char,
    i32,
    u8,
    Date,
    &Date,
    Timestamp
);

/// A message of the catalogues by its key, and its variables as in a struct: `message!("plan-more", count)`,
/// `message!("plan-more", count = rows.len())`.
macro_rules! message {
    ($key:literal $(, $name:ident $(= $value:expr)?)* $(,)?) => {
        message!(@keyed ($key) $(, $name $(= $value)?)*)
    };
    (@help $key:literal $(, $name:ident $(= $value:expr)?)*) => {
        message!(@keyed (concat!($key, "-help")) $(, $name $(= $value)?)*)
    };
    (@keyed ($key:expr) $(, $name:ident $(= $value:expr)?)*) => {
        $crate::language::Message::catalogued(
            $key,
            vec![$((
                stringify!($name),
                $crate::language::Value::from(message!(@value $name $(= $value)?)),
            )),*],
        )
    };
    (@value $name:ident) => { $name };
    (@value $name:ident = $value:expr) => { $value };
}

#[cfg(test)]
mod in_tests {
    //! Tests read messages in English.

    use super::Message;

    impl std::fmt::Display for Message {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(&self.in_english())
        }
    }

    impl Message {
        /// Whether a text is part of it.
        pub fn contains(&self, part: &str) -> bool {
            self.in_english().contains(part)
        }
    }

    impl PartialEq<&str> for Message {
        fn eq(&self, text: &&str) -> bool {
            self.in_english() == *text
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_rendered_in_each_language_with_its_values() {
        let inner = message!("outcome-applied", count = 1);
        let message = Message::joined([inner, Message::verbatim("x")], ", ");
        assert_eq!(message.in_english(), "1 applied, x");
        assert_eq!(message.render(Language::Malay), "1 dilaksanakan, x");
    }

    #[test]
    fn empty_is_what_says_nothing() {
        assert!(Message::verbatim("").is_empty());
        assert!(Message::joined([], ", ").is_empty());
        assert!(!message!("outcome-applied", count = 0).is_empty());
    }
}
