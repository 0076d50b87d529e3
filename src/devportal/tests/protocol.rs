//! HTTP, authentication, versions, errors, bulk.

use std::time::Duration;

use super::*;
use crate::devportal::{StartError, start};

fn user(name: &str) -> Value {
    json!({"schemas": [wire::USER], "userName": name})
}

#[tokio::test]
async fn requires_the_token() {
    let site = Site::new(options()).await;
    for path in ["Users", "ServiceProviderConfig", "nothing", "../../audit"] {
        let url = format!("{}/{path}", site.portal.url());
        for request in [
            site.client.get(&url),
            site.client.get(&url).bearer_auth("wrong"),
            site.client.get(&url).basic_auth(TOKEN, Some(TOKEN)),
        ] {
            let refused = answer(request).await;
            assert_eq!(refused.error().0, 401, "{path}");
            let challenge = refused.headers["www-authenticate"].to_str().expect("text");
            assert!(challenge.starts_with("Bearer"), "{challenge}");
        }
    }
}

#[tokio::test]
async fn refuses_non_loopback_and_bad_options() {
    let mut open = options();
    open.listen = ([0, 0, 0, 0], 0).into();
    assert!(matches!(start(open).await, Err(StartError::NotLoopback(_))));
    let mut faulty = options();
    faulty.fault_rate = f64::NAN;
    assert!(matches!(start(faulty).await, Err(StartError::Option(_))));
    let site = Site::new(options()).await;
    let mut taken = options();
    taken.listen = site
        .portal
        .url()
        .trim_start_matches("http://")
        .trim_end_matches("/scim/v2")
        .parse()
        .expect("an address");
    assert!(matches!(start(taken).await, Err(StartError::Listen { .. })));
}

#[tokio::test]
async fn creates_reads_replaces_and_deletes_a_user() {
    let site = Site::new(options()).await;
    let mut body = user("New@agensi.example");
    body["password"] = "secret".into();
    body["emails"] = json!([{"value": "new@agensi.example", "primary": true}]);
    let made = site.send(Method::POST, "Users", &body).await;
    assert_eq!(made.status, 201);
    let location = made.headers["location"].to_str().expect("text");
    assert_eq!(made.body["meta"]["location"], location);
    assert_eq!(made.body.get("password"), None);
    assert_eq!((made.state(), &made.body["active"]), ("disabled", &true.into()));
    let path = location.strip_prefix(site.portal.url()).expect("below the root");
    let path = path.trim_start_matches('/');
    assert_eq!(site.get(path).await.body, made.body);

    let twin = site.send(Method::POST, "Users", &user("NEW@AGENSI.example")).await;
    assert_eq!(twin.error(), (409, "uniqueness"));

    let mut replacement = user("new@agensi.example");
    replacement["title"] = "Pegawai".into();
    let replaced = site.send(Method::PUT, path, &replacement).await;
    assert_eq!(replaced.status, 200);
    assert_eq!(replaced.body["title"], "Pegawai");
    assert_eq!(replaced.body.get("emails"), None);
    assert_eq!(replaced.etag.as_deref(), Some("W/\"2\""));

    let gone = site.send(Method::DELETE, path, &Value::Null).await;
    assert_eq!((gone.status.as_u16(), gone.body), (204, Value::Null));
    assert_eq!(site.get(path).await.error().0, 404);
    assert_eq!(site.send(Method::DELETE, path, &Value::Null).await.error().0, 404);
}

#[tokio::test]
async fn versions_guard_writes_and_reads() {
    let site = Site::new(options()).await;
    let first = site.get(TAN).await.etag.expect("an etag");
    let patch = json!({"schemas": [wire::PATCH_OP],
        "Operations": [{"op": "replace", "path": "title", "value": "x"}]});
    let with = |etag: &str| site.request(Method::PATCH, TAN).header("if-match", etag).json(&patch);
    let changed = answer(with(&first)).await;
    assert_eq!(changed.status, 200);
    let second = changed.etag.clone().expect("an etag");
    assert_ne!(first, second);
    assert_eq!(answer(with(&first)).await.error().0, 412);
    // The same again changes nothing, and the version stays.
    assert_eq!(answer(with("*")).await.etag.as_ref(), Some(&second));
    let delete = site.request(Method::DELETE, TAN).header("if-match", &first);
    assert_eq!(answer(delete).await.error().0, 412);
    let known = site.request(Method::GET, TAN).header("if-none-match", &second);
    assert_eq!(answer(known).await.status, 304);
    let older = site.request(Method::GET, TAN).header("if-none-match", &first);
    assert_eq!(answer(older).await.status, 200);
}

