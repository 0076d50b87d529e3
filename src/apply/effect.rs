//! Whether a change that the portal accepted is seen in it. Only reads.

use std::time::Duration;

use super::precondition::{is_settling, is_target_reached};
use super::run_state::SharedRunState;
use super::write_methods::WriteMethod;
use super::{Outcome, Stop};
use crate::domain::archive_state::State;
use crate::domain::observed::{ObservedMailbox, PortalId};
use crate::domain::plan::Change;
use crate::language::Message;
use crate::portal::{ErrorKind, PortalError, PortalWriter};
use crate::text::excerpt;

/// The most characters shown of a request id from the portal.
const LONGEST_REQUEST: usize = 80;
/// The first pause between two reads; each further one doubles.
const FIRST_PAUSE: Duration = Duration::from_millis(500);

/// What became of a change that the portal accepted.
pub(super) enum EffectResult {
    /// The change has ended.
    Ended(Outcome),
    /// It seems to be done, or was sent as others that take effect: it is still to be read back.
    Accepted,
    /// The portal goes on showing the old state.
    NotShown(PortalError),
}

/// Looks for the effect of an accepted change: the mailbox is read again for as long as reads may lag
/// behind writes. Once a change that was sent in the same way was seen so, the others are not.
pub(super) async fn check_effect<P: PortalWriter>(
    change: &Change,
    portal: &P,
    run: &SharedRunState<'_>,
    way: &WriteMethod,
    answer: Option<ObservedMailbox>,
) -> EffectResult {
    let reread = || reread_until(portal, run, &change.id, |now| !may_show_prior_state(change, now));
    let mut reread_here = None;
    let is_shown = async || {
        let now = reread().await;
        // Where it cannot be read, nothing speaks for the answer.
        let is_shown =
            now.as_ref().is_ok_and(|now| now.as_ref().is_some_and(|now| shows_effect(change, now)));
        reread_here = Some(now);
        is_shown
    };
    let may_be_done = answer.is_none_or(|now| shows_effect(change, &now));
    let works = may_be_done && (way.works() || *way.proof.get_or_init(is_shown).await);
    let now = match reread_here {
        None if works => return EffectResult::Accepted,
        None => reread().await,
        Some(now) => now,
    };
    let what = match now {
        Ok(Some(now)) if shows_prior_state(change, &now) => {
            let detail = not_shown_message(run, &now);
            let doing = message!("outcome-changing");
            return EffectResult::NotShown(PortalError::new(
                ErrorKind::NoEffect,
                doing,
                detail,
                "",
            ));
        }
        Ok(Some(now)) if shows_effect(change, &now) => return EffectResult::Accepted,
        Ok(Some(now)) => return EffectResult::Ended(outcome_of_state(change, &now)),
        Ok(None) => message!("outcome-account-gone"),
        Err(error) => message!("outcome-not-read-again", detail = error.detail),
    };
    EffectResult::Ended(unclear_outcome(what))
}

pub(super) fn shows_effect(change: &Change, now: &ObservedMailbox) -> bool {
    now.mailbox == change.mailbox && is_target_reached(change.target, &now.state)
}

/// Whether this shows what was before the change.
pub(super) fn shows_prior_state(change: &Change, now: &ObservedMailbox) -> bool {
    now.mailbox == change.mailbox && now.state == change.from && !shows_effect(change, now)
}

/// The same; where no archive means no attribute, a state that is not shown may be the old one, too.
fn may_show_prior_state(change: &Change, now: &ObservedMailbox) -> bool {
    shows_prior_state(change, now) || now.state.is_not_reported() && change.from == State::Disabled
}

pub(super) fn not_shown_message(run: &SharedRunState<'_>, now: &ObservedMailbox) -> Message {
    if run.stop.is_stop_requested() {
        return message!("outcome-interrupted-old", state = &now.state);
    }
    message!("outcome-not-shown", state = &now.state, seconds = run.read_lag.as_secs())
}

/// Reads a mailbox until that is enough, reads can no longer lag behind writes, or the run is stopped.
pub(super) async fn reread_until<P: PortalWriter>(
    portal: &P,
    run: &SharedRunState<'_>,
    id: &PortalId,
    is_enough: impl Fn(&ObservedMailbox) -> bool,
) -> Result<Option<ObservedMailbox>, PortalError> {
    let mut lag = ReadLag::new(run);
    loop {
        let now = portal.reread_mailbox(id).await?;
        if lag.is_over() || now.as_ref().is_none_or(&is_enough) {
            return Ok(now);
        }
        lag.wait().await;
    }
}

/// The time in which reads may lag behind writes.
pub(super) struct ReadLag<'a> {
    stop: &'a Stop,
    left: Duration,
    pause: Duration,
}

impl<'a> ReadLag<'a> {
    pub(super) fn new(run: &SharedRunState<'a>) -> Self {
        let left = run.read_lag;
        Self { stop: run.stop, left, pause: FIRST_PAUSE.min(left / 15) }
    }

    /// Whether no other read is to follow: the time is over, or the run is stopped.
    pub(super) fn is_over(&self) -> bool {
        self.left.is_zero() || self.stop.is_stop_requested()
    }

    /// Waits before another read; each time longer.
    pub(super) async fn wait(&mut self) {
        let wait = self.pause.min(self.left);
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = self.stop.wait_until_stop_requested() => {}
        }
        self.left -= wait;
        self.pause *= 2;
    }
}

/// The state that the portal shows after it accepted the change decides the outcome.
pub(super) fn outcome_of_state(change: &Change, now: &ObservedMailbox) -> Outcome {
    let request = now.request.as_deref();
    if now.mailbox != change.mailbox {
        unclear_outcome(message!("outcome-other-address"))
    } else if now.state.is_not_reported() {
        unclear_outcome(message!("outcome-state-hidden"))
    } else if !is_target_reached(change.target, &now.state) {
        unclear_outcome(message!("outcome-shown-as", state = &now.state))
    } else if let Some(other) = request.filter(|request| *request != change.request.id.as_str()) {
        Outcome::AlreadySo {
            detail: message!("outcome-by-whom", request = excerpt(other, LONGEST_REQUEST)),
            settling: is_settling(&now.state),
        }
    } else {
        Outcome::Applied { settling: is_settling(&now.state) }
    }
}

pub(super) fn unclear_outcome(what: Message) -> Outcome {
    Outcome::Unknown { why: message!("outcome-unclear", what) }
}
