//! `--wait` against a portal that never comes to an end, or can no longer be read.

use std::sync::Arc;

use super::*;
use crate::apply::tests::planned;
use crate::domain::archive_state::State;
use crate::domain::observed::{MailboxFilter, Observed, sample_mailbox};
use crate::domain::plan::MailboxInProgress;
use crate::domain::request::RequestId;
use crate::exit::Exit::{Done, Failed, Partly};
use crate::portal;
use crate::portal::{ErrorKind, PortalError};

/// A portal in which every mailbox has this state; none where it does not answer.
struct Shows(Option<State>);

impl PortalReader for Shows {
    async fn read_all(
        &self,
        _: &Arc<MailboxFilter>,
        _: portal::Progress<'_>,
    ) -> Result<Observed, PortalError> {
        self.read_some(&[]).await
    }

    async fn read_some(&self, mailboxes: &[Mailbox]) -> Result<Observed, PortalError> {
        let gone = PortalError::new(ErrorKind::Unreachable, "reading", "it is gone", "help");
        let state = self.0.clone().ok_or(gone)?;
        let each = mailboxes.iter();
        let each = each.map(|one| sample_mailbox(one.as_str(), one.as_str(), state.clone()));
        Ok(Observed::new(each.collect(), false))
    }
}

/// A plan with one change that the portal accepted; and one mailbox that it worked on before.
fn under_way() -> (Plan, Vec<Outcome>) {
    let (mut plan, _) = planned(Target::Enabled, 1);
    plan.in_progress.push(MailboxInProgress {
        mailbox: Mailbox::parse("before@agensi.example").unwrap(),
        state: State::Enabling,
        target: Target::Enabled,
        request: RequestId::parse("R-0").unwrap(),
        handed_over: None,
    });
    let settling = Outcome::Applied { settling: true };
    (plan, vec![settling])
}

/// How many mailboxes of before `--wait` leaves unsettled, and what became of the change.
async fn waited_for(portal: &Shows) -> (usize, Outcome) {
    let (plan, mut outcomes) = under_way();
    let limits =
        PollingLimits { limit: Duration::from_secs(100), first_pause: Duration::from_secs(1) };
    let unsettled = wait_for_changes(portal, &plan, &mut outcomes, limits, &Stop::default()).await;
    (unsettled, outcomes.remove(0))
}

#[tokio::test(start_paused = true)]
async fn what_is_waited_for_ends_as_the_portal_shows_it() {
    let (unsettled, outcome) = waited_for(&Shows(Some(State::Enabled))).await;
    assert_eq!((unsettled, outcome.as_str()), (0, "applied"));
    assert!(!outcome.is_settling());
    let (unsettled, outcome) = waited_for(&Shows(Some(State::Disabled))).await;
    assert_eq!((unsettled, outcome.as_str()), (1, "failed"));
}

#[tokio::test(start_paused = true)]
async fn what_is_waited_for_in_vain_is_unsettled_and_unknown() {
    let (unsettled, outcome) = waited_for(&Shows(Some(State::Enabling))).await;
    assert_eq!((unsettled, outcome.as_str()), (1, "unknown"));
}

#[tokio::test(start_paused = true)]
async fn an_error_while_waiting_leaves_everything_unsettled_and_unknown() {
    let (unsettled, outcome) = waited_for(&Shows(None)).await;
    assert_eq!((unsettled, outcome.as_str()), (1, "unknown"));
}

#[test]
fn unsettled_mailboxes_fail_only_who_asked_to_wait() {
    for (wait, before, unsettled, exit) in [
        (true, Done, 1, Partly),
        (true, Failed, 1, Partly),
        (true, Done, 0, Done),
        (false, Done, 1, Done),
    ] {
        let mut run = AgencyResult { exit: before, ..AgencyResult::default() };
        report_unsettled(wait, &mut run, unsettled);
        assert_eq!(run.exit, exit, "{wait} {before:?} {unsettled}");
        assert_eq!(run.reason.in_english().contains("waits for the portal"), unsettled > 0);
    }
}
