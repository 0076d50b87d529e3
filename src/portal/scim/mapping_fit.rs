//! Does a mapping fit what a portal says of itself? A name that is wrong would make every archive
//! look as if it were not there, so it is refused before anything is read by it. Pure.

#[cfg(test)]
mod tests;

use super::confirmed_attributes::ConfirmedAttributes;
use super::lenient_json::is_same_name;
use super::schemas::PortalSchemas;
use crate::domain::mapping::scim::{AddressAttribute, AttributeName, Mapping, ValueKind};
use crate::domain::mapping::scim_urns as wire;
use crate::domain::portal_inspection::AttributeInfo;
use crate::portal::{Doing, ErrorKind, PortalError};
use crate::text::excerpt;
use crate::yaml::schema_walk::did_you_mean;

/// How many names are listed as what there is instead.
const MOST_NAMES: usize = 40;

/// How a mapping and a portal's schemas go together.
#[derive(Debug, Default)]
pub(super) struct MappingFit {
    /// What does not fit, each a sentence.
    pub(super) problems: Vec<String>,
    /// Those of them that an attribute is not listed, by its key: users may have it all the same.
    pub(super) unlisted: Vec<(&'static str, String)>,
    /// Whether something is returned only to who asks for it by `attributes`.
    pub(super) on_request: bool,
    /// Which attributes the portal itself says that it has.
    pub(super) confirmed: ConfirmedAttributes,
    /// Whether it tells upper and lower case of addresses apart, so that a filter may miss one.
    pub(super) has_exact_addresses: bool,
}

/// Holds a mapping against the schemas.
pub(super) fn check_fit(mapping: &Mapping, offered: &PortalSchemas) -> MappingFit {
    let address = mapping.mailbox.to_attribute_name();
    let mut fit = MappingFit {
        has_exact_addresses: matches!(find_attribute(offered, &address), Ok(Some(found)) if found.case_exact),
        on_request: is_on_request(mapping, offered),
        ..MappingFit::default()
    };
    if mapping.is_arkib_extension() {
        // A portal may have arkib's extension in part; that it has it is enough.
        fit.confirmed = ConfirmedAttributes::ALL;
        if offered.get(wire::MAILBOX).is_none() && offered.is_whole {
            let urn = wire::MAILBOX;
            fit.confirmed.state = false;
            fit.add_unlisted("state", format!("the portal does not offer the schema {urn}"));
        }
        return fit;
    }
    if let AddressAttribute::Other(attribute) = &mapping.mailbox {
        fit.check_attribute("mailbox", attribute, mapping, offered);
    }
    for (key, attribute) in mapping.attributes() {
        fit.check_attribute(key, attribute, mapping, offered);
    }
    fit
}

/// Whether an attribute of the mapping is returned only on request (RFC 7643 section 7).
pub(super) fn is_on_request(mapping: &Mapping, offered: &PortalSchemas) -> bool {
    mapping.attributes().into_iter().any(|(_, attribute)| {
        let found = find_attribute(offered, attribute).ok().flatten();
        found.is_some_and(|found| {
            found.returned.as_deref().is_some_and(|returned| is_same_name(returned, "request"))
        })
    })
}

/// What a portal says of an attribute; nothing where it lists no schemas, not all, or none of this one's
/// attributes. The error says that there is no such attribute.
fn find_attribute<'a>(
    offered: &'a PortalSchemas,
    attribute: &AttributeName,
) -> Result<Option<&'a AttributeInfo>, String> {
    let urn = attribute.schema.as_deref().unwrap_or(wire::USER);
    let Some(schema) = offered.get(urn) else {
        // Every portal has users, also one that does not list what RFC 7643 says of them.
        if !offered.is_whole || attribute.schema.is_none() {
            return Ok(None);
        }
        let ids: Vec<&str> = offered.schemas.iter().map(|schema| &*schema.id).collect();
        let (suggestion, there) = (suggest_name(urn, &ids), join_names(&ids));
        return Err(format!("the portal has no schema `{urn}`{suggestion}; there are {there}"));
    };
    // What every resource has stands in no schema (RFC 7643 section 3.1).
    let is = |common: &&str| attribute.name.eq_ignore_ascii_case(common);
    let is_common = attribute.schema.is_none() && ["externalId", "meta"].iter().any(is);
    if is_common || schema.attributes.is_empty() {
        return Ok(None);
    }
    let whole = find_named(&attribute.name, &schema.attributes, attribute)?;
    let Some(sub) = &attribute.sub else {
        return Ok(Some(whole));
    };
    let part = find_named(sub, &whole.parts, attribute)?;
    // One of several values has no name of its own.
    let is_one = !whole.multi_valued || attribute.name.eq_ignore_ascii_case("emails");
    Ok(Some(if is_one { part } else { whole }))
}

