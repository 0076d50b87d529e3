//! How archives that no request names fall into files that an administrator can judge. Pure.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use crate::domain::archive::Account;
use crate::domain::calendar::local_day;
use crate::domain::mailbox::Mailbox;
use crate::domain::observed::ObservedMailbox;
use crate::domain::policy::{Language, Policy};
use crate::text::excerpt;

/// The most characters of the portal's own word for a request that are repeated.
const MOST_OF_A_WORD: usize = 80;

/// A year and its month.
pub type Month = (i16, i8);

/// So many archives of some months in a row are still one file; most portals have changed a few in
/// every month of many years.
const FEW: usize = 25;

/// What archives have in common, so that they are judged together. The order is that of the files.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// The portal names a request, of an older system, that several of them share.
    Request(String),
    /// They were changed last in this month, of the agency's calendar, or from one month to another.
    Month(Month, Month),
    /// Nothing is known of when they were made.
    Undated,
    /// Their accounts are not in use, so that somebody should ask whether they are to stay.
    Inactive,
    /// An approver's own, which another approver has to approve.
    Approver(Mailbox),
}

impl Group {
    /// Its word in outputs.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Request(_) => "request",
            Self::Month(..) => "month",
            Self::Undated => "undated",
            Self::Inactive => "inactive",
            Self::Approver(_) => "approver",
        }
    }

    /// Which of its kind it is, where there are several.
    pub fn value(&self) -> Option<String> {
        match self {
            Self::Request(word) => Some(excerpt(word, MOST_OF_A_WORD)),
            Self::Month(first, last) if first == last => Some(written(*first)),
            Self::Month(first, last) => Some(format!("{}/{}", written(*first), written(*last))),
            Self::Approver(mailbox) => Some(mailbox.to_string()),
            Self::Undated | Self::Inactive => None,
        }
    }

    /// Why the request is made, as its file and the register say it.
    pub fn reason(&self, language: Language) -> String {
        let texts = language.texts();
        let why = texts.word("import", "reason");
        let which = texts.word("import", self.as_str());
        let value = self.value().unwrap_or_default();
        format!("{why} {}", which.replace("{value}", &value))
    }
}

/// A month as ISO 8601 writes it; two with a `/` between are the time from one to the other.
fn written((year, month): Month) -> String {
    format!("{year:04}-{month:02}")
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = self.value().unwrap_or_default();
        match self {
            Self::Request(_) => write!(f, "request {value} in the portal"),
            Self::Month(..) => write!(f, "changed last in {value}"),
            Self::Undated => f.write_str("the portal does not say since when"),
            Self::Inactive => f.write_str("the account is not in use"),
            Self::Approver(_) => f.write_str("an approver's own"),
        }
    }
}

/// The archives of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchiveBatch {
    /// What they have in common.
    pub group: Group,
    /// Sorted.
    pub mailboxes: Vec<Mailbox>,
}

/// Sorts archives into lots of at most so many, by group, then by mailbox.
pub(super) fn batches(
    taken: &[&ObservedMailbox],
    policy: &Policy,
    most: usize,
) -> Vec<ArchiveBatch> {
    let mut shared: HashMap<&str, usize> = HashMap::new();
    for word in taken.iter().filter_map(|archive| word_of(archive)) {
        *shared.entry(word).or_default() += 1;
    }
    let mut groups: BTreeMap<Group, Vec<Mailbox>> = BTreeMap::new();
    for archive in taken {
        let group = groups.entry(group(archive, policy, &shared));
        group.or_default().push(archive.mailbox.clone());
    }
    let mut batches = Vec::new();
    for (group, mailboxes) in merge_months(groups, most.min(FEW)) {
        batches.extend(mailboxes.chunks(most.max(1)).map(|part| ArchiveBatch {
            group: group.clone(),
            mailboxes: part.to_vec(),
        }));
    }
    batches
}

/// The same groups in order, with months in a row put together where they are few.
fn merge_months(groups: BTreeMap<Group, Vec<Mailbox>>, few: usize) -> Vec<(Group, Vec<Mailbox>)> {
    let mut merged: Vec<(Group, Vec<Mailbox>)> = Vec::new();
    for (group, mut mailboxes) in groups {
        if let (Group::Month(_, month), Some((Group::Month(_, last), before))) =
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

/// The portal's own word for the request that an archive rests on.
fn word_of(archive: &ObservedMailbox) -> Option<&str> {
    let word = archive.request.as_deref().map(str::trim);
    word.filter(|word| !word.is_empty())
}

fn group(archive: &ObservedMailbox, policy: &Policy, shared: &HashMap<&str, usize>) -> Group {
    if policy.approvers.contains(&archive.mailbox) {
        return Group::Approver(archive.mailbox.clone());
    }
    if archive.account != Account::Active {
        return Group::Inactive;
    }
    // A request of one mailbox would make a file of one, and a portal may know thousands of them.
    let is_shared = |word: &&str| shared.get(word).is_some_and(|count| *count > 1);
    if let Some(word) = word_of(archive).filter(is_shared) {
        return Group::Request(word.to_owned());
    }
    match archive.changed_at.map(local_day) {
        Some(day) => {
            let month = (day.year(), day.month());
            Group::Month(month, month)
        }
        None => Group::Undated,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reason_names_the_group_and_escapes_it() {
        let hostile = Group::Request(format!("\u{202e}{{value}}\n{}", "x".repeat(5_000)));
        for language in Language::ALL {
            let reason = hostile.reason(language);
            assert!(reason.contains("⟨U+202E⟩{value}␊xx"), "{reason}");
            assert!(reason.chars().count() < 500);
            for group in [
                Group::Month((2025, 4), (2025, 5)),
                Group::Undated,
                Group::Inactive,
                Group::Approver(Mailbox::from_portal("uc@agensi.example")),
            ] {
                assert!(!group.reason(language).contains(['{', '}']), "{group:?}");
            }
        }
    }
}
