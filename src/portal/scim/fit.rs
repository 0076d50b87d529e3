//! Does a mapping fit what a portal says of itself? A name that is wrong would make every archive
//! look as if it were not there, so it is refused before anything is read by it. Pure.

#[cfg(test)]
mod tests;

use super::schemas::{Offered, Told};
use super::vouched::Vouched;
use crate::domain::mapping::scim::{Address, Attribute, Kind, Mapping};
use crate::domain::mapping::scim_names as wire;
use crate::portal::{ErrorKind, PortalError};
use crate::text::excerpt;
use crate::yaml::shape::did_you_mean;

/// How many names are listed as what there is instead.
const MOST_NAMES: usize = 40;

/// How a mapping and a portal's schemas go together.
#[derive(Debug, Default)]
pub(super) struct Fit {
    /// What does not fit, each a sentence.
    pub(super) problems: Vec<String>,
    /// Which attributes the portal itself says that it has.
    pub(super) vouched: Vouched,
    /// Whether it tells upper and lower case of addresses apart, so that a filter may miss one.
    pub(super) has_exact_addresses: bool,
}

/// What is done with an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    Address,
    State,
    Words,
    Request,
    Date,
}

/// Holds a mapping against the schemas.
pub(super) fn fit(mapping: &Mapping, offered: &Offered) -> Fit {
    let address = match &mapping.mailbox {
        Address::UserName => Attribute::core("userName"),
        Address::Emails => Attribute {
            sub: Some("value".into()),
            ..Attribute::core("emails")
        },
        Address::Other(attribute) => attribute.clone(),
    };
    let mut fit = Fit {
        has_exact_addresses: matches!(find(offered, &address), Ok(Some(told)) if told.case_exact),
        ..Fit::default()
    };
    if mapping.is_own() {
        // A portal may have arkib's extension in part; that it has it is enough.
        if offered.get(wire::MAILBOX).is_none() && offered.is_whole {
            let urn = wire::MAILBOX;
            fit.problems
                .push(format!("the portal does not offer the schema {urn}"));
        }
        fit.vouched = Vouched::ALL;
        return fit;
    }
    if let Address::Other(attribute) = &mapping.mailbox {
        fit.check("mailbox", attribute, Use::Address, mapping, offered);
    }
    for (key, attribute) in mapping.attributes() {
        let used = match key {
            "state" => Use::State,
            "request" => Use::Request,
            "changed_at" | "recoverable_until" => Use::Date,
            _ => Use::Words,
        };
        fit.check(key, attribute, used, mapping, offered);
    }
    fit
}

/// What a portal says of an attribute; nothing where it lists no schemas, not all, or none of this one's
/// attributes. The error says that there is no such attribute.
fn find<'a>(offered: &'a Offered, attribute: &Attribute) -> Result<Option<&'a Told>, String> {
    let urn = attribute.schema.as_deref().unwrap_or(wire::USER);
    let Some(schema) = offered.get(urn) else {
        // Every portal has users, also one that does not list what RFC 7643 says of them.
        if !offered.is_whole || attribute.schema.is_none() {
            return Ok(None);
        }
        let ids: Vec<&str> = offered.schemas.iter().map(|schema| &*schema.id).collect();
        let (near, there) = (near(urn, &ids), list(&ids));
        return Err(format!(
            "the portal has no schema `{urn}`{near}; there are {there}"
        ));
    };
    // What every resource has stands in no schema (RFC 7643 section 3.1).
    let is_common = attribute.schema.is_none() && attribute.name.eq_ignore_ascii_case("externalId");
    let Some(attributes) = schema.attributes.as_deref().filter(|_| !is_common) else {
        return Ok(None);
    };
    let whole = named(&attribute.name, attributes, attribute)?;
    let Some(sub) = &attribute.sub else {
        return Ok(Some(whole));
    };
    let part = named(sub, &whole.parts, attribute)?;
    // One of several values has no name of its own.
    let is_one = !whole.multi_valued || attribute.name.eq_ignore_ascii_case("emails");
    Ok(Some(if is_one { part } else { whole }))
}

/// The attribute or part of that name, or the sentence that there are others.
fn named<'a>(name: &str, among: &'a [Told], of: &Attribute) -> Result<&'a Told, String> {
    let mut among_all = among.iter();
    if let Some(found) = among_all.find(|told| told.name.eq_ignore_ascii_case(name)) {
        return Ok(found);
    }
    let names = names(among);
    let there = match names.is_empty() {
        true => "it has none".to_owned(),
        false => format!("there are {}", list(&names)),
    };
    let (shown, near) = (of.in_schema(), near(name, &names));
    Err(format!(
        "the portal has no attribute `{shown}`{near}; {there}"
    ))
}

fn names(attributes: &[Told]) -> Vec<&str> {
    attributes.iter().map(|told| &*told.name).collect()
}

impl Fit {
    fn check(
        &mut self,
        key: &str,
        attribute: &Attribute,
        used: Use,
        mapping: &Mapping,
        offered: &Offered,
    ) {
        let told = match find(offered, attribute) {
            Ok(Some(told)) => told,
            Ok(None) => return,
            // Of a schema that is missing once, and not for each attribute in it.
            Err(said) if self.problems.iter().any(|known| known.ends_with(&said)) => return,
            Err(said) => return self.problems.push(format!("{key}: {said}")),
        };
        match key {
            "state" => self.vouched.state = true,
            "hold" => self.vouched.hold = true,
            "account" => self.vouched.account = true,
            _ => {}
        }
        let shown = attribute.in_schema();
        for wrong in wrong(told, used, mapping) {
            self.problems.push(format!("{key}: `{shown}` {wrong}"));
        }
    }
}

