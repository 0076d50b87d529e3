//! What all changes of a run share. Sends nothing.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

use super::Stop;
use super::circuit_breaker::CircuitBreaker;
use super::write_methods::{IfMatchSupport, WriteMethod};
use crate::domain::plan::Change;
use crate::language::Message;
use crate::portal::MaySend;

/// How changes are made.
#[derive(Debug, Clone, Copy)]
pub struct ApplyLimits {
    /// The most requests at a time.
    pub concurrency: usize,
    /// For how long a change that the portal accepted is looked for: reads may lag behind writes.
    pub read_lag: Duration,
}

/// What all changes of a run share.
pub(super) struct SharedRunState<'a> {
    pub(super) breaker: Arc<CircuitBreaker>,
    pub(super) stop: &'a Stop,
    /// For how long an accepted change is looked for.
    pub(super) read_lag: Duration,
    pub(super) bulk: WriteMethod,
    pub(super) alone: WriteMethod,
    pub(super) versions: IfMatchSupport,
    /// Takes each change that the portal accepted, at once: a run that is killed later may have made it.
    pub(super) accepted: &'a (dyn Fn(&Change) + Sync),
    /// Takes what the user should know of the portal, each once.
    pub(super) note: &'a (dyn Fn(&Message) + Sync),
    /// Limits how many single changes are sent at a time.
    pub(super) permits: Semaphore,
    /// Whether changes that wait for a bulk request may still be sent.
    pub(super) may_send: MaySend,
}

impl<'a> SharedRunState<'a> {
    pub(super) fn new(
        limits: ApplyLimits,
        stop: &'a Stop,
        accepted: &'a (dyn Fn(&Change) + Sync),
        note: &'a (dyn Fn(&Message) + Sync),
    ) -> Self {
        let breaker = Arc::new(CircuitBreaker::default());
        let (shared_breaker, is_stopped) = (Arc::clone(&breaker), stop.is_stop_requested_fn());
        Self {
            breaker,
            stop,
            read_lag: limits.read_lag,
            bulk: WriteMethod::default(),
            alone: WriteMethod::default(),
            versions: IfMatchSupport::default(),
            accepted,
            note,
            permits: Semaphore::new(limits.concurrency.max(1)),
            may_send: Arc::new(move || shared_breaker.open_reason().is_none() && !is_stopped()),
        }
    }

    /// A change was accepted and is not seen.
    pub(super) fn count_no_effect(&self, is_bulk: bool, in_other_form: bool) {
        let way = if is_bulk { &self.bulk } else { &self.alone };
        if is_bulk && way.form() == Some(false) && !way.works() {
            (self.note)(&message!("outcome-no-bulk"));
        }
        way.count_no_effect(in_other_form);
    }
}
