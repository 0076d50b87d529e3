//! Fills the output of `arkib portal inspect` with what a portal says of itself, what its users have,
//! and what arkib would read of them. May not ask the portal anything.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::mapping::folded;
use crate::domain::mapping::scim::{Attribute, Mapping, USER};
use crate::output::inspect::{
    AttributeOutput, BulkOutput, InspectOutput, MappingOutput, OffersOutput, ResourceTypeOutput,
    SchemaOutput, WordOutput, quoted, users,
};
use crate::portal::scim::{Inspected, Schema, Told, Tried, Values};

impl InspectOutput {
    /// With what the portal says of itself, and what its users have.
    #[must_use]
    pub fn of(mut self, portal: &Inspected) -> Self {
        let offers = &portal.offers;
        let can = &offers.capabilities;
        let scheme = |(kind, name): &(String, String)| match name.is_empty() {
            true => kind.clone(),
            false => format!("{kind} ({name})"),
        };
        self.offers = Some(OffersOutput {
            config: offers.has_config,
            filter: can.filter,
            bulk: can.bulk.map(|bulk| BulkOutput {
                operations: bulk.max_operations,
                bytes: bulk.max_payload,
            }),
            etag: can.etag,
            patch: can.patch,
            sort: offers.sort,
            paging: if can.cursor { "cursor" } else { "index" },
            largest_page: can.max_page,
            authentication: offers.authentication.iter().map(scheme).collect(),
        });
        let types = portal.types.iter().map(|kind| ResourceTypeOutput {
            name: kind.name.clone(),
            endpoint: kind.endpoint.clone(),
            schema: kind.schema.clone(),
            extensions: kind.extensions.clone(),
        });
        self.resource_types = types.collect();
        self.users = Some(portal.users());
        self.schemas = schemas(portal);
        self
    }

    /// With what a mapping makes of it; the agency is the policy's, and none for arkib's own extension.
    pub fn add(&mut self, agency: Option<&str>, mapping: &Mapping, tried: &Tried, of: &Inspected) {
        let keys = mapping.attributes().into_iter();
        let mut doubts: Vec<String> = keys
            .filter_map(|(key, attribute)| without_meaning(key, mapping, of.values(attribute)?))
            .collect();
        if tried.ambiguous > 0 {
            doubts.push(format!(
                "mailbox: {} addresses are of users that have several and no primary one; requests for them are blocked",
                tried.ambiguous
            ));
        }
        let of_agency = |said: &String| match agency {
            Some(agency) => format!("{agency}: {said}"),
            None => said.clone(),
        };
        self.problems.extend(tried.problems.iter().map(of_agency));
        self.doubts.extend(doubts.iter().map(of_agency));
        self.mappings.push(MappingOutput {
            agency: agency.map(str::to_owned),
            states: match tried.problems.is_empty() {
                true => tried.states.clone(),
                false => BTreeMap::new(),
            },
            without_address: tried.without_address,
        });
    }
}

/// What is to be said of values that users have and a mapping does not know.
fn without_meaning(key: &str, mapping: &Mapping, values: &Values) -> Option<String> {
    let (_, known) = mapping.words(key)?;
    let is_known = |word: &str| known.iter().any(|(known, _)| folded(known) == folded(word));
    let observed = values.words();
    let unknown = observed.iter().filter(|(word, _)| !is_known(word));
    let mut unknown: Vec<String> = unknown
        .map(|(word, count)| format!("{} ({})", quoted(word), users(*count)))
        .collect();
    let shown: usize = observed.iter().map(|(_, count)| count).sum();
    if values.users > shown {
        let others = users(values.users - shown);
        unknown.push(format!("values that are not shown ({others})"));
    }
    let then = match key {
        "hold" => "counts as on hold",
        _ => "is left alone",
    };
    let unknown = (!unknown.is_empty()).then(|| unknown.join(", "))?;
    Some(format!(
        "{key}: the mapping has no meaning for {unknown}; such a mailbox {then}"
    ))
}

/// What the schemas list, and after it what users have besides.
fn schemas(portal: &Inspected) -> Vec<SchemaOutput> {
    let mut listed = BTreeSet::new();
    let mut schemas = Vec::new();
    for schema in portal.schemas() {
        let mut attributes = Vec::new();
        for (name, said) in named(schema) {
            if let Ok(path) = Attribute::parse(&name, Some(&schema.id)) {
                listed.insert(path.to_string().to_lowercase());
            }
            attributes.push(attribute(&schema.id, name, Some(said), portal));
        }
        schemas.push(SchemaOutput {
            id: schema.id.clone(),
            name: schema.name.clone(),
            attributes,
        });
    }
    let is_listed = |path: &&Attribute| listed.contains(&path.to_string().to_lowercase());
    for path in portal.attributes().filter(|path| !is_listed(path)) {
        let id = path.schema.as_deref().unwrap_or(USER);
        let found = attribute(id, path.in_schema(), None, portal);
        match schemas
            .iter_mut()
            .find(|known| known.id.eq_ignore_ascii_case(id))
        {
            Some(schema) => schema.attributes.push(found),
            None => schemas.push(SchemaOutput {
                id: id.to_owned(),
                name: None,
                attributes: vec![found],
            }),
        }
    }
    schemas
}

/// The attributes of a schema that have a value of their own, with what it says of each.
fn named(schema: &Schema) -> Vec<(String, &Told)> {
    let mut named = Vec::new();
    for whole in schema.attributes.iter().flatten() {
        // A list is one attribute, whatever it is made of: no mapping can name a part of it.
        if whole.parts.is_empty() || whole.multi_valued {
            named.push((whole.name.clone(), whole));
            continue;
        }
        for part in &whole.parts {
            named.push((format!("{}.{}", whole.name, part.name), part));
        }
    }
    named
}

fn attribute(id: &str, name: String, said: Option<&Told>, portal: &Inspected) -> AttributeOutput {
    let path = Attribute::parse(&name, Some(id)).ok();
    let values = path.as_ref().and_then(|path| portal.values(path));
    let words = values.map(|values| values.words()).unwrap_or_default();
    let words = words.into_iter().map(|(word, users)| WordOutput {
        word: word.to_owned(),
        users,
    });
    AttributeOutput {
        name,
        kind: said.and_then(|said| said.kind.clone()),
        multi_valued: said.is_some_and(|said| said.multi_valued),
        mutability: said.and_then(|said| said.mutability.clone()),
        canonical_values: said.map(|said| said.canonical.clone()).unwrap_or_default(),
        users: values.map_or(0, |values| values.users),
        addresses: values.map_or(0, |values| values.addresses),
        dates: values.map_or(0, |values| values.dates),
        different: values.map_or(Some(0), |values| values.different()),
        words: words.collect(),
    }
}
