//! Users in the store: the SQL. May not know HTTP or which writes are allowed.

use jiff::Timestamp;
use rusqlite::types::{FromSqlError, Value as SqlValue};
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};
use serde_json::Value;

use super::archive::Archive;
use super::error::{ScimError, ScimResult};
use super::user;
use super::user::User;

/// How many users there are.
pub(crate) fn count_users(connection: &Connection) -> ScimResult<i64> {
    Ok(connection
        .prepare_cached("SELECT value FROM meta WHERE key = 'users'")?
        .query_row([], |row| row.get(0))?)
}

/// The first and last row that there are.
pub(crate) fn seq_range(connection: &Connection) -> ScimResult<(i64, i64)> {
    // Two queries in one: SQLite answers `min` and `max` from the ends only when each stands alone.
    Ok(connection
        .prepare_cached(
            "SELECT coalesce((SELECT min(seq) FROM users), 0), coalesce((SELECT max(seq) FROM users), 0)",
        )?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// The row before the one at that offset, so that a list can go on after it.
pub(crate) fn seq_before_offset(connection: &Connection, offset: i64) -> ScimResult<i64> {
    let (first, last) = seq_range(connection)?;
    // Where no user was ever deleted, rows are numbered without a gap.
    if last - first + 1 == count_users(connection)? {
        return Ok((first - 1).saturating_add(offset));
    }
    let seq: Option<i64> = connection
        .prepare_cached("SELECT seq FROM users ORDER BY seq LIMIT 1 OFFSET ?1")?
        .query_row([offset], |row| row.get(0))
        .optional()?;
    Ok(seq.map_or(last, |seq| seq - 1))
}

/// Calls `each` with those columns of the rows after `after`, in order, at most `limit` of them.
pub(crate) fn scan_users(
    connection: &Connection,
    columns: &str,
    after: i64,
    limit: i64,
    mut each: impl FnMut(&Row<'_>) -> rusqlite::Result<()>,
) -> ScimResult<()> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {columns} FROM users WHERE seq > ?1 ORDER BY seq LIMIT ?2"
    ))?;
    let mut rows = statement.query([after, limit])?;
    while let Some(row) = rows.next()? {
        each(row)?;
    }
    Ok(())
}

/// Calls `each` with those columns of one row.
///
/// # Errors
/// 404 where there is none.
pub(crate) fn query_user_row<T>(
    connection: &Connection,
    columns: &str,
    seq: i64,
    each: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
) -> ScimResult<T> {
    connection
        .prepare_cached(&format!("SELECT {columns} FROM users WHERE seq = ?1"))?
        .query_row([seq], each)
        .optional()?
        .ok_or_else(|| ScimError::not_found("user with that id"))
}

/// The row of a name, whatever its case.
pub(crate) fn seq_by_user_name(
    connection: &Connection,
    user_name: &str,
) -> ScimResult<Option<i64>> {
    Ok(connection
        .prepare_cached("SELECT seq FROM users WHERE user_key = ?1")?
        .query_row([user::user_name_key(user_name)], |row| row.get(0))
        .optional()?)
}

/// The users whose archives have settled by that time, the earliest first.
pub(crate) fn seqs_due_to_settle(
    connection: &Connection,
    by: i64,
    limit: i64,
) -> ScimResult<Vec<i64>> {
    let mut statement = connection.prepare_cached(
        "SELECT seq FROM users WHERE settles_at <= ?1 ORDER BY settles_at, seq LIMIT ?2",
    )?;
    let rows = statement.query_map([by, limit], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The columns that most writes change.
const CHANGING: &str = "state, request, changed_at, recoverable_until, hold, account, active, settles_at, version, modified";

/// A user's values in [`CHANGING`], in its order.
fn changeable_values(user: &User) -> [SqlValue; 10] {
    let archive = &user.archive;
    let time = |at: Option<Timestamp>| at.map(|at| at.to_string()).into();
    let account = archive.account.map(|account| account.as_str().to_owned());
    [
        archive.state.as_str().to_owned().into(),
        archive.request.clone().into(),
        time(archive.changed_at),
        time(archive.recoverable_until),
        archive.hold.into(),
        account.into(),
        archive.active.into(),
        archive.settles_at.into(),
        user.version.into(),
        user.modified.to_string().into(),
    ]
}

/// That user, to be changed.
///
/// # Errors
/// 404 where there is none.
pub(crate) fn load_user(connection: &Connection, seq: i64) -> ScimResult<User> {
    let columns = format!("{CHANGING}, user_name, created, core");
    query_user_row(connection, &columns, seq, |row| {
        let core = row.get_ref(12)?.as_str()?;
        let maybe = |index| -> rusqlite::Result<Option<Timestamp>> {
            let text = row.get_ref(index)?.as_str_or_null()?;
            Ok(text.map(str::parse).transpose().map_err(FromSqlError::other)?)
        };
        let time = |index| -> rusqlite::Result<Timestamp> {
            Ok(maybe(index)?.ok_or(FromSqlError::InvalidType)?)
        };
        Ok(User {
            seq,
            archive: Archive {
                state: row.get(0)?,
                request: row.get(1)?,
                changed_at: maybe(2)?,
                recoverable_until: maybe(3)?,
                hold: row.get(4)?,
                account: row.get(5)?,
                active: row.get(6)?,
                settles_at: row.get(7)?,
            },
            version: row.get(8)?,
            modified: time(9)?,
            user_name: row.get(10)?,
            created: maybe(11)?,
            core: serde_json::from_str(core).map_err(FromSqlError::other)?,
        })
    })
}

/// Adds a user; the store assigns its `seq`.
pub(crate) fn insert_user(connection: &Connection, user: &User) -> ScimResult<i64> {
    let others = [
        SqlValue::from(user::user_name_key(&user.user_name)),
        user.user_name.clone().into(),
        core_as_json(user).into(),
        user.created.map(|at| at.to_string()).into(),
    ];
    connection
        .prepare_cached(&format!(
            "INSERT INTO users({CHANGING}, user_key, user_name, core, created) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)"
        ))?
        .execute(params_from_iter(changeable_values(user).into_iter().chain(others)))?;
    Ok(connection.last_insert_rowid())
}

/// Writes what changed of a user. Most writes change the archive alone, and then neither the index
/// of names nor the stored JSON is touched.
pub(crate) fn update_user(connection: &Connection, before: &User, after: &User) -> ScimResult<()> {
    connection
        .prepare_cached(&format!(
            "UPDATE users SET ({CHANGING}) = (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) WHERE seq = ?11"
        ))?
        .execute(params_from_iter(changeable_values(after).into_iter().chain([after.seq.into()])))?;
    if before.user_name != after.user_name || before.core != after.core {
        connection
            .prepare_cached(
                "UPDATE users SET user_key = ?2, user_name = ?3, core = ?4 WHERE seq = ?1",
            )?
            .execute(params![
                after.seq,
                user::user_name_key(&after.user_name),
                after.user_name,
                core_as_json(after),
            ])?;
    }
    Ok(())
}

fn core_as_json(user: &User) -> String {
    Value::Object(user.core.clone()).to_string()
}

/// Removes a user.
pub(crate) fn delete_user(connection: &Connection, seq: i64) -> ScimResult<()> {
    connection.prepare_cached("DELETE FROM users WHERE seq = ?1")?.execute([seq])?;
    Ok(())
}
