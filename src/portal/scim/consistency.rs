//! Checks that the pages read form one consistent list. Pure: knows pages, not where they come from. A list that
//! contradicts itself is never taken for the portal's state: a mailbox that was missed between two
//! pages would look as if it did not exist.

use std::collections::HashSet;

use foldhash::fast::RandomState;

use super::page::DecodedPage;
use super::user::IdHash;
use crate::domain::observed::ObservedMailbox;
use crate::text::plural;

fn mailboxes(count: usize) -> String {
    plural(count, "mailbox", "mailboxes")
}

/// How a reading contradicts itself.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Contradiction {
    /// `totalResults` is not what it was on the first page.
    #[error("the portal reported {} on the first page and {to} on a later one", mailboxes(*.from))]
    TotalChanged { from: usize, to: usize },
    #[error("the same mailbox is in the list twice")]
    Twice,
    /// The first page came again for another position, as from a portal that pays no regard to
    /// where a page is to start or rounds it to whole pages.
    #[error("the portal sends the same page again and again")]
    Repeats,
    /// Two pages that overlap by one mailbox do not agree on it.
    #[error("the list changed between two pages")]
    Shifted,
    #[error("the portal reports {} but lists more", mailboxes(*.total))]
    More { total: usize },
    #[error("the portal reports {} but lists {read}", mailboxes(*.total))]
    Fewer { total: usize, read: usize },
    /// Behind the end there is another mailbox, or another total: `totalResults` is of the page.
    #[error(
        "the portal reports {} but has more behind them; `totalResults` must count all mailboxes, not those of a page (RFC 7644 section 3.4.2)",
        mailboxes(*.total)
    )]
    Behind { total: usize },
    /// More mailboxes than arkib reads, or pages without end.
    #[error("the list does not end; arkib stopped at {most} mailboxes")]
    Endless { most: usize },
    /// The portal's cursor expired before the list was read to its end (RFC 9865 section 2.1).
    #[error("the portal dropped the list before its end")]
    Expired,
}

/// A reading of the list under way.
#[derive(Debug, Default)]
pub(super) struct ListAccumulator {
    pub(super) total: Option<usize>,
    most: usize,
    /// What of the list is kept.
    pub(super) mailboxes: Vec<ObservedMailbox>,
    /// The addresses of the others, each followed by a line end.
    pub(super) other_addresses: String,
    /// How many of it have an address, kept or not.
    pub(super) with_address: usize,
    pub(super) pages: usize,
    /// Every user in the list, kept or not.
    marks: HashSet<IdHash, RandomState>,
    first: Option<IdHash>,
    last: Option<IdHash>,
}

/// The most capacity that is reserved for a reported total, which may be wrong.
const BELIEVED_ROOM: usize = 500_000;

impl ListAccumulator {
    /// Starts with the first page, of at most `most` mailboxes in all.
    pub(super) fn start_with_page(first: DecodedPage, most: usize) -> Result<Self, Contradiction> {
        let total = first.total;
        if total.is_some_and(|total| total > most) {
            return Err(Contradiction::Endless { most });
        }
        let room = total.unwrap_or_default().min(BELIEVED_ROOM);
        let mut reading = Self {
            total,
            most,
            marks: HashSet::with_capacity_and_hasher(room, RandomState::default()),
            ..Self::default()
        };
        reading.add_page(first)?;
        Ok(reading)
    }

    /// Takes the next page.
    pub(super) fn add_page(&mut self, page: DecodedPage) -> Result<(), Contradiction> {
        self.check_total(&page)?;
        if self.first.is_some() && self.first == page.marks.first().copied() {
            return Err(Contradiction::Repeats);
        }
        self.first = self.first.or(page.marks.first().copied());
        self.last = page.marks.last().copied().or(self.last);
        for id_hash in page.marks {
            if !self.marks.insert(id_hash) {
                return Err(Contradiction::Twice);
            }
        }
        self.pages += 1;
        self.with_address += page.with_address;
        self.mailboxes.extend(page.mailboxes);
        self.other_addresses.push_str(&page.other_addresses);
        match self.total {
            Some(total) if self.read_count() > total => Err(Contradiction::More { total }),
            _ if self.read_count() > self.most => Err(Contradiction::Endless { most: self.most }),
            _ => Ok(()),
        }
    }

    /// Takes a page that starts with the last mailbox of the one before. That mailbox must be the
    /// same, so that a mailbox that came and one that went between two pages do not hide each other.
    pub(super) fn add_overlapping_page(
        &mut self,
        mut page: DecodedPage,
    ) -> Result<(), Contradiction> {
        match page.marks.first().copied() {
            None => {}
            here if here == self.last => page.drop_first_user(),
            here if here == self.first => return Err(Contradiction::Repeats),
            // A changed total says more than that something moved.
            _ => {
                self.check_total(&page)?;
                return Err(Contradiction::Shifted);
            }
        }
        self.add_page(page)
    }

