//! Changes sent together, and what becomes of each.

use std::sync::Arc;

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::domain::archive_state::State;
use crate::domain::mapping::scim::Mapping;
use crate::domain::mapping::scim_urns as wire;
use crate::portal::scim::testing::{Fake, Reply, Request, full, quick, user};
use crate::portal::scim::{Writer, connect_to_write};
use crate::portal::{ErrorKind, MaySend, PortalChange, PortalWriter, Target, WriteResult};

/// A config of everything, bulk included.
fn bulk(operations: usize, bytes: usize) -> Value {
    let mut config = full();
    config["bulk"] =
        json!({"supported": true, "maxOperations": operations, "maxPayloadSize": bytes});
    config
}

fn change(number: usize) -> PortalChange {
    PortalChange {
        id: number.to_string().into(),
        version: Some(format!("W/\"{number}\"").into()),
        target: Target::Enabled,
        request: "BMT-2026-0042".into(),
        in_other_form: false,
    }
}

/// Makes so many changes at the same time.
async fn write(fake: &Fake, changes: usize) -> Vec<WriteResult> {
    let limits = quick();
    let writer =
        connect_to_write(&fake.endpoint(), &limits, &Mapping::default()).await.expect("a portal");
    let changes: Vec<PortalChange> = (0..changes).map(change).collect();
    join_all(changes.iter().map(|change| make(&writer, change))).await
}

/// Together where the portal takes it so, else alone.
async fn make(writer: &Writer, change: &PortalChange) -> WriteResult {
    let may_send: MaySend = Arc::new(|| true);
    match writer.write_in_bulk(change, &may_send).await {
        Some(written) => written,
        None => writer.write(change).await,
    }
}

fn operations(request: &Request) -> Vec<Value> {
    let body: Value = serde_json::from_str(&request.body).unwrap();
    body["Operations"].as_array().unwrap().clone()
}

/// The answer to a bulk request that says this of each operation; nothing where that is null.
fn answer(request: &Request, result: impl Fn(&str) -> Value) -> Reply {
    let each = operations(request).into_iter().filter_map(|operation| {
        let id = operation["path"].as_str()?.rsplit('/').next()?;
        let mut result = result(id);
        result.as_object_mut()?.insert("location".into(), format!("x/Users/{id}").into());
        Some(result)
    });
    let operations: Vec<Value> = each.collect();
    Reply::json(200, &json!({"schemas": [wire::BULK_RESPONSE], "Operations": operations}))
}

fn done(id: &str) -> Value {
    let number = id.parse().unwrap();
    json!({"status": "200", "version": "W/\"new\"", "response": user(number)})
}

/// A good answer to what comes alone.
fn alone(request: &Request) -> Reply {
    let id = request.path.rsplit('/').next().unwrap();
    Reply::json(200, &user(id.parse().unwrap()))
}

fn is_enabled(ended: &WriteResult) -> bool {
    matches!(ended, Ok(Some(mailbox)) if mailbox.state == State::Enabled)
}

#[tokio::test]
async fn bulk_changes_keep_their_versions() {
    let fake = Fake::new(bulk(1000, 1 << 20), |request, _| answer(request, done));
    let ended = write(&fake, 3).await;
    assert!(ended.iter().all(is_enabled), "{ended:?}");
    let asked = fake.asked();
    assert_eq!(asked.len(), 1);
    assert_eq!((&*asked[0].method, &*asked[0].path), ("POST", "/scim/v2/Bulk"));
    let operations = operations(&asked[0]);
    assert_eq!(operations.len(), 3);
    assert_eq!(
        operations[1],
        json!({"method": "PATCH", "bulkId": "1", "path": "/Users/1", "version": "W/\"1\"", "data":
            {"schemas": [wire::PATCH_OP], "Operations": [
                {"op": "replace", "path": format!("{}:state", wire::MAILBOX), "value": "enabled"},
                {"op": "replace", "path": format!("{}:request", wire::MAILBOX), "value": "BMT-2026-0042"}]}})
    );
}

#[tokio::test]
async fn each_operation_has_its_own_result() {
    let fake = Fake::new(bulk(1000, 1 << 20), |request, _| {
        if request.method == "PATCH" {
            return alone(request);
        }
        answer(request, |id| match id {
            "0" => json!({"status": "204"}),
            "1" => json!({"status": "412"}),
            "2" => json!({"status": "429"}),
            "3" => json!({"status": "500", "response": {"detail": "disk full"}}),
            "4" => Value::Null,
            "5" => json!({"status": "200", "response": user(6)}),
            "6" => {
                json!({"status": "200", "response": {"id": "6", "userName": "m6@agensi.example"}})
            }
            _ => json!({"status": "302"}),
        })
    });
    let ended = write(&fake, 8).await;
    let kind = |number: usize| ended[number].as_ref().unwrap_err().kind;
    assert_eq!(ended[0], Ok(None));
    assert_eq!(kind(1), ErrorKind::Stale);
    assert!(is_enabled(&ended[2]), "what was not taken is sent alone");
    assert_eq!(kind(3), ErrorKind::Server);
    assert!(ended[3].as_ref().unwrap_err().detail.contains("disk full"));
    assert_eq!(kind(4), ErrorKind::Malformed);
    assert_eq!(kind(5), ErrorKind::Malformed, "another mailbox than asked for");
    assert_eq!(ended[6], Ok(None), "no word on the state");
    assert_eq!(kind(7), ErrorKind::Malformed);
    for number in [3, 4, 5, 7] {
        assert!(ended[number].as_ref().unwrap_err().may_have_happened());
    }
    let patched: Vec<_> =
        fake.asked().into_iter().filter(|request| request.method == "PATCH").collect();
    assert_eq!(patched.len(), 1);
    assert_eq!(patched[0].path, "/scim/v2/Users/2");
    assert_eq!(patched[0].headers["if-match"], "W/\"2\"");
}

