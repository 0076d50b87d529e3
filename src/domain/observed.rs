//! What the portal has: one entry per mailbox, as read, sorted, without duplicates. Pure.

mod filter;
mod from_records;
mod handed_over_change;
mod observed_mailbox;
mod person;
mod recorded;
mod related_account;

use std::collections::HashSet;

use jiff::Timestamp;

use crate::domain::archive_state::{State, Target};
use crate::domain::mailbox_address::{Mailbox, sort_by_mailbox};

pub use filter::MailboxFilter;
pub use handed_over_change::HandedOverChange;
#[cfg(test)]
pub(crate) use observed_mailbox::sample_mailbox;
pub use observed_mailbox::{ObservedMailbox, PortalId};
pub use person::Person;
pub use recorded::{RecordedRequest, is_portal_account_id};
pub use related_account::{RelatedAccount, SimilarAddressIndex};

/// The export of a portal that people operate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportFile {
    /// Its file's name.
    pub name: String,
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
    /// The digest of its rows, in any order: the same after it was saved again.
    pub rows: String,
    /// When it was made.
    pub taken: Timestamp,
    /// When it says itself, or by its name, that it was made; a day from its beginning, a time to
    /// the end of its second.
    pub dated: Option<Timestamp>,
}

/// A row of an export whose address cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnreadableRow {
    /// The mailbox that it probably is.
    pub probably: Mailbox,
    /// The file and the number of the row: `laporan.csv:12`.
    pub place: Box<str>,
}

/// The result of reading the portal.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Observed {
    /// Sorted by address; one entry per address.
    mailboxes: Vec<ObservedMailbox>,
    /// Addresses that several accounts in the portal have; sorted. They are in `mailboxes` once.
    ambiguous: Vec<Mailbox>,
    /// Addresses that accounts have beside their own, each with the account's own; sorted.
    aliases: Vec<(Mailbox, Mailbox)>,
    /// Rows of an export whose address cannot be read; sorted.
    unreadable: Vec<UnreadableRow>,
    /// Whether the whole portal was read, or only some mailboxes.
    complete: bool,
    /// Whether the portal has any mailbox, kept or not.
    any: bool,
    /// The addresses of mailboxes that were not kept, each followed by a line end.
    other_addresses: String,
    /// What people were asked to do; sorted by mailbox.
    handed_over: Vec<HandedOverChange>,
    /// The request that was last carried out on a mailbox, as the records know it; sorted.
    recorded: Vec<RecordedRequest>,
    /// How many mailboxes a run finished a change of, as the records know it, whichever were read.
    on_record: usize,
    /// Addresses of records whose accounts have another one now, each with it; sorted.
    renamed: Vec<(Mailbox, Mailbox)>,
}

impl Observed {
    /// Sorts what was read. If the same account (same id) was read twice, the later reading counts;
    /// two accounts with one address make that address ambiguous.
    pub fn new(mut read: Vec<ObservedMailbox>, complete: bool) -> Self {
        sort_by_mailbox(&mut read, |a| &a.mailbox, |a, b| a.id.cmp(&b.id));
        let mut ambiguous: Vec<Mailbox> = Vec::new();
        read.dedup_by(|next, last| {
            if last.mailbox != next.mailbox {
                return false;
            }
            if last.id == next.id {
                std::mem::swap(last, next);
            } else if ambiguous.last() != Some(&next.mailbox) {
                ambiguous.push(next.mailbox.clone());
            }
            true
        });
        Self {
            any: !read.is_empty(),
            other_addresses: String::new(),
            mailboxes: read,
            ambiguous,
            aliases: Vec::new(),
            unreadable: Vec::new(),
            complete,
            handed_over: Vec::new(),
            recorded: Vec::new(),
            on_record: 0,
            renamed: Vec::new(),
        }
    }

    /// Adds mailboxes that a list lacked and that were then asked for by themselves.
    #[must_use]
    pub fn with_found(self, found: Self) -> Self {
        let mailboxes = self.mailboxes.into_iter().chain(found.mailboxes).collect();
        let merged = Self::new(mailboxes, self.complete)
            .with_ambiguous_addresses([self.ambiguous, found.ambiguous].concat())
            .with_aliases([self.aliases, found.aliases].concat());
        Self {
            any: self.any | found.any,
            handed_over: self.handed_over,
            other_addresses: self.other_addresses,
            ..merged
        }
    }

