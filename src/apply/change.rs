//! One change from its precondition to its outcome.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use tokio::sync::Semaphore;

use super::breaker::Breaker;
use super::precondition::{Standing, is_met, is_settling, standing};
use super::{Outcome, Stop};
use crate::domain::archive::Target;
use crate::domain::observed::ObservedMailbox;
use crate::domain::plan::Change;
use crate::portal::{ErrorKind, MaySend, PortalError, PortalWrite, Write};
use crate::text::excerpt;

/// How often one change is sent where the portal changed under it or gave no answer.
const ATTEMPTS: usize = 3;
/// How much of what the portal names as a request is shown, in characters.
const LONGEST_REQUEST: usize = 80;

/// What all changes of a run share.
pub(super) struct Run<'a> {
    pub(super) breaker: Arc<Breaker>,
    stop: &'a Stop,
    /// For changes that are sent by themselves: no more at a time than requests may be.
    turns: Semaphore,
    /// For changes that wait for company.
    may_send: MaySend,
}

impl<'a> Run<'a> {
    pub(super) fn new(requests: usize, stop: &'a Stop) -> Self {
        let breaker = Arc::new(Breaker::default());
        let (breaks, stopped) = (Arc::clone(&breaker), stop.was_asked());
        Self {
            breaker,
            stop,
            turns: Semaphore::new(requests.max(1)),
            may_send: Arc::new(move || breaks.open().is_none() && !stopped()),
        }
    }

    /// How a change that was begun ends without being sent (again), where the breaker opened or a
    /// person said stop: many may have come as far together. `last` is the unclear end of an
    /// earlier sending.
    fn holds_back(&self, last: Option<&PortalError>) -> Option<Outcome> {
        match (self.breaker.open(), last) {
            // Nor is it looked up: where all fails, the next run does that better.
            (Some(_), Some(error)) => Some(unknown(error)),
            (Some(why), None) => Some(held_back(why)),
            (None, None) if self.stop.is_asked() => Some(interrupted()),
            (None, _) => None,
        }
    }
}

/// A change that was not sent, and why.
pub(super) fn held_back(why: String) -> Outcome {
    Outcome::Skipped {
        why,
        interrupted: false,
    }
}

/// A change that was not sent, because a person or the system said stop.
pub(super) fn interrupted() -> Outcome {
    Outcome::Skipped {
        why: "the run was interrupted before this change was sent".to_owned(),
        interrupted: true,
    }
}

/// Makes one change. Where the portal refuses stale writes itself, the version that was planned
/// against is the precondition; else the mailbox is read right before it is written. `sent` tells
/// whoever waits no longer whether the portal may have got it.
pub(super) async fn carry_out<P: PortalWrite>(
    change: &Change,
    portal: &P,
    run: &Run<'_>,
    sent: &AtomicBool,
) -> Outcome {
    let outcome = try_it(change, portal, run, sent).await;
    if outcome.is_good() {
        run.breaker.succeeded();
    }
    outcome
}

async fn try_it<P: PortalWrite>(
    change: &Change,
    portal: &P,
    run: &Run<'_>,
    sent: &AtomicBool,
) -> Outcome {
    let breaker = &run.breaker;
    let mut write = Write {
        id: change.id.clone(),
        version: change.version.clone(),
        target: change.target,
        request: change.request.id.as_str().into(),
    };
    let mut last: Option<PortalError> = None;
    // A write got no clear answer. It may still land; and what a portal that fails shows may be of
    // long ago: only seeing it done says something.
    let mut is_open = false;
    // A termination is looked at right before it is made, even where the portal says that it
    // refuses stale writes: a mailbox on hold must not lose its archive to a false promise.
    let mut must_read =
        !portal.refuses_stale() || write.version.is_none() || change.target == Target::Terminated;
    // What has to be looked at right before cannot wait for company after that.
    let mut in_bulk = match must_read {
        true => None,
        false => {
            // Who offers it learns only at its end whether it was.
            sent.store(true, Relaxed);
            let offered = portal.write_bulk(&write, &run.may_send).await;
            sent.store(offered.is_some(), Relaxed);
            offered
        }
    };
    let mut turn = None;
    for _ in 0..ATTEMPTS {
        let written = match in_bulk.take() {
            Some(written) => written,
            None => {
                if turn.is_none() {
                    turn = run.turns.acquire().await.ok();
                }
                if let Some(outcome) = run.holds_back(last.as_ref().filter(|_| is_open)) {
                    return outcome;
                }
                // What is under way is brought to its end, and nothing is sent any more.
                if is_open && run.stop.is_asked() {
                    break;
                }
                if must_read {
                    match look_again(change, portal, run, is_open).await {
                        Ok(version) => write.version = version,
                        Err(outcome) => return outcome,
                    }
                }
                sent.store(true, Relaxed);
                portal.write(&write).await
            }
        };
        match written {
            Ok(answer) => return answered(change, portal, answer).await,
            Err(error) if error.kind == ErrorKind::Stale => last = Some(error),
            Err(error) if error.may_have_happened() => {
                is_open = true;
                last = Some(error);
            }
            Err(error) => {
                breaker.failed(&error);
                return failed(&error, is_open);
            }
        }
        must_read = true;
    }
    let ended = last_look(change, portal, is_open, last.as_ref()).await;
    if let (false, Some(error)) = (ended.is_good(), &last) {
        breaker.failed(error);
    }
    ended
}

