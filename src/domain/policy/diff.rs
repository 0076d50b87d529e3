//! Describes the changes from one policy to another, for a reviewer. Pure.

#[cfg(test)]
mod tests;

use std::fmt::Display;

use super::notices::Notices;
use super::{Limits, Policy, Provenance};
use crate::domain::mapping::export::{ExportField, ExportMapping};
use crate::domain::mapping::scim::Mapping;
use crate::domain::mapping::upload_file::BulkMapping;
use crate::domain::mapping::{Meaning, States, Vocabulary};

/// The changes as text, one line per change.
#[derive(Debug, Default)]
pub struct ChangeLines(pub Vec<String>);

impl ChangeLines {
    /// Adds what a list gains and loses; the order makes no difference.
    pub fn compare_lists<T: Display + PartialEq>(&mut self, key: &str, before: &[T], after: &[T]) {
        for added in after.iter().filter(|item| !before.contains(item)) {
            self.0.push(format!("{key}: adds {added}"));
        }
        for gone in before.iter().filter(|item| !after.contains(item)) {
            self.0.push(format!("{key}: removes {gone}"));
        }
    }

    fn compare_values(&mut self, key: &str, before: &str, after: &str) {
        if before != after {
            self.0.push(format!("{key}: from {before} to {after}"));
        }
    }

    /// Adds the changes of the keys that a section has now.
    fn compare_facts(&mut self, before: &[Fact], after: &[Fact]) {
        for (key, entry) in after {
            match (find_fact(before, key), entry) {
                (Some(FactValue::List(before)), FactValue::List(after)) => {
                    self.compare_lists(key, before, after)
                }
                (before, after) => {
                    self.compare_values(key, fact_text(before), fact_text(Some(after)))
                }
            }
        }
    }
}

/// A key of the policy and its value.
type Fact = (String, FactValue);

#[derive(Clone)]
enum FactValue {
    Value(String),
    List(Vec<String>),
}

/// Stands for a missing value.
const NOTHING: &str = "nothing";

fn value_fact(key: &str, entry: impl Display) -> Fact {
    (key.to_owned(), FactValue::Value(entry.to_string()))
}

fn list_fact<T: Display>(key: &str, entry: &[T]) -> Fact {
    let each = entry.iter().map(ToString::to_string);
    (key.to_owned(), FactValue::List(each.collect()))
}

fn optional_fact<T: Display>(key: &str, entry: Option<&T>, otherwise: &str) -> Fact {
    value_fact(key, entry.map_or(otherwise.to_owned(), T::to_string))
}

fn find_fact<'a>(facts: &'a [Fact], key: &str) -> Option<&'a FactValue> {
    let found = facts.iter().find(|(known, _)| known == key);
    found.map(|(_, entry)| entry)
}

fn fact_text(entry: Option<&FactValue>) -> &str {
    match entry {
        Some(FactValue::Value(text)) => text,
        _ => NOTHING,
    }
}

/// The changes between two policies, as text; empty if there are none.
pub fn describe_changes(before: &Policy, after: &Policy) -> Vec<String> {
    let mut changes = ChangeLines::default();
    let [approval, bounds, naming, export] = facts(before);
    let [approval_now, bounds_now, naming_now, export_now] = facts(after);
    changes.compare_facts(&approval, &approval_now);
    if (before.provenance, after.provenance) == (Provenance::Signed, Provenance::Committed) {
        let unsigned = "provenance: approvals that their approvers did not sign will count";
        changes.0.push(unsigned.to_owned());
    }
    changes.compare_facts(&bounds, &bounds_now);
    mappings_differ(&before.mapping, &after.mapping, &mut changes);
    changes.compare_facts(&naming, &naming_now);
    match (&before.notices, &after.notices) {
        (Some(before), Some(after)) => {
            changes.compare_facts(&notice_facts(before), &notice_facts(after))
        }
        (None, Some(after)) => changes.0.push(format!(
            "notices: arkib now writes to users, from {}, about requests received from {} on",
            after.from, after.since
        )),
        (Some(_), None) => changes.0.push("notices: arkib no longer writes to users".to_owned()),
        (None, None) => {}
    }
    changes.compare_facts(&export, &export_now);
    changes.0
}

/// A policy without its mapping and notices, in four parts. Every field is named here, so that a new
/// one does not compile until someone decides how its changes are described.
fn facts(policy: &Policy) -> [Vec<Fact>; 4] {
    let Policy {
        file: _,
        agency,
        name,
        domains,
        approvers,
        former_approvers,
        language,
        portal,
        limits,
        protected,
        provenance,
        recoverable_days,
        mapping: _,
        notices: _,
        export,
        bulk,
    } = policy;
    let Limits { terminations, terminations_percent, changes } = limits;
    let approval =
        vec![list_fact("approvers", approvers), value_fact("provenance", provenance.as_str())];
    let bounds = vec![
        list_fact("former_approvers", former_approvers),
        value_fact("limits.terminations", terminations),
        value_fact("limits.terminations_percent", terminations_percent),
        value_fact("limits.changes", changes),
        list_fact("protected", protected),
        list_fact("domains", domains),
        value_fact("portal", portal.as_str()),
    ];
    let naming = vec![
        value_fact("agency", agency),
        value_fact("name", name),
        value_fact("language", language.as_str()),
        optional_fact("recoverable_days", recoverable_days.as_ref(), NOTHING),
    ];
    let export = [export_facts(export), bulk_facts(bulk)].concat();
    [approval, bounds, naming, export]
}

