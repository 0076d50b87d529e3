//! A token endpoint that answers what the test says, over real connections.

use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::header::HeaderValue;
use serde_json::json;

use super::World;
use crate::http::Tls;
use crate::portal::scim::ClientLimits;
use crate::portal::scim::credentials::CredentialsProvider;
use crate::portal::scim::testing::{Fake, Reply, Request, impatient, quick};
use crate::portal::{ErrorKind, PortalError};

const SECRET: &str = "rahsia klien/1";
const FILE: &str = "/tiada/rahsia";

fn world(endpoint: &Fake) -> World {
    World::new(&[
        ("ARKIB_PORTAL_OAUTH_URL", &format!("{}/token", endpoint.url())),
        ("ARKIB_PORTAL_OAUTH_CLIENT_ID", "arkib:contoh"),
        ("ARKIB_PORTAL_OAUTH_CLIENT_SECRET", SECRET),
    ])
}

fn open(world: &World) -> CredentialsProvider {
    open_with(world, &quick())
}

fn open_with(world: &World, limits: &ClientLimits) -> CredentialsProvider {
    let method = Arc::new(world.method().expect("a way"));
    CredentialsProvider::new(&method, &Tls::default(), limits).expect("credentials")
}

/// Its tokens are `rahsia-1`, `rahsia-2` and so on.
fn generous() -> Fake {
    let given = std::sync::atomic::AtomicUsize::new(0);
    Fake::bare(move |_| {
        let number = given.fetch_add(1, std::sync::atomic::Ordering::SeqCst) + 1;
        token(&format!("rahsia-{number}"))
    })
}

fn token(token: &str) -> Reply {
    let body = json!({"access_token": token, "token_type": "Bearer", "expires_in": 3600});
    Reply::json(200, &body).with("content-type", "application/json;charset=UTF-8")
}

fn text(header: &HeaderValue) -> &str {
    header.to_str().unwrap()
}

