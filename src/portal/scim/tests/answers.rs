//! Answers that are none, refusals, and what is tried again.

use std::time::{Duration, Instant, SystemTime};

use serde_json::json;

use super::{all, reader};
use crate::domain::mapping::scim::Mapping;
use crate::domain::portal_inspection::Capabilities;
use crate::portal::scim::testing::{Fake, Reply, full, impatient, list, page, plain, quick, user};
use crate::portal::scim::{ClientLimits, connect};
use crate::portal::{ErrorKind, PortalError, PortalReader};

fn fails(reply: impl Fn(usize) -> Reply + Send + Sync + 'static) -> Fake {
    Fake::new(full(), move |_, before| reply(before))
}

async fn error(fake: &Fake) -> PortalError {
    all(fake).await.expect_err("an error")
}

#[tokio::test]
async fn refuses_a_web_page() {
    for content_type in ["text/html; charset=utf-8", "application/json"] {
        let fake = Fake::bare(move |_| {
            Reply::Answer(
                200,
                vec![("content-type", content_type.into())],
                "<!doctype html><p>Hi".into(),
            )
        });
        let error =
            connect(&fake.endpoint(), &quick(), &Mapping::default()).await.expect_err("an error");
        assert_eq!(error.kind, ErrorKind::Malformed);
        assert!(error.detail.contains("a web page, not with SCIM"), "{error}");
        assert!(error.help.contains("/scim/v2"), "{}", error.help);
    }
}

