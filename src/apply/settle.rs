//! Waits for changes that the portal accepted and is still working on. Only reads.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::precondition::{is_settling, is_target_reached};
use super::{Outcome, Stop};
use crate::domain::archive_state::Target;
use crate::domain::mailbox_address::Mailbox;
use crate::portal;
use crate::portal::{PortalError, PortalReader, ReadScope};

/// For how long a read may show what was before an accepted change.
const READ_LAG: Duration = Duration::from_secs(60);

/// How long to wait, and how often to read the portal.
#[derive(Debug, Clone, Copy)]
pub struct PollingLimits {
    /// The longest time to wait.
    pub limit: Duration,
    /// The pause before the second read; it grows with each read.
    pub first_pause: Duration,
}

/// Reads the mailboxes until all are settled, the time is over, or the run is stopped. Returns the
/// outcome of each; one that has not settled is unknown.
///
/// # Errors
/// If the portal can no longer be read.
pub async fn settle<P: PortalReader>(
    portal: &P,
    waiting: &[(Mailbox, Target)],
    limits: PollingLimits,
    stop: &Stop,
) -> Result<BTreeMap<Mailbox, Outcome>, PortalError> {
    let started = tokio::time::Instant::now();
    let mut unsettled: BTreeMap<Mailbox, Target> = waiting.iter().cloned().collect();
    let mut settled = BTreeMap::new();
    let mut in_progress = BTreeSet::new();
    let mut pause = limits.first_pause;
    while !unsettled.is_empty() {
        let asked: Vec<Mailbox> = unsettled.keys().cloned().collect();
        let scope = ReadScope::These(&asked);
        let observed = tokio::select! {
            observed = portal::observe(portal, &scope, &|_, _| {}) => observed?,
            () = stop.wait_until_grace_is_over() => break,
        };
        let may_lag = started.elapsed() < READ_LAG.min(limits.limit);
        unsettled.retain(|mailbox, target| {
            let state = observed.find_mailbox(mailbox).map(|now| &now.state);
            let outcome = match state {
                Some(state) if is_settling(state) => {
                    in_progress.insert(mailbox.clone());
                    return true;
                }
                Some(state) if is_target_reached(*target, state) => {
                    Outcome::Applied { settling: false }
                }
                // Perhaps the state from before the change.
                Some(_) if may_lag && !in_progress.contains(mailbox) => return true,
                Some(state) => Outcome::Failed { why: message!("outcome-not-finished", state) },
                None => Outcome::Failed { why: message!("outcome-no-account") },
            };
            settled.insert(mailbox.clone(), outcome);
            false
        });
        let elapsed = started.elapsed();
        if unsettled.is_empty() || stop.is_stop_requested() || elapsed >= limits.limit {
            break;
        }
        tokio::select! {
            () = tokio::time::sleep(pause.min(limits.limit - elapsed)) => {}
            () = stop.wait_until_stop_requested() => {}
        }
        pause = (pause * 3 / 2).min(Duration::from_secs(30));
    }
    let waited = started.elapsed().as_secs();
    settled.extend(unsettled.into_keys().map(|mailbox| {
        let why = message!("outcome-still-working", waited);
        (mailbox, Outcome::Unknown { why })
    }));
    Ok(settled)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

    use super::*;
    use crate::domain::archive_state::State;
    use crate::domain::observed::{MailboxFilter, Observed, sample_mailbox};

    /// A portal that shows these states one after the other, and keeps the last one; without any it hangs.
    struct FakePortal(Vec<Option<State>>, AtomicUsize);

    fn mailbox() -> Mailbox {
        Mailbox::parse("m1@agensi.example").unwrap()
    }

    impl PortalReader for FakePortal {
        async fn read_all(
            &self,
            _: &Arc<MailboxFilter>,
            _: portal::Progress<'_>,
        ) -> Result<Observed, PortalError> {
            self.read_some(&[]).await
        }

        async fn read_some(&self, _: &[Mailbox]) -> Result<Observed, PortalError> {
            if self.0.is_empty() {
                std::future::pending::<()>().await;
            }
            let place = self.1.fetch_add(1, SeqCst).min(self.0.len() - 1);
            let state = self.0[place].clone();
            let entries = state.map(|state| sample_mailbox("m1@agensi.example", "1", state));
            Ok(Observed::new(entries.into_iter().collect(), false))
        }
    }

    /// The outcome of a change, and after how many reads and seconds.
    async fn follow(target: Target, shown: &[Option<State>]) -> (Outcome, usize, u64) {
        let portal = FakePortal(shown.to_vec(), AtomicUsize::new(0));
        let limits =
            PollingLimits { limit: Duration::from_secs(100), first_pause: Duration::from_secs(1) };
        let started = tokio::time::Instant::now();
        let waiting = [(mailbox(), target)];
        let mut settled = settle(&portal, &waiting, limits, &Stop::default()).await.unwrap();
        let outcome = settled.remove(&mailbox()).unwrap();
        (outcome, portal.1.into_inner(), started.elapsed().as_secs())
    }

    #[tokio::test(start_paused = true)]
    async fn the_outcome_is_the_settled_state() {
        use State::{Disabled, Enabled, Enabling, Terminated, Terminating};
        for (target, last, word) in [
            (Target::Enabled, Some(Enabled), "applied"),
            (Target::Enabled, Some(Disabled), "failed"),
            (Target::Enabled, None, "failed"),
            (Target::Terminated, Some(Terminated), "applied"),
            (Target::Terminated, Some(Enabled), "failed"),
        ] {
            let under_way = match target {
                Target::Enabled => Enabling,
                Target::Terminated => Terminating,
            };
            let shown = [Some(under_way.clone()), Some(under_way), last];
            let (outcome, looks, _) = follow(target, &shown).await;
            assert_eq!(outcome.as_str(), word, "{outcome:?}");
            assert!(!outcome.is_settling());
            assert_eq!(looks, 3);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_read_from_before_the_change_is_no_end() {
        use State::{Disabled, Enabled, Enabling};
        let shown = [Disabled, Disabled, Enabling, Enabled].map(Some);
        assert_eq!(follow(Target::Enabled, &shown).await.0.as_str(), "applied");
        let (outcome, _, waited) = follow(Target::Enabled, &[Some(Disabled)]).await;
        assert_eq!(outcome.as_str(), "failed");
        assert!((60..90).contains(&waited), "{waited} s");
    }

    #[tokio::test(start_paused = true)]
    async fn an_unsettled_change_is_unknown_after_the_limit() {
        let (outcome, looks, waited) = follow(Target::Enabled, &[Some(State::Enabling)]).await;
        assert_eq!(outcome.as_str(), "unknown");
        assert!(outcome.detail().unwrap().contains("after 100 s"), "{outcome:?}");
        assert_eq!(waited, 100);
        // It reads less and less often.
        assert!(looks < 15, "{looks}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_stop_ends_a_read_that_hangs() {
        let portal = FakePortal(Vec::new(), AtomicUsize::new(0));
        let limits =
            PollingLimits { limit: Duration::from_secs(100), first_pause: Duration::from_secs(1) };
        let (stop, started) = (Stop::default(), tokio::time::Instant::now());
        stop.request_stop();
        let settled = settle(&portal, &[(mailbox(), Target::Enabled)], limits, &stop).await;
        assert_eq!(settled.unwrap()[&mailbox()].as_str(), "unknown");
        assert!(started.elapsed() < Duration::from_secs(4));
    }

    #[tokio::test(start_paused = true)]
    async fn a_stop_ends_the_wait() {
        let portal = FakePortal(vec![Some(State::Enabling)], AtomicUsize::new(0));
        let limits =
            PollingLimits { limit: Duration::from_secs(100), first_pause: Duration::from_secs(60) };
        let (stop, started) = (Stop::default(), tokio::time::Instant::now());
        let waiting = [(mailbox(), Target::Enabled)];
        let (settled, ()) = tokio::join!(settle(&portal, &waiting, limits, &stop), async {
            tokio::time::sleep(Duration::from_secs(5)).await;
            stop.request_stop();
        });
        assert_eq!(settled.unwrap()[&mailbox()].as_str(), "unknown");
        assert_eq!(started.elapsed().as_secs(), 5);
    }
}
