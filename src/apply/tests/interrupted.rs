//! A run that is asked to stop.

use super::*;

#[tokio::test(start_paused = true)]
async fn an_interruption_waits_for_an_answer_but_not_for_ever() {
    let (plan, observed) = planned(Target::Enabled, 1);
    let portal = Scripted::new(&observed, [Act::Hang]);
    let watching = Watching::default();
    let (outcomes, ()) = tokio::join!(watched(&plan, &portal, &watching), async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        watching.stop.ask();
    });
    assert_eq!(words(&outcomes), ["unknown"]);
    // Asked while its answer was lost: it is looked up, and not sent again.
    for (done, word) in [(true, "applied"), (false, "unknown")] {
        let portal = Scripted::new(&observed, [Act::LostLate { done }]);
        let watching = Watching::default();
        let (outcomes, ()) = tokio::join!(watched(&plan, &portal, &watching), async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            watching.stop.ask();
        });
        assert_eq!(words(&outcomes), [word]);
        assert_eq!(*portal.writes.lock().unwrap(), 1);
    }
    // Asked before it was sent: it is not.
    let portal = Scripted::new(&observed, [Act::Hang]);
    let watching = Watching {
        at_begin: true,
        ..Watching::default()
    };
    assert_eq!(
        words(&watched(&plan, &portal, &watching).await),
        ["skipped"]
    );
    assert_eq!(*portal.writes.lock().unwrap(), 0);
}

#[tokio::test]
async fn an_interrupted_run_begins_nothing_new() {
    let (plan, observed) = planned(Target::Enabled, 3);
    let portal = Scripted::new(&observed, []);
    let watching = Watching {
        at_end: true,
        ..Watching::default()
    };
    let outcomes = watched(&plan, &portal, &watching).await;
    assert_eq!(words(&outcomes), ["applied", "skipped", "skipped"]);
    assert_eq!(exit_status(&outcomes), Exit::Partly);
}