fn notice_facts(notices: &Notices) -> Vec<Fact> {
    let Notices { since, from, letterhead, signatory, contact, addin, limit } = notices;
    let link = addin.as_ref().map(|addin| &addin.link);
    let guide = addin.as_ref().and_then(|addin| addin.guide.as_ref());
    vec![
        value_fact("notices.since", since),
        value_fact("notices.from", from),
        list_fact("notices.letterhead", letterhead),
        list_fact("notices.signatory", signatory),
        optional_fact("notices.contact", contact.as_ref(), NOTHING),
        optional_fact("notices.addin.link", link, NOTHING),
        optional_fact("notices.addin.guide", guide, NOTHING),
        value_fact("notices.limit", limit),
    ]
}

fn export_facts(export: &ExportMapping) -> Vec<Fact> {
    let ExportMapping { columns, states, accounts, holds, agency } = export;
    let name = |column: ExportField| {
        let key = format!("export.columns.{}", column.as_str());
        optional_fact(&key, columns.get(&column), "its usual names")
    };
    let mut facts = Vec::from(ExportField::ALL.map(name));
    facts.push(vocabulary_fact("export.states", states.as_ref()));
    facts.push(vocabulary_fact("export.accounts", accounts.as_ref()));
    facts.push(vocabulary_fact("export.holds", holds.as_ref()));
    facts.push(optional_fact("export.agency", agency.as_ref(), "any agency"));
    facts
}

/// The known words and their meanings.
fn vocabulary_fact<T: Meaning>(key: &str, words: Option<&Vocabulary<T>>) -> Fact {
    let Some(words) = words else {
        return list_fact(key, &["the usual words"]);
    };
    let each = words.iter();
    let each = each.map(|(word, means)| format!("`{word}` for {}", means.name()));
    list_fact(key, &each.collect::<Vec<_>>())
}

fn bulk_facts(bulk: &BulkMapping) -> Vec<Fact> {
    let BulkMapping { mailbox, action, request, enable, terminate, delimiter, encoding } = bulk;
    vec![
        value_fact("bulk.columns.mailbox", mailbox),
        value_fact("bulk.columns.action", action),
        optional_fact("bulk.columns.request", request.as_ref(), "no column"),
        value_fact("bulk.actions.enable", enable),
        value_fact("bulk.actions.terminate", terminate),
        value_fact("bulk.delimiter", delimiter.as_str()),
        value_fact("bulk.encoding", encoding.as_str()),
    ]
}

/// Shows all words, because their order decides which word is written for a meaning.
fn mappings_differ(before: &Mapping, after: &Mapping, changes: &mut ChangeLines) {
    let facts = |mapping: &Mapping| -> Vec<Fact> {
        let each = mapping.facts().into_iter();
        each.map(|(key, entry)| value_fact(&key, entry.join(", "))).collect()
    };
    let (was, is) = (facts(before), facts(after));
    changes.compare_facts(&was, &is);
    if !before.is_arkib_extension() && !after.is_arkib_extension() {
        meanings_differ(&before.state.words, &after.state.words, changes);
    }
    for (key, entry) in was.iter().filter(|(key, _)| find_fact(&is, key).is_none()) {
        changes.compare_values(key, fact_text(Some(entry)), NOTHING);
    }
}

fn meanings_differ(before: &States, after: &States, changes: &mut ChangeLines) {
    for (word, was) in before.iter() {
        let mut words = after.iter();
        let found = words.find(|(other, _)| other.to_lowercase() == word.to_lowercase());
        if let Some((_, is)) = found.filter(|(_, is)| *is != was) {
            changes.0.push(format!(
                "mapping.state.values: archives that the portal shows as `{word}` count as {is}, no longer as {was}"
            ));
        }
    }
}

/// Describes a new policy.
pub fn describe_new(policy: &Policy) -> Vec<String> {
    let nothing = Policy {
        agency: String::new(),
        name: String::new(),
        domains: Vec::new(),
        approvers: Vec::new(),
        former_approvers: Vec::new(),
        protected: Vec::new(),
        mapping: Mapping::default(),
        export: ExportMapping::default(),
        bulk: BulkMapping::default(),
        ..policy.clone()
    };
    let limits = &policy.limits;
    let mut words = vec![format!(
        "new: the policy of {}; portal {}, provenance {}, limits {} terminations, {} %, {} changes",
        policy.agency,
        policy.portal.as_str(),
        policy.provenance.as_str(),
        limits.terminations,
        limits.terminations_percent,
        limits.changes
    )];
    let entry = describe_changes(&nothing, policy).into_iter();
    let is_reported = |word: &String| {
        let keys = ["mapping.", "export.", "bulk."];
        word.contains(": adds ") || keys.iter().any(|key| word.starts_with(key))
    };
    words.extend(entry.filter(is_reported));
    words
}
