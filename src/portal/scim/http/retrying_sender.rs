//! The policy of every exchange with the portal, from the wait for a place to an answer or the last
//! failure: how often, how soon, and for how long. May not know HTTP beyond a status: what sends is
//! passed in, so that all of this is tested without a network and without waiting.

use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::concurrency_limiter::ConcurrencyLimiter;
use super::failure::RequestFailure;
use super::outage::Outage;
use super::retry_rules;
use super::retry_rules::{FailureCause, RepeatRule, RetryBudget};
use super::wait_reporter::WaitReporter;
use crate::http::retry_delays;
use crate::portal::scim::limits::ClientLimits;
use crate::portal::{ErrorKind, PortalError};

/// After so many requests in a row that got no answer in time, no further one is waited for as long.
const HANGS: usize = 2;
/// For how long then.
const SHORT: Duration = Duration::from_secs(10);

/// How often a request may fail only after a long wait (a hang, or an answer that trickles in).
const MOST_SLOW: usize = 2;

/// Shared by all requests of a client.
#[derive(Debug)]
pub(crate) struct RetryingSender {
    limits: ClientLimits,
    limiter: ConcurrencyLimiter,
    budget: RetryBudget,
    /// When a request first failed since the last that succeeded.
    failing_since: Mutex<Option<Instant>>,
    waits: WaitReporter,
    /// How many requests in a row got no answer in time.
    hangs: AtomicUsize,
    outage: Option<Arc<Outage>>,
}

impl RetryingSender {
    /// With what is known of the server's outages, if it is waited for when it is away.
    pub(crate) fn new(limits: &ClientLimits, outage: Option<Arc<Outage>>) -> Self {
        Self {
            limits: limits.clone(),
            limiter: ConcurrencyLimiter::new(limits.concurrency),
            budget: RetryBudget::new(),
            failing_since: Mutex::default(),
            waits: WaitReporter::new(limits.report_wait),
            hangs: AtomicUsize::new(0),
            outage,
        }
    }

    /// Sends until there is an answer, or no point in sending again.
    pub(crate) async fn send_with_retries<T, F>(
        &self,
        repeats: RepeatRule,
        purpose: &'static str,
        send: impl Fn() -> F + Send,
    ) -> Result<T, RequestFailure>
    where
        F: Future<Output = Result<T, RequestFailure>> + Send,
    {
        self.budget.count_request();
        let retries = self.limits.attempts.saturating_sub(1);
        let mut delays = retry_delays(self.limits.first_delay, self.limits.longest_delay, retries);
        let mut slow = 0;
        loop {
            let slot = self.limiter.acquire_slot().await;
            let hangs = self.hangs.load(Relaxed);
            let (slow_after, limit) = match hangs < HANGS {
                true => (self.limits.read, self.limits.reading),
                false => (SHORT.min(self.limits.read), SHORT),
            };
            // Boxed, because it is large and every caller would hold it.
            let sent =
                tokio::time::timeout(limit, self.waits.report_silence(purpose, Box::pin(send())))
                    .await;
            let sent = sent.unwrap_or_else(|_| Err(hang_failure(purpose, hangs)));
            let failure = match sent {
                Ok(answer) => {
                    slot.report_success(purpose);
                    *self.lock_failing_since() = None;
                    self.hangs.store(0, Relaxed);
                    self.outage.iter().for_each(|outage| outage.end());
                    return Ok(answer);
                }
                Err(failure) => failure,
            };
            let is_slow = slot.begun.elapsed() >= slow_after;
            slow += usize::from(is_slow);
            match failure.cause {
                FailureCause::NoAnswer if is_slow => drop(self.hangs.fetch_add(1, Relaxed)),
                FailureCause::Status(_) => self.hangs.store(0, Relaxed),
                _ => {}
            }
            match failure.cause {
                FailureCause::Status(429 | 503) => slot.report_overload(),
                _ => drop(slot),
            }
            if slow >= MOST_SLOW || is_slow && hangs >= HANGS {
                return Err(failure);
            }
            let wait = match self.next_wait(repeats, failure, &mut delays) {
                Ok(wait) => wait,
                Err(failure) if !is_slow && self.wait_if_unavailable(repeats, &failure).await => {
                    continue;
                }
                Err(failure) => return Err(failure),
            };
            tracing::debug!(purpose, wait_ms = wait.as_millis(), "asked again");
            self.waits.report_pause(purpose, wait);
            tokio::time::sleep(wait).await;
        }
    }

