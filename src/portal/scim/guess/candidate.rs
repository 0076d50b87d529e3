//! Attributes that may mean something, and how much speaks for each meaning: its name, its type and
//! the words that occur in it. Pure.

use std::cmp::Reverse;

use crate::domain::mapping::lexicon;
use crate::domain::mapping::lexicon::{Topic, topics};
use crate::domain::mapping::scim::{Attribute, Kind};
use crate::portal::scim::schemas::{Schema, Told};
use crate::portal::scim::tally::{MOST_WORDS, Tally, Values};

/// An attribute that may mean something.
pub(super) struct Candidate<'a> {
    pub(super) attribute: Attribute,
    pub(super) told: Option<&'a Told>,
    pub(super) seen: Option<&'a Values>,
    pub(super) topics: Vec<Topic>,
}

/// A candidate that was chosen, and how much speaks for it.
pub(super) struct Chosen<'a> {
    pub(super) candidate: &'a Candidate<'a>,
    pub(super) score: i32,
    /// Another one for which as much speaks.
    pub(super) rival: Option<String>,
}

pub(super) fn candidates<'a>(schemas: &[&'a Schema], tally: &'a Tally) -> Vec<Candidate<'a>> {
    let mut found: Vec<Candidate<'a>> = Vec::new();
    let mut add = |attribute: Attribute, told: Option<&'a Told>| {
        if found.iter().any(|it| {
            it.attribute
                .to_string()
                .eq_ignore_ascii_case(&attribute.to_string())
        }) {
            return;
        }
        let name = match &attribute.sub {
            Some(sub) => format!("{}_{sub}", attribute.name),
            None => attribute.name.to_string(),
        };
        let seen = tally.get(&attribute);
        let topics = topics(&name);
        found.push(Candidate {
            attribute,
            told,
            seen,
            topics,
        });
    };
    for schema in schemas {
        for told in schema
            .attributes
            .iter()
            .flatten()
            .filter(|told| !told.multi_valued)
        {
            if let Ok(attribute) = Attribute::parse(&told.name, Some(&schema.id)) {
                if told.parts.is_empty() {
                    add(attribute, Some(told));
                    continue;
                }
                for part in told.parts.iter().filter(|part| !part.multi_valued) {
                    let name = format!("{}.{}", told.name, part.name);
                    if let Ok(attribute) = Attribute::parse(&name, Some(&schema.id)) {
                        add(attribute, Some(part));
                    }
                }
            }
        }
    }
    for (attribute, values) in tally.attributes.values() {
        if values.lists == 0 {
            add(attribute.clone(), None);
        }
    }
    found
}

pub(super) fn choose<'a>(
    candidates: &'a [Candidate<'a>],
    least: i32,
    score: fn(&Candidate<'_>) -> i32,
) -> Option<Chosen<'a>> {
    let mut best: Option<Chosen<'a>> = None;
    for candidate in candidates {
        let score = score(candidate);
        match &mut best {
            _ if score < least => {}
            Some(known) if known.score > score => {}
            Some(known) if known.score == score => {
                known.rival = Some(candidate.attribute.to_string());
            }
            _ => {
                best = Some(Chosen {
                    candidate,
                    score,
                    rival: None,
                })
            }
        }
    }
    best
}

