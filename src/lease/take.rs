//! Takes a lease: at once where it is free, else when its holder lets go or is dead.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::hold::Lease;
use super::moment::Moment;
use super::{Held, Note, Store, Swapped, Terms};

/// How many lengths are waited for where it is not said.
const LENGTHS: u32 = 3;

/// What is worth saying meanwhile.
#[derive(Debug)]
pub enum Saying<'a> {
    /// Somebody else has it.
    Waits {
        /// Who.
        holder: &'a Note,
        /// How long without renewal it is watched before it counts as dead.
        length: Duration,
        /// For how long it is waited for, at most.
        left: Duration,
    },
    /// Its holder is dead.
    TakesOver {
        /// Who it was.
        holder: &'a Note,
        /// For how long it was not renewed.
        silent: Duration,
    },
}

/// Why a lease was not taken.
#[derive(Debug)]
pub enum NotTaken<E> {
    /// Another run has it and goes on.
    Held(Box<Note>),
    /// The store fails.
    Store(E),
    /// It was asked to wait no longer.
    Interrupted,
}

/// Takes the lease. What was begun in the store is brought to its end also where `interrupted` ends,
/// so that nothing stays behind; everything else then ends at once.
///
/// # Errors
/// Why it was not taken.
pub async fn take<S: Store>(
    store: S,
    mut note: Note,
    terms: Terms,
    interrupted: impl Future<Output = ()>,
    say: impl Fn(Saying<'_>),
) -> Result<Lease<S>, NotTaken<S::Error>> {
    note.length = terms.length.as_secs();
    let store = Arc::new(store);
    let mut watch = Watch::new(terms);
    // The last swap, where it is not known whether it was done.
    let mut tried: Option<(Moment, S::Error)> = None;
    tokio::pin!(interrupted);
    loop {
        let looked = tokio::select! {
            biased;
            () = &mut interrupted, if tried.is_none() => return Err(NotTaken::Interrupted),
            looked = store.look() => looked,
        };
        let replaced = match (looked, tried.take()) {
            (Ok(Some(held)), Some((at, _))) if held.note.is_of(&note) => {
                return Ok(Lease::hold(store, terms, note, held.id, at));
            }
            (_, Some((_, error))) => return Err(NotTaken::Store(error)),
            (Ok(None), None) => None,
            (Ok(Some(held)), None) => match watch.judge(held, &say) {
                Standing::Dead(id) => Some(id),
                Standing::Alive => {
                    watch.pause(&mut interrupted).await?;
                    continue;
                }
                Standing::TooLong(holder) => return Err(NotTaken::Held(holder)),
            },
            // What could be asked until now may be asked for again.
            (Err(_), None) if watch.goes_on() => {
                watch.pause(&mut interrupted).await?;
                continue;
            }
            (Err(error), None) => return Err(NotTaken::Store(error)),
        };
        // The moment before: from then on others may see it, and count from when they do.
        let at = Moment::now();
        match store.swap(replaced.as_deref(), Some(&note)).await {
            Ok(Swapped::Done(id)) => return Ok(Lease::hold(store, terms, note, id, at)),
            // Somebody was faster.
            Ok(Swapped::Lost) => {}
            Err(error) => tried = Some((at, error)),
        }
    }
}

/// Watches others' notes, and how long it has waited already.
struct Watch {
    terms: Terms,
    /// When the first was seen.
    begun: Option<Instant>,
    seen: Option<Seen>,
}

/// What stands there, since when, and for how long it is to stand before its holder counts as dead.
struct Seen {
    held: Held,
    since: Instant,
    length: Duration,
}

/// What is to be thought of a holder.
enum Standing {
    /// Its note is to be replaced.
    Dead(String),
    /// It is to be waited for.
    Alive,
    /// It was waited for long enough.
    TooLong(Box<Note>),
}

impl Watch {
    fn new(terms: Terms) -> Self {
        Self {
            terms,
            begun: None,
            seen: None,
        }
    }

    /// What is left of the time to wait.
    fn left(&self) -> Duration {
        let waited = self.begun.map_or(Duration::ZERO, |it| it.elapsed());
        let length = self.seen.as_ref().map_or(self.terms.length, |it| it.length);
        let wait = self.terms.wait.unwrap_or(length * LENGTHS);
        wait.saturating_sub(waited)
    }

    /// Whether it waits already, and may longer.
    fn goes_on(&self) -> bool {
        self.begun.is_some() && !self.left().is_zero()
    }

    fn judge(&mut self, held: Held, say: &impl Fn(Saying<'_>)) -> Standing {
        self.begun.get_or_insert_with(Instant::now);
        let mut is_new = false;
        let seen = match self.seen.take() {
            Some(seen) if seen.held.id == held.id => seen,
            before => {
                let length = self.terms.length.max(held.note.length());
                is_new = !before.is_some_and(|it| it.held.note.is_of(&held.note));
                let since = Instant::now();
                Seen {
                    held,
                    since,
                    length,
                }
            }
        };
        self.seen = Some(seen);
        let left = self.left();
        let Some(seen) = &self.seen else {
            return Standing::Alive;
        };
        if is_new {
            let (holder, length) = (&seen.held.note, seen.length);
            say(Saying::Waits {
                holder,
                length,
                left,
            });
        }
        let silent = seen.since.elapsed();
        if silent >= seen.length {
            let holder = &seen.held.note;
            say(Saying::TakesOver { holder, silent });
            Standing::Dead(seen.held.id.clone())
        } else if left.is_zero() {
            Standing::TooLong(Box::new(seen.held.note.clone()))
        } else {
            Standing::Alive
        }
    }

    /// Waits a little, and no longer than it is to be waited in all.
    async fn pause<E>(
        &self,
        interrupted: &mut (impl Future<Output = ()> + Unpin),
    ) -> Result<(), NotTaken<E>> {
        tokio::select! {
            biased;
            () = interrupted => Err(NotTaken::Interrupted),
            () = tokio::time::sleep(self.terms.pause().min(self.left())) => Ok(()),
        }
    }
}
