//! A lease: the right to change an agency's mailboxes, which one run has at a time. It ends by
//! itself, so that no run that was killed keeps it, and it rests on nobody's clock being right:
//!
//! - The holder puts a new note into the store every fifth of the lease's length.
//! - Whoever waits for it watches. A note that has stood unchanged for the whole length, by the
//!   watcher's own monotonic clock, is a dead holder's, and is replaced by compare-and-swap.
//! - A holder whose last renewal is two fifths of the length old begins no new change, and one
//!   whose last is four fifths old waits no longer for those under way. Nobody can have taken it
//!   over by then.
//!
//! Knows nothing of git, of portals or of what is done under the lease.

mod hold;
mod moment;
mod note;
mod take;
#[cfg(test)]
mod tests;

use std::future::Future;
use std::time::Duration;

pub use hold::Lease;
pub use note::Note;
pub use take::{NotTaken, Saying, take};

/// The length where nobody says otherwise.
pub const LENGTH: Duration = Duration::from_secs(300);
/// The longest length that a run may ask for, and that others respect.
pub const LONGEST: Duration = Duration::from_secs(3600);

/// One place that all runs see, which holds one note or none and compares and swaps atomically.
pub trait Store: Send + Sync + 'static {
    /// Why it cannot be asked.
    type Error: std::error::Error + Send;

    /// What it holds now.
    fn look(&self) -> impl Future<Output = Result<Option<Held>, Self::Error>> + Send;

    /// Puts a note, or nothing, in the place of what was seen there. A failure, and a call that
    /// nobody waits for any more, leave open whether it was done.
    fn swap(
        &self,
        seen: Option<&str>,
        note: Option<&Note>,
    ) -> impl Future<Output = Result<Swapped, Self::Error>> + Send;
}

/// A note where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The name of exactly this note; no two have the same.
    pub id: String,
    /// What it says; nothing where it is no note.
    pub note: Note,
}

/// What became of a swap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Swapped {
    /// It is done, and this is the new note's name; empty for none.
    Done(String),
    /// Something else stood there.
    Lost,
}

/// How long everything takes.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// After how long without renewal a holder counts as dead.
    pub length: Duration,
    /// For how long to wait for another's lease; where it is not said, for three times the length
    /// that counts: long enough for a dead holder, and for another run that was faster to take over.
    pub wait: Option<Duration>,
}

impl Terms {
    /// Between renewals, and for one at most.
    fn renewal(&self) -> Duration {
        self.length / 5
    }

    /// For how long after a renewal changes may begin.
    fn beginning(&self) -> Duration {
        self.length * 2 / 5
    }

    /// For how long after a renewal those under way are waited for.
    fn ending(&self) -> Duration {
        self.length * 4 / 5
    }

    /// Between two looks, and before what failed is tried again.
    fn pause(&self) -> Duration {
        (self.length / 20).min(Duration::from_secs(5))
    }
}
