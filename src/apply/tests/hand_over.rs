//! Handing a plan over to people: all of it or nothing, and nothing that was not written down.

use std::sync::Mutex;

use super::{Watching, planned, words};
use crate::apply::{Outcome, hand_over};
use crate::domain::archive::Target;
use crate::exit::Exit;
use crate::ops::exit_status::exit_status;
use crate::portal::PortalHandOver;
use crate::portal::Row;

/// People who take everything but this mailbox, where their folder takes anything.
#[derive(Default)]
struct Desk {
    unfit: Option<&'static str>,
    is_full: bool,
    got: Mutex<Vec<String>>,
}

impl PortalHandOver for Desk {
    fn unfit(&self, row: &Row<'_>) -> Option<String> {
        (Some(row.mailbox.as_str()) == self.unfit).then(|| "it looks like a formula".to_owned())
    }

    fn hand_over(&self, rows: &[Row<'_>]) -> Result<String, String> {
        if self.is_full {
            return Err("the disk is full".to_owned());
        }
        let mut got = self.got.lock().unwrap();
        got.extend(rows.iter().map(|row| row.mailbox.to_string()));
        Ok("changes.csv".to_owned())
    }
}

async fn handed(desk: &Desk, watching: &Watching) -> (Vec<Outcome>, usize) {
    let (plan, _) = planned(Target::Enabled, 3);
    let cleared = plan.clear(&[], true).unwrap();
    let outcomes = hand_over(cleared, desk, &watching.stop, watching).await;
    (outcomes, desk.got.lock().unwrap().len())
}

#[tokio::test]
async fn everything_is_handed_over_at_once() {
    let (outcomes, got) = handed(&Desk::default(), &Watching::default()).await;
    assert_eq!(words(&outcomes), ["handed-over"; 3]);
    assert_eq!(outcomes[0].detail(), Some("changes.csv"));
    assert_eq!(got, 3);
    assert_eq!(exit_status(&outcomes), Exit::Done);
}

#[tokio::test]
async fn one_that_does_not_fit_fails_alone() {
    let desk = Desk {
        unfit: Some("m01@agensi.example"),
        ..Desk::default()
    };
    let (outcomes, got) = handed(&desk, &Watching::default()).await;
    assert_eq!(words(&outcomes), ["handed-over", "failed", "handed-over"]);
    assert_eq!(got, 2);
    assert_eq!(exit_status(&outcomes), Exit::Partly);
}

#[tokio::test]
async fn a_folder_that_takes_nothing_fails_all() {
    let desk = Desk {
        is_full: true,
        ..Desk::default()
    };
    let (outcomes, _) = handed(&desk, &Watching::default()).await;
    assert_eq!(words(&outcomes), ["failed"; 3]);
    assert_eq!(outcomes[0].detail(), Some("the disk is full"));
}

#[tokio::test]
async fn nothing_is_handed_over_unrecorded_or_after_a_stop() {
    let unrecorded = Watching {
        refuses: true,
        ..Watching::default()
    };
    let (outcomes, got) = handed(&Desk::default(), &unrecorded).await;
    assert_eq!((words(&outcomes), got), (vec!["skipped"; 3], 0));

    let stopped = Watching {
        at_begin: true,
        ..Watching::default()
    };
    let (outcomes, got) = handed(&Desk::default(), &stopped).await;
    assert_eq!((words(&outcomes), got), (vec!["skipped"; 3], 0));
}
