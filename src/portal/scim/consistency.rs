//! Is this reading of the list one list? Pure: knows pages, not where they come from. A list that
//! contradicts itself is never taken for what the portal has: a mailbox that slipped between two
//! pages would look as if it did not exist.

use std::collections::HashSet;
use std::fmt;

use super::page::Page;
use crate::observed::{ObservedMailbox, PortalId};

/// How a reading contradicts itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Contradiction {
    /// `totalResults` is not what it was on the first page.
    TotalChanged { from: usize, to: usize },
    /// A mailbox stands in the list twice.
    Twice,
    /// The first page came again for another position, as from a portal that pays no regard to
    /// where a page is to start or rounds it to whole pages.
    Repeats,
    /// Two pages that overlap by one mailbox do not agree on it.
    Shifted,
    /// More mailboxes than the portal says there are.
    More { total: usize },
    /// Fewer mailboxes than the portal says there are.
    Fewer { total: usize, read: usize },
    /// More mailboxes than arkib reads, or pages without end.
    Endless { most: usize },
    /// The portal let go of the list before it was read to its end (RFC 9865 section 2.1).
    Expired,
}

impl fmt::Display for Contradiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TotalChanged { from, to } => write!(
                f,
                "the portal said {from} mailboxes on the first page and {to} on a later one"
            ),
            Self::Twice => f.write_str("the same mailbox stands in the list twice"),
            Self::Repeats => f.write_str("the same page comes again and again"),
            Self::Shifted => f.write_str("the list moved between one page and the next"),
            Self::More { total } => write!(
                f,
                "the portal says that there are {total} mailboxes and gives more"
            ),
            Self::Fewer { total, read } => write!(
                f,
                "the portal says that there are {total} mailboxes and gives {read}"
            ),
            Self::Endless { most } => {
                write!(
                    f,
                    "the list does not end; arkib stopped at {most} mailboxes"
                )
            }
            Self::Expired => f.write_str("the portal dropped the list before its end"),
        }
    }
}

/// A reading of the list under way.
#[derive(Debug)]
pub(super) struct Reading {
    total: Option<usize>,
    most: usize,
    mailboxes: Vec<ObservedMailbox>,
    ids: HashSet<PortalId>,
}

/// Room made at once on the portal's word alone; a total may lie.
const BELIEVED_ROOM: usize = 500_000;

impl Reading {
    /// Starts with the first page, of at most `most` mailboxes in all.
    pub(super) fn start(first: Page, most: usize) -> Result<Self, Contradiction> {
        let total = first.total;
        if total.is_some_and(|total| total > most) {
            return Err(Contradiction::Endless { most });
        }
        let room = total.unwrap_or_default().min(BELIEVED_ROOM);
        let mut reading = Self {
            total,
            most,
            mailboxes: Vec::with_capacity(room),
            ids: HashSet::with_capacity(room),
        };
        reading.take(first)?;
        Ok(reading)
    }

    /// Takes the next page.
    pub(super) fn take(&mut self, page: Page) -> Result<(), Contradiction> {
        if let (Some(from), Some(to)) = (self.total, page.total)
            && from != to
        {
            return Err(Contradiction::TotalChanged { from, to });
        }
        if let (Some(old), Some(new)) = (self.mailboxes.first(), page.mailboxes.first())
            && old.id == new.id
        {
            return Err(Contradiction::Repeats);
        }
        for mailbox in page.mailboxes {
            if !self.ids.insert(mailbox.id.clone()) {
                return Err(Contradiction::Twice);
            }
            self.mailboxes.push(mailbox);
        }
        match self.total {
            Some(total) if self.mailboxes.len() > total => Err(Contradiction::More { total }),
            _ if self.mailboxes.len() > self.most => {
                Err(Contradiction::Endless { most: self.most })
            }
            _ => Ok(()),
        }
    }

