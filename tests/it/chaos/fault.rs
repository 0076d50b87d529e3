//! What can go wrong with a request, each as real portals and networks do it, and with which
//! requests it can.

use super::random::Random;
use super::request_kind::{Page, RequestKind};

/// What is done to a request or its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// Nothing but a little time.
    Late,
    /// 429 with Retry-After; not taken.
    TooMany,
    /// 500 before anything was done.
    Broken,
    /// 503 with Retry-After; not taken.
    Busy,
    /// 429 or 503 whose Retry-After is a date by a clock that is far off; not taken.
    RetryDate,
    /// The connection breaks before the portal sees the request.
    LostBefore,
    /// The portal does it, and the connection breaks before the answer.
    LostAfter,
    /// The portal does it, and a part of the answer comes.
    Truncated,
    /// The answer comes in drips.
    Slow,
    /// Reads: an answer of before.
    Stale,
    /// Reads: HTML of some gateway, with 200.
    Html,
    /// Lists: everything moved by one place between this page and the others.
    Shifted,
    /// Lists: a mailbox is missing from the page.
    Gap,
    /// Lists: a mailbox of another page stands in place of one of this page.
    Repeated,
    /// Lists: the first page once more.
    SamePage,
    /// Lists: `totalResults` that lies, each time otherwise.
    Total,
    /// Lists: the portal let go of the cursor.
    Expired,
    /// Writes: the portal does it, and says 500.
    DoneBut500,
    /// Writes: the connection breaks, and the portal does it all the same, a while later.
    LandsLate,
    /// Writes: done, and answered 204 without a body.
    NoContent,
    /// Writes: answered 204, and not done.
    Forgotten,
    /// Bulk: operations are missing from the answer.
    OperationsLost,
    /// Bulk: the answer has the operations in another order.
    OperationsShuffled,
    /// Bulk: the answer has an operation twice, the last one not at all.
    OperationTwice,
    /// Bulk: an operation was done and is answered 500. (429 would say that it was not, and a
    /// portal that says so of what it did cannot be reconciled by anyone.)
    OperationDoneBut500,
    /// Bulk: an operation was not done and is answered 500 or 429.
    OperationNotDone,
}

use Fault::*;

const ANY: [Fault; 9] = [
    Late, TooMany, Broken, Busy, RetryDate, LostBefore, LostAfter, Truncated, Slow,
];
const READS: [Fault; 2] = [Stale, Html];
const LISTS: [Fault; 3] = [Gap, Repeated, Total];
const WRITES: [Fault; 2] = [DoneBut500, LandsLate];
const CHANGES: [Fault; 2] = [NoContent, Forgotten];
pub const BULK: [Fault; 5] = [
    OperationsLost,
    OperationsShuffled,
    OperationTwice,
    OperationDoneBut500,
    OperationNotDone,
];

impl Fault {
    /// Every fault.
    pub fn all() -> Vec<Self> {
        let lists = [&LISTS[..], &[Shifted, SamePage, Expired]].concat();
        [&ANY[..], &READS, &lists, &WRITES, &CHANGES, &BULK].concat()
    }

    /// What can befall such a request.
    pub fn possible_for(kind: &RequestKind) -> Vec<Self> {
        match kind {
            RequestKind::About | RequestKind::User(_) => [&ANY[..], &READS].concat(),
            RequestKind::List { page, .. } => {
                let paging: &[Self] = match (page, page.is_first()) {
                    (Page::Index(_), true) => &[Shifted],
                    (Page::Index(_), false) => &[Shifted, SamePage],
                    (Page::Cursor(_), true) => &[],
                    (Page::Cursor(_), false) => &[Expired, SamePage],
                };
                [&ANY[..], &READS, &LISTS, paging].concat()
            }
            RequestKind::Change(_) => [&ANY[..], &WRITES, &CHANGES].concat(),
            RequestKind::Bulk(_) => [&ANY[..], &WRITES, &BULK].concat(),
        }
    }

    pub fn is_possible_for(self, kind: &RequestKind) -> bool {
        Self::possible_for(kind).contains(&self)
    }

    /// One that can befall such a request.
    pub fn pick_for(kind: &RequestKind, random: &Random) -> Self {
        let all = Self::possible_for(kind);
        match kind {
            // Where these end badly nothing else happens in the run.
            RequestKind::About | RequestKind::User(_) => random.pick(&all),
            // What befalls this kind alone is as likely as all the rest together.
            RequestKind::List { .. } | RequestKind::Change(_) => {
                let (common, specific) = all.split_at(ANY.len());
                random.pick(if random.chance_per_mille(500) {
                    specific
                } else {
                    common
                })
            }
            RequestKind::Bulk(_) => {
                let (common, specific) = all.split_at(ANY.len() + WRITES.len());
                random.pick(if random.chance_per_mille(850) {
                    specific
                } else {
                    common
                })
            }
        }
    }
}
