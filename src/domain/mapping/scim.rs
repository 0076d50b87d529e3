//! The SCIM attributes and words that arkib reads and writes. arkib's own extension is the default;
//! the policy may define another mapping. Pure.

#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use super::vocabulary::{Accounts, HasCanonicalName, Holds, States, Vocabulary};
use crate::domain::archive_state::{AccountState, State};
use crate::language::Message;

/// arkib's own extension of a user: the archive mailbox.
pub const MAILBOX: &str = "urn:ietf:params:scim:schemas:extension:arkib:2.0:Mailbox";
/// Core schema of a user (RFC 7643 section 4.1). Its attributes are at the top level of a user.
pub const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";

/// The attributes of persons (RFC 7643 sections 3.1 and 4.1), separated by blanks.
const PERSONS: &str = "externalId userName name displayName nickName profileUrl preferredLanguage locale \
    timezone active password emails phoneNumbers ims photos addresses groups entitlements roles \
    x509Certificates";

/// The enterprise extension of a user (RFC 7643 section 4.3).
pub const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// The names and words of a portal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// The attribute with an account's address.
    pub mailbox: AddressAttribute,
    /// The archive's state; it is also written.
    pub state: MappedAttribute<State>,
    /// Whether the archive is on legal hold, if the portal says so.
    pub hold: Option<MappedAttribute<bool>>,
    /// The account's state; if missing, core `active` counts.
    pub account: Option<MappedAttribute<AccountState>>,
    /// The request that last changed the archive, if the portal can store it; it is also written.
    pub request: Option<AttributeName>,
    /// When the archive was last changed.
    pub changed_at: Option<AttributeName>,
    /// After this a terminated archive cannot be recovered.
    pub recoverable_until: Option<AttributeName>,
}

/// The attribute with an account's address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AddressAttribute {
    /// Its `userName`.
    UserName,
    /// Its primary entry in `emails`, or the only one.
    Emails,
    /// Another attribute.
    Other(AttributeName),
}

/// One attribute of a user, or one part of it (RFC 7643 section 2, RFC 7644 section 3.10).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributeName {
    /// Its extension; none if it belongs to the core schema.
    pub schema: Option<Arc<str>>,
    /// Its name.
    pub name: Box<str>,
    /// Its sub-attribute, if one is meant.
    pub sub: Option<Box<str>>,
}

/// An attribute whose values are words of the portal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappedAttribute<T> {
    /// The attribute.
    pub attribute: AttributeName,
    /// How a word is written in JSON.
    pub kind: ValueKind,
    /// What its words mean.
    pub words: Vocabulary<T>,
}

words! {
    /// The JSON type in which a word is written, by its SCIM name (RFC 7643 section 2.3). Any of them
    /// can be read.
    pub enum ValueKind {
        /// `"true"`.
        String = "string",
        /// `true`.
        Boolean = "boolean",
        /// `1`.
        Integer = "integer",
    }
}

/// Why a text does not name an attribute, as the end of a sentence "`…` ".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidAttributeName(pub Message);

impl AttributeName {
    /// Parses a plain name, which belongs to the given schema, or a full name as `URN:name`; both may
    /// end in `.part` for a sub-attribute.
    ///
    /// # Errors
    /// If it is neither.
    pub fn parse(text: &str, schema: Option<&str>) -> Result<Self, InvalidAttributeName> {
        let (schema, name, otherwise) = match (text.rsplit_once(':'), schema) {
            (Some((urn, name)), _) => (urn, name, message!("mapping-not-full-name")),
            (None, Some(urn)) => (urn, text, message!("mapping-no-urn")),
            (None, None) => {
                let why = message!("mapping-plain-name");
                return Err(InvalidAttributeName(why));
            }
        };
        if !is_urn(schema) {
            return Err(InvalidAttributeName(otherwise));
        }
        let (name, sub) = match name.split_once('.') {
            Some((name, sub)) => (name, Some(sub)),
            None => (name, None),
        };
        if !is_attribute_name(name) || !sub.is_none_or(is_attribute_name) {
            return Err(InvalidAttributeName(message!("mapping-no-name")));
        }
        Ok(Self {
            schema: (!schema.eq_ignore_ascii_case(USER)).then(|| schema.into()),
            name: name.into(),
            sub: sub.map(Into::into),
        })
    }

