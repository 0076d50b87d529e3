//! A lease over a scripted store, in paused time.

use std::future::pending;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, advance, sleep};

use super::*;

const TERMS: Terms = Terms {
    length: Duration::from_secs(300),
    wait: None,
};
/// Three lengths, where it is not said.
const WAIT: Duration = Duration::from_secs(900);

/// How the store answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Weather {
    Fair,
    /// Nothing gets there.
    Down,
    /// What is swapped is swapped, and the answer lost.
    Deaf,
    /// Never an answer, and nothing is done.
    Hangs,
}

#[derive(Debug, Clone, thiserror::Error)]
#[error("the remote is down")]
struct Down;

#[derive(Clone)]
struct Scripted(Arc<Inside>);

struct Inside {
    held: Mutex<Option<Held>>,
    weather: Mutex<Weather>,
    swaps: AtomicUsize,
    looks: AtomicUsize,
}

impl Scripted {
    fn new() -> Self {
        Self(Arc::new(Inside {
            held: Mutex::new(None),
            weather: Mutex::new(Weather::Fair),
            swaps: AtomicUsize::new(0),
            looks: AtomicUsize::new(0),
        }))
    }

    fn weather(&self, weather: Weather) {
        *self.0.weather.lock().unwrap() = weather;
    }

    fn put(&self, id: &str, note: Note) {
        let id = id.to_owned();
        *self.0.held.lock().unwrap() = Some(Held { id, note });
    }

    fn held(&self) -> Option<Held> {
        self.0.held.lock().unwrap().clone()
    }

    /// The nonce of whoever has it.
    fn whose(&self) -> String {
        self.held().map(|held| held.note.nonce).unwrap_or_default()
    }

    async fn answers(&self) -> Result<Weather, Down> {
        let weather = *self.0.weather.lock().unwrap();
        match weather {
            Weather::Down => Err(Down),
            Weather::Hangs => pending().await,
            weather => Ok(weather),
        }
    }
}

impl Store for Scripted {
    type Error = Down;

    async fn look(&self) -> Result<Option<Held>, Down> {
        self.0.looks.fetch_add(1, Ordering::Relaxed);
        self.answers().await?;
        Ok(self.held())
    }

    async fn swap(&self, seen: Option<&str>, note: Option<&Note>) -> Result<Swapped, Down> {
        let weather = self.answers().await?;
        // As over a network, others come in between.
        tokio::task::yield_now().await;
        let number = self.0.swaps.fetch_add(1, Ordering::Relaxed);
        let mut held = self.0.held.lock().unwrap();
        if held.as_ref().map(|held| held.id.as_str()) != seen {
            return Ok(Swapped::Lost);
        }
        let id = format!("swap{number}");
        *held = note.cloned().map(|note| Held {
            id: id.clone(),
            note,
        });
        if weather == Weather::Deaf {
            return Err(Down);
        }
        Ok(Swapped::Done(id))
    }
}

fn note(nonce: &str) -> Note {
    Note::new("someone".into(), None, String::new(), nonce.into())
}

/// A note of a run with that length.
fn lasting(nonce: &str, seconds: u64) -> Note {
    let mut note = note(nonce);
    note.length = seconds;
    note
}

async fn take_it(store: &Scripted, nonce: &str) -> Result<Lease<Scripted>, NotTaken<Down>> {
    take(store.clone(), note(nonce), TERMS, pending(), |_| {}).await
}

async fn taken(store: &Scripted, nonce: &str) -> Lease<Scripted> {
    take_it(store, nonce).await.ok().unwrap()
}

fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

#[tokio::test(start_paused = true)]
async fn a_free_lease_is_taken_at_once_renewed_and_let_go() {
    let store = Scripted::new();
    let begun = Instant::now();
    let lease = taken(&store, "a").await;
    assert_eq!(begun.elapsed(), Duration::ZERO);
    let first = store.held().unwrap();
    assert_eq!((first.note.length, first.note.renewals), (300, 0));
    sleep(seconds(3601)).await;
    assert_eq!(lease.may_begin(), Ok(()));
    let held = store.held().unwrap();
    assert_eq!(held.note.renewals, 60, "once a minute");
    assert_ne!(held.id, first.id);
    lease.release().await.unwrap();
    assert_eq!(store.held(), None);
    sleep(seconds(3600)).await;
    assert_eq!(store.held(), None, "it was renewed after its end");
}

