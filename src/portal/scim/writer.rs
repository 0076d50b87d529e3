//! Changes archives in a portal, each alone, or together with others where the portal takes bulk
//! requests.

use std::fmt;
use std::sync::Arc;

use super::attribute_index::AttributeIndex;
use super::bulk::Operation;
use super::bulk_writer;
use super::bulk_writer::BulkSender;
use super::capabilities;
use super::connection::{ReadWriteClient, ScimResponse};
use super::connection_config::ConnectionConfig;
use super::limits::ClientLimits;
use super::patch::{
    PatchRequest, WRITING, build_patch, build_restoring_patch, decode_mailbox, user_path,
};
use super::user::DecodedMailbox;
use crate::domain::archive_state::State;
use crate::domain::mapping::scim::Mapping;
use crate::domain::observed::{ObservedMailbox, PortalId};
use crate::domain::portal_inspection::Capabilities;
use crate::portal::{ErrorKind, MaySend, PortalChange, PortalError, PortalWrite, WriteResult};

const READING: &str = "reading the mailbox again";

/// Changes archives; only `apply` holds one.
pub struct Writer {
    http: ReadWriteClient,
    matcher: Arc<AttributeIndex>,
    capabilities: Capabilities,
    bulk: Option<BulkSender>,
}

/// Connects to a portal to change it.
///
/// # Errors
/// Where the portal does not answer, refuses the token, is not SCIM, or says that it takes no PATCH.
pub async fn connect_to_write(
    endpoint: &ConnectionConfig,
    limits: &ClientLimits,
    mapping: &Mapping,
) -> Result<Writer, PortalError> {
    let http = ReadWriteClient::open(endpoint, limits)?;
    let capabilities = capabilities::discover(&http.to_get_only_client()).await?;
    if !capabilities.patch {
        return Err(PortalError::new(
            ErrorKind::Configuration,
            capabilities::DOING,
            "the portal says that it does not support PATCH, so arkib cannot change anything",
            "ask the portal's operator to allow PATCH, or make the changes there by hand",
        ));
    }
    let matcher = Arc::new(AttributeIndex::new(mapping));
    let bulk = bulk_writer::batch_limits(&capabilities, limits.concurrency)
        .map(|most| BulkSender::new(&http, &matcher, most));
    Ok(Writer { http, matcher, capabilities, bulk })
}

impl Writer {
    fn decode_mailbox(
        &self,
        answer: &ScimResponse,
        id: &PortalId,
        doing: &str,
    ) -> Result<DecodedMailbox, PortalError> {
        decode_mailbox(&answer.body, answer.etag.as_deref(), id, &self.matcher, doing)
    }

    fn to_operation(&self, write: &PortalChange, version: &str) -> Operation {
        Operation::new_patch(&write.id, version, &build_patch(write, &self.matcher.mapping))
    }

    async fn send_patch(
        &self,
        id: &PortalId,
        version: Option<&str>,
        patch: &PatchRequest<'_>,
    ) -> WriteResult {
        let path = user_path(id, WRITING)?;
        let version = version.filter(|_| self.refuses_stale_versions());
        // Strings alone: this cannot fail.
        let body = serde_json::to_vec(patch).unwrap_or_default();
        let answer = self.http.patch(&path, body, version, WRITING).await?;
        let body = answer.body.trim_ascii();
        if body.is_empty() || body == b"{}" {
            return Ok(None);
        }
        let decoded = self.decode_mailbox(&answer, id, WRITING)?;
        Ok(decoded.mailbox_after_change())
    }
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").finish_non_exhaustive()
    }
}

impl PortalWrite for Writer {
    fn refuses_stale_versions(&self) -> bool {
        self.capabilities.etag
    }

    async fn reread_mailbox(&self, id: &PortalId) -> Result<Option<ObservedMailbox>, PortalError> {
        let path = user_path(id, READING)?;
        match self.http.to_get_only_client().get(&path, "", READING).await {
            Ok(answer) => self
                .decode_mailbox(&answer, id, READING)
                .map(|decoded| Some(decoded.into_reported_mailbox())),
            // A web page says that some other server answered: that is no word on the mailbox.
            Err(failure) if failure.status() == Some(404) && !failure.web_page => Ok(None),
            Err(failure) => Err(failure.into()),
        }
    }

    fn max_concurrent_changes(&self, requests: usize) -> usize {
        let bulk = self.bulk.as_ref().map_or(0, BulkSender::max_concurrent_changes);
        requests.max(bulk)
    }

    async fn write_in_bulk(&self, write: &PortalChange, may_send: &MaySend) -> Option<WriteResult> {
        let (Some(bulk), Some(version)) = (&self.bulk, &write.version) else {
            return None;
        };
        if user_path(&write.id, WRITING).is_err() {
            return None;
        }
        let operation = self.to_operation(write, version);
        bulk.send_change(operation, may_send).await
    }

    async fn write(&self, write: &PortalChange) -> WriteResult {
        let patch = build_patch(write, &self.matcher.mapping);
        self.send_patch(&write.id, write.version.as_deref(), &patch).await
    }

    async fn write_in_own_bulk(&self, write: &PortalChange) -> Option<WriteResult> {
        let (bulk, version) = (self.bulk.as_ref()?, write.version.as_ref()?);
        user_path(&write.id, WRITING).ok()?;
        bulk.send_alone(self.to_operation(write, version)).await
    }

    async fn restore(
        &self,
        id: &PortalId,
        version: Option<&str>,
        state: Option<&State>,
    ) -> WriteResult {
        let patch = build_restoring_patch(state, &self.matcher.mapping);
        self.send_patch(id, version, &patch).await
    }
}