/// Reads the mailbox and gives its version if it is still as planned; else how the change ends.
async fn look_again<P: PortalWrite>(
    change: &Change,
    portal: &P,
    run: &Run<'_>,
    is_open: bool,
) -> Result<Option<Box<str>>, Outcome> {
    let now = portal.reread(&change.id).await.map_err(|error| {
        run.breaker.failed(&error);
        failed(&error, is_open)
    })?;
    match standing(change, now.as_ref()) {
        Standing::AsPlanned => Ok(now.and_then(|now| now.version)),
        Standing::Met => Err(met(change, now.as_ref(), is_open)),
        Standing::Moved(why) => Err(moved(why, is_open)),
    }
}

/// After the last attempt: what became of it.
async fn last_look<P: PortalWrite>(
    change: &Change,
    portal: &P,
    is_open: bool,
    last: Option<&PortalError>,
) -> Outcome {
    let why = last.map_or_else(String::new, |error| error.detail.clone());
    match portal.reread(&change.id).await {
        Err(error) => unknown(last.unwrap_or(&error)),
        Ok(now) => match standing(change, now.as_ref()) {
            Standing::Met => met(change, now.as_ref(), is_open),
            Standing::AsPlanned if is_open => Outcome::Unknown {
                why: format!(
                    "{why}; the portal shows it as not done, but it may still be; run arkib again to find out"
                ),
            },
            Standing::AsPlanned => Outcome::Failed {
                why: format!("{why}; tried {ATTEMPTS} times"),
            },
            Standing::Moved(why) => moved(why, is_open),
        },
    }
}

/// The mailbox is no longer as planned. Where a write of ours got no clear answer, nobody knows whether it
/// was made before that.
fn moved(why: String, is_open: bool) -> Outcome {
    if is_open {
        Outcome::Unknown {
            why: format!("the portal gave no clear answer, and now {why}"),
        }
    } else {
        Outcome::Failed { why }
    }
}

/// The wanted state is there. It is this run's work if a write of ours got no clear answer and the
/// portal names our request.
fn met(change: &Change, now: Option<&ObservedMailbox>, is_open: bool) -> Outcome {
    let (settling, ours) = now.map_or((false, false), |now| {
        (
            is_settling(&now.state),
            now.request.as_deref() == Some(change.request.id.as_str()),
        )
    });
    match (is_open, ours) {
        (true, true) => Outcome::Applied {
            settling,
            detail: Some("the portal gave no clear answer; read again, and it is done".to_owned()),
        },
        (true, false) => Outcome::AlreadySo {
            detail: "it is so now; by this run, which got no clear answer, or by someone else"
                .to_owned(),
            settling,
        },
        (false, _) => Outcome::AlreadySo {
            detail: "found so when it was to be changed".to_owned(),
            settling,
        },
    }
}

/// The portal took the write. Only what it shows afterwards tells what became of it.
async fn answered<P: PortalWrite>(
    change: &Change,
    portal: &P,
    answer: Option<ObservedMailbox>,
) -> Outcome {
    let now = match answer {
        Some(now) => now,
        None => match portal.reread(&change.id).await {
            Ok(Some(now)) => now,
            Ok(None) => {
                return doubtful("now has no such account");
            }
            Err(error) => {
                return doubtful(&format!(
                    "could not be asked what became of it: {}",
                    error.detail
                ));
            }
        },
    };
    if now.mailbox != change.mailbox {
        doubtful("then shows another address for the account")
    } else if now.state.is_not_reported() {
        doubtful("then does not say what state the archive is in")
    } else if !is_met(change.target, &now.state) {
        doubtful(&format!("then shows the archive as {}", now.state))
    } else if let Some(other) = now.request.filter(|it| **it != *change.request.id.as_str()) {
        Outcome::AlreadySo {
            detail: format!(
                "it is so now; by this run, whose change the portal accepted, or by someone else, since it names the request {}",
                excerpt(&other, LONGEST_REQUEST)
            ),
            settling: is_settling(&now.state),
        }
    } else {
        Outcome::Applied {
            settling: is_settling(&now.state),
            detail: None,
        }
    }
}

fn doubtful(what: &str) -> Outcome {
    Outcome::Unknown {
        why: format!("the portal accepted the change, but {what}; run arkib again to find out"),
    }
}

/// An error ends it. Where an earlier write got no clear answer, nobody knows whether that was made.
fn failed(error: &PortalError, is_open: bool) -> Outcome {
    if is_open {
        return unknown(error);
    }
    Outcome::Failed {
        why: error.detail.clone(),
    }
}

fn unknown(error: &PortalError) -> Outcome {
    Outcome::Unknown {
        why: format!("{}; run arkib again to find out", error.detail),
    }
}
