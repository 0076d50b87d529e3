//! Portals whose answers to writes lie, come late, or refuse what they show themselves.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::Instant;

use super::{ApplyLimits, TestWitness, planned, words};
use crate::apply::{ChangeListener, Outcome, apply};
use crate::domain::archive_state::{State, Target};
use crate::domain::mailbox_address::Mailbox;
use crate::domain::observed::{MailboxFilter, Observed, ObservedMailbox, PortalId};
use crate::domain::plan::{Change, Plan};
use crate::language::Message;
use crate::portal::{
    ErrorKind, MaySend, PortalChange, PortalError, PortalReader, PortalWriter, Progress,
    WriteResult,
};

#[derive(Clone, Copy, PartialEq)]
enum Habit {
    /// Reads show a change after so many seconds.
    LateReads(u64),
    /// The same, and bulk requests work.
    LateReadsAfterBulk(u64),
    /// Each bulk request is answered as done, with the new state; nothing changes.
    BulkLies,
    /// The same, unless its operations come in the other form.
    BulkTakesOtherForm,
    /// A change has no effect in the usual form.
    TakesOtherForm,
    /// A change has no effect in the usual form, and the other one is refused.
    RefusesOtherForm,
    /// No change has an effect, and each answer shows the new state.
    Lies,
    /// The first change of all has an effect, and no other; each answer shows the new state.
    LiesAfterFirst,
    /// The same in bulk requests.
    BulkLiesAfterFirst,
    /// Weak versions never match.
    RefusesWeakVersions,
    /// Reads show the old version and no hold for some seconds, and there is a hold.
    LateHold(u64),
}
use Habit::*;

struct OddPortal {
    habit: Habit,
    begun: Instant,
    /// Each mailbox, and when it was changed.
    mailboxes: Mutex<Vec<(ObservedMailbox, Option<Instant>)>>,
    /// The changes as they came, and how many of each bulk and single ones.
    writes: Mutex<Vec<PortalChange>>,
    in_bulk: Mutex<Vec<PortalChange>>,
    notes: Mutex<Vec<String>>,
    before: State,
}

impl OddPortal {
    fn new(target: Target, count: usize, habit: Habit) -> (Plan, Self) {
        let (mut plan, observed) = planned(target, count);
        let weak: Option<Box<str>> = Some("W/\"1\"".into());
        plan.changes.iter_mut().for_each(|change| change.version.clone_from(&weak));
        let with_version = |mailbox: &ObservedMailbox| {
            (ObservedMailbox { version: weak.clone(), ..mailbox.clone() }, None)
        };
        let mailboxes = observed.mailboxes().iter().map(with_version).collect();
        let portal = Self {
            habit,
            begun: Instant::now(),
            mailboxes: Mutex::new(mailboxes),
            writes: Mutex::default(),
            in_bulk: Mutex::default(),
            notes: Mutex::default(),
            before: plan.changes[0].from.clone(),
        };
        (plan, portal)
    }

    /// What of the mailbox is stored, and what a read shows.
    fn find(&self, id: &PortalId) -> (ObservedMailbox, ObservedMailbox) {
        let all = self.mailboxes.lock().unwrap();
        let (stored, changed) = all.iter().find(|(stored, _)| stored.id == *id).unwrap().clone();
        let mut shown = stored.clone();
        let late = match self.habit {
            LateReads(late) | LateReadsAfterBulk(late) => Duration::from_secs(late),
            _ => Duration::ZERO,
        };
        if changed.is_some_and(|changed| changed.elapsed() < late) {
            shown.state = self.before.clone();
            shown.request = None;
        }
        if let LateHold(late) = self.habit {
            shown.hold = self.begun.elapsed() >= Duration::from_secs(late);
            shown.version = Some(if shown.hold { "W/\"2\"" } else { "W/\"1\"" }.into());
        }
        (stored, shown)
    }

    /// The mailbox as the answer shows it.
    fn store(&self, write: &PortalChange, has_effect: bool) -> ObservedMailbox {
        let mut all = self.mailboxes.lock().unwrap();
        let (stored, changed) = all.iter_mut().find(|(stored, _)| stored.id == write.id).unwrap();
        let mut now = stored.clone();
        now.state = match write.target {
            Target::Enabled => State::Enabled,
            Target::Terminated => State::Terminated,
        };
        now.request = Some(write.request.clone());
        if has_effect {
            now.version = Some("W/\"9\"".into());
            *stored = now.clone();
            *changed = Some(Instant::now());
        }
        now
    }
}

