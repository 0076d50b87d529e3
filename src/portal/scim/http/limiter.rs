//! How many requests are under way at once, and the gate that holds all of them back when the
//! portal asks for a pause. May not know HTTP.
//!
//! Additive increase, multiplicative decrease: it starts at the limit, halves when the portal is
//! overloaded, and gains one back for each round of successes.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep_until};

/// Shared by all requests of a client.
#[derive(Debug)]
pub(super) struct Limiter {
    places: Semaphore,
    most: usize,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// How many may be under way now.
    allowed: usize,
    /// Places to take away as soon as those who hold them leave.
    owed: usize,
    /// Successes since the last change.
    successes: usize,
    /// Counts halvings, so that requests sent together halve once together.
    round: u64,
    /// Nothing is sent before this.
    closed_until: Option<Instant>,
}

/// A place to send one request. Leaving it (also by being cancelled) gives it back.
#[derive(Debug)]
pub(super) struct Place<'a> {
    limiter: &'a Limiter,
    permit: Option<SemaphorePermit<'a>>,
    round: u64,
}

impl Limiter {
    pub(super) fn new(most: usize) -> Self {
        let most = most.max(1);
        Self {
            places: Semaphore::new(most),
            most,
            state: Mutex::new(State {
                allowed: most,
                owed: 0,
                successes: 0,
                round: 0,
                closed_until: None,
            }),
        }
    }

    /// Waits for a place and for the gate.
    pub(super) async fn enter(&self) -> Place<'_> {
        // Never closed, so this never fails.
        let permit = self.places.acquire().await.ok();
        while let Some(until) = self.closed_until() {
            sleep_until(until).await;
        }
        let round = self.state().round;
        Place {
            limiter: self,
            permit,
            round,
        }
    }

    /// Holds every request back for so long; a longer pause already set stays.
    pub(super) fn pause(&self, pause: Duration) {
        let until = Instant::now() + pause;
        let mut state = self.state();
        state.closed_until = Some(state.closed_until.map_or(until, |set| set.max(until)));
    }

    fn closed_until(&self) -> Option<Instant> {
        let mut state = self.state();
        let until = state.closed_until?;
        if until <= Instant::now() {
            state.closed_until = None;
            return None;
        }
        Some(until)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[cfg(test)]
    pub(super) fn allowed(&self) -> usize {
        self.state().allowed
    }
}

impl Place<'_> {
    /// The portal took the request in its stride.
    pub(super) fn succeeded(self) {
        let limiter = self.limiter;
        let mut state = limiter.state();
        if state.allowed == limiter.most {
            return;
        }
        state.successes += 1;
        if state.successes >= state.allowed {
            state.successes = 0;
            state.allowed += 1;
            if state.owed > 0 {
                state.owed -= 1;
            } else {
                limiter.places.add_permits(1);
            }
        }
    }

    /// The portal is overloaded (429, 503).
    pub(super) fn overloaded(self) {
        let limiter = self.limiter;
        let mut state = limiter.state();
        if self.round != state.round {
            return;
        }
        state.round += 1;
        state.successes = 0;
        let fewer = (state.allowed / 2).max(1);
        let taken = state.allowed - fewer;
        state.allowed = fewer;
        state.owed += taken - limiter.places.forget_permits(taken);
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let Some(permit) = self.permit.take() else {
            return;
        };
        let mut state = self.limiter.state();
        if state.owed > 0 {
            state.owed -= 1;
            permit.forget();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    fn enter(limiter: &Limiter) -> Option<Place<'_>> {
        limiter.enter().now_or_never()
    }

    #[test]
    fn requests_that_fail_together_halve_once_and_successes_give_back_one_by_one() {
        let limiter = Limiter::new(8);
        let places: Vec<_> = (0..8).filter_map(|_| enter(&limiter)).collect();
        assert_eq!(places.len(), 8);
        assert!(enter(&limiter).is_none(), "a ninth got in");
        places.into_iter().for_each(Place::overloaded);
        assert_eq!(limiter.allowed(), 4);
        let four: Vec<_> = (0..8).filter_map(|_| enter(&limiter)).collect();
        assert_eq!(four.len(), 4);
        four.into_iter().for_each(Place::succeeded);
        assert_eq!(limiter.allowed(), 5);
        let five: Vec<_> = (0..8).filter_map(|_| enter(&limiter)).collect();
        assert_eq!(five.len(), 5);
    }

    #[test]
    fn one_place_always_stays_and_all_come_back() {
        let limiter = Limiter::new(4);
        for _ in 0..5 {
            enter(&limiter).expect("a place").overloaded();
        }
        assert_eq!(limiter.allowed(), 1);
        for _ in 0..20 {
            enter(&limiter).expect("a place").succeeded();
        }
        assert_eq!(limiter.allowed(), 4);
        assert_eq!(
            (0..8)
                .filter_map(|_| enter(&limiter))
                .fold(vec![], |mut all, place| {
                    all.push(place);
                    all
                })
                .len(),
            4
        );
    }

    #[tokio::test]
    async fn a_pause_holds_everyone_back_and_ends() {
        let limiter = Limiter::new(2);
        limiter.pause(Duration::from_millis(60));
        limiter.pause(Duration::from_millis(1));
        let began = Instant::now();
        assert!(enter(&limiter).is_none(), "the gate is open");
        let _place = limiter.enter().await;
        assert!(began.elapsed() >= Duration::from_millis(59));
        assert!(enter(&limiter).is_some());
    }
}
