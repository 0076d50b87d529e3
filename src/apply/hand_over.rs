//! Hands a cleared plan over to the people who operate the portal (procedure step 3): it records
//! every change, writes the file with all changes, records it, lets it appear, complete or not at all,
//! and then records once that it is there.

use futures_util::StreamExt as _;

use super::send_change::{interrupted_outcome, skipped_outcome};
use super::{ChangeListener, Outcome, Stop};
use crate::domain::change_outcome::OutcomeKind;
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
    // What has ended is not in the file.
    for (change, outcome) in changes.iter().zip(&outcomes) {
        if let Some(outcome) = outcome {
            witness.on_end(change, outcome).await;
        }
    }
    let open = changes.iter().zip(&mut outcomes).filter(|(_, outcome)| outcome.is_none());
    let open: Vec<(&Change, &mut Option<Outcome>)> = open.collect();
    let rows: Vec<UploadRow<'_>> = open.iter().map(|(change, _)| upload_row(change)).collect();
    if !rows.is_empty() {
        let ended = hand_over_rows(&rows, portal, stop, witness).await;
        for (change, outcome) in open {
            // That the file is there is on record once.
            if ended.kind() != OutcomeKind::HandedOver {
                witness.on_end(change, &ended).await;
            }
            *outcome = Some(ended.clone());
        }
    }
    outcomes.into_iter().flatten().collect()
}

/// Writes the file, records it, and only then lets it appear: a run that is killed in between leaves
/// no file that no record knows, and the record says which file to look for.
async fn hand_over_rows<P: PortalHandOver, W: ChangeListener>(
    rows: &[UploadRow<'_>],
    portal: &P,
    stop: &Stop,
    witness: &W,
) -> Outcome {
    if stop.is_stop_requested() {
        return interrupted_outcome();
    }
    let file = match portal.prepare(rows) {
        Ok(file) => file,
        Err(why) => return Outcome::Failed { why },
    };
    if let Err(why) = witness.before_hand_over(&file).await {
        return skipped_outcome(why);
    }
    let ended = portal.publish(&file);
    if ended.kind() == OutcomeKind::HandedOver {
        witness.after_hand_over(&file);
    }
    ended
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
    if let Err(why) = witness.before_change(change).await {
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
