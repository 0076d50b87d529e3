//! Changes against a scripted portal: every answer that a write can get.

mod answers;
mod bulk;
mod habits;
mod hand_over;
mod interrupted;

use std::time::Duration;

use super::scripted_portal::{ConcurrentChange, ScriptedAnswer, ScriptedPortal};
use super::{ApplyLimits, ChangeListener, Outcome, Stop, apply};
use crate::domain::approval::verification::UnverifiedApprovals;
use crate::domain::archive_state::State;
use crate::domain::archive_state::Target;
use crate::domain::desired::fold_requests;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::observed::{Observed, ObservedMailbox, sample_mailbox};
use crate::domain::plan::{Change, Plan, plan};
use crate::domain::record::entry::HandOver;
use crate::domain::request::approval_state::ApprovalState;
use crate::domain::request::sample;
use crate::domain::request::{
    Action, Approval, Channel, Received, Request, RequestId, RequestedMailbox,
};
use crate::exit::Exit;
use crate::language::Message;
use crate::ops::exit_status::exit_of_outcomes;
use crate::portal::ErrorKind;

/// An agency with one request for some mailboxes, and a portal in which they all have one state.
pub(crate) fn planned(target: Target, count: usize) -> (Plan, Observed) {
    let address = |number: usize| Mailbox::parse(&format!("m{number:02}@agensi.example")).unwrap();
    let request = Request {
        id: RequestId::parse("R-1").unwrap(),
        file: "requests/R-1.yaml".into(),
        action: Action::Change {
            target,
            mailboxes: (0..count)
                .map(|number| RequestedMailbox { mailbox: address(number), line: 1 })
                .collect(),
        },
        received: Received {
            date: jiff::civil::date(2026, 11, 1),
            channel: Channel::Memo,
            reference: "R".into(),
            from: None,
            name: None,
            file: None,
        },
        approvals: vec![Approval {
            by: Mailbox::parse("approver@agensi.example").unwrap(),
            date: jiff::civil::date(2026, 11, 2),
            signature: None,
        }],
        approval_state: ApprovalState::Approved(jiff::civil::date(2026, 11, 2)),
        effective: None,
        reason: None,
        evidence: Vec::new(),
    };
    let from = match target {
        Target::Enabled => State::Disabled,
        Target::Terminated => State::Enabled,
    };
    let read = (0..count).map(|number| ObservedMailbox {
        version: Some("v1".into()),
        ..sample_mailbox(address(number).as_str(), &number.to_string(), from.clone())
    });
    let observed = Observed::new(read.collect(), true);
    let desired = fold_requests(
        &[request.into()],
        jiff::civil::date(2026, 11, 23),
        &UnverifiedApprovals::new(),
    );
    let limits = "limits: { terminations: 1000, terminations_percent: 100, changes: 1000 }
";
    let policy = sample::policy("Jabatan Contoh", limits);
    (plan(&desired, &observed, &policy), observed)
}

/// Stops the run at the first change that starts or ends, or fails to record.
#[derive(Default)]
struct TestWitness {
    stop: Stop,
    at_once: usize,
    at_begin: bool,
    at_end: bool,
    fails_to_record: bool,
    fails_to_record_file: bool,
}

impl ChangeListener for TestWitness {
    async fn before_change(&self, _: &Change) -> Result<(), Message> {
        if self.at_begin {
            self.stop.request_stop();
        }
        if self.fails_to_record {
            return Err(Message::verbatim("the disk is full"));
        }
        Ok(())
    }

    async fn before_hand_over(&self, _: &HandOver) -> Result<(), Message> {
        match self.fails_to_record_file {
            true => Err(Message::verbatim("the disk is full")),
            false => Ok(()),
        }
    }

    async fn on_end(&self, _: &Change, _: &Outcome) {}

    fn on_sent(&self) {
        if self.at_end {
            self.stop.request_stop();
        }
    }
}

/// Reads that do not lag behind writes.
fn at_once(concurrency: usize) -> ApplyLimits {
    ApplyLimits { concurrency, read_lag: Duration::ZERO }
}

async fn run_with(plan: &Plan, portal: &ScriptedPortal, witness: &TestWitness) -> Vec<Outcome> {
    let concurrency = witness.at_once.max(1);
    let cleared = plan.clear_to_run(&[], true).unwrap();
    apply(cleared, portal, portal, at_once(concurrency), &witness.stop, witness).await
}