impl Candidate<'_> {
    pub(super) fn speaks_of(&self, topic: Topic) -> bool {
        self.topics.contains(&topic)
    }

    pub(super) fn speaks_of_any(&self, topics: &[Topic]) -> bool {
        topics.iter().any(|topic| self.speaks_of(*topic))
    }

    /// Whether it could hold a few words, a boolean or a number.
    pub(super) fn holds_words(&self) -> bool {
        let kinds = ["string", "boolean", "integer", "reference"];
        let told = self
            .told
            .is_none_or(|told| told.is_any(&kinds) && !is_hidden(told));
        let seen = self.seen.is_none_or(|seen| {
            let is_personal = seen.words.keys().any(|word| word.contains('@'));
            !is_personal && seen.dates == 0 && seen.lists == 0 && seen.words.len() <= MOST_WORDS
        });
        told && seen
    }

    pub(super) fn holds_dates(&self) -> bool {
        let seen = self.seen.filter(|seen| seen.users > 0);
        match (self.told, seen) {
            (Some(told), None) => told.is_any(&["dateTime"]) && told.kind.is_some(),
            (told, Some(seen)) => {
                seen.dates == seen.users
                    && told.is_none_or(|told| told.is_any(&["dateTime", "string"]))
            }
            (None, None) => false,
        }
    }

    pub(super) fn holds_text(&self) -> bool {
        let told = self
            .told
            .is_none_or(|told| told.is_any(&["string", "reference"]) && !is_hidden(told));
        let seen = self.seen.is_none_or(|seen| {
            seen.addresses == 0
                && seen.dates == 0
                && seen.lists == 0
                && seen.booleans == 0
                && seen.numbers == 0
        });
        told && seen
    }

    /// The words that occur or may occur, the most frequent first; upper and lower case are one. What
    /// may be about persons is one word that says so.
    pub(super) fn words(&self) -> Vec<(String, usize)> {
        let seen = self.seen.iter().flat_map(|seen| &seen.words);
        let seen: Vec<(&str, usize)> = seen.map(|(word, count)| (&**word, *count)).collect();
        let canonical = || self.told.iter().flat_map(|told| &told.canonical);
        let is_canonical = |word: &str| canonical().any(|it| it.trim().eq_ignore_ascii_case(word));
        let (mut seen, hidden): (Vec<_>, Vec<_>) = seen
            .into_iter()
            .partition(|(word, count)| is_canonical(word) || is_of_many(word, *count));
        // Of two words for no archive any more the one that gives it up for good is not the one to write.
        seen.sort_by_key(|(word, count)| (lexicon::is_for_good(word), Reverse(*count), *word));
        if !hidden.is_empty() {
            seen.push((HIDDEN, hidden.iter().map(|(_, count)| count).sum()));
        }
        let told = canonical();
        let told = told.map(|word| (word.trim(), 0)).take(4 * MOST_WORDS);
        let mut words: Vec<(String, usize)> = Vec::new();
        for (word, count) in seen.into_iter().chain(told) {
            let folded = word.to_lowercase();
            match words.iter_mut().find(|(it, _)| it.to_lowercase() == folded) {
                Some((_, known)) => *known += count,
                None if word.is_empty() => {}
                None => words.push((word.to_owned(), count)),
            }
        }
        words
    }

    /// 3 where every word is known, 1 where some are, -4 where there are words and none is known.
    pub(super) fn known(&self, is_known: impl Fn(&str) -> bool) -> i32 {
        let words = self.words();
        let known = words.iter().filter(|(word, _)| is_known(word)).count();
        match (known, words.len()) {
            (_, 0) => 0,
            (0, _) => -4,
            (known, all) if known == all => 3,
            _ => 1,
        }
    }

    pub(super) fn is_boolean(&self) -> bool {
        match self.told.and_then(|told| told.kind.as_deref()) {
            Some(kind) => kind.eq_ignore_ascii_case("boolean"),
            None => self
                .seen
                .is_some_and(|seen| seen.users > 0 && seen.booleans == seen.users),
        }
    }

    pub(super) fn kind(&self) -> Kind {
        let is_integer = match self.told.and_then(|told| told.kind.as_deref()) {
            Some(kind) => kind.eq_ignore_ascii_case("integer"),
            None => self
                .seen
                .is_some_and(|seen| seen.users > 0 && seen.numbers == seen.users),
        };
        match (self.is_boolean(), is_integer) {
            (true, _) => Kind::Boolean,
            (_, true) => Kind::Integer,
            _ => Kind::String,
        }
    }
}