#[tokio::test]
async fn malformed_answers_are_errors() {
    for (reply, says) in [
        (r#"{"totalResults":2,"Resources":[{"id":"1","userName":"a@x.exam"#, "is incomplete"),
        ("", "empty"),
        (r#"{"ok":true}"#, "not a SCIM list"),
    ] {
        let fake = fails(move |_| Reply::Answer(200, vec![], reply.into()));
        let error = error(&fake).await;
        assert_eq!(error.kind, ErrorKind::Malformed);
        assert!(error.detail.contains(says), "{error}");
        assert_eq!(fake.asked().len(), 1, "asked again");
    }
    let fake =
        fails(|_| Reply::Answer(200, vec![("content-type", "text/csv".into())], "a,b".into()));
    assert!(error(&fake).await.detail.contains("text/csv"));
}

#[tokio::test]
async fn retries_a_broken_connection() {
    let cut =
        || Reply::Raw(b"HTTP/1.1 200 x\r\ncontent-length: 500\r\n\r\n{\"totalResults\"".to_vec());
    let fake = fails(move |before| match before {
        0 => cut(),
        1 => Reply::Raw(Vec::new()),
        _ => Reply::json(200, &list(1, &[user(1)])),
    });
    assert_eq!(all(&fake).await.expect("a list").mailboxes().len(), 1);
    let fake = fails(move |_| cut());
    assert_eq!(error(&fake).await.kind, ErrorKind::Broken);
    assert_eq!(fake.asked().len(), 3);
}

#[tokio::test]
async fn explains_refusals_without_retry() {
    for (status, kind) in [
        (401, ErrorKind::Unauthorized),
        (403, ErrorKind::Forbidden),
        (404, ErrorKind::NotFound),
        (418, ErrorKind::Rejected),
    ] {
        let fake = fails(move |_| Reply::error(status, "sensitive", "kata\u{1b}[2Jportal"));
        let error = error(&fake).await;
        assert_eq!(error.kind, kind);
        assert!(error.detail.contains("personal data"), "{error}");
        assert!(error.detail.contains("kata␛[2Jportal"), "{error}");
        assert!(!error.help.is_empty());
        assert_eq!(fake.asked().len(), 1, "{status} was repeated");
    }
    let fake = Fake::bare(|_| Reply::status(401));
    let error =
        connect(&fake.endpoint(), &quick(), &Mapping::default()).await.expect_err("an error");
    assert_eq!(error.kind, ErrorKind::Unauthorized);
    assert_eq!(fake.seen().len(), 1);
}

#[tokio::test]
async fn retries_a_portal_that_recovers() {
    for status in [500, 502, 503, 504, 429] {
        let fake = fails(move |before| match before {
            0 | 1 => Reply::status(status),
            _ => Reply::json(200, &list(1, &[user(1)])),
        });
        assert!(all(&fake).await.is_ok(), "{status}");
    }
    let fake = fails(|_| Reply::status(500));
    let error = error(&fake).await;
    assert_eq!(error.kind, ErrorKind::Server);
    assert!(error.detail.contains("tried 3 times"), "{error}");
    // Twice for a page of the usual size, once for two smaller ones and one of any size; then as always.
    assert_eq!(fake.asked().len(), 2 + 3 + 3);
}

#[tokio::test]
async fn obeys_retry_after() {
    for date in [false, true] {
        let fake = fails(move |before| {
            if before > 0 {
                return Reply::json(200, &list(1, &[user(1)]));
            }
            let later = SystemTime::now() + Duration::from_secs(2);
            let value = if date { httpdate::fmt_http_date(later) } else { "1".into() };
            Reply::status(429).with("retry-after", value)
        });
        let reader = reader(&fake).await;
        let began = Instant::now();
        reader.read_all(&Default::default(), &|_, _| {}).await.expect("a list");
        let least = if date { 900 } else { 1000 };
        assert!(began.elapsed() >= Duration::from_millis(least), "{:?}", began.elapsed());
    }
}

#[tokio::test]
async fn does_not_wait_for_a_long_pause() {
    for status in [429, 500, 503] {
        let fake = fails(move |_| Reply::status(status).with("retry-after", "3600"));
        let error = error(&fake).await;
        assert!(error.detail.contains("asks for a wait of 3600 seconds"), "{error}");
        assert_eq!(fake.asked().len(), 1);
    }
}

#[tokio::test]
async fn one_pause_delays_all_requests() {
    let fake = fails(|before| match before {
        0 => Reply::status(503).with("retry-after", "1"),
        _ => Reply::json(200, &list(0, &[])),
    });
    let reader = reader(&fake).await;
    let began = Instant::now();
    let later = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        reader.read_all(&Default::default(), &|_, _| {}).await.map(|_| began.elapsed())
    };
    let everything = Default::default();
    let (first, later) = tokio::join!(reader.read_all(&everything, &|_, _| {}), later);
    assert!(first.is_ok());
    assert!(later.expect("a list") >= Duration::from_secs(1));
}

#[tokio::test]
async fn gives_up_on_a_hanging_portal() {
    let fake = fails(|_| Reply::Hang(Duration::from_secs(60)));
    let reader =
        connect(&fake.endpoint(), &impatient(), &Mapping::default()).await.expect("a portal");
    let began = Instant::now();
    let read = reader.read_all(&Default::default(), &|_, _| {}).await;
    let error = read.expect_err("an error");
    assert_eq!(error.kind, ErrorKind::Timeout);
    assert!(error.may_have_happened());
    assert!(began.elapsed() < Duration::from_secs(30));
}

#[tokio::test]
async fn reports_an_unreachable_portal() {
    // Nothing listens there; a port that was free a moment ago may be another test's.
    let url = "http://127.0.0.1:1/scim/v2";
    let endpoint = crate::portal::scim::ConnectionConfig::new(url, "t".into()).unwrap();
    let error = connect(&endpoint, &quick(), &Mapping::default()).await.expect_err("an error");
    assert_eq!(error.kind, ErrorKind::Unreachable);
    assert!(!error.may_have_happened());
}

#[tokio::test]
async fn does_not_read_a_huge_answer() {
    let announced = Reply::Answer(200, vec![], " ".repeat(2 << 20));
    let announced = std::sync::Mutex::new(Some(announced));
    let fake = fails(move |_| announced.lock().unwrap().take().unwrap_or(Reply::status(500)));
    let error_announced = error(&fake).await;
    let fake = fails(|_| {
        let mut bytes = b"HTTP/1.1 200 x\r\ncontent-type: application/json\r\n\r\n".to_vec();
        bytes.resize(bytes.len() + (2 << 20), b' ');
        Reply::Raw(bytes)
    });
    for error in [error_announced, error(&fake).await] {
        assert_eq!(error.kind, ErrorKind::Malformed);
        assert!(error.detail.contains("larger than 1 MiB"), "{error}");
    }
    assert_eq!(fake.asked().len(), 1);
}

#[tokio::test]
async fn does_not_decompress_answers() {
    // A few bytes that unpack to a gigabyte are as harmless as they are small.
    let packed = Reply::Answer(200, vec![("content-encoding", "gzip".into())], "\u{1f}x".into());
    let packed = std::sync::Mutex::new(Some(packed));
    let fake = fails(move |_| packed.lock().unwrap().take().unwrap_or(Reply::status(500)));
    assert_eq!(error(&fake).await.kind, ErrorKind::Malformed);
    let asked = fake.asked();
    assert_eq!(asked.len(), 1);
    assert!(!asked[0].headers.contains_key("accept-encoding"));
}

#[tokio::test]
async fn refuses_deep_nesting() {
    for open in ["[", "{\"a\":", "{\"Resources\":[{\"meta\":", "{\"Resources\":["] {
        let fake = fails(move |_| Reply::Answer(200, vec![], open.repeat(100_000)));
        assert_eq!(error(&fake).await.kind, ErrorKind::Malformed);
        assert_eq!(fake.asked().len(), 1);
    }
}

#[tokio::test]
async fn limits_retries_to_a_broken_portal() {
    let fake = fails(|_| Reply::status(500));
    let limits = ClientLimits { attempts: 8, ..quick() };
    let reader = connect(&fake.endpoint(), &limits, &Mapping::default()).await.expect("a portal");
    for _ in 0..10 {
        reader.read_all(&Default::default(), &|_, _| {}).await.expect_err("an error");
    }
    // 10 requests, 5 that try sizes of a page, and 10 + 15 / 5 retries.
    assert_eq!(fake.asked().len(), 28);
}

#[tokio::test]
async fn assumes_least_without_service_provider_config() {
    for status in [404, 501] {
        let fake = Fake::bare(move |request| {
            if request.is_list() {
                Reply::json(200, &page(request, 3, 2))
            } else {
                Reply::status(status)
            }
        });
        let reader = reader(&fake).await;
        assert_eq!(reader.session.capabilities, Capabilities::default());
        assert_eq!(
            reader
                .read_all(&Default::default(), &|_, _| {})
                .await
                .expect("a list")
                .mailboxes()
                .len(),
            3
        );
    }
}

#[tokio::test]
async fn refuses_a_portal_without_the_schema() {
    let fake = Fake::bare(|request| {
        if request.path.ends_with("/Schemas") {
            return Reply::json(
                200,
                &json!({"totalResults": 1, "Resources": [{"id": "urn:other"}]}),
            );
        }
        match request.is_list() {
            true => {
                Reply::json(200, &list(1, &[json!({"id": "1", "userName": "m1@agensi.example"})]))
            }
            false => Reply::json(200, &plain(10)),
        }
    });
    let error = error(&fake).await;
    assert_eq!(error.kind, ErrorKind::Configuration);
    assert!(error.detail.contains("does not offer the schema urn:ietf"), "{error}");
}
