//! Changes that are sent in bulk, and the outcomes of those that failed.

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use super::{TestWitness, at_once, planned};
use crate::apply::scripted_portal::{ConcurrentChange, ScriptedAnswer, ScriptedPortal};
use crate::apply::{Outcome, apply};
use crate::domain::archive_state::{State, Target};
use crate::domain::observed::{ObservedMailbox, PortalId};
use crate::language::Message;
use crate::portal::{ErrorKind, MaySend, PortalChange, PortalError, PortalWriter, WriteResult};

/// A portal that takes all changes at once and gives each the same answer.
struct BulkPortal {
    portal: ScriptedPortal,
    rereads: AtomicUsize,
    /// The answer to a change in bulk: done, not taken, or unclear.
    bulk_answer: fn(&PortalChange) -> Option<WriteResult>,
    in_bulk: AtomicUsize,
}

impl PortalWriter for BulkPortal {
    fn refuses_stale_versions(&self) -> bool {
        true
    }
    fn max_concurrent_changes(&self, _: usize) -> usize {
        1000
    }
    async fn reread_mailbox(&self, id: &PortalId) -> Result<Option<ObservedMailbox>, PortalError> {
        self.rereads.fetch_add(1, SeqCst);
        self.portal.reread_mailbox(id).await
    }
    async fn write_in_bulk(&self, write: &PortalChange, may_send: &MaySend) -> Option<WriteResult> {
        self.in_bulk.fetch_add(1, SeqCst);
        // All changes are in progress before the first has an answer.
        tokio::task::yield_now().await;
        if !may_send() {
            return None;
        }
        (self.bulk_answer)(write)
    }
    async fn write(&self, write: &PortalChange) -> WriteResult {
        tokio::task::yield_now().await;
        self.portal.write(write).await
    }
}

const CONCURRENCY: usize = 4;

async fn run(
    target: Target,
    count: usize,
    answers: &[ScriptedAnswer],
    bulk_answer: fn(&PortalChange) -> Option<WriteResult>,
) -> (BulkPortal, Vec<Outcome>) {
    let (plan, observed) = planned(target, count);
    let portal = BulkPortal {
        portal: ScriptedPortal::new(&observed, answers.iter().copied()),
        bulk_answer,
        rereads: AtomicUsize::new(0),
        in_bulk: AtomicUsize::new(0),
    };
    let witness = TestWitness::default();
    let cleared = plan.clear_to_run(&[], true).unwrap();
    let outcomes =
        apply(cleared, &portal, &portal.portal, at_once(CONCURRENCY), &witness.stop, &witness)
            .await;
    (portal, outcomes)
}

fn error(kind: ErrorKind) -> Option<WriteResult> {
    Some(Err(PortalError {
        kind,
        doing: "changing mailboxes in bulk".into(),
        detail: format!("{kind:?}").into(),
        help: Message::default(),
    }))
}

fn count(outcomes: &[Outcome], word: &str) -> usize {
    outcomes.iter().filter(|outcome| outcome.as_str() == word).count()
}

#[tokio::test]
async fn a_change_not_taken_in_bulk_is_sent_once_alone() {
    let (portal, outcomes) = run(Target::Enabled, 20, &[], |_| None).await;
    assert_eq!(count(&outcomes, "applied"), 20);
    assert_eq!(portal.in_bulk.into_inner(), 20);
    assert_eq!(*portal.portal.writes.lock().unwrap(), 20);
}

#[tokio::test]
async fn a_termination_is_never_sent_in_bulk() {
    let done = |_: &PortalChange| Some(Ok(None));
    let (portal, outcomes) = run(Target::Terminated, 5, &[], done).await;
    assert_eq!(count(&outcomes, "applied"), 5);
    assert_eq!(portal.in_bulk.into_inner(), 0);
    // Each before it is sent, and the first once more after that.
    assert_eq!(portal.rereads.into_inner(), 6);
}

#[tokio::test]
async fn a_stop_sends_no_waiting_bulk_change() {
    let (plan, observed) = planned(Target::Enabled, 100);
    let portal = BulkPortal {
        portal: ScriptedPortal::new(&observed, []),
        bulk_answer: |_| Some(Ok(None)),
        rereads: AtomicUsize::new(0),
        in_bulk: AtomicUsize::new(0),
    };
    let witness = TestWitness { at_begin: true, ..TestWitness::default() };
    let cleared = plan.clear_to_run(&[], true).unwrap();
    let outcomes =
        apply(cleared, &portal, &portal.portal, at_once(CONCURRENCY), &witness.stop, &witness)
            .await;
    assert_eq!(count(&outcomes, "skipped"), 100);
    assert_eq!(*portal.portal.writes.lock().unwrap(), 0);
}

#[tokio::test]
async fn a_change_not_taken_in_bulk_keeps_all_attempts() {
    let newer = ScriptedAnswer::ChangedFirst(ConcurrentChange::SameButNewer);
    for target in [Target::Enabled, Target::Terminated] {
        let (portal, outcomes) = run(target, 1, &[newer, newer], |_| None).await;
        assert_eq!(count(&outcomes, "applied"), 1);
        assert_eq!(*portal.portal.writes.lock().unwrap(), 3);
    }
}

