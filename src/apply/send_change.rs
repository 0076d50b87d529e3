//! One change from its precondition to its outcome.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use super::Outcome;
use super::effect::{EffectResult, check_effect, outcome_of_state, reread_until};
use super::precondition::{PreconditionResult, check_precondition, is_settling};
use super::run_state::SharedRunState;
use crate::domain::archive_state::Target;
use crate::domain::observed::ObservedMailbox;
use crate::domain::plan::Change;
use crate::language::Message;
use crate::portal::{ErrorKind, PortalChange, PortalError, PortalWriter};

/// How often one change is sent if the mailbox changed meanwhile or there was no answer.
const ATTEMPTS: usize = 3;

/// A change that was not sent, and why.
pub(super) fn skipped_outcome(why: Message) -> Outcome {
    Outcome::Skipped { why, interrupted: false }
}

/// A change that was not sent because the run was stopped.
pub(super) fn interrupted_outcome() -> Outcome {
    Outcome::Skipped { why: message!("outcome-interrupted"), interrupted: true }
}

/// The outcome of a started change that must not be sent (again), because the breaker opened or
/// the run was stopped. `last` is the error of an earlier attempt that may have
/// taken effect.
fn outcome_if_stopped(run: &SharedRunState<'_>, last: Option<&PortalError>) -> Option<Outcome> {
    match (run.breaker.open_reason(), last) {
        // It is not read again either: if everything fails, the next run can do that better.
        (Some(_), Some(error)) => Some(unknown_outcome(error)),
        (Some(why), None) => Some(skipped_outcome(why)),
        (None, None) if run.stop.is_stop_requested() => Some(interrupted_outcome()),
        (None, _) => None,
    }
}

/// Makes one change. If the portal refuses stale writes itself, the planned version is the
/// precondition; else the mailbox is read right before the write. `sent` becomes true when the portal
/// may have received the change. `None` if the portal accepted it, and it is still to be read back.
pub(super) async fn carry_out<P: PortalWriter>(
    change: &Change,
    portal: &P,
    run: &SharedRunState<'_>,
    sent: &AtomicBool,
) -> Option<Outcome> {
    let outcome = send_with_retries(change, portal, run, sent).await;
    if outcome.as_ref().is_none_or(Outcome::is_done_or_handed_over) {
        run.breaker.count_success();
    }
    outcome
}

/// What this run knows of its own writes of a change.
#[derive(Default)]
struct WriteAttempts {
    /// The portal may have received one.
    any: bool,
    /// One got no clear answer. It may still take effect, and a failing portal may show old data: only
    /// the wanted state proves anything.
    is_unclear: bool,
    /// The error of the last one.
    last: Option<PortalError>,
}

impl WriteAttempts {
    /// The last error, if the change may be done nevertheless.
    fn in_doubt(&self) -> Option<&PortalError> {
        self.last.as_ref().filter(|last| self.is_unclear || last.is_refusal())
    }
}