#[tokio::test(start_paused = true)]
async fn nobody_takes_over_from_a_holder_that_renews() {
    let store = Scripted::new();
    let lease = taken(&store, "a").await;
    let begun = Instant::now();
    let waits = Mutex::new(Vec::new());
    let say = |saying: Saying<'_>| match saying {
        Saying::Waits { holder, left, .. } => {
            waits.lock().unwrap().push((holder.by.clone(), left));
        }
        Saying::TakesOver { .. } => panic!("taken over"),
    };
    let refused = take(store.clone(), note("b"), TERMS, pending(), say).await;
    assert!(matches!(refused, Err(NotTaken::Held(holder)) if holder.nonce == "a"));
    assert_eq!(begun.elapsed(), WAIT);
    // Said once, not at each renewal.
    let waits = waits.into_inner().unwrap();
    assert_eq!(waits, [("someone".to_owned(), WAIT)]);
    assert_eq!(lease.may_begin(), Ok(()));
    // Who does not want to wait is told at once, and gets it once it is free.
    let at_once = Terms {
        wait: Some(Duration::ZERO),
        ..TERMS
    };
    let begun = Instant::now();
    let refused = take(store.clone(), note("b"), at_once, pending(), |_| {}).await;
    assert!(matches!(refused, Err(NotTaken::Held(_))));
    lease.release().await.unwrap();
    let taken = take(store.clone(), note("b"), at_once, pending(), |_| {}).await;
    assert!(taken.is_ok());
    assert_eq!(begun.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_dead_holder_of_any_length_is_taken_over() {
    for length in [1, 300, 3600] {
        let store = Scripted::new();
        let mut dead = note("dead");
        dead.length = length;
        store.put("x", dead);
        let begun = Instant::now();
        drop(taken(&store, "b").await);
        assert_eq!(begun.elapsed(), seconds(length.max(300)));
    }
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_was_taken_away_is_waited_under_no_longer() {
    let store = Scripted::new();
    let lease = taken(&store, "a").await;
    store.put("x", note("other"));
    let begun = Instant::now();
    let why = lease.ran_out().await;
    assert!(why.contains("taken over or away"), "{why}");
    // From the next renewal on.
    assert!(begun.elapsed() <= seconds(66), "{:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn who_waits_has_it_soon_after_it_is_let_go() {
    let store = Scripted::new();
    let lease = taken(&store, "a").await;
    let (other, begun) = (store.clone(), Instant::now());
    let waiting = tokio::spawn(async move { taken(&other, "b").await });
    sleep(seconds(400)).await;
    lease.release().await.unwrap();
    waiting.await.unwrap();
    let waited = begun.elapsed();
    assert!(waited <= seconds(405), "{waited:?}");
    assert_eq!(store.whose(), "b");
}

#[tokio::test(start_paused = true)]
async fn a_dead_holders_lease_is_taken_over_when_it_has_stood_for_its_length() {
    let store = Scripted::new();
    drop(taken(&store, "dead").await);
    let begun = Instant::now();
    let said = AtomicUsize::new(0);
    let say = |saying: Saying<'_>| {
        if let Saying::TakesOver { holder, silent } = saying {
            assert_eq!((holder.nonce.as_str(), silent), ("dead", TERMS.length));
            said.fetch_add(1, Ordering::Relaxed);
        }
    };
    let lease = take(store.clone(), note("b"), TERMS, pending(), say).await;
    assert!(lease.is_ok());
    assert_eq!(begun.elapsed(), TERMS.length);
    assert_eq!(said.into_inner(), 1);
    assert_eq!(store.whose(), "b");
}

#[tokio::test(start_paused = true)]
async fn a_holder_is_watched_for_as_long_as_it_expects() {
    let store = Scripted::new();
    store.put("x", lasting("patient", 600));
    let begun = Instant::now();
    drop(taken(&store, "b").await);
    assert_eq!(begun.elapsed(), seconds(600));
    // One that expects less was told by this run's terms; garbage expects nothing.
    for other in [lasting("hasty", 1), Note::read(b"garbage")] {
        store.put("y", other);
        let begun = Instant::now();
        drop(taken(&store, "b").await);
        assert_eq!(begun.elapsed(), TERMS.length);
    }
}

#[tokio::test(start_paused = true)]
async fn of_two_that_take_over_one_wins() {
    let store = Scripted::new();
    drop(taken(&store, "dead").await);
    let results = tokio::join!(take_it(&store, "b"), take_it(&store, "c"));
    let won: Vec<bool> = [&results.0, &results.1].map(|it| it.is_ok()).into();
    assert_eq!(won.iter().filter(|won| **won).count(), 1, "{won:?}");
    assert_eq!(store.whose(), if won[0] { "b" } else { "c" });
}

#[tokio::test(start_paused = true)]
async fn of_many_at_once_each_has_it_alone_and_all_have_it_in_the_end() {
    let store = Scripted::new();
    let inside = Arc::new(AtomicUsize::new(0));
    let runs: Vec<_> = (0..8)
        .map(|number| {
            let (store, inside) = (store.clone(), Arc::clone(&inside));
            tokio::spawn(async move {
                let lease = taken(&store, &number.to_string()).await;
                assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0, "two have it");
                sleep(seconds(60)).await;
                inside.fetch_sub(1, Ordering::SeqCst);
                lease.release().await.unwrap();
            })
        })
        .collect();
    for run in runs {
        run.await.unwrap();
    }
    assert_eq!(store.held(), None);
}

#[tokio::test(start_paused = true)]
async fn nothing_begins_when_it_could_not_be_renewed_and_nothing_is_waited_for_to_its_end() {
    for weather in [Weather::Down, Weather::Hangs] {
        let store = Scripted::new();
        let lease = taken(&store, "a").await;
        let begun = Instant::now();
        store.weather(weather);
        advance(seconds(119)).await;
        assert_eq!(lease.may_begin(), Ok(()));
        advance(seconds(1)).await;
        let why = lease.may_begin().unwrap_err();
        assert!(why.contains("could not be renewed"), "{why}");
        let why = lease.ran_out().await;
        assert!(why.contains("run arkib again"), "{why}");
        let waited = begun.elapsed();
        // A minute before anybody may take it over.
        assert!(
            (seconds(240)..=seconds(245)).contains(&waited),
            "{waited:?}"
        );
        // When the remote is back and nobody has taken it, it goes on.
        store.weather(Weather::Fair);
        sleep(seconds(75)).await;
        assert_eq!(lease.may_begin(), Ok(()));
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_runs_out_while_it_is_renewed() {
    let store = Scripted::new();
    let lease = taken(&store, "a").await;
    let longer = tokio::time::timeout(seconds(3600), lease.ran_out()).await;
    assert!(longer.is_err());
}

#[tokio::test(start_paused = true)]
async fn what_somebody_else_has_is_lost_and_left_alone() {
    let store = Scripted::new();
    let lease = taken(&store, "a").await;
    store.put("theirs", note("b"));
    sleep(seconds(61)).await;
    let why = lease.may_begin().unwrap_err();
    assert!(why.contains("took it over"), "{why}");
    lease.release().await.unwrap();
    assert_eq!(store.whose(), "b");
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_was_lost_loses_no_lease() {
    let store = Scripted::new();
    store.weather(Weather::Deaf);
    let lease = taken(&store, "a").await;
    assert_eq!(store.whose(), "a");
    // Each renewal is done, and each answer lost: seen to be its own when the next one fails.
    sleep(seconds(90)).await;
    store.weather(Weather::Fair);
    sleep(seconds(60)).await;
    assert_eq!(lease.may_begin(), Ok(()));
    // Let go, though the last renewal got no answer.
    store.weather(Weather::Deaf);
    sleep(seconds(61)).await;
    store.weather(Weather::Fair);
    lease.release().await.unwrap();
    assert_eq!(store.held(), None);
}

#[tokio::test(start_paused = true)]
async fn a_remote_that_fails_is_told_at_once_or_while_it_waits_at_the_end() {
    let store = Scripted::new();
    store.weather(Weather::Down);
    let begun = Instant::now();
    let failed = take_it(&store, "a").await;
    assert!(matches!(failed, Err(NotTaken::Store(Down))));
    assert_eq!(begun.elapsed(), Duration::ZERO);
    // A short outage while it waits costs nothing; a long one ends the wait.
    store.weather(Weather::Fair);
    drop(taken(&store, "dead").await);
    let changing = store.clone();
    tokio::spawn(async move {
        sleep(seconds(100)).await;
        changing.weather(Weather::Down);
        sleep(seconds(100)).await;
        changing.weather(Weather::Fair);
    });
    let begun = Instant::now();
    drop(taken(&store, "b").await);
    assert_eq!(begun.elapsed(), TERMS.length);
    let changing = store.clone();
    tokio::spawn(async move {
        sleep(seconds(1)).await;
        changing.weather(Weather::Down);
    });
    let begun = Instant::now();
    let failed = take_it(&store, "c").await;
    assert!(matches!(failed, Err(NotTaken::Store(Down))));
    assert_eq!(begun.elapsed(), WAIT);
}

#[tokio::test(start_paused = true)]
async fn who_is_interrupted_waits_no_longer_and_leaves_nothing() {
    let store = Scripted::new();
    store.put("x", note("other"));
    let enough = Arc::new(Notify::new());
    let asked = Arc::clone(&enough);
    let begun = Instant::now();
    tokio::spawn(async move {
        sleep(seconds(7)).await;
        asked.notify_one();
    });
    let interrupted = take(store.clone(), note("b"), TERMS, enough.notified(), |_| {}).await;
    assert!(matches!(interrupted, Err(NotTaken::Interrupted)));
    assert_eq!(begun.elapsed(), seconds(7));
    assert_eq!(store.whose(), "other");
    // Also while the remote does not answer.
    store.weather(Weather::Hangs);
    let interrupted = take(store.clone(), note("b"), TERMS, sleep(seconds(3)), |_| {}).await;
    assert!(matches!(interrupted, Err(NotTaken::Interrupted)));
    assert_eq!(store.0.swaps.load(Ordering::Relaxed), 0);
}
