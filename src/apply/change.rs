//! One change from its precondition to its outcome.

use super::Outcome;
use super::breaker::Breaker;
use super::precondition::{Standing, is_met, is_settling, standing};
use crate::observed::ObservedMailbox;
use crate::plan::Change;
use crate::portal::{ErrorKind, PortalError, PortalWrite, Write};

/// How often one change is sent where the portal changed under it or gave no answer.
const ATTEMPTS: usize = 3;

/// Makes one change. Where the portal refuses stale writes itself, the version that was planned
/// against is the precondition; else the mailbox is read right before it is written.
pub(super) async fn carry_out<P: PortalWrite>(
    change: &Change,
    portal: &P,
    breaker: &Breaker,
) -> Outcome {
    let outcome = try_it(change, portal, breaker).await;
    if outcome.is_good() {
        breaker.succeeded();
    }
    outcome
}

async fn try_it<P: PortalWrite>(change: &Change, portal: &P, breaker: &Breaker) -> Outcome {
    let mut write = Write {
        id: change.id.clone(),
        version: change.version.clone(),
        target: change.target,
        request: change.request.id.as_str().into(),
    };
    // Whether a write was sent whose fate is not known.
    let mut adrift = false;
    let mut must_read = !portal.refuses_stale() || write.version.is_none();
    for attempt in 1..=ATTEMPTS {
        if must_read {
            match look_again(change, portal, adrift).await {
                Ok(version) => write.version = version,
                Err(Ended::With(outcome)) => return outcome,
                Err(Ended::Failing(error, outcome)) => {
                    breaker.failed(&error);
                    return outcome;
                }
            }
        }
        match portal.write(&write).await {
            Ok(answer) => return answered(change, answer),
            Err(error) if error.kind == ErrorKind::Stale => must_read = true,
            Err(error) if error.may_have_happened() => {
                adrift = true;
                must_read = true;
                if attempt == ATTEMPTS {
                    let last = last_look(change, portal, &error).await;
                    if !last.is_good() {
                        breaker.failed(&error);
                    }
                    return last;
                }
            }
            Err(error) => {
                breaker.failed(&error);
                return failed(&error);
            }
        }
    }
    Outcome::Failed {
        why: format!("the mailbox changed in the portal {ATTEMPTS} times while it was written"),
    }
}

/// Why a change ends without being sent (again).
enum Ended {
    With(Outcome),
    Failing(PortalError, Outcome),
}

/// Reads the mailbox and gives its version if it is still as planned.
async fn look_again<P: PortalWrite>(
    change: &Change,
    portal: &P,
    adrift: bool,
) -> Result<Option<Box<str>>, Ended> {
    let now = match portal.reread(&change.id).await {
        Ok(now) => now,
        Err(error) => {
            let outcome = if adrift {
                unknown(&error)
            } else {
                failed(&error)
            };
            return Err(Ended::Failing(error, outcome));
        }
    };
    match standing(change, now.as_ref()) {
        Standing::AsPlanned => Ok(now.and_then(|now| now.version)),
        Standing::Met(_) => Err(Ended::With(met(change, now.as_ref(), adrift))),
        Standing::Moved(why) => Err(Ended::With(Outcome::Failed { why })),
    }
}

/// After the last attempt got no answer: what became of it.
async fn last_look<P: PortalWrite>(change: &Change, portal: &P, error: &PortalError) -> Outcome {
    match portal.reread(&change.id).await {
        Err(_) => unknown(error),
        Ok(now) => match standing(change, now.as_ref()) {
            Standing::Met(_) => met(change, now.as_ref(), true),
            Standing::AsPlanned => failed(error),
            Standing::Moved(why) => Outcome::Failed { why },
        },
    }
}

/// The wanted state is there. It is this run's work if a write of ours was adrift and the portal
/// names our request.
fn met(change: &Change, now: Option<&ObservedMailbox>, adrift: bool) -> Outcome {
    let (settling, ours) = now.map_or((false, false), |now| {
        (
            is_settling(&now.state),
            now.request.as_deref() == Some(change.request.id.as_str()),
        )
    });
    if adrift && ours {
        Outcome::Applied {
            settling,
            detail: Some("the portal's answer was lost; read again, and it is done".to_owned()),
        }
    } else {
        Outcome::AlreadySo {
            detail: "someone else made this change meanwhile".to_owned(),
            settling,
        }
    }
}

fn answered(change: &Change, answer: Option<ObservedMailbox>) -> Outcome {
    match answer {
        Some(now) if !is_met(change.target, &now.state) => Outcome::Unknown {
            why: format!(
                "the portal accepted the change, but shows the archive as {}",
                crate::visible::excerpt(now.state.as_str(), 60)
            ),
        },
        answer => Outcome::Applied {
            settling: answer.is_some_and(|now| is_settling(&now.state)),
            detail: None,
        },
    }
}

fn failed(error: &PortalError) -> Outcome {
    Outcome::Failed {
        why: error.detail.clone(),
    }
}

fn unknown(error: &PortalError) -> Outcome {
    Outcome::Unknown {
        why: format!("{}; run arkib again to find out", error.detail),
    }
}