#[tokio::test]
async fn decodes_paths_once() {
    let site = Site::new(options()).await;
    let encoded = format!("Schemas/{}", wire::MAILBOX.replace(':', "%3a"));
    for (path, status) in [
        (encoded, 200),
        ("Users/%30000000%31".to_owned(), 200),
        ("Users/0000000%2531".to_owned(), 404),
        ("Users/0000000%3".to_owned(), 404),
        ("Users/%ff".to_owned(), 404),
    ] {
        assert_eq!(site.get(&path).await.status, status, "{path}");
    }
}

#[tokio::test]
async fn reports_request_errors_in_scim() {
    let site = Site::new(options()).await;
    let raw = |method: Method, path: &str, kind: &str, body: Vec<u8>| {
        answer(site.request(method, path).header("content-type", kind).body(body))
    };
    let json = "application/json";
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)).into_bytes();
    for (method, path, kind, body, expected) in [
        (Method::POST, "Users", json, b"{".to_vec(), (400, "invalidSyntax")),
        (Method::POST, "Users", json, deep, (400, "invalidSyntax")),
        (Method::POST, "Users", json, b"\xff".to_vec(), (400, "invalidSyntax")),
        (Method::POST, "Users", "text/plain", b"{}".to_vec(), (415, "")),
        (Method::POST, "Users", json, vec![b' '; 1024 * 1024 + 1], (413, "")),
        (Method::PUT, "Users", json, b"{}".to_vec(), (405, "")),
        (Method::GET, "Users/ffffffffffffffffffff", json, Vec::new(), (404, "")),
        (Method::GET, "Users/00000001/x", json, Vec::new(), (404, "")),
        (Method::GET, "Groups", json, Vec::new(), (404, "")),
        (Method::GET, "Me", json, Vec::new(), (501, "")),
        (Method::POST, "Schemas", json, b"{}".to_vec(), (405, "")),
        (Method::GET, "Schemas/urn:x", json, Vec::new(), (404, "")),
        (Method::GET, "Schemas?filter=id%20pr", json, Vec::new(), (403, "")),
        (Method::GET, "Users?filter=x", json, Vec::new(), (400, "invalidFilter")),
        (Method::GET, "Users?count=x", json, Vec::new(), (400, "invalidValue")),
        (Method::GET, "Users?cursor=r1-00000000", json, Vec::new(), (400, "invalidCursor")),
        (Method::PATCH, TAN, json, b"{}".to_vec(), (400, "invalidSyntax")),
    ] {
        let refused = raw(method.clone(), path, kind, body).await;
        assert_eq!(refused.error(), expected, "{method} {path}");
    }
}

/// A client that looks for the answer only when it has sent all.
#[tokio::test]
async fn what_is_refused_is_read_to_its_end() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let site = Site::new(options()).await;
    let url = site.portal.url();
    let address = url.trim_start_matches("http://").trim_end_matches("/scim/v2");
    for (token, kind, status) in [
        (TOKEN, "text/json", 415),
        (TOKEN, wire::MEDIA_TYPE, 413),
        ("wrong", wire::MEDIA_TYPE, 401),
    ] {
        let body = vec![b' '; 8 << 20];
        let head = format!(
            "POST /scim/v2/Users HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nAuthorization: Bearer {token}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        let mut stream = tokio::net::TcpStream::connect(address).await.expect("it listens");
        stream.write_all(head.as_bytes()).await.expect("it reads");
        stream.write_all(&body).await.expect("it reads all");
        let mut said = String::new();
        stream.read_to_string(&mut said).await.expect("it answers");
        assert!(said.starts_with(&format!("HTTP/1.1 {status} ")), "{status}: {said}");
    }
}

/// What is sent after the head never comes.
#[tokio::test]
async fn an_answer_does_not_wait_for_what_is_not_needed() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let site = Site::new(options()).await;
    let url = site.portal.url();
    let address = url.trim_start_matches("http://").trim_end_matches("/scim/v2");
    for (method, token, more, status) in [
        ("GET", TOKEN, "", "200"),
        ("GET", "wrong", "", "401"),
        ("POST", "wrong", "Expect: 100-continue\r\n", "401"),
        ("POST", "wrong", "", "401"),
    ] {
        let head = format!(
            "{method} /scim/v2/Users HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n{more}Content-Length: 100\r\n\r\n"
        );
        let mut stream = tokio::net::TcpStream::connect(address).await.expect("it listens");
        stream.write_all(head.as_bytes()).await.expect("it reads");
        let mut said = [0; 12];
        stream.read_exact(&mut said).await.expect("it answers");
        assert_eq!(String::from_utf8_lossy(&said), format!("HTTP/1.1 {status}"), "{method} {more}");
    }
}

