//! Which attributes users have, how many users have each, and the words that occur in them. Names and
//! addresses of persons pass through here, so what may be shown is decided here. What is kept does
//! not grow with the number of users. Pure.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::BuildHasher as _;

use foldhash::fast::RandomState;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::domain::local_time::parse_day;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::mapping::scim::{AttributeName, USER, is_urn};
use crate::domain::mapping::vocabulary::fold_case;
use crate::domain::portal_inspection::{AttributeInfo, MOST_COUNTED, WordCount};

/// An attribute with more different values than this has no words: they are names, numbers, texts.
const MOST_WORDS: usize = 20;
/// Of an attribute so many spellings of words are kept, upper and lower case told apart.
const MOST_SPELLINGS: usize = 4 * MOST_WORDS;
/// With more different values than this, a value is a word only if two users share it on average.
const ALWAYS_WORDS: usize = 4;
/// The longest word, in characters.
const LONGEST_WORD: usize = 40;
/// A value with more digits than this is a personal number, not a word.
const MOST_DIGITS: usize = 4;
/// No user has more attributes that matter.
const MOST_ATTRIBUTES: usize = 1000;

/// The values of one attribute.
#[derive(Debug, Default)]
pub(super) struct ValueProfile {
    pub(super) users: usize,
    addresses: usize,
    dates: usize,
    /// Each word in the portal's spelling, with how many users have it.
    words: BTreeMap<String, usize>,
    /// Hashes of the different values in any case, one more than are counted at most.
    distinct: HashSet<u64, RandomState>,
}

impl ValueProfile {
    /// How many different values there are, in any case; none where there are more than [`MOST_COUNTED`].
    fn count_distinct_values(&self) -> Option<usize> {
        let distinct = self.distinct.len();
        (distinct <= MOST_COUNTED).then_some(distinct)
    }

    /// The words that may be shown, the most frequent first, with how many users have each. Upper
    /// and lower case are one word, in its most frequent spelling. None where the values may be
    /// about persons.
    pub(super) fn showable_words(&self) -> Vec<(&str, usize)> {
        let distinct = self.distinct.len();
        let is_shared = distinct <= ALWAYS_WORDS || distinct * 2 <= self.users;
        if distinct > MOST_WORDS || !is_shared {
            return Vec::new();
        }
        let spellings = self.words.iter().map(|(word, users)| (&**word, *users));
        let mut spellings: Vec<(&str, usize)> = spellings.collect();
        spellings.sort_by_key(|(word, users)| (Reverse(*users), *word));
        let mut words: Vec<(&str, usize)> = Vec::new();
        for (word, users) in spellings {
            let same = fold_case(word);
            match words.iter_mut().find(|(known, _)| fold_case(known) == same) {
                Some((_, count)) => *count += users,
                None => words.push((word, users)),
            }
        }
        words.sort_by_key(|(_, users)| Reverse(*users));
        words
    }

    /// What a schema says of the attribute, with what was counted.
    pub(super) fn add_counts_to_info(&self, described: AttributeInfo) -> AttributeInfo {
        let words = self
            .showable_words()
            .into_iter()
            .map(|(word, users)| WordCount { word: word.to_owned(), users });
        AttributeInfo {
            users: self.users,
            addresses: self.addresses,
            dates: self.dates,
            different: self.count_distinct_values(),
            words: words.collect(),
            ..described
        }
    }

    fn add_value(&mut self, value: &Value, is_personal: bool) {
        let (word, may_be_shown) = match value {
            Value::Null => return,
            Value::String(text) if text.trim().is_empty() => return,
            Value::String(text) => (text.trim().to_owned(), !is_personal),
            Value::Number(number) => (number.to_string(), !is_personal),
            Value::Bool(yes) => (yes.to_string(), true),
            // Lists are counted, and no more: a mapping cannot name them.
            Value::Array(_) | Value::Object(_) => {
                self.users += 1;
                return;
            }
        };
        self.users += 1;
        self.addresses += usize::from(Mailbox::parse(&word).is_ok());
        let is_date = word.parse::<jiff::Timestamp>().is_ok() || parse_day(&word).is_ok();
        self.dates += usize::from(is_date);
        if self.distinct.len() <= MOST_COUNTED {
            let hash = self.distinct.hasher().hash_one(fold_case(&word));
            self.distinct.insert(hash);
        }
        if self.distinct.len() > MOST_WORDS {
            self.words.clear();
        } else if may_be_shown
            && is_word(&word)
            && (self.words.len() < MOST_SPELLINGS || self.words.contains_key(&word))
        {
            *self.words.entry(word).or_default() += 1;
        }
    }
}

fn is_word(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    digits <= MOST_DIGITS && !text.contains('@') && text.chars().count() <= LONGEST_WORD
}

/// The attributes of users.
#[derive(Debug, Default)]
pub(super) struct AttributeCounts {
    /// How many users were counted.
    pub(super) users: usize,
    /// Each attribute and its values, by its path in small letters.
    pub(super) attributes: BTreeMap<String, (AttributeName, ValueProfile)>,
    /// The user with the longest text, as it is in the list.
    pub(super) longest: String,
}

