//! A mapping made ready for reading: which name of a user is which meaning. Made once, so that half
//! a million users cost no more than a look at each name. Pure.

use super::lenient::is;
use crate::domain::mapping::scim::{Address, Attribute, Mapping};

/// What an attribute means, and the place where its value is kept while a user is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Mailbox,
    State,
    Hold,
    Account,
    /// Core `active`, which counts where the account's state is absent.
    Active,
    Request,
    ChangedAt,
    RecoverableUntil,
}

impl Meaning {
    pub(super) const COUNT: usize = 8;
}

/// How a value is to be read.
#[derive(Debug)]
pub(super) enum Place {
    /// It is the value of a meaning.
    Value(Meaning),
    /// It has parts, of which these are values of meanings.
    Parts(Names),
    /// It is the list of a user's addresses.
    Emails,
}

/// The names of one object that mean something.
#[derive(Debug, Default)]
pub(super) struct Names(Vec<(Box<str>, Place)>);

impl Names {
    pub(super) fn find(&self, name: &str) -> Option<&Place> {
        let found = self.0.iter().find(|(known, _)| is(name, known));
        found.map(|(_, place)| place)
    }

    fn add(&mut self, attribute: &Attribute, meaning: Meaning) {
        let Some(sub) = &attribute.sub else {
            let place = Place::Value(meaning);
            return self.0.push((attribute.name.clone(), place));
        };
        let part = (sub.clone(), Place::Value(meaning));
        for (name, place) in &mut self.0 {
            if let (true, Place::Parts(parts)) = (is(name, &attribute.name), place) {
                return parts.0.push(part);
            }
        }
        let parts = Place::Parts(Self(vec![part]));
        self.0.push((attribute.name.clone(), parts));
    }
}

/// A mapping made ready.
#[derive(Debug)]
pub(super) struct Matcher {
    pub(super) mapping: Mapping,
    core: Names,
    extensions: Vec<(Box<str>, Names)>,
    /// What is asked for where the portal takes `attributes` (RFC 7644 section 3.9).
    pub(super) attributes: String,
    /// The attribute that holds addresses, as a filter names it.
    pub(super) address: String,
}

impl Matcher {
    pub(super) fn new(mapping: &Mapping) -> Self {
        let mut matcher = Self {
            mapping: mapping.clone(),
            core: Names::default(),
            extensions: Vec::new(),
            attributes: String::new(),
            address: mapping.mailbox.to_string(),
        };
        let mut asked = Vec::new();
        let mut meanings = meanings(mapping);
        match &mapping.mailbox {
            Address::Emails => {
                matcher.core.0.push(("emails".into(), Place::Emails));
                asked.push("emails".to_owned());
            }
            address => meanings.insert(0, (address.attribute(), Meaning::Mailbox)),
        }
        for (attribute, meaning) in meanings {
            matcher.names(&attribute).add(&attribute, meaning);
            asked.push(attribute.to_string());
        }
        asked.push("meta.version".to_owned());
        matcher.attributes = asked.join(",");
        matcher
    }

    fn names(&mut self, attribute: &Attribute) -> &mut Names {
        let Some(schema) = &attribute.schema else {
            return &mut self.core;
        };
        let known = self.extensions.iter().position(|(urn, _)| is(urn, schema));
        let index = known.unwrap_or_else(|| {
            self.extensions.push(((&**schema).into(), Names::default()));
            self.extensions.len() - 1
        });
        &mut self.extensions[index].1
    }

    /// What a name of the user itself is.
    pub(super) fn core(&self, name: &str) -> Option<&Place> {
        self.core.find(name)
    }

    /// The names in the extension of this URN, where they mean something.
    pub(super) fn extension(&self, urn: &str) -> Option<&Names> {
        let found = self.extensions.iter().find(|(known, _)| is(urn, known));
        found.map(|(_, names)| names)
    }
}

fn meanings(mapping: &Mapping) -> Vec<(Attribute, Meaning)> {
    let mut meanings: Vec<(Attribute, Meaning)> = mapping
        .attributes()
        .into_iter()
        .map(|(key, attribute)| {
            let meaning = match key {
                "hold" => Meaning::Hold,
                "account" => Meaning::Account,
                "request" => Meaning::Request,
                "changed_at" => Meaning::ChangedAt,
                "recoverable_until" => Meaning::RecoverableUntil,
                _ => Meaning::State,
            };
            (attribute.clone(), meaning)
        })
        .collect();
    let active = Attribute::core("active");
    if !meanings.iter().any(|(it, _)| it.overlaps(&active)) {
        meanings.push((active, Meaning::Active));
    }
    meanings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::mapping::scim::MAILBOX;

    #[test]
    fn arkibs_own_extension_is_asked_for_by_its_names() {
        let matcher = Matcher::new(&Mapping::default());
        assert_eq!(
            matcher.attributes,
            format!(
                "userName,{MAILBOX}:state,{MAILBOX}:hold,{MAILBOX}:account,{MAILBOX}:request,{MAILBOX}:changedAt,{MAILBOX}:recoverableUntil,active,meta.version"
            )
        );
        assert_eq!(matcher.address, "userName");
        assert!(matcher.core("USERNAME").is_some() && matcher.core("emails").is_none());
    }

    #[test]
    fn parts_of_one_attribute_are_kept_together() {
        let attribute = |text| Attribute::parse(text, Some("urn:x:y")).expect("a name");
        let mut mapping = Mapping::default();
        mapping.state.attribute = attribute("arkib.keadaan");
        mapping.request = Some(attribute("ARKIB.rujukan"));
        let matcher = Matcher::new(&mapping);
        let names = matcher.extension("URN:X:Y").expect("the extension");
        let Some(Place::Parts(parts)) = names.find("Arkib") else {
            panic!("no parts");
        };
        assert!(matches!(
            parts.find("keadaan"),
            Some(Place::Value(Meaning::State))
        ));
        assert!(matches!(
            parts.find("RUJUKAN"),
            Some(Place::Value(Meaning::Request))
        ));
    }
}