    /// An attribute of the user itself.
    pub fn core_attribute(name: &str) -> Self {
        Self { schema: None, name: name.into(), sub: None }
    }

    /// Whether both name the same attribute, or one is a part of the other.
    pub fn overlaps(&self, other: &Self) -> bool {
        let same = |one: Option<&str>, other: Option<&str>| match (one, other) {
            (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
            (one, other) => one == other,
        };
        let either_is_whole = self.sub.is_none() || other.sub.is_none();
        same(self.schema.as_deref(), other.schema.as_deref())
            && self.name.eq_ignore_ascii_case(&other.name)
            && (either_is_whole || same(self.sub.as_deref(), other.sub.as_deref()))
    }

    /// Its name without the schema.
    pub fn name_in_schema(&self) -> String {
        match &self.sub {
            Some(sub) => format!("{}.{sub}", self.name),
            None => self.name.to_string(),
        }
    }

    /// Whether it belongs to SCIM's schemas of persons (RFC 7643 section 4), except `userType` and
    /// `title`, in which portals without an extension store the state of an archive.
    pub fn is_person_attribute(&self) -> bool {
        match self.schema.as_deref() {
            None => PERSONS.split(' ').any(|name| name.eq_ignore_ascii_case(&self.name)),
            Some(schema) => schema.eq_ignore_ascii_case(ENTERPRISE),
        }
    }
}

/// As written in paths, filters and `attributes` (RFC 7644 section 3.10).
impl fmt::Display for AttributeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(schema) = &self.schema {
            write!(f, "{schema}:")?;
        }
        f.write_str(&self.name_in_schema())
    }
}

impl AddressAttribute {
    /// The attribute that holds it.
    pub fn to_attribute_name(&self) -> AttributeName {
        match self {
            Self::UserName => AttributeName::core_attribute("userName"),
            Self::Emails => AttributeName {
                sub: Some("value".into()),
                ..AttributeName::core_attribute("emails")
            },
            Self::Other(attribute) => attribute.clone(),
        }
    }
}

/// As a filter names it.
impl fmt::Display for AddressAttribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_attribute_name().fmt(f)
    }
}

/// Whether this is the name of an attribute (RFC 7643 section 2.1).
pub fn is_attribute_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.len() <= 100
        && has_only_characters(text, b"$-_")
}

fn has_only_characters(text: &str, marks: &[u8]) -> bool {
    let mut bytes = text.bytes();
    bytes.all(|byte| byte.is_ascii_alphanumeric() || marks.contains(&byte))
}

