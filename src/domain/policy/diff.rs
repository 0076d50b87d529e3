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
use crate::language::Message;

/// A change of a policy, as a line for a reviewer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PolicyLine {
    /// The policy is new.
    New(Message),
    /// An archive may then be terminated.
    Termination(Message),
    /// A key has another value, or its list gains (`is_added`) or loses one.
    Setting {
        /// The key, with those above it.
        key: String,
        /// Whether the list gains a value.
        is_added: bool,
        /// The line.
        text: Message,
    },
    /// Something else.
    Other(Message),
}

impl PolicyLine {
    /// The line.
    pub fn text(&self) -> &Message {
        match self {
            Self::New(text)
            | Self::Termination(text)
            | Self::Setting { text, .. }
            | Self::Other(text) => text,
        }
    }

    /// Whether an archive may then be terminated.
    pub fn is_termination(&self) -> bool {
        matches!(self, Self::Termination(_))
    }
}

/// The changes of a policy: its file as the user knows it, and a line a change.
pub type PolicyChange = (String, Vec<PolicyLine>);

/// The changes, one line per change.
#[derive(Debug, Default)]
pub struct PolicyChangeLines(pub Vec<PolicyLine>);

impl PolicyChangeLines {
    /// Adds what a list gains and loses; the order makes no difference.
    pub fn compare_lists<T: PartialEq>(
        &mut self,
        key: &str,
        (before, after): (&[T], &[T]),
        show: impl Fn(&T) -> Message,
    ) {
        for added in after.iter().filter(|item| !before.contains(item)) {
            self.push(key, true, message!("policy-adds", key, added = show(added)));
        }
        for gone in before.iter().filter(|item| !after.contains(item)) {
            self.push(key, false, message!("policy-removes", key, gone = show(gone)));
        }
    }

    fn compare_values(&mut self, key: &str, before: &Message, after: &Message) {
        if before != after {
            self.push(key, false, message!("policy-from-to", key, before, after));
        }
    }

    fn push(&mut self, key: &str, is_added: bool, text: Message) {
        self.0.push(PolicyLine::Setting { key: key.to_owned(), is_added, text });
    }

    /// Adds the changes of the keys that a section has now.
    fn compare_settings(&mut self, before: &[Setting], after: &[Setting]) {
        for (key, entry) in after {
            match (find_setting(before, key), entry) {
                (Some(SettingValue::List(before)), SettingValue::List(after)) => {
                    self.compare_lists(key, (before, after), Message::clone)
                }
                (before, after) => {
                    self.compare_values(key, &setting_text(before), &setting_text(Some(after)))
                }
            }
        }
    }
}

/// A key of the policy and its value.
type Setting = (String, SettingValue);

#[derive(Clone)]
enum SettingValue {
    Value(Message),
    List(Vec<Message>),
}

/// Stands for a missing value.
fn nothing() -> Message {
    message!("policy-nothing")
}

fn single_setting(key: &str, entry: impl Display) -> Setting {
    (key.to_owned(), SettingValue::Value(Message::verbatim(entry.to_string())))
}

fn list_setting<T: Display>(key: &str, entry: &[T]) -> Setting {
    let each = entry.iter().map(|entry| Message::verbatim(entry.to_string()));
    (key.to_owned(), SettingValue::List(each.collect()))
}

fn optional_setting<T: Display>(
    key: &str,
    entry: Option<&T>,
    otherwise: fn() -> Message,
) -> Setting {
    let entry = entry.map_or_else(otherwise, |entry| Message::verbatim(entry.to_string()));
    (key.to_owned(), SettingValue::Value(entry))
}

fn find_setting<'a>(facts: &'a [Setting], key: &str) -> Option<&'a SettingValue> {
    let found = facts.iter().find(|(known, _)| known == key);
    found.map(|(_, entry)| entry)
}

fn setting_text(entry: Option<&SettingValue>) -> Message {
    match entry {
        Some(SettingValue::Value(text)) => text.clone(),
        _ => nothing(),
    }
}