/// Stands for values that may be about persons.
const HIDDEN: &str = "(other values, not shown, since they may be about persons)";
/// How many users have a word that is nobody's own.
const MANY: usize = 3;
/// The longest such word that no list knows, in characters.
const LONGEST: usize = 24;

/// Whether a word is one of a few for many, and not a name or a number of somebody's.
fn is_of_many(word: &str, count: usize) -> bool {
    let is_known = lexicon::state(word).is_some()
        || lexicon::account(word).is_some()
        || lexicon::hold(word).is_some();
    let is_plain = word.chars().count() <= LONGEST
        && word.chars().filter(char::is_ascii_digit).count() < 3
        && !word.contains('@');
    is_known || (count >= MANY && is_plain)
}

pub(super) fn is_hidden(told: &Told) -> bool {
    let never = told
        .returned
        .as_deref()
        .is_some_and(|it| it.eq_ignore_ascii_case("never"));
    never || told.is_mutability("writeOnly")
}

const NO_STATE: &[Topic] = &[
    Topic::Hold,
    Topic::Account,
    Topic::Request,
    Topic::Change,
    Topic::Until,
    Topic::Date,
    Topic::Other,
];

pub(super) fn state_score(it: &Candidate<'_>) -> i32 {
    if !it.holds_words() || it.speaks_of_any(NO_STATE) {
        return 0;
    }
    let archive = it.speaks_of(Topic::Archive);
    let points = |topic, points| if it.speaks_of(topic) { points } else { 0 };
    let name = points(Topic::Archive, 6) + points(Topic::Status, 2) + points(Topic::Mailbox, 1);
    if name == 0 {
        return 0;
    }
    name + it.known(|word| lexicon::state(word).is_some()) + i32::from(archive && it.is_boolean())
}

pub(super) fn hold_score(it: &Candidate<'_>) -> i32 {
    let other = [
        Topic::Request,
        Topic::Change,
        Topic::Until,
        Topic::Date,
        Topic::Other,
    ];
    if !it.speaks_of(Topic::Hold) || !it.holds_words() || it.speaks_of_any(&other) {
        return 0;
    }
    6 + it.known(|word| lexicon::hold(word).is_some())
}

pub(super) fn account_score(it: &Candidate<'_>) -> i32 {
    let other = [
        Topic::Archive,
        Topic::Hold,
        Topic::Request,
        Topic::Change,
        Topic::Until,
        Topic::Date,
        Topic::Other,
    ];
    if !it.speaks_of(Topic::Account) || !it.holds_words() || it.speaks_of_any(&other) {
        return 0;
    }
    let status = i32::from(it.speaks_of(Topic::Status));
    5 + status + it.known(|word| lexicon::account(word).is_some())
}

pub(super) fn request_score(it: &Candidate<'_>) -> i32 {
    let other = [
        Topic::Status,
        Topic::Hold,
        Topic::Change,
        Topic::Until,
        Topic::Date,
    ];
    let writable = it.told.is_none_or(|told| !told.is_mutability("readOnly"));
    if !it.speaks_of(Topic::Request) || !it.holds_text() || it.speaks_of_any(&other) || !writable {
        return 0;
    }
    5 + i32::from(it.speaks_of(Topic::Archive)) + i32::from(it.attribute.schema.is_some())
}

pub(super) fn changed_score(it: &Candidate<'_>) -> i32 {
    if !it.speaks_of(Topic::Change) || !it.holds_dates() || it.speaks_of(Topic::Account) {
        return 0;
    }
    5 + i32::from(it.speaks_of(Topic::Archive)) + i32::from(it.attribute.schema.is_some())
}

pub(super) fn until_score(it: &Candidate<'_>) -> i32 {
    let other = [Topic::Account, Topic::Hold];
    if !it.speaks_of(Topic::Until) || !it.holds_dates() || it.speaks_of_any(&other) {
        return 0;
    }
    5 + i32::from(it.speaks_of(Topic::Archive)) + i32::from(it.attribute.schema.is_some())
}
