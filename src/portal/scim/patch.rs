//! The one change that arkib makes, on the wire: PATCH of an archive's state and, where the portal can
//! hold it, of the request that is its authority (RFC 7644 section 3.5.2); and the mailbox in an
//! answer. Pure.

use serde::Serialize;
use serde_json::Value;

use super::compiled_mapping::CompiledMapping;
use super::http::malformed_error;
use super::user;
use super::user::DecodedMailbox;
use crate::domain::archive_state::State;
use crate::domain::mapping::scim::{AttributeName, Mapping, ValueKind};
use crate::domain::mapping::scim_urns as wire;
use crate::domain::observed::PortalId;
use crate::portal::{Doing, ErrorKind, PortalChange, PortalError, Target};
use crate::text::percent_encode;

/// The user's path. An id that would lead elsewhere is refused before anything is sent.
pub(super) fn user_path(id: &PortalId, doing: Doing) -> Result<String, PortalError> {
    if matches!(&**id, "" | "." | "..") {
        return Err(PortalError::new(
            ErrorKind::Rejected,
            doing,
            "the portal's id of the mailbox cannot be used in a URL; nothing was sent",
            "tell the portal's operator; RFC 7643 section 3.1 requires an id that can",
        ));
    }
    Ok(format!("Users/{}", percent_encode(id)))
}

/// The mailbox in an answer, at the version that stands in it or else came with it.
pub(super) fn decode_mailbox(
    body: &[u8],
    version: Option<&str>,
    id: &PortalId,
    matcher: &CompiledMapping,
    doing: Doing,
) -> Result<DecodedMailbox, PortalError> {
    let decoded = user::decode(body, matcher);
    let mut decoded = decoded.map_err(|why| malformed_error(doing, &why))?;
    if decoded.mailbox.id != *id {
        return Err(malformed_error(doing, "it is not the requested mailbox"));
    }
    if decoded.mailbox.version.is_none() {
        decoded.mailbox.version = version.and_then(user::parse_entity_tag);
    }
    user::warn_of_unreadable_dates(decoded.unreadable_dates);
    Ok(decoded)
}

/// The body of a PATCH.
#[derive(Serialize)]
pub(super) struct PatchRequest {
    schemas: [&'static str; 1],
    #[serde(rename = "Operations")]
    pub(super) operations: Vec<ReplaceOperation>,
}

#[derive(Serialize)]
pub(super) struct ReplaceOperation {
    op: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Value>,
}

/// The portal's word for the state, and the request where the portal can hold it.
pub(super) fn build_patch(write: &PortalChange, mapping: &Mapping) -> PatchRequest {
    let operations =
        new_values(write, mapping).into_iter().map(|(attribute, value)| replace(attribute, value));
    PatchRequest { schemas: [wire::PATCH_OP], operations: operations.collect() }
}

/// The same as one operation without a path, whose value holds each attribute under its full name. Some
/// portals take only that. (As objects within objects, the form of RFC 7644 section 3.5.2.3, one portal
/// stored an attribute that nobody knows, and another one failed.)
pub(super) fn build_patch_without_path(write: &PortalChange, mapping: &Mapping) -> PatchRequest {
    let values = new_values(write, mapping).into_iter();
    let user = values.map(|(attribute, value)| (attribute.to_string(), value)).collect();
    let value = Some(Value::Object(user));
    let operation = ReplaceOperation { op: "replace", path: None, value };
    PatchRequest { schemas: [wire::PATCH_OP], operations: vec![operation] }
}

/// What is to be written, by attribute.
fn new_values<'m>(write: &PortalChange, mapping: &'m Mapping) -> Vec<(&'m AttributeName, Value)> {
    let state = &mapping.state;
    // Who checked the mapping saw to it that there is a word for each.
    let word = mapping.word_for_state(write.target == Target::Enabled).unwrap_or_default();
    let mut values = vec![(&state.attribute, word_to_json(word, state.kind))];
    if let Some(request) = &mapping.request {
        values.push((request, Value::from(&*write.request)));
    }
    values
}

/// The portal's word for exactly this state; where none is given, the request is removed.
pub(super) fn build_restoring_patch(state: Option<&State>, mapping: &Mapping) -> PatchRequest {
    let attribute = &mapping.state;
    let operations = match (state, &mapping.request) {
        (Some(state), _) => {
            let word = attribute.words.word_for(state).unwrap_or_default();
            vec![replace(&attribute.attribute, word_to_json(word, attribute.kind))]
        }
        (None, request) => request
            .iter()
            .map(|path| ReplaceOperation {
                op: "remove",
                path: Some(path.to_string()),
                value: None,
            })
            .collect(),
    };
    PatchRequest { schemas: [wire::PATCH_OP], operations }
}

fn replace(path: &AttributeName, value: Value) -> ReplaceOperation {
    ReplaceOperation { op: "replace", path: Some(path.to_string()), value: Some(value) }
}

/// A word as the portal writes it in JSON.
fn word_to_json(word: &str, kind: ValueKind) -> Value {
    match kind {
        ValueKind::String => word.into(),
        ValueKind::Boolean => word.eq_ignore_ascii_case("true").into(),
        ValueKind::Integer => word.parse::<u64>().map_or_else(|_| word.into(), Value::from),
    }
}
