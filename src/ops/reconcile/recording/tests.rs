//! Unit tests of the file above.

use super::*;
use crate::apply::tests::planned;
use crate::domain::archive_state::Target;
use crate::domain::change_outcome::OutcomeKind;
use crate::domain::record::entry::Settled;
use crate::domain::record::enums::Settlement;
use crate::exit::Exit;
use secrecy::SecretString;

#[test]
fn removes_the_token_from_records() {
    let token = "rahsia-3b1f0c7a-rekod";
    printer::hide_secret(&SecretString::from(token));
    let said = format!("it names {token}");
    let intent = Intent {
        mailbox: "a@agensi.example".into(),
        action: Target::Enabled,
        request: "R-1".into(),
        from: token.into(),
        id: token.into(),
    };
    let outcome = entry::OutcomeEvent {
        is_settling: false,
        mailbox: "a@agensi.example".into(),
        request: "R-1".into(),
        outcome: OutcomeKind::Unknown,
        detail: Some(said.clone()),
    };
    let settled = Settled {
        mailbox: "a@agensi.example".into(),
        request: "R-1".into(),
        intent: "0".into(),
        outcome: Settlement::Unknown,
        done_at: None,
        detail: said.clone(),
    };
    let ended = Ended { status: 0, reason: said };
    for event in [
        Event::Intent(intent),
        Event::Outcome(outcome),
        Event::Settled(settled),
        Event::Ended(ended),
    ] {
        let shown = format!("{:?}", redact_secrets(event));
        assert!(!shown.contains(token) && shown.contains("[token]"), "{shown}");
    }
}

/// A run of one change whose record may be removed; what it prints.
fn ended_with(is_removed: bool) -> (AgencyResult, String) {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("records");
    let first = Event::Ended(Ended { status: 0, reason: "first".into() });
    let recording = ChangeRecorder {
        journal: Journal::start(&folder, "3f9a1c2e", &[], first).unwrap(),
        progress: Progress::new(&message!("run-applying")),
        sent: AtomicUsize::new(0),
        total: 1,
    };
    let (plan, _) = planned(Target::Terminated, 1);
    let outcomes = Some(vec![Outcome::Applied { settling: false }]);
    let mut run = AgencyResult { outcomes, ..AgencyResult::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let (run, _, messages) = printer::capture(|| {
        runtime.block_on(async {
            recording.before_change(&plan.changes[0]).await.unwrap();
            if is_removed {
                std::fs::remove_dir_all(&folder).unwrap();
                let why = recording.before_change(&plan.changes[0]).await.unwrap_err();
                let expected = "it cannot be recorded, so it was not sent: it was removed";
                assert!(why.contains(expected), "{why}");
            }
            recording.end_record(&plan, &mut run).await;
        });
        run
    });
    (run, messages)
}

#[test]
fn a_record_that_is_not_whole_is_no_success() {
    let (run, messages) = ended_with(false);
    assert_eq!((run.exit, &*messages), (Exit::Done, ""));
    let (run, messages) = ended_with(true);
    assert_eq!(run.exit, Exit::Partly);
    assert!(
        run.reason.in_english().contains("it was removed or changed during the run; the"),
        "{}",
        run.reason
    );
    assert!(messages.contains("applied: terminate m00@agensi.example (R-1)"), "{messages}");
}

#[test]
fn many_settlements_cost_few_waits_for_the_disk() {
    let scratch = tempfile::tempdir().unwrap();
    let first = Event::Ended(Ended { status: 0, reason: "first".into() });
    let recording = ChangeRecorder {
        journal: Journal::start(scratch.path(), "3f9a1c2e", &[], first).unwrap(),
        progress: Progress::new(&message!("run-applying")),
        sent: AtomicUsize::new(0),
        total: 0,
    };
    let (plan, _) = planned(Target::Terminated, 1);
    let settled = Settled {
        mailbox: "a@agensi.example".into(),
        request: "R-1".into(),
        intent: "0".into(),
        outcome: Settlement::NotApplied,
        done_at: None,
        detail: String::new(),
    };
    let started = std::time::Instant::now();
    recording.record_settled(vec![Event::Settled(settled); 2000]);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut run = AgencyResult::default();
    assert!(runtime.block_on(recording.end_record(&plan, &mut run)));
    let took = started.elapsed();
    assert!(took < std::time::Duration::from_secs(2), "{took:?}");
    let text = std::fs::read_to_string(run.record.unwrap()).unwrap();
    assert_eq!(text.lines().count(), 2002);
}
