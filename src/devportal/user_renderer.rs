//! Writes a user as JSON text straight from its row, as long lists need (RFC 7643 sections 3 and
//! 4.1). May not know HTTP.

use rusqlite::types::{FromSqlError, ValueRef};
use rusqlite::{Connection, Row};
use serde_json::Value;

use super::attribute_path::Document;
use super::error::ScimResult;
use super::projection::Projection;
use super::user;
use super::user_table;
use crate::domain::mapping::scim_urns as wire;

/// How columns of a row are written: the attribute, its part, and the column. NULL is
/// "unassigned", and a number is a flag except for the row and the version.
type Member = (&'static str, Option<&'static str>, &'static str);

const MEMBERS: [Member; 13] = [
    ("userName", None, "user_name"),
    ("active", None, "active"),
    (wire::MAILBOX, Some("state"), "state"),
    (wire::MAILBOX, Some("request"), "request"),
    (wire::MAILBOX, Some("changedAt"), "changed_at"),
    (wire::MAILBOX, Some("recoverableUntil"), "recoverable_until"),
    (wire::MAILBOX, Some("hold"), "hold"),
    (wire::MAILBOX, Some("account"), "account"),
    ("meta", Some("resourceType"), "'User'"),
    ("meta", Some("created"), "created"),
    ("meta", Some("lastModified"), "modified"),
    ("meta", Some("location"), "seq"),
    ("meta", Some("version"), "version"),
];

/// How the users of one answer are written; decided once an answer.
#[derive(Debug)]
pub(crate) struct UserRenderer<'p> {
    base: &'p str,
    members: Vec<Member>,
    /// What is selected of a row: its number and version, a column a member, and the stored JSON.
    columns: String,
    /// The projection of the document, if columns alone are not enough for the answer.
    cut: Option<&'p Projection>,
    /// The text at the start of every user, before its id.
    head: String,
}

impl<'p> UserRenderer<'p> {
    pub(crate) fn new(base: &'p str, projection: &'p Projection) -> Self {
        let uses_only_columns = projection.uses_only_columns();
        let is_shown = |(name, part, _): &Member| {
            !uses_only_columns || projection.includes_attribute(name, *part)
        };
        let members = MEMBERS.into_iter().filter(is_shown).collect();
        let cut = Some(projection)
            .filter(|projection| !uses_only_columns && !projection.includes_everything());
        Self::for_members(base, members, !uses_only_columns, cut)
    }

    /// Everything, or everything but the stored JSON.
    pub(crate) fn for_whole_user(base: &'p str, with_core: bool) -> Self {
        Self::for_members(base, MEMBERS.to_vec(), with_core, None)
    }

    fn for_members(
        base: &'p str,
        members: Vec<Member>,
        with_core: bool,
        cut: Option<&'p Projection>,
    ) -> Self {
        let mut columns = "seq, version".to_owned();
        for (_, _, column) in &members {
            columns.push_str(", ");
            columns.push_str(column);
        }
        columns.push_str(if with_core { ", core" } else { ", '{}'" });
        let schemas = [wire::USER, wire::MAILBOX].join("\",\"");
        Self {
            base,
            members,
            columns,
            cut,
            head: format!("{{\"schemas\":[\"{schemas}\"],\"id\":\""),
        }
    }

    /// What is to be selected of the rows.
    pub(crate) fn selected_columns(&self) -> &str {
        &self.columns
    }

    /// One user with its version.
    ///
    /// # Errors
    /// 404 where there is none.
    pub(crate) fn render_user(
        &self,
        connection: &Connection,
        seq: i64,
    ) -> ScimResult<(i64, Vec<u8>)> {
        user_table::query_user_row(connection, &self.columns, seq, |row| {
            let mut out = Vec::with_capacity(1024);
            self.write_user_json(&mut out, row)?;
            Ok((row.get(1)?, out))
        })
    }

    /// One user as a document, before anything is cut out of it.
    ///
    /// # Errors
    /// 404 where there is none.
    pub(crate) fn user_document(&self, connection: &Connection, seq: i64) -> ScimResult<Document> {
        user_table::query_user_row(connection, &self.columns, seq, |row| self.document_of_row(row))
    }

    /// Appends the user.
    pub(crate) fn write_user_json(&self, out: &mut Vec<u8>, row: &Row<'_>) -> rusqlite::Result<()> {
        let Some(projection) = self.cut else {
            return self.write_stored_user(out, row);
        };
        let shown = projection.apply(self.document_of_row(row)?);
        out.extend_from_slice(Value::Object(shown).to_string().as_bytes());
        Ok(())
    }

    /// The user before anything is cut out of it.
    pub(crate) fn document_of_row(&self, row: &Row<'_>) -> rusqlite::Result<Document> {
        let mut text = Vec::with_capacity(1024);
        self.write_stored_user(&mut text, row)?;
        Ok(serde_json::from_slice(&text).map_err(FromSqlError::other)?)
    }