    /// As if these archives were in the state that was wanted.
    #[must_use]
    pub fn with_targets_met<'a>(
        mut self,
        met: impl IntoIterator<Item = (&'a Mailbox, Target)>,
    ) -> Self {
        for (mailbox, target) in met {
            let found = self.mailboxes.binary_search_by(|entry| entry.mailbox.cmp(mailbox));
            if let Ok(index) = found {
                self.mailboxes[index].state = match target {
                    Target::Enabled => State::Enabled,
                    Target::Terminated => State::Terminated,
                };
            }
        }
        self
    }

    /// Notes that the portal has mailboxes, even if none of them was kept.
    #[must_use]
    pub fn with_unkept_mailboxes(mut self, others: bool) -> Self {
        self.any |= others;
        self
    }

    /// Adds the addresses of mailboxes that were not kept, each followed by a line end.
    #[must_use]
    pub fn with_other_addresses(mut self, addresses: String) -> Self {
        self.other_addresses = addresses;
        self
    }

    /// Adds addresses whose account is not clear.
    #[must_use]
    pub fn with_ambiguous_addresses(mut self, mut claimed: Vec<Mailbox>) -> Self {
        self.ambiguous.append(&mut claimed);
        self.ambiguous.sort_unstable();
        self.ambiguous.dedup();
        self
    }

    /// Adds addresses that accounts have beside their own, each with the account's own.
    #[must_use]
    pub fn with_aliases(mut self, mut aliases: Vec<(Mailbox, Mailbox)>) -> Self {
        self.aliases.append(&mut aliases);
        self.aliases.sort_unstable();
        self.aliases.dedup();
        self
    }

    /// Adds the rows of an export whose address cannot be read.
    #[must_use]
    pub fn with_unreadable_rows(mut self, mut unreadable: Vec<UnreadableRow>) -> Self {
        unreadable.sort_unstable();
        self.unreadable = unreadable;
        self
    }

    /// The first row whose address cannot be read and that is probably this mailbox.
    pub fn unreadable_row_of(&self, mailbox: &Mailbox) -> Option<&UnreadableRow> {
        let rows = &self.unreadable;
        let first = rows.partition_point(|row| row.probably < *mailbox);
        rows.get(first).filter(|row| row.probably == *mailbox)
    }

    /// The other addresses of the account with this one.
    pub fn aliases_of(&self, own: &Mailbox) -> impl Iterator<Item = &Mailbox> {
        let of_own = self.aliases.iter().filter(move |(_, known)| known == own);
        of_own.map(|(alias, _)| alias)
    }

    /// Adds what was handed over, in order. Ignores mailboxes that were not read.
    #[must_use]
    pub fn with_handed_over(mut self, mut handed_over: Vec<HandedOverChange>) -> Self {
        handed_over.retain(|change| self.complete || self.find_mailbox(&change.mailbox).is_some());
        handed_over.sort_by(|a, b| a.mailbox.cmp(&b.mailbox));
        self.handed_over = handed_over;
        self
    }

    /// What was handed over and is open, sorted by mailbox, then in the order of the hand-overs.
    pub fn handed_over(&self) -> &[HandedOverChange] {
        &self.handed_over
    }

    /// Whether the portal showed no mailbox at all.
    pub fn is_empty(&self) -> bool {
        !self.any
    }

    /// Looks up mailboxes in ascending order.
    pub fn ascending_search(&self) -> AscendingSearch<'_> {
        AscendingSearch { rest: &self.mailboxes }
    }

    /// Every mailbox read and kept, sorted by address.
    pub fn mailboxes(&self) -> &[ObservedMailbox] {
        &self.mailboxes
    }

    /// The mailbox of that address.
    pub fn find_mailbox(&self, mailbox: &Mailbox) -> Option<&ObservedMailbox> {
        let entries = &self.mailboxes;
        let found = entries.binary_search_by(|entry| entry.mailbox.cmp(mailbox));
        found.ok().map(|index| &entries[index])
    }

    /// Whether several accounts have that address, so that it is not clear which is meant.
    pub fn is_ambiguous(&self, mailbox: &Mailbox) -> bool {
        self.ambiguous.binary_search(mailbox).is_ok()
    }

    /// Keeps only these mailboxes, as if no other had been asked for.
    #[must_use]
    pub fn keep_only(mut self, kept: &[Mailbox]) -> Self {
        let kept: HashSet<&Mailbox> = kept.iter().collect();
        self.mailboxes.retain(|observed| kept.contains(&observed.mailbox));
        self.ambiguous.retain(|mailbox| kept.contains(mailbox));
        self.aliases.retain(|(alias, _)| kept.contains(alias));
        self.unreadable.retain(|row| kept.contains(&row.probably));
        self.handed_over.retain(|change| kept.contains(&change.mailbox));
        self.recorded.retain(|entry| kept.contains(&entry.mailbox));
        self.renamed.retain(|(mailbox, _)| kept.contains(mailbox));
        self.complete = false;
        self
    }

    /// Whether the whole portal was read.
    pub fn is_complete(&self) -> bool {
        self.complete
    }
}

