//! Who writes down what is done, before it is done and when it has ended.

use std::future::Future;

use crate::domain::outcome::Outcome;
use crate::domain::plan::Change;

/// Sees what happens while a plan is carried out: for the screen and the records alike.
pub trait Witness: Sync {
    /// A change is about to be sent. It is sent only once this has ended well.
    ///
    /// # Errors
    /// Why it must not be sent: nobody could say later that it was.
    fn begun(&self, change: &Change) -> impl Future<Output = Result<(), String>> + Send;

    /// A change ended so. One that was never begun ends as skipped.
    fn ended(&self, change: &Change, outcome: &Outcome) -> impl Future<Output = ()> + Send;
}
