//! The policy's section `mapping`, for a portal that does not use arkib's own extension. Pure.

#[cfg(test)]
mod tests;

use super::{PortalKind, vocabulary};
use crate::domain::archive_state::{AccountState, State};
use crate::domain::field_validator::FieldValidator;
use crate::domain::mapping::scim::{
    AddressAttribute, AttributeName, InvalidAttributeName, MappedAttribute, Mapping, USER,
    ValueKind, boolean_vocabulary, is_urn,
};
use crate::domain::mapping::vocabulary::Vocabulary;
use crate::domain::policy::raw::RawMapping;
use crate::text::excerpt;
use crate::yaml::YamlPath;
use crate::yaml::strict_scalars::Text;

/// Checks the section `mapping`; without it, arkib's own extension applies.
pub(super) fn check(
    draft: Option<&RawMapping>,
    portal: Option<PortalKind>,
    fields: &mut FieldValidator,
) -> Mapping {
    let Some(draft) = draft else {
        return Mapping::default();
    };
    if let Some(other) = portal.filter(|kind| *kind != PortalKind::Scim) {
        fields.add_issue(
            YamlPath::keys("mapping"),
            "mapping-without-portal",
            message!("mapping-ignored", portal = other.as_str()),
            message!("mapping-ignored-help"),
        );
    }
    let mut validator = MappingValidator {
        schema: validate_schema_urn(draft.schema.as_ref(), fields),
        named: Vec::new(),
        fields,
    };
    let mapping = validator.validate_mapping(draft);
    validator.check_no_overlaps(draft);
    mapping.unwrap_or_default()
}

/// The extension of plain names. An invalid one is reported once and replaced by a placeholder.
fn validate_schema_urn<'a>(
    schema: Option<&'a Text>,
    fields: &mut FieldValidator,
) -> Option<&'a str> {
    let Text(urn) = schema?;
    if is_urn(urn) {
        return Some(urn);
    }
    fields.add_issue(
        YamlPath::keys("mapping.schema"),
        "not-a-urn",
        message!("mapping-schema", text = excerpt(urn, 120)),
        message!("mapping-schema-help"),
    );
    // This avoids another message for each attribute.
    Some("urn:unknown:unknown")
}

struct MappingValidator<'a> {
    schema: Option<&'a str>,
    /// The attributes validated so far, by key.
    named: Vec<(&'static str, AttributeName)>,
    fields: &'a mut FieldValidator,
}

