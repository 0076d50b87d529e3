//! When a request is sent again and how long to wait before. Pure but for the jitter: sends nothing
//! and sleeps nowhere; the wall clock is passed in.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use backon::{BackoffBuilder, ExponentialBuilder};

/// Delays that double, each with full jitter: anything from nothing to the whole delay, so that
/// clients that failed together do not come back together.
pub(super) fn retry_delays(
    first: Duration,
    longest: Duration,
    retries: usize,
) -> impl Iterator<Item = Duration> + Send {
    let doubling = ExponentialBuilder::new()
        .with_min_delay(first)
        .with_max_delay(longest)
        .with_max_times(retries);
    // backon adds up to a whole delay on top; less the delay itself that is full jitter.
    doubling
        .with_jitter()
        .build()
        .zip(doubling.build())
        .map(|(jittered, plain)| jittered.saturating_sub(plain))
}

/// Reads Retry-After: seconds or an HTTP-date (RFC 9110 section 10.2.3). What is neither is none.
pub(super) fn parse_retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than a u64 holds is a long time all the same.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now).unwrap_or(Duration::ZERO))
}

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
    fn delays_double_with_full_jitter() {
        for _ in 0..50 {
            let delays: Vec<_> =
                retry_delays(Duration::from_millis(100), Duration::from_millis(250), 4).collect();
            assert_eq!(delays.len(), 4);
            for (delay, most) in delays.iter().zip([100, 200, 250, 250]) {
                assert!(*delay <= Duration::from_millis(most), "{delay:?} > {most} ms");
            }
        }
        let many: Vec<_> = (0..50)
            .filter_map(|_| retry_delays(Duration::from_secs(1), Duration::from_secs(1), 1).next())
            .collect();
        assert!(many.iter().any(|delay| *delay < Duration::from_millis(500)));
        assert!(many.iter().any(|delay| *delay > Duration::from_millis(500)));
    }

    #[test]
    fn reads_retry_after_as_seconds_or_date() {
        let now = httpdate::parse_http_date("Mon, 23 Nov 2026 08:00:00 GMT").expect("a date");
        for (value, expected) in [
            ("7", Some(7)),
            (" 0 ", Some(0)),
            ("Mon, 23 Nov 2026 08:01:30 GMT", Some(90)),
            ("Mon, 23 Nov 2026 07:00:00 GMT", Some(0)),
            ("99999999999999999999999", Some(u64::MAX)),
            ("soon", None),
            ("-1", None),
            ("", None),
        ] {
            assert_eq!(
                parse_retry_after(value, now),
                expected.map(Duration::from_secs),
                "{value:?}"
            );
        }
    }

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