fn error(kind: ErrorKind) -> PortalError {
    PortalError::new(kind, "changing", format!("{kind:?}"), "")
}

impl PortalWriter for OddPortal {
    fn refuses_stale_versions(&self) -> bool {
        true
    }

    fn max_concurrent_changes(&self, _: usize) -> usize {
        30
    }

    async fn reread_mailbox(&self, id: &PortalId) -> Result<Option<ObservedMailbox>, PortalError> {
        Ok(Some(self.find(id).1))
    }

    async fn write_in_bulk(&self, write: &PortalChange, may_send: &MaySend) -> Option<WriteResult> {
        let takes_bulk = matches!(
            self.habit,
            BulkLies | LateReadsAfterBulk(_) | BulkTakesOtherForm | BulkLiesAfterFirst
        );
        if !takes_bulk {
            return None;
        }
        tokio::task::yield_now().await;
        if !may_send() {
            return None;
        }
        let mut in_bulk = self.in_bulk.lock().unwrap();
        in_bulk.push(write.clone());
        let has_effect = match self.habit {
            BulkLies => false,
            BulkTakesOtherForm => write.in_other_form,
            BulkLiesAfterFirst => in_bulk.len() == 1,
            _ => true,
        };
        Some(Ok(Some(self.store(write, has_effect))))
    }

    async fn write(&self, write: &PortalChange) -> WriteResult {
        tokio::task::yield_now().await;
        self.writes.lock().unwrap().push(write.clone());
        match self.habit {
            LateHold(_) => return Err(error(ErrorKind::Stale)),
            RefusesWeakVersions if write.version.is_some() => {
                return Err(error(ErrorKind::Stale));
            }
            RefusesOtherForm if write.in_other_form => return Err(error(ErrorKind::Rejected)),
            _ => {}
        }
        let has_effect = match self.habit {
            TakesOtherForm => write.in_other_form,
            Lies | RefusesOtherForm => false,
            LiesAfterFirst => self.sent() == 1,
            _ => true,
        };
        let answer = self.store(write, has_effect);
        Ok(matches!(self.habit, Lies | LiesAfterFirst).then_some(answer))
    }
}

/// Reads show what the portal has.
impl PortalReader for OddPortal {
    async fn read_all(
        &self,
        _: &Arc<MailboxFilter>,
        _: Progress<'_>,
    ) -> Result<Observed, PortalError> {
        self.read_some(&[]).await
    }

    async fn read_some(&self, _: &[Mailbox]) -> Result<Observed, PortalError> {
        let all = self.mailboxes.lock().unwrap().clone();
        let shown = all.iter().map(|(stored, _)| self.find(&stored.id).1);
        Ok(Observed::new(shown.collect(), true))
    }
}

/// Collects the notes.
impl ChangeListener for OddPortal {
    async fn before_change(&self, _: &Change) -> Result<(), Message> {
        Ok(())
    }

    async fn on_end(&self, _: &Change, _: &Outcome) {}

    fn on_note(&self, text: &Message) {
        self.notes.lock().unwrap().push(text.in_english());
    }
}

impl OddPortal {
    fn sent(&self) -> usize {
        self.writes.lock().unwrap().len()
    }

    fn notes(&self) -> Vec<String> {
        self.notes.lock().unwrap().clone()
    }
}

async fn run(target: Target, count: usize, habit: Habit, lag: u64) -> (OddPortal, Vec<Outcome>) {
    let (plan, portal) = OddPortal::new(target, count, habit);
    let limits = ApplyLimits { concurrency: 1, read_lag: Duration::from_secs(lag) };
    let cleared = plan.clear_to_run(&[], true).unwrap();
    let outcomes =
        apply(cleared, &portal, &portal, limits, &TestWitness::default().stop, &portal).await;
    (portal, outcomes)
}

#[tokio::test(start_paused = true)]
async fn reads_that_lag_behind_are_waited_for() {
    for target in [Target::Enabled, Target::Terminated] {
        for habit in [LateReads(4), LateReadsAfterBulk(4)] {
            let (portal, outcomes) = run(target, 3, habit, 7).await;
            assert_eq!(words(&outcomes), ["applied"; 3], "{outcomes:?}");
            let sent = portal.sent() + portal.in_bulk.lock().unwrap().len();
            assert_eq!((sent, portal.notes().len()), (3, 0));
        }
    }
    // Not for ever, and then it is not said to be done.
    let (_, outcomes) = run(Target::Terminated, 1, LateReads(60), 7).await;
    assert_eq!(words(&outcomes), ["unknown"]);
    let (_, outcomes) = run(Target::Terminated, 1, LateReads(40), 60).await;
    assert_eq!(words(&outcomes), ["applied"]);
}

