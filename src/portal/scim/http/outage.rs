//! A portal that answered before and is away for some seconds: for how long a run waits for it, in all. May
//! not know HTTP.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::language::Message;
use futures_util::future::BoxFuture;
use tokio::time::{Instant, sleep};

/// For how long a run waits for a portal that is away, all times together.
const LONGEST: Duration = Duration::from_secs(60);
/// After so long it is reported.
const LONG: Duration = Duration::from_secs(2);
/// The pause between two attempts meanwhile.
const PAUSE: Duration = Duration::from_secs(1);

/// The times in which a portal was away; shared by all clients of a run.
pub struct Outage {
    tell: Box<dyn Fn(&Message) + Send + Sync>,
    until_stop: Box<dyn Fn() -> BoxFuture<'static, ()> + Send + Sync>,
    state: Mutex<OutageState>,
}

#[derive(Debug, Default)]
struct OutageState {
    /// A request succeeded in this run. Otherwise the address is more likely wrong than the portal away.
    was_reached: bool,
    /// Since when it is waited for; `None` while it answers.
    since: Option<Instant>,
    /// For how long it was waited for before that.
    waited: Duration,
    is_reported: bool,
}

impl Outage {
    /// None so far. `tell` takes what the user should know, once; the waiting ends when `until_stop` does.
    pub fn new(
        tell: impl Fn(&Message) + Send + Sync + 'static,
        until_stop: impl Fn() -> BoxFuture<'static, ()> + Send + Sync + 'static,
    ) -> Self {
        let (tell, until_stop) = (Box::new(tell), Box::new(until_stop));
        Self { tell, until_stop, state: Mutex::default() }
    }

    /// The portal answers.
    pub(super) fn end(&self) {
        let mut state = self.lock();
        state.was_reached = true;
        if let Some(since) = state.since.take() {
            state.waited += since.elapsed();
        }
    }

    /// Waits a little for a portal that is away. False, at once, where it is not to be waited for (any
    /// longer).
    pub(super) async fn wait(&self) -> bool {
        if !self.begin() {
            return false;
        }
        tokio::select! {
            biased;
            () = (self.until_stop)() => false,
            () = sleep(PAUSE) => true,
        }
    }

    fn begin(&self) -> bool {
        let mut state = self.lock();
        if !state.was_reached {
            return false;
        }
        let since = *state.since.get_or_insert_with(Instant::now);
        let is_over = state.waited + since.elapsed() >= LONGEST;
        let is_long = !is_over && since.elapsed() >= LONG;
        if is_long && !std::mem::replace(&mut state.is_reported, true) {
            (self.tell)(&message!("portal-away", seconds = LONGEST.as_secs()));
        }
        !is_over
    }

    fn lock(&self) -> MutexGuard<'_, OutageState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Outage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outage").field("state", &self.state).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

    use futures_util::FutureExt as _;

    use super::*;
    use crate::portal::scim::http::retry_rules::{FailureCause, RepeatRule};
    use crate::portal::scim::http::{RequestFailure, RetryingSender};
    use crate::portal::scim::limits::ClientLimits;
    use crate::portal::{Doing, ErrorKind, PortalError};

    /// A portal that is away from one second on to another, or answers never before some second.
    struct Away {
        policy: RetryingSender,
        from: Instant,
        until: Instant,
        cause: FailureCause,
        sent: AtomicUsize,
        reports: Arc<AtomicUsize>,
    }

    impl Away {
        /// `reached`: whether a request succeeded before. The run is stopped after so many seconds.
        async fn for_seconds(seconds: u64, cause: FailureCause, reached: bool, stop: u64) -> Self {
            let reports = Arc::new(AtomicUsize::new(0));
            let counted = Arc::clone(&reports);
            let end = Instant::now() + Duration::from_secs(stop);
            let tell = move |_: &Message| {
                counted.fetch_add(1, SeqCst);
            };
            let outage = Outage::new(tell, move || tokio::time::sleep_until(end).boxed());
            let policy = RetryingSender::new(&ClientLimits::default(), Some(Arc::new(outage)));
            let from = Instant::now();
            let until = from + Duration::from_secs(seconds);
            let away = Self { policy, from, until, cause, sent: AtomicUsize::new(0), reports };
            if reached {
                let good =
                    away.policy.send_with_retries(RepeatRule::Freely, Doing::Changing, || async {
                        Ok(())
                    });
                good.await.expect("an answer");
            }
            away
        }

        /// Whether a request had an answer in the end, and after how many seconds.
        async fn ask(&self, repeats: RepeatRule) -> (bool, u64) {
            let send = || async {
                self.sent.fetch_add(1, SeqCst);
                if Instant::now() >= self.until {
                    return Ok(());
                }
                let error = PortalError::new(ErrorKind::Unreachable, Doing::Changing, "away", "");
                Err(RequestFailure { cause: self.cause, ..RequestFailure::from(error) })
            };
            let ended = self.policy.send_with_retries(repeats, Doing::Changing, send).await;
            (ended.is_ok(), self.from.elapsed().as_secs())
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_portal_that_is_away_is_waited_for() {
        for cause in [
            FailureCause::NotSent,
            FailureCause::NoAnswer,
            FailureCause::Status(502),
            FailureCause::Status(503),
            FailureCause::Status(504),
        ] {
            let away = Away::for_seconds(40, cause, true, 999).await;
            // Many at a time, as in a run; all of them wait.
            let each = (0..100).map(|_| away.ask(RepeatRule::Freely));
            let ended = futures_util::future::join_all(each).await;
            assert!(ended.iter().all(|(ok, at)| *ok && (40..45).contains(at)), "{ended:?}");
            assert_eq!(away.reports.load(SeqCst), 1, "{cause:?}");
        }
        // What may have been done is not sent again, however long the portal is away.
        let away = Away::for_seconds(40, FailureCause::NoAnswer, true, 999).await;
        assert_eq!(away.ask(RepeatRule::Put).await, (false, 0));
        assert_eq!(away.reports.load(SeqCst), 0);
        // A few seconds are nothing to report.
        let away = Away::for_seconds(1, FailureCause::NotSent, true, 999).await;
        assert!(away.ask(RepeatRule::Put).await.0);
        assert_eq!(away.reports.load(SeqCst), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn the_waiting_has_an_end() {
        let away = Away::for_seconds(999, FailureCause::NotSent, true, 999).await;
        let (answered, after) = away.ask(RepeatRule::Put).await;
        assert!(!answered && (60..75).contains(&after), "{after} s");
        // It is not waited for a second time.
        let (_, last) = away.ask(RepeatRule::Put).await;
        assert!(last - after < 10, "{last} s");
        // An address that never answered is probably wrong.
        let away = Away::for_seconds(999, FailureCause::NotSent, false, 999).await;
        let (answered, after) = away.ask(RepeatRule::Freely).await;
        assert!(!answered && after < 10, "{after} s");
        // A run that is stopped does not wait.
        let away = Away::for_seconds(999, FailureCause::NotSent, true, 15).await;
        let (answered, after) = away.ask(RepeatRule::Put).await;
        assert!(!answered && (15..17).contains(&after), "{after} s");
    }
}
