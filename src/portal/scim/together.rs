//! Changes that travel together in bulk requests (RFC 7644 section 3.7), where the portal takes them
//! and heeds the version of each. What did not come through is for its sender to send alone.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::bulk::{self, Operation, Told};
use super::capabilities::Capabilities;
use super::gather::{Gather, Most};
use super::http::{ReadWrite, malformed};
use super::writer::{WRITING, decode};
use crate::observed::{ObservedMailbox, PortalId};
use crate::portal::{ErrorKind, PortalError};

const DOING: &str = "changing mailboxes together";

/// The most changes in one request: what one takes longest is then still far from a time-out.
const MOST_ITEMS: usize = 100;
/// The most bytes of one request.
const MOST_BYTES: usize = 1 << 20;
/// The most bulk requests under way at once. A portal does each in one go.
const MOST_REQUESTS: usize = 4;

/// How one change fared that was sent together with others.
#[derive(Debug)]
pub(super) enum Fared {
    /// As it would have fared alone.
    Ended(Result<Option<ObservedMailbox>, PortalError>),
    /// It was surely not made, and is to be sent alone.
    Alone,
}

/// Sends changes together.
pub(super) struct Together {
    gather: Gather<Operation, Fared>,
    most: Most,
    learnt: Arc<Learnt>,
}

/// What the portal taught while changes were made.
#[derive(Default)]
struct Learnt {
    /// A bulk request failed as a whole; there is no second one.
    does_not_work: AtomicBool,
    /// These did not come through together.
    alone: Mutex<HashSet<PortalId>>,
}

impl Learnt {
    fn alone(&self) -> MutexGuard<'_, HashSet<PortalId>> {
        self.alone.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What fits into one request of this portal, where changes can be sent together: only where each
/// keeps its own precondition, since the look before it would be too long ago.
pub(super) fn most(capabilities: &Capabilities, requests: usize) -> Option<Most> {
    let offered = capabilities.bulk.filter(|_| capabilities.etag)?;
    let most = Most {
        items: offered.max_operations.min(MOST_ITEMS),
        bytes: offered
            .max_payload
            .min(MOST_BYTES)
            .saturating_sub(bulk::ENCLOSURE),
        requests: requests.clamp(1, MOST_REQUESTS),
    };
    (most.items > 1).then_some(most)
}

impl Together {
    pub(super) fn new(http: &ReadWrite, most: Most) -> Self {
        let learnt = Arc::new(Learnt::default());
        let (http, known) = (http.clone(), Arc::clone(&learnt));
        let send = move |operations| {
            let (http, known) = (http.clone(), Arc::clone(&known));
            async move { send(&http, &known, operations).await }
        };
        Self {
            gather: Gather::new(most, send),
            most,
            learnt,
        }
    }

    /// How many changes can be under way at once.
    pub(super) fn at_once(&self) -> usize {
        self.most.items * self.most.requests
    }

    /// Sends one change with others.
    pub(super) async fn send(&self, operation: Operation) -> Fared {
        let size = operation.size();
        let is_to_go_alone = size > self.most.bytes
            || self.learnt.does_not_work.load(Relaxed)
            || self.learnt.alone().contains(&operation.id);
        if is_to_go_alone {
            return Fared::Alone;
        }
        self.gather
            .ask(operation, size)
            .await
            .unwrap_or_else(|| Fared::Ended(Err(unclear())))
    }
}

async fn send(http: &ReadWrite, learnt: &Learnt, operations: Vec<Operation>) -> Vec<Fared> {
    let nobody_gains = operations.len() < 2 || learnt.does_not_work.load(Relaxed);
    if nobody_gains {
        return operations.iter().map(|_| Fared::Alone).collect();
    }
    let fared = exchange(http, &operations).await;
    let fared = fared.unwrap_or_else(|fared_all| {
        tracing::info!("a bulk request failed as a whole; changes are made one by one from here");
        learnt.does_not_work.store(true, Relaxed);
        operations.iter().map(|_| fared_all()).collect()
    });
    // One that may be sent again is sent alone, whatever kept it from coming through.
    let failed = operations
        .iter()
        .zip(&fared)
        .filter(|(_, fared)| !matches!(fared, Fared::Ended(Ok(_))))
        .map(|(operation, _)| operation.id.clone());
    learnt.alone().extend(failed);
    fared
}

/// How each change fared; or, where the request failed as a whole, how all of them did.
async fn exchange(
    http: &ReadWrite,
    operations: &[Operation],
) -> Result<Vec<Fared>, Box<dyn Fn() -> Fared + Send>> {
    let answer = match http.bulk(bulk::request(operations), DOING).await {
        Ok(answer) => answer,
        Err(failure) => {
            let error = PortalError::from(failure);
            return Err(match error.kind {
                // The portal will not have it so; alone it may.
                ErrorKind::Rejected
                | ErrorKind::NotFound
                | ErrorKind::Forbidden
                | ErrorKind::Stale => Box::new(|| Fared::Alone),
                _ => Box::new(move || Fared::Ended(Err(error.clone()))),
            });
        }
    };
    let asked: Vec<PortalId> = operations.iter().map(|it| it.id.clone()).collect();
    match bulk::answer(&answer.body, &asked) {
        Ok(told) => Ok(asked
            .iter()
            .zip(told)
            .map(|(id, told)| {
                told.map_or_else(|| Fared::Ended(Err(unclear())), |told| fare(http, id, told))
            })
            .collect()),
        Err(why) => {
            let error = malformed(DOING, &why);
            Err(Box::new(move || Fared::Ended(Err(error.clone()))))
        }
    }
}

/// What an operation's status and response say.
fn fare(http: &ReadWrite, id: &PortalId, told: Told) -> Fared {
    let response = told.response.as_deref().unwrap_or_default();
    match told.status {
        200..=299 if response.is_empty() => Fared::Ended(Ok(None)),
        200..=299 => Fared::Ended(decode(response, told.version.as_deref(), id, WRITING).map(
            // A body that does not name the state tells nothing of what became of it.
            |decoded| decoded.has_state.then_some(decoded.mailbox),
        )),
        401 | 403 | 404 | 412 | 500..=599 => {
            let failure = http.refusal(told.status, response, WRITING);
            Fared::Ended(Err(failure.into()))
        }
        // Too many, too long, not like this: alone the portal says what is the matter.
        400..=499 => Fared::Alone,
        _ => Fared::Ended(Err(unclear())),
    }
}

/// Nobody knows until the mailbox is read again.
fn unclear() -> PortalError {
    malformed(WRITING, "it does not say what became of this change")
}
