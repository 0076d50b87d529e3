//! The audit trail in the store: one line per change, and how the portal shows them (`GET /audit`,
//! outside SCIM). May not know HTTP.

use jiff::Timestamp;
use rusqlite::{Connection, params};

use super::archive::AuditEntry;
use super::enum_words::{Actor, State};
use super::error::ScimResult;
use super::user;
use super::user::User;

/// The most entries in one answer; `?after=` with the last id gives the rest.
const MOST: i64 = 100_000;

/// The body that shows the entries after that one, the newest last.
pub(crate) fn entries_as_json(connection: &Connection, after: i64) -> ScimResult<String> {
    let mut statement = connection.prepare_cached(
        "SELECT json_object('actor', actor, 'at', at, 'detail', detail, 'from_state', from_state, 'id', id, 'mailbox', mailbox, 'request', request, 'to_state', to_state, 'user_id', user_id) FROM audit WHERE id > ?1 ORDER BY id LIMIT ?2",
    )?;
    let rows = statement.query_map([after, MOST], |row| row.get(0))?;
    let entries: Vec<String> = rows.collect::<Result<_, _>>()?;
    Ok(format!("{{\"entries\":[{}]}}", entries.join(",")))
}

/// Adds a line for each of a user's changes.
pub(crate) fn append_entries(
    connection: &Connection,
    at: Timestamp,
    actor: Actor,
    user: &User,
    changes: &[AuditEntry],
) -> ScimResult<()> {
    for change in changes {
        connection
            .prepare_cached(
                "INSERT INTO audit(at, actor, user_id, mailbox, from_state, to_state, request, detail) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                at.to_string(),
                actor.as_str(),
                user::id_from_seq(user.seq),
                user.user_name,
                change.from.map(State::as_str),
                change.to.map(State::as_str),
                change.request,
                change.detail,
            ])?;
    }
    Ok(())
}