impl MappingValidator<'_> {
    fn validate_mapping(&mut self, draft: &RawMapping) -> Option<Mapping> {
        let mailbox = self.validate_address_attribute(draft.mailbox.as_ref());
        let state = self.validate_state(draft);
        let hold = draft.hold.as_ref().and_then(|hold| {
            let attribute = self.required_attribute(&hold.attribute, "mapping.hold.attribute");
            let words = hold.values.as_ref();
            let words = words
                .map(|draft| vocabulary::validate_holds(draft, "mapping.hold.values", self.fields));
            Some(mapped_or_boolean_attribute(attribute?, words, (true, false)))
        });
        let account = draft.account.as_ref().and_then(|account| {
            let attribute =
                self.required_attribute(&account.attribute, "mapping.account.attribute");
            let words = account.values.as_ref();
            let words = words.map(|draft| {
                vocabulary::validate_accounts(draft, "mapping.account.values", self.fields)
            });
            let plain = (AccountState::Active, AccountState::Disabled);
            Some(mapped_or_boolean_attribute(attribute?, words, plain))
        });
        let request = self.optional_attribute(&draft.request, "mapping.request");
        if let Some(request) = &request {
            self.check_writable(request, "mapping.request");
        }
        let changed_at = self.optional_attribute(&draft.changed_at, "mapping.changed_at");
        let recoverable_until =
            self.optional_attribute(&draft.recoverable_until, "mapping.recoverable_until");
        Some(Mapping {
            mailbox: mailbox?,
            state: state?,
            hold,
            account,
            request,
            changed_at,
            recoverable_until,
        })
    }

    fn validate_address_attribute(&mut self, text: Option<&Text>) -> Option<AddressAttribute> {
        let name = text.map_or("userName", |Text(name)| name);
        if name.eq_ignore_ascii_case("userName") {
            return Some(AddressAttribute::UserName);
        }
        if name.eq_ignore_ascii_case("emails") {
            return Some(AddressAttribute::Emails);
        }
        let attribute = self.validate_attribute(text?, "mapping.mailbox")?;
        let is_core = |name| attribute.overlaps(&AttributeName::core_attribute(name));
        Some(match () {
            () if is_core("userName") => AddressAttribute::UserName,
            () if is_core("emails") => AddressAttribute::Emails,
            () => AddressAttribute::Other(attribute),
        })
    }

    fn validate_state(&mut self, draft: &RawMapping) -> Option<MappedAttribute<State>> {
        let state = self.fields.required(&draft.state, "mapping.state")?;
        let attribute = self.required_attribute(&state.attribute, "mapping.state.attribute");
        let kind = match &*state.kind {
            Some(kind) => {
                let at = || YamlPath::keys("mapping.state.type");
                let is_said = !vocabulary::report_placeholder(kind, at, self.fields);
                let word = is_said.then(|| {
                    self.fields.validate_choice(kind, at(), "unknown-word", &ValueKind::WORDS)
                });
                word.flatten()
            }
            None => Some(ValueKind::String),
        };
        let words = match (&*state.values, kind) {
            (None, Some(ValueKind::Boolean)) => boolean_vocabulary(State::Enabled, State::Disabled),
            (values, _) => {
                let values = self.fields.required(values, "mapping.state.values")?;
                vocabulary::validate_states(values, "mapping.state.values", self.fields)
            }
        };
        self.check_words(kind?, &words);
        if let Some(attribute) = &attribute {
            self.check_writable(attribute, "mapping.state.attribute");
        }
        Some(MappedAttribute { attribute: attribute?, kind: kind?, words })
    }

    /// Reports words that cannot be written in this JSON type.
    fn check_words(&mut self, kind: ValueKind, words: &Vocabulary<State>) {
        if kind == ValueKind::String {
            return;
        }
        let is_boolean =
            |word: &str| ["true", "false"].iter().any(|boolean| word.eq_ignore_ascii_case(boolean));
        let is_number = |word: &str| word.parse::<u64>().is_ok_and(|n| n.to_string() == word);
        for (word, _) in words.iter() {
            let is_bool = kind == ValueKind::Boolean;
            if !(if is_bool { is_boolean(word) } else { is_number(word) }) {
                let word = excerpt(word, 40);
                self.fields.add_issue(
                    YamlPath::keys("mapping.state.values"),
                    "bad-word",
                    match is_bool {
                        true => message!("mapping-boolean", word),
                        false => message!("mapping-integer", word),
                    },
                    message!("mapping-word-help"),
                );
            }
        }
    }

    fn required_attribute(
        &mut self,
        text: &Option<Text>,
        key: &'static str,
    ) -> Option<AttributeName> {
        let text = self.fields.required(text, key)?;
        self.validate_attribute(text, key)
    }

    fn optional_attribute(
        &mut self,
        text: &Option<Text>,
        key: &'static str,
    ) -> Option<AttributeName> {
        self.validate_attribute(text.as_ref()?, key)
    }

    fn validate_attribute(&mut self, text: &Text, key: &'static str) -> Option<AttributeName> {
        if vocabulary::report_placeholder(text, || YamlPath::keys(key), self.fields) {
            return None;
        }
        let Text(text) = text;
        // Of every resource (RFC 7643 section 3.1): most portals tell no other time of a change.
        let is_last_modified =
            key == "mapping.changed_at" && text.eq_ignore_ascii_case("meta.lastModified");
        let schema = if is_last_modified { Some(USER) } else { self.schema };
        let schemas = [Some(USER), self.schema];
        let mut schemas = schemas.into_iter().flatten();
        let is_schema = schemas.any(|schema| text.eq_ignore_ascii_case(schema));
        let read = match AttributeName::parse(text, schema) {
            _ if is_schema => Err(InvalidAttributeName(message!("mapping-is-schema"))),
            Ok(attribute) if is_common_attribute(&attribute) && !is_last_modified => {
                Err(InvalidAttributeName(message!("mapping-is-common")))
            }
            other => other,
        };
        match read {
            Ok(attribute) => {
                self.named.push((key, attribute.clone()));
                Some(attribute)
            }
            Err(InvalidAttributeName(why)) => {
                self.fields.add_issue(
                    YamlPath::keys(key),
                    "not-an-attribute",
                    message!("mapping-attribute", text = excerpt(text, 120), why),
                    message!("mapping-attribute-help"),
                );
                None
            }
        }
    }

    /// arkib may not write attributes that identify a person or grant rights.
    fn check_writable(&mut self, attribute: &AttributeName, key: &'static str) {
        if !attribute.is_person_attribute() {
            return;
        }
        self.fields.add_issue(
            YamlPath::keys(key),
            "not-arkibs-to-write",
            message!("mapping-personal", attribute = excerpt(&attribute.to_string(), 120)),
            message!("mapping-personal-help"),
        );
    }

    /// Reports attributes that have two meanings.
    fn check_no_overlaps(&mut self, draft: &RawMapping) {
        let text = draft.mailbox.as_ref().map_or("userName", |Text(text)| text);
        for name in ["userName", "emails"] {
            if text.eq_ignore_ascii_case(name) {
                self.named.insert(0, ("mapping.mailbox", AttributeName::core_attribute(name)));
            }
        }
        if draft.account.is_none() {
            self.named.insert(0, ("account", AttributeName::core_attribute("active")));
        }
        for (index, (key, attribute)) in self.named.iter().enumerate() {
            let before = self.named[..index].iter();
            let Some((other, _)) = before.clone().find(|(_, known)| known.overlaps(attribute))
            else {
                continue;
            };
            let other = match *other {
                "account" => message!("mapping-default-account"),
                other => other.trim_start_matches("mapping.").trim_end_matches(".attribute").into(),
            };
            self.fields.add_issue(
                YamlPath::keys(key),
                "attribute-twice",
                message!("mapping-twice", attribute = excerpt(&attribute.to_string(), 120), other),
                message!("mapping-twice-help"),
            );
        }
    }
}

/// An attribute and its words; by default true and false.
fn mapped_or_boolean_attribute<T: PartialEq>(
    attribute: AttributeName,
    words: Option<Vocabulary<T>>,
    (yes, no): (T, T),
) -> MappedAttribute<T> {
    let (kind, words) = match words {
        Some(words) => (ValueKind::String, words),
        None => (ValueKind::Boolean, boolean_vocabulary(yes, no)),
    };
    MappedAttribute { attribute, kind, words }
}

/// Whether it is an attribute of every resource (RFC 7643 section 3.1).
fn is_common_attribute(attribute: &AttributeName) -> bool {
    let own = ["id", "schemas", "meta"];
    own.iter().any(|name| attribute.overlaps(&AttributeName::core_attribute(name)))
}
