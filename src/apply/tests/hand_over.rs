//! Handing a plan over to people: all of it or nothing, and nothing unrecorded.

use std::sync::Mutex;

use super::{TestWitness, planned, words};
use crate::apply::{Outcome, hand_over};
use crate::domain::archive_state::Target;
use crate::domain::record::entry::HandOver;
use crate::exit::Exit;
use crate::language::Message;
use crate::ops::exit_status::exit_of_outcomes;
use crate::portal::PortalHandOver;
use crate::portal::UploadRow;

/// Takes every mailbox but one, unless the folder is full.
#[derive(Default)]
struct FakePortal {
    unfit_reason: Option<&'static str>,
    is_full: bool,
    prepared: Mutex<Vec<String>>,
    received: Mutex<Vec<String>>,
}

impl PortalHandOver for FakePortal {
    fn unfit_reason(&self, row: &UploadRow<'_>) -> Option<Message> {
        (Some(row.mailbox.as_str()) == self.unfit_reason).then(|| "it looks like a formula".into())
    }

    fn prepare(&self, rows: &[UploadRow<'_>]) -> Result<HandOver, Message> {
        if self.is_full {
            return Err("the disk is full".into());
        }
        *self.prepared.lock().unwrap() = rows.iter().map(|row| row.mailbox.to_string()).collect();
        let (void, cancelled) = (Vec::new(), Vec::new());
        Ok(HandOver { file: "changes.csv".to_owned(), sha256: String::new(), void, cancelled })
    }

    fn publish(&self, file: &HandOver) -> Outcome {
        self.received.lock().unwrap().append(&mut self.prepared.lock().unwrap());
        Outcome::HandedOver { file: file.file.clone() }
    }
}

async fn run_hand_over(portal: &FakePortal, witness: &TestWitness) -> (Vec<Outcome>, usize) {
    let (plan, _) = planned(Target::Enabled, 3);
    let cleared = plan.clear_to_run(&[], true).unwrap();
    let outcomes = hand_over(cleared, portal, &witness.stop, witness).await;
    (outcomes, portal.received.lock().unwrap().len())
}

#[tokio::test]
async fn hands_over_all_changes_in_one_file() {
    let (outcomes, received) = run_hand_over(&FakePortal::default(), &TestWitness::default()).await;
    assert_eq!(words(&outcomes), ["handed-over"; 3]);
    assert_eq!(outcomes[0].detail(), Some("changes.csv".into()));
    assert_eq!(received, 3);
    assert_eq!(exit_of_outcomes(&outcomes), Exit::Done);
}

#[tokio::test]
async fn an_unsafe_row_fails_alone() {
    let portal = FakePortal { unfit_reason: Some("m01@agensi.example"), ..FakePortal::default() };
    let (outcomes, received) = run_hand_over(&portal, &TestWitness::default()).await;
    assert_eq!(words(&outcomes), ["handed-over", "failed", "handed-over"]);
    assert_eq!(received, 2);
    assert_eq!(exit_of_outcomes(&outcomes), Exit::Partly);
}

#[tokio::test]
async fn an_unwritable_folder_fails_all() {
    let portal = FakePortal { is_full: true, ..FakePortal::default() };
    let (outcomes, _) = run_hand_over(&portal, &TestWitness::default()).await;
    assert_eq!(words(&outcomes), ["failed"; 3]);
    assert_eq!(outcomes[0].detail(), Some("the disk is full".into()));
}

#[tokio::test]
async fn hands_over_nothing_unrecorded_or_after_a_stop() {
    let unrecorded = TestWitness { fails_to_record: true, ..TestWitness::default() };
    let (outcomes, received) = run_hand_over(&FakePortal::default(), &unrecorded).await;
    assert_eq!((words(&outcomes), received), (vec!["skipped"; 3], 0));

    // Nor does a file appear that no record knows.
    let unrecorded = TestWitness { fails_to_record_file: true, ..TestWitness::default() };
    let (outcomes, received) = run_hand_over(&FakePortal::default(), &unrecorded).await;
    assert_eq!((words(&outcomes), received), (vec!["skipped"; 3], 0));

    let stopped = TestWitness { at_begin: true, ..TestWitness::default() };
    let (outcomes, received) = run_hand_over(&FakePortal::default(), &stopped).await;
    assert_eq!((words(&outcomes), received), (vec!["skipped"; 3], 0));
}