    fn write_stored_user(&self, out: &mut Vec<u8>, row: &Row<'_>) -> rusqlite::Result<()> {
        let seq = row.get(0)?;
        out.extend_from_slice(self.head.as_bytes());
        out.extend_from_slice(user::id_from_seq(seq).as_bytes());
        out.push(b'"');
        // The attribute whose parts are being written; an attribute without parts is not opened.
        let mut open = "";
        for (index, (attribute, part, column)) in self.members.iter().enumerate() {
            let value = row.get_ref(index + 2)?;
            if value == ValueRef::Null {
                continue;
            }
            if open == *attribute {
                out.push(b',');
            } else {
                close_object(out, open);
                out.push(b',');
                write_member_name(out, attribute);
                open = "";
                if part.is_some() {
                    out.push(b'{');
                    open = attribute;
                }
            }
            if let Some(part) = part {
                write_member_name(out, part);
            }
            match (*column, value) {
                ("seq", _) => write_json_string(out, &user::location(self.base, seq)),
                ("version", ValueRef::Integer(version)) => {
                    write_json_string(out, &user::etag(version))
                }
                (_, ValueRef::Integer(flag)) => {
                    out.extend_from_slice(if flag == 0 { b"false" } else { b"true" });
                }
                (_, text) => write_json_string(out, text.as_str()?),
            }
        }
        close_object(out, open);
        // The members of the stored object, where there are any, follow as they are.
        let core = row.get_ref(self.members.len() + 2)?.as_str()?;
        let stored = core.strip_prefix('{').unwrap_or_default().as_bytes();
        if stored.len() > 1 {
            out.push(b',');
            out.extend_from_slice(stored);
        } else {
            out.push(b'}');
        }
        Ok(())
    }
}

fn close_object(out: &mut Vec<u8>, open: &str) {
    if !open.is_empty() {
        out.push(b'}');
    }
}

/// A name that needs no escape.
fn write_member_name(out: &mut Vec<u8>, name: &str) {
    out.push(b'"');
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(b"\":");
}

/// Appends a JSON string. Writing to memory does not fail.
fn write_json_string(out: &mut Vec<u8>, text: &str) {
    let _ = serde_json::to_writer(out, text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::devportal::archive::Archive;
    use crate::devportal::enum_words::{Account, State};
    use crate::devportal::store::{DatabaseLocation, Store};
    use crate::devportal::user::User;

    fn user(core: &str, user_name: &str) -> User {
        User {
            seq: 0,
            user_name: user_name.to_owned(),
            archive: Archive {
                state: State::Terminated,
                request: Some("BMT-\"1\"".to_owned()),
                changed_at: Some("2026-11-03T04:00:00Z".parse().expect("a time")),
                recoverable_until: None,
                hold: Some(false),
                account: Some(Account::Active),
                active: Some(true),
                settles_at: None,
            },
            version: 3,
            created: "2026-11-01T00:00:00Z".parse().ok(),
            modified: "2026-11-03T04:00:00Z".parse().expect("a time"),
            core: serde_json::from_str(core).expect("an object"),
        }
    }

    /// Rendering from columns and from a document gives the same text for every projection.
    #[test]
    fn columns_and_document_render_alike() {
        let base = "http://127.0.0.1:1/scim/v2";
        let core = r#"{"displayName":"Siti \"A\" {x}","emails":[{"value":"a"}]}"#;
        let urn = wire::MAILBOX;
        for core in [core, "{}"] {
            for attributes in [
                None,
                Some("userName".to_owned()),
                Some("id".to_owned()),
                Some("meta.version".to_owned()),
                Some("meta,active".to_owned()),
                Some(format!("userName,{urn}:recoverableUntil")),
                Some(format!("userName,meta.version,{urn}:state,{urn}:hold")),
                Some(urn.to_owned()),
                Some("userName,displayName".to_owned()),
            ] {
                for name in ["siti@agensi.example", "a\"\\\u{1}é"] {
                    let store = Store::open(&DatabaseLocation::Memory).expect("a store");
                    let projection = Projection::new(attributes.as_deref(), None).expect("fine");
                    let (written, whole) = store
                        .in_write_transaction(|connection| {
                            let seq = user_table::insert_user(connection, &user(core, name))?;
                            let written = UserRenderer::new(base, &projection)
                                .render_user(connection, seq)?;
                            let whole = UserRenderer::for_whole_user(base, true)
                                .render_user(connection, seq)?;
                            Ok((written, whole))
                        })
                        .expect("written");
                    let [written, whole] = [written, whole].map(|(version, text)| {
                        assert_eq!(version, 3);
                        serde_json::from_slice::<Document>(&text).expect("JSON")
                    });
                    assert_eq!(written, projection.apply(whole), "{attributes:?}");
                }
            }
        }
    }

    #[test]
    fn omits_unassigned_attributes() {
        let store = Store::open(&DatabaseLocation::Memory).expect("a store");
        let core = r#"{"displayName":"Siti"}"#;
        let shown = store.in_write_transaction(|connection| {
            let seq = user_table::insert_user(connection, &user(core, "siti@agensi.example"))?;
            UserRenderer::for_whole_user("b", true).render_user(connection, seq)
        });
        let (_, text) = shown.expect("shown");
        assert_eq!(
            serde_json::from_slice::<Value>(&text).expect("JSON"),
            serde_json::json!({
                "schemas": [wire::USER, wire::MAILBOX],
                "id": "00000001",
                "userName": "siti@agensi.example",
                "active": true,
                "displayName": "Siti",
                wire::MAILBOX: {
                    "state": "terminated", "request": "BMT-\"1\"", "hold": false,
                    "changedAt": "2026-11-03T04:00:00Z", "account": "active",
                },
                "meta": {
                    "resourceType": "User", "created": "2026-11-01T00:00:00Z",
                    "lastModified": "2026-11-03T04:00:00Z",
                    "location": "b/Users/00000001", "version": "W/\"3\"",
                },
            })
        );
    }
}
