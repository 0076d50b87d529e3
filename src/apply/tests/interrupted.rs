//! A run that is asked to stop.

use super::*;

#[tokio::test(start_paused = true)]
async fn an_interruption_waits_a_limited_time() {
    let (plan, observed) = planned(Target::Enabled, 1);
    let portal = ScriptedPortal::new(&observed, [ScriptedAnswer::Hang]);
    let witness = TestWitness::default();
    let (outcomes, ()) = tokio::join!(run_with(&plan, &portal, &witness), async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        witness.stop.request_stop();
    });
    assert_eq!(words(&outcomes), ["unknown"]);
    // Stopped while its answer was lost: it is read again, and not sent again.
    for (done, word) in [(true, "already-so"), (false, "unknown")] {
        let portal = ScriptedPortal::new(&observed, [ScriptedAnswer::LostAfterDelay { done }]);
        let witness = TestWitness::default();
        let (outcomes, ()) = tokio::join!(run_with(&plan, &portal, &witness), async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            witness.stop.request_stop();
        });
        assert_eq!(words(&outcomes), [word]);
        assert_eq!(*portal.writes.lock().unwrap(), 1);
    }
    // Stopped before it was sent: it is not sent.
    let portal = ScriptedPortal::new(&observed, [ScriptedAnswer::Hang]);
    let witness = TestWitness { at_begin: true, ..TestWitness::default() };
    assert_eq!(words(&run_with(&plan, &portal, &witness).await), ["skipped"]);
    assert_eq!(*portal.writes.lock().unwrap(), 0);
}

#[tokio::test]
async fn an_interrupted_run_starts_nothing_new() {
    let (plan, observed) = planned(Target::Enabled, 3);
    let portal = ScriptedPortal::new(&observed, []);
    let witness = TestWitness { at_end: true, ..TestWitness::default() };
    let outcomes = run_with(&plan, &portal, &witness).await;
    assert_eq!(words(&outcomes), ["applied", "skipped", "skipped"]);
    assert_eq!(exit_of_outcomes(&outcomes), Exit::Partly);
}

/// The program must end within five seconds, and its record is to be written after this.
#[tokio::test(start_paused = true)]
async fn nothing_is_waited_for_longer_than_three_seconds_after_a_stop() {
    let (plan, observed) = planned(Target::Enabled, 2);
    for cuts_short in [false, true] {
        let portal = ScriptedPortal::new(&observed, [ScriptedAnswer::Hang, ScriptedAnswer::Hang]);
        let witness = TestWitness { at_once: 2, ..TestWitness::default() };
        let begun = tokio::time::Instant::now();
        let (outcomes, ()) = tokio::join!(run_with(&plan, &portal, &witness), async {
            tokio::task::yield_now().await;
            witness.stop.request_stop();
            tokio::time::sleep(Duration::from_secs(1)).await;
            if cuts_short {
                witness.stop.request_immediate_stop();
            }
        });
        assert_eq!(outcomes.len(), 2);
        assert_eq!(begun.elapsed().as_secs(), if cuts_short { 1 } else { 3 });
    }
}
