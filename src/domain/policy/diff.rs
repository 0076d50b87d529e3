//! Describes the changes from one policy to another, for a reviewer. Pure.

#[cfg(test)]
mod tests;

use std::fmt::Display;

use super::notices::Notices;
use super::required_approvals::RequiredApprovals;
use super::{ApprovalProvenance, ChangeLimits, Policy};
use crate::domain::mapping::export_file::{ExportField, ExportMapping};
use crate::domain::mapping::scim::Mapping;
use crate::domain::mapping::upload_file::UploadFileFormat;
use crate::domain::mapping::vocabulary::{HasCanonicalName, States, Vocabulary};
use crate::text::plural;

/// Part of the lines about mailboxes that lose their protection.
pub const MAY_BE_TERMINATED: &str = "may then be terminated";

/// The changes as text, one line per change.
#[derive(Debug, Default)]
pub struct PolicyChangeLines(pub Vec<String>);

impl PolicyChangeLines {
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
    fn compare_settings(&mut self, before: &[Setting], after: &[Setting]) {
        for (key, entry) in after {
            match (find_setting(before, key), entry) {
                (Some(SettingValue::List(before)), SettingValue::List(after)) => {
                    self.compare_lists(key, before, after)
                }
                (before, after) => {
                    self.compare_values(key, setting_text(before), setting_text(Some(after)))
                }
            }
        }
    }
}

/// A key of the policy and its value.
type Setting = (String, SettingValue);

#[derive(Clone)]
enum SettingValue {
    Value(String),
    List(Vec<String>),
}

/// Stands for a missing value.
const NOTHING: &str = "nothing";

fn single_setting(key: &str, entry: impl Display) -> Setting {
    (key.to_owned(), SettingValue::Value(entry.to_string()))
}

fn list_setting<T: Display>(key: &str, entry: &[T]) -> Setting {
    let each = entry.iter().map(ToString::to_string);
    (key.to_owned(), SettingValue::List(each.collect()))
}

fn optional_setting<T: Display>(key: &str, entry: Option<&T>, otherwise: &str) -> Setting {
    single_setting(key, entry.map_or(otherwise.to_owned(), T::to_string))
}

fn find_setting<'a>(facts: &'a [Setting], key: &str) -> Option<&'a SettingValue> {
    let found = facts.iter().find(|(known, _)| known == key);
    found.map(|(_, entry)| entry)
}

fn setting_text(entry: Option<&SettingValue>) -> &str {
    match entry {
        Some(SettingValue::Value(text)) => text,
        _ => NOTHING,
    }
}

/// The changes between two policies, as text; empty if there are none.
pub fn describe_changes(before: &Policy, after: &Policy) -> Vec<String> {
    let mut changes = PolicyChangeLines::default();
    let [approval, bounds, naming, export] = policy_settings(before);
    let [approval_now, bounds_now, naming_now, export_now] = policy_settings(after);
    changes.compare_settings(&approval, &approval_now);
    if (before.provenance, after.provenance)
        == (ApprovalProvenance::Signed, ApprovalProvenance::Committed)
    {
        let unsigned = "provenance: approvals that their approvers did not sign will count";
        changes.0.push(unsigned.to_owned());
    }
    changes.compare_settings(&bounds, &bounds_now);
    compare_mappings(&before.mapping, &after.mapping, &mut changes);
    changes.compare_settings(&naming, &naming_now);
    match (&before.notices, &after.notices) {
        (Some(before), Some(after)) => {
            changes.compare_settings(&notice_settings(before), &notice_settings(after))
        }
        (None, Some(after)) => changes.0.push(format!(
            "notices: arkib now writes to users, from {}, about requests received from {} on",
            after.from, after.since
        )),
        (Some(_), None) => changes.0.push("notices: arkib no longer writes to users".to_owned()),
        (None, None) => {}
    }
    changes.compare_settings(&export, &export_now);
    changes.0
}

/// A policy without its mapping and notices, in four parts. Every field is named here, so that a new
/// one does not compile until someone decides how its changes are described.
fn policy_settings(policy: &Policy) -> [Vec<Setting>; 4] {
    let Policy {
        file: _,
        agency,
        name,
        domains,
        approvers,
        approvals,
        repository,
        former_approvers,
        language,
        portal,
        limits,
        protected,
        provenance,
        recoverable_days,
        portal_since,
        mapping: _,
        notices: _,
        export,
        bulk,
    } = policy;
    let RequiredApprovals { enable, terminate, withdraw, since } = approvals;
    let ChangeLimits { terminations, terminations_percent, changes } = limits;
    let approval = vec![
        list_setting("approvers", approvers),
        single_setting("approvals.enable", enable),
        single_setting("approvals.terminate", terminate),
        single_setting("approvals.withdraw", withdraw),
        optional_setting("approvals.since", since.as_ref(), NOTHING),
        optional_setting("repository", repository.as_ref(), NOTHING),
        single_setting("provenance", provenance.as_str()),
    ];
    let bounds = vec![
        list_setting("former_approvers", former_approvers),
        single_setting("limits.terminations", terminations),
        single_setting("limits.terminations_percent", terminations_percent),
        single_setting("limits.changes", changes),
        list_setting("protected", protected),
        list_setting("domains", domains),
        single_setting("portal", portal.as_str()),
        optional_setting("portal_since", portal_since.as_ref(), NOTHING),
    ];
    let naming = vec![
        single_setting("agency", agency),
        single_setting("name", name),
        single_setting("language", language.as_str()),
        optional_setting("recoverable_days", recoverable_days.as_ref(), NOTHING),
    ];
    let export = [export_settings(export), upload_file_settings(bulk)].concat();
    [approval, bounds, naming, export]
}