#[tokio::test(start_paused = true)]
async fn only_what_a_read_shows_is_done() {
    for habit in [LiesAfterFirst, BulkLiesAfterFirst] {
        for target in [Target::Enabled, Target::Terminated] {
            if (habit, target) == (BulkLiesAfterFirst, Target::Terminated) {
                // Each is read right before it is changed, so none is sent in bulk.
                continue;
            }
            let (portal, outcomes) = run(target, 60, habit, 7).await;
            let count = |word| words(&outcomes).iter().filter(|found| **found == word).count();
            // The others are not even tried.
            let counts = ["applied", "unknown", "skipped"].map(count);
            assert_eq!(counts, [1, 19, 40], "{outcomes:?}");
            let sent = portal.sent() + portal.in_bulk.lock().unwrap().len();
            assert_eq!(sent, 20, "a change was sent again");
            let mut unknown = outcomes.iter().filter(|outcome| outcome.as_str() == "unknown");
            assert!(unknown.all(|outcome| outcome.detail().unwrap().contains("after 7 s")));
            assert!(outcomes[59].detail().unwrap().contains("Ask its operator"), "{outcomes:?}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn changes_of_a_bulk_request_without_effect_are_sent_alone() {
    let (portal, outcomes) = run(Target::Enabled, 90, BulkLies, 7).await;
    assert_eq!(words(&outcomes), ["applied"; 90]);
    assert_eq!(portal.sent(), 90);
    // The first thirty, and as many in the other form.
    let in_bulk = portal.in_bulk.lock().unwrap().clone();
    assert!((31..=60).contains(&in_bulk.len()), "{}", in_bulk.len());
    let notes = portal.notes();
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert!(notes[0].contains("bulk request and changes nothing"), "{notes:?}");
}

#[tokio::test(start_paused = true)]
async fn bulk_requests_go_on_in_the_form_that_has_an_effect() {
    let (portal, outcomes) = run(Target::Enabled, 90, BulkTakesOtherForm, 7).await;
    assert_eq!(words(&outcomes), ["applied"; 90]);
    assert_eq!((portal.sent(), portal.notes().len()), (20, 1));
}

#[tokio::test(start_paused = true)]
async fn a_form_without_effect_is_left_for_the_other() {
    let (portal, outcomes) = run(Target::Terminated, 5, TakesOtherForm, 7).await;
    assert_eq!(words(&outcomes), ["applied"; 5]);
    let writes = portal.writes.lock().unwrap().clone();
    let forms: Vec<bool> = writes.iter().map(|write| write.in_other_form).collect();
    assert_eq!(forms, [false, true, true, true, true, true]);
}

#[tokio::test(start_paused = true)]
async fn changes_without_effect_stop_the_run() {
    for habit in [Lies, RefusesOtherForm] {
        for target in [Target::Enabled, Target::Terminated] {
            let (portal, outcomes) = run(target, 90, habit, 7).await;
            let unknown = words(&outcomes).iter().filter(|word| **word == "unknown").count();
            assert_eq!(unknown, 3, "{outcomes:?}");
            assert_eq!(words(&outcomes)[3..], ["skipped"; 87]);
            assert!(portal.sent() <= 6, "{}", portal.sent());
            let why = outcomes[0].detail().unwrap();
            assert!(why.contains("it then shows the archive as"), "{why}");
            assert!(outcomes[89].detail().unwrap().contains("Ask its operator"));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn weak_versions_that_never_match_are_left_out() {
    for target in [Target::Enabled, Target::Terminated] {
        let (portal, outcomes) = run(target, 4, RefusesWeakVersions, 7).await;
        assert_eq!(words(&outcomes), ["applied"; 4]);
        // Only the first was refused.
        assert_eq!(portal.sent(), 5);
        let notes = portal.notes();
        assert_eq!(notes.len(), 1, "{notes:?}");
        assert!(notes[0].contains("weak ETags"), "{notes:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_version_that_is_shown_late_is_no_such_refusal() {
    let (portal, outcomes) = run(Target::Terminated, 1, LateHold(4), 7).await;
    assert_eq!(words(&outcomes), ["failed"]);
    assert!(outcomes[0].detail().unwrap().contains("on legal hold"));
    assert_eq!((portal.sent(), portal.notes().len()), (1, 0));
}
