//! Does a mapping fit what a portal says of itself? A name that is wrong would make every archive
//! look as if it were not there, so it is refused before anything is read by it. Pure.

use super::schemas::{Offered, Told};
use super::wire;
use crate::domain::mapping::scim::{Address, Attribute, Kind, Mapping};
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

/// Of which attributes something shows that the portal has them: with a slip in the name of one every
/// archive would look as if it were not there, free of a hold, or in use.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Vouched {
    pub(super) state: bool,
    pub(super) hold: bool,
    pub(super) account: bool,
}

/// An attribute of which nothing shows that the portal has it: the key in the policy, and its name.
pub(super) type Unknown = (&'static str, String);

impl Vouched {
    pub(super) fn or(self, other: Self) -> Self {
        Self {
            state: self.state || other.state,
            hold: self.hold || other.hold,
            account: self.account || other.account,
        }
    }

    /// The first attribute of a mapping for which nothing vouches.
    pub(super) fn lacking(self, mapping: &Mapping) -> Option<Unknown> {
        let hold = mapping.hold.as_ref().map(|it| &it.attribute);
        let account = mapping.account.as_ref().map(|it| &it.attribute);
        // Every user may have `active`, and need not say so (RFC 7643 section 4.1.1).
        let account = account.filter(|it| !it.overlaps(&Attribute::core("active")));
        let own = Some(&mapping.state.attribute);
        [
            ("state", own, self.state),
            ("hold", hold, self.hold),
            ("account", account, self.account),
        ]
        .into_iter()
        .find_map(|(key, attribute, is_vouched)| {
            let attribute = attribute.filter(|_| !is_vouched)?;
            Some((key, attribute.to_string()))
        })
    }
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
    let mut fit = Fit::default();
    if mapping.is_own() {
        // A portal may have arkib's extension in part; that it has it is enough.
        if offered.get(wire::MAILBOX).is_none() && offered.is_whole {
            fit.problems.push(format!(
                "the portal does not offer the schema {}",
                wire::MAILBOX
            ));
        }
        fit.vouched = Vouched {
            state: true,
            hold: true,
            account: true,
        };
        let address = find(offered, &Attribute::core("userName"));
        fit.has_exact_addresses = matches!(address, Found::Told(told) if told.case_exact);
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
    let address = match &mapping.mailbox {
        Address::UserName => Attribute::core("userName"),
        Address::Emails => Attribute {
            sub: Some("value".into()),
            ..Attribute::core("emails")
        },
        Address::Other(attribute) => attribute.clone(),
    };
    fit.has_exact_addresses =
        matches!(find(offered, &address), Found::Told(told) if told.case_exact);
    fit
}

/// What a portal says of an attribute.
enum Found<'a> {
    /// Nothing: it lists no schemas, not all, or none of this one's attributes.
    Unknown,
    NoSchema,
    /// Its schema has others.
    NoAttribute(Vec<&'a str>),
    Told(&'a Told),
}

fn find<'a>(offered: &'a Offered, attribute: &Attribute) -> Found<'a> {
    let urn = attribute.schema.as_deref().unwrap_or(wire::USER);
    let Some(schema) = offered.get(urn) else {
        // Every portal has users, also one that does not list what RFC 7643 says of them.
        let is_missing = offered.is_whole && attribute.schema.is_some();
        return if is_missing {
            Found::NoSchema
        } else {
            Found::Unknown
        };
    };
    // What every resource has stands in no schema (RFC 7643 section 3.1).
    let is_common = attribute.schema.is_none() && attribute.name.eq_ignore_ascii_case("externalId");
    let Some(attributes) = schema.attributes.as_deref().filter(|_| !is_common) else {
        return Found::Unknown;
    };
    let whole = attributes
        .iter()
        .find(|told| told.name.eq_ignore_ascii_case(&attribute.name));
    let (Some(told), sub) = (whole, &attribute.sub) else {
        return Found::NoAttribute(names(attributes));
    };
    let Some(sub) = sub else {
        return Found::Told(told);
    };
    match told
        .parts
        .iter()
        .find(|part| part.name.eq_ignore_ascii_case(sub))
    {
        Some(part) if !told.multi_valued => Found::Told(part),
        // One of several values has no name of its own.
        Some(part) => match attribute.name.eq_ignore_ascii_case("emails") {
            true => Found::Told(part),
            false => Found::Told(told),
        },
        None => Found::NoAttribute(names(&told.parts)),
    }
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
        let shown = match &attribute.sub {
            Some(sub) => format!("{}.{sub}", attribute.name),
            None => attribute.name.to_string(),
        };
        match find(offered, attribute) {
            Found::Unknown => {}
            Found::NoSchema => self.no_schema(key, attribute, offered),
            Found::NoAttribute(names) => {
                let near = near(attribute.sub.as_deref().unwrap_or(&attribute.name), &names);
                let there = match names.is_empty() {
                    true => "it has none".to_owned(),
                    false => format!("there are {}", list(&names)),
                };
                self.problems.push(format!(
                    "{key}: the portal has no attribute `{shown}`{near}; {there}"
                ));
            }
            Found::Told(told) => {
                match key {
                    "state" => self.vouched.state = true,
                    "hold" => self.vouched.hold = true,
                    "account" => self.vouched.account = true,
                    _ => {}
                }
                let wrong = wrong(told, used, mapping);
                self.problems.extend(
                    wrong
                        .into_iter()
                        .map(|wrong| format!("{key}: `{shown}` {wrong}")),
                );
            }
        }
    }

    fn no_schema(&mut self, key: &str, attribute: &Attribute, offered: &Offered) {
        let urn = attribute.schema.as_deref().unwrap_or_default();
        let ids: Vec<&str> = offered.schemas.iter().map(|schema| &*schema.id).collect();
        let said = format!(
            "the portal has no schema `{urn}`{}; there are {}",
            near(urn, &ids),
            list(&ids)
        );
        // Once for all attributes in it.
        if !self.problems.iter().any(|problem| problem.ends_with(&said)) {
            self.problems.push(format!("{key}: {said}"));
        }
    }
}

