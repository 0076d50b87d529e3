//! PATCH, and when it is sent again.

use std::time::Duration;

use serde_json::{Value, json};

use crate::domain::archive_state::State;
use crate::domain::mapping::scim::Mapping;
use crate::domain::mapping::scim_urns as wire;
use crate::domain::observed::ObservedMailbox;
use crate::portal::scim::testing::{Fake, Reply, Request, full, impatient, plain, quick, user};
use crate::portal::scim::{ClientLimits, Writer, connect_to_write};
use crate::portal::{ErrorKind, PortalChange, PortalError, PortalWriter, Target};

async fn writer(fake: &Fake) -> Writer {
    connect_to_write(&fake.endpoint(), &quick(), &Mapping::default()).await.expect("a portal")
}

fn change() -> PortalChange {
    PortalChange {
        id: "a/../7?".into(),
        version: Some("W/\"tujuh\"".into()),
        target: Target::Enabled,
        request: "BMT-2026-0042".into(),
        in_other_form: false,
    }
}

async fn write(fake: &Fake) -> Result<Option<ObservedMailbox>, PortalError> {
    writer(fake).await.write(&change()).await
}

fn changed() -> Value {
    let mut user = user(7);
    user["id"] = json!("a/../7?");
    user
}

#[tokio::test]
async fn patch_has_state_request_and_version_only() {
    let fake = Fake::new(full(), |_, _| Reply::json(200, &changed()));
    let shown = write(&fake).await.expect("done").expect("the mailbox");
    assert_eq!(shown.state, State::Enabled);
    let asked = fake.asked();
    assert_eq!(
        (asked[0].method.as_str(), asked[0].path.as_str()),
        ("PATCH", "/scim/v2/Users/a%2F..%2F7%3F")
    );
    assert_eq!(asked[0].headers["if-match"], "W/\"tujuh\"");
    assert_eq!(asked[0].headers["content-type"], "application/scim+json");
    assert_eq!(
        serde_json::from_str::<Value>(&asked[0].body).unwrap(),
        json!({"schemas": [wire::PATCH_OP], "Operations": [
            {"op": "replace", "path": format!("{}:state", wire::MAILBOX), "value": "enabled"},
            {"op": "replace", "path": format!("{}:request", wire::MAILBOX), "value": "BMT-2026-0042"}]})
    );
}

#[tokio::test]
async fn an_answer_without_archive_says_nothing() {
    let fake = Fake::new(full(), |_, _| Reply::status(204));
    assert_eq!(write(&fake).await, Ok(None));
    let fake = Fake::new(full(), |_, _| {
        Reply::json(200, &json!({"id": "a/../7?", "userName": "m7@agensi.example"}))
    });
    assert_eq!(write(&fake).await, Ok(None));
}

#[tokio::test]
async fn omits_the_version_if_unsupported() {
    let fake = Fake::new(plain(10), |_, _| Reply::status(204));
    write(&fake).await.expect("done");
    assert!(!fake.asked()[0].headers.contains_key("if-match"));
    assert!(!writer(&fake).await.refuses_stale_versions());
}

#[tokio::test]
async fn failures_say_whether_the_change_may_have_happened() {
    for (status, kind, may) in [
        (412, ErrorKind::Stale, false),
        (404, ErrorKind::NotFound, false),
        (400, ErrorKind::Rejected, false),
        (401, ErrorKind::Unauthorized, false),
        (500, ErrorKind::Server, true),
        (502, ErrorKind::Broken, true),
        (503, ErrorKind::Server, true),
        (504, ErrorKind::Timeout, true),
    ] {
        let fake = Fake::new(full(), move |_, _| Reply::status(status));
        let error = write(&fake).await.expect_err("an error");
        assert_eq!((error.kind, error.may_have_happened()), (kind, may), "{status}");
        assert_eq!(fake.asked().len(), 1, "{status} was repeated");
    }
}