async fn run(plan: &Plan, portal: &ScriptedPortal) -> Vec<Outcome> {
    run_with(plan, portal, &TestWitness::default()).await
}

fn words(outcomes: &[Outcome]) -> Vec<&str> {
    outcomes.iter().map(Outcome::as_str).collect()
}

#[tokio::test(start_paused = true)]
async fn only_sent_changes_are_unknown_after_a_stop() {
    let (plan, observed) = planned(Target::Enabled, 4);
    // Two are sent and hang; a third was recorded and waits for a permit.
    let portal = ScriptedPortal::new(&observed, [ScriptedAnswer::Hang, ScriptedAnswer::Hang]);
    let witness = TestWitness { at_once: 2, ..TestWitness::default() };
    let (outcomes, ()) = tokio::join!(run_with(&plan, &portal, &witness), async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        witness.stop.request_stop();
    });
    let expected = ["unknown", "unknown", "skipped", "skipped"];
    assert_eq!(words(&outcomes), expected, "{outcomes:?}");
    assert_eq!(*portal.writes.lock().unwrap(), 2);
}

#[tokio::test]
async fn a_change_is_one_write() {
    let (plan, observed) = planned(Target::Enabled, 3);
    let portal = ScriptedPortal::new(&observed, []);
    assert_eq!(words(&run(&plan, &portal).await), ["applied"; 3]);
    assert_eq!(*portal.writes.lock().unwrap(), 3);
}

#[tokio::test]
async fn rereads_first_without_a_usable_version() {
    for (target, supports_if_match, has_version, rereads) in [
        (Target::Enabled, true, true, false),
        (Target::Enabled, true, false, true),
        (Target::Enabled, false, true, true),
        (Target::Terminated, true, true, true),
    ] {
        let (mut plan, observed) = planned(target, 1);
        let mut portal = ScriptedPortal::new(&observed, []);
        portal.if_match = supports_if_match;
        if !has_version {
            plan.changes[0].version = None;
        }
        // Someone else has done it since the plan was made.
        let other = match target {
            Target::Enabled => State::Enabled,
            Target::Terminated => State::Terminated,
        };
        portal.with_mailbox(&plan.changes[0].id, |mailbox| {
            mailbox.state = other;
            mailbox.version = Some("v9".into());
        });
        assert_eq!(words(&run(&plan, &portal).await), ["already-so"]);
        let writes = *portal.writes.lock().unwrap();
        assert_eq!(writes == 0, rereads, "{target:?} {supports_if_match} {has_version}");
    }
}

/// The portal names the request, and another run of the same request may have made the change.
#[tokio::test]
async fn what_got_no_clear_answer_is_claimed_by_no_run() {
    let (plan, observed) = planned(Target::Enabled, 1);
    for answer in [ScriptedAnswer::Lost { done: true }, ScriptedAnswer::DoneThen(ErrorKind::Server)]
    {
        let portal = ScriptedPortal::new(&observed, [answer]);
        let outcomes = run(&plan, &portal).await;
        assert_eq!(words(&outcomes), ["already-so"]);
        let detail = outcomes[0].detail().unwrap();
        assert!(detail.contains("no clear answer, or by another"), "{detail}");
        assert_eq!(*portal.writes.lock().unwrap(), 1, "it was written again");
    }
    // Sent again, and then the answer is clear.
    let portal = ScriptedPortal::new(&observed, [ScriptedAnswer::Lost { done: false }]);
    assert_eq!(words(&run(&plan, &portal).await), ["applied"]);
    assert_eq!(*portal.writes.lock().unwrap(), 2);
}

const REFUSALS: [ErrorKind; 5] = [
    ErrorKind::Rejected,
    ErrorKind::NotFound,
    ErrorKind::Unauthorized,
    ErrorKind::Forbidden,
    ErrorKind::RateLimited,
];