fn notice_settings(notices: &Notices) -> Vec<Setting> {
    let Notices {
        since,
        from,
        letterhead,
        signatory,
        mottos,
        copies,
        tell_holds,
        contact,
        addin,
        limit,
    } = notices;
    let link = addin.as_ref().map(|addin| &addin.link);
    let guide = addin.as_ref().and_then(|addin| addin.guide.as_ref());
    vec![
        single_setting("notices.since", since),
        single_setting("notices.from", from),
        list_setting("notices.letterhead", letterhead),
        list_setting("notices.signatory", signatory),
        list_setting("notices.mottos", mottos.as_deref().unwrap_or_default()),
        list_setting("notices.copies", copies),
        single_setting("notices.tell_holds", tell_holds),
        optional_setting("notices.contact", contact.as_ref(), NOTHING),
        optional_setting("notices.addin.link", link, NOTHING),
        optional_setting("notices.addin.guide", guide, NOTHING),
        single_setting("notices.limit", limit),
    ]
}

fn export_settings(export: &ExportMapping) -> Vec<Setting> {
    let ExportMapping { columns, states, accounts, holds, agency } = export;
    let name = |column: ExportField| {
        let key = format!("export.columns.{}", column.as_str());
        optional_setting(&key, columns.get(&column), "its usual names")
    };
    let mut facts = Vec::from(ExportField::ALL.map(name));
    facts.push(vocabulary_setting("export.states", states.as_ref()));
    facts.push(vocabulary_setting("export.accounts", accounts.as_ref()));
    facts.push(vocabulary_setting("export.holds", holds.as_ref()));
    facts.push(optional_setting("export.agency", agency.as_ref(), "any agency"));
    facts
}

/// The known words and their meanings.
fn vocabulary_setting<T: HasCanonicalName>(key: &str, words: Option<&Vocabulary<T>>) -> Setting {
    let Some(words) = words else {
        return list_setting(key, &["the usual words"]);
    };
    let each = words.iter();
    let each = each.map(|(word, means)| format!("`{word}` for {}", means.name()));
    list_setting(key, &each.collect::<Vec<_>>())
}

fn upload_file_settings(bulk: &UploadFileFormat) -> Vec<Setting> {
    let UploadFileFormat { mailbox, action, request, enable, terminate, delimiter, encoding } =
        bulk;
    vec![
        single_setting("bulk.columns.mailbox", mailbox),
        single_setting("bulk.columns.action", action),
        optional_setting("bulk.columns.request", request.as_ref(), "no column"),
        single_setting("bulk.actions.enable", enable),
        single_setting("bulk.actions.terminate", terminate),
        single_setting("bulk.delimiter", delimiter.as_str()),
        single_setting("bulk.encoding", encoding.as_str()),
    ]
}

/// Shows all words, because their order decides which word is written for a meaning.
fn compare_mappings(before: &Mapping, after: &Mapping, changes: &mut PolicyChangeLines) {
    let facts = |mapping: &Mapping| -> Vec<Setting> {
        let each = mapping.comparable_entries().into_iter();
        each.map(|(key, entry)| single_setting(&key, entry.join(", "))).collect()
    };
    let (was, is) = (facts(before), facts(after));
    changes.compare_settings(&was, &is);
    if !before.is_arkib_extension() && !after.is_arkib_extension() {
        compare_vocabularies(&before.state.words, &after.state.words, changes);
    }
    for (key, entry) in was.iter().filter(|(key, _)| find_setting(&is, key).is_none()) {
        changes.compare_values(key, setting_text(Some(entry)), NOTHING);
    }
}

fn compare_vocabularies(before: &States, after: &States, changes: &mut PolicyChangeLines) {
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
pub fn describe_new_policy(policy: &Policy) -> Vec<String> {
    let nothing = Policy {
        agency: String::new(),
        name: String::new(),
        domains: Vec::new(),
        approvers: Vec::new(),
        approvals: RequiredApprovals::default(),
        repository: None,
        former_approvers: Vec::new(),
        protected: Vec::new(),
        mapping: Mapping::default(),
        export: ExportMapping::default(),
        bulk: UploadFileFormat::default(),
        ..policy.clone()
    };
    let limits = &policy.limits;
    let mut words = vec![format!(
        "new: the policy of {}; portal {}, provenance {}, limits {}, {} %, {}",
        policy.agency,
        policy.portal.as_str(),
        policy.provenance.as_str(),
        plural(limits.terminations, "termination", "terminations"),
        limits.terminations_percent,
        plural(limits.changes, "change", "changes")
    )];
    let entry = describe_changes(&nothing, policy).into_iter();
    let is_reported = |word: &String| {
        let keys = ["approvals.", "repository", "mapping.", "export.", "bulk."];
        word.contains(": adds ") || keys.iter().any(|key| word.starts_with(key))
    };
    words.extend(entry.filter(is_reported));
    words
}
