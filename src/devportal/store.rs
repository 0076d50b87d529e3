//! The database file: its tables, its connections, its transactions. May not know SCIM's rules.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use super::error::{ScimResult, is_database_busy};
use crate::private_files::open_to_append;

/// Where the portal keeps its data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatabaseLocation {
    /// In memory: gone when the portal stops.
    Memory,
    /// In this file, which is made where there is none. Several processes may have it open.
    File(PathBuf),
}

/// The version of the tables, kept in the file.
const VERSION: i64 = 2;
/// How long one process waits for another's transaction.
const BUSY: Duration = Duration::from_secs(20);
/// Connections kept open for reading.
const READERS: usize = 4;

const TABLES: &str = include_str!("tables.sql");

/// What every insert maintains: separate from the tables, because a bulk load does it once at its end.
const PER_INSERT: &str = "
CREATE UNIQUE INDEX IF NOT EXISTS names ON users(user_key);
CREATE TRIGGER IF NOT EXISTS user_in AFTER INSERT ON users
    BEGIN UPDATE meta SET value = value + 1 WHERE key = 'users'; END;
";

/// Fills an empty table of users inside the caller's transaction, several times as fast as one by one.
pub(crate) fn load_without_index(
    connection: &Connection,
    load: impl FnOnce() -> ScimResult<()>,
) -> ScimResult<()> {
    connection.execute_batch("DROP INDEX names; DROP TRIGGER user_in;")?;
    load()?;
    connection.execute_batch(PER_INSERT)?;
    connection
        .execute("UPDATE meta SET value = (SELECT count(*) FROM users) WHERE key = 'users'", [])?;
    Ok(())
}

/// The connections: one that writes, and for a file some that read beside it.
#[derive(Debug)]
pub(crate) struct Store {
    writer: Mutex<Connection>,
    file: Option<PathBuf>,
    readers: Mutex<Vec<Connection>>,
}

fn lock_mutex<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic in a transaction rolls it back, so the connection can still be used.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Refuses a file of another version or another program.
fn check_database_version(connection: &Connection) -> rusqlite::Result<()> {
    let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))?;
    let why = match version {
        VERSION => return Ok(()),
        0 if tables == 0 => return Ok(()),
        0 => "the file is the database of another program".to_owned(),
        other => {
            format!("the database has version {other}, but this arkib needs version {VERSION}")
        }
    };
    let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_NOTADB);
    Err(rusqlite::Error::SqliteFailure(code, Some(why)))
}

impl Store {
    /// Opens the database and makes its tables.
    pub(crate) fn open(database: &DatabaseLocation) -> rusqlite::Result<Self> {
        let (mut writer, file) = match database {
            DatabaseLocation::Memory => (Connection::open_in_memory()?, None),
            DatabaseLocation::File(file) => {
                // SQLite gives the files beside it the same rights.
                open_to_append(file).map_err(cannot_open)?;
                let writer = Connection::open(file)?;
                writer.busy_timeout(BUSY)?;
                enable_wal(&writer)?;
                (writer, Some(file.clone()))
            }
        };
        writer.set_prepared_statement_cache_capacity(64);
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        check_database_version(&transaction)?;
        transaction.execute_batch(TABLES)?;
        transaction.execute_batch(PER_INSERT)?;
        transaction.pragma_update(None, "user_version", VERSION)?;
        transaction.commit()?;
        Ok(Self { writer: Mutex::new(writer), file, readers: Mutex::new(Vec::new()) })
    }

    /// One transaction that may write; an error undoes all of it. IMMEDIATE, so that of two
    /// processes the second waits before it has read anything.
    pub(crate) fn in_write_transaction<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> ScimResult<T>,
    ) -> ScimResult<T> {
        let mut writer = lock_mutex(&self.writer);
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let done = work(&transaction)?;
        transaction.commit()?;
        Ok(done)
    }

    /// One read-only transaction: it sees the data of one instant.
    pub(crate) fn in_read_transaction<T>(
        &self,
        work: impl FnOnce(&Connection) -> ScimResult<T>,
    ) -> ScimResult<T> {
        let Some(file) = &self.file else {
            return work(&lock_mutex(&self.writer));
        };
        let idle = lock_mutex(&self.readers).pop();
        let mut reader = match idle {
            Some(reader) => reader,
            None => open_read_connection(file)?,
        };
        let transaction = reader.transaction()?;
        let done = work(&transaction)?;
        transaction.finish()?;
        let mut idle = lock_mutex(&self.readers);
        if idle.len() < READERS {
            idle.push(reader);
        }
        Ok(done)
    }
}

fn cannot_open(error: std::io::Error) -> rusqlite::Error {
    let code = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CANTOPEN);
    rusqlite::Error::SqliteFailure(code, Some(error.to_string()))
}

fn open_read_connection(file: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let reader = Connection::open_with_flags(file, flags)?;
    reader.busy_timeout(BUSY)?;
    reader.pragma_update(None, "query_only", true)?;
    reader.set_prepared_statement_cache_capacity(64);
    Ok(reader)
}

/// Turns on the write-ahead log. Unlike elsewhere, SQLite does not wait when another process
/// does the same, so this function waits.
fn enable_wal(connection: &Connection) -> rusqlite::Result<()> {
    let turn_on = || {
        connection
            .pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get::<_, String>(0))
    };
    let mut tries = 0;
    while let Err(error) = turn_on() {
        if tries == 200 || !is_database_busy(&error) {
            return Err(error);
        }
        tries += 1;
        std::thread::sleep(Duration::from_millis(25));
    }
    connection.pragma_update(None, "synchronous", "NORMAL")
}
