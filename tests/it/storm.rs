//! A layer of faults before a portal on loopback, driven by a seed: the same seed makes the same
//! choices in the same order of requests. Each is one that real portals and networks make.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What is done to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// Nothing but a little time.
    Late,
    /// 429 with Retry-After; not taken.
    TooMany,
    /// 500 before anything was done.
    Broken,
    /// 503 with Retry-After; not taken.
    Busy,
    /// The connection breaks before the portal sees the request.
    LostBefore,
    /// The portal does it, and the connection breaks before the answer.
    LostAfter,
    /// The portal does it, and half of the answer comes.
    Truncated,
    /// The portal does it, and says 500.
    DoneBut500,
    /// The answer comes in drips.
    Slow,
    /// An answer of before.
    Stale,
    /// Someone else does what was planned, just before.
    Overtaken,
    /// HTML of some gateway, with 200.
    Html,
    /// The connection breaks, and the portal does it all the same, a while later.
    LandsLate,
}

/// After this nothing that was sent lands any more.
pub const LATEST: Duration = Duration::from_millis(60);

const FAULTS: [Fault; 13] = [
    Fault::LandsLate,
    Fault::Late,
    Fault::TooMany,
    Fault::Broken,
    Fault::Busy,
    Fault::LostBefore,
    Fault::LostAfter,
    Fault::Truncated,
    Fault::DoneBut500,
    Fault::Slow,
    Fault::Stale,
    Fault::Overtaken,
    Fault::Html,
];

/// The layer, while it stands.
pub struct Storm {
    pub url: String,
    state: Arc<State>,
}

struct State {
    target: String,
    dice: AtomicU64,
    /// Of a thousand requests, how many go wrong.
    rate: u64,
    is_over: AtomicBool,
    /// Answers to reading requests, by their first line.
    before: Mutex<HashMap<String, Vec<u8>>>,
}

impl Storm {
    /// Stands before a portal. Its tasks end with the runtime.
    pub async fn before(portal: &str, seed: u64, rate: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let rest = portal.strip_prefix("http://").unwrap();
        let (target, path) = rest.split_once('/').unwrap();
        let state = Arc::new(State {
            target: target.to_owned(),
            dice: AtomicU64::new(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1),
            rate,
            is_over: AtomicBool::new(false),
            before: Mutex::default(),
        });
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let state = Arc::clone(&shared);
                tokio::spawn(async move {
                    let mut client = client;
                    while state.pass(&mut client).await.is_some() {}
                });
            }
        });
        Self {
            url: format!("http://{address}/{path}"),
            state,
        }
    }

    /// From now on the weather is good.
    pub fn ends(&self) {
        self.state.is_over.store(true, Ordering::SeqCst);
    }
}