#[tokio::test]
async fn a_refused_token_stops_all_but_started_changes() {
    let forbidden = [ScriptedAnswer::Fail(ErrorKind::Forbidden); 200];
    let (portal, outcomes) = run(Target::Enabled, 200, &forbidden, |_| None).await;
    let writes = *portal.portal.writes.lock().unwrap();
    assert!(writes <= CONCURRENCY, "{writes} were sent");
    assert_eq!(count(&outcomes, "failed"), writes);
    assert_eq!(count(&outcomes, "skipped"), 200 - writes);
}

#[tokio::test]
async fn refusals_in_bulk_are_looked_up_but_not_all_if_the_token_is_refused() {
    let refused = |_: &PortalChange| error(ErrorKind::Unauthorized);
    let (portal, outcomes) = run(Target::Enabled, 200, &[], refused).await;
    let rereads = portal.rereads.into_inner();
    assert!((1..=CONCURRENCY).contains(&rereads), "{rereads} were read");
    assert_eq!(count(&outcomes, "failed"), rereads);
    let not_seen = count(&outcomes, "unknown") + count(&outcomes, "skipped");
    assert_eq!(not_seen, 200 - rereads);
    assert_eq!(*portal.portal.writes.lock().unwrap(), 0);
    // Refused in bulk, although it is done; nothing is sent again.
    let (plan, observed) = planned(Target::Enabled, 20);
    let portal = BulkPortal {
        portal: ScriptedPortal::new(&observed, []),
        rereads: AtomicUsize::new(0),
        bulk_answer: |_| error(ErrorKind::Rejected),
        in_bulk: AtomicUsize::new(0),
    };
    for change in &plan.changes {
        portal.portal.with_mailbox(&change.id, |mailbox| mailbox.state = State::Enabled);
    }
    let (witness, limits) = (TestWitness::default(), at_once(CONCURRENCY));
    let cleared = plan.clear_to_run(&[], true).unwrap();
    let outcomes = apply(cleared, &portal, &portal.portal, limits, &witness.stop, &witness).await;
    assert_eq!(count(&outcomes, "already-so"), 20, "{outcomes:?}");
    assert_eq!(*portal.portal.writes.lock().unwrap(), 0);
    // Refused in bulk alone.
    let (_, outcomes) = run(Target::Enabled, 20, &[], |_| error(ErrorKind::Rejected)).await;
    assert_eq!(count(&outcomes, "applied"), 20, "{outcomes:?}");
    // Refused in bulk and then alone, although it is done.
    let done = [ScriptedAnswer::DoneThen(ErrorKind::Rejected); 20];
    let (_, outcomes) = run(Target::Enabled, 20, &done, |_| None).await;
    assert_eq!(count(&outcomes, "already-so"), 20, "{outcomes:?}");
}

#[tokio::test]
async fn rereads_after_an_unanswered_bulk_request() {
    let lost = |_: &PortalChange| error(ErrorKind::Timeout);
    let (portal, outcomes) = run(Target::Enabled, 10, &[], lost).await;
    assert_eq!(count(&outcomes, "applied"), 10);
    assert_eq!(*portal.portal.writes.lock().unwrap(), 10);
    // If the mailboxes cannot be read again, nothing is sent and the outcome is unknown.
    let (plan, observed) = planned(Target::Enabled, 10);
    let portal = BulkPortal {
        portal: ScriptedPortal { rereads_fail: true, ..ScriptedPortal::new(&observed, []) },
        bulk_answer: lost,
        rereads: AtomicUsize::new(0),
        in_bulk: AtomicUsize::new(0),
    };
    let witness = TestWitness::default();
    let cleared = plan.clear_to_run(&[], true).unwrap();
    let outcomes =
        apply(cleared, &portal, &portal.portal, at_once(CONCURRENCY), &witness.stop, &witness)
            .await;
    assert_eq!(
        (count(&outcomes, "unknown"), count(&outcomes, "skipped")),
        (5, 5),
        "the breaker opens before the last are sent"
    );
    assert_eq!(*portal.portal.writes.lock().unwrap(), 0);
}

#[tokio::test]
async fn a_bulk_change_stays_unknown_when_the_portal_fails() {
    // The outcomes are unknown, and each fails alone until the breaker opens.
    let failing = [ScriptedAnswer::Fail(ErrorKind::RateLimited); 200];
    let (portal, outcomes) =
        run(Target::Enabled, 200, &failing, |_| error(ErrorKind::Server)).await;
    let writes = *portal.portal.writes.lock().unwrap();
    assert!(writes <= 5 + CONCURRENCY, "{writes} were sent");
    // Only the first are sent.
    assert_eq!((count(&outcomes, "unknown"), count(&outcomes, "skipped")), (20, 180));
}
