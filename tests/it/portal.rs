//! `arkib portal` as a separate process, and its audit trail.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::session::{InTime as _, Session};

/// A portal that always ends with the test.
pub struct Portal {
    pub child: Child,
    pub url: String,
    pub token: String,
}

impl Drop for Portal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Portal {
    /// Starts one over the session's roster.
    pub fn start(session: &Session, options: &[&str]) -> Self {
        let mut arguments = vec![
            "portal",
            "--listen",
            "127.0.0.1:0",
            "--roster",
            "portal.csv",
            "--database",
            "portal.db",
            "--token-file",
            "token",
            "--url-file",
            "url",
            "--stop-after",
            "120",
        ];
        arguments.extend(options);
        let _ = std::fs::remove_file(session.path().join("url"));
        let child =
            session.arkib(&arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let begun = Instant::now();
        let url = loop {
            if let Ok(url) = std::fs::read_to_string(session.path().join("url")) {
                break url;
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "the portal does not start");
            std::thread::sleep(Duration::from_millis(20));
        };
        let token = std::fs::read_to_string(session.path().join("token")).unwrap();
        Self { child, url, token }
    }

    /// Every state change in the portal's audit trail, as `mailbox from to request`.
    pub fn audit(&self) -> Vec<String> {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let url = self.url.replace("/scim/v2", "/audit");
        let body: Value = runtime.block_on(async {
            let _ = rustls::crypto::ring::default_provider().install_default();
            let client = reqwest::Client::new();
            let answer = client.get(url).bearer_auth(&self.token).send().await.unwrap();
            answer.json().await.unwrap()
        });
        body["entries"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|entry| entry["actor"] == "client" && entry["from_state"] != entry["to_state"])
            .map(|entry| {
                let text = |name: &str| entry[name].as_str().unwrap_or("-").to_owned();
                format!(
                    "{} {} {} {}",
                    text("mailbox"),
                    text("from_state"),
                    text("to_state"),
                    text("request")
                )
            })
            .collect()
    }

    pub fn arkib(&self, session: &Session, arguments: &[&str]) -> Command {
        let mut command = session.arkib(arguments);
        command.env("ARKIB_PORTAL_URL", &self.url).env("ARKIB_PORTAL_TOKEN_FILE", "token");
        command
    }

    pub fn run(&self, session: &Session, arguments: &[&str]) -> Output {
        self.arkib(session, arguments).in_time()
    }
}

/// A proxy on loopback that counts the requests to a portal. Its threads end with the test process.
pub struct Counter {
    pub url: String,
    requests: Arc<AtomicUsize>,
}

impl Counter {
    pub fn before(portal: &Portal) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let rest = portal.url.strip_prefix("http://").unwrap();
        let (target, path) = rest.split_once('/').unwrap();
        let (target, requests) = (target.to_owned(), Arc::new(AtomicUsize::new(0)));
        let count = Arc::clone(&requests);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(portal) = TcpStream::connect(&target) else {
                    continue;
                };
                let (from, to) = (client.try_clone().unwrap(), portal.try_clone().unwrap());
                let count = Arc::clone(&count);
                std::thread::spawn(move || {
                    relay(from, to, |text| {
                        count.fetch_add(text.matches(" HTTP/1.1\r\n").count(), Ordering::SeqCst);
                        true
                    });
                });
                std::thread::spawn(move || relay(portal, client, |_| true));
            }
        });
        Self { url: format!("http://{address}/{path}"), requests }
    }

    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

/// Forwards bytes as long as `look` allows it.
pub fn relay(mut from: TcpStream, mut to: TcpStream, look: impl Fn(&str) -> bool) {
    let mut buffer = [0; 16 << 10];
    while let Ok(read @ 1..) = from.read(&mut buffer) {
        let goes_on = look(&String::from_utf8_lossy(&buffer[..read]));
        if !goes_on || to.write_all(&buffer[..read]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(std::net::Shutdown::Both);
    let _ = from.shutdown(std::net::Shutdown::Both);
}
