//! The one change that arkib makes: PATCH of an archive's state and, where the portal can hold it,
//! of the request that is its authority (RFC 7644 section 3.5.2); alone, or together with others where the portal takes bulk
//! requests.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use super::bulk::Operation;
use super::bulk_writer;
use super::bulk_writer::Together;
use super::capabilities;
use super::capabilities::Capabilities;
use super::endpoint::Endpoint;
use super::http::{Answer, GetOnly, ReadWrite, malformed};
use super::matcher::Matcher;
use super::user;
use super::user::{Decoded, NotAUser};
use super::{Limits, query, wire};
use crate::domain::mapping::scim::{Attribute, Kind, Mapping};
use crate::domain::observed::{ObservedMailbox, PortalId};
use crate::portal::{ErrorKind, MaySend, PortalError, PortalWrite, Target, Write, Written};

const READING: &str = "reading the mailbox again";
pub(super) const WRITING: &str = "changing the mailbox";

/// Changes archives; only `apply` holds one.
pub struct Writer {
    http: ReadWrite,
    reads: GetOnly,
    matcher: Arc<Matcher>,
    capabilities: Capabilities,
    together: Option<Together>,
}

/// Connects to a portal to change it.
///
/// # Errors
/// Where the portal does not answer, refuses the token, is not SCIM, or says that it takes no PATCH.
pub async fn connect_to_write(
    endpoint: &Endpoint,
    limits: &Limits,
    mapping: &Mapping,
) -> Result<Writer, PortalError> {
    let http = ReadWrite::open(endpoint, limits)?;
    let reads = http.get_only();
    let capabilities = capabilities::discover(&reads).await?;
    if !capabilities.patch {
        return Err(PortalError {
            kind: ErrorKind::Configuration,
            doing: "asking the portal what it can do".into(),
            detail: "the portal says that it takes no PATCH, so nothing can be changed in it"
                .into(),
            help: "ask the portal's operator to allow PATCH, or make the changes there by hand"
                .into(),
        });
    }
    let matcher = Arc::new(Matcher::new(mapping));
    let together = bulk_writer::most(&capabilities, limits.concurrency)
        .map(|most| Together::new(&http, &matcher, most));
    Ok(Writer {
        http,
        reads,
        matcher,
        capabilities,
        together,
    })
}

impl Writer {
    fn decode(&self, answer: &Answer, id: &PortalId, doing: &str) -> Result<Decoded, PortalError> {
        decode(
            &answer.body,
            answer.etag.as_deref(),
            id,
            &self.matcher,
            doing,
        )
    }

    /// What the portal offers.
    pub fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer")
            .field("capabilities", &self.capabilities)
            .finish_non_exhaustive()
    }
}

impl PortalWrite for Writer {
    fn refuses_stale(&self) -> bool {
        self.capabilities.etag
    }

    async fn reread(&self, id: &PortalId) -> Result<Option<ObservedMailbox>, PortalError> {
        let path = path(id, READING)?;
        match self.reads.get(&path, "", READING).await {
            Ok(answer) => self
                .decode(&answer, id, READING)
                .map(|decoded| Some(decoded.into_said())),
            // A web page says that some other server answered: that is no word on the mailbox.
            Err(failure) if failure.status == Some(404) && !failure.web_page => Ok(None),
            Err(failure) => Err(failure.into()),
        }
    }

    fn at_once(&self, requests: usize) -> usize {
        let together = self.together.as_ref().map_or(0, Together::at_once);
        requests.max(together)
    }

    async fn write_together(&self, write: &Write, may_send: &MaySend) -> Option<Written> {
        let (Some(together), Some(version)) = (&self.together, &write.version) else {
            return None;
        };
        if path(&write.id, WRITING).is_err() {
            return None;
        }
        let operation = Operation::patch(&write.id, version, &patch(write, self.matcher.mapping()));
        together.send(operation, may_send).await
    }

    async fn write(&self, write: &Write) -> Written {
        let path = path(&write.id, WRITING)?;
        let version = write.version.as_deref().filter(|_| self.refuses_stale());
        // Strings alone: this cannot fail.
        let body = serde_json::to_vec(&patch(write, self.matcher.mapping())).unwrap_or_default();
        let answer = self.http.patch(&path, body, version, WRITING).await?;
        let body = answer.body.trim_ascii();
        if body.is_empty() || body == b"{}" {
            return Ok(None);
        }
        let decoded = self.decode(&answer, &write.id, WRITING)?;
        // A body that does not name the state tells nothing of what became of it.
        Ok(decoded.said.has_state.then_some(decoded.mailbox))
    }
}

/// The user's path. An id that would lead elsewhere is refused before anything is sent.
fn path(id: &PortalId, doing: &str) -> Result<String, PortalError> {
    if matches!(&**id, "" | "." | "..") {
        return Err(PortalError {
            kind: ErrorKind::Rejected,
            doing: doing.into(),
            detail: "the portal's id of the mailbox cannot stand in an address; nothing was sent"
                .into(),
            help: "tell the portal's operator; RFC 7643 section 3.1 wants an id that can".into(),
        });
    }
    Ok(format!("Users/{}", query::encode(id)))
}

/// The mailbox in an answer, at the version that stands in it or else came with it.
pub(super) fn decode(
    body: &[u8],
    version: Option<&str>,
    id: &PortalId,
    matcher: &Matcher,
    doing: &str,
) -> Result<Decoded, PortalError> {
    let mut decoded = user::decode(body, matcher).map_err(|error| {
        let why = match error {
            NotAUser::Json(why) => why,
            NotAUser::NoObject => "it is no user".into(),
            NotAUser::Lacks(user::Lacks(what)) => format!("the mailbox has no {what}"),
        };
        malformed(doing, &why)
    })?;
    if decoded.mailbox.id != *id {
        return Err(malformed(
            doing,
            "it is another mailbox than the one asked for",
        ));
    }
    if decoded.mailbox.version.is_none() {
        decoded.mailbox.version = version.and_then(user::entity_tag);
    }
    if decoded.said.unreadable_dates > 0 {
        tracing::warn!(
            dates = decoded.said.unreadable_dates,
            "the portal gives dates that are none (RFC 7643 section 2.3.5); they are left out"
        );
    }
    Ok(decoded)
}

#[derive(Serialize)]
struct PatchOp<'a> {
    schemas: [&'a str; 1],
    #[serde(rename = "Operations")]
    operations: Vec<Replace<'a>>,
}

#[derive(Serialize)]
struct Replace<'a> {
    op: &'a str,
    path: String,
    value: Value,
}

/// The portal's word for the state, and the request where the portal can hold it.
fn patch(write: &Write, mapping: &Mapping) -> PatchOp<'static> {
    let replace = |path: &Attribute, value| Replace {
        op: "replace",
        path: path.to_string(),
        value,
    };
    let state = &mapping.state;
    // Who checked the mapping saw to it that there is a word for each.
    let word = mapping
        .word(write.target == Target::Enabled)
        .unwrap_or_default();
    let mut operations = vec![replace(&state.attribute, json(word, state.kind))];
    if let Some(request) = &mapping.request {
        operations.push(replace(request, Value::from(&*write.request)));
    }
    PatchOp {
        schemas: [wire::PATCH_OP],
        operations,
    }
}

/// A word as the portal writes it in JSON.
fn json(word: &str, kind: Kind) -> Value {
    match kind {
        Kind::String => word.into(),
        Kind::Boolean => word.eq_ignore_ascii_case("true").into(),
        Kind::Integer => word
            .parse::<u64>()
            .map_or_else(|_| word.into(), Value::from),
    }
}