/// The attribute or part of that name, or the sentence that there are others.
fn find_named<'a>(
    name: &str,
    among: &'a [AttributeInfo],
    of: &AttributeName,
) -> Result<&'a AttributeInfo, String> {
    if let Some(found) = among.iter().find(|known| is_same_name(&known.name, name)) {
        return Ok(found);
    }
    let names = attribute_names(among);
    let there = match &*names {
        [] => "it has none".to_owned(),
        names => format!("there are {}", join_names(names)),
    };
    let (shown, suggestion) = (of.name_in_schema(), suggest_name(name, &names));
    Err(format!("the portal has no attribute `{shown}`{suggestion}; {there}"))
}

fn attribute_names(attributes: &[AttributeInfo]) -> Vec<&str> {
    attributes.iter().map(|attribute| &*attribute.name).collect()
}

impl MappingFit {
    /// Whether there are problems that no user can disprove.
    pub(super) fn is_refused(&self) -> bool {
        let is_unlisted =
            |problem: &String| self.unlisted.iter().any(|(_, known)| known == problem);
        !self.problems.iter().all(is_unlisted)
    }

    fn add_unlisted(&mut self, key: &'static str, problem: String) {
        if !self.problems.contains(&problem) {
            self.problems.push(problem.clone());
        }
        self.unlisted.push((key, problem));
    }

    fn check_attribute(
        &mut self,
        key: &'static str,
        attribute: &AttributeName,
        mapping: &Mapping,
        offered: &PortalSchemas,
    ) {
        let described = match find_attribute(offered, attribute) {
            Ok(Some(described)) => described,
            Ok(None) => return,
            Err(said) => {
                // Of a schema that is missing once, and not for each attribute in it.
                let known = self.problems.iter().find(|known| known.ends_with(&said)).cloned();
                let problem = known.unwrap_or_else(|| format!("{key}: {said}"));
                return self.add_unlisted(key, problem);
            }
        };
        match key {
            "state" => self.confirmed.state = true,
            "hold" => self.confirmed.hold = true,
            "account" => self.confirmed.account = true,
            _ => {}
        }
        let shown = attribute.name_in_schema();
        for problem in find_problems(key, described, mapping) {
            self.problems.push(format!("{key}: `{shown}` {problem}"));
        }
    }
}

/// What is wrong with an attribute for what is done with it.
fn find_problems(key: &str, of: &AttributeInfo, mapping: &Mapping) -> Vec<String> {
    let mut problems = Vec::new();
    let says =
        |said: &Option<String>, word| said.as_deref().is_some_and(|said| is_same_name(said, word));
    let kind = of.kind.as_deref();
    let kinds = allowed_types(key, mapping.state.kind);
    if of.multi_valued {
        problems
            .push("has several values; arkib needs an attribute with a single value".to_owned());
    } else if let (true, Some(part)) =
        (kind.is_none() || says(&of.kind, "complex"), of.parts.first())
    {
        problems.push(format!(
            "has sub-attributes; name one of them, as `{}.{}`: there are {}",
            of.name,
            part.name,
            join_names(&attribute_names(&of.parts))
        ));
    } else if let Some(kind) =
        kind.filter(|kind| !kinds.iter().any(|known| is_same_name(known, kind)))
    {
        let (kind, expected) = (excerpt(kind, 40), kinds.join(" or "));
        let help = match key {
            "state" => "; say how it is written with `type`",
            _ => "",
        };
        problems.push(format!("is {kind} in the portal, expected {expected}{help}"));
    }
    if says(&of.mutability, "writeOnly") || says(&of.returned, "never") {
        problems.push("is write-only in the portal".to_owned());
    }
    let is_read_only = says(&of.mutability, "readOnly");
    if is_read_only && matches!(key, "state" | "request") {
        let way_out = if key == "state" { "" } else { "leave `request` out, or " };
        problems.push(format!(
            "is read-only in the portal: {way_out}ask the portal's operator to let arkib write it"
        ));
    }
    if key == "state" {
        if says(&of.mutability, "immutable") {
            problems.push("is immutable in the portal".to_owned());
        }
        problems.extend(refused_words(of, mapping));
    }
    problems
}