impl State {
    /// xorshift64: small, and the same everywhere.
    fn roll(&self) -> u64 {
        let next = |mut x: u64| {
            x ^= x << 13;
            x ^= x >> 7;
            x ^ (x << 17)
        };
        let update = |x| Some(next(x));
        let before = self
            .dice
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, update);
        next(before.unwrap_or(1))
    }

    fn fault(&self) -> Option<Fault> {
        let roll = self.roll();
        if self.is_over.load(Ordering::SeqCst) || roll % 1_000 >= self.rate {
            return None;
        }
        Some(FAULTS[(roll / 1_000) as usize % FAULTS.len()])
    }

    /// One request and its answer; `None` where the connection is to be closed.
    async fn pass(self: &Arc<Self>, client: &mut TcpStream) -> Option<()> {
        let request = message(client).await?;
        let line = String::from_utf8_lossy(&request).lines().next()?.to_owned();
        let is_read = line.starts_with("GET ");
        let answer = |status: &str, more: &str, body: &str| {
            format!(
                "HTTP/1.1 {status}\r\n{more}content-length: {}\r\n\r\n{body}",
                body.len()
            )
            .into_bytes()
        };
        let scim = "content-type: application/scim+json\r\n";
        let bytes = match self.fault() {
            None => self.forward(&request, &line).await?,
            Some(Fault::Late) => {
                tokio::time::sleep(Duration::from_millis(self.roll() % 5)).await;
                self.forward(&request, &line).await?
            }
            Some(Fault::TooMany) => answer("429 Too Many Requests", "retry-after: 0\r\n", ""),
            Some(Fault::Busy) => answer("503 Service Unavailable", "retry-after: 0\r\n", ""),
            Some(Fault::Broken) => {
                answer("500 Internal Server Error", scim, "{\"detail\":\"broken\"}")
            }
            Some(Fault::Html) if is_read => answer(
                "200 OK",
                "content-type: text/html\r\n",
                "<html>Log in</html>",
            ),
            Some(Fault::LandsLate) if !is_read => {
                let (state, late) = (Arc::clone(self), self.roll() % 50);
                tokio::spawn(async move {
                    tokio::time::sleep(Duration::from_millis(late)).await;
                    state.send(&request).await
                });
                return None;
            }
            Some(Fault::Html | Fault::LostBefore | Fault::LandsLate) => return None,
            Some(Fault::LostAfter) => {
                self.forward(&request, &line).await?;
                return None;
            }
            Some(Fault::DoneBut500) => {
                self.forward(&request, &line).await?;
                answer("500 Internal Server Error", scim, "{\"detail\":\"broken\"}")
            }
            Some(Fault::Truncated) => {
                let whole = self.forward(&request, &line).await?;
                let _ = client.write_all(&whole[..whole.len() * 2 / 3]).await;
                return None;
            }
            Some(Fault::Slow) => {
                let whole = self.forward(&request, &line).await?;
                for piece in whole.chunks(whole.len() / 4 + 1) {
                    client.write_all(piece).await.ok()?;
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
                return Some(());
            }
            Some(Fault::Stale) if is_read => {
                let known = self.before.lock().unwrap().get(&line).cloned();
                match known {
                    Some(before) => before,
                    None => self.forward(&request, &line).await?,
                }
            }
            Some(Fault::Overtaken) if !is_read => {
                // The same change in the name of another request, without a precondition.
                let text = String::from_utf8_lossy(&request);
                let other: String = text
                    .replace("R-1", "X-1")
                    .replace("R-2", "X-2")
                    .split("\r\n")
                    .filter(|line| !line.to_lowercase().starts_with("if-match"))
                    .collect::<Vec<&str>>()
                    .join("\r\n");
                self.send(other.as_bytes()).await?;
                self.forward(&request, &line).await?
            }
            Some(Fault::Stale | Fault::Overtaken) => self.forward(&request, &line).await?,
        };
        client.write_all(&bytes).await.ok()
    }

    async fn forward(&self, request: &[u8], line: &str) -> Option<Vec<u8>> {
        let answer = self.send(request).await?;
        if line.starts_with("GET ") {
            self.before
                .lock()
                .unwrap()
                .entry(line.to_owned())
                .or_insert_with(|| answer.clone());
        }
        Some(answer)
    }

    async fn send(&self, request: &[u8]) -> Option<Vec<u8>> {
        let mut portal = TcpStream::connect(&self.target).await.ok()?;
        portal.write_all(request).await.ok()?;
        message(&mut portal).await
    }
}

/// One HTTP/1.1 message with its body: by Content-Length, in chunks, or none.
async fn message(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 16 << 10];
    loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).to_lowercase();
            let length = head.lines().find_map(|line| {
                line.strip_prefix("content-length:")?
                    .trim()
                    .parse::<usize>()
                    .ok()
            });
            let is_whole = match length {
                Some(length) => bytes.len() >= end + 4 + length,
                None if head.contains("transfer-encoding: chunked") => {
                    bytes.ends_with(b"\r\n0\r\n\r\n")
                }
                None => true,
            };
            if is_whole {
                return Some(bytes);
            }
        }
        let read = stream.read(&mut buffer).await.ok()?;
        if read == 0 {
            return None;
        }
        bytes.extend_from_slice(&buffer[..read]);
    }
}