/// The changes between two policies, as text; empty if there are none.
pub fn describe_changes(before: &Policy, after: &Policy) -> Vec<PolicyLine> {
    let mut changes = PolicyChangeLines::default();
    let [approval, bounds, naming, export] = policy_settings(before);
    let [approval_now, bounds_now, naming_now, export_now] = policy_settings(after);
    changes.compare_settings(&approval, &approval_now);
    if (before.provenance, after.provenance)
        == (ApprovalProvenance::Signed, ApprovalProvenance::Committed)
    {
        changes.0.push(PolicyLine::Other(message!("policy-unsigned")));
    }
    changes.compare_settings(&bounds, &bounds_now);
    compare_mappings(&before.mapping, &after.mapping, &mut changes);
    changes.compare_settings(&naming, &naming_now);
    match (&before.notices, &after.notices) {
        (Some(before), Some(after)) => {
            changes.compare_settings(&notice_settings(before), &notice_settings(after))
        }
        (None, Some(after)) => changes.0.push(PolicyLine::Other(message!(
            "policy-writes",
            from = after.from.to_string(),
            since = after.since
        ))),
        (Some(_), None) => changes.0.push(PolicyLine::Other(message!("policy-writes-no-longer"))),
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
        optional_setting("approvals.since", since.as_ref(), nothing),
        optional_setting("repository", repository.as_ref(), nothing),
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
        optional_setting("portal_since", portal_since.as_ref(), nothing),
    ];
    let naming = vec![
        single_setting("agency", agency),
        single_setting("name", name),
        single_setting("language", language.as_str()),
        optional_setting("recoverable_days", recoverable_days.as_ref(), nothing),
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
        optional_setting("notices.contact", contact.as_ref(), nothing),
        optional_setting("notices.addin.link", link, nothing),
        optional_setting("notices.addin.guide", guide, nothing),
        single_setting("notices.limit", limit),
    ]
}

fn export_settings(export: &ExportMapping) -> Vec<Setting> {
    let ExportMapping { columns, states, accounts, holds, agency } = export;
    let name = |column: ExportField| {
        let key = format!("export.columns.{}", column.as_str());
        optional_setting(&key, columns.get(&column), || message!("policy-usual-names"))
    };
    let mut facts = Vec::from(ExportField::ALL.map(name));
    facts.push(vocabulary_setting("export.states", states.as_ref()));
    facts.push(vocabulary_setting("export.accounts", accounts.as_ref()));
    facts.push(vocabulary_setting("export.holds", holds.as_ref()));
    facts
        .push(optional_setting("export.agency", agency.as_ref(), || message!("policy-any-agency")));
    facts
}

/// The known words and their meanings.
fn vocabulary_setting<T: HasCanonicalName>(key: &str, words: Option<&Vocabulary<T>>) -> Setting {
    let Some(words) = words else {
        return (key.to_owned(), SettingValue::List(vec![message!("policy-usual-words")]));
    };
    let each = words.iter();
    let each = each.map(|(word, means)| message!("policy-word-for", word, meaning = means.name()));
    (key.to_owned(), SettingValue::List(each.collect()))
}

fn upload_file_settings(bulk: &UploadFileFormat) -> Vec<Setting> {
    let UploadFileFormat { mailbox, action, request, enable, terminate, delimiter, encoding } =
        bulk;
    vec![
        single_setting("bulk.columns.mailbox", mailbox),
        single_setting("bulk.columns.action", action),
        optional_setting("bulk.columns.request", request.as_ref(), || message!("policy-no-column")),
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
        changes.compare_values(key, &setting_text(Some(entry)), &nothing());
    }
}

fn compare_vocabularies(before: &States, after: &States, changes: &mut PolicyChangeLines) {
    for (word, was) in before.iter() {
        let mut words = after.iter();
        let found = words.find(|(other, _)| other.to_lowercase() == word.to_lowercase());
        if let Some((_, is)) = found.filter(|(_, is)| *is != was) {
            changes.push(
                "mapping.state.values",
                false,
                message!("policy-word-means", word, is, was),
            );
        }
    }
}

/// Describes a new policy.
pub fn describe_new_policy(policy: &Policy) -> Vec<PolicyLine> {
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
    let mut lines = vec![PolicyLine::New(message!(
        "policy-new",
        agency = &policy.agency,
        portal = policy.portal.as_str(),
        provenance = policy.provenance.as_str(),
        terminations = limits.terminations,
        percent = limits.terminations_percent.to_string(),
        changes = limits.changes
    ))];
    let is_reported = |line: &PolicyLine| match line {
        PolicyLine::Setting { key, is_added, .. } => {
            let keys = ["approvals.", "repository", "mapping.", "export.", "bulk."];
            *is_added || keys.iter().any(|start| key.starts_with(start))
        }
        _ => false,
    };
    lines.extend(describe_changes(&nothing, policy).into_iter().filter(is_reported));
    lines
}
