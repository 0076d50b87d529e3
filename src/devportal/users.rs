//! Create, replace, patch and delete a user inside one transaction, with its audit trail, and what
//! the portal does by itself as time passes. May not know HTTP.

use rusqlite::Connection;
use serde_json::Value;

use super::Portal;
use super::archive::{Archive, Change, Refusal, Rules, State};
use super::error::{Scim, ScimError};
use super::path::Document;
use super::rows;
use super::rows::Actor;
use super::user;
use super::user::User;
use super::{patch, value};

/// How many archives settle in one transaction.
const SETTLE_AT_ONCE: i64 = 1000;

impl From<Refusal> for ScimError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotWritable(_) => Self::invalid_value(refusal.to_string()),
            Refusal::Busy(_)
            | Refusal::OnHold
            | Refusal::NotActive
            | Refusal::NoArchive
            | Refusal::HasArchive(_) => Self::conflict(refusal.to_string()),
        }
    }
}

/// Whether one of the entity tags in If-Match or If-None-Match is this version's. Weak comparison
/// (RFC 9110 section 8.8.3.2): the portal's tags are weak.
pub(crate) fn tag_matches(header: &str, version: i64) -> bool {
    let tag = user::etag(version);
    let strong = tag.trim_start_matches("W/");
    header.split(',').map(str::trim).any(|candidate| {
        candidate == "*" || candidate.strip_prefix("W/").unwrap_or(candidate) == strong
    })
}

fn guard(if_match: Option<&str>, user: &User) -> Scim<()> {
    match if_match {
        Some(header) if !tag_matches(header, user.version) => Err(ScimError::stale()),
        _ => Ok(()),
    }
}

/// POST (RFC 7644 section 3.3).
pub(crate) fn create(portal: &Portal, connection: &Connection, body: &Value) -> Scim<User> {
    let (user_name, wanted, core) =
        user::take_apart(value::resource(body)?, Some(&Archive::none()))?;
    let rules = portal.rules();
    let (archive, changes) = Archive::create(&wanted, &rules)?;
    let mut user = User {
        seq: 0,
        user_name,
        archive,
        version: 1,
        created: rules.now,
        modified: rules.now,
        core,
    };
    user.seq = rows::insert(connection, &user)?;
    record(connection, &rules, &user, &changes)?;
    Ok(user)
}

/// PUT (RFC 7644 section 3.5.1).
pub(crate) fn replace(
    portal: &Portal,
    connection: &Connection,
    seq: i64,
    if_match: Option<&str>,
    body: &Value,
) -> Scim<User> {
    let before = for_writing(connection, seq, if_match)?;
    let mut document = value::resource(body)?;
    // A PUT that does not name the user still says which one it is.
    document
        .entry("userName")
        .or_insert_with(|| before.user_name.as_str().into());
    save(portal, connection, &before, document, true)
}

/// PATCH (RFC 7644 section 3.5.2).
pub(crate) fn patch(
    portal: &Portal,
    connection: &Connection,
    seq: i64,
    if_match: Option<&str>,
    body: &Value,
) -> Scim<User> {
    let before = for_writing(connection, seq, if_match)?;
    let mut document = before.document(&portal.base);
    patch::apply(&mut document, body)?;
    save(portal, connection, &before, document, false)
}

/// DELETE (RFC 7644 section 3.6). A mailbox on hold that has an archive stays.
pub(crate) fn delete(
    portal: &Portal,
    connection: &Connection,
    seq: i64,
    if_match: Option<&str>,
) -> Scim<()> {
    let user = for_writing(connection, seq, if_match)?;
    let archive = &user.archive;
    let has_archive = !matches!(archive.state, State::Disabled | State::Terminated);
    if archive.hold == Some(true) && has_archive {
        return Err(Refusal::OnHold.into());
    }
    rows::delete(connection, seq)?;
    if archive.state == State::Disabled {
        return Ok(());
    }
    let change = Change {
        from: Some(archive.state),
        to: None,
        request: None,
        detail: "the mailbox was deleted".to_owned(),
    };
    record(connection, &portal.rules(), &user, &[change])
}

fn for_writing(connection: &Connection, seq: i64, if_match: Option<&str>) -> Scim<User> {
    let mut user = rows::load(connection, seq)?;
    if user.archive.state.is_settling() {
        user.archive.settles_at = rows::settles_at(connection, seq)?;
    }
    guard(if_match, &user)?;
    Ok(user)
}

fn save(
    portal: &Portal,
    connection: &Connection,
    before: &User,
    document: Document,
    keep_absent: bool,
) -> Scim<User> {
    let (user_name, wanted, core) =
        user::take_apart(document, keep_absent.then_some(&before.archive))?;
    let rules = portal.rules();
    let (archive, changes) = before.archive.write(&wanted, &rules)?;
    let mut after = User {
        user_name,
        archive,
        core,
        ..before.clone()
    };
    if after == *before {
        return Ok(after);
    }
    after.version += 1;
    after.modified = rules.now;
    rows::update(connection, before, &after)?;
    record(connection, &rules, &after, &changes)?;
    Ok(after)
}

fn record(connection: &Connection, rules: &Rules, user: &User, changes: &[Change]) -> Scim<()> {
    changes
        .iter()
        .try_for_each(|change| rows::record(connection, rules.now, Actor::Client, user, change))
}

/// Ends what has been enabling or terminating long enough. Called before every request, so that
/// nobody sees an archive that is late; costs one look into a small index where there is none.
pub(crate) fn settle(portal: &Portal) -> Scim<()> {
    let now = portal.clock.wall_millis();
    while portal
        .store
        .read(|connection| Ok(!rows::settling(connection, now, 1)?.is_empty()))?
    {
        portal.store.write(|connection| {
            for (seq, at) in rows::settling(connection, now, SETTLE_AT_ONCE)? {
                settle_one(portal, connection, seq, at)?;
            }
            Ok(())
        })?;
    }
    Ok(())
}

fn settle_one(portal: &Portal, connection: &Connection, seq: i64, at: i64) -> Scim<()> {
    let before = rows::load(connection, seq)?;
    let mut user = before.clone();
    let rules = Rules {
        now: portal.clock.at_millis(at),
        ..portal.rules()
    };
    user.archive.settles_at = None;
    if let Some((archive, change)) = user.archive.settle(&rules) {
        user.archive = archive;
        user.version += 1;
        user.modified = rules.now;
        rows::record(connection, rules.now, Actor::Portal, &user, &change)?;
    }
    rows::update(connection, &before, &user)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_match_weak_and_strong_alone_and_in_a_list() {
        for header in ["W/\"7\"", "\"7\"", "*", "W/\"1\", W/\"7\""] {
            assert!(tag_matches(header, 7), "{header}");
        }
        for header in ["W/\"8\"", "7", "", "W/\"77\""] {
            assert!(!tag_matches(header, 7), "{header}");
        }
    }
}
