//! The executor against a scripted portal: every answer a write can get.

mod answers;
mod bulk;
mod hand_over;
mod interrupted;

use std::time::Duration;

use super::scripted::{Act, By, Scripted};
use super::{Outcome, Stop, Witness, apply};
use crate::domain::approval::UnverifiedApprovals;
use crate::domain::archive::State;
use crate::domain::archive::Target;
use crate::domain::desired::fold;
use crate::domain::mailbox::Mailbox;
use crate::domain::observed::{Observed, ObservedMailbox, entry};
use crate::domain::plan::{Change, Plan, plan};
use crate::domain::policy::{Language, Limits, Policy, PortalKind, Provenance};
use crate::domain::request::{
    Action, Approval, Channel, NamedMailbox, Received, Request, RequestId,
};
use crate::exit::Exit;
use crate::ops::exit_status::exit_status;
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
                .map(|number| NamedMailbox {
                    mailbox: address(number),
                    line: 1,
                })
                .collect(),
        },
        received: Received {
            date: jiff::civil::date(2026, 11, 1),
            channel: Channel::Memo,
            reference: "R".into(),
            from: None,
        },
        approval: Some(Approval {
            by: Mailbox::parse("approver@agensi.example").unwrap(),
            date: jiff::civil::date(2026, 11, 2),
        }),
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
        ..entry(address(number).as_str(), &number.to_string(), from.clone())
    });
    let observed = Observed::new(read.collect(), true);
    let desired = fold(
        &[request.into()],
        jiff::civil::date(2026, 11, 23),
        &UnverifiedApprovals::new(),
    );
    let policy = Policy {
        file: "requests/agency.yaml".into(),
        agency: "CONTOH".into(),
        name: "Jabatan Contoh".into(),
        domains: vec!["agensi.example".into()],
        approvers: vec![],
        former_approvers: vec![],
        language: Language::Malay,
        portal: PortalKind::Embedded,
        mapping: crate::domain::mapping::scim::Mapping::default(),
        limits: Limits {
            terminations: 1000,
            terminations_percent: 100,
            changes: 1000,
        },
        protected: vec![],
        provenance: Provenance::Committed,
        recoverable_days: None,
        notices: None,
        export: Default::default(),
        bulk: Default::default(),
    };
    (plan(&desired, &observed, &policy), observed)
}

/// Asks a run to stop at the first change that begins, or ends; or refuses to record.
#[derive(Default)]
struct Watching {
    stop: Stop,
    at_once: usize,
    at_begin: bool,
    at_end: bool,
    refuses: bool,
}

impl Witness for Watching {
    async fn begun(&self, _: &Change) -> Result<(), String> {
        if self.at_begin {
            self.stop.ask();
        }
        if self.refuses {
            return Err("the disk is full".to_owned());
        }
        Ok(())
    }

    async fn ended(&self, _: &Change, _: &Outcome) {
        if self.at_end {
            self.stop.ask();
        }
    }
}

async fn watched(plan: &Plan, portal: &Scripted, watching: &Watching) -> Vec<Outcome> {
    let concurrency = watching.at_once.max(1);
    let cleared = plan.clear(&[], true).unwrap();
    apply(cleared, portal, concurrency, &watching.stop, watching).await
}

async fn run(plan: &Plan, portal: &Scripted) -> Vec<Outcome> {
    watched(plan, portal, &Watching::default()).await
}

fn words(outcomes: &[Outcome]) -> Vec<&str> {
    outcomes.iter().map(Outcome::as_str).collect()
}

#[tokio::test(start_paused = true)]
async fn of_what_was_announced_only_what_was_sent_is_unknown() {
    let (plan, observed) = planned(Target::Enabled, 4);
    // Two are sent and hang; a third was announced and waits for its turn.
    let portal = Scripted::new(&observed, [Act::Hang, Act::Hang]);
    let watching = Watching {
        at_once: 2,
        ..Watching::default()
    };
    let (outcomes, ()) = tokio::join!(watched(&plan, &portal, &watching), async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        watching.stop.ask();
    });
    let expected = ["unknown", "unknown", "skipped", "skipped"];
    assert_eq!(words(&outcomes), expected, "{outcomes:?}");
    assert_eq!(*portal.writes.lock().unwrap(), 2);
}

#[tokio::test]
async fn a_plain_change_is_one_write() {
    let (plan, observed) = planned(Target::Enabled, 3);
    let portal = Scripted::new(&observed, []);
    assert_eq!(words(&run(&plan, &portal).await), ["applied"; 3]);
    assert_eq!(*portal.writes.lock().unwrap(), 3);
}

