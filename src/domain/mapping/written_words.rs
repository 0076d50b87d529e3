//! The words that arkib writes by a policy's mapping, so that people see them before. Pure.

use super::scim::{MappedAttribute, Mapping};
use crate::domain::archive_state::{State, Target};
use crate::language::Message;

/// What is written for a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenWord {
    /// The change.
    pub target: Target,
    /// The attribute, without its schema.
    pub attribute: String,
    /// The portal's word.
    pub word: String,
    /// Whether a mailbox in the portal has the word; `None` if not all of them were read.
    pub is_seen: Option<bool>,
}

impl WrittenWord {
    /// What a mapping writes for a change.
    pub fn new(mapping: &Mapping, target: Target, is_seen: Option<bool>) -> Self {
        let word = mapping.word_for_state(target == Target::Enabled).unwrap_or_default();
        let attribute = mapping.state.attribute.name_in_schema();
        Self { target, attribute, word: word.to_owned(), is_seen }
    }

    /// As in `arkib: Tamat`.
    pub fn assignment(&self) -> String {
        format!("{}: {}", self.attribute, self.word)
    }

    /// A word that no mailbox has may be wrong.
    pub fn unseen_warning(&self) -> Option<Message> {
        (self.is_seen == Some(false)).then(|| message!("plan-unseen-word", word = &self.word))
    }
}

/// What is written for these changes, if the mapping has an attribute or words of its own.
pub fn written_words(
    mapping: &Mapping,
    targets: impl IntoIterator<Item = Target>,
    is_seen: impl Fn(Target) -> Option<bool>,
) -> Vec<WrittenWord> {
    if has_arkib_words(&mapping.state) {
        return Vec::new();
    }
    let each = targets.into_iter();
    each.map(|target| WrittenWord::new(mapping, target, is_seen(target))).collect()
}

/// Whether the state has the name and the words of arkib's own extension.
pub fn has_arkib_words(state: &MappedAttribute<State>) -> bool {
    *state == Mapping::default().state
}
