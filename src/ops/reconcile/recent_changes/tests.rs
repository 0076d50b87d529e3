//! A second run right after one that did not see its changes made.

use std::sync::Arc;

use tokio::time::Instant;

use super::*;
use crate::domain::archive_state::{State, Target};
use crate::domain::observed::{MailboxFilter, Observed, sample_mailbox};
use crate::domain::record::entry::Intent;

const ADDRESS: &str = "m1@agensi.example";

/// A portal that shows a change so many seconds after it is first asked.
struct Late(Instant, u64);

impl PortalReader for Late {
    async fn read_all(
        &self,
        _: &Arc<MailboxFilter>,
        _: portal::Progress<'_>,
    ) -> Result<Observed, PortalError> {
        self.read_some(&[]).await
    }

    async fn read_some(&self, _: &[Mailbox]) -> Result<Observed, PortalError> {
        let is_shown = self.0.elapsed() >= Duration::from_secs(self.1);
        let state = if is_shown { State::Enabled } else { State::Disabled };
        Ok(Observed::new(vec![sample_mailbox(ADDRESS, "1", state)], false))
    }
}

fn open(at: &str, detail: Option<&str>) -> OpenChange {
    OpenChange {
        hash: "h".into(),
        at: at.into(),
        intent: Intent {
            mailbox: ADDRESS.into(),
            action: Target::Enabled,
            request: "R-1".into(),
            from: "disabled".into(),
            id: "1".into(),
        },
        is_sent_again: false,
        file: None,
        portal: None,
        reserved_file: None,
        detail: detail.map(Into::into),
        is_accepted: false,
    }
}

#[test]
fn only_recent_changes_of_unknown_outcome_are_looked_at() {
    let now: Timestamp = "2026-11-23T01:00:30Z".parse().expect("a time");
    for (at, detail, left) in [
        ("2026-11-23T01:00:25.000Z", Some("accepted"), 25),
        ("2026-11-23T01:00:25.000Z", None, 0),
        ("2026-11-23T00:59:50.000Z", Some("accepted"), 0),
        // Of a machine whose clock is ahead.
        ("2026-11-23T02:00:00.000Z", Some("accepted"), 30),
    ] {
        let (recent, longest) = recent_changes(vec![open(at, detail)], now);
        assert_eq!((recent.len(), longest.as_secs()), (usize::from(left > 0), left), "{at}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_change_is_waited_for_until_it_is_seen_or_too_old() {
    for (late, waited) in [(0, 0), (4, 4), (60, 25)] {
        let begun = Instant::now();
        let recent = [open("", Some("accepted"))];
        let left = Duration::from_secs(25);
        let ended = wait_until_seen(&Late(begun, late), &recent, left).await;
        assert_eq!((ended, begun.elapsed().as_secs()), (Ok(()), waited));
    }
}
