//! How many requests are under way at once, and the gate that holds all of them back when the
//! portal asks for a pause. May not know HTTP.
//!
//! Additive increase, multiplicative decrease (RFC 5681 has the idea): it starts with a few and
//! doubles with each round until there is a sign of overload; halves when the portal is overloaded, gives
//! up a quarter when answers take markedly longer than they used to, and gains one back for each
//! round of successes.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep_until};

use super::latency::{LatencyTrend, LatencyVerdict};
use crate::portal::Doing;

/// How many may be under way at first: so few that their duration shows what the portal needs.
const INITIAL: usize = 4;

/// Shared by all requests of a client.
#[derive(Debug)]
pub(super) struct ConcurrencyLimiter {
    places: Semaphore,
    most: usize,
    state: Mutex<LimiterState>,
}

#[derive(Debug, Default)]
struct LimiterState {
    /// How many may be under way now.
    allowed: usize,
    /// Slots to remove as soon as their requests end.
    owed: usize,
    /// Successes since the last change.
    successes: usize,
    /// No sign of overload yet: each success allows one more.
    is_starting: bool,
    /// How long requests take, by their purpose.
    trends: HashMap<Doing, LatencyTrend>,
    /// Counts halvings, so that requests sent together halve once together.
    round: u64,
    /// Nothing is sent before this.
    closed_until: Option<Instant>,
}

/// A slot for one request. Dropping it (also by cancellation) gives it back.
#[derive(Debug)]
pub(super) struct Slot<'a> {
    limiter: &'a ConcurrencyLimiter,
    permit: Option<SemaphorePermit<'a>>,
    round: u64,
    pub(super) begun: Instant,
}

impl ConcurrencyLimiter {
    pub(super) fn new(most: usize) -> Self {
        let most = most.max(1);
        let allowed = most.min(INITIAL);
        Self {
            places: Semaphore::new(allowed),
            most,
            state: Mutex::new(LimiterState {
                allowed,
                is_starting: true,
                ..LimiterState::default()
            }),
        }
    }

    /// Waits for a free slot and for the gate.
    pub(super) async fn acquire_slot(&self) -> Slot<'_> {
        // Never closed, so this never fails.
        let permit = self.places.acquire().await.ok();
        while let Some(until) = self.closed_until() {
            sleep_until(until).await;
        }
        let round = self.lock_state().round;
        Slot { limiter: self, permit, round, begun: Instant::now() }
    }

    /// Holds every request back for so long; a longer pause already set stays.
    pub(super) fn pause_requests(&self, pause: Duration) {
        let until = Instant::now() + pause;
        let mut state = self.lock_state();
        state.closed_until = state.closed_until.max(Some(until));
    }

    fn closed_until(&self) -> Option<Instant> {
        let set = self.lock_state().closed_until;
        set.filter(|until| *until > Instant::now())
    }

    fn lock_state(&self) -> MutexGuard<'_, LimiterState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One more after a round of successes; at the start after each.
    fn grow(&self, state: &mut LimiterState) {
        if state.allowed == self.most {
            state.is_starting = false;
            return;
        }
        state.successes += 1;
        if state.is_starting || state.successes >= state.allowed {
            state.successes = 0;
            state.allowed += 1;
            if state.owed > 0 {
                state.owed -= 1;
            } else {
                self.places.add_permits(1);
            }
        }
    }

    /// Takes places away: free ones at once, the others as they are left.
    fn shrink(&self, state: &mut LimiterState, fewer: usize) {
        state.round += 1;
        state.successes = 0;
        state.is_starting = false;
        let taken = state.allowed - fewer;
        state.allowed = fewer;
        state.owed += taken - self.places.forget_permits(taken);
    }

    #[cfg(test)]
    pub(super) fn allowed(&self) -> usize {
        self.lock_state().allowed
    }
}

