//! A user as writes have it, and how a SCIM document becomes one (RFC 7643 sections 3 and 4.1).
//! May not know HTTP or which writes are allowed.

use jiff::Timestamp;
use serde_json::Value;

use super::archive::Archive;
use super::attribute_path::Document;
use super::enum_words::{Account, State};
use super::error::{ScimError, ScimResult};
use crate::domain::mapping::scim_urns as wire;

/// The longest userName, in bytes.
const MAX_USER_NAME: usize = 512;

/// One user as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct User {
    pub(crate) seq: i64,
    pub(crate) user_name: String,
    pub(crate) archive: Archive,
    pub(crate) version: i64,
    /// `None`: it was always there.
    pub(crate) created: Option<Timestamp>,
    pub(crate) modified: Timestamp,
    /// The other attributes of the core schema.
    pub(crate) core: Document,
}

impl User {
    /// A new user; the store assigns its `seq`.
    pub(crate) fn new(user_name: String, archive: Archive, core: Document, now: Timestamp) -> Self {
        Self { seq: 0, user_name, archive, version: 1, created: Some(now), modified: now, core }
    }
}

/// The SCIM `id` of a row.
pub(crate) fn id_from_seq(seq: i64) -> String {
    format!("{seq:08x}")
}

/// The row of a SCIM `id`; `None` where no row can have it.
pub(crate) fn seq_from_id(text: &str) -> Option<i64> {
    let seq = i64::from_str_radix(text, 16).ok()?;
    (id_from_seq(seq) == text).then_some(seq)
}

/// The address of a row's resource, as in `meta.location`.
pub(crate) fn location(base: &str, seq: i64) -> String {
    format!("{base}/Users/{}", id_from_seq(seq))
}

/// The entity tag of a version (RFC 7644 section 3.14).
pub(crate) fn etag(version: i64) -> String {
    format!("W/\"{version}\"")
}

/// The key that is equal for names that differ only in case.
pub(crate) fn user_name_key(user_name: &str) -> String {
    user_name.to_lowercase()
}

/// Splits a checked document: the name, the wanted archive and account, and the rest.
/// With `absent`, an attribute of the extension that is not named stays as it is there (POST and
/// PUT: absence is never an instruction); without, it is unassigned (PATCH).
///
/// # Errors
/// 400 for an invalid name or word.
pub(crate) fn split_document(
    mut document: Document,
    absent: Option<&Archive>,
) -> ScimResult<(String, Archive, Document)> {
    let user_name = match document.remove("userName") {
        Some(Value::String(name)) => name,
        _ => return Err(ScimError::invalid_value("`userName` is required")),
    };
    let plain = !user_name.trim().is_empty() && !user_name.chars().any(char::is_control);
    if !plain || user_name.len() > MAX_USER_NAME {
        return Err(ScimError::invalid_value(format!(
            "`userName` must be one to {MAX_USER_NAME} bytes without control characters"
        )));
    }
    let mut wanted = absent.cloned().unwrap_or_default();
    if let Some(Value::Bool(active)) = document.remove("active") {
        wanted.active = Some(active);
    }
    let members = document.remove(wire::MAILBOX).unwrap_or_default();
    let text = |name: &str| members.get(name).and_then(Value::as_str);
    if let Some(word) = text("state") {
        wanted.state = State::parse(word).ok_or_else(|| {
            ScimError::invalid_value(
                "`state` must be disabled, enabled or terminated; enabling and terminating are set by the portal only",
            )
        })?;
    }
    if let Some(word) = text("account") {
        let account = Account::parse(word).ok_or_else(|| {
            ScimError::invalid_value(
                "`account` must be active, disabled, requested-to-delete or deleted",
            )
        })?;
        wanted.account = Some(account);
    }
    if let Some(request) = text("request") {
        wanted.request = Some(request.to_owned());
    }
    if let Some(hold) = members.get("hold").and_then(Value::as_bool) {
        wanted.hold = Some(hold);
    }
    // The password is accepted and dropped; the rest is set by the portal.
    for name in ["password", "id", "schemas", "meta", "groups"] {
        document.remove(name);
    }
    Ok((user_name, wanted, document))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::devportal::store::{DatabaseLocation, Store};
    use crate::devportal::user_renderer::UserRenderer;
    use crate::devportal::user_table;

    #[test]
    fn refuses_impossible_ids() {
        assert_eq!(seq_from_id(&id_from_seq(1)), Some(1));
        assert_eq!(seq_from_id(&id_from_seq(0x1_2345_6789)), Some(0x1_2345_6789));
        for text in ["", "1", "+0000001", "0000000G", "0000000A", "000000001"] {
            assert_eq!(seq_from_id(text), None, "{text}");
        }
    }

    #[test]
    fn user_documents_round_trip() {
        let user = User {
            seq: 0,
            user_name: "Siti@agensi.example".to_owned(),
            archive: Archive { request: Some("BMT-1".to_owned()), ..Archive::for_new_mailbox() },
            version: 3,
            created: None,
            modified: Timestamp::UNIX_EPOCH,
            core: Document::from_iter([("title".to_owned(), "x".into())]),
        };
        let store = Store::open(&DatabaseLocation::Memory).expect("a store");
        let shown = store.in_write_transaction(|connection| {
            let seq = user_table::insert_user(connection, &user)?;
            UserRenderer::for_whole_user("http://127.0.0.1/scim/v2", true)
                .user_document(connection, seq)
        });
        let (name, wanted, core) = split_document(shown.expect("shown"), None).expect("a user");
        assert_eq!((name, core), (user.user_name, user.core));
        assert_eq!(wanted.request.as_deref(), Some("BMT-1"));
        assert_eq!((wanted.state, wanted.active), (State::Disabled, Some(true)));
    }

    #[test]
    fn put_keeps_and_patch_removes_absent_attributes() {
        let before =
            Archive { state: State::Enabled, hold: Some(true), ..Archive::for_new_mailbox() };
        let document = || Document::from_iter([("userName".to_owned(), "a".into())]);
        let (_, put, _) = split_document(document(), Some(&before)).expect("a user");
        assert_eq!((put.state, put.hold), (State::Enabled, Some(true)));
        let (_, patch, _) = split_document(document(), None).expect("a user");
        assert_eq!((patch.hold, patch.account), (None, None));
    }
}