/// The types that an attribute may have for what is done with it.
fn allowed_types(key: &str, state: ValueKind) -> &'static [&'static str] {
    match (key, state) {
        ("mailbox" | "request", _) | ("state", ValueKind::String) => &["string", "reference"],
        ("state", ValueKind::Boolean) => &["boolean"],
        ("state", ValueKind::Integer) => &["integer", "decimal"],
        ("changed_at" | "recoverable_until", _) => &["dateTime", "string"],
        _ => &["string", "boolean", "integer", "reference"],
    }
}

/// The words that arkib would write and the portal, by its own list, does not take.
fn refused_words(of: &AttributeInfo, mapping: &Mapping) -> Vec<String> {
    let known: Vec<&str> = of.canonical_values.iter().map(|word| &**word).collect();
    let is_same = |one: &str, other: &str| match of.case_exact {
        true => one == other,
        false => one.to_lowercase() == other.to_lowercase(),
    };
    let is_taken = |word: &str| known.is_empty() || known.iter().any(|known| is_same(known, word));
    let written = [mapping.word_for_state(true), mapping.word_for_state(false)];
    let refused = written.into_iter().flatten().filter(|word| !is_taken(word));
    refused
        .map(|word| {
            let (word, known) = (excerpt(word, 40), join_names(&known));
            format!("does not accept the word `{word}`; the portal's words are {known}")
        })
        .collect()
}

fn suggest_name(name: &str, known: &[&str]) -> String {
    let lower: Vec<String> = known.iter().map(|name| name.to_lowercase()).collect();
    let candidates: Vec<&str> = lower.iter().map(|name| &**name).collect();
    let suggestion = did_you_mean(name, &candidates);
    let place = suggestion.and_then(|suggestion| lower.iter().position(|name| name == suggestion));
    place
        .map_or(String::new(), |place| format!(" (did you mean `{}`?)", excerpt(known[place], 100)))
}

/// The portal's names, visible and not too many.
fn join_names(names: &[&str]) -> String {
    let shown = names.iter().take(MOST_NAMES);
    let shown: Vec<String> = shown.map(|name| excerpt(name, 100)).collect();
    match names.len().saturating_sub(MOST_NAMES) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// What to say of a portal that a mapping does not fit; nothing where it does.
pub(super) fn misfit_error(mapping: &Mapping, problems: &[String]) -> Option<PortalError> {
    let mut detail = problems.first()?.clone();
    let mut help = "ask the portal's operator to add this extension to its User resource, or check that ARKIB_PORTAL_URL is the right portal; if the portal has its own attributes for archives, use a mapping in the policy, for which `arkib portal inspect` prints a template";
    if !mapping.is_arkib_extension() {
        let numbered = problems.iter().zip(1..);
        let numbered = numbered.map(|(problem, number)| format!("({number}) {problem}"));
        detail = format!(
            "the policy's `mapping` does not fit the portal's schemas: {}",
            numbered.collect::<Vec<_>>().join("; ")
        );
        help = "nothing was changed, because every archive would look as if it did not exist; `arkib portal inspect` shows what the portal has";
    }
    let doing = Doing::AskingSchemas;
    Some(PortalError::new(ErrorKind::Configuration, doing, detail, help))
}
