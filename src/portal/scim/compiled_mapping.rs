//! A mapping made ready for reading: which name of a user is which meaning. Made once, so that half
//! a million users cost no more than a look at each name. Pure.

use std::sync::Arc;

use super::lenient_json::is_same_name;
use crate::domain::mapping::scim::{AddressAttribute, AttributeName, ENTERPRISE, Mapping};
use crate::domain::mapping::written_words::has_arkib_words;

/// What an attribute means, and the place where its value is kept while a user is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MailboxField {
    Mailbox,
    State,
    Hold,
    Account,
    /// Core `active`, which counts where the account's state is absent.
    Active,
    Request,
    ChangedAt,
    ModifiedAt,
    RecoverableUntil,
    Id,
    Version,
    Created,
    ResourceType,
    /// The URNs of the kinds of thing that it is.
    Schemas,
    /// The list of a user's addresses, of which one is the mailbox.
    Emails,
    /// The person's name: `name.formatted`, else `displayName`.
    FullName,
    DisplayName,
    /// `title`.
    Post,
    /// `department` of the enterprise extension.
    Office,
}

impl MailboxField {
    pub(super) const COUNT: usize = Self::Office as usize + 1;
}

/// The names of one object that mean something: a user itself, an extension, or an attribute with parts.
#[derive(Debug, Clone, Copy)]
pub(super) struct AttributeNameIndex<'m> {
    attributes: &'m [NamedMeaning],
    /// What stands in a user under a URN.
    extensions: &'m [(Arc<str>, Vec<NamedMeaning>)],
    /// The attribute that the object is the value of.
    parts_of: Option<&'m str>,
}

/// A name of the mapping, and what it means.
type NamedMeaning = (AttributeName, MailboxField);

/// What stands under a name.
#[derive(Debug)]
pub(super) enum IndexEntry<'m> {
    Value(MailboxField),
    Object(AttributeNameIndex<'m>),
}

impl<'m> AttributeNameIndex<'m> {
    fn compile_attributes(
        attributes: &'m [NamedMeaning],
        extensions: &'m [(Arc<str>, Vec<NamedMeaning>)],
    ) -> Self {
        Self { attributes, extensions, parts_of: None }
    }

    pub(super) fn look_up_name(self, name: &str) -> Option<IndexEntry<'m>> {
        let mut extensions = self.extensions.iter();
        if let Some((_, attributes)) = extensions.find(|(urn, _)| is_same_name(urn, name)) {
            return Some(IndexEntry::Object(Self::compile_attributes(attributes, &[])));
        }
        let mut attributes = self.attributes.iter();
        attributes.find_map(|(attribute, meaning)| match (self.parts_of, &attribute.sub) {
            (None, None) => {
                is_same_name(&attribute.name, name).then_some(IndexEntry::Value(*meaning))
            }
            (None, Some(_)) => {
                is_same_name(&attribute.name, name).then_some(IndexEntry::Object(Self {
                    parts_of: Some(&attribute.name),
                    ..Self::compile_attributes(self.attributes, &[])
                }))
            }
            (Some(whole), Some(part)) if is_same_name(&attribute.name, whole) => {
                is_same_name(part, name).then_some(IndexEntry::Value(*meaning))
            }
            _ => None,
        })
    }
}

/// A mapping made ready.
#[derive(Debug)]
pub(super) struct CompiledMapping {
    pub(super) mapping: Mapping,
    /// Whether its words for states are not arkib's own.
    pub(super) has_own_words: bool,
    user: Vec<NamedMeaning>,
    extensions: Vec<(Arc<str>, Vec<NamedMeaning>)>,
    /// What is asked for where the portal takes `attributes` (RFC 7644 section 3.9).
    pub(super) attributes: String,
    /// Whether the portal gives something of it only to who asks for it so.
    pub(super) on_request: bool,
    /// The attribute that holds addresses, as a filter names it.
    pub(super) address: String,
}

impl CompiledMapping {
    pub(super) fn new(mapping: &Mapping) -> Self {
        let mut extensions = Vec::new();
        // What every resource has, whatever the mapping says (RFC 7643 section 3.1).
        let meta = |part: &str| AttributeName {
            sub: Some(part.into()),
            ..AttributeName::core_attribute("meta")
        };
        let mut user = vec![
            (AttributeName::core_attribute("id"), MailboxField::Id),
            (meta("version"), MailboxField::Version),
            (meta("created"), MailboxField::Created),
            (meta("resourceType"), MailboxField::ResourceType),
            (AttributeName::core_attribute("schemas"), MailboxField::Schemas),
        ];
        let mut asked = Vec::new();
        for (attribute, meaning) in attribute_meanings(mapping) {
            asked.push(attribute.to_string());
            add_meaning(&mut user, &mut extensions, (attribute, meaning));
        }
        asked.extend(["meta.created".to_owned(), "meta.version".to_owned()]);
        Self {
            mapping: mapping.clone(),
            has_own_words: !has_arkib_words(&mapping.state),
            user,
            extensions,
            attributes: asked.join(","),
            on_request: false,
            address: mapping.mailbox.to_string(),
        }
    }

