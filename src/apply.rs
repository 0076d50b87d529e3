//! Carries out a cleared plan (procedure step 3). It decides nothing: each change is made exactly as
//! planned, or not at all. The only module that holds a [`PortalWriter`].

mod change_listener;
mod circuit_breaker;
mod effect;
mod hand_over;
mod precondition;
mod read_back;
pub mod rehearse;
mod run_state;
#[cfg(test)]
mod scripted_portal;
mod send_change;
pub mod settle;
mod stop;
#[cfg(test)]
pub(crate) mod tests;
mod write_methods;

pub use change_listener::ChangeListener;
pub use run_state::ApplyLimits;
pub use stop::Stop;

use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;

use futures_util::StreamExt as _;

use crate::domain::plan::{Change, ClearedPlan};
use crate::language::Message;
use crate::portal::{PortalReader, PortalWriter};
use read_back::read_back;

pub use crate::domain::change_outcome::Outcome;
pub use hand_over::hand_over;

/// So many changes are read back before any other is sent: a portal that accepts changes and makes none
/// is noticed early.
const FIRST_CHANGES: usize = 20;

/// Carries out every change, with at most so many requests at a time, reads back what the portal
/// accepted, and returns the outcomes in the plan's order. One failure does not stop the others;
/// repeated failures with the same cause stop the changes that have not started.
pub async fn apply<P: PortalWriter, R: PortalReader, W: ChangeListener>(
    cleared: ClearedPlan<'_>,
    portal: &P,
    reader: &R,
    limits: ApplyLimits,
    stop: &Stop,
    witness: &W,
) -> Vec<Outcome> {
    let accepted = |change: &Change| witness.on_accepted(change);
    let note = |note: &Message| witness.on_note(note);
    let run = &run_state::SharedRunState::new(limits, stop, &accepted, &note);
    let concurrency = limits.concurrency;
    // As many as the portal accepts, plus those that are being recorded; of a concurrency of one, one.
    let in_portal = portal.max_concurrent_changes(concurrency).max(1);
    let at_once = in_portal + concurrency.saturating_sub(1);
    let changes = &cleared.plan().changes;
    let (first, others) = changes.split_at(changes.len().min(FIRST_CHANGES));
    let mut outcomes = apply_some(first, portal, reader, run, at_once, witness).await;
    outcomes.extend(apply_some(others, portal, reader, run, at_once, witness).await);
    outcomes
}

/// Carries out these changes, and reads back whatever seems to be done.
async fn apply_some<P: PortalWriter, R: PortalReader, W: ChangeListener>(
    changes: &[Change],
    portal: &P,
    reader: &R,
    run: &run_state::SharedRunState<'_>,
    at_once: usize,
    witness: &W,
) -> Vec<Outcome> {
    let is_read_back =
        |outcome: &Option<Outcome>| outcome.as_ref().is_none_or(|ended| ended.kind().is_done());
    let mut sent: Vec<(usize, Option<Outcome>)> =
        futures_util::stream::iter(changes.iter().enumerate())
            .map(|(index, planned)| async move {
                let outcome = apply_change(planned, portal, run, witness).await;
                if let Some(ended) = outcome.as_ref().filter(|_| !is_read_back(&outcome)) {
                    witness.on_end(planned, ended).await;
                }
                witness.on_sent();
                (index, outcome)
            })
            .buffer_unordered(at_once)
            .collect()
            .await;
    sent.sort_by_key(|(index, _)| *index);
    let mut outcomes: Vec<Option<Outcome>> = sent.into_iter().map(|(_, outcome)| outcome).collect();
    let left: Vec<usize> =
        (0..outcomes.len()).filter(|index| is_read_back(&outcomes[*index])).collect();
    read_back(changes, left.clone(), &mut outcomes, reader, run).await;
    for index in left {
        if let Some(outcome) = &outcomes[index] {
            witness.on_end(&changes[index], outcome).await;
        }
    }
    outcomes.into_iter().flatten().collect()
}

/// Records one change, then makes it, unless the run was stopped. `None` if it is to be read back.
async fn apply_change<P: PortalWriter, W: ChangeListener>(
    planned: &Change,
    portal: &P,
    run: &run_state::SharedRunState<'_>,
    witness: &W,
) -> Option<Outcome> {
    let stop = run.stop;
    if stop.is_stop_requested() {
        return Some(send_change::interrupted_outcome());
    }
    if let Some(why) = run.breaker.open_reason() {
        return Some(send_change::skipped_outcome(why));
    }
    if let Err(why) = witness.before_change(planned).await {
        return Some(send_change::skipped_outcome(why));
    }
    let sent = &AtomicBool::new(false);
    tokio::select! {
        outcome = send_change::carry_out(planned, portal, run, sent) => outcome,
        () = stop.wait_until_grace_is_over() => Some(match sent.load(Relaxed) {
            true => Outcome::Unknown {
                why: message!("outcome-interrupted-unanswered"),
            },
            false => send_change::interrupted_outcome(),
        }),
    }
}
