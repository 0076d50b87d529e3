//! What a portal answers after it took a write, of another account than the one that was meant.

use crate::apply::scripted_portal::ScriptedPortal;
use crate::apply::{Outcome, Stop, apply};
use crate::domain::archive_state::{State, Target};
use crate::domain::observed::{ObservedMailbox, PortalId, sample_mailbox};
use crate::portal::{PortalChange, PortalError, PortalWriter};

use super::{TestWitness, at_once, planned};

/// A portal that takes every write, and then shows another address under the same key.
struct Renamed {
    /// Whether the answer to the write shows it, or only the mailbox read again.
    answers: bool,
}

impl Renamed {
    fn now() -> ObservedMailbox {
        ObservedMailbox {
            request: Some("R-1".into()),
            ..sample_mailbox("other@agensi.example", "0", State::Enabled)
        }
    }
}

impl PortalWriter for Renamed {
    fn refuses_stale_versions(&self) -> bool {
        true
    }

    async fn reread_mailbox(&self, _: &PortalId) -> Result<Option<ObservedMailbox>, PortalError> {
        Ok(Some(Self::now()))
    }

    async fn write(&self, _: &PortalChange) -> Result<Option<ObservedMailbox>, PortalError> {
        Ok(self.answers.then(Self::now))
    }
}

#[tokio::test]
async fn an_answer_about_another_address_is_not_believed() {
    let (plan, observed) = planned(Target::Enabled, 1);
    for answers in [true, false] {
        let cleared = plan.clear_to_run(&[], true).unwrap();
        let portal = Renamed { answers };
        let ended = apply(
            cleared,
            &portal,
            &ScriptedPortal::new(&observed, []),
            at_once(1),
            &Stop::default(),
            &TestWitness::default(),
        )
        .await;
        assert!(matches!(&*ended, [Outcome::Unknown { .. }]), "{ended:?}");
        let why = ended[0].detail().unwrap();
        assert!(why.contains("another address"), "{why}");
    }
}