/// What is wrong with an attribute for what is done with it.
fn wrong(told: &Told, used: Use, mapping: &Mapping) -> Vec<String> {
    let mut wrong = Vec::new();
    let kind = excerpt(told.kind.as_deref().unwrap_or("of no type"), 40);
    if told.multi_valued {
        wrong.push("holds several values; arkib needs one that holds a single value".to_owned());
    } else if told.is_any(&["complex"]) && !told.parts.is_empty() {
        wrong.push(format!(
            "has parts; name one of them, as `{}.{}`: there are {}",
            told.name,
            told.parts[0].name,
            list(&names(&told.parts))
        ));
    } else {
        let kinds: &[&str] = match used {
            Use::Address | Use::Request => &["string", "reference"],
            Use::Date => &["dateTime", "string"],
            Use::Words => &["string", "boolean", "integer", "reference"],
            Use::State => match mapping.state.kind {
                Kind::String => &["string", "reference"],
                Kind::Boolean => &["boolean"],
                Kind::Integer => &["integer", "decimal"],
            },
        };
        if !told.is_any(kinds) {
            let expected = kinds.join(" or ");
            let help = match used {
                Use::State => "; say how it is written with `type`",
                _ => "",
            };
            wrong.push(format!(
                "is {kind} in the portal, expected {expected}{help}"
            ));
        }
    }
    if told.is_mutability("writeOnly")
        || told
            .returned
            .as_deref()
            .is_some_and(|it| it.eq_ignore_ascii_case("never"))
    {
        wrong.push("can be written but not read in the portal".to_owned());
    }
    if told
        .returned
        .as_deref()
        .is_some_and(|it| it.eq_ignore_ascii_case("request"))
    {
        // A mailbox is read again as a whole, and would look as if it had none.
        wrong.push("is given only when it is asked for by name; ask the portal's operator to give it with every user".to_owned());
    }
    if matches!(used, Use::State | Use::Request) && told.is_mutability("readOnly") {
        let help = match used {
            Use::Request => {
                "leave `request` out, or ask the portal's operator to let arkib write it"
            }
            _ => "ask the portal's operator to let arkib write it",
        };
        wrong.push(format!("can be read but not written in the portal: {help}"));
    }
    if used == Use::State && told.is_mutability("immutable") {
        wrong.push("can be written only once in the portal".to_owned());
    }
    if used == Use::State && !told.canonical.is_empty() {
        for word in [mapping.word(true), mapping.word(false)]
            .into_iter()
            .flatten()
        {
            let takes = |known: &String| match told.case_exact {
                true => known == word,
                false => {
                    known.eq_ignore_ascii_case(word) || known.to_lowercase() == word.to_lowercase()
                }
            };
            if !told.canonical.iter().any(takes) {
                let known: Vec<&str> = told.canonical.iter().map(|it| &**it).collect();
                wrong.push(format!(
                    "does not take the word `{}`; the portal's words are {}",
                    excerpt(word, 40),
                    list(&known)
                ));
            }
        }
    }
    wrong
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
            "ask the portal's operator to add this extension to its User resource, or check that ARKIB_PORTAL_URL is the right portal; one that has attributes of its own for archives works by a mapping in the policy, which `arkib portal inspect` writes",
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
            "nothing was read by it, because every archive would look as if it were not there; `arkib portal inspect` shows what the portal has, and a mapping to paste",
        )
    };
    Some(PortalError {
        kind: ErrorKind::Configuration,
        doing: "asking the portal for its schemas".into(),
        detail,
        help: help.into(),
    })
}

