//! Sends changes in bulk requests (RFC 7644 section 3.7), if the portal supports them
//! and the version of each. The caller sends a change alone if bulk did not carry it out.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use super::batcher::{BatchLimits, Batcher};
use super::bulk;
use super::bulk::{Operation, OperationResult};
use super::compiled_mapping::CompiledMapping;
use super::http::{RequestFailure, malformed_error};
use super::patch::decode_mailbox;
use super::scim_client::ReadWriteClient;
use super::user::DecodedMailbox;
use crate::domain::observed::PortalId;
use crate::domain::portal_inspection::Capabilities;
use crate::portal::{Doing, ErrorKind, MaySend, PortalError, WriteResult};

/// The most changes in one request: one that takes a quarter of a second for each still answers
/// before the time-out.
const MOST_ITEMS: usize = 100;
/// The most bytes of one request.
const MOST_BYTES: usize = 1 << 20;
/// About what one change takes, in bytes.
const USUAL_BYTES: usize = 500;
/// The most bulk requests under way at once. A portal processes each as a whole.
const MOST_REQUESTS: usize = 4;

/// A queued change, and whether it may still be sent.
type QueuedChange = (Operation, MaySend);

/// Sends changes in bulk.
pub(super) struct BulkWriter {
    batcher: Batcher<QueuedChange, Option<WriteResult>>,
    limits: BatchLimits,
    channel: Arc<BulkClient>,
}

/// What bulk requests are sent over, and how their answers are read.
struct BulkClient {
    http: ReadWriteClient,
    matcher: Arc<CompiledMapping>,
    /// A bulk request failed as a whole; no other one is sent.
    is_broken: AtomicBool,
    /// The portal refuses operations in the form that they came in, and takes the other one.
    takes_other_form: AtomicBool,
    /// An operation was taken, so their form is right.
    is_form_known: AtomicBool,
}

/// What fits into one request of this portal, where changes can be sent together: only where each
/// keeps its own precondition, since the look before it would be too long ago.
pub(super) fn batch_limits(capabilities: &Capabilities, requests: usize) -> Option<BatchLimits> {
    let queued = capabilities.bulk.filter(|_| capabilities.etag)?;
    let bytes = queued.bytes.min(MOST_BYTES).saturating_sub(bulk::ENCLOSURE);
    let limits = BatchLimits {
        items: queued.operations.min(MOST_ITEMS).min(bytes / USUAL_BYTES),
        bytes,
        requests: requests.clamp(1, MOST_REQUESTS),
    };
    (limits.items > 1).then_some(limits)
}

impl BulkWriter {
    pub(super) fn new(
        http: &ReadWriteClient,
        matcher: &Arc<CompiledMapping>,
        limits: BatchLimits,
    ) -> Self {
        let channel = Arc::new(BulkClient {
            http: http.clone(),
            matcher: Arc::clone(matcher),
            is_broken: AtomicBool::new(false),
            takes_other_form: AtomicBool::new(false),
            is_form_known: AtomicBool::new(false),
        });
        let sender = Arc::clone(&channel);
        let send = move |queued| Arc::clone(&sender).send_batch(queued);
        Self { batcher: Batcher::new(limits, send), limits, channel }
    }

    /// How many changes can be under way at once.
    pub(super) fn max_concurrent_changes(&self) -> usize {
        self.limits.items * self.limits.requests
    }

    /// Sends one change with others.
    pub(super) async fn send_change(
        &self,
        operation: Operation,
        may_send: &MaySend,
    ) -> Option<WriteResult> {
        let size = operation.size();
        if size > self.limits.bytes || self.channel.is_broken.load(Relaxed) {
            return None;
        }
        let queued = (operation, Arc::clone(may_send));
        let result = self.batcher.submit_item(queued, size).await;
        result.unwrap_or_else(|| Some(Err(unknown_outcome_error())))
    }

    /// Sends a bulk request with only this change.
    pub(super) async fn send_alone(&self, operation: Operation) -> Option<WriteResult> {
        match self.channel.post_operations(&[operation]).await {
            Ok(mut each) => each.pop().flatten(),
            Err(all) => all,
        }
    }
}