#[tokio::test]
async fn a_refusal_is_looked_up_before_it_is_a_failure() {
    for kind in REFUSALS {
        for target in [Target::Enabled, Target::Terminated] {
            let (plan, observed) = planned(target, 2);
            let portal = ScriptedPortal::new(&observed, [ScriptedAnswer::DoneThen(kind)]);
            let outcomes = run(&plan, &portal).await;
            // What was done is no reason to stop.
            assert_eq!(words(&outcomes), ["already-so", "applied"], "{kind:?}");
            let detail = outcomes[0].detail().unwrap();
            assert!(detail.contains("refused, or by another"), "{detail}");
            assert_eq!(*portal.writes.lock().unwrap(), 2);
        }
        let (plan, observed) = planned(Target::Enabled, 1);
        let refuses = || ScriptedPortal::new(&observed, [ScriptedAnswer::Fail(kind)]);
        assert_eq!(words(&run(&plan, &refuses()).await), ["failed"], "{kind:?}");
        // Not seen: neither done nor failed.
        let portal = ScriptedPortal { rereads_fail: true, ..refuses() };
        let outcomes = run(&plan, &portal).await;
        assert_eq!(words(&outcomes), ["unknown"], "{kind:?}");
        let why = outcomes[0].detail().unwrap();
        assert!(why.contains("could not be read again"), "{why}");
    }
}

#[tokio::test]
async fn is_unknown_when_the_reread_fails() {
    let (plan, observed) = planned(Target::Enabled, 1);
    let mut portal = ScriptedPortal::new(&observed, [ScriptedAnswer::Lost { done: true }]);
    portal.rereads_fail = true;
    let outcomes = run(&plan, &portal).await;
    assert_eq!(words(&outcomes), ["unknown"]);
    assert_eq!(exit_of_outcomes(&outcomes), Exit::Partly);
}

#[tokio::test]
async fn a_server_error_is_unknown_when_the_reread_fails() {
    let (plan, observed) = planned(Target::Enabled, 1);
    let mut portal = ScriptedPortal::new(&observed, [ScriptedAnswer::DoneThen(ErrorKind::Server)]);
    portal.rereads_fail = true;
    assert_eq!(words(&run(&plan, &portal).await), ["unknown"]);
}

#[tokio::test]
async fn unclear_answers_are_unknown_and_a_refusal_is_failed() {
    let (plan, observed) = planned(Target::Enabled, 1);
    // The last write may still take effect.
    let portal = ScriptedPortal::new(&observed, [ScriptedAnswer::Lost { done: false }; 3]);
    assert_eq!(words(&run(&plan, &portal).await), ["unknown"]);
    assert_eq!(*portal.writes.lock().unwrap(), 3);
    // A failing portal may show old data.
    let portal = ScriptedPortal::new(&observed, [ScriptedAnswer::Fail(ErrorKind::Server); 3]);
    assert_eq!(words(&run(&plan, &portal).await), ["unknown"]);
    let portal = ScriptedPortal::new(&observed, [ScriptedAnswer::Fail(ErrorKind::Rejected)]);
    assert_eq!(words(&run(&plan, &portal).await), ["failed"]);
    // Refused each time, because another attribute of the mailbox keeps changing.
    let portal = ScriptedPortal::new(
        &observed,
        [ScriptedAnswer::ChangedFirst(ConcurrentChange::SameButNewer); 3],
    );
    let outcomes = run(&plan, &portal).await;
    assert_eq!(words(&outcomes), ["failed"]);
    assert!(outcomes[0].detail().unwrap().contains("tried 3 times"));
}

#[tokio::test]
async fn a_late_write_is_not_a_failure() {
    let (plan, observed) = planned(Target::Enabled, 1);
    let lost = ScriptedAnswer::Lost { done: false };
    let newer = ScriptedAnswer::ChangedFirst(ConcurrentChange::SameButNewer);
    for answers in [[lost, lost], [newer, newer]] {
        let portal = ScriptedPortal::new(
            &observed,
            answers.into_iter().chain([ScriptedAnswer::ChangedFirst(ConcurrentChange::Enabled)]),
        );
        assert_eq!(words(&run(&plan, &portal).await), ["already-so"]);
    }
    // Lost, then changed by someone else: it is unknown whether this write took effect.
    let portal = ScriptedPortal::new(
        &observed,
        [lost, ScriptedAnswer::ChangedFirst(ConcurrentChange::Terminated)],
    );
    assert_eq!(words(&run(&plan, &portal).await), ["unknown"]);
}