/// What a sorted list has for a mailbox.
fn find_pair<'a>(pairs: &'a [(Mailbox, Mailbox)], mailbox: &Mailbox) -> Option<&'a Mailbox> {
    let (first, second) = pairs.get(pairs.partition_point(|(first, _)| first < mailbox))?;
    (first == mailbox).then_some(second)
}

/// Finds mailboxes in ascending order; each search starts where the last one ended.
#[derive(Debug)]
pub struct AscendingSearch<'a> {
    rest: &'a [ObservedMailbox],
}

impl<'a> AscendingSearch<'a> {
    /// The mailbox of that address. Addresses must be asked for in ascending order.
    pub fn find_mailbox(&mut self, mailbox: &Mailbox) -> Option<&'a ObservedMailbox> {
        let before = |observed: &ObservedMailbox| observed.mailbox < *mailbox;
        // The next one is usually the right one; if few are asked for, the search doubles its steps.
        let mut reach = 1;
        while reach <= self.rest.len() && before(&self.rest[reach - 1]) {
            reach *= 2;
        }
        let near = &self.rest[..reach.min(self.rest.len())];
        self.rest = &self.rest[near.partition_point(before)..];
        let first = self.rest.first();
        first.filter(|observed| observed.mailbox == *mailbox)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn account_read_twice_keeps_the_later_reading() {
        let observed = Observed::new(
            vec![
                sample_mailbox("b@x.example", "2", State::Disabled),
                sample_mailbox("a@x.example", "1", State::Disabled),
                sample_mailbox("A@x.example", "1", State::Enabled),
            ],
            true,
        );
        assert_eq!(observed.mailboxes().len(), 2);
        let a = Mailbox::from_portal("a@x.example");
        assert_eq!(observed.find_mailbox(&a).map(|a| &a.state), Some(&State::Enabled));
        assert!(!observed.is_ambiguous(&a));
    }

    #[test]
    fn mailboxes_are_sorted_from_any_order() {
        let mut numbers: Vec<usize> = (0..500).map(|n| n * 7919 % 500).collect();
        numbers.extend(0..500);
        let read = |state: &State, n: &usize| {
            sample_mailbox(&format!("m{n:03}@x.example"), &n.to_string(), state.clone())
        };
        let first = numbers[..500].iter().map(|n| read(&State::Disabled, n));
        let later = numbers[500..].iter().map(|n| read(&State::Enabled, n));
        let observed = Observed::new(first.chain(later).collect(), true);
        assert_eq!(observed.mailboxes().len(), 500);
        assert!(observed.mailboxes().is_sorted_by_key(|observed| &observed.mailbox));
        assert!(observed.mailboxes().iter().all(|observed| observed.state == State::Enabled));
    }

    #[test]
    fn ascending_finds_what_get_finds() {
        let read = (0..200)
            .map(|n| sample_mailbox(&format!("m{:03}@x.example", n * 3), "1", State::Enabled));
        let observed = Observed::new(read.collect(), true);
        for step in [1, 2, 7, 100, 450] {
            let mut search = observed.ascending_search();
            for number in (0..700).step_by(step) {
                let asked = Mailbox::from_portal(&format!("m{number:03}@x.example"));
                assert_eq!(
                    search.find_mailbox(&asked),
                    observed.find_mailbox(&asked),
                    "{number} by {step}"
                );
            }
        }
    }

    #[test]
    fn two_accounts_of_one_address_are_ambiguous() {
        let observed = Observed::new(
            vec![
                sample_mailbox("a@x.example", "1", State::Disabled),
                sample_mailbox("a@x.example", "2", State::Enabled),
                sample_mailbox("a@x.example", "3", State::Enabled),
            ],
            true,
        );
        assert!(observed.is_ambiguous(&Mailbox::from_portal("a@x.example")));
        assert_eq!(observed.mailboxes().len(), 1);
    }
}