    /// Waits a little where the server seems to be away, and the request may be sent again.
    async fn wait_if_unavailable(&self, repeats: RepeatRule, failure: &RequestFailure) -> bool {
        let is_away = failure.retry_after.is_none()
            && retry_rules::is_away(failure.cause)
            && retry_rules::may_repeat(failure.cause, repeats, false);
        match &self.outage {
            Some(outage) if is_away => outage.wait().await,
            _ => false,
        }
    }

    fn lock_failing_since(&self) -> std::sync::MutexGuard<'_, Option<Instant>> {
        self.failing_since.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long to wait before the next attempt, or the failure where there is none.
    fn next_wait(
        &self,
        repeats: RepeatRule,
        mut failure: RequestFailure,
        delays: &mut (impl Iterator<Item = Duration> + Send),
    ) -> Result<Duration, RequestFailure> {
        let overloaded = matches!(failure.cause, FailureCause::Status(429 | 503));
        let asks_to_wait = overloaded && failure.retry_after.is_some();
        let asked = failure.retry_after.unwrap_or_default();
        // Idle time is not a failure.
        let without_success = self.lock_failing_since().get_or_insert_with(Instant::now).elapsed();
        let why = if asked > self.limits.max_retry_after {
            format!(
                "; it asks for a wait of {} seconds, and arkib waits at most {}",
                asked.as_secs(),
                self.limits.max_retry_after.as_secs()
            )
        } else if without_success.saturating_add(asked) > self.limits.patience {
            format!(
                "; no request has succeeded for {} seconds, so arkib stops",
                without_success.as_secs()
            )
        } else {
            // An overloaded portal's pause is for all requests, another failure's for this one.
            if asks_to_wait {
                self.limiter.pause_requests(asked);
            }
            if !retry_rules::may_repeat(failure.cause, repeats, failure.retry_after.is_some()) {
                return Err(failure);
            }
            match delays.next() {
                // It came too early, and the portal says when to come back: that uses nothing up.
                delay if failure.cause == FailureCause::Status(429) && !asked.is_zero() => {
                    return Ok(asked + delay.unwrap_or_default());
                }
                Some(delay) if asks_to_wait || self.budget.take_retry() => return Ok(asked + delay),
                Some(_) => "; too many requests failed, so arkib does not try again".to_owned(),
                None if self.limits.attempts > 1 => {
                    format!("; tried {} times", self.limits.attempts)
                }
                None => String::new(),
            }
        };
        failure.error.add_detail(&why);
        Err(failure)
    }
}

