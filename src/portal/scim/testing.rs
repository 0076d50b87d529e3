//! A portal for tests that answers whatever the test says, also what no library would send: half
//! answers, hangs, resets. One thread a connection, one request a connection.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use secrecy::SecretString;
use serde_json::{Value, json};

use super::{ClientLimits, ConnectionConfig};
use crate::domain::mapping::scim_urns as wire;

pub(super) const TOKEN: &str = "rahsia-7f3a";

/// A request as it came.
#[derive(Debug, Clone)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) path: String,
    /// Decoded.
    pub(super) query: HashMap<String, String>,
    /// Names in lower case.
    pub(super) headers: HashMap<String, String>,
    pub(super) body: String,
}

impl Request {
    /// The number that this parameter is.
    pub(super) fn number(&self, name: &str) -> Option<usize> {
        self.query.get(name)?.parse().ok()
    }

    pub(super) fn is_list(&self) -> bool {
        self.path.ends_with("/Users")
    }
}

/// What is sent back.
pub(super) enum Reply {
    /// Status, further headers, body; Content-Type is SCIM's unless a header says otherwise.
    Answer(u16, Vec<(&'static str, String)>, String),
    /// These bytes, then the connection is closed.
    Raw(Vec<u8>),
    /// Nothing for so long.
    Hang(Duration),
}

impl Reply {
    pub(super) fn json(status: u16, body: &Value) -> Self {
        Self::Answer(status, vec![], body.to_string())
    }

    pub(super) fn status(status: u16) -> Self {
        Self::Answer(status, vec![], String::new())
    }

    pub(super) fn error(status: u16, scim_type: &str, detail: &str) -> Self {
        let body = json!({"schemas": [wire::ERROR], "status": status.to_string(), "scimType": scim_type, "detail": detail});
        Self::json(status, &body)
    }

    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        if let Self::Answer(_, headers, _) = &mut self {
            headers.push((name, value.into()));
        }
        self
    }
}

/// A portal on loopback, until it is dropped.
pub(super) struct Fake {
    address: SocketAddr,
    is_over: Arc<AtomicBool>,
    seen: Arc<Mutex<Vec<Request>>>,
}

impl Fake {
    /// Answers discovery with these capabilities, the schemas with arkib's, and everything else
    /// with `reply`, which also gets how many other requests came before.
    pub(super) fn new(
        config: Value,
        reply: impl Fn(&Request, usize) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let count = Mutex::new(0);
        Self::bare(move |request| {
            if request.path.ends_with("/ServiceProviderConfig") {
                return Reply::json(200, &config);
            }
            if request.path.ends_with("/Schemas") {
                return Reply::json(
                    200,
                    &json!({"totalResults": 1, "Resources": [{"id": wire::MAILBOX}]}),
                );
            }
            let before = {
                let mut count = count.lock().unwrap();
                *count += 1;
                *count - 1
            };
            reply(request, before)
        })
    }

    /// Answers everything with `reply`.
    pub(super) fn bare(reply: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let reply = Arc::new(reply);
        let log = Arc::clone(&seen);
        let is_over = Arc::new(AtomicBool::new(false));
        let over = Arc::clone(&is_over);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if over.load(SeqCst) {
                    break;
                }
                let (reply, log) = (Arc::clone(&reply), Arc::clone(&log));
                std::thread::spawn(move || serve(stream, &*reply, &log));
            }
        });
        Self { address, is_over, seen }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}/scim/v2", self.address)
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(super) fn endpoint(&self) -> ConnectionConfig {
        ConnectionConfig::new(&self.url(), SecretString::from(TOKEN)).unwrap()
    }

    /// Every request so far.
    pub(super) fn seen(&self) -> Vec<Request> {
        self.seen.lock().unwrap().clone()
    }

    /// Requests that are not discovery.
    pub(super) fn asked(&self) -> Vec<Request> {
        let mut seen = self.seen();
        seen.retain(|request| {
            !request.path.ends_with("Config") && !request.path.ends_with("Schemas")
        });
        seen
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.is_over.store(true, SeqCst);
        // The one that it waits for.
        let _ = TcpStream::connect(self.address);
    }
}

fn serve(mut stream: TcpStream, reply: &dyn Fn(&Request) -> Reply, log: &Mutex<Vec<Request>>) {
    let Some(request) = read(&stream) else {
        return;
    };
    log.lock().unwrap().push(request.clone());
    match reply(&request) {
        Reply::Answer(status, headers, body) => {
            let mut head = format!(
                "HTTP/1.1 {status} x\r\nconnection: close\r\ncontent-length: {}\r\n",
                body.len()
            );
            if !headers.iter().any(|(name, _)| *name == "content-type") {
                head.push_str("content-type: application/scim+json\r\n");
            }
            for (name, value) in headers {
                head.push_str(&format!("{name}: {value}\r\n"));
            }
            let _ = stream.write_all(format!("{head}\r\n{body}").as_bytes());
        }
        Reply::Raw(bytes) => {
            let _ = stream.write_all(&bytes);
        }
        Reply::Hang(time) => std::thread::sleep(time),
    }
}

fn read(stream: &TcpStream) -> Option<Request> {
    let mut lines = BufReader::new(stream);
    let mut line = String::new();
    lines.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace();
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        lines.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    lines.read_exact(&mut body).ok()?;
    let url = reqwest::Url::parse(&format!("http://x{target}")).ok()?;
    Some(Request {
        method,
        path: url.path().to_owned(),
        query: url.query_pairs().into_owned().collect(),
        headers,
        body: String::from_utf8(body).ok()?,
    })
}

/// Limits under which every failure is quick, and a machine that is busy with something else is
/// waited for.
pub(super) fn quick() -> ClientLimits {
    ClientLimits {
        connect: Duration::from_secs(30),
        read: Duration::from_secs(30),
        request: Duration::from_secs(60),
        attempts: 3,
        first_delay: Duration::from_millis(2),
        longest_delay: Duration::from_millis(5),
        max_retry_after: Duration::from_secs(2),
        max_body: 1 << 20,
        reading_pause: Duration::from_millis(1),
        ..ClientLimits::default()
    }
}

/// The same, where it is the end of patience that matters.
pub(super) fn impatient() -> ClientLimits {
    ClientLimits { read: Duration::from_secs(1), attempts: 1, ..quick() }
}

/// A config of everything.
pub(super) fn full() -> Value {
    json!({"patch": {"supported": true}, "filter": {"supported": true, "maxResults": 200}, "etag": {"supported": true}})
}

/// A config of nothing but pages of this size.
pub(super) fn plain(max_results: usize) -> Value {
    json!({"patch": {"supported": true}, "filter": {"supported": false, "maxResults": max_results}})
}

pub(super) fn user(number: usize) -> Value {
    json!({"id": number.to_string(), "userName": format!("m{number}@agensi.example"), "meta": {"version": format!("W/\"{number}\"")},
        wire::MAILBOX: {"state": "enabled", "request": "BMT-2026-0001"}})
}

/// The page that a well-behaved portal with `total` users gives, at most `largest` in a page.
pub(super) fn page(request: &Request, total: usize, largest: usize) -> Value {
    let start = request.number("startIndex").unwrap_or(1).max(1);
    let count = request.number("count").unwrap_or(largest).min(largest);
    let users: Vec<_> = (start..=total).take(count).map(user).collect();
    list(total, &users)
}

pub(super) fn list(total: usize, users: &[Value]) -> Value {
    json!({"schemas": [wire::LIST_RESPONSE], "totalResults": total, "itemsPerPage": users.len(), "Resources": users})
}
