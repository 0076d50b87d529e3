//! Unit tests of the file above.

use super::*;
use crate::domain::archive_state::Target;
use crate::domain::change_outcome::OutcomeKind;
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

/// A record that is whole, or that lacks a line.
async fn ended_with(trouble: Option<&str>) -> AgencyResult {
    let folder = tempfile::tempdir().unwrap();
    let first = Event::Ended(Ended { status: 0, reason: "first".into() });
    let recording = ChangeRecorder {
        journal: Journal::start(folder.path(), "3f9a1c2e", &[], first).unwrap(),
        progress: Progress::new("applying changes"),
        sent: AtomicUsize::new(0),
        total: 0,
        trouble: trouble.map_or_else(OnceLock::new, |why| OnceLock::from(why.to_owned())),
    };
    let mut run = AgencyResult::default();
    recording.end_record(&mut run).await;
    run
}

#[tokio::test]
async fn a_record_that_is_not_whole_is_no_success() {
    assert_eq!(ended_with(None).await.exit, Exit::Done);
    let run = ended_with(Some("the disk is full")).await;
    assert_eq!(run.exit, Exit::Partly);
    assert!(run.reason.contains("the disk is full"), "{}", run.reason);
}