    /// For a portal that gives something of it only on request, or for any other.
    pub(super) fn with_on_request(self, on_request: bool) -> Self {
        Self { on_request, ..self }
    }

    /// Reads who the person behind a mailbox is, too; offices are asked for where the portal has them. What
    /// the mapping names keeps its meaning.
    pub(super) fn with_people(mut self, has_offices: bool) -> Self {
        let core = AttributeName::core_attribute;
        let full_name = AttributeName { sub: Some("formatted".into()), ..core("name") };
        let office = AttributeName { schema: Some(ENTERPRISE.into()), ..core("department") };
        for (attribute, meaning) in [
            (full_name, MailboxField::FullName),
            (core("displayName"), MailboxField::DisplayName),
            (core("title"), MailboxField::Post),
            (office, MailboxField::Office),
        ] {
            if meaning != MailboxField::Office || has_offices {
                self.attributes = format!("{},{attribute}", self.attributes);
            }
            add_meaning(&mut self.user, &mut self.extensions, (attribute, meaning));
        }
        self
    }

    /// The query by which one user is read.
    pub(super) fn single_query(&self) -> String {
        if self.on_request { format!("attributes={}", self.attributes) } else { String::new() }
    }

    /// The names in a user itself.
    pub(super) fn index_of_user(&self) -> AttributeNameIndex<'_> {
        AttributeNameIndex::compile_attributes(&self.user, &self.extensions)
    }
}

/// Adds a name to those of a user itself, or of the extension that it is in.
fn add_meaning(
    user: &mut Vec<NamedMeaning>,
    extensions: &mut Vec<(Arc<str>, Vec<NamedMeaning>)>,
    named: NamedMeaning,
) {
    let Some(schema) = named.0.schema.clone() else {
        return user.push(named);
    };
    match extensions.iter_mut().find(|(urn, _)| is_same_name(urn, &schema)) {
        Some((_, known)) => known.push(named),
        None => extensions.push((schema, vec![named])),
    }
}

fn attribute_meanings(mapping: &Mapping) -> Vec<NamedMeaning> {
    let mut meanings = vec![match &mapping.mailbox {
        AddressAttribute::Emails => (AttributeName::core_attribute("emails"), MailboxField::Emails),
        address => (address.to_attribute_name(), MailboxField::Mailbox),
    }];
    for (key, attribute) in mapping.attributes() {
        let meaning = match key {
            "hold" => MailboxField::Hold,
            "account" => MailboxField::Account,
            "request" => MailboxField::Request,
            "changed_at" if attribute.overlaps(&AttributeName::core_attribute("meta")) => {
                MailboxField::ModifiedAt
            }
            "changed_at" => MailboxField::ChangedAt,
            "recoverable_until" => MailboxField::RecoverableUntil,
            _ => MailboxField::State,
        };
        meanings.push((attribute.clone(), meaning));
    }
    let active = AttributeName::core_attribute("active");
    if !meanings[1..].iter().any(|(attribute, _)| attribute.overlaps(&active)) {
        meanings.push((active, MailboxField::Active));
    }
    meanings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::mapping::scim::MAILBOX;

    #[test]
    fn requests_the_extension_by_name() {
        let matcher = CompiledMapping::new(&Mapping::default());
        assert_eq!(
            matcher.attributes,
            format!(
                "userName,{MAILBOX}:state,{MAILBOX}:hold,{MAILBOX}:account,{MAILBOX}:request,{MAILBOX}:changedAt,{MAILBOX}:recoverableUntil,active,meta.created,meta.version"
            )
        );
        assert_eq!(matcher.address, "userName");
        let user = matcher.index_of_user();
        assert!(user.look_up_name("USERNAME").is_some() && user.look_up_name("emails").is_none());
    }

    #[test]
    fn groups_parts_of_one_attribute() {
        let attribute = |text| AttributeName::parse(text, Some("urn:x:y")).expect("a name");
        let mut mapping = Mapping::default();
        mapping.state.attribute = attribute("arkib.keadaan");
        mapping.request = Some(attribute("ARKIB.rujukan"));
        let matcher = CompiledMapping::new(&mapping);
        let Some(IndexEntry::Object(names)) = matcher.index_of_user().look_up_name("URN:X:Y")
        else {
            panic!("no extension");
        };
        let Some(IndexEntry::Object(parts)) = names.look_up_name("Arkib") else {
            panic!("no parts");
        };
        assert!(matches!(
            parts.look_up_name("keadaan"),
            Some(IndexEntry::Value(MailboxField::State))
        ));
        assert!(matches!(
            parts.look_up_name("RUJUKAN"),
            Some(IndexEntry::Value(MailboxField::Request))
        ));
    }

    #[test]
    fn asks_for_people_only_where_a_letter_is_written() {
        let without = CompiledMapping::new(&Mapping::default());
        let (names, offices) =
            (",name.formatted,displayName,title", format!(",{ENTERPRISE}:department"));
        assert!(without.index_of_user().look_up_name("title").is_none());
        let with = |has_offices| {
            CompiledMapping::new(&Mapping::default()).with_people(has_offices).attributes
        };
        assert_eq!(with(false), format!("{}{names}", without.attributes));
        assert_eq!(with(true), format!("{}{names}{offices}", without.attributes));
    }
}