/// Whether this is a URN (RFC 8141) whose characters need no escape in a URL or a SCIM path.
pub fn is_urn(text: &str) -> bool {
    let mut parts = text.splitn(3, ':');
    let (Some(scheme), Some(namespace), Some(name)) = (parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    scheme.eq_ignore_ascii_case("urn")
        && (1..=32).contains(&namespace.len())
        && has_only_characters(namespace, b"-")
        && !name.is_empty()
        && !name.ends_with(':')
        && has_only_characters(name, b"-._~:/")
        && text.len() <= 300
}

impl<T> MappedAttribute<T> {
    /// Words written as strings.
    fn string_attribute(name: &str, words: Vocabulary<T>) -> Self {
        Self { attribute: extension_attribute(name), kind: ValueKind::String, words }
    }
}

/// An attribute of arkib's own extension.
fn extension_attribute(name: &str) -> AttributeName {
    AttributeName { schema: Some(MAILBOX.into()), ..AttributeName::core_attribute(name) }
}

/// `true` and `false` for two meanings.
pub fn boolean_vocabulary<T: PartialEq>(yes: T, no: T) -> Vocabulary<T> {
    Vocabulary::new([("true", yes), ("false", no)])
}

/// arkib's own extension.
impl Default for Mapping {
    fn default() -> Self {
        let states = [
            State::Disabled,
            State::Enabling,
            State::Enabled,
            State::Terminating,
            State::Terminated,
        ];
        let accounts = [
            AccountState::Active,
            AccountState::Disabled,
            AccountState::RequestedToDelete,
            AccountState::Deleted,
        ];
        let states: States =
            Vocabulary::new(states.iter().map(|state| (state.as_str(), state.clone())));
        let accounts = accounts.iter().map(|word| (word.as_str(), word.clone()));
        let accounts: Accounts = Vocabulary::new(accounts);
        let holds: Holds = boolean_vocabulary(true, false);
        Self {
            mailbox: AddressAttribute::UserName,
            state: MappedAttribute::string_attribute("state", states),
            hold: Some(MappedAttribute {
                kind: ValueKind::Boolean,
                ..MappedAttribute::string_attribute("hold", holds)
            }),
            account: Some(MappedAttribute::string_attribute("account", accounts)),
            request: Some(extension_attribute("request")),
            changed_at: Some(extension_attribute("changedAt")),
            recoverable_until: Some(extension_attribute("recoverableUntil")),
        }
    }
}

impl Mapping {
    /// Whether this is arkib's own extension.
    pub fn is_arkib_extension(&self) -> bool {
        *self == Self::default()
    }

    /// The portal's word to write for an enabled or a terminated archive. A portal without a word for
    /// *terminated* gets its word for *disabled*.
    pub fn word_for_state(&self, is_enabled: bool) -> Option<&str> {
        let words = &self.state.words;
        if is_enabled {
            return words.word_for(&State::Enabled);
        }
        let removed = words.word_for(&State::Terminated);
        removed.or_else(|| words.word_for(&State::Disabled))
    }

    /// Every attribute of the mapping, by its key in the policy, except the address.
    pub fn attributes(&self) -> Vec<(&'static str, &AttributeName)> {
        let Self { mailbox: _, state, hold, account, request, changed_at, recoverable_until } =
            self;
        let named = [
            ("state", Some(&state.attribute)),
            ("hold", hold.as_ref().map(|hold| &hold.attribute)),
            ("account", account.as_ref().map(|mapped| &mapped.attribute)),
            ("request", request.as_ref()),
            ("changed_at", changed_at.as_ref()),
            ("recoverable_until", recoverable_until.as_ref()),
        ];
        let each = named.into_iter();
        each.filter_map(|(key, attribute)| Some((key, attribute?))).collect()
    }

    /// The whole mapping, key by key, for comparing two; empty for arkib's own extension.
    pub fn comparable_entries(&self) -> Vec<(String, Vec<String>)> {
        if self.is_arkib_extension() {
            return Vec::new();
        }
        let mut facts = vec![("mapping.mailbox".to_owned(), vec![self.mailbox.to_string()])];
        for (key, attribute) in self.attributes() {
            let Some((kind, words)) = self.type_and_words(key) else {
                facts.push((format!("mapping.{key}"), vec![attribute.to_string()]));
                continue;
            };
            let values = words.iter().map(|(word, means)| format!("{means} = {word}"));
            for (of, values) in [
                ("attribute", vec![attribute.to_string()]),
                ("type", vec![kind.as_str().to_owned()]),
                ("values", values.collect()),
            ] {
                facts.push((format!("mapping.{key}.{of}"), values));
            }
        }
        facts
    }

    /// The type and the words of a key, each with its meaning, in the order of preference; `None` if
    /// its values are not words.
    pub fn type_and_words(&self, key: &str) -> Option<(ValueKind, Vec<(&str, &str)>)> {
        match key {
            "state" => Some(type_and_words_of(&self.state)),
            "account" => Some(type_and_words_of(self.account.as_ref()?)),
            "hold" => Some(type_and_words_of(self.hold.as_ref()?)),
            _ => None,
        }
    }
}

fn type_and_words_of<T: HasCanonicalName>(
    valued: &MappedAttribute<T>,
) -> (ValueKind, Vec<(&str, &str)>) {
    let each = valued.words.iter();
    let words = each.map(|(word, means)| (word, means.name()));
    (valued.kind, words.collect())
}
