//! Changes archives in a portal, each alone, or together with others where the portal takes bulk
//! requests.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use super::bulk::Operation;
use super::bulk_writer;
use super::bulk_writer::BulkWriter;
use super::capabilities;
use super::compiled_mapping::CompiledMapping;
use super::connection_config::ConnectionConfig;
use super::http::RequestFailure;
use super::limits::ClientLimits;
use super::mapping_fit;
use super::patch::{
    PatchRequest, build_patch, build_patch_without_path, build_restoring_patch, decode_mailbox,
    user_path,
};
use super::schemas;
use super::scim_client::{ReadWriteClient, SuccessfulResponse};
use super::user::DecodedMailbox;
use crate::domain::archive_state::{AccountState, State};
use crate::domain::mapping::scim::Mapping;
use crate::domain::observed::{ObservedMailbox, PortalId};
use crate::domain::portal_inspection::Capabilities;
use crate::portal::{
    Doing, ErrorKind, MaySend, PortalChange, PortalError, PortalWriter, WriteResult,
};

/// Changes archives; only `apply` holds one.
pub struct Writer {
    http: ReadWriteClient,
    matcher: Arc<CompiledMapping>,
    capabilities: Capabilities,
    bulk: Option<BulkWriter>,
    /// The portal refuses a PATCH with paths and takes one without.
    refuses_paths: AtomicBool,
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
    let http = ReadWriteClient::new(endpoint, limits)?;
    let capabilities = capabilities::discover(&http.to_get_only_client()).await?;
    if !capabilities.patch {
        return Err(PortalError::new(
            ErrorKind::Configuration,
            Doing::AskingCapabilities,
            "the portal says that it does not support PATCH, so arkib cannot change anything",
            "ask the portal's operator to allow PATCH, or make the changes there by hand",
        ));
    }
    let offered = schemas::read(&http.to_get_only_client()).await?;
    let on_request = mapping_fit::is_on_request(mapping, &offered);
    let matcher = Arc::new(CompiledMapping::new(mapping).with_on_request(on_request));
    let bulk = bulk_writer::batch_limits(&capabilities, limits.concurrency)
        .map(|most| BulkWriter::new(&http, &matcher, most));
    let refuses_paths = AtomicBool::default();
    Ok(Writer { http, matcher, capabilities, bulk, refuses_paths })
}

impl Writer {
    fn decode_mailbox(
        &self,
        answer: &SuccessfulResponse,
        id: &PortalId,
        doing: Doing,
    ) -> Result<DecodedMailbox, PortalError> {
        decode_mailbox(&answer.body, answer.etag.as_deref(), id, &self.matcher, doing)
    }

    async fn patch(
        &self,
        write: &PortalChange,
        has_path: bool,
    ) -> Result<SuccessfulResponse, RequestFailure> {
        if !has_path {
            self.check_not_held(write).await?;
        }
        let mapping = &self.matcher.mapping;
        let patch = match has_path {
            true => build_patch(write, mapping),
            false => build_patch_without_path(write, mapping),
        };
        self.send_patch(&write.id, write.version.as_deref(), &patch).await
    }

    async fn send_patch(
        &self,
        id: &PortalId,
        version: Option<&str>,
        patch: &PatchRequest,
    ) -> Result<SuccessfulResponse, RequestFailure> {
        let path = user_path(id, Doing::Changing)?;
        let version = version.filter(|_| self.refuses_stale_versions());
        // Strings alone: this cannot fail.
        let body = serde_json::to_vec(patch).unwrap_or_default();
        self.http.patch(&path, body, version, Doing::Changing).await
    }

    /// The mailbox that an answer to a change shows, if it shows one.
    fn mailbox_of_answer(&self, answer: &SuccessfulResponse, id: &PortalId) -> WriteResult {
        let body = answer.body.trim_ascii();
        if body.is_empty() || body == b"{}" {
            return Ok(None);
        }
        Ok(self.decode_mailbox(answer, id, Doing::Changing)?.mailbox_after_change())
    }

    fn to_operation(&self, write: &PortalChange, version: &str) -> Operation {
        let patch = build_patch(write, &self.matcher.mapping);
        let forms = (&patch, &patch.operations);
        Operation::new_patch(&write.id, version, forms, write.in_other_form)
    }