    fn check_total(&self, page: &DecodedPage) -> Result<(), Contradiction> {
        match (self.total, page.total) {
            (Some(from), Some(to)) if from != to => Err(Contradiction::TotalChanged { from, to }),
            _ => Ok(()),
        }
    }

    /// How many were read so far.
    pub(super) fn read_count(&self) -> usize {
        self.marks.len()
    }

    /// The reading to its end, where it holds together.
    pub(super) fn finish(self) -> Result<Self, Contradiction> {
        let read = self.read_count();
        match self.total.filter(|total| read < *total) {
            Some(total) => Err(Contradiction::Fewer { total, read }),
            None => Ok(self),
        }
    }

    /// Frees what only a reading under way needs.
    pub(super) fn forget_marks(&mut self) {
        self.marks = HashSet::default();
    }

    /// Checks a page behind the end. A portal that pays no regard to where a page is to start shows there
    /// whom it showed before, and the same total.
    pub(super) fn check_page_after_end(&self, behind: &DecodedPage) -> Result<(), Contradiction> {
        let total = self.read_count();
        let is_known = behind.marks.iter().all(|id_hash| self.marks.contains(id_hash));
        let is_same_total = behind.total.is_none_or(|other| other == total);
        match behind.marks.is_empty() || is_known && is_same_total {
            true => Ok(()),
            false => Err(Contradiction::Behind { total }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::archive_state::{AccountState, State};
    use crate::domain::mailbox_address::Mailbox;
    use crate::portal::scim::user::id_hash;

    fn page(total: usize, ids: &[u32]) -> DecodedPage {
        DecodedPage {
            total: Some(total),
            marks: ids.iter().map(|id| id_hash(&id.to_string())).collect(),
            mailboxes: ids
                .iter()
                .map(|id| ObservedMailbox {
                    mailbox: Mailbox::from_portal(&format!("m{id}@x.example")),
                    id: id.to_string().into(),
                    version: None,
                    state: State::Disabled,
                    account: AccountState::Active,
                    hold: false,
                    request: None,
                    changed_at: None,
                    modified_at: None,
                    recoverable_until: None,
                    created: None,
                    person: None,
                })
                .collect(),
            ..DecodedPage::default()
        }
    }

    /// Reads the pages in turn, the later ones overlapping or not.
    fn read(pages: Vec<DecodedPage>, overlapping: bool) -> Result<usize, Contradiction> {
        let mut pages = pages.into_iter();
        let mut reading = ListAccumulator::start_with_page(pages.next().expect("a page"), 100)?;
        for page in pages {
            if overlapping {
                reading.add_overlapping_page(page)?;
            } else {
                reading.add_page(page)?;
            }
        }
        reading.finish().map(|whole| whole.mailboxes.len())
    }

    #[test]
    fn accepts_consistent_pages() {
        assert_eq!(read(vec![page(4, &[1, 2]), page(4, &[3, 4])], false), Ok(4));
        assert_eq!(read(vec![page(4, &[1, 2]), page(4, &[2, 3, 4])], true), Ok(4));
    }

    #[test]
    fn detects_every_contradiction() {
        use Contradiction as C;
        for (pages, expected) in [
            (vec![page(4, &[1, 2]), page(5, &[3, 4])], C::TotalChanged { from: 4, to: 5 }),
            (vec![page(4, &[1, 2]), page(4, &[2, 3])], C::Twice),
            (vec![page(4, &[1, 2]), page(4, &[1, 2])], C::Repeats),
            (vec![page(3, &[1, 2]), page(3, &[3, 4])], C::More { total: 3 }),
            (vec![page(4, &[1, 2]), page(4, &[3])], C::Fewer { total: 4, read: 3 }),
            (vec![page(101, &[1])], C::Endless { most: 100 }),
        ] {
            assert_eq!(read(pages, false), Err(expected));
        }
    }

    #[test]
    fn the_total_counts_all_mailboxes() {
        let whole = ListAccumulator::start_with_page(page(2, &[1, 2]), 100).expect("a page");
        let whole = whole.finish().expect("a list");
        for (behind, is_whole) in [
            (page(2, &[]), true),
            (page(0, &[]), true),
            // A portal that pays no regard to where a page is to start.
            (page(2, &[1]), true),
            (page(2, &[1, 2]), true),
            (page(1, &[1]), false),
            (page(2, &[3]), false),
            (page(1, &[3]), false),
        ] {
            let checked = whole.check_page_after_end(&behind);
            assert_eq!(checked.is_ok(), is_whole, "{behind:?}");
        }
    }

    #[test]
    fn detects_one_added_and_one_removed() {
        // 1 goes and 9 comes between the pages: totals agree, nothing is twice, and 3 is missing.
        let pages = || vec![page(5, &[1, 2]), page(5, &[4, 5, 9])];
        assert_eq!(read(pages(), false), Ok(5));
        assert_eq!(read(pages(), true), Err(Contradiction::Shifted));
    }
}
