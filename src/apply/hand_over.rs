//! Hands a cleared plan over to the people who operate the portal (procedure step 3): it records
//! every change, then writes the file with all changes, complete or not at all, and then records
//! that the file is there.

use futures_util::StreamExt as _;

use super::send_change::{interrupted_outcome, skipped_outcome};
use super::{ChangeListener, Outcome, Stop};
use crate::domain::plan::{Change, ClearedPlan};
use crate::portal::PortalHandOver;
use crate::portal::UploadRow;

/// The most changes that are recorded at a time.
const AT_ONCE: usize = 64;

/// Hands every change over and returns the outcomes in the plan's order.
pub async fn hand_over<P: PortalHandOver, W: ChangeListener>(
    cleared: ClearedPlan<'_>,
    portal: &P,
    stop: &Stop,
    witness: &W,
) -> Vec<Outcome> {
    let changes = &cleared.plan().changes;
    let mut outcomes: Vec<Option<Outcome>> = futures_util::stream::iter(changes)
        .map(|change| announce_change(change, portal, stop, witness))
        .buffered(AT_ONCE)
        .collect()
        .await;
    let rows: Vec<UploadRow<'_>> = changes
        .iter()
        .zip(&outcomes)
        .filter(|(_, ended)| ended.is_none())
        .map(|(change, _)| upload_row(change))
        .collect();
    let ended = if rows.is_empty() {
        None
    } else if stop.is_stop_requested() {
        Some(interrupted_outcome())
    } else {
        Some(match portal.hand_over(&rows) {
            Ok(file) => Outcome::HandedOver { file },
            Err(why) => Outcome::Failed { why },
        })
    };
    for (change, outcome) in changes.iter().zip(&mut outcomes) {
        if let (None, Some(ended)) = (&outcome, &ended) {
            *outcome = Some(ended.clone());
        }
        if let Some(outcome) = outcome {
            witness.on_end(change, outcome).await;
        }
    }
    outcomes.into_iter().flatten().collect()
}

/// Records that a change is about to be handed over. Returns its outcome if it must not be.
async fn announce_change<P: PortalHandOver, W: ChangeListener>(
    change: &Change,
    portal: &P,
    stop: &Stop,
    witness: &W,
) -> Option<Outcome> {
    if stop.is_stop_requested() {
        return Some(interrupted_outcome());
    }
    if let Err(why) = witness.on_begin(change).await {
        return Some(skipped_outcome(why));
    }
    portal.unfit_reason(&upload_row(change)).map(|why| Outcome::Failed { why })
}

fn upload_row(change: &Change) -> UploadRow<'_> {
    UploadRow {
        mailbox: &change.mailbox,
        action: change.target,
        request: change.request.id.as_str(),
    }
}
