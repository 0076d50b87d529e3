//! Changes that an earlier run sent some seconds ago and did not see made: they are looked at again
//! before anything is planned, because reads of a portal may lag behind writes. Only reads.

#[cfg(test)]
mod tests;

use std::time::Duration;

use jiff::Timestamp;

use super::options::ReconcileContext;
use crate::domain::agency::Agency;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::policy::PortalKind;
use crate::domain::record::open_changes::{OpenChange, open_changes_for_portal, shows_old_state};
use crate::ops::agency_state::Observer;
use crate::ops::failure::Failure;
use crate::portal;
use crate::portal::{PortalError, PortalReader, ReadScope};
use crate::printer;
use crate::printer::text;

/// A change that is older than this and not seen is planned again. It stays open.
const READ_LAG: Duration = Duration::from_secs(30);

/// Waits until what an earlier run sent is seen, or is so old that reads no longer lag behind. Unreadable
/// records are reported later.
///
/// # Errors
/// If the portal cannot be read.
pub(super) async fn wait_for_recent_changes(
    context: &ReconcileContext<'_>,
    agency: &Agency,
    observer: &mut Observer<'_>,
) -> Result<(), Failure> {
    if agency.policy.portal != PortalKind::Scim || context.options.dry_run {
        return Ok(());
    }
    let Ok((_, runs)) = observer.read_records(agency) else {
        return Ok(());
    };
    let now = Timestamp::now();
    let mut open = open_changes_for_portal(agency.policy.portal, &runs);
    open.retain(|open| open.is_in_shard(context.options.shard));
    let (recent, left) = recent_changes(open, now);
    if recent.is_empty() {
        return Ok(());
    }
    printer::print_note(&text!("run-recent-note", count = recent.len(), seconds = left.as_secs()));
    let reader = observer.session.open_reader(&agency.policy).await?;
    Ok(wait_until_seen(&reader, &recent, left).await?)
}

/// The changes whose outcome is unknown and that were sent lately, and for how long to look at them.
fn recent_changes(mut open: Vec<OpenChange>, now: Timestamp) -> (Vec<OpenChange>, Duration) {
    let left = |open: &OpenChange| {
        let at: Timestamp = open.at.parse().ok()?;
        // A clock that is ahead is no reason to wait longer.
        let age = Duration::try_from(now.duration_since(at)).unwrap_or_default();
        READ_LAG.checked_sub(age).filter(|left| !left.is_zero())
    };
    // Of a run that was killed no outcome is recorded: most likely it was not sent.
    open.retain(|open| open.detail.is_some() && left(open).is_some());
    let longest = open.iter().filter_map(left).max().unwrap_or_default();
    (open, longest)
}

async fn wait_until_seen(
    reader: &impl PortalReader,
    recent: &[OpenChange],
    left: Duration,
) -> Result<(), PortalError> {
    let addresses = recent.iter().filter_map(|open| Mailbox::parse(&open.intent.mailbox).ok());
    let mailboxes: Vec<Mailbox> = addresses.collect();
    let until = tokio::time::Instant::now() + left;
    loop {
        let observed = portal::observe(reader, &ReadScope::These(&mailboxes), &|_, _| {}).await?;
        let is_over = tokio::time::Instant::now() >= until;
        if is_over || !recent.iter().any(|open| shows_old_state(open, &observed)) {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}