    /// Takes a page that starts with the last mailbox of the one before. That mailbox must be the
    /// same, so that a mailbox that came and one that went between two pages do not hide each other.
    pub(super) fn take_overlapping(&mut self, mut page: Page) -> Result<(), Contradiction> {
        let last = self.mailboxes.last().map(|mailbox| &mailbox.id);
        match page.mailboxes.first().map(|mailbox| &mailbox.id) {
            None => {}
            here if here == last => {
                page.mailboxes.remove(0);
            }
            here if here == self.mailboxes.first().map(|mailbox| &mailbox.id) => {
                return Err(Contradiction::Repeats);
            }
            // A changed total says more than that something moved.
            _ => match (self.total, page.total) {
                (Some(from), Some(to)) if from != to => {
                    return Err(Contradiction::TotalChanged { from, to });
                }
                _ => return Err(Contradiction::Shifted),
            },
        }
        self.take(page)
    }

    pub(super) fn read(&self) -> usize {
        self.mailboxes.len()
    }

    pub(super) fn total(&self) -> Option<usize> {
        self.total
    }

    /// The mailboxes, where the reading holds together.
    pub(super) fn finish(self) -> Result<Vec<ObservedMailbox>, Contradiction> {
        match self.total {
            Some(total) if self.mailboxes.len() < total => Err(Contradiction::Fewer {
                total,
                read: self.mailboxes.len(),
            }),
            _ => Ok(self.mailboxes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mailbox::Mailbox;
    use crate::observed::{Account, State};

    fn page(total: usize, ids: &[u32]) -> Page {
        Page {
            total: Some(total),
            mailboxes: ids
                .iter()
                .map(|id| ObservedMailbox {
                    mailbox: Mailbox::from_portal(&format!("m{id}@x.example")),
                    id: id.to_string().into(),
                    version: None,
                    state: State::Disabled,
                    account: Account::Active,
                    hold: false,
                    request: None,
                    changed_at: None,
                    recoverable_until: None,
                })
                .collect(),
            ..Page::default()
        }
    }

    /// Reads the pages in turn, the later ones overlapping or not.
    fn read(pages: Vec<Page>, overlapping: bool) -> Result<usize, Contradiction> {
        let mut pages = pages.into_iter();
        let mut reading = Reading::start(pages.next().expect("a page"), 100)?;
        for page in pages {
            if overlapping {
                reading.take_overlapping(page)?;
            } else {
                reading.take(page)?;
            }
        }
        reading.finish().map(|mailboxes| mailboxes.len())
    }

    #[test]
    fn pages_that_agree_are_one_list() {
        assert_eq!(read(vec![page(4, &[1, 2]), page(4, &[3, 4])], false), Ok(4));
        assert_eq!(
            read(vec![page(4, &[1, 2]), page(4, &[2, 3, 4])], true),
            Ok(4)
        );
    }

    #[test]
    fn every_contradiction_is_noticed() {
        use Contradiction as C;
        for (pages, expected) in [
            (
                vec![page(4, &[1, 2]), page(5, &[3, 4])],
                C::TotalChanged { from: 4, to: 5 },
            ),
            (vec![page(4, &[1, 2]), page(4, &[2, 3])], C::Twice),
            (vec![page(4, &[1, 2]), page(4, &[1, 2])], C::Repeats),
            (
                vec![page(3, &[1, 2]), page(3, &[3, 4])],
                C::More { total: 3 },
            ),
            (
                vec![page(4, &[1, 2]), page(4, &[3])],
                C::Fewer { total: 4, read: 3 },
            ),
            (vec![page(101, &[1])], C::Endless { most: 100 }),
        ] {
            assert_eq!(read(pages, false), Err(expected));
        }
    }

    #[test]
    fn one_that_came_and_one_that_went_do_not_hide_each_other() {
        // 1 goes and 9 comes between the pages: totals agree, nothing is twice, and 3 is missing.
        let pages = || vec![page(5, &[1, 2]), page(5, &[4, 5, 9])];
        assert_eq!(read(pages(), false), Ok(5));
        assert_eq!(read(pages(), true), Err(Contradiction::Shifted));
    }
}
