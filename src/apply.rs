//! Carries out a cleared plan (procedure step 3). It decides nothing: each change is made exactly as
//! planned, or not at all. The only module that holds a [`PortalWriter`].

mod change_listener;
mod circuit_breaker;
mod effect;
mod hand_over;
mod precondition;
pub mod rehearse;
mod run_state;
#[cfg(test)]
mod scripted_portal;
mod send_change;
pub mod settle;
mod stop;
#[cfg(test)]
pub(crate) mod tests;
mod write_habits;

pub use change_listener::ChangeListener;
pub use run_state::ApplyLimits;
pub use stop::Stop;

use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;

use futures_util::StreamExt as _;

use crate::domain::plan::{Change, ClearedPlan};
use crate::portal::PortalWriter;

pub use crate::domain::change_outcome::Outcome;
pub use hand_over::hand_over;

/// The most changes in progress: as many as the portal accepts, plus those that are being recorded.
/// A concurrency of one gives one at a time.
fn max_in_flight(max_concurrent_changes: usize, concurrency: usize) -> usize {
    max_concurrent_changes.max(1) + concurrency.saturating_sub(1)
}

/// Carries out every change, with at most so many requests at a time, and returns the outcomes in
/// the plan's order. One failure does not stop the others; repeated failures with the same cause stop
/// the changes that have not started.
pub async fn apply<P: PortalWriter, W: ChangeListener>(
    cleared: ClearedPlan<'_>,
    portal: &P,
    limits: ApplyLimits,
    stop: &Stop,
    witness: &W,
) -> Vec<Outcome> {
    let note = |text: &str| witness.on_note(text);
    let run = &run_state::SharedRunState::new(limits, stop, &note);
    let concurrency = limits.concurrency;
    let changes = &cleared.plan().changes;
    let mut ended: Vec<(usize, Outcome)> = futures_util::stream::iter(changes.iter().enumerate())
        .map(|(index, planned)| async move {
            let outcome = apply_change(planned, portal, run, stop, witness).await;
            witness.on_end(planned, &outcome).await;
            (index, outcome)
        })
        .buffer_unordered(max_in_flight(portal.max_concurrent_changes(concurrency), concurrency))
        .collect()
        .await;
    ended.sort_by_key(|(index, _)| *index);
    ended.into_iter().map(|(_, outcome)| outcome).collect()
}

/// Records one change, then makes it, unless the run was stopped.
async fn apply_change<P: PortalWriter, W: ChangeListener>(
    planned: &Change,
    portal: &P,
    run: &run_state::SharedRunState<'_>,
    stop: &Stop,
    witness: &W,
) -> Outcome {
    if stop.is_stop_requested() {
        return send_change::interrupted_outcome();
    }
    if let Some(why) = run.breaker.open_reason() {
        return send_change::skipped_outcome(why);
    }
    if let Err(why) = witness.on_begin(planned).await {
        return send_change::skipped_outcome(why);
    }
    let sent = &AtomicBool::new(false);
    tokio::select! {
        outcome = send_change::carry_out(planned, portal, run, sent) => outcome,
        () = stop.wait_until_grace_is_over() => match sent.load(Relaxed) {
            true => Outcome::Unknown {
                why: "interrupted while the portal had not answered; run arkib again to find out"
                    .to_owned(),
            },
            false => send_change::interrupted_outcome(),
        },
    }
}