    /// Without a path some portals replace every attribute of the extension, and a hold would be lost. A
    /// mailbox that this look shows otherwise than before is not changed either.
    async fn check_not_held(&self, write: &PortalChange) -> Result<(), PortalError> {
        if self.matcher.mapping.hold.is_none() {
            return Ok(());
        }
        let Some(now) = self.reread_mailbox(&write.id).await? else {
            return Ok(());
        };
        if now.hold {
            let what = "the portal takes this change only in a form that might remove the legal hold of the archive; nothing was sent";
            let help = "ask the portal's operator to make the change, or to support PATCH with paths (RFC 7644 section 3.5.2)";
            return Err(PortalError::new(ErrorKind::Rejected, Doing::Changing, what, help));
        }
        let is_other_version = write.version.is_some() && now.version != write.version;
        let is_changed = write.target.is_met_by(&now.state) || now.account != AccountState::Active;
        match is_other_version || is_changed {
            true => {
                let what = "the mailbox changed since it was read; nothing was sent";
                Err(PortalError::new(ErrorKind::Stale, Doing::Changing, what, ""))
            }
            false => Ok(()),
        }
    }
}

/// Whether the portal refuses the paths in a PATCH, not the change.
fn refuses_paths(failure: &RequestFailure) -> bool {
    let types = ["invalidPath", "noTarget", "invalidSyntax"];
    failure.status() == Some(400) && types.iter().any(|own| failure.has_scim_type(own))
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").finish_non_exhaustive()
    }
}

impl PortalWriter for Writer {
    fn refuses_stale_versions(&self) -> bool {
        self.capabilities.etag
    }

    async fn reread_mailbox(&self, id: &PortalId) -> Result<Option<ObservedMailbox>, PortalError> {
        let path = user_path(id, Doing::ReadingAgain)?;
        match self
            .http
            .to_get_only_client()
            .get(&path, &self.matcher.single_query(), Doing::ReadingAgain)
            .await
        {
            Ok(answer) => self
                .decode_mailbox(&answer, id, Doing::ReadingAgain)
                .map(|decoded| Some(decoded.into_reported_mailbox())),
            // A web page says that some other server answered: that is no word on the mailbox.
            Err(failure) if failure.status() == Some(404) && !failure.web_page => Ok(None),
            Err(failure) => Err(failure.into()),
        }
    }

    fn max_concurrent_changes(&self, requests: usize) -> usize {
        let bulk = self.bulk.as_ref().map_or(0, BulkWriter::max_concurrent_changes);
        requests.max(bulk)
    }

    async fn write_in_bulk(&self, write: &PortalChange, may_send: &MaySend) -> Option<WriteResult> {
        let (Some(bulk), Some(version)) = (&self.bulk, &write.version) else {
            return None;
        };
        if user_path(&write.id, Doing::Changing).is_err() {
            return None;
        }
        let operation = self.to_operation(write, version);
        bulk.send_change(operation, may_send).await
    }

    async fn write(&self, write: &PortalChange) -> WriteResult {
        let has_path = !write.in_other_form && !self.refuses_paths.load(Relaxed);
        let mut answer = self.patch(write, has_path).await;
        if has_path && answer.as_ref().is_err_and(refuses_paths) {
            let other = self.patch(write, false).await;
            // Where both are refused, the usual form's refusal says more.
            if !other.as_ref().is_err_and(|failure| failure.status() == Some(400)) {
                self.refuses_paths.fetch_or(other.is_ok(), Relaxed);
                answer = other;
            }
        }
        self.mailbox_of_answer(&answer?, &write.id)
    }

    async fn write_in_own_bulk(&self, write: &PortalChange) -> Option<WriteResult> {
        let (bulk, version) = (self.bulk.as_ref()?, write.version.as_ref()?);
        user_path(&write.id, Doing::Changing).ok()?;
        bulk.send_alone(self.to_operation(write, version)).await
    }

    async fn undo_rehearsal(
        &self,
        id: &PortalId,
        version: Option<&str>,
        state: Option<&State>,
    ) -> WriteResult {
        let patch = build_restoring_patch(state, &self.matcher.mapping);
        let answer = self.send_patch(id, version, &patch).await?;
        self.mailbox_of_answer(&answer, id)
    }
}