#[tokio::test]
async fn bulk_operations_succeed_or_fail_separately() {
    let site = Site::new(options()).await;
    let state = |state: &str| {
        json!({"schemas": [wire::PATCH_OP], "Operations": [
        {"op": "replace", "path": format!("{}:state", wire::MAILBOX), "value": state}]})
    };
    let mut linked = user("second@agensi.example");
    linked["externalId"] = "bulkId:a".into();
    let operations = json!([
        {"method": "POST", "path": "/Users", "bulkId": "a", "data": user("first@agensi.example")},
        {"method": "POST", "path": "/Users", "bulkId": "b", "data": linked},
        {"method": "PATCH", "path": "/Users/bulkId:a", "data": state("enabled")},
        {"method": "PATCH", "path": format!("/{HALIM}"), "data": state("terminated")},
        {"method": "PATCH", "path": format!("/{SITI}"), "version": "W/\"9\"", "data": state("terminated")},
        {"method": "PATCH", "path": format!("/{SITI}"), "version": "W/\"1\"", "data": state("terminated")},
        {"method": "DELETE", "path": "/Users/bulkId:nobody"},
        {"method": "POST", "path": "/Users", "bulkId": "c", "data": user("FIRST@agensi.example")},
    ]);
    let body = json!({"schemas": [wire::BULK_REQUEST], "Operations": operations});
    let done = site.send(Method::POST, "Bulk", &body).await;
    let statuses: Vec<&str> = done.body["Operations"]
        .as_array()
        .expect("operations")
        .iter()
        .map(|operation| operation["status"].as_str().expect("a string"))
        .collect();
    assert_eq!(statuses, ["201", "201", "200", "409", "412", "200", "409", "409"]);
    assert_eq!(done.body["Operations"][2]["version"], "W/\"2\"");
    assert_eq!(site.get("Users/00000006").await.body["externalId"], "00000005");
    assert_eq!(site.get(SITI).await.state(), "terminated");

    let stop = json!({"schemas": [wire::BULK_REQUEST], "failOnErrors": 1, "Operations": [
        {"method": "DELETE", "path": "/Users/zz"}, {"method": "DELETE", "path": format!("/{TAN}")}]});
    let done = site.send(Method::POST, "Bulk", &stop).await;
    assert_eq!(done.body["Operations"].as_array().map(Vec::len), Some(1));
    assert_eq!(site.get(TAN).await.status, 200);
    let many = vec![json!({"method": "DELETE", "path": "/Users/zz"}); 1001];
    let body = json!({"schemas": [wire::BULK_REQUEST], "Operations": many});
    assert_eq!(site.send(Method::POST, "Bulk", &body).await.error().0, 413);
}

#[tokio::test]
async fn injects_the_requested_faults() {
    let mut slow = options();
    slow.rate_limit = std::num::NonZeroU32::new(2);
    let site = Site::new(slow).await;
    let mut limited = None;
    for _ in 0..10 {
        let answer = site.get(TAN).await;
        if answer.status == 429 {
            limited = Some(answer);
        }
    }
    let limited = limited.expect("ten at once are more than two a second");
    assert_eq!(limited.headers["retry-after"], "1");
    limited.error();

    let mut faulty = options();
    (faulty.fault_rate, faulty.latency) = (1.0, Duration::from_millis(20));
    let site = Site::new(faulty).await;
    let begun = std::time::Instant::now();
    assert!(site.ask(TAN, "enabled").await.status.is_server_error());
    assert!(begun.elapsed() >= Duration::from_millis(20));
    // The audit trail has no weather, and shows that nothing was done.
    assert_eq!(site.audit().await, Vec::<Value>::new());
}

#[tokio::test]
async fn dropping_stops_the_server() {
    let site = Site::new(options()).await;
    let url = site.portal.url().to_owned();
    assert_eq!(site.get(TAN).await.status, 200);
    drop(site.portal);
    let mut left = 200;
    while site.client.get(&url).send().await.is_ok() {
        left -= 1;
        assert!(left > 0, "it still answers");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