impl AttributeCounts {
    /// Counts the users of a page. Anything else counts nothing; the reader of the page reports it.
    pub(super) fn count_page(&mut self, body: &[u8]) {
        let page: HashMap<String, &RawValue> = serde_json::from_slice(body).unwrap_or_default();
        let listed = page.iter().find(|(name, _)| name.eq_ignore_ascii_case("Resources"));
        let users = listed.and_then(|(_, users)| serde_json::from_str(users.get()).ok());
        let users: Vec<&RawValue> = users.unwrap_or_default();
        for user in users {
            self.count_user(user.get());
        }
    }

    fn count_user(&mut self, text: &str) {
        let Ok(Value::Object(user)) = serde_json::from_str(text) else {
            return;
        };
        self.users += 1;
        if text.len() > self.longest.len() {
            text.clone_into(&mut self.longest);
        }
        for (name, value) in &user {
            let is = |own: &&str| name.eq_ignore_ascii_case(own);
            if ["id", "schemas", "meta", "externalId"].iter().any(is) {
                continue;
            }
            match value {
                Value::Object(extension) if is_urn(name) => {
                    for (inner, value) in extension {
                        self.count_attribute(name, inner, value);
                    }
                }
                _ => self.count_attribute(USER, name, value),
            }
        }
    }

    fn count_attribute(&mut self, schema: &str, name: &str, value: &Value) {
        let Value::Object(parts) = value else {
            return self.count_attribute_value(schema, name, value);
        };
        for (part, value) in parts {
            self.count_attribute_value(schema, &format!("{name}.{part}"), value);
        }
    }

    fn count_attribute_value(&mut self, schema: &str, name: &str, value: &Value) {
        // An attribute whose name cannot be written in a mapping cannot be mapped.
        let Ok(attribute) = AttributeName::parse(name, Some(schema)) else {
            return;
        };
        let path = attribute_key(&attribute);
        if self.attributes.len() >= MOST_ATTRIBUTES && !self.attributes.contains_key(&path) {
            return;
        }
        let is_personal = attribute.is_person_attribute();
        let (_, values) =
            self.attributes.entry(path).or_insert_with(|| (attribute, ValueProfile::default()));
        values.add_value(value, is_personal);
    }
}

/// The key of an attribute, the same for every spelling.
pub(super) fn attribute_key(attribute: &AttributeName) -> String {
    attribute.to_string().to_lowercase()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The values of one attribute, of these users.
    fn values(name: &str, of: impl IntoIterator<Item = Value>) -> ValueProfile {
        let users: Vec<Value> =
            of.into_iter().map(|value| json!({"id": "1", "urn:x:Peti": {name: value}})).collect();
        let mut counts = AttributeCounts::default();
        counts.count_page(json!({"resources": users}).to_string().as_bytes());
        let (_, (_, values)) = counts.attributes.pop_first().expect("an attribute");
        values
    }

    #[test]
    fn counts_words_in_any_case() {
        let of = ["ada", "Ada", "Ada ", "Tiada", "", "TIADA", "Tiada"];
        let values = values("arkib", of.map(Value::from));
        assert_eq!(values.showable_words(), [("Ada", 3), ("Tiada", 3)]);
        assert_eq!((values.users, values.count_distinct_values()), (6, Some(2)));
    }

    #[test]
    fn many_different_values_are_not_words() {
        let numbered = |most: usize| (0..2 * most).map(move |n| json!(format!("w{}", n % most)));
        assert_eq!(values("a", numbered(MOST_WORDS)).showable_words().len(), MOST_WORDS);
        let many = values("a", numbered(MOST_WORDS + 1));
        assert!(many.showable_words().is_empty() && many.words.is_empty());
        assert_eq!(many.count_distinct_values(), Some(MOST_WORDS + 1));
        // Everybody has his own.
        let own = values("a", (0..5).map(|n| json!(format!("Pegawai {n}"))));
        assert_eq!((own.showable_words().len(), own.count_distinct_values()), (0, Some(5)));
        let endless = values("a", (0..2 * MOST_COUNTED).map(|n| json!(n)));
        assert_eq!(endless.count_distinct_values(), None);
        assert_eq!(endless.distinct.len(), MOST_COUNTED + 1);
    }

    #[test]
    fn personal_values_are_counted_but_hidden() {
        let long = "x".repeat(LONGEST_WORD + 1);
        let of = ["Ada", "a@x.example", "800101-14-5566", &long];
        let values = values("arkib", of.map(Value::from));
        assert_eq!((values.showable_words(), values.users), (vec![("Ada", 1)], 4));
        assert_eq!(values.addresses, 1);
    }

    #[test]
    fn personal_attributes_show_only_booleans() {
        let mut counts = AttributeCounts::default();
        let user = json!({"userName": "a", "active": true, "name": {"formatted": "Siti"}, "title": "Puan",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "Akaun"}});
        counts.count_page(json!({"Resources": [user]}).to_string().as_bytes());
        let shown: Vec<&str> = counts
            .attributes
            .values()
            .flat_map(|(_, values)| values.showable_words())
            .map(|(word, _)| word)
            .collect();
        assert_eq!(shown, ["true", "Puan"]);
        assert_eq!(counts.attributes.len(), 5);
    }
}
