//! The audit trail as the portal shows it: `GET /audit`, outside SCIM. May not know HTTP.

use rusqlite::Connection;
use serde_json::{Value, json};

use super::error::Scim;

/// The most entries in one answer; `?after=` the last one's id gives the rest.
const MOST: i64 = 100_000;

/// Entries after that one, the newest last.
pub(crate) fn entries(connection: &Connection, after: i64) -> Scim<Value> {
    let mut statement = connection.prepare_cached(
        "SELECT id, at, actor, user_id, mailbox, from_state, to_state, request, detail FROM audit WHERE id > ?1 ORDER BY id LIMIT ?2",
    )?;
    let rows = statement.query_map([after, MOST], |row| {
        let text = |index| row.get::<_, Option<String>>(index);
        Ok(json!({
            "id": row.get::<_, i64>(0)?,
            "at": text(1)?,
            "actor": text(2)?,
            "user_id": text(3)?,
            "mailbox": text(4)?,
            "from_state": text(5)?,
            "to_state": text(6)?,
            "request": text(7)?,
            "detail": text(8)?,
        }))
    })?;
    let entries: Vec<Value> = rows.collect::<Result<_, _>>()?;
    Ok(json!({"entries": entries}))
}
