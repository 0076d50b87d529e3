//! One database file and several portals, as several processes have it.

use super::*;
use crate::devportal::{DatabaseLocation, SeedOutcome};

fn on(file: &std::path::Path) -> Options {
    let mut options = options();
    options.database = DatabaseLocation::File(file.to_owned());
    options
}

#[tokio::test]
async fn database_persists_and_is_seeded_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("portal.db");
    let site = Site::new(on(&file)).await;
    assert_eq!(site.portal.seed_outcome(), SeedOutcome::Fresh { mailboxes: 4 });
    site.ask(TAN, "enabled").await;
    site.portal.stop().await;

    let site = Site::new(on(&file)).await;
    let same = SeedOutcome::Kept { mailboxes: 4, same_roster: true };
    assert_eq!(site.portal.seed_outcome(), same);
    assert_eq!(site.get(TAN).await.state(), "enabled");
    assert_eq!(site.audit().await.len(), 1);
    site.portal.stop().await;

    let mut other = on(&file);
    other.roster = Some(Roster::read(b"mailbox\nx@agensi.example\n", "x").expect("a roster"));
    let site = Site::new(other).await;
    let kept = SeedOutcome::Kept { mailboxes: 4, same_roster: false };
    assert_eq!(site.portal.seed_outcome(), kept);
}

/// What one portal began, the next one ends, even with another delay.
#[tokio::test]
async fn provisioning_continues_after_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut slow = on(&folder.path().join("portal.db"));
    slow.provisioning_delay = std::time::Duration::from_millis(400);
    let site = Site::new(slow.clone()).await;
    assert_eq!(site.ask(TAN, "enabled").await.state(), "enabling");
    site.portal.stop().await;
    slow.provisioning_delay = std::time::Duration::from_secs(3600);
    let site = Site::new(slow).await;
    let mut tries = 300;
    while site.get(TAN).await.state() == "enabling" {
        tries -= 1;
        assert!(tries > 0, "it never settles");
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert_eq!(site.get(TAN).await.state(), "enabled");
    assert_eq!(site.audit().await.len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_several_portals_seeds() {
    for _ in 0..5 {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("portal.db");
        let starts: Vec<_> = (0..6).map(|_| tokio::spawn(start(on(&file)))).collect();
        let mut fresh = 0;
        for started in starts {
            let portal = started.await.expect("no panic").expect("a portal");
            match portal.seed_outcome() {
                SeedOutcome::Fresh { mailboxes } => {
                    fresh += 1;
                    assert_eq!(mailboxes, 4);
                }
                kept => assert_eq!(kept, SeedOutcome::Kept { mailboxes: 4, same_roster: true }),
            }
            portal.stop().await;
        }
        assert_eq!(fresh, 1);
    }
}

/// Two portals on one file; each of many clients asks both for the same change at the same version.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_two_concurrent_writes_succeeds() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("portal.db");
    let (left, right) = (Site::new(on(&file)).await, Site::new(on(&file)).await);
    let mut expected = 0;
    for state in ["terminated", "enabled", "terminated", "enabled"] {
        let etag = left.get(SITI).await.etag.expect("an etag");
        let body = json!({"schemas": [wire::PATCH_OP], "Operations": [
            {"op": "replace", "path": format!("{}:state", wire::MAILBOX), "value": state}]});
        let ask = |site: &Site| {
            answer(site.request(Method::PATCH, SITI).header("if-match", &etag).json(&body))
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

/// Where the children of the next test find the database, and which of them they are.
const CHILD: &str = "PORTAL_TEST_CHILD";
const WRITES: usize = 40;

/// Real processes on one file: one seeds, and no write of any is lost.
#[tokio::test]
async fn real_processes_share_a_database() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("portal.db");
    let program = std::env::current_exe().expect("this program");
    let children: Vec<_> = (0..3)
        .map(|child| {
            std::process::Command::new(&program)
                .args(["--ignored", "--exact"])
                .arg("devportal::tests::processes::child")
                .env(CHILD, folder.path().join(format!("child-{child}")))
                .stdout(std::process::Stdio::null())
                .spawn()
                .expect("a child")
        })
        .collect();
    for mut child in children {
        assert!(child.wait().expect("an end").success());
    }
    let fresh = (0..3)
        .map(|child| std::fs::read_to_string(folder.path().join(format!("child-{child}"))))
        .filter(|said| said.as_deref().expect("a child's word").starts_with("Fresh"))
        .count();
    assert_eq!(fresh, 1);
    let site = Site::new(on(&file)).await;
    let version = format!("W/\"{}\"", 1 + 3 * WRITES);
    assert_eq!(site.get(TAN).await.etag, Some(version));
}

#[tokio::test]
#[ignore = "a part of real_processes_share_a_database, which starts it"]
async fn child() {
    let Some(word) = std::env::var_os(CHILD).map(std::path::PathBuf::from) else {
        return;
    };
    let site = Site::new(on(&word.with_file_name("portal.db"))).await;
    std::fs::write(&word, format!("{:?}", site.portal.seed_outcome())).expect("written");
    for write in 0..WRITES {
        let title = format!("{} {write}", word.display());
        let operation = json!([{"op": "replace", "path": "title", "value": title}]);
        assert_eq!(site.patch(TAN, operation).await.status, 200);
    }
    site.portal.stop().await;
}
