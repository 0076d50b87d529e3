//! Follows changes that the portal accepted and still works on, to their end. Reads only.

use std::collections::BTreeMap;
use std::time::Duration;

use super::precondition::{is_met, is_settling};
use super::{Outcome, Stop};
use crate::desired::Target;
use crate::mailbox::Mailbox;
use crate::portal::{self, PortalError, PortalRead};

/// How long, and how often to look.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For how long.
    pub limit: Duration,
    /// The pause before the first look; it grows with each.
    pub first_pause: Duration,
}

/// Looks until every mailbox has settled, patience ends, or the run is asked to stop. Gives what
/// became of each; one that has not settled is unknown.
///
/// # Errors
/// Where the portal can no longer be read.
pub async fn settle<P: PortalRead>(
    portal: &P,
    waiting: &[(Mailbox, Target)],
    patience: Patience,
    stop: &Stop,
) -> Result<BTreeMap<Mailbox, Outcome>, PortalError> {
    let begun = tokio::time::Instant::now();
    let mut open: BTreeMap<Mailbox, Target> = waiting.iter().cloned().collect();
    let mut settled = BTreeMap::new();
    let mut pause = patience.first_pause;
    while !open.is_empty() {
        let asked: Vec<Mailbox> = open.keys().cloned().collect();
        let observed = portal::observe(portal, &asked, &|_, _| {}).await?;
        open.retain(|mailbox, target| {
            let state = observed.get(mailbox).map(|now| &now.state);
            let outcome = match state {
                Some(state) if is_settling(state) => return true,
                Some(state) if is_met(*target, state) => Outcome::Applied {
                    settling: false,
                    detail: None,
                },
                Some(state) => Outcome::Failed {
                    why: format!(
                        "the portal accepted the change and then gave it up; the archive is {state}"
                    ),
                },
                None => Outcome::Failed {
                    why: "the portal no longer has this account".to_owned(),
                },
            };
            settled.insert(mailbox.clone(), outcome);
            false
        });
        let elapsed = begun.elapsed();
        if open.is_empty() || stop.is_asked() || elapsed >= patience.limit {
            break;
        }
        tokio::select! {
            () = tokio::time::sleep(pause.min(patience.limit - elapsed)) => {}
            () = stop.asked() => {}
        }
        pause = (pause * 3 / 2).min(Duration::from_secs(30));
    }
    let waited = begun.elapsed().as_secs();
    settled.extend(open.into_keys().map(|mailbox| {
        let why = format!(
            "the portal was still working on it after {waited} s; run arkib again to find out"
        );
        (mailbox, Outcome::Unknown { why })
    }));
    Ok(settled)
}
