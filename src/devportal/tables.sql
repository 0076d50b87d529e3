-- The tables of the development portal. The number of users is kept by triggers, so that `totalResults`
-- costs nothing on a large list; that of inserts is apart, since a bulk load does without it.

CREATE TABLE IF NOT EXISTS meta(key TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS users(
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    user_key TEXT NOT NULL,
    user_name TEXT NOT NULL,
    state TEXT NOT NULL,
    request TEXT,
    changed_at TEXT,
    recoverable_until TEXT,
    hold INTEGER,
    account TEXT,
    active INTEGER,
    settles_at INTEGER,
    version INTEGER NOT NULL,
    -- NULL: it was always there, as a mailbox of a roster that does not say it.
    created TEXT,
    modified TEXT NOT NULL,
    core TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS settling ON users(settles_at) WHERE settles_at IS NOT NULL;
CREATE TABLE IF NOT EXISTS audit(
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    actor TEXT NOT NULL,
    user_id TEXT NOT NULL,
    mailbox TEXT NOT NULL,
    from_state TEXT,
    to_state TEXT,
    request TEXT,
    detail TEXT NOT NULL
);
INSERT OR IGNORE INTO meta VALUES('users', 0);
CREATE TRIGGER IF NOT EXISTS user_out AFTER DELETE ON users
    BEGIN UPDATE meta SET value = value - 1 WHERE key = 'users'; END;