#[tokio::test]
async fn where_no_version_stands_guard_the_mailbox_is_looked_at_first() {
    for (target, is_heeded, has_version, looks) in [
        (Target::Enabled, true, true, false),
        (Target::Enabled, true, false, true),
        (Target::Enabled, false, true, true),
        (Target::Terminated, true, true, true),
    ] {
        let (mut plan, observed) = planned(target, 1);
        let mut portal = Scripted::new(&observed, []);
        portal.if_match = is_heeded;
        if !has_version {
            plan.changes[0].version = None;
        }
        // Someone else has done it since the plan was made.
        let other = match target {
            Target::Enabled => State::Enabled,
            Target::Terminated => State::Terminated,
        };
        portal.with(&plan.changes[0].id, |seen| {
            seen.state = other;
            seen.version = Some("v9".into());
        });
        assert_eq!(words(&run(&plan, &portal).await), ["already-so"]);
        let writes = *portal.writes.lock().unwrap();
        assert_eq!(writes == 0, looks, "{target:?} {is_heeded} {has_version}");
    }
}

#[tokio::test]
async fn a_lost_answer_is_looked_up_before_anything_is_repeated() {
    let (plan, observed) = planned(Target::Enabled, 1);
    let portal = Scripted::new(&observed, [Act::Lost { done: true }]);
    let outcomes = run(&plan, &portal).await;
    assert_eq!(words(&outcomes), ["applied"]);
    assert!(outcomes[0].detail().unwrap().contains("no clear answer"));
    assert_eq!(*portal.writes.lock().unwrap(), 1, "it was written again");

    let portal = Scripted::new(&observed, [Act::DoneBut500]);
    assert_eq!(words(&run(&plan, &portal).await), ["applied"]);
    assert_eq!(*portal.writes.lock().unwrap(), 1, "it was written again");

    let portal = Scripted::new(&observed, [Act::Lost { done: false }]);
    assert_eq!(words(&run(&plan, &portal).await), ["applied"]);
    assert_eq!(*portal.writes.lock().unwrap(), 2);
}

#[tokio::test]
async fn what_nobody_can_look_up_is_unknown() {
    let (plan, observed) = planned(Target::Enabled, 1);
    let mut portal = Scripted::new(&observed, [Act::Lost { done: true }]);
    portal.rereads_fail = true;
    let outcomes = run(&plan, &portal).await;
    assert_eq!(words(&outcomes), ["unknown"]);
    assert_eq!(exit_status(&outcomes), Exit::Partly);
}

#[tokio::test]
async fn a_clear_failure_that_nobody_can_look_up_is_unknown_too() {
    let (plan, observed) = planned(Target::Enabled, 1);
    let mut portal = Scripted::new(&observed, [Act::DoneBut500]);
    portal.rereads_fail = true;
    assert_eq!(words(&run(&plan, &portal).await), ["unknown"]);
}

#[tokio::test]
async fn no_clear_answer_to_the_end_is_unknown_and_a_refusal_is_failed() {
    let (plan, observed) = planned(Target::Enabled, 1);
    // The last of them may still land.
    let portal = Scripted::new(&observed, [Act::Lost { done: false }; 3]);
    assert_eq!(words(&run(&plan, &portal).await), ["unknown"]);
    assert_eq!(*portal.writes.lock().unwrap(), 3);
    // What a portal that fails shows may be of long ago.
    let portal = Scripted::new(&observed, [Act::Fail(ErrorKind::Server); 3]);
    assert_eq!(words(&run(&plan, &portal).await), ["unknown"]);
    let portal = Scripted::new(&observed, [Act::Fail(ErrorKind::Rejected)]);
    assert_eq!(words(&run(&plan, &portal).await), ["failed"]);
    // Refused each time, because something else of the mailbox changes all the time.
    let portal = Scripted::new(&observed, [Act::Overtaken(By::SameButNewer); 3]);
    let outcomes = run(&plan, &portal).await;
    assert_eq!(words(&outcomes), ["failed"]);
    assert!(outcomes[0].detail().unwrap().ends_with("tried 3 times"));
}

#[tokio::test]
async fn a_write_that_lands_late_is_no_failure() {
    let (plan, observed) = planned(Target::Enabled, 1);
    let lost = Act::Lost { done: false };
    let newer = Act::Overtaken(By::SameButNewer);
    for acts in [[lost, lost], [newer, newer]] {
        let portal = Scripted::new(
            &observed,
            acts.into_iter().chain([Act::Overtaken(By::Enabled)]),
        );
        assert_eq!(words(&run(&plan, &portal).await), ["already-so"]);
    }
    // Lost, and then changed by someone else: nobody knows whether ours was made.
    let portal = Scripted::new(&observed, [lost, Act::Overtaken(By::Terminated)]);
    assert_eq!(words(&run(&plan, &portal).await), ["unknown"]);
}

