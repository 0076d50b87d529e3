//! The life of an archive over HTTP, and its audit trail.

use std::time::Duration;

use super::*;

#[tokio::test]
async fn enables_terminates_and_recovers_an_archive() {
    let site = Site::new(options()).await;
    let enabled = site.ask(TAN, "enabled").await;
    assert_eq!(enabled.status, 200);
    assert_eq!(
        enabled.body[wire::MAILBOX],
        json!({"state": "enabled", "request": "BMT-1", "changedAt": NOW, "hold": false, "account": "active"})
    );
    let terminated = site.ask(TAN, "terminated").await;
    assert_eq!(terminated.body[wire::MAILBOX]["recoverableUntil"], "2026-12-03T04:00:00Z");
    assert_eq!(site.ask(TAN, "enabled").await.state(), "enabled");
    let trail = site.audit().await;
    assert_eq!(trail.len(), 3);
    assert_eq!(
        trail[0],
        json!({"id": 1, "at": NOW, "actor": "client", "user_id": "00000001",
            "mailbox": "tan@agensi.example", "from_state": "disabled", "to_state": "enabled",
            "request": "BMT-1", "detail": "a new, empty archive"})
    );
    assert_eq!(trail[2]["detail"], "the archive was reconnected");
}

#[tokio::test]
async fn refused_changes_leave_no_trace() {
    let site = Site::new(options()).await;
    for (path, state, expected) in [
        (HALIM, "terminated", (409, "")),
        (ROSLI, "enabled", (409, "")),
        (TAN, "terminated", (409, "")),
        (SITI, "disabled", (409, "")),
        (TAN, "enabling", (400, "invalidValue")),
        (TAN, "on", (400, "invalidValue")),
    ] {
        let before = site.get(path).await.body;
        assert_eq!(site.ask(path, state).await.error(), expected, "{path} {state}");
        assert_eq!(site.get(path).await.body, before);
    }
    let on_hold = site.send(Method::DELETE, HALIM, &Value::Null).await;
    assert_eq!(on_hold.error(), (409, ""));
    let urn = format!("{}:changedAt", wire::MAILBOX);
    let read_only = site.patch(TAN, json!([{"op": "replace", "path": urn, "value": NOW}])).await;
    assert_eq!(read_only.error(), (400, "mutability"));
    assert_eq!(site.audit().await, Vec::<Value>::new());
}

#[tokio::test]
async fn active_and_account_stay_in_step() {
    let site = Site::new(options()).await;
    let off = site.patch(TAN, json!([{"op": "replace", "path": "active", "value": false}])).await;
    assert_eq!(off.body[wire::MAILBOX]["account"], "disabled");
    assert_eq!(site.ask(TAN, "enabled").await.error().0, 409);
    let urn = format!("{}:account", wire::MAILBOX);
    let on = site.patch(TAN, json!([{"op": "replace", "path": urn, "value": "active"}])).await;
    assert_eq!(on.body["active"], true);
    assert_eq!(site.ask(TAN, "enabled").await.state(), "enabled");
    let details: Vec<Value> = site.audit().await.into_iter().map(|e| e["detail"].clone()).collect();
    assert_eq!(
        details,
        ["account: active to disabled", "account: disabled to active", "a new, empty archive"]
    );
}

#[tokio::test]
async fn put_without_extension_keeps_the_archive() {
    let site = Site::new(options()).await;
    let body = json!({"schemas": [wire::USER], "userName": "halim@agensi.example"});
    let put = site.send(Method::PUT, HALIM, &body).await;
    assert_eq!((put.state(), &put.body[wire::MAILBOX]["hold"]), ("enabled", &true.into()));
}

#[tokio::test]
async fn provisioning_is_delayed_and_logged_as_the_portal() {
    let mut slow = options();
    slow.provisioning_delay = Duration::from_millis(300);
    let site = Site::new(slow).await;
    let begun = site.ask(SITI, "terminated").await;
    assert_eq!((begun.status.as_u16(), begun.state()), (200, "terminating"));
    assert_eq!(site.ask(SITI, "enabled").await.error(), (409, ""));
    let title = site.patch(SITI, json!([{"op": "add", "path": "title", "value": "x"}])).await;
    assert_eq!((title.status.as_u16(), title.state()), (200, "terminating"));
    tokio::time::sleep(Duration::from_millis(350)).await;
    let ended = site.get(SITI).await;
    assert_eq!(ended.state(), "terminated");
    assert_eq!(ended.etag.as_deref(), Some("W/\"4\""));
    assert_eq!(ended.body[wire::MAILBOX]["recoverableUntil"], "2026-12-03T04:00:00Z");
    let trail = site.audit().await;
    assert_eq!(trail.len(), 2);
    assert_eq!(
        (&trail[1]["actor"], &trail[1]["from_state"], &trail[1]["to_state"]),
        (&"portal".into(), &"terminating".into(), &"terminated".into())
    );
}

#[tokio::test]
async fn settles_changes_started_in_the_roster() {
    let text = b"mailbox,state\ntan@agensi.example,terminating\nsiti@agensi.example,enabling\n";
    let mut begun = options();
    begun.roster = Some(Roster::read(text, "portal.csv").expect("a roster"));
    // Without a delay it is to be seen for a while.
    let site = Site::new(begun.clone()).await;
    assert_eq!(site.get(SITI).await.state(), "enabling");
    assert_eq!(site.ask(SITI, "terminated").await.error().0, 409);
    begun.provisioning_delay = Duration::from_millis(300);
    let site = Site::new(begun).await;
    tokio::time::sleep(Duration::from_millis(350)).await;
    assert_eq!(site.get(SITI).await.state(), "enabled");
    let terminated = site.get(TAN).await;
    assert_eq!(terminated.state(), "terminated");
    assert_eq!(terminated.body[wire::MAILBOX]["recoverableUntil"], "2026-12-03T04:00:00Z");
    assert_eq!(site.audit().await[0]["actor"], "portal");
}