/// What is wrong with an attribute for what is done with it.
fn wrong(told: &Told, used: Use, mapping: &Mapping) -> Vec<String> {
    let mut wrong = Vec::new();
    if told.multi_valued {
        wrong.push("holds several values; arkib needs one that holds a single value".to_owned());
    } else if let (true, Some(part)) = (told.is_any(&["complex"]), told.parts.first()) {
        wrong.push(format!(
            "has parts; name one of them, as `{}.{}`: there are {}",
            told.name,
            part.name,
            list(&names(&told.parts))
        ));
    } else {
        wrong.extend(of_another_type(told, used, mapping));
    }
    if told.is_mutability("writeOnly") || told.is_returned("never") {
        wrong.push("can be written but not read in the portal".to_owned());
    }
    if told.is_returned("request") {
        // A mailbox is read again as a whole, and would look as if it had none.
        wrong.push("is given only when it is asked for by name; ask the portal's operator to give it with every user".to_owned());
    }
    let help = "ask the portal's operator to let arkib write it";
    match used {
        Use::State if told.is_mutability("readOnly") => {
            wrong.push(format!("can be read but not written in the portal: {help}"))
        }
        Use::Request if told.is_mutability("readOnly") => wrong.push(format!(
            "can be read but not written in the portal: leave `request` out, or {help}"
        )),
        Use::State if told.is_mutability("immutable") => {
            wrong.push("can be written only once in the portal".to_owned());
        }
        _ => {}
    }
    if used == Use::State {
        wrong.extend(refused_words(told, mapping));
    }
    wrong
}

fn of_another_type(told: &Told, used: Use, mapping: &Mapping) -> Option<String> {
    let kinds: &[&str] = match (used, mapping.state.kind) {
        (Use::Address | Use::Request, _) | (Use::State, Kind::String) => &["string", "reference"],
        (Use::Date, _) => &["dateTime", "string"],
        (Use::Words, _) => &["string", "boolean", "integer", "reference"],
        (Use::State, Kind::Boolean) => &["boolean"],
        (Use::State, Kind::Integer) => &["integer", "decimal"],
    };
    let help = match used {
        Use::State => "; say how it is written with `type`",
        _ => "",
    };
    let kind = excerpt(told.kind.as_deref().unwrap_or("of no type"), 40);
    let expected = kinds.join(" or ");
    (!told.is_any(kinds)).then(|| format!("is {kind} in the portal, expected {expected}{help}"))
}

/// The words that arkib would write and the portal, by its own list, does not take.
fn refused_words(told: &Told, mapping: &Mapping) -> Vec<String> {
    let takes = |word: &str| {
        told.canonical.is_empty()
            || told.canonical.iter().any(|known| match told.case_exact {
                true => known == word,
                false => known.to_lowercase() == word.to_lowercase(),
            })
    };
    let known: Vec<&str> = told.canonical.iter().map(|word| &**word).collect();
    let written = [mapping.word(true), mapping.word(false)];
    let refused = written.into_iter().flatten().filter(|word| !takes(word));
    refused
        .map(|word| {
            let (word, known) = (excerpt(word, 40), list(&known));
            format!("does not take the word `{word}`; the portal's words are {known}")
        })
        .collect()
}

fn near(name: &str, known: &[&str]) -> String {
    let lower: Vec<String> = known.iter().map(|it| it.to_lowercase()).collect();
    let candidates: Vec<&str> = lower.iter().map(|it| &**it).collect();
    let Some(near) = did_you_mean(name, &candidates) else {
        return String::new();
    };
    let spelled = known
        .iter()
        .find(|it| it.to_lowercase() == near)
        .unwrap_or(&near);
    format!(" (did you mean `{}`?)", excerpt(spelled, 100))
}

/// The portal's names, visible and not too many.
fn list(names: &[&str]) -> String {
    let shown: Vec<String> = names
        .iter()
        .take(MOST_NAMES)
        .map(|name| excerpt(name, 100))
        .collect();
    let more = names.len().saturating_sub(MOST_NAMES);
    match more {
        0 => shown.join(", "),
        _ => format!("{} and {more} more", shown.join(", ")),
    }
}

/// What to say of a portal that a mapping does not fit; nothing where it does.
pub(super) fn refusal(mapping: &Mapping, fit: &Fit) -> Option<PortalError> {
    let first = fit.problems.first()?;
    let (detail, help) = if mapping.is_own() {
        (
            first.clone(),
            "ask the portal's operator to add this extension to its User resource, or check that ARKIB_PORTAL_URL is the right portal; one that has attributes of its own for archives works by a mapping in the policy, for which `arkib portal inspect` prints a template",
        )
    } else {
        let problems: Vec<String> = fit
            .problems
            .iter()
            .enumerate()
            .map(|(index, it)| format!("({}) {it}", index + 1))
            .collect();
        (
            format!(
                "the policy's `mapping` does not fit what the portal says of itself: {}",
                problems.join("; ")
            ),
            "nothing was read by it, because every archive would look as if it were not there; `arkib portal inspect` shows what the portal has",
        )
    };
    let doing = "asking the portal for its schemas";
    Some(PortalError::new(
        ErrorKind::Configuration,
        doing,
        detail,
        help,
    ))
}