/// No answer, and none to the requests before.
fn hang_failure(purpose: &str, hangs: usize) -> RequestFailure {
    let seconds = SHORT.as_secs();
    let what =
        format!("no answer within {seconds} s, and none in time to the {hangs} requests before");
    let help = "run again; if it keeps failing, tell the portal's operator";
    let error = PortalError::new(ErrorKind::Timeout, purpose, what, help);
    RequestFailure { cause: FailureCause::NoAnswer, ..RequestFailure::from(error) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Message;
    use crate::portal::scim::http::wait_reporter::BETWEEN_REPORTS;
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

    const PURPOSE: &str = "changing the mailbox";

    /// What the portal does with an attempt, and how long it takes.
    #[derive(Clone, Copy)]
    enum Act {
        Answer,
        Fail(FailureCause, Option<u64>),
        Hang,
    }
    use Act::{Answer, Fail, Hang};

    fn attempt(cause: FailureCause, retry_after: Option<u64>) -> RequestFailure {
        let error = PortalError {
            kind: ErrorKind::Server,
            doing: PURPOSE.into(),
            detail: format!("{cause:?}").into(),
            help: Message::default(),
        };
        RequestFailure {
            cause,
            retry_after: retry_after.map(Duration::from_secs),
            ..RequestFailure::from(error)
        }
    }

    /// One exchange in which the last act goes on for ever: how often it was sent, after how many
    /// seconds it ended, and the failure's words.
    async fn exchange(
        policy: &RetryingSender,
        is_safe: bool,
        acts: &[Act],
    ) -> (usize, u64, Result<(), String>) {
        let sent = AtomicUsize::new(0);
        let begun = Instant::now();
        let send = || async {
            let act = acts[sent.fetch_add(1, SeqCst).min(acts.len() - 1)];
            match act {
                Answer => Ok(()),
                Fail(cause, retry_after) => Err(attempt(cause, retry_after)),
                Hang => {
                    tokio::time::sleep(Duration::from_secs(30)).await;
                    Err(attempt(FailureCause::NoAnswer, None))
                }
            }
        };
        let repeats = if is_safe { RepeatRule::Freely } else { RepeatRule::Put };
        let ended = policy.send_with_retries(repeats, PURPOSE, send).await;
        let ended = ended.map_err(|failure| failure.error.detail.in_english());
        (sent.into_inner(), begun.elapsed().as_secs(), ended)
    }

    fn policy() -> RetryingSender {
        RetryingSender::new(&ClientLimits::default(), None)
    }

    #[tokio::test(start_paused = true)]
    async fn retries_reads_and_unprocessed_writes() {
        for (cause, read, write) in [
            (FailureCause::NotSent, 2, 2),
            (FailureCause::Status(429), 2, 2),
            (FailureCause::Status(503), 2, 1),
            (FailureCause::Status(500), 2, 1),
            (FailureCause::NoAnswer, 2, 1),
            (FailureCause::Status(412), 1, 1),
            (FailureCause::Status(401), 1, 1),
            (FailureCause::Final, 1, 1),
        ] {
            let acts = [Fail(cause, None), Answer];
            assert_eq!(exchange(&policy(), true, &acts).await.0, read, "{cause:?}");
            assert_eq!(exchange(&policy(), false, &acts).await.0, write, "{cause:?}");
        }
        let acts = [Fail(FailureCause::Status(503), Some(1)), Answer];
        assert_eq!(exchange(&policy(), false, &acts).await.0, 2);
    }

    #[tokio::test(start_paused = true)]
    async fn bounds_attempts_and_hangs() {
        let (sent, _, ended) =
            exchange(&policy(), true, &[Fail(FailureCause::Status(500), None)]).await;
        assert_eq!(sent, 5);
        assert!(ended.unwrap_err().ends_with("; tried 5 times"));
        let (sent, took, ended) = exchange(&policy(), true, &[Hang]).await;
        assert_eq!((sent, ended.is_err()), (2, true));
        assert!((60..62).contains(&took), "{took} s");
    }

    thread_local! {
        static REPORTED: std::cell::RefCell<Vec<String>> = const { std::cell::RefCell::new(Vec::new()) };
    }

    #[tokio::test(start_paused = true)]
    async fn long_waits_are_reported_once_for_all() {
        let report_wait =
            |line: &str| REPORTED.with_borrow_mut(|lines| lines.push(line.to_owned()));
        let policy =
            RetryingSender::new(&ClientLimits { report_wait, ..ClientLimits::default() }, None);
        let hangs =
            (exchange(&policy, true, &[Hang, Answer]), exchange(&policy, true, &[Hang, Answer]));
        let _ = tokio::join!(hangs.0, hangs.1);
        let silent = |seconds| format!("{PURPOSE}: no answer for {seconds} seconds, still waiting");
        assert_eq!(REPORTED.take(), [silent(5), silent(20)]);
        tokio::time::sleep(BETWEEN_REPORTS).await;
        let busy = [Fail(FailureCause::Status(429), Some(100)), Answer];
        let _ = exchange(&policy, true, &busy).await;
        assert_eq!(REPORTED.take(), [format!("{PURPOSE}: next attempt in 100 seconds")]);
        // A quick answer says nothing.
        let quick = [Fail(FailureCause::Status(429), Some(3)), Answer];
        let _ = exchange(&policy, true, &quick).await;
        assert!(REPORTED.take().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn hangs_in_a_row_cost_less_each() {
        let policy = policy();
        let mut took = Vec::new();
        for acts in [&[Hang][..], &[Hang], &[Hang], &[Answer], &[Hang]] {
            took.push(exchange(&policy, false, acts).await.1);
        }
        assert_eq!(took, [30, 30, 10, 0, 30]);
        let (sent, took, _) = exchange(&policy, true, &[Hang]).await;
        assert!(sent == 2 && (40..42).contains(&took), "{took} s");
        // Once more is enough then.
        let (sent, took, ended) = exchange(&policy, true, &[Hang]).await;
        assert_eq!((sent, took), (1, 10));
        assert!(ended.unwrap_err().contains("no answer within 10 s"));
    }

    #[tokio::test(start_paused = true)]
    async fn pauses_are_shared_and_bounded() {
        let policy = policy();
        let busy = [Fail(FailureCause::Status(429), Some(100)), Answer];
        let (one, other) = tokio::join!(exchange(&policy, false, &busy), async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            exchange(&policy, true, &[Answer]).await
        });
        assert!((100..102).contains(&one.1), "{} s", one.1);
        assert!((99..101).contains(&other.1), "{} s", other.1);
        let (sent, took, ended) =
            exchange(&policy, true, &[Fail(FailureCause::Status(429), Some(121))]).await;
        assert_eq!((sent, took), (1, 0));
        assert!(ended.unwrap_err().contains("waits at most 120"));
        // Each pause is short enough, but there is no end of them.
        let (_, took, ended) =
            exchange(&policy, true, &[Fail(FailureCause::Status(503), Some(60))]).await;
        assert!((120..=150).contains(&took), "{took} s");
        assert!(ended.unwrap_err().contains("so arkib stops"));
    }

    #[tokio::test(start_paused = true)]
    async fn waiting_as_asked_uses_no_attempt_up() {
        let busy = Fail(FailureCause::Status(429), Some(1));
        let acts = [vec![busy; 60], vec![Answer]].concat();
        let (sent, took, ended) = exchange(&policy(), false, &acts).await;
        assert_eq!((sent, ended), (61, Ok(())));
        assert!((60..90).contains(&took), "{took} s");
        // But not for ever.
        let (_, took, ended) = exchange(&policy(), false, &[busy]).await;
        assert!((145..=150).contains(&took), "{took} s");
        assert!(ended.unwrap_err().contains("so arkib stops"));
    }

    #[tokio::test(start_paused = true)]
    async fn retry_budget_is_shared() {
        let policy = policy();
        let mut sent = 0;
        for _ in 0..10 {
            sent += exchange(&policy, true, &[Fail(FailureCause::NotSent, None)]).await.0;
        }
        // Ten requests, ten retries and one more for every five requests.
        assert_eq!(sent, 22);
        let last = exchange(&policy, true, &[Fail(FailureCause::NotSent, None)]).await.2;
        assert!(last.unwrap_err().contains("too many requests failed"));
    }

    #[tokio::test(start_paused = true)]
    async fn patience_counts_from_the_last_success() {
        let policy = policy();
        for _ in 0..10 {
            let acts = [Fail(FailureCause::Status(503), Some(60)), Answer];
            assert_eq!(exchange(&policy, true, &acts).await.2, Ok(()));
        }
    }
}
