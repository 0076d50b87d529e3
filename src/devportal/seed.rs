//! Fills a new database from a roster, once: of two processes that start together one seeds and the
//! other finds it done. May not know HTTP.

use rusqlite::OptionalExtension;
use serde_json::json;

use super::PortalContext;
use super::attribute_path::Document;
use super::error::ScimResult;
use super::options::wall_clock_millis;
use super::roster::{Roster, RosterRow};
use super::store::load_without_index;
use super::user::User;
use super::user_table;

/// How long a change that the roster starts takes if changes are done at once: long enough to be
/// observed in progress, and short enough to wait for.
const BEGUN_MILLIS: i64 = 8_000;

/// What starting found in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeedOutcome {
    /// It was empty, and now holds the mailboxes of the roster (none without a roster).
    Fresh {
        /// How many mailboxes it has.
        mailboxes: u64,
    },
    /// It was in use already and was left as it is.
    Kept {
        /// How many mailboxes it has.
        mailboxes: u64,
        /// Whether it was seeded from the roster given; true where none was given.
        same_roster: bool,
    },
}

/// Seeds the database where no user has ever been in it.
pub(crate) fn seed(portal: &PortalContext, roster: Option<&Roster>) -> ScimResult<SeedOutcome> {
    portal.store.in_write_transaction(|connection| {
        // This also covers a database that was seeded from an empty roster.
        let used: bool = connection.query_row(
            "SELECT EXISTS(SELECT 1 FROM sqlite_sequence WHERE name = 'users') OR EXISTS(SELECT 1 FROM meta WHERE key = 'roster')",
            [],
            |row| row.get(0),
        )?;
        if !used && let Some(roster) = roster {
            load_without_index(connection, || {
                for row in &roster.rows {
                    user_table::insert_user(connection, &user_from_row(portal, row))?;
                }
                Ok(())
            })?;
            connection.execute("INSERT INTO meta VALUES('roster', ?1)", [roster.digest()])?;
        }
        let mailboxes = user_table::count_users(connection)?.unsigned_abs();
        if !used {
            return Ok(SeedOutcome::Fresh { mailboxes });
        }
        let digest: Option<String> = connection
            .query_row("SELECT value FROM meta WHERE key = 'roster'", [], |row| {
                row.get(0)
            })
            .optional()?;
        Ok(SeedOutcome::Kept {
            mailboxes,
            same_roster: roster.is_none_or(|roster| Some(roster.digest()) == digest),
        })
    })
}

/// A row of the roster as a user. One that is enabling or terminating settles as if the portal had
/// accepted the change just now.
fn user_from_row(portal: &PortalContext, row: &RosterRow) -> User {
    let RosterRow { mailbox, name, title, .. } = row;
    let transition_timing = portal.transition_timing();
    let mut archive = row.archive.clone();
    if archive.state.is_settling() {
        let at_once = wall_clock_millis();
        let at_once = at_once.saturating_add(BEGUN_MILLIS);
        archive.settles_at = Some(transition_timing.settles_at.unwrap_or(at_once));
    }
    let email = json!([{"value": mailbox.as_str(), "type": "work", "primary": true}]);
    let mut core = Document::from_iter([
        ("displayName".to_owned(), name.as_str().into()),
        ("name".to_owned(), json!({"formatted": name})),
        ("emails".to_owned(), email),
    ]);
    core.extend(title.as_deref().map(|title| ("title".to_owned(), title.into())));
    let user = User::new(mailbox.to_string(), archive, core, transition_timing.now);
    User { created: row.created, ..user }
}