impl Slot<'_> {
    /// The portal took the request, which had this purpose. One that takes ever longer gets fewer
    /// at a time, but never so few that a portal which is merely slow is starved.
    pub(super) fn report_success(self, purpose: Doing) {
        let took = self.begun.elapsed();
        let limiter = self.limiter;
        let mut state = limiter.lock_state();
        let fewest = (limiter.most / 4).max(1).min(state.allowed);
        let at_least = state.allowed == fewest;
        match state.trends.entry(purpose).or_default().add_duration(took, at_least) {
            LatencyVerdict::Usual => limiter.grow(&mut state),
            LatencyVerdict::Slower if self.round == state.round => {
                let fewer = (state.allowed * 3 / 4).max(fewest);
                limiter.shrink(&mut state, fewer);
            }
            LatencyVerdict::Slow | LatencyVerdict::Slower => {}
        }
    }

    /// The portal is overloaded (429, 503).
    pub(super) fn report_overload(self) {
        let mut state = self.limiter.lock_state();
        if self.round == state.round {
            let fewer = (state.allowed / 2).max(1);
            self.limiter.shrink(&mut state, fewer);
        }
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        let Some(permit) = self.permit.take() else {
            return;
        };
        let mut state = self.limiter.lock_state();
        if state.owed > 0 {
            state.owed -= 1;
            permit.forget();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt as _;
    use futures_util::StreamExt as _;
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

    /// As many as get in at once.
    fn fill(limiter: &ConcurrencyLimiter) -> Vec<Slot<'_>> {
        std::iter::from_fn(|| limiter.acquire_slot().now_or_never()).collect()
    }

    fn grown(most: usize) -> ConcurrencyLimiter {
        let limiter = ConcurrencyLimiter::new(most);
        for _ in 0..most {
            let slot = limiter.acquire_slot().now_or_never();
            slot.expect("a place").report_success(Doing::Changing);
        }
        assert_eq!(limiter.allowed(), most);
        limiter
    }

    #[test]
    fn starts_with_four_and_doubles_each_round() {
        let limiter = ConcurrencyLimiter::new(10);
        for expected in [4, 8, 10, 10] {
            let all = fill(&limiter);
            assert_eq!(all.len(), expected);
            all.into_iter().for_each(|slot| slot.report_success(Doing::Changing));
        }
        assert_eq!(fill(&ConcurrencyLimiter::new(2)).len(), 2);
    }

    #[test]
    fn concurrent_failures_halve_once() {
        let limiter = grown(8);
        let places = fill(&limiter);
        assert_eq!(places.len(), 8);
        places.into_iter().for_each(Slot::report_overload);
        assert_eq!(limiter.allowed(), 4);
        for expected in [4, 5] {
            let all = fill(&limiter);
            assert_eq!(all.len(), expected);
            all.into_iter().for_each(|slot| slot.report_success(Doing::Changing));
        }
        assert_eq!(limiter.allowed(), 6);
    }

    #[test]
    fn keeps_one_place_and_regains_all() {
        let limiter = grown(4);
        for _ in 0..5 {
            let slot = limiter.acquire_slot().now_or_never();
            slot.expect("a place").report_overload();
        }
        assert_eq!(limiter.allowed(), 1);
        for _ in 0..20 {
            let slot = limiter.acquire_slot().now_or_never();
            slot.expect("a place").report_success(Doing::Changing);
        }
        assert_eq!(fill(&limiter).len(), 4);
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_delays_all_requests() {
        let limiter = ConcurrencyLimiter::new(2);
        limiter.pause_requests(Duration::from_secs(60));
        limiter.pause_requests(Duration::from_secs(1));
        let began = Instant::now();
        assert!(fill(&limiter).is_empty(), "the gate is open");
        let _place = limiter.acquire_slot().await;
        assert_eq!(began.elapsed().as_secs(), 60);
        assert_eq!(fill(&limiter).len(), 1);
    }

    /// Sends so many requests to a portal that takes this long with so many under way; gives the
    /// most that were allowed during the last tenth.
    async fn load(
        limiter: &ConcurrencyLimiter,
        requests: usize,
        takes: impl Fn(usize) -> Duration,
    ) -> usize {
        let (under_way, sent, most) =
            (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
        futures_util::stream::iter(0..requests)
            .for_each_concurrent(64, |_| async {
                let slot = limiter.acquire_slot().await;
                let takes = takes(under_way.fetch_add(1, SeqCst) + 1);
                tokio::time::sleep(takes).await;
                under_way.fetch_sub(1, SeqCst);
                slot.report_success(Doing::Changing);
                if sent.fetch_add(1, SeqCst) > requests * 9 / 10 {
                    most.fetch_max(limiter.allowed(), SeqCst);
                }
            })
            .await;
        most.into_inner()
    }

    #[tokio::test(start_paused = true)]
    async fn reduces_load_on_a_slowing_portal() {
        // It does four at a time; the others wait in its queue.
        let queueing = |under_way: usize| Duration::from_millis(100) * under_way.max(4) as u32 / 4;
        let limiter = ConcurrencyLimiter::new(32);
        let most = load(&limiter, 2_000, queueing).await;
        assert!((8..=14).contains(&most), "{most} at once");
    }

    #[tokio::test(start_paused = true)]
    async fn does_not_starve_a_slow_portal() {
        let limiter = ConcurrencyLimiter::new(16);
        let steady = load(&limiter, 500, |_| Duration::from_secs(2)).await;
        assert_eq!(steady, 16);
        let slower = load(&limiter, 100, |_| Duration::from_secs(8)).await;
        assert!((4..16).contains(&slower), "{slower} at once");
        // What stays so becomes the usual.
        assert_eq!(load(&limiter, 3_000, |_| Duration::from_secs(8)).await, 16);
    }
}
