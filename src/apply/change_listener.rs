//! The trait that records changes before they are made and when they have ended.

use std::future::Future;

use crate::domain::change_outcome::Outcome;
use crate::domain::plan::Change;
use crate::domain::record::entry::HandOver;
use crate::language::Message;

/// Is informed of each change while a plan is carried out, for the screen and the records.
pub trait ChangeListener: Sync {
    /// A change is about to be sent. It is sent only if this succeeds.
    ///
    /// # Errors
    /// Why it must not be sent: it could not be recorded.
    fn before_change(&self, change: &Change) -> impl Future<Output = Result<(), Message>> + Send;

    /// The file that asks people for all changes that are begun and have not ended is about to appear. It
    /// does so only if this succeeds.
    ///
    /// # Errors
    /// Why it must not appear: it could not be recorded.
    fn before_hand_over(&self, _: &HandOver) -> impl Future<Output = Result<(), Message>> + Send {
        async { Ok(()) }
    }

    /// That file is there.
    fn after_hand_over(&self, _: &HandOver) {}

    /// The portal accepted a change, which is still to be read back. Until then its outcome is unknown.
    fn on_accepted(&self, _change: &Change) {}

    /// A change ended with this outcome. A change that never started ends as skipped.
    fn on_end(&self, change: &Change, outcome: &Outcome) -> impl Future<Output = ()> + Send;

    /// Another change was sent, or is not to be sent.
    fn on_sent(&self) {}

    /// What the user should know of the portal, each once in a run.
    fn on_note(&self, _text: &Message) {}
}