async fn send_with_retries<P: PortalWriter>(
    change: &Change,
    portal: &P,
    run: &SharedRunState<'_>,
    sent: &AtomicBool,
) -> Option<Outcome> {
    let breaker = &run.breaker;
    let mut write = PortalChange {
        id: change.id.clone(),
        version: change.version.clone(),
        target: change.target,
        request: change.request.id.as_str().into(),
        in_other_form: run.bulk.form() == Some(true),
    };
    let mut writes = WriteAttempts::default();
    // Before a termination the mailbox is always read, even if the portal says that it refuses stale
    // writes: a mailbox on hold must not lose its archive because that is not true.
    let mut must_read = !portal.refuses_stale_versions()
        || run.versions.is_refused()
        || write.version.is_none()
        || change.target == Target::Terminated;
    // A mailbox that was just read cannot wait for a bulk request after that.
    let mut in_bulk = match must_read || run.bulk.form().is_none() {
        true => None,
        false => {
            // Only the result says whether it was sent.
            sent.store(true, Relaxed);
            let offered = portal.write_in_bulk(&write, &run.may_send).await;
            sent.store(offered.is_some(), Relaxed);
            // It may also have been refused with all others, and done.
            writes.any = true;
            offered
        }
    };
    let mut permit = None;
    // The version that the portal refused.
    let mut refused = None;
    let mut is_retried_in_other_form = false;
    let mut is_tried = true;
    for _ in 0..ATTEMPTS {
        let is_bulk = in_bulk.is_some();
        let way = if is_bulk { &run.bulk } else { &run.alone };
        let written = match in_bulk.take() {
            Some(written) => written,
            None => {
                if permit.is_none() {
                    permit = run.permits.acquire().await.ok();
                }
                let in_doubt = writes.in_doubt();
                if let Some(outcome) = outcome_if_stopped(run, in_doubt) {
                    return Some(outcome);
                }
                // A stop: nothing more is sent, and the final check says what became of the change.
                if in_doubt.is_some() && run.stop.is_stop_requested() {
                    break;
                }
                if must_read || run.versions.is_refused() {
                    match recheck_mailbox(change, portal, run, &writes, refused.take()).await {
                        Ok(version) => write.version = version,
                        Err(outcome) => return Some(outcome),
                    }
                }
                write.in_other_form = is_retried_in_other_form || way.form() == Some(true);
                sent.store(true, Relaxed);
                writes.any = true;
                portal.write(&write).await
            }
        };
        match written {
            Ok(answer) => {
                if !is_bulk && write.version.is_some() {
                    run.versions.count_match();
                }
                (run.accepted)(change);
                match check_effect(change, portal, run, way, answer).await {
                    EffectResult::Accepted => {
                        way.count_effect(write.in_other_form);
                        return None;
                    }
                    EffectResult::Ended(outcome) => {
                        if outcome.is_done_or_handed_over() {
                            way.count_effect(write.in_other_form);
                        }
                        return Some(outcome);
                    }
                    EffectResult::NotShown(error) => {
                        run.count_no_effect(is_bulk, write.in_other_form);
                        let is_last = write.in_other_form || way.form() != Some(true);
                        if is_last && !is_bulk {
                            breaker.count_failure(&error);
                            return Some(unknown_outcome(&error));
                        }
                        is_retried_in_other_form = !is_bulk;
                        writes.is_unclear = true;
                        writes.last = Some(error);
                    }
                }
            }
            Err(error) if error.kind == ErrorKind::Stale => {
                refused = write.version.take().filter(|_| !is_bulk);
                writes.last = Some(error);
            }
            Err(error) if error.may_have_happened() => {
                writes.is_unclear = true;
                writes.last = Some(error);
            }
            // It is read before it is sent alone: it may be done.
            Err(error) if is_bulk && error.may_be_taken_alone() => writes.last = Some(error),
            Err(error) if error.is_refusal() => {
                // The other form was worth a try; the problem is that the usual one has no effect.
                match &writes.last {
                    Some(first)
                        if first.kind == ErrorKind::NoEffect
                            && error.kind == ErrorKind::Rejected =>
                    {
                        way.count_no_effect(write.in_other_form);
                    }
                    _ => writes.last = Some(error),
                }
                is_tried = false;
                break;
            }
            Err(error) => {
                breaker.count_failure(&error);
                return Some(failed_outcome(&error, writes.is_unclear));
            }
        }
        must_read = true;
    }
    // Each way out of the loop left its error.
    let error = writes.last.as_ref()?;
    let is_refused_in_bulk = permit.is_none();
    let _permit = match permit {
        None => run.permits.acquire().await.ok(),
        permit => permit,
    };
    // If the token is refused, not every change of a bulk request is looked up.
    if is_refused_in_bulk && breaker.open_reason().is_some() {
        return Some(unknown_outcome(error));
    }
    let ended = outcome_by_lookup(change, portal, &writes, error, is_tried).await;
    if !ended.is_done_or_handed_over() {
        breaker.count_failure(error);
    }
    Some(ended)
}

