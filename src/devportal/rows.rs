//! Users in the store: the SQL. May not know HTTP or which writes are allowed.

use jiff::Timestamp;
use rusqlite::types::Value as SqlValue;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter};
use serde_json::Value;

use super::archive::{Account, Archive, State};
use super::error::{Scim, ScimError};
use super::path::Document;
use super::user;
use super::user::User;

/// The columns of a [`Record`], in its order; `core` last, which a list of columns leaves out.
const COLUMNS: &str = "seq, user_name, state, request, changed_at, recoverable_until, hold, account, active, version, created, modified";

/// A row as it lies in the store, borrowed: what the fast list writes from.
#[derive(Debug)]
pub(crate) struct Record<'r> {
    pub(crate) seq: i64,
    pub(crate) user_name: &'r str,
    pub(crate) state: &'r str,
    pub(crate) request: Option<&'r str>,
    pub(crate) changed_at: Option<&'r str>,
    pub(crate) recoverable_until: Option<&'r str>,
    pub(crate) hold: Option<bool>,
    pub(crate) account: Option<&'r str>,
    pub(crate) active: Option<bool>,
    pub(crate) version: i64,
    pub(crate) created: &'r str,
    pub(crate) modified: &'r str,
    /// The other core attributes as a JSON object; empty where they were not asked for.
    pub(crate) core: &'r str,
}

fn damaged() -> ScimError {
    tracing::error!("the portal's database has a row that cannot be read");
    ScimError::internal("the database has a row that cannot be read")
}

impl<'r> Record<'r> {
    fn of(row: &'r Row<'_>) -> Scim<Self> {
        let text = |index| -> Scim<&'r str> {
            let value = row.get_ref(index)?;
            value.as_str().map_err(|_| damaged())
        };
        let maybe = |index| -> Scim<Option<&'r str>> {
            let value = row.get_ref(index)?;
            value.as_str_or_null().map_err(|_| damaged())
        };
        Ok(Self {
            seq: row.get(0)?,
            user_name: text(1)?,
            state: text(2)?,
            request: maybe(3)?,
            changed_at: maybe(4)?,
            recoverable_until: maybe(5)?,
            hold: row.get(6)?,
            account: maybe(7)?,
            active: row.get(8)?,
            version: row.get(9)?,
            created: text(10)?,
            modified: text(11)?,
            core: text(12)?,
        })
    }

    /// The row with its words and times read, but for `settles_at`, which only writes need.
    pub(crate) fn user(&self) -> Scim<User> {
        let time = |text: &str| text.parse::<Timestamp>().map_err(|_| damaged());
        let maybe = |text: Option<&str>| text.map(time).transpose();
        let core: Document = match self.core {
            "" => Document::new(),
            core => serde_json::from_str(core).map_err(|_| damaged())?,
        };
        Ok(User {
            seq: self.seq,
            user_name: self.user_name.to_owned(),
            archive: Archive {
                state: State::parse(self.state).ok_or_else(damaged)?,
                request: self.request.map(str::to_owned),
                changed_at: maybe(self.changed_at)?,
                recoverable_until: maybe(self.recoverable_until)?,
                hold: self.hold,
                account: match self.account {
                    Some(word) => Some(Account::parse(word).ok_or_else(damaged)?),
                    None => None,
                },
                active: self.active,
                settles_at: None,
            },
            version: self.version,
            created: time(self.created)?,
            modified: time(self.modified)?,
            core,
        })
    }
}

/// How many users there are.
pub(crate) fn count(connection: &Connection) -> Scim<i64> {
    Ok(connection
        .prepare_cached("SELECT value FROM meta WHERE key = 'users'")?
        .query_row([], |row| row.get(0))?)
}

/// The first and last row that there are.
pub(crate) fn range(connection: &Connection) -> Scim<(i64, i64)> {
    // Two queries in one: SQLite answers `min` and `max` from the ends only when each stands alone.
    Ok(connection
        .prepare_cached(
            "SELECT coalesce((SELECT min(seq) FROM users), 0), coalesce((SELECT max(seq) FROM users), 0)",
        )?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// The row before the one at that offset, so that a list can go on after it.
pub(crate) fn before_offset(connection: &Connection, offset: i64) -> Scim<i64> {
    let (first, last) = range(connection)?;
    // Where no user was ever deleted, rows are numbered without a gap.
    if last - first + 1 == count(connection)? {
        return Ok((first - 1).saturating_add(offset));
    }
    let seq: Option<i64> = connection
        .prepare_cached("SELECT seq FROM users ORDER BY seq LIMIT 1 OFFSET ?1")?
        .query_row([offset], |row| row.get(0))
        .optional()?;
    Ok(seq.map_or(last, |seq| seq - 1))
}

/// Gives `each` the rows after that one, in order, at most so many.
pub(crate) fn scan(
    connection: &Connection,
    after: i64,
    limit: i64,
    with_core: bool,
    mut each: impl FnMut(&Record<'_>) -> Scim<()>,
) -> Scim<()> {
    let core = if with_core { "core" } else { "''" };
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS}, {core} FROM users WHERE seq > ?1 ORDER BY seq LIMIT ?2"
    ))?;
    let mut rows = statement.query([after, limit])?;
    while let Some(row) = rows.next()? {
        each(&Record::of(row)?)?;
    }
    Ok(())
}

