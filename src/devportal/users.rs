//! Create, replace, patch and delete a user inside one transaction, with its audit trail, and what
//! the portal does on its own as time passes. May not know HTTP beyond its methods and statuses.

use axum::http::{Method, StatusCode};
use rusqlite::Connection;
use serde_json::Value;

use super::archive::{Archive, AuditEntry, Refusal, Rules};
use super::error::{ScimError, ScimResult};
use super::options::wall_millis;
use super::portal::Portal;
use super::render::Renderer;
use super::user;
use super::user::User;
use super::words::{Actor, State};
use super::{audit, patch, rows, value};

/// How many archives settle in one transaction.
const SETTLE_AT_ONCE: i64 = 1000;

impl From<Refusal> for ScimError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotWritable(_) => Self::invalid_value(refusal.to_string()),
            _ => Self::conflict(refusal.to_string()),
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

/// A change that a client asks for.
#[derive(Debug)]
pub(crate) struct UserWrite<'r> {
    /// POST, PUT, PATCH or DELETE.
    pub(crate) method: &'r Method,
    /// The user to be changed; POST has none.
    pub(crate) seq: Option<i64>,
    pub(crate) if_match: Option<&'r str>,
    /// Null for DELETE.
    pub(crate) body: &'r Value,
}

/// Carries out a change: returns the status and the row of the user.
pub(crate) fn write(
    portal: &Portal,
    connection: &Connection,
    write: &UserWrite<'_>,
) -> ScimResult<(StatusCode, i64)> {
    let Some(seq) = write.seq else {
        return Ok((StatusCode::CREATED, create(portal, connection, write.body)?));
    };
    let before = rows::load(connection, seq)?;
    if let Some(header) = write.if_match.filter(|_| portal.options.if_match)
        && !tag_matches(header, before.version)
    {
        return Err(ScimError::new(
            StatusCode::PRECONDITION_FAILED,
            "the resource has changed since the version in If-Match",
        ));
    }
    if *write.method == Method::DELETE {
        delete(portal, connection, &before)?;
        return Ok((StatusCode::NO_CONTENT, seq));
    }
    change(portal, connection, write, &before)?;
    Ok((StatusCode::OK, seq))
}

/// POST (RFC 7644 section 3.3).
fn create(portal: &Portal, connection: &Connection, body: &Value) -> ScimResult<i64> {
    let (user_name, wanted, core) =
        user::take_apart(value::resource(body)?, Some(&Archive::none()))?;
    let rules = portal.rules();
    let (archive, changes) = Archive::create(&wanted, &rules)?;
    let mut user = User::new(user_name, archive, core, rules.now);
    user.seq = rows::insert(connection, &user)?;
    audit::append_entries(connection, rules.now, Actor::Client, &user, &changes)?;
    Ok(user.seq)
}

/// PUT (RFC 7644 section 3.5.1) or PATCH (section 3.5.2).
fn change(
    portal: &Portal,
    connection: &Connection,
    write: &UserWrite<'_>,
    before: &User,
) -> ScimResult<()> {
    let (user_name, wanted, core) = if *write.method == Method::PUT {
        let mut document = value::resource(write.body)?;
        // A PUT without userName keeps the name.
        document
            .entry("userName")
            .or_insert_with(|| before.user_name.as_str().into());
        user::take_apart(document, Some(&before.archive))?
    } else {
        let whole = Renderer::whole(&portal.base, true);
        let mut document = whole.user_document(connection, before.seq)?;
        patch::apply(&mut document, write.body)?;
        user::take_apart(document, None)?
    };
    let rules = portal.rules();
    let (archive, changes) = before.archive.write(&wanted, &rules)?;
    let mut after = User {
        user_name,
        archive,
        core,
        ..before.clone()
    };
    if after == *before {
        return Ok(());
    }
    after.version += 1;
    after.modified = rules.now;
    rows::update(connection, before, &after)?;
    audit::append_entries(connection, rules.now, Actor::Client, &after, &changes)
}

/// DELETE (RFC 7644 section 3.6). A mailbox on hold that has an archive stays.
fn delete(portal: &Portal, connection: &Connection, user: &User) -> ScimResult<()> {
    let Archive { state, hold, .. } = user.archive;
    let has_archive = !matches!(state, State::Disabled | State::Terminated);
    if hold == Some(true) && has_archive {
        return Err(Refusal::OnHold.into());
    }
    rows::delete(connection, user.seq)?;
    if state == State::Disabled {
        return Ok(());
    }
    let change = AuditEntry {
        from: Some(state),
        to: None,
        request: None,
        detail: "the mailbox was deleted".to_owned(),
    };
    let now = portal.options.clock.now();
    audit::append_entries(connection, now, Actor::Client, user, &[change])
}

/// Finishes enabling and terminating that is due. Called before every request, so that
/// nobody sees an overdue archive; costs one lookup in a small index if there is none.
pub(crate) fn settle(portal: &Portal) -> ScimResult<()> {
    let now = wall_millis();
    let is_due = |connection: &Connection| Ok(!rows::due_to_settle(connection, now, 1)?.is_empty());
    while portal.store.read(is_due)? {
        portal.store.write(|connection| {
            for seq in rows::due_to_settle(connection, now, SETTLE_AT_ONCE)? {
                settle_one(portal, connection, seq)?;
            }
            Ok(())
        })?;
    }
    Ok(())
}

fn settle_one(portal: &Portal, connection: &Connection, seq: i64) -> ScimResult<()> {
    let before = rows::load(connection, seq)?;
    let mut user = before.clone();
    let Some(at) = user.archive.settles_at.take() else {
        return Ok(());
    };
    let rules = Rules {
        now: portal.options.clock.at_millis(at),
        ..portal.rules()
    };
    if let Some((archive, change)) = user.archive.settle(&rules) {
        user.archive = archive;
        user.version += 1;
        user.modified = rules.now;
        audit::append_entries(connection, rules.now, Actor::Portal, &user, &[change])?;
    }
    rows::update(connection, &before, &user)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_weak_strong_and_listed_tags() {
        for header in ["W/\"7\"", "\"7\"", "*", "W/\"1\", W/\"7\""] {
            assert!(tag_matches(header, 7), "{header}");
        }
        for header in ["W/\"8\"", "7", "", "W/\"77\""] {
            assert!(!tag_matches(header, 7), "{header}");
        }
    }
}
