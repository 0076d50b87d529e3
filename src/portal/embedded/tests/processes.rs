//! One database file and several portals, as several processes have it.

use super::super::{Database, Seeded};
use super::*;

fn on(file: &std::path::Path) -> Options {
    let mut options = options();
    options.database = Database::File(file.to_owned());
    options
}

#[tokio::test]
async fn a_database_outlives_the_portal_and_is_seeded_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("portal.db");
    let site = Site::new(on(&file)).await;
    assert_eq!(site.portal.seeded(), Seeded::Fresh { mailboxes: 4 });
    site.ask(TAN, "enabled").await;
    site.portal.stop().await;

    let site = Site::new(on(&file)).await;
    let same = Seeded::Kept {
        mailboxes: 4,
        same_roster: true,
    };
    assert_eq!(site.portal.seeded(), same);
    assert_eq!(site.get(TAN).await.state(), "enabled");
    assert_eq!(site.audit().await.len(), 1);
    site.portal.stop().await;

    let mut other = on(&file);
    other.roster = Some(Roster::read(b"mailbox\nx@agensi.example\n", "x").expect("a roster"));
    let site = Site::new(other).await;
    let kept = Seeded::Kept {
        mailboxes: 4,
        same_roster: false,
    };
    assert_eq!(site.portal.seeded(), kept);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_portals_that_start_together_one_seeds() {
    for _ in 0..5 {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("portal.db");
        let starts: Vec<_> = (0..6).map(|_| tokio::spawn(start(on(&file)))).collect();
        let mut fresh = 0;
        for started in starts {
            let portal = started.await.expect("no panic").expect("a portal");
            match portal.seeded() {
                Seeded::Fresh { mailboxes } => {
                    fresh += 1;
                    assert_eq!(mailboxes, 4);
                }
                kept => assert_eq!(
                    kept,
                    Seeded::Kept {
                        mailboxes: 4,
                        same_roster: true
                    }
                ),
            }
            portal.stop().await;
        }
        assert_eq!(fresh, 1);
    }
}

/// Two portals on one file; each of many clients asks both for the same change at the same version.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_writes_at_one_version_one_is_done() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("portal.db");
    let (left, right) = (Site::new(on(&file)).await, Site::new(on(&file)).await);
    let mut expected = 0;
    for state in ["terminated", "enabled", "terminated", "enabled"] {
        let etag = left.get(SITI).await.etag.expect("an etag");
        let body = json!({"schemas": [wire::PATCH_OP], "Operations": [
            {"op": "replace", "path": format!("{}:state", wire::MAILBOX), "value": state}]});
        let ask = |site: &Site| {
            answer(
                site.request(Method::PATCH, SITI)
                    .header("if-match", &etag)
                    .json(&body),
            )
        };
        let (a, b, c, d) = tokio::join!(ask(&left), ask(&right), ask(&left), ask(&right));
        let mut statuses = [a, b, c, d].map(|answer| answer.status.as_u16());
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412, 412, 412]);
        expected += 1;
        assert_eq!(right.audit().await.len(), expected);
        assert_eq!(right.get(SITI).await.state(), state);
    }
}
