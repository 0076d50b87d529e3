//! Whether a change that the portal accepted is seen in it. Only reads.

use std::time::Duration;

use super::Outcome;
use super::precondition::{is_settling, is_target_reached};
use super::run_state::SharedRunState;
use super::write_habits::WriteWay;
use crate::domain::archive_state::State;
use crate::domain::observed::{ObservedMailbox, PortalId};
use crate::domain::plan::Change;
use crate::portal::{ErrorKind, PortalError, PortalWriter};
use crate::text::excerpt;

/// The most characters shown of a request id from the portal.
const LONGEST_REQUEST: usize = 80;
/// The first pause between two reads; each further one doubles.
const FIRST_PAUSE: Duration = Duration::from_millis(500);

/// What became of a change that the portal accepted.
pub(super) enum Effect {
    /// The change has ended.
    Ended(Outcome),
    /// The portal goes on showing the old state.
    NotShown(PortalError),
}

/// Looks for the effect of an accepted change. An answer that shows the new state is believed once a
/// change that was sent in the same way was also seen by a read of its own; else the mailbox is read
/// again for as long as reads may lag behind writes.
pub(super) async fn see_effect<P: PortalWriter>(
    change: &Change,
    portal: &P,
    run: &SharedRunState<'_>,
    way: &WriteWay,
    answer: Option<ObservedMailbox>,
) -> Effect {
    let is_old = |now: &ObservedMailbox| {
        let is_reached = is_target_reached(change.target, &now.state);
        now.mailbox == change.mailbox && now.state == change.from && !is_reached
    };
    // Where no archive means no attribute, this may be the old state, too.
    let may_be_old = |now: &ObservedMailbox| {
        is_old(now) || now.state.is_not_reported() && change.from == State::Disabled
    };
    let reread = || reread_until(portal, run, &change.id, |now| !may_be_old(now));
    let answer = answer.filter(|now| !is_old(now));
    if let Some(now) = &answer {
        let is_shown = || async {
            // Where it cannot be read, nothing speaks for the answer.
            reread().await.is_ok_and(|now| now.is_some_and(|now| !is_old(&now)))
        };
        if way.works()
            || !is_target_reached(change.target, &now.state)
            || *way.proof.get_or_init(is_shown).await
        {
            return Effect::Ended(outcome_of_state(change, now));
        }
    }
    let what = match reread().await {
        Ok(Some(now)) if is_old(&now) => {
            let detail = format!(
                "the portal accepted the change, but it then shows the archive as {} (after {} s); if that stays so, ask its operator whether this token may change it",
                now.state,
                run.read_lag.as_secs()
            );
            let doing = "changing the mailbox";
            return Effect::NotShown(PortalError::new(ErrorKind::NoEffect, doing, detail, ""));
        }
        Ok(Some(now)) => return Effect::Ended(outcome_of_state(change, &now)),
        Ok(None) => "it no longer has this account".to_owned(),
        Err(error) => format!("it could not be read again: {}", error.detail),
    };
    Effect::Ended(unclear_outcome(&what))
}

/// Reads a mailbox until that is enough, reads can no longer lag behind writes, or the run is stopped.
pub(super) async fn reread_until<P: PortalWriter>(
    portal: &P,
    run: &SharedRunState<'_>,
    id: &PortalId,
    is_enough: impl Fn(&ObservedMailbox) -> bool,
) -> Result<Option<ObservedMailbox>, PortalError> {
    let mut left = run.read_lag;
    let mut pause = FIRST_PAUSE.min(left / 15);
    loop {
        let now = portal.reread_mailbox(id).await?;
        let is_over = left.is_zero() || run.stop.is_stop_requested();
        if is_over || now.as_ref().is_none_or(&is_enough) {
            return Ok(now);
        }
        let wait = pause.min(left);
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = run.stop.wait_until_stop_requested() => {}
        }
        left -= wait;
        pause *= 2;
    }
}

/// The state that the portal shows after it accepted the change decides the outcome.
fn outcome_of_state(change: &Change, now: &ObservedMailbox) -> Outcome {
    let request = now.request.as_deref();
    if now.mailbox != change.mailbox {
        unclear_outcome("it then shows another address for the account")
    } else if now.state.is_not_reported() {
        unclear_outcome("it then does not show the state of the archive")
    } else if !is_target_reached(change.target, &now.state) {
        unclear_outcome(&format!("it then shows the archive as {}", now.state))
    } else if let Some(other) = request.filter(|request| *request != change.request.id.as_str()) {
        Outcome::AlreadySo {
            detail: format!(
                "already done, by this run, whose change the portal accepted, or by someone else, because the portal names the request {}",
                excerpt(other, LONGEST_REQUEST)
            ),
            settling: is_settling(&now.state),
        }
    } else {
        Outcome::Applied { settling: is_settling(&now.state), detail: None }
    }
}

fn unclear_outcome(what: &str) -> Outcome {
    Outcome::Unknown {
        why: format!("the portal accepted the change, but {what}; run arkib again to find out"),
    }
}
