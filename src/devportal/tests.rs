//! The portal over HTTP, as a client sees it.

mod archives;
mod lists;
mod processes;
mod protocol;

use axum::http::StatusCode;
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

use super::{Clock, Options, Roster, RunningPortal, start};
use crate::domain::mapping::scim_urns as wire;

const TOKEN: &str = "correct-horse";
const NOW: &str = "2026-11-03T04:00:00Z";

/// Four mailboxes: disabled, enabled, enabled on hold, and one whose account is disabled.
const ROSTER: &str = "mailbox,state,hold,account,recoverable_until
tan@agensi.example,,,,
siti@agensi.example,enabled,,,
halim@agensi.example,enabled,true,,
rosli@agensi.example,,,disabled,
";
const TAN: &str = "Users/00000001";
const SITI: &str = "Users/00000002";
const HALIM: &str = "Users/00000003";
const ROSLI: &str = "Users/00000004";

/// The usual portal of these tests, at a fixed time.
fn options() -> Options {
    Options {
        clock: Clock::Fixed(NOW.parse().expect("a time")),
        roster: Some(Roster::read(ROSTER.as_bytes(), "portal.csv").expect("a roster")),
        ..Options::new(TOKEN.into())
    }
}

/// A portal and a client for it.
struct Site {
    portal: RunningPortal,
    client: reqwest::Client,
}

impl Site {
    async fn new(options: Options) -> Self {
        // Plain HTTP needs no provider, but the client will not be built without one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Self {
            portal: start(options).await.expect("a portal"),
            client: reqwest::Client::builder().no_proxy().build().expect("a client"),
        }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}/{path}", self.portal.url())).bearer_auth(TOKEN)
    }

    async fn get(&self, path: &str) -> Answer {
        answer(self.request(Method::GET, path)).await
    }

    async fn send(&self, method: Method, path: &str, body: &Value) -> Answer {
        answer(self.request(method, path).json(body)).await
    }

    async fn patch(&self, path: &str, operations: Value) -> Answer {
        let body = json!({"schemas": [wire::PATCH_OP], "Operations": operations});
        self.send(Method::PATCH, path, &body).await
    }

    /// Asks for a state, in the name of a request.
    async fn ask(&self, path: &str, state: &str) -> Answer {
        let value = json!({wire::MAILBOX: {"state": state, "request": "BMT-1"}});
        self.patch(path, json!([{"op": "replace", "value": value}])).await
    }

    async fn audit(&self) -> Vec<Value> {
        let url = self.portal.url().replace("/scim/v2", "/audit");
        let answer = answer(self.client.get(url).bearer_auth(TOKEN)).await;
        answer.body["entries"].as_array().cloned().expect("entries")
    }
}

/// An answer, read.
#[derive(Debug)]
struct Answer {
    status: StatusCode,
    etag: Option<String>,
    headers: reqwest::header::HeaderMap,
    body: Value,
}

impl Answer {
    fn state(&self) -> &str {
        self.body[wire::MAILBOX]["state"].as_str().unwrap_or("")
    }

    /// Status and scimType, with the body checked to be an error of RFC 7644 section 3.12.
    fn error(&self) -> (u16, &str) {
        assert_eq!(self.body["schemas"], json!([wire::ERROR]), "{self:?}");
        assert_eq!(self.body["status"], self.status.as_str());
        assert!(self.body["detail"].is_string());
        (self.status.as_u16(), self.body["scimType"].as_str().unwrap_or(""))
    }
}

async fn answer(request: RequestBuilder) -> Answer {
    let response: Response = request.send().await.expect("an answer");
    let (status, headers) = (response.status(), response.headers().clone());
    let text = response.text().await.expect("a body");
    Answer {
        status,
        etag: headers.get("etag").and_then(|etag| etag.to_str().ok()).map(str::to_owned),
        body: if text.is_empty() {
            Value::Null
        } else {
            serde_json::from_str(&text).expect("JSON")
        },
        headers,
    }
}
