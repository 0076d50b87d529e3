//! Faults of requests, as real portals and networks have them, and the requests in which each is
//! possible.

use super::random::Random;
use super::request_kind::{Page, RequestKind};

/// A fault of a request or its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// Only a short delay.
    Late,
    /// 429 with Retry-After; not accepted.
    TooMany,
    /// 500 before anything was done.
    Broken,
    /// 503 with Retry-After; not accepted.
    Busy,
    /// 429 or 503 whose Retry-After is a date of a wrong clock; not accepted.
    RetryDate,
    /// The connection breaks before the portal sees the request.
    LostBefore,
    /// The portal makes the change, and the connection breaks before the answer.
    LostAfter,
    /// The portal makes the change, and only part of the answer comes.
    Truncated,
    /// The answer comes slowly, in small pieces.
    Slow,
    /// Reads: an old answer.
    Stale,
    /// Reads: HTML of a gateway, with 200.
    Html,
    /// Lists: entries moved by one place between this page and the others.
    Shifted,
    /// Lists: a mailbox is missing from the page.
    Gap,
    /// Lists: a mailbox of another page replaces one of this page.
    Repeated,
    /// Lists: the first page again.
    SamePage,
    /// Lists: a wrong `totalResults`, different each time.
    Total,
    /// Lists: the cursor expired.
    Expired,
    /// Writes: the portal makes the change, and answers 500.
    DoneBut500,
    /// Writes: the connection breaks, and the portal makes the change a while later.
    LandsLate,
    /// Writes: made, and answered 204 without a body.
    NoContent,
    /// Writes: answered 204, but not made.
    Forgotten,
    /// Bulk: operations are missing from the answer.
    OperationsLost,
    /// Bulk: the answer has the operations in another order.
    OperationsShuffled,
    /// Bulk: the answer has one operation twice and lacks the last one.
    OperationTwice,
    /// Bulk: an operation was made and is answered 500. (429 would say that it was not made; nobody
    /// can reconcile a portal that says this of a change that it made.)
    OperationDoneBut500,
    /// Bulk: an operation was not made and is answered 500 or 429.
    OperationNotDone,
}

use Fault::*;

const ANY: [Fault; 9] =
    [Late, TooMany, Broken, Busy, RetryDate, LostBefore, LostAfter, Truncated, Slow];
const READS: [Fault; 2] = [Stale, Html];
const LISTS: [Fault; 3] = [Gap, Repeated, Total];
const WRITES: [Fault; 2] = [DoneBut500, LandsLate];
const CHANGES: [Fault; 2] = [NoContent, Forgotten];
pub const BULK: [Fault; 5] =
    [OperationsLost, OperationsShuffled, OperationTwice, OperationDoneBut500, OperationNotDone];

impl Fault {
    /// Every fault.
    pub fn all() -> Vec<Self> {
        let lists = [&LISTS[..], &[Shifted, SamePage, Expired]].concat();
        [&ANY[..], &READS, &lists, &WRITES, &CHANGES, &BULK].concat()
    }

    /// The faults that are possible for such a request.
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

    /// A random fault that is possible for such a request.
    pub fn pick_for(kind: &RequestKind, random: &Random) -> Self {
        let all = Self::possible_for(kind);
        match kind {
            // If these fail, nothing else happens in the run.
            RequestKind::About | RequestKind::User(_) => random.pick(&all),
            // Faults of this kind alone are as likely as all others together.
            RequestKind::List { .. } | RequestKind::Change(_) => {
                let (common, specific) = all.split_at(ANY.len());
                random.pick(if random.chance_per_mille(500) { specific } else { common })
            }
            RequestKind::Bulk(_) => {
                let (common, specific) = all.split_at(ANY.len() + WRITES.len());
                random.pick(if random.chance_per_mille(850) { specific } else { common })
            }
        }
    }
}