#[tokio::test]
async fn does_not_repeat_unanswered_writes() {
    type Answer = fn() -> Reply;
    let answers: [Answer; 4] = [
        || Reply::Raw(Vec::new()),
        || Reply::Raw(b"HTTP/1.1 200 x\r\ncontent-length: 90\r\n\r\n{".to_vec()),
        || Reply::Hang(Duration::from_secs(60)),
        || Reply::json(200, &user(8)),
    ];
    for answer in answers {
        let fake = Fake::new(full(), move |_, _| answer());
        let limits = ClientLimits { attempts: quick().attempts, ..impatient() };
        let writer = connect_to_write(&fake.endpoint(), &limits, &Mapping::default()).await;
        let error = writer.expect("a portal").write(&change()).await;
        let error = error.expect_err("an error");
        assert!(error.may_have_happened(), "{error}");
        assert_eq!(fake.asked().len(), 1, "{error}");
    }
}

#[tokio::test]
async fn repeats_unprocessed_writes() {
    for (status, retry_after) in [(429, None), (429, Some("0")), (503, Some("0"))] {
        let fake = Fake::new(full(), move |_, before| match (before, retry_after) {
            (0, None) => Reply::status(status),
            (0, Some(pause)) => Reply::status(status).with("retry-after", pause),
            _ => Reply::status(204),
        });
        assert_eq!(write(&fake).await, Ok(None));
        assert_eq!(fake.asked().len(), 2);
    }
}

#[tokio::test]
async fn rereads_a_mailbox_by_id() {
    let fake = Fake::new(full(), |request, before| match before {
        0 => {
            assert_eq!(request.path, "/scim/v2/Users/a%2F..%2F7%3F");
            let mut user = changed();
            user.as_object_mut().unwrap().remove("meta");
            Reply::json(200, &user).with("etag", "\"e1\"")
        }
        1 => Reply::error(404, "noTarget", "gone"),
        2 => Reply::Answer(404, vec![("content-type", "text/html".into())], "<html>".into()),
        _ => Reply::json(200, &user(8)),
    });
    let writer = writer(&fake).await;
    let id = change().id;
    let mailbox = writer.reread_mailbox(&id).await.expect("an answer").expect("a mailbox");
    assert_eq!(mailbox.version.as_deref(), Some("\"e1\""));
    assert_eq!(writer.reread_mailbox(&id).await, Ok(None));
    assert_eq!(writer.reread_mailbox(&id).await.expect_err("a web page").kind, ErrorKind::NotFound);
    assert_eq!(writer.reread_mailbox(&id).await.expect_err("another").kind, ErrorKind::Malformed);
}

#[tokio::test]
async fn does_not_send_ids_that_change_the_path() {
    let fake = Fake::new(full(), |_, _| Reply::status(204));
    let writer = writer(&fake).await;
    for id in ["", ".", ".."] {
        let error =
            writer.write(&PortalChange { id: id.into(), ..change() }).await.expect_err("an error");
        assert!(!error.may_have_happened());
    }
    assert!(fake.asked().is_empty());
}

#[tokio::test]
async fn refuses_a_portal_without_patch() {
    let fake = Fake::new(json!({"patch": {"supported": false}}), |_, _| Reply::status(204));
    let error = connect_to_write(&fake.endpoint(), &quick(), &Mapping::default())
        .await
        .expect_err("an error");
    assert_eq!(error.kind, ErrorKind::Configuration);
}

#[tokio::test]
async fn retry_after_to_the_end_is_not_done() {
    let fake = Fake::new(full(), |_, _| Reply::status(503).with("retry-after", "0"));
    let error = write(&fake).await.expect_err("an error");
    assert_eq!(error.kind, ErrorKind::RateLimited);
    assert!(!error.may_have_happened());
    assert_eq!(fake.asked().len(), quick().attempts);
}

