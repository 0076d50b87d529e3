//! When a request to the portal is sent again. Pure: sends nothing and sleeps nowhere.

use std::sync::atomic::{AtomicU64, Ordering};

/// What went wrong with one attempt, as far as sending again goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FailureCause {
    /// No connection; nothing was sent.
    NotSent,
    /// Sent, and no or half an answer: broken or late.
    NoAnswer,
    /// This status.
    Status(u16),
    /// A second attempt would not help.
    Final,
}

/// What of a request may be repeated (RFC 9110 section 9.2.1 and 9.2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RepeatRule {
    /// It only reads.
    Freely,
    /// It only reads, and the server may have failed because of the size of the page.
    ExceptServerErrors,
    /// It changes one thing: only where it surely was not processed.
    Put,
    /// It changes many things: only where nothing of it can have been.
    Untaken,
}

/// Whether the request may be sent once more.
pub(super) fn may_repeat(cause: FailureCause, repeats: RepeatRule, has_retry_after: bool) -> bool {
    let is_safe = matches!(repeats, RepeatRule::Freely | RepeatRule::ExceptServerErrors);
    match cause {
        FailureCause::Status(500 | 504) => repeats == RepeatRule::Freely,
        FailureCause::NotSent | FailureCause::Status(429) => true,
        FailureCause::Status(503) => is_safe || repeats == RepeatRule::Put && has_retry_after,
        FailureCause::NoAnswer | FailureCause::Status(502) => is_safe,
        FailureCause::Status(_) | FailureCause::Final => false,
    }
}

/// Whether the server seems to be away for now, as while it is started anew.
pub(super) fn is_away(cause: FailureCause) -> bool {
    use FailureCause::{NoAnswer, NotSent, Status};
    matches!(cause, NotSent | NoAnswer | Status(502..=504))
}

/// How many retries all requests of a client may make together: ten, and one more for every five
/// requests. A portal that is down is not made worse by everyone trying five times. A wait that
/// the portal itself asked for (Retry-After) is not counted: it is obeyed, not insisted upon.
#[derive(Debug)]
pub(super) struct RetryBudget {
    /// What is left: a request adds one, a retry takes five.
    left: AtomicU64,
}

impl RetryBudget {
    const RETRY: u64 = 5;

    pub(super) fn new() -> Self {
        Self { left: AtomicU64::new(10 * Self::RETRY) }
    }

    /// Counts a request (not its retries).
    pub(super) fn count_request(&self) {
        self.left.fetch_add(1, Ordering::Relaxed);
    }

    /// Takes one retry, where there is one left.
    pub(super) fn take_retry(&self) -> bool {
        let take = |left: u64| left.checked_sub(Self::RETRY);
        let relaxed = Ordering::Relaxed;
        self.left.fetch_update(relaxed, relaxed, take).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats_only_unprocessed_writes() {
        use RepeatRule::{Freely, Put, Untaken};
        for cause in [FailureCause::NotSent, FailureCause::Status(429)] {
            for repeats in [Freely, Put, Untaken] {
                assert!(may_repeat(cause, repeats, false));
            }
        }
        assert!(may_repeat(FailureCause::Status(503), Put, true));
        assert!(!may_repeat(FailureCause::Status(503), Put, false));
        assert!(!may_repeat(FailureCause::Status(503), Untaken, true));
        for cause in
            [500, 502, 504].map(FailureCause::Status).into_iter().chain([FailureCause::NoAnswer])
        {
            assert!(may_repeat(cause, Freely, false));
            assert!(!may_repeat(cause, Put, true));
            assert!(!may_repeat(cause, Untaken, true));
        }
        for status in [301, 400, 401, 403, 404, 409, 412, 501] {
            assert!(!may_repeat(FailureCause::Status(status), Freely, true));
        }
    }

    #[test]
    fn budget_is_ten_and_a_fifth() {
        let budget = RetryBudget::new();
        budget.count_request();
        assert_eq!((0..20).filter(|_| budget.take_retry()).count(), 10);
        (0..10).for_each(|_| budget.count_request());
        assert_eq!((0..20).filter(|_| budget.take_retry()).count(), 2);
    }
}