/// The failure of a token endpoint that answers so, and how often it was asked.
async fn fails(reply: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> (PortalError, usize) {
    let endpoint = Fake::bare(reply);
    let credentials = open(&world(&endpoint));
    let error = credentials.current_header().await.expect_err("no token");
    let host = format!("no access token from {}", endpoint.address());
    assert!(error.detail.contains(&host), "{error}");
    assert!(!error.may_have_happened(), "{error:?}");
    assert!(!format!("{error:?}").contains("rahsia"), "{error:?}");
    (error, endpoint.seen().len())
}

#[tokio::test]
async fn sends_client_credentials_in_the_header() {
    let endpoint = generous();
    let world = world(&endpoint);
    assert_eq!(text(&open(&world).current_header().await.unwrap()), "Bearer rahsia-1");
    let asked = &endpoint.seen()[0];
    assert_eq!((asked.method.as_str(), asked.path.as_str()), ("POST", "/scim/v2/token"));
    assert_eq!(asked.body, "grant_type=client_credentials");
    // arkib%3Acontoh:rahsia+klien%2F1, RFC 6749 section 2.3.1.
    let pair = "YXJraWIlM0Fjb250b2g6cmFoc2lhK2tsaWVuJTJGMQ==";
    assert_eq!(asked.headers["authorization"], format!("Basic {pair}"));
    assert_eq!(asked.headers["content-type"], "application/x-www-form-urlencoded");
    for secret in [SECRET, pair, "rahsia+klien%2F1", "rahsia-1"] {
        assert!(world.hides(secret), "{secret}");
    }
}

#[tokio::test]
async fn sends_client_credentials_and_scope_in_the_form() {
    let endpoint = generous();
    let mut world = world(&endpoint);
    for (name, value) in [("AUTH", "post"), ("SCOPE", "scim.read scim.write")] {
        let name = format!("ARKIB_PORTAL_OAUTH_{name}");
        world.variables.insert(name, value.into());
    }
    open(&world).current_header().await.unwrap();
    let asked = &endpoint.seen()[0];
    assert!(!asked.headers.contains_key("authorization"));
    let mut fields: Vec<&str> = asked.body.split('&').collect();
    fields.sort_unstable();
    assert_eq!(
        fields,
        [
            "client_id=arkib%3Acontoh",
            "client_secret=rahsia+klien%2F1",
            "grant_type=client_credentials",
            "scope=scim.read+scim.write",
        ]
    );
}

#[tokio::test]
async fn concurrent_requests_ask_for_one_token() {
    let endpoint = generous();
    let credentials = open(&world(&endpoint));
    let all = futures_util::future::join_all((0..16).map(|_| credentials.current_header())).await;
    assert!(all.iter().all(|header| text(header.as_ref().unwrap()) == "Bearer rahsia-1"));
    assert_eq!(endpoint.seen().len(), 1);
    // All of them are refused at once: one new token.
    let shown = all[0].as_ref().unwrap();
    credentials.mark_accepted(shown);
    let all =
        futures_util::future::join_all((0..16).map(|_| credentials.renewed_header(shown))).await;
    let second = |answer: &Result<Option<HeaderValue>, _>| match answer {
        Ok(Some(shown)) => text(shown) == "Bearer rahsia-2",
        _ => false,
    };
    assert!(all.iter().all(second));
    assert_eq!(endpoint.seen().len(), 2);
}

#[tokio::test]
async fn explains_token_errors() {
    let refusal = |status, body: serde_json::Value| move |_: &Request| Reply::json(status, &body);
    let (error, asked) = fails(refusal(
        401,
        json!({"error": "invalid_client",
        "error_description": format!("no client with {SECRET}\u{1b}[2J")}),
    ))
    .await;
    assert_eq!((error.kind, asked), (ErrorKind::Unauthorized, 1));
    assert!(
        error.detail.contains("(invalid_client)")
            && error.detail.contains("no client with [token]␛"),
        "{error}"
    );
    assert!(error.help.contains("ARKIB_PORTAL_OAUTH_CLIENT_SECRET"), "{}", error.help);
    let (error, asked) = fails(refusal(400, json!({"error": "invalid_scope"}))).await;
    assert_eq!((error.kind, asked), (ErrorKind::Unauthorized, 1));
    assert!(error.help.contains("ARKIB_PORTAL_OAUTH_SCOPE"), "{}", error.help);
    let (error, _) =
        fails(refusal(400, json!({"error": "AADSTS7", "error_description": "why"}))).await;
    assert!(error.detail.contains("it says: AADSTS7: why"), "{error}");
    // Some refuse with the status of success.
    let (error, _) = fails(|_| {
        let body = json!({"error": "invalid_client"});
        Reply::json(200, &body).with("content-type", "application/json")
    })
    .await;
    assert_eq!(error.kind, ErrorKind::Unauthorized, "{error}");
    for (reply, says, kind) in [
        (Reply::status(401), "it does not accept the client (401)", ErrorKind::Unauthorized),
        (Reply::status(404), "at this address (404)", ErrorKind::Configuration),
        (
            Reply::Answer(200, vec![("content-type", "text/html".into())], "<html>rahsia".into()),
            "it answered with a web page",
            ErrorKind::Configuration,
        ),
        (
            Reply::Answer(200, vec![("content-type", "application/json".into())], "rahsia".into()),
            "not the JSON of an access token",
            ErrorKind::Configuration,
        ),
        (
            Reply::Answer(
                200,
                vec![("content-type", "text/plain".into())],
                "access_token=rahsia".into(),
            ),
            "not the JSON of an access token",
            ErrorKind::Configuration,
        ),
        (
            Reply::json(200, &json!({"access_token": "rahsia-1"})),
            "not the JSON of an access token",
            ErrorKind::Configuration,
        ),
        (
            Reply::json(200, &json!({"access_token": "rahsia-1", "token_type": "mac"}))
                .with("content-type", "application/json"),
            "type of its token is not Bearer",
            ErrorKind::Configuration,
        ),
        (
            Reply::json(200, &json!({"access_token": "rahsia-1\r\nX: y", "token_type": "bearer"}))
                .with("content-type", "application/json"),
            "contains a character",
            ErrorKind::Configuration,
        ),
        (
            Reply::Answer(
                200,
                vec![("content-type", "application/json".into())],
                format!("\"{}\"", "x".repeat(70_000)),
            ),
            "longer than any token",
            ErrorKind::Configuration,
        ),
    ] {
        let reply = std::sync::Mutex::new(Some(reply));
        let (error, asked) =
            fails(move |_| reply.lock().unwrap().take().unwrap_or(Reply::status(200))).await;
        assert_eq!((error.kind, asked), (kind, 1), "{error}");
        assert!(error.detail.contains(says), "{error}");
    }
}

#[tokio::test]
async fn does_not_follow_redirects_with_the_secret() {
    let other = generous();
    for status in [301, 302, 307, 308] {
        let to = format!("http://{}/token?rahsia", other.address());
        let (error, asked) =
            fails(move |_| Reply::status(status).with("location", to.clone())).await;
        assert_eq!((error.kind, asked), (ErrorKind::Configuration, 1));
        assert!(error.detail.contains("to 127.0.0.1; arkib does not follow"), "{error}");
    }
    assert!(other.seen().is_empty(), "the redirect was followed");
}

#[tokio::test]
async fn retries_transient_token_failures() {
    for reply in [503, 500, 429] {
        let (error, asked) = fails(move |_| Reply::status(reply)).await;
        assert_eq!(asked, 3, "{error}");
        assert!(error.detail.contains("tried 3 times"), "{error}");
    }
    let (error, asked) =
        fails(|_| Reply::Raw(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{".to_vec())).await;
    assert_eq!((error.kind, asked), (ErrorKind::Unreachable, 3));
    let began = Instant::now();
    let silent = Fake::bare(|_| Reply::Hang(Duration::from_secs(60)));
    let error = open_with(&world(&silent), &impatient()).current_header().await;
    let error = error.expect_err("no token");
    assert!(error.detail.contains("the token endpoint did not answer in time"), "{error}");
    assert!(began.elapsed() < Duration::from_secs(30));
    // And then it comes back.
    let before = std::sync::atomic::AtomicUsize::new(0);
    let endpoint =
        Fake::bare(move |_| match before.fetch_add(1, std::sync::atomic::Ordering::SeqCst) {
            0 => Reply::status(503).with("retry-after", "0"),
            1 => Reply::Raw(vec![]),
            _ => token("rahsia-1"),
        });
    assert_eq!(text(&open(&world(&endpoint)).current_header().await.unwrap()), "Bearer rahsia-1");
}

#[tokio::test]
async fn names_an_unreachable_endpoint() {
    let mut world = world(&generous());
    // Nothing listens there.
    world.variables.insert("ARKIB_PORTAL_OAUTH_URL".into(), "http://127.0.0.1:1/token".into());
    let error = open(&world).current_header().await.expect_err("nobody there");
    assert_eq!(error.kind, ErrorKind::Unreachable);
    assert!(error.detail.contains("no access token from 127.0.0.1:1: no connection"), "{error}");
    assert!(error.help.contains("ARKIB_PORTAL_OAUTH_URL"), "{}", error.help);
}

#[tokio::test]
async fn rereads_the_secret_for_each_token() {
    let endpoint = generous();
    let mut world = world(&endpoint);
    world.variables.remove("ARKIB_PORTAL_OAUTH_CLIENT_SECRET");
    world.variables.insert("ARKIB_PORTAL_OAUTH_CLIENT_SECRET_FILE".into(), FILE.into());
    world.put(FILE, "rahsia-lama");
    let credentials = open(&world);
    let shown = credentials.current_header().await.unwrap();
    credentials.mark_accepted(&shown);
    world.put(FILE, "rahsia-baharu\n");
    let shown = credentials.renewed_header(&shown).await.unwrap().unwrap();
    credentials.mark_accepted(&shown);
    world.put(FILE, "");
    credentials.renewed_header(&shown).await.unwrap().unwrap();
    let pair = |request: &Request| request.headers["authorization"].clone();
    let seen = endpoint.seen();
    assert_ne!(pair(&seen[0]), pair(&seen[1]));
    // An empty file is one that is being written.
    assert_eq!(pair(&seen[1]), pair(&seen[2]));
    assert!(world.hides("rahsia-baharu"));
}