#[tokio::test]
async fn a_change_overtaken_is_re_checked_against_the_plan() {
    for (by, target, word) in [
        (By::Enabled, Target::Enabled, "already-so"),
        (By::Terminated, Target::Enabled, "failed"),
        (By::SameButNewer, Target::Enabled, "applied"),
        (By::Terminated, Target::Terminated, "already-so"),
        (By::OnHold, Target::Terminated, "failed"),
        (By::SameButNewer, Target::Terminated, "applied"),
    ] {
        let (plan, observed) = planned(target, 1);
        let portal = Scripted::new(&observed, [Act::Overtaken(by)]);
        assert_eq!(words(&run(&plan, &portal).await), [word]);
    }
}

#[tokio::test]
async fn without_if_match_the_mailbox_is_read_right_before() {
    let (plan, observed) = planned(Target::Terminated, 1);
    let mut portal = Scripted::new(&observed, []);
    portal.if_match = false;
    portal.with(&"0".into(), |seen| seen.hold = true);
    let outcomes = run(&plan, &portal).await;
    assert_eq!(words(&outcomes), ["failed"]);
    assert_eq!(
        *portal.writes.lock().unwrap(),
        0,
        "it was written all the same"
    );
}

#[tokio::test]
async fn an_answer_without_a_state_is_looked_up() {
    for (shows, word) in [(None, "unknown"), (Some(By::Enabled), "applied")] {
        let (plan, observed) = planned(Target::Enabled, 1);
        let portal = Scripted::new(&observed, [Act::Mute(shows)]);
        assert_eq!(words(&run(&plan, &portal).await), [word]);
    }
}

#[tokio::test]
async fn a_termination_is_looked_at_right_before() {
    // The portal claims to refuse stale writes, and a hold came after the plan was made.
    let (plan, observed) = planned(Target::Terminated, 1);
    let portal = Scripted::new(&observed, []);
    portal.with(&"0".into(), |seen| seen.hold = true);
    assert_eq!(words(&run(&plan, &portal).await), ["failed"]);
    assert_eq!(*portal.writes.lock().unwrap(), 0);
}

#[tokio::test]
async fn one_failure_stops_nothing_else() {
    let (plan, observed) = planned(Target::Enabled, 3);
    let portal = Scripted::new(&observed, [Act::Fail(ErrorKind::Rejected)]);
    let outcomes = run(&plan, &portal).await;
    assert_eq!(words(&outcomes), ["failed", "applied", "applied"]);
    assert_eq!(exit_status(&outcomes), Exit::Partly);
}

#[tokio::test]
async fn a_refused_token_stops_at_once() {
    let (plan, observed) = planned(Target::Enabled, 4);
    let portal = Scripted::new(&observed, [Act::Ok, Act::Fail(ErrorKind::Unauthorized)]);
    let outcomes = run(&plan, &portal).await;
    assert_eq!(
        words(&outcomes),
        ["applied", "failed", "skipped", "skipped"]
    );
    assert_eq!(*portal.writes.lock().unwrap(), 2);
}

#[tokio::test]
async fn five_failures_alike_stop_what_has_not_begun() {
    let (plan, observed) = planned(Target::Enabled, 8);
    let portal = Scripted::new(&observed, [Act::Fail(ErrorKind::RateLimited); 8]);
    let outcomes = run(&plan, &portal).await;
    assert_eq!(words(&outcomes)[..5], ["failed"; 5]);
    assert_eq!(words(&outcomes)[5..], ["skipped"; 3]);
    assert_eq!(exit_status(&outcomes), Exit::Failed);
}

#[tokio::test]
async fn what_cannot_be_recorded_is_not_done() {
    let (plan, observed) = planned(Target::Enabled, 2);
    let portal = Scripted::new(&observed, []);
    let watching = Watching {
        refuses: true,
        ..Watching::default()
    };
    let outcomes = watched(&plan, &portal, &watching).await;
    assert_eq!(words(&outcomes), ["skipped"; 2]);
    assert!(outcomes[0].detail().unwrap().contains("the disk is full"));
    assert_eq!(*portal.writes.lock().unwrap(), 0);
    assert_eq!(exit_status(&outcomes), Exit::Failed);
}
