//! A proxy before a portal: it issues tokens (RFC 6749 section 4.4) and accepts requests with a
//! valid one. Its rules may change during a run; it ends with the test.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{Request, Response, StatusCode, header};
use serde_json::json;
use tokio::runtime::Runtime;

use crate::portal::Portal;

type RequestHook = dyn Fn(usize, &mut Rules) + Send;

/// The rules of the proxy.
#[derive(Default)]
pub struct Rules {
    /// The one client, as `name:secret`; both without characters that a form would encode.
    pub client: String,
    /// The lifetime of a token in seconds, which is part of the answer.
    pub life: Option<u64>,
    /// The number of requests for which a token is valid, which is not part of the answer.
    pub uses: Option<usize>,
    /// Other accepted headers.
    pub also: Vec<String>,
    /// Called for each accepted request, with the number of earlier ones.
    pub on_request: Option<Box<RequestHook>>,
}

#[derive(Default)]
struct Inner {
    rules: Rules,
    tokens: Vec<Token>,
    token_requests: usize,
    accepted_requests: usize,
    refused_requests: usize,
}

struct Token {
    text: String,
    since: Instant,
    uses: usize,
}

#[derive(Clone)]
struct Shared {
    inner: Arc<Mutex<Inner>>,
    portal: String,
    portal_token: String,
    client: reqwest::Client,
}

pub struct AuthProxy {
    pub address: SocketAddr,
    inner: Arc<Mutex<Inner>>,
    _runtime: Runtime,
}

impl AuthProxy {
    pub fn start_before(portal: &Portal, rules: Rules) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let runtime = Runtime::new().unwrap();
        let inner = Arc::new(Mutex::new(Inner { rules, ..Inner::default() }));
        let shared = Shared {
            inner: Arc::clone(&inner),
            portal: portal.url.trim_end_matches("/scim/v2").to_owned(),
            portal_token: portal.token.clone(),
            client: reqwest::Client::new(),
        };
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().fallback(handle).with_state(shared);
        runtime.spawn(async move { axum::serve(listener, router).await });
        Self { address, inner, _runtime: runtime }
    }

    pub fn portal_url(&self) -> String {
        format!("http://{}/scim/v2", self.address)
    }

    pub fn token_url(&self) -> String {
        format!("http://{}/token", self.address)
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap()
    }

    /// The number of issued tokens.
    pub fn tokens_issued(&self) -> usize {
        self.inner().tokens.len()
    }

    /// The number of token requests.
    pub fn token_requests(&self) -> usize {
        self.inner().token_requests
    }

    /// The number of requests forwarded to the portal.
    pub fn accepted_requests(&self) -> usize {
        self.inner().accepted_requests
    }

    /// The number of refused requests.
    pub fn refused_requests(&self) -> usize {
        self.inner().refused_requests
    }

    /// Every issued token.
    pub fn tokens(&self) -> Vec<String> {
        let inner = self.inner();
        inner.tokens.iter().map(|token| token.text.clone()).collect()
    }
}

async fn handle(State(shared): State<Shared>, request: Request<Body>) -> Response<Body> {
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 24).await.unwrap();
    let shown = head.headers.get(header::AUTHORIZATION);
    let shown = shown.map_or("", |value| value.to_str().unwrap()).to_owned();
    if head.uri.path() == "/token" {
        return issue_token(&shared, &shown, &body);
    }
    if !is_authorized(&shared, &shown) {
        let says = json!({"status": "401", "detail": format!("{shown} is not good here")});
        return answer(StatusCode::UNAUTHORIZED, &says);
    }
    // Over HTTP/2 the URI is absolute.
    let target = head.uri.path_and_query().unwrap();
    let url = format!("{}{target}", shared.portal);
    let mut request = shared.client.request(head.method, url);
    for name in [header::CONTENT_TYPE, header::IF_MATCH] {
        if let Some(value) = head.headers.get(&name) {
            request = request.header(name, value);
        }
    }
    let sent = request.bearer_auth(&shared.portal_token).body(body).send();
    let got = sent.await.unwrap();
    let mut response = Response::builder().status(got.status());
    for name in [header::CONTENT_TYPE, header::ETAG] {
        if let Some(value) = got.headers().get(&name) {
            response = response.header(name, value);
        }
    }
    response.body(Body::from(got.bytes().await.unwrap())).unwrap()
}

fn issue_token(shared: &Shared, shown: &str, body: &Bytes) -> Response<Body> {
    use base64::Engine as _;

    let mut inner = shared.inner.lock().unwrap();
    inner.token_requests += 1;
    let body = String::from_utf8_lossy(body);
    let field = |name: &str| {
        let pairs = &mut body.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(key, _)| *key == name).map(|(_, value)| value)
    };
    let in_form = field("client_id").zip(field("client_secret"));
    let client = match in_form {
        Some((id, secret)) => format!("{id}:{secret}"),
        None => {
            let pair = shown.trim_start_matches("Basic ");
            let pair = base64::engine::general_purpose::STANDARD.decode(pair);
            String::from_utf8(pair.unwrap_or_default()).unwrap()
        }
    };
    if client != inner.rules.client {
        let says = json!({"error": "invalid_client",
            "error_description": format!("{client} ({shown}) is nobody here")});
        return answer(StatusCode::UNAUTHORIZED, &says);
    }
    assert_eq!(field("grant_type"), Some("client_credentials"));
    let text = format!("rahsia-token-{}-a7c1", inner.tokens.len() + 1);
    let mut says = json!({"access_token": text, "token_type": "bearer"});
    if let Some(life) = inner.rules.life {
        says["expires_in"] = json!(life);
    }
    inner.tokens.push(Token { text, since: Instant::now(), uses: 0 });
    answer(StatusCode::OK, &says)
}

fn is_authorized(shared: &Shared, shown: &str) -> bool {
    let mut inner = shared.inner.lock().unwrap();
    let Inner { rules, tokens, accepted_requests, .. } = &mut *inner;
    let tokens_issued = shown.strip_prefix("Bearer ");
    let token = tokens.iter_mut().find(|token| Some(token.text.as_str()) == tokens_issued);
    let is_good = match token {
        Some(token) => {
            token.uses += 1;
            let life = rules.life.map(Duration::from_secs);
            life.is_none_or(|life| token.since.elapsed() < life)
                && rules.uses.is_none_or(|uses| token.uses <= uses)
        }
        None => rules.also.iter().any(|client| client == shown),
    };
    if !is_good {
        inner.refused_requests += 1;
        return false;
    }
    if let Some(on_request) = rules.on_request.take() {
        on_request(*accepted_requests, rules);
        rules.on_request.get_or_insert(on_request);
    }
    *accepted_requests += 1;
    true
}

fn answer(status: StatusCode, body: &serde_json::Value) -> Response<Body> {
    Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_string()))
        .unwrap()
}
