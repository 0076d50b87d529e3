//! The audit trail in the store: one line a change, and how the portal shows them (`GET /audit`,
//! outside SCIM). May not know HTTP.

use jiff::Timestamp;
use rusqlite::{Connection, params};
use serde_json::{Value, json};

use super::archive::{Change, State};
use super::error::Scim;
use super::user;
use super::user::User;

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

/// Who made a change.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Actor {
    Client,
    Portal,
}

/// Adds a line for each of a user's changes.
pub(crate) fn record(
    connection: &Connection,
    at: Timestamp,
    actor: Actor,
    user: &User,
    changes: &[Change],
) -> Scim<()> {
    let actor = match actor {
        Actor::Client => "client",
        Actor::Portal => "portal",
    };
    for change in changes {
        connection
            .prepare_cached(
                "INSERT INTO audit(at, actor, user_id, mailbox, from_state, to_state, request, detail) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                at.to_string(),
                actor,
                user::id(user.seq),
                user.user_name,
                change.from.map(State::as_str),
                change.to.map(State::as_str),
                change.request,
                change.detail,
            ])?;
    }
    Ok(())
}