#[tokio::test]
async fn a_stale_write_is_checked_against_the_plan() {
    for (by, target, word) in [
        (ConcurrentChange::Enabled, Target::Enabled, "already-so"),
        (ConcurrentChange::Terminated, Target::Enabled, "failed"),
        (ConcurrentChange::SameButNewer, Target::Enabled, "applied"),
        (ConcurrentChange::Terminated, Target::Terminated, "already-so"),
        (ConcurrentChange::OnHold, Target::Terminated, "failed"),
        (ConcurrentChange::SameButNewer, Target::Terminated, "applied"),
    ] {
        let (plan, observed) = planned(target, 1);
        let portal = ScriptedPortal::new(&observed, [ScriptedAnswer::ChangedFirst(by)]);
        assert_eq!(words(&run(&plan, &portal).await), [word]);
    }
}

#[tokio::test]
async fn rereads_before_a_write_without_if_match() {
    let (plan, observed) = planned(Target::Terminated, 1);
    let mut portal = ScriptedPortal::new(&observed, []);
    portal.if_match = false;
    portal.with_mailbox(&"0".into(), |mailbox| mailbox.hold = true);
    let outcomes = run(&plan, &portal).await;
    assert_eq!(words(&outcomes), ["failed"]);
    assert_eq!(*portal.writes.lock().unwrap(), 0, "it was written");
}

#[tokio::test]
async fn rereads_after_an_answer_without_a_state() {
    for (shows, word) in [(None, "unknown"), (Some(ConcurrentChange::Enabled), "applied")] {
        let (plan, observed) = planned(Target::Enabled, 1);
        // Without effect it is sent once more, in another form.
        let portal = ScriptedPortal::new(&observed, [ScriptedAnswer::WithoutState(shows); 2]);
        assert_eq!(words(&run(&plan, &portal).await), [word]);
    }
}

#[tokio::test]
async fn rereads_before_a_termination() {
    // The portal claims to refuse stale writes, and a hold came after the plan was made.
    let (plan, observed) = planned(Target::Terminated, 1);
    let portal = ScriptedPortal::new(&observed, []);
    portal.with_mailbox(&"0".into(), |mailbox| mailbox.hold = true);
    assert_eq!(words(&run(&plan, &portal).await), ["failed"]);
    assert_eq!(*portal.writes.lock().unwrap(), 0);
}

#[tokio::test]
async fn one_failure_does_not_stop_others() {
    let (plan, observed) = planned(Target::Enabled, 3);
    let portal = ScriptedPortal::new(&observed, [ScriptedAnswer::Fail(ErrorKind::Rejected)]);
    let outcomes = run(&plan, &portal).await;
    assert_eq!(words(&outcomes), ["failed", "applied", "applied"]);
    assert_eq!(exit_of_outcomes(&outcomes), Exit::Partly);
}

#[tokio::test]
async fn a_refused_token_stops_the_run() {
    let (plan, observed) = planned(Target::Enabled, 4);
    let portal = ScriptedPortal::new(
        &observed,
        [ScriptedAnswer::Ok, ScriptedAnswer::Fail(ErrorKind::Unauthorized)],
    );
    let outcomes = run(&plan, &portal).await;
    assert_eq!(words(&outcomes), ["applied", "failed", "skipped", "skipped"]);
    assert_eq!(*portal.writes.lock().unwrap(), 2);
}

#[tokio::test]
async fn five_equal_failures_stop_the_run() {
    let (plan, observed) = planned(Target::Enabled, 8);
    let portal = ScriptedPortal::new(&observed, [ScriptedAnswer::Fail(ErrorKind::RateLimited); 8]);
    let outcomes = run(&plan, &portal).await;
    assert_eq!(words(&outcomes)[..5], ["failed"; 5]);
    assert_eq!(words(&outcomes)[5..], ["skipped"; 3]);
    assert_eq!(exit_of_outcomes(&outcomes), Exit::Failed);
}

#[tokio::test]
async fn an_unrecorded_change_is_not_sent() {
    let (plan, observed) = planned(Target::Enabled, 2);
    let portal = ScriptedPortal::new(&observed, []);
    let witness = TestWitness { fails_to_record: true, ..TestWitness::default() };
    let outcomes = run_with(&plan, &portal, &witness).await;
    assert_eq!(words(&outcomes), ["skipped"; 2]);
    assert!(outcomes[0].detail().unwrap().contains("the disk is full"));
    assert_eq!(*portal.writes.lock().unwrap(), 0);
    assert_eq!(exit_of_outcomes(&outcomes), Exit::Failed);
}