/// Gives `each` that row, where there is one.
pub(crate) fn one<T>(
    connection: &Connection,
    seq: i64,
    each: impl FnOnce(&Record<'_>) -> Scim<T>,
) -> Scim<Option<T>> {
    let mut statement =
        connection.prepare_cached(&format!("SELECT {COLUMNS}, core FROM users WHERE seq = ?1"))?;
    let mut rows = statement.query([seq])?;
    match rows.next()? {
        Some(row) => each(&Record::of(row)?).map(Some),
        None => Ok(None),
    }
}

/// That user.
///
/// # Errors
/// 404 where there is none.
pub(crate) fn load(connection: &Connection, seq: i64) -> Scim<User> {
    one(connection, seq, |record| record.user())?
        .ok_or_else(|| ScimError::not_found("user of that id"))
}

/// The row of a name, whatever its case.
pub(crate) fn by_name(connection: &Connection, user_name: &str) -> Scim<Option<i64>> {
    Ok(connection
        .prepare_cached("SELECT seq FROM users WHERE user_key = ?1")?
        .query_row([user::key(user_name)], |row| row.get(0))
        .optional()?)
}

/// When that user's archive settles.
pub(crate) fn settles_at(connection: &Connection, seq: i64) -> Scim<Option<i64>> {
    Ok(connection
        .prepare_cached("SELECT settles_at FROM users WHERE seq = ?1")?
        .query_row([seq], |row| row.get(0))?)
}

/// The users whose archives have settled by that time, with when, the earliest first.
pub(crate) fn settling(connection: &Connection, by: i64, limit: i64) -> Scim<Vec<(i64, i64)>> {
    let mut statement = connection.prepare_cached(
        "SELECT seq, settles_at FROM users WHERE settles_at <= ?1 ORDER BY settles_at, seq LIMIT ?2",
    )?;
    let rows = statement.query_map([by, limit], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The columns that most writes change.
const CHANGING: &str = "state, request, changed_at, recoverable_until, hold, account, active, settles_at, version, modified";

/// A user's values in [`CHANGING`], in its order.
fn changing(user: &User) -> [SqlValue; 10] {
    let archive = &user.archive;
    let time = |at: Option<Timestamp>| at.map(|at| at.to_string()).into();
    [
        archive.state.as_str().to_owned().into(),
        archive.request.clone().into(),
        time(archive.changed_at),
        time(archive.recoverable_until),
        archive.hold.into(),
        archive
            .account
            .map(|account| account.as_str().to_owned())
            .into(),
        archive.active.into(),
        archive.settles_at.into(),
        user.version.into(),
        user.modified.to_string().into(),
    ]
}

/// Adds a user; its `seq` is given by the store.
pub(crate) fn insert(connection: &Connection, user: &User) -> Scim<i64> {
    let others = [
        user::key(&user.user_name).into(),
        user.user_name.clone().into(),
        core_text(user).into(),
        user.created.to_string().into(),
    ];
    connection
        .prepare_cached(&format!(
            "INSERT INTO users({CHANGING}, user_key, user_name, core, created) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)"
        ))?
        .execute(params_from_iter(changing(user).into_iter().chain(others)))?;
    Ok(connection.last_insert_rowid())
}

/// Writes what changed of a user. Most writes change the archive alone, and then neither the index
/// of names nor the stored JSON is touched.
pub(crate) fn update(connection: &Connection, before: &User, after: &User) -> Scim<()> {
    connection
        .prepare_cached(&format!(
            "UPDATE users SET ({CHANGING}) = (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) WHERE seq = ?11"
        ))?
        .execute(params_from_iter(
            changing(after).into_iter().chain([after.seq.into()]),
        ))?;
    if before.user_name != after.user_name || before.core != after.core {
        connection
            .prepare_cached(
                "UPDATE users SET user_key = ?2, user_name = ?3, core = ?4 WHERE seq = ?1",
            )?
            .execute(params![
                after.seq,
                user::key(&after.user_name),
                after.user_name,
                core_text(after),
            ])?;
    }
    Ok(())
}

fn core_text(user: &User) -> String {
    Value::Object(user.core.clone()).to_string()
}

/// Removes a user.
pub(crate) fn delete(connection: &Connection, seq: i64) -> Scim<()> {
    connection
        .prepare_cached("DELETE FROM users WHERE seq = ?1")?
        .execute([seq])?;
    Ok(())
}