/// The mailbox as it was when the change was planned.
fn unchanged() -> Value {
    let mut user = changed();
    user["meta"]["version"] = json!("W/\"tujuh\"");
    user[wire::MAILBOX] = json!({"state": "disabled"});
    user
}

/// Takes a PATCH without a path alone, and is read before it.
fn takes_no_path(scim_type: &'static str, shown: Value) -> Fake {
    Fake::new(full(), move |request, _| match &*request.method {
        "GET" => Reply::json(200, &shown),
        _ if request.body.contains("\"path\"") => Reply::error(400, scim_type, "no"),
        _ => Reply::status(204),
    })
}

fn patches(fake: &Fake) -> Vec<Request> {
    fake.asked().into_iter().filter(|request| request.method == "PATCH").collect()
}

#[tokio::test]
async fn a_portal_that_refuses_paths_gets_none() {
    for scim_type in ["invalidPath", "noTarget", "invalidSyntax"] {
        let fake = takes_no_path(scim_type, unchanged());
        let writer = writer(&fake).await;
        assert_eq!(writer.write(&change()).await, Ok(None));
        assert_eq!(writer.write(&change()).await, Ok(None));
        let patches = patches(&fake);
        assert_eq!(patches.len(), 3, "it is remembered");
        assert_eq!(patches[1].headers["if-match"], "W/\"tujuh\"");
        assert_eq!(
            serde_json::from_str::<Value>(&patches[1].body).unwrap(),
            json!({"schemas": [wire::PATCH_OP], "Operations": [{"op": "replace", "value":
                {format!("{}:state", wire::MAILBOX): "enabled", format!("{}:request", wire::MAILBOX): "BMT-2026-0042"}}]})
        );
    }
}

#[tokio::test]
async fn a_change_in_the_other_form_has_no_path() {
    let fake = takes_no_path("", unchanged());
    let other = PortalChange { in_other_form: true, ..change() };
    assert_eq!(writer(&fake).await.write(&other).await, Ok(None));
    assert!(!patches(&fake)[0].body.contains("\"path\""));
}

/// Some portals replace the whole extension.
#[tokio::test]
async fn a_hold_is_not_risked_without_a_path() {
    let mut held = unchanged();
    held[wire::MAILBOX]["hold"] = json!(true);
    let fake = takes_no_path("invalidPath", held);
    let error = write(&fake).await.expect_err("an error");
    assert!(error.detail.contains("legal hold") && !error.may_have_happened(), "{error}");
    assert_eq!(patches(&fake).len(), 1);
}

/// The look before a change without a path shows more than holds.
#[tokio::test]
async fn what_changed_meanwhile_is_not_changed_without_a_path() {
    let with = |place: &str, value: Value| {
        let mut user = unchanged();
        *user.pointer_mut(place).expect("an attribute") = value;
        user
    };
    let mut inactive = unchanged();
    inactive["active"] = json!(false);
    let version = with("/meta/version", json!("W/\"lapan\""));
    for shown in [changed(), version, inactive] {
        let fake = takes_no_path("invalidPath", shown);
        let error = write(&fake).await.expect_err("an error");
        assert_eq!((error.kind, patches(&fake).len()), (ErrorKind::Stale, 1), "{error}");
    }
}

#[tokio::test]
async fn the_first_refusal_counts_unless_the_second_is_unclear() {
    for (second, kind) in [(400, ErrorKind::Rejected), (500, ErrorKind::Server)] {
        let fake = Fake::new(full(), move |request, _| match &*request.method {
            "GET" => Reply::json(200, &unchanged()),
            _ if request.body.contains("\"path\"") => Reply::error(400, "invalidPath", "first"),
            _ => Reply::error(second, "invalidPath", "second"),
        });
        let error = write(&fake).await.expect_err("an error");
        assert_eq!((error.kind, error.may_have_happened()), (kind, second == 500));
        assert_eq!(error.detail.contains("first"), second == 400, "{error}");
    }
}
