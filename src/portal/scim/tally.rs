//! Which attributes users have and which values occur in them, counted. Names and addresses of
//! persons are counted too, so nothing of it may be shown but what [`super::guess`] picks. Pure.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::domain::calendar::parse_day;
use crate::domain::mapping::scim::{Attribute, USER, is_urn};

/// More different values than this are no words.
pub(super) const MOST_WORDS: usize = 15;
/// No user has more attributes that matter.
const MOST_ATTRIBUTES: usize = 1000;

/// The values of one attribute.
#[derive(Debug, Default)]
pub(super) struct Values {
    /// How many users have one.
    pub(super) users: usize,
    /// How often each occurs, in the portal's spelling; a few more than words may be.
    pub(super) words: BTreeMap<String, usize>,
    pub(super) addresses: usize,
    pub(super) dates: usize,
    pub(super) booleans: usize,
    pub(super) numbers: usize,
    /// Lists, which are no single value.
    pub(super) lists: usize,
}

/// The attributes of users by their path in small letters.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) users: usize,
    pub(super) attributes: BTreeMap<String, (Attribute, Values)>,
}

impl Tally {
    /// Counts the users of a page.
    pub(super) fn page(&mut self, body: &[u8]) {
        let Ok(Value::Object(page)) = serde_json::from_slice(body) else {
            return;
        };
        let users = page
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("Resources"));
        let Some((_, Value::Array(users))) = users else {
            return;
        };
        users.iter().for_each(|user| self.user(user));
    }

    fn user(&mut self, user: &Value) {
        let Value::Object(user) = user else { return };
        self.users += 1;
        for (name, value) in user {
            let is = |own: &str| name.eq_ignore_ascii_case(own);
            if ["id", "schemas", "meta", "externalId"]
                .iter()
                .any(|own| is(own))
            {
                continue;
            }
            match value {
                Value::Object(extension) if is_urn(name) => {
                    for (inner, value) in extension {
                        self.attribute(name, inner, value);
                    }
                }
                _ => self.attribute(USER, name, value),
            }
        }
    }

    fn attribute(&mut self, schema: &str, name: &str, value: &Value) {
        let Value::Object(parts) = value else {
            return self.value(schema, name, value);
        };
        for (part, value) in parts {
            self.value(schema, &format!("{name}.{part}"), value);
        }
    }

    fn value(&mut self, schema: &str, name: &str, value: &Value) {
        // What has no name that can be written down cannot be mapped.
        let Ok(attribute) = Attribute::parse(name, Some(schema)) else {
            return;
        };
        let path = attribute.to_string().to_lowercase();
        if self.attributes.len() >= MOST_ATTRIBUTES && !self.attributes.contains_key(&path) {
            return;
        }
        let (_, values) = self
            .attributes
            .entry(path)
            .or_insert_with(|| (attribute, Values::default()));
        values.add(value);
    }

    /// The values of an attribute.
    pub(super) fn get(&self, attribute: &Attribute) -> Option<&Values> {
        let found = self.attributes.get(&attribute.to_string().to_lowercase());
        found.map(|(_, values)| values)
    }
}

impl Values {
    fn add(&mut self, value: &Value) {
        let word = match value {
            Value::Null => return,
            Value::String(text) if text.trim().is_empty() => return,
            Value::String(text) => text.trim().to_owned(),
            Value::Bool(yes) => {
                self.booleans += 1;
                yes.to_string()
            }
            Value::Number(number) => {
                self.numbers += 1;
                number.to_string()
            }
            Value::Array(_) | Value::Object(_) => {
                self.users += 1;
                self.lists += 1;
                return;
            }
        };
        self.users += 1;
        self.addresses += usize::from(is_address(&word));
        self.dates += usize::from(is_date(&word));
        if self.words.len() <= MOST_WORDS || self.words.contains_key(&word) {
            *self.words.entry(word).or_default() += 1;
        }
    }
}

/// Whether a text is an address, roughly.
pub(super) fn is_address(text: &str) -> bool {
    crate::domain::mailbox::Mailbox::parse(text).is_ok()
}

fn is_date(text: &str) -> bool {
    text.parse::<jiff::Timestamp>().is_ok() || parse_day(text).is_ok()
}