impl BulkClient {
    async fn send_batch(self: Arc<Self>, queued: Vec<QueuedChange>) -> Vec<Option<WriteResult>> {
        let count = queued.len();
        // All of a run ask the same.
        let may_send = queued.iter().all(|(_, may_send)| may_send());
        if count < 2 || !may_send || self.is_broken.load(Relaxed) {
            return vec![None; count];
        }
        let operations: Vec<Operation> =
            queued.into_iter().map(|(operation, _)| operation).collect();
        let each = self.post_operations(&operations).await;
        each.unwrap_or_else(|all| {
            tracing::info!("a bulk request failed; from now on changes are sent one by one");
            self.is_broken.store(true, Relaxed);
            vec![all; count]
        })
    }

    /// The result of each change; or, if the request failed as a whole, of all of them. If every
    /// operation is refused, the form may be meant: the portal gets the other one, once.
    async fn post_operations(
        &self,
        operations: &[Operation],
    ) -> Result<Vec<Option<WriteResult>>, Option<WriteResult>> {
        let mut in_other_form = self.takes_other_form.load(Relaxed);
        let mut results = self.post_in_form(operations, in_other_form).await?;
        if !self.is_form_known.load(Relaxed) && every_operation_refused(&results) {
            in_other_form = !in_other_form;
            results = self.post_in_form(operations, in_other_form).await?;
            if every_operation_refused(&results) {
                return Err(None);
            }
        }
        if results.iter().flatten().any(|result| (200..300).contains(&result.status)) {
            self.is_form_known.store(true, Relaxed);
            self.takes_other_form.store(in_other_form, Relaxed);
        }
        let each = operations.iter().zip(results);
        Ok(each.map(|(operation, result)| self.operation_result(&operation.id, result)).collect())
    }

    async fn post_in_form(
        &self,
        operations: &[Operation],
        in_other_form: bool,
    ) -> Result<Vec<Option<OperationResult>>, Option<WriteResult>> {
        let body = bulk::build_request(operations, in_other_form);
        let answer = self.http.post_bulk(body, Doing::ChangingInBulk).await;
        let answer = answer.map_err(|failure| failure_result(failure, true))?;
        let asked: Vec<PortalId> =
            operations.iter().map(|operation| operation.id.clone()).collect();
        let results = bulk::parse_answer(&answer.body, &asked);
        results.map_err(|why| Some(Err(malformed_error(Doing::ChangingInBulk, &why))))
    }

    /// What an operation's status and response say.
    fn operation_result(
        &self,
        id: &PortalId,
        result: Option<OperationResult>,
    ) -> Option<WriteResult> {
        let Some(result) = result else {
            return Some(Err(unknown_outcome_error()));
        };
        let response = result.response.as_deref().unwrap_or_default();
        match result.status {
            200..=299 if response.is_empty() => Some(Ok(None)),
            200..=299 => {
                let version = result.version.as_deref();
                let decoded = decode_mailbox(response, version, id, &self.matcher, Doing::Changing);
                Some(decoded.map(DecodedMailbox::mailbox_after_change))
            }
            400..=599 => failure_result(
                self.http.status_failure(result.status, response, Doing::Changing),
                false,
            ),
            _ => Some(Err(unknown_outcome_error())),
        }
    }
}

/// Whether every operation was refused.
fn every_operation_refused(results: &[Option<OperationResult>]) -> bool {
    results.iter().all(|result| result.as_ref().is_some_and(|result| result.status == 400))
}

/// What a failure makes of a change, or of all that were sent in one request.
fn failure_result(failure: RequestFailure, of_all: bool) -> Option<WriteResult> {
    let status = failure.status();
    let error = PortalError::from(failure);
    match error.kind {
        // A portal that fails in the middle may have made some changes before it sends Retry-After.
        ErrorKind::RateLimited if status == Some(503) => {
            Some(Err(PortalError { kind: ErrorKind::Server, ..error }))
        }
        ErrorKind::RateLimited => None,
        // It refuses this bulk request: sent alone, each change shows what is wrong.
        ErrorKind::Rejected | ErrorKind::NotFound | ErrorKind::Forbidden if of_all => None,
        // No version stood for all of them.
        ErrorKind::Stale if of_all => None,
        _ => Some(Err(error)),
    }
}

/// Nobody knows until the mailbox is read again.
fn unknown_outcome_error() -> PortalError {
    malformed_error(Doing::Changing, "it does not say whether this change was made")
}
