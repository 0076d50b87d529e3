//! Changes that travel together in bulk requests (RFC 7644 section 3.7), where the portal takes them
//! and heeds the version of each. What did not come through is for its sender to send alone.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use super::bulk::{self, Operation, Told};
use super::capabilities::Capabilities;
use super::gather::{Gather, Most};
use super::http::{ReadWrite, malformed};
use super::writer::{WRITING, decode};
use crate::observed::PortalId;
use crate::portal::{Company, ErrorKind, PortalError};

const DOING: &str = "changing mailboxes together";

/// The most changes in one request: what one takes longest is then still far from a time-out.
const MOST_ITEMS: usize = 100;
/// The most bytes of one request.
const MOST_BYTES: usize = 1 << 20;
/// The most bulk requests under way at once. A portal does each in one go.
const MOST_REQUESTS: usize = 4;

/// Sends changes together.
pub(super) struct Together {
    gather: Gather<Operation, Company>,
    most: Most,
    /// A bulk request failed as a whole; there is no second one.
    does_not_work: Arc<AtomicBool>,
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
        let does_not_work = Arc::new(AtomicBool::new(false));
        let (http, learnt) = (http.clone(), Arc::clone(&does_not_work));
        let send = move |operations| {
            let (http, learnt) = (http.clone(), Arc::clone(&learnt));
            async move { send(&http, &learnt, operations).await }
        };
        Self {
            gather: Gather::new(most, send),
            most,
            does_not_work,
        }
    }

    /// How many changes can be under way at once.
    pub(super) fn at_once(&self) -> usize {
        self.most.items * self.most.requests
    }

    /// Sends one change with others.
    pub(super) async fn send(&self, operation: Operation) -> Company {
        let size = operation.size();
        if size > self.most.bytes || self.does_not_work.load(Relaxed) {
            return Company::NotSent;
        }
        let became = self.gather.ask(operation, size).await;
        became.unwrap_or_else(|| Company::Sent(Err(unclear())))
    }
}

async fn send(
    http: &ReadWrite,
    does_not_work: &AtomicBool,
    operations: Vec<Operation>,
) -> Vec<Company> {
    if operations.len() < 2 {
        return vec![Company::NotSent];
    }
    if does_not_work.load(Relaxed) {
        return operations.iter().map(|_| Company::NotTaken).collect();
    }
    exchange(http, &operations).await.unwrap_or_else(|all| {
        tracing::info!("a bulk request failed as a whole; changes are made one by one from here");
        does_not_work.store(true, Relaxed);
        operations.iter().map(|_| all.clone()).collect()
    })
}

/// What became of each change; or, where the request failed as a whole, of all of them.
async fn exchange(http: &ReadWrite, operations: &[Operation]) -> Result<Vec<Company>, Company> {
    let answer = match http.bulk(bulk::request(operations), DOING).await {
        Ok(answer) => answer,
        Err(failure) => {
            let error = PortalError::from(failure);
            return Err(match error.kind {
                // The portal will not have it so; alone it may.
                ErrorKind::Rejected
                | ErrorKind::NotFound
                | ErrorKind::Forbidden
                | ErrorKind::Stale => Company::NotTaken,
                _ => Company::Sent(Err(error)),
            });
        }
    };
    let asked: Vec<PortalId> = operations.iter().map(|it| it.id.clone()).collect();
    let told = bulk::answer(&answer.body, &asked)
        .map_err(|why| Company::Sent(Err(malformed(DOING, &why))))?;
    let each = asked.iter().zip(told);
    Ok(each
        .map(|(id, told)| match told {
            Some(told) => fare(http, id, told),
            None => Company::Sent(Err(unclear())),
        })
        .collect())
}

/// What an operation's status and response say.
fn fare(http: &ReadWrite, id: &PortalId, told: Told) -> Company {
    let response = told.response.as_deref().unwrap_or_default();
    match told.status {
        200..=299 if response.is_empty() => Company::Sent(Ok(None)),
        200..=299 => {
            let decoded = decode(response, told.version.as_deref(), id, WRITING);
            // A body that does not name the state tells nothing of what became of it.
            Company::Sent(decoded.map(|decoded| decoded.has_state.then_some(decoded.mailbox)))
        }
        401 | 403 | 404 | 412 | 500..=599 => {
            let failure = http.refusal(told.status, response, WRITING);
            Company::Sent(Err(failure.into()))
        }
        // Too many, too long, not like this: alone the portal says what is the matter.
        400..=499 => Company::NotTaken,
        _ => Company::Sent(Err(unclear())),
    }
}

/// Nobody knows until the mailbox is read again.
fn unclear() -> PortalError {
    malformed(WRITING, "it does not say what became of this change")
}
