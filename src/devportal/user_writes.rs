//! Create, replace, patch and delete a user inside one transaction, with its audit trail, and what
//! the portal does on its own as time passes. May not know HTTP beyond its methods and statuses.

use axum::http::{Method, StatusCode};
use rusqlite::Connection;
use serde_json::Value;

use super::archive::{Archive, AuditEntry, TransitionTiming, WriteRefusal};
use super::enum_words::{Actor, State};
use super::error::{ScimError, ScimResult};
use super::options::wall_clock_millis;
use super::portal::PortalContext;
use super::user;
use super::user::User;
use super::user_renderer::UserRenderer;
use super::{audit, patch, schema_validation, user_table};

/// How many archives settle in one transaction.
const SETTLE_AT_ONCE: i64 = 1000;

impl From<WriteRefusal> for ScimError {
    fn from(refusal: WriteRefusal) -> Self {
        match refusal {
            WriteRefusal::NotWritable(_) => Self::invalid_value(refusal.to_string()),
            _ => Self::conflict(refusal.to_string()),
        }
    }
}

/// Whether one of the entity tags in If-Match or If-None-Match is this version's. Weak comparison
/// (RFC 9110 section 8.8.3.2): the portal's tags are weak.
pub(crate) fn etag_matches(header: &str, version: i64) -> bool {
    let tag = user::etag(version);
    let strong = tag.trim_start_matches("W/");
    header.split(',').map(str::trim).any(|candidate| {
        candidate == "*" || candidate.strip_prefix("W/").unwrap_or(candidate) == strong
    })
}

/// A change that a client asks for.
#[derive(Debug)]
pub(crate) struct UserWriteRequest<'r> {
    /// POST, PUT, PATCH or DELETE.
    pub(crate) method: &'r Method,
    /// The user to be changed; POST has none.
    pub(crate) seq: Option<i64>,
    pub(crate) if_match: Option<&'r str>,
    /// Null for DELETE.
    pub(crate) body: &'r Value,
}

/// Carries out a change: returns the status and the row of the user.
pub(crate) fn carry_out_write(
    portal: &PortalContext,
    connection: &Connection,
    write: &UserWriteRequest<'_>,
) -> ScimResult<(StatusCode, i64)> {
    let Some(seq) = write.seq else {
        return Ok((StatusCode::CREATED, create_user(portal, connection, write.body)?));
    };
    let before = user_table::load_user(connection, seq)?;
    if let Some(header) = write.if_match.filter(|_| portal.options.if_match)
        && !etag_matches(header, before.version)
    {
        return Err(ScimError::new(
            StatusCode::PRECONDITION_FAILED,
            "the resource has changed since the version in If-Match",
        ));
    }
    if *write.method == Method::DELETE {
        delete_user_with_audit(portal, connection, &before)?;
        return Ok((StatusCode::NO_CONTENT, seq));
    }
    change_user(portal, connection, write, &before)?;
    Ok((StatusCode::OK, seq))
}

/// POST (RFC 7644 section 3.3).
fn create_user(portal: &PortalContext, connection: &Connection, body: &Value) -> ScimResult<i64> {
    let (user_name, wanted, core) = user::split_document(
        schema_validation::read_resource(body)?,
        Some(&Archive::for_new_mailbox()),
    )?;
    let transition_timing = portal.transition_timing();
    let (archive, changes) = Archive::create(&wanted, &transition_timing)?;
    let mut user = User::new(user_name, archive, core, transition_timing.now);
    user.seq = user_table::insert_user(connection, &user)?;
    audit::append_entries(connection, transition_timing.now, Actor::Client, &user, &changes)?;
    Ok(user.seq)
}

/// PUT (RFC 7644 section 3.5.1) or PATCH (section 3.5.2).
fn change_user(
    portal: &PortalContext,
    connection: &Connection,
    write: &UserWriteRequest<'_>,
    before: &User,
) -> ScimResult<()> {
    let (user_name, wanted, core) = if *write.method == Method::PUT {
        let mut document = schema_validation::read_resource(write.body)?;
        // A PUT without userName keeps the name.
        document.entry("userName").or_insert_with(|| before.user_name.as_str().into());
        user::split_document(document, Some(&before.archive))?
    } else {
        let whole = UserRenderer::for_whole_user(&portal.base, true);
        let mut document = whole.user_document(connection, before.seq)?;
        patch::apply_patch(&mut document, write.body)?;
        user::split_document(document, None)?
    };
    let transition_timing = portal.transition_timing();
    let (archive, changes) = before.archive.apply_client_write(&wanted, &transition_timing)?;
    let mut after = User { user_name, archive, core, ..before.clone() };
    if after == *before {
        return Ok(());
    }
    after.version += 1;
    after.modified = transition_timing.now;
    user_table::update_user(connection, before, &after)?;
    audit::append_entries(connection, transition_timing.now, Actor::Client, &after, &changes)
}

/// DELETE (RFC 7644 section 3.6). A mailbox on hold that has an archive stays.
fn delete_user_with_audit(
    portal: &PortalContext,
    connection: &Connection,
    user: &User,
) -> ScimResult<()> {
    let Archive { state, hold, .. } = user.archive;
    let has_archive = !matches!(state, State::Disabled | State::Terminated);
    if hold == Some(true) && has_archive {
        return Err(WriteRefusal::OnHold.into());
    }
    user_table::delete_user(connection, user.seq)?;
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
pub(crate) fn settle_due_users(portal: &PortalContext) -> ScimResult<()> {
    let now = wall_clock_millis();
    let is_due = |connection: &Connection| {
        Ok(!user_table::seqs_due_to_settle(connection, now, 1)?.is_empty())
    };
    while portal.store.in_read_transaction(is_due)? {
        portal.store.in_write_transaction(|connection| {
            for seq in user_table::seqs_due_to_settle(connection, now, SETTLE_AT_ONCE)? {
                settle_user(portal, connection, seq)?;
            }
            Ok(())
        })?;
    }
    Ok(())
}

fn settle_user(portal: &PortalContext, connection: &Connection, seq: i64) -> ScimResult<()> {
    let before = user_table::load_user(connection, seq)?;
    let mut user = before.clone();
    let Some(at) = user.archive.settles_at.take() else {
        return Ok(());
    };
    let transition_timing = TransitionTiming {
        now: portal.options.clock.timestamp_at_millis(at),
        ..portal.transition_timing()
    };
    if let Some((archive, change)) = user.archive.settle_transition(&transition_timing) {
        user.archive = archive;
        user.version += 1;
        user.modified = transition_timing.now;
        audit::append_entries(connection, transition_timing.now, Actor::Portal, &user, &[change])?;
    }
    user_table::update_user(connection, &before, &user)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_weak_strong_and_listed_tags() {
        for header in ["W/\"7\"", "\"7\"", "*", "W/\"1\", W/\"7\""] {
            assert!(etag_matches(header, 7), "{header}");
        }
        for header in ["W/\"8\"", "7", "", "W/\"77\""] {
            assert!(!etag_matches(header, 7), "{header}");
        }
    }
}