#[tokio::test]
async fn falls_back_to_single_changes_after_refusal() {
    for status in [400, 403, 404, 413, 501] {
        let fake = Fake::new(bulk(2, 1 << 20), move |request, _| match &*request.method {
            "POST" => Reply::status(status),
            _ => alone(request),
        });
        let ended = write(&fake, 20).await;
        assert!(ended.iter().all(is_enabled), "{status}: {ended:?}");
        let asked = fake.asked();
        let bulk = asked.iter().filter(|request| request.method == "POST").count();
        assert!((1..=4).contains(&bulk), "{status}: {bulk}");
        assert_eq!(asked.len(), 20 + bulk);
    }
}

#[tokio::test]
async fn a_lost_bulk_answer_is_not_repeated() {
    for reply in [
        || Reply::Raw(b"HTTP/1.1 200 x\r\ncontent-length: 900\r\n\r\n{\"Opera".to_vec()),
        || Reply::status(500),
        || Reply::status(204),
        || Reply::json(200, &json!({"Operations": "none"})),
        || Reply::Answer(200, vec![("content-type", "text/html".into())], "<html>".into()),
        || Reply::status(307).with("location", "https://elsewhere.example/"),
    ] {
        let fake = Fake::new(bulk(1000, 1 << 20), move |_, _| reply());
        let ended = write(&fake, 2).await;
        for ended in ended {
            assert!(ended.unwrap_err().may_have_happened());
        }
        assert_eq!(fake.asked().len(), 1);
    }
}

#[tokio::test]
async fn respects_the_portals_limits() {
    let fake = Fake::new(bulk(3, 1 << 20), |request, _| answer(request, done));
    assert!(write(&fake, 8).await.iter().all(is_enabled));
    let counts: Vec<usize> = fake.asked().iter().map(|request| operations(request).len()).collect();
    assert!(counts.iter().all(|count| *count <= 3), "{counts:?}");
    assert_eq!(counts.iter().sum::<usize>(), 8);
    let fake = Fake::new(bulk(1000, 1200), |request, _| match &*request.method {
        "POST" => answer(request, done),
        _ => alone(request),
    });
    assert!(write(&fake, 9).await.iter().all(is_enabled));
    let bulk: Vec<_> =
        fake.asked().into_iter().filter(|request| request.method == "POST").collect();
    assert!(bulk.len() >= 3);
    assert!(bulk.iter().all(|request| request.body.len() <= 1200));
}

#[tokio::test]
async fn sends_single_changes_without_versions_or_room() {
    let mut no_etag = bulk(1000, 1 << 20);
    no_etag["etag"] = json!({"supported": false});
    for config in [no_etag, bulk(1, 1 << 20), bulk(1000, 100), full()] {
        let fake = Fake::new(config, |request, _| alone(request));
        assert!(write(&fake, 3).await.iter().all(is_enabled));
        assert!(fake.asked().iter().all(|request| request.method == "PATCH"));
    }
}

/// Answers each operation with 400, unless it has data of this kind.
fn takes(is_form: fn(&Value) -> bool) -> impl Fn(&Request, usize) -> Reply + Send + Sync {
    move |request, _| {
        if request.method == "PATCH" {
            return alone(request);
        }
        let is_taken = operations(request).iter().all(|operation| is_form(&operation["data"]));
        match is_taken {
            true => answer(request, done),
            false => answer(request, |_| json!({"status": "400"})),
        }
    }
}

#[tokio::test]
async fn a_portal_that_refuses_a_message_gets_bare_operations() {
    let fake = Fake::new(bulk(1000, 1 << 20), takes(Value::is_array));
    let writer = connect_to_write(&fake.endpoint(), &quick(), &Mapping::default()).await;
    let writer = writer.expect("a portal");
    for _ in 0..2 {
        let changes: Vec<PortalChange> = (0..3).map(change).collect();
        let ended = join_all(changes.iter().map(|change| make(&writer, change))).await;
        assert!(ended.iter().all(is_enabled), "{ended:?}");
    }
    let asked = fake.asked();
    assert_eq!(asked.len(), 3, "it is remembered");
    assert_eq!(
        operations(&asked[1])[0]["data"],
        json!([
            {"op": "replace", "path": format!("{}:state", wire::MAILBOX), "value": "enabled"},
            {"op": "replace", "path": format!("{}:request", wire::MAILBOX), "value": "BMT-2026-0042"}])
    );
}

#[tokio::test]
async fn operations_that_are_refused_in_both_forms_are_sent_alone() {
    let fake = Fake::new(bulk(2, 1 << 20), takes(|_| false));
    let ended = write(&fake, 20).await;
    assert!(ended.iter().all(is_enabled), "{ended:?}");
    let asked = fake.asked();
    let bulk = asked.iter().filter(|request| request.method == "POST").count();
    assert!((2..=8).contains(&bulk), "{bulk}");
    assert_eq!(asked.len(), 20 + bulk);
}

#[tokio::test]
async fn a_change_in_the_other_form_is_a_bare_operation() {
    let fake = Fake::new(bulk(1000, 1 << 20), takes(Value::is_array));
    let writer = connect_to_write(&fake.endpoint(), &quick(), &Mapping::default()).await;
    let writer = writer.expect("a portal");
    let other = |number| PortalChange { in_other_form: true, ..change(number) };
    let changes: Vec<PortalChange> = (0..3).map(other).collect();
    let ended = join_all(changes.iter().map(|change| make(&writer, change))).await;
    assert!(ended.iter().all(is_enabled), "{ended:?}");
    assert_eq!(fake.asked().len(), 1);
}
