//! A mapping made ready for reading: which name of a user is which meaning. Made once, so that half
//! a million users cost no more than a look at each name. Pure.

use std::sync::Arc;

use super::lenient::is;
use crate::domain::mapping::scim::{AddressAttribute, Attribute, Mapping};

/// What an attribute means, and the place where its value is kept while a user is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AttributeMeaning {
    Mailbox,
    State,
    Hold,
    Account,
    /// Core `active`, which counts where the account's state is absent.
    Active,
    Request,
    ChangedAt,
    RecoverableUntil,
    Id,
    Version,
    ResourceType,
    /// The URNs of the kinds of thing that it is.
    Schemas,
    /// The list of a user's addresses, of which one is the mailbox.
    Emails,
}

impl AttributeMeaning {
    pub(super) const COUNT: usize = 13;
}

/// The names of one object that mean something: a user itself, an extension, or an attribute with parts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Names<'m> {
    attributes: &'m [Named],
    /// What stands in a user under a URN.
    extensions: &'m [(Arc<str>, Vec<Named>)],
    /// The attribute that the object is the value of.
    parts_of: Option<&'m str>,
}

/// A name of the mapping, and what it means.
type Named = (Attribute, AttributeMeaning);

/// What stands under a name.
#[derive(Debug)]
pub(super) enum Found<'m> {
    Value(AttributeMeaning),
    Object(Names<'m>),
}

impl<'m> Names<'m> {
    fn of(attributes: &'m [Named], extensions: &'m [(Arc<str>, Vec<Named>)]) -> Self {
        Self {
            attributes,
            extensions,
            parts_of: None,
        }
    }

    pub(super) fn find(self, name: &str) -> Option<Found<'m>> {
        let mut extensions = self.extensions.iter();
        if let Some((_, attributes)) = extensions.find(|(urn, _)| is(urn, name)) {
            return Some(Found::Object(Self::of(attributes, &[])));
        }
        let mut attributes = self.attributes.iter();
        attributes.find_map(
            |(attribute, meaning)| match (self.parts_of, &attribute.sub) {
                (None, None) => is(&attribute.name, name).then_some(Found::Value(*meaning)),
                (None, Some(_)) => is(&attribute.name, name).then_some(Found::Object(Self {
                    parts_of: Some(&attribute.name),
                    ..Self::of(self.attributes, &[])
                })),
                (Some(whole), Some(part)) if is(&attribute.name, whole) => {
                    is(part, name).then_some(Found::Value(*meaning))
                }
                _ => None,
            },
        )
    }
}

/// A mapping made ready.
#[derive(Debug)]
pub(super) struct Matcher {
    pub(super) mapping: Mapping,
    user: Vec<Named>,
    extensions: Vec<(Arc<str>, Vec<Named>)>,
    /// What is asked for where the portal takes `attributes` (RFC 7644 section 3.9).
    pub(super) attributes: String,
    /// The attribute that holds addresses, as a filter names it.
    pub(super) address: String,
}

impl Matcher {
    pub(super) fn new(mapping: &Mapping) -> Self {
        let mut extensions = Vec::<(Arc<str>, Vec<Named>)>::new();
        // What every resource has, whatever the mapping says (RFC 7643 section 3.1).
        let meta = |part: &str| Attribute {
            sub: Some(part.into()),
            ..Attribute::core("meta")
        };
        let mut user = vec![
            (Attribute::core("id"), AttributeMeaning::Id),
            (meta("version"), AttributeMeaning::Version),
            (meta("resourceType"), AttributeMeaning::ResourceType),
            (Attribute::core("schemas"), AttributeMeaning::Schemas),
        ];
        let mut asked = Vec::new();
        for (attribute, meaning) in meanings(mapping) {
            asked.push(attribute.to_string());
            let Some(schema) = attribute.schema.clone() else {
                user.push((attribute, meaning));
                continue;
            };
            match extensions.iter_mut().find(|(urn, _)| is(urn, &schema)) {
                Some((_, known)) => known.push((attribute, meaning)),
                None => extensions.push((schema, vec![(attribute, meaning)])),
            }
        }
        asked.push("meta.version".to_owned());
        Self {
            mapping: mapping.clone(),
            user,
            extensions,
            attributes: asked.join(","),
            address: mapping.mailbox.to_string(),
        }
    }

    /// The names in a user itself.
    pub(super) fn user(&self) -> Names<'_> {
        Names::of(&self.user, &self.extensions)
    }
}

fn meanings(mapping: &Mapping) -> Vec<Named> {
    let mut meanings = vec![match &mapping.mailbox {
        AddressAttribute::Emails => (Attribute::core("emails"), AttributeMeaning::Emails),
        address => (address.attribute(), AttributeMeaning::Mailbox),
    }];
    for (key, attribute) in mapping.attributes() {
        let meaning = match key {
            "hold" => AttributeMeaning::Hold,
            "account" => AttributeMeaning::Account,
            "request" => AttributeMeaning::Request,
            "changed_at" => AttributeMeaning::ChangedAt,
            "recoverable_until" => AttributeMeaning::RecoverableUntil,
            _ => AttributeMeaning::State,
        };
        meanings.push((attribute.clone(), meaning));
    }
    let active = Attribute::core("active");
    if !meanings[1..]
        .iter()
        .any(|(attribute, _)| attribute.overlaps(&active))
    {
        meanings.push((active, AttributeMeaning::Active));
    }
    meanings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::mapping::scim::MAILBOX;

    #[test]
    fn requests_the_extension_by_name() {
        let matcher = Matcher::new(&Mapping::default());
        assert_eq!(
            matcher.attributes,
            format!(
                "userName,{MAILBOX}:state,{MAILBOX}:hold,{MAILBOX}:account,{MAILBOX}:request,{MAILBOX}:changedAt,{MAILBOX}:recoverableUntil,active,meta.version"
            )
        );
        assert_eq!(matcher.address, "userName");
        let user = matcher.user();
        assert!(user.find("USERNAME").is_some() && user.find("emails").is_none());
    }

    #[test]
    fn groups_parts_of_one_attribute() {
        let attribute = |text| Attribute::parse(text, Some("urn:x:y")).expect("a name");
        let mut mapping = Mapping::default();
        mapping.state.attribute = attribute("arkib.keadaan");
        mapping.request = Some(attribute("ARKIB.rujukan"));
        let matcher = Matcher::new(&mapping);
        let Some(Found::Object(names)) = matcher.user().find("URN:X:Y") else {
            panic!("no extension");
        };
        let Some(Found::Object(parts)) = names.find("Arkib") else {
            panic!("no parts");
        };
        assert!(matches!(
            parts.find("keadaan"),
            Some(Found::Value(AttributeMeaning::State))
        ));
        assert!(matches!(
            parts.find("RUJUKAN"),
            Some(Found::Value(AttributeMeaning::Request))
        ));
    }
}
