//! The values of a user that mean something, and what they mean by the mapping. Where a value is unclear,
//! the reading is the one that makes arkib do less. Pure.

use jiff::Timestamp;
use jiff::civil::Time;
use serde::de::{Error, SeqAccess};

use crate::domain::archive_state::{AccountState, State};
use crate::domain::local_time;
use crate::domain::local_time::parse_day;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::mapping::scim::Mapping;
use crate::domain::mapping::scim_urns as wire;
use crate::domain::mapping::vocabulary::Vocabulary;
use crate::domain::observed::Person;
use crate::portal::scim::compiled_mapping::{CompiledMapping, MailboxField};
use crate::portal::scim::emails::Emails;
use crate::portal::scim::lenient_json::{FillSeed, ReadFromJson, ShallowValue, is_same_name};

/// The longest word or request id that is kept of what the portal says.
const LONGEST_WORD: usize = 100;

/// The values of what means something.
#[derive(Default)]
pub(super) struct MappedValues<'a> {
    pub(super) of: [ShallowValue<'a>; MailboxField::COUNT],
    pub(super) emails: Emails<'a>,
    pub(super) schemas: SchemaFlags,
}

impl<'a> MappedValues<'a> {
    pub(super) fn get(&self, meaning: MailboxField) -> &ShallowValue<'a> {
        &self.of[meaning as usize]
    }
}

/// What its `schemas` say of the kind of thing that it is (RFC 7643 section 3).
#[derive(Default)]
pub(super) struct SchemaFlags {
    pub(super) any: bool,
    pub(super) user: bool,
}

impl SchemaFlags {
    fn add_schema(&mut self, schema: &str) {
        self.any = true;
        self.user |= is_same_name(schema, wire::USER);
    }
}

impl<'de> ReadFromJson<'de> for SchemaFlags {
    fn begin_value<E: Error>(&mut self, value: ShallowValue<'de>) -> Result<(), E> {
        *self = Self::default();
        if let ShallowValue::Text(schema) = value {
            self.add_schema(&schema);
        }
        Ok(())
    }

    fn read_next_element<A: SeqAccess<'de>>(&mut self, list: &mut A) -> Result<bool, A::Error> {
        let mut schema = ShallowValue::Absent;
        let is_one = list.next_element_seed(FillSeed(&mut schema))?.is_some();
        if let Some(schema) = schema.as_text() {
            self.add_schema(schema);
        }
        Ok(is_one)
    }
}

/// What a value means by these words; the value itself where that is nothing. None where it is absent.
pub(super) fn translate_value<T: Clone + PartialEq>(
    value: &ShallowValue<'_>,
    words: &Vocabulary<T>,
) -> Option<Result<T, Box<str>>> {
    let Ok(said) = value.as_word() else {
        return Some(Err("(not a word)".into()));
    };
    let said = said?;
    // 1 and 0 stand for the words of a boolean, where they are no words of their own.
    let boolean = || match value.as_bool() {
        Ok(Some(yes)) => words.meaning_of(if yes { "true" } else { "false" }),
        _ => None,
    };
    let known = words.meaning_of(&said).or_else(boolean).cloned();
    Some(known.ok_or_else(|| bounded_word(&said)))
}

pub(super) fn read_state(values: &MappedValues<'_>, mapping: &Mapping) -> State {
    let said = translate_value(values.get(MailboxField::State), &mapping.state.words);
    said.map_or(State::Disabled, |known| known.unwrap_or_else(State::Unknown))
}

/// Whether the state is the word that arkib writes to enable, and whether the one to terminate; not
/// asked of arkib's own words.
pub(super) fn written_words(values: &MappedValues<'_>, matcher: &CompiledMapping) -> [bool; 2] {
    let said = values.get(MailboxField::State);
    let said = said.as_word().ok().flatten().filter(|_| matcher.has_own_words);
    let known = said.as_ref().and_then(|said| matcher.mapping.state.words.find(said));
    [true, false].map(|enabled| {
        known.is_some_and(|(word, _)| matcher.mapping.word_for_state(enabled) == Some(word))
    })
}

pub(super) fn read_account(values: &MappedValues<'_>, mapping: &Mapping) -> AccountState {
    let words = mapping.account.as_ref().map(|account| &account.words);
    let said = words.and_then(|words| translate_value(values.get(MailboxField::Account), words));
    if let Some(known) = said {
        return known.unwrap_or_else(AccountState::Unknown);
    }
    match values.get(MailboxField::Active).as_bool() {
        Ok(None | Some(true)) => AccountState::Active,
        Ok(Some(false)) => AccountState::Disabled,
        Err(()) => AccountState::Unknown("(active is not true or false)".into()),
    }
}

/// A hold that nobody can read is a hold.
pub(super) fn is_on_hold(values: &MappedValues<'_>, mapping: &Mapping) -> bool {
    let words = mapping.hold.as_ref().map(|hold| &hold.words);
    let said = words.and_then(|words| translate_value(values.get(MailboxField::Hold), words));
    said.is_some_and(|known| known.unwrap_or(true))
}

/// The date, where there is one; one that cannot be read is counted. A day stands for its beginning.
pub(super) fn read_date(value: &ShallowValue<'_>, unreadable: &mut usize) -> Option<Timestamp> {
    let date = match value {
        ShallowValue::Absent => return None,
        ShallowValue::Text(text) if text.is_empty() => return None,
        ShallowValue::Text(text) => {
            let begin = |day| local_time::to_timestamp_at(day, Time::midnight());
            text.parse().ok().or_else(|| parse_day(text).ok().map(begin))
        }
        _ => None,
    };
    *unreadable += usize::from(date.is_none());
    date
}

/// The person, where the mapping reads people.
pub(super) fn read_person(values: &MappedValues<'_>, mailbox: &Mailbox) -> Option<Box<Person>> {
    let text = |meaning| values.get(meaning).as_text().unwrap_or_default();
    let names = [text(MailboxField::FullName), text(MailboxField::DisplayName)];
    Person::new(mailbox, &names, text(MailboxField::Post), text(MailboxField::Office))
}

/// The portal's word, bounded; code that shows it must escape it.
pub(super) fn bounded_word(text: &str) -> Box<str> {
    match text.char_indices().nth(LONGEST_WORD) {
        Some((end, _)) => text[..end].into(),
        None => text.into(),
    }
}
