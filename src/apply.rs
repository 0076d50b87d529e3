//! Carries out a plan that was cleared (procedure step 3). Decides nothing: each change is made
//! exactly as planned, or not at all. The only module that holds a [`PortalWrite`].

mod breaker;
mod change;
mod hand_over;
mod precondition;
#[cfg(test)]
mod scripted;
pub mod settle;
mod stop;
#[cfg(test)]
pub(crate) mod tests;
mod witness;

pub use stop::Stop;
pub use witness::Witness;

use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;

use futures_util::StreamExt as _;

use crate::domain::plan::{Change, Cleared};
use crate::portal::PortalWrite;

pub use crate::domain::outcome::Outcome;
pub use hand_over::hand_over;

/// How many changes are under way: as many as the portal takes, and those that are being recorded
/// meanwhile. Who asked for one at a time gets one at a time.
fn under_way(at_once: usize, concurrency: usize) -> usize {
    at_once.max(1) + concurrency.saturating_sub(1)
}

/// Carries out every change, with so many requests under way at most, and gives their outcomes in the plan's order. One failure stops
/// nothing else; repeated failures of one cause stop what has not begun.
pub async fn apply<P: PortalWrite, W: Witness>(
    cleared: Cleared<'_>,
    portal: &P,
    concurrency: usize,
    stop: &Stop,
    witness: &W,
) -> Vec<Outcome> {
    let run = &change::Run::new(concurrency, stop);
    let changes = &cleared.plan().changes;
    let mut ended: Vec<(usize, Outcome)> = futures_util::stream::iter(changes.iter().enumerate())
        .map(|(index, planned)| async move {
            let outcome = one(planned, portal, run, stop, witness).await;
            witness.ended(planned, &outcome).await;
            (index, outcome)
        })
        .buffer_unordered(under_way(portal.at_once(concurrency), concurrency))
        .collect()
        .await;
    ended.sort_by_key(|(index, _)| *index);
    ended.into_iter().map(|(_, outcome)| outcome).collect()
}

/// One change: announced, then made, unless something holds it back.
async fn one<P: PortalWrite, W: Witness>(
    planned: &Change,
    portal: &P,
    run: &change::Run<'_>,
    stop: &Stop,
    witness: &W,
) -> Outcome {
    if stop.is_asked() {
        return change::interrupted();
    }
    if let Some(why) = run.breaker.open() {
        return change::held_back(why);
    }
    if let Err(why) = witness.begun(planned).await {
        return change::held_back(why);
    }
    let sent = &AtomicBool::new(false);
    tokio::select! {
        outcome = change::carry_out(planned, portal, run, sent) => outcome,
        () = stop.grace() => match sent.load(Relaxed) {
            true => Outcome::Unknown {
                why: "interrupted while the portal had not answered; run arkib again to find out"
                    .to_owned(),
            },
            false => change::interrupted(),
        },
    }
}
