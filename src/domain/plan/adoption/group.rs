//! Groups archives that no request names into files that an administrator can review. Pure.

use std::collections::{BTreeMap, HashMap};

use crate::domain::archive_state::AccountState;
use crate::domain::local_time::local_day;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::observed::ObservedMailbox;
use crate::domain::policy::Policy;
use crate::language::{Language, Message};
use crate::text::excerpt;

/// The most characters shown of the portal's own reference to a request.
const MOST_OF_A_WORD: usize = 80;

/// A year and its month.
pub type Month = (i16, i8);

/// Consecutive months share a file up to this many archives: most portals changed a few archives in
/// every month of many years.
const FEW: usize = 25;

/// What archives in a file have in common. The order is that of the files.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ArchiveGroupKey {
    /// The portal names the same request of an older system for several archives.
    Request(String),
    /// They were last changed in this month of the agency's calendar, or between two months.
    Month(Month, Month),
    /// It is not known when they were changed.
    Undated,
    /// Their accounts are not active; someone should ask whether they are still needed.
    Inactive,
    /// An approver's own archive, which another approver has to approve.
    Approver(Mailbox),
}

impl ArchiveGroupKey {
    /// The word in outputs.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Request(_) => "request",
            Self::Month(..) => "month",
            Self::Undated => "undated",
            Self::Inactive => "inactive",
            Self::Approver(_) => "approver",
        }
    }

    /// The group's value, if there can be several groups of its kind.
    pub fn value(&self) -> Option<String> {
        match self {
            Self::Request(word) => Some(excerpt(word, MOST_OF_A_WORD)),
            Self::Month(first, last) if first == last => Some(format_months(*first)),
            Self::Month(first, last) => {
                Some(format!("{}/{}", format_months(*first), format_months(*last)))
            }
            Self::Approver(mailbox) => Some(mailbox.to_string()),
            Self::Undated | Self::Inactive => None,
        }
    }

    /// In words, for the screen.
    pub fn describe(&self) -> Message {
        let value = self.value().unwrap_or_default();
        match self {
            Self::Request(_) => message!("import-group-request", value),
            Self::Month(..) => message!("import-group-month", value),
            Self::Undated => message!("import-group-undated"),
            Self::Inactive => message!("import-group-inactive"),
            Self::Approver(_) => message!("import-group-approver"),
        }
    }

    /// The reason of the request, for its file and the register.
    pub fn reason(&self, language: Language) -> String {
        let texts = language.texts();
        let why = texts.text_in_section("import", "reason");
        let which = texts.text_in_section("import", self.as_str());
        let value = self.value().unwrap_or_default();
        format!("{why} {}", which.replace("{value}", &value))
    }
}

/// A month as in ISO 8601; two months separated by `/` are an interval.
fn format_months((year, month): Month) -> String {
    format!("{year:04}-{month:02}")
}

/// The archives of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchiveBatch {
    /// What they have in common.
    pub group: ArchiveGroupKey,
    /// Sorted.
    pub mailboxes: Vec<Mailbox>,
}

/// Sorts archives into batches of at most `most`, by group, then by mailbox.
pub(super) fn split_into_batches(
    taken: &[&ObservedMailbox],
    policy: &Policy,
    most: usize,
) -> Vec<ArchiveBatch> {
    let mut shared: HashMap<&str, usize> = HashMap::new();
    for word in taken.iter().filter_map(|archive| portal_reference(archive)) {
        *shared.entry(word).or_default() += 1;
    }
    let mut groups: BTreeMap<ArchiveGroupKey, Vec<Mailbox>> = BTreeMap::new();
    for archive in taken {
        let group = groups.entry(adoption_group_key(archive, policy, &shared));
        group.or_default().push(archive.mailbox.clone());
    }
    let mut batches = Vec::new();
    for (group, mailboxes) in merge_months(groups, most.min(FEW)) {
        batches.extend(
            mailboxes
                .chunks(most.max(1))
                .map(|part| ArchiveBatch { group: group.clone(), mailboxes: part.to_vec() }),
        );
    }
    batches
}

/// The same groups in order, with consecutive small months merged.
fn merge_months(
    groups: BTreeMap<ArchiveGroupKey, Vec<Mailbox>>,
    few: usize,
) -> Vec<(ArchiveGroupKey, Vec<Mailbox>)> {
    let mut merged: Vec<(ArchiveGroupKey, Vec<Mailbox>)> = Vec::new();
    for (group, mut mailboxes) in groups {
        if let (ArchiveGroupKey::Month(_, month), Some((ArchiveGroupKey::Month(_, last), before))) =
            (&group, merged.last_mut())
            && before.len() + mailboxes.len() <= few
        {
            *last = *month;
            before.append(&mut mailboxes);
            before.sort_unstable();
        } else {
            merged.push((group, mailboxes));
        }
    }
    merged
}

/// The portal's own reference to the request for an archive.
fn portal_reference(archive: &ObservedMailbox) -> Option<&str> {
    let word = archive.request.as_deref().map(str::trim);
    word.filter(|word| !word.is_empty())
}

fn adoption_group_key(
    archive: &ObservedMailbox,
    policy: &Policy,
    shared: &HashMap<&str, usize>,
) -> ArchiveGroupKey {
    if policy.approvers.contains(&archive.mailbox) {
        return ArchiveGroupKey::Approver(archive.mailbox.clone());
    }
    if archive.account != AccountState::Active {
        return ArchiveGroupKey::Inactive;
    }
    // A request for one mailbox would make a file of one, and a portal may have thousands of them.
    let is_shared = |word: &&str| shared.get(word).is_some_and(|count| *count > 1);
    if let Some(word) = portal_reference(archive).filter(is_shared) {
        return ArchiveGroupKey::Request(word.to_owned());
    }
    match archive.changed_at.or(archive.modified_at).map(local_day) {
        Some(day) => {
            let month = (day.year(), day.month());
            ArchiveGroupKey::Month(month, month)
        }
        None => ArchiveGroupKey::Undated,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reason_names_the_group_and_escapes_it() {
        let hostile = ArchiveGroupKey::Request(format!("\u{202e}{{value}}\n{}", "x".repeat(5_000)));
        for language in Language::ALL {
            let reason = hostile.reason(language);
            assert!(reason.contains("⟨U+202E⟩{value}␊xx"), "{reason}");
            assert!(reason.chars().count() < 500);
            for group in [
                ArchiveGroupKey::Month((2025, 4), (2025, 5)),
                ArchiveGroupKey::Undated,
                ArchiveGroupKey::Inactive,
                ArchiveGroupKey::Approver(Mailbox::from_portal("uc@agensi.example")),
            ] {
                assert!(!group.reason(language).contains(['{', '}']), "{group:?}");
            }
        }
    }
}