/// What to say where the portal has mailboxes, none of them says anything of an attribute, and no
/// schema says that there is such a thing.
pub(super) fn silent((key, attribute): &Unknown, mailboxes: usize) -> PortalError {
    let (meaning, looks, way_out) = match *key {
        "state" => (
            "the state of archives",
            "every archive looks as if it were not there",
            "Where really nobody has an archive yet, ask the portal's operator to list the attribute in /Schemas, or to write the word for no archive into one mailbox",
        ),
        "hold" => (
            "legal holds",
            "no archive looks as if it were held",
            "Where the portal knows no holds, take `hold` out of the mapping; else ask its operator to list the attribute in /Schemas",
        ),
        _ => (
            "the state of accounts",
            "every account looks as if it were in use",
            "Where the portal has no such attribute, take `account` out of the mapping, so that `active` counts",
        ),
    };
    PortalError {
        kind: ErrorKind::Configuration,
        doing: "reading the list of mailboxes".into(),
        detail: format!(
            "of {mailboxes} mailboxes not one says anything of the attribute `{attribute}`, which the policy's `mapping` names for {meaning}, and the portal's schemas do not tell whether there is such an attribute"
        ),
        help: format!(
            "nothing was done, because with a wrong name {looks}; `arkib portal inspect` shows what the portal has. {way_out}"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::archive::State;
    use crate::domain::mapping::Words;
    use crate::domain::mapping::scim::Valued;
    use crate::portal::scim::schemas::decode;

    const PETI: &str = "urn:x:Peti";

    fn attribute(name: &str) -> Attribute {
        Attribute::parse(name, Some(PETI)).expect("a name")
    }

    fn mapping(state: &str) -> Mapping {
        Mapping {
            state: Valued {
                attribute: attribute(state),
                kind: Kind::String,
                words: Words::new([("Ada", State::Enabled), ("Tiada", State::Disabled)]),
            },
            hold: None,
            account: None,
            request: None,
            changed_at: None,
            recoverable_until: None,
            ..Mapping::default()
        }
    }

    fn offered(attributes: &str) -> Offered {
        let body = format!(
            r#"{{"totalResults":1,"Resources":[{{"id":"{PETI}","attributes":[{attributes}]}}]}}"#
        );
        let (_, schemas) = decode(body.as_bytes()).expect("a list");
        Offered {
            schemas,
            is_whole: true,
        }
    }

    fn problems(mapping: &Mapping, attributes: &str) -> String {
        fit(mapping, &offered(attributes)).problems.join("\n")
    }

    #[test]
    fn what_fits_says_nothing() {
        let told = r#"{"name":"Arkib","type":"string","mutability":"readWrite","canonicalValues":["ADA","TIADA"]}"#;
        let fit = fit(&mapping("arkib"), &offered(told));
        assert!(fit.problems.is_empty(), "{:?}", fit.problems);
        assert!(fit.vouched.state);
    }

    #[test]
    fn everything_that_does_not_fit_is_said_at_once() {
        let mut mapping = mapping("arkb");
        mapping.request = Some(attribute("rujukan"));
        mapping.changed_at = Some(attribute("diubah"));
        let told = r#"{"name":"arkib","type":"string"},{"name":"Rujukan","type":"string","mutability":"readOnly"},{"name":"diubah","type":"complex","subAttributes":[{"name":"pada"}]}"#;
        let said = problems(&mapping, told);
        for expected in [
            "state: the portal has no attribute `arkb` (did you mean `arkib`?); there are arkib, Rujukan, diubah",
            "request: `rujukan` can be read but not written in the portal: leave `request` out",
            "changed_at: `diubah` has parts; name one of them, as `diubah.pada`: there are pada",
        ] {
            assert!(said.contains(expected), "{expected}\n{said}");
        }
        let refusal = refusal(&mapping, &fit(&mapping, &offered(told))).expect("a refusal");
        assert!(refusal.detail.contains("(3) ") && refusal.help.contains("arkib portal inspect"));
    }

    #[test]
    fn types_words_and_hidden_attributes_are_looked_at() {
        for (told, expected) in [
            (
                r#"{"name":"arkib","type":"boolean"}"#,
                "is boolean in the portal, expected string or reference; say how it is written with `type`",
            ),
            (
                r#"{"name":"arkib","type":"string","multiValued":true}"#,
                "several values",
            ),
            (
                r#"{"name":"arkib","type":"string","mutability":"readOnly"}"#,
                "not written",
            ),
            (
                r#"{"name":"arkib","type":"string","mutability":"writeOnly"}"#,
                "not read",
            ),
            (
                r#"{"name":"arkib","type":"string","returned":"request"}"#,
                "only when it is asked for",
            ),
            (
                r#"{"name":"arkib","type":"string","returned":"never"}"#,
                "not read",
            ),
            (
                r#"{"name":"arkib","type":"string","canonicalValues":["Ada","Tamat"]}"#,
                "does not take the word `Tiada`; the portal's words are Ada, Tamat",
            ),
            (
                r#"{"name":"arkib","type":"string","caseExact":true,"canonicalValues":["ada","Tiada"]}"#,
                "does not take the word `Ada`",
            ),
            (
                r#"{"name":"\u001b[2Jx","type":"string"}"#,
                "there are ␛[2Jx",
            ),
        ] {
            let said = problems(&mapping("arkib"), told);
            assert!(said.contains(expected), "{expected}\n{said}");
            assert!(!said.contains('\u{1b}'));
        }
    }

    #[test]
    fn a_portal_that_does_not_tell_is_not_refused_and_not_believed() {
        let unknown = [
            Offered::default(),
            Offered {
                is_whole: false,
                ..offered(r#"{"name":"x"}"#)
            },
        ];
        let mut other = mapping("arkib");
        other.state.attribute = Attribute::parse("urn:y:Lain:arkib", None).expect("a name");
        for offered in unknown {
            let fit = fit(&other, &offered);
            assert!(fit.problems.is_empty() && !fit.vouched.state);
        }
        let fit = fit(&other, &offered(r#"{"name":"x"}"#));
        assert_eq!(
            fit.problems,
            ["state: the portal has no schema `urn:y:Lain`; there are urn:x:Peti"]
        );
    }
}