/// Reads the mailbox and returns its version, if it is still as planned; else the outcome. If the
/// portal goes on showing the version that it refused, it gets none from now on.
async fn recheck_mailbox<P: PortalWriter>(
    change: &Change,
    portal: &P,
    run: &SharedRunState<'_>,
    writes: &WriteAttempts,
    refused: Option<Box<str>>,
) -> Result<Option<Box<str>>, Outcome> {
    let is_in_doubt = |version: &&str| run.versions.is_doubtful(version);
    let refused = refused.as_deref().filter(is_in_doubt);
    let is_same = |now: &ObservedMailbox| refused.is_some() && now.version.as_deref() == refused;
    let is_enough = |now: &ObservedMailbox| run.versions.is_refused() || !is_same(now);
    let now = reread_until(portal, run, &change.id, is_enough).await.map_err(|error| {
        run.breaker.count_failure(&error);
        failed_outcome(&error, writes.is_unclear)
    })?;
    if now.as_ref().is_some_and(is_same) && run.versions.refuse() {
        (run.note)(&message!("outcome-no-versions"));
    }
    match check_precondition(change, now.as_ref()) {
        PreconditionResult::AsPlanned => {
            Ok(now.and_then(|now| now.version).filter(|_| !run.versions.is_refused()))
        }
        PreconditionResult::AlreadyMet => Err(already_met_outcome(change, now.as_ref(), writes)),
        PreconditionResult::Changed(why) => Err(changed_meanwhile_outcome(why, writes.is_unclear)),
    }
}

/// Reads the mailbox after the last write, which had this error, and returns the outcome: a portal may
/// refuse, or answer with an error, what it has done.
async fn outcome_by_lookup<P: PortalWriter>(
    change: &Change,
    portal: &P,
    writes: &WriteAttempts,
    error: &PortalError,
    is_tried: bool,
) -> Outcome {
    let why = &error.detail;
    match portal.reread_mailbox(&change.id).await {
        Err(unread) => {
            Outcome::Unknown { why: message!("outcome-failed-unread", why, again = unread.detail) }
        }
        Ok(now) => match check_precondition(change, now.as_ref()) {
            PreconditionResult::AlreadyMet => already_met_outcome(change, now.as_ref(), writes),
            PreconditionResult::AsPlanned if writes.is_unclear => {
                Outcome::Unknown { why: message!("outcome-may-be-done", why) }
            }
            PreconditionResult::AsPlanned if is_tried => {
                Outcome::Failed { why: message!("outcome-tried", why, count = ATTEMPTS) }
            }
            PreconditionResult::AsPlanned => Outcome::Failed { why: why.clone() },
            PreconditionResult::Changed(now) => changed_meanwhile_outcome(now, writes.is_unclear),
        },
    }
}

/// The mailbox is no longer as planned. If a write got no clear answer, it is unknown whether that
/// write took effect first.
fn changed_meanwhile_outcome(why: Message, is_unclear: bool) -> Outcome {
    if is_unclear {
        Outcome::Unknown { why: message!("outcome-no-clear-answer", why) }
    } else {
        Outcome::Failed { why }
    }
}

/// The wanted state is already there. Only a change that the portal accepted is known to be this run's:
/// the portal names the request, and other runs carry out the same request.
fn already_met_outcome(
    change: &Change,
    now: Option<&ObservedMailbox>,
    writes: &WriteAttempts,
) -> Outcome {
    let is_accepted = writes.last.as_ref().is_some_and(|last| last.kind == ErrorKind::NoEffect);
    if let Some(now) = now.filter(|_| is_accepted) {
        return outcome_of_state(change, now);
    }
    let detail = match (writes.any, writes.is_unclear) {
        (_, true) => message!("outcome-already-unclear"),
        (true, false) => message!("outcome-already-refused"),
        (false, false) => message!("outcome-already-before"),
    };
    let settling = now.is_some_and(|now| is_settling(&now.state));
    Outcome::AlreadySo { detail, settling }
}

/// An error ends the change. If an earlier write got no clear answer, its effect is unknown.
fn failed_outcome(error: &PortalError, is_unclear: bool) -> Outcome {
    if is_unclear {
        return unknown_outcome(error);
    }
    Outcome::Failed { why: error.detail.clone() }
}

fn unknown_outcome(error: &PortalError) -> Outcome {
    Outcome::Unknown { why: message!("outcome-run-again", why = &error.detail) }
}
