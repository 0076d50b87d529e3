//! A mail server on loopback with configurable behaviour, which stores what it received. Its
//! threads end with the test process.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::process::Child;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustls::server::ServerConfig;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio_rustls::TlsAcceptor;

/// A process under test that the server can kill.
pub type Program = Arc<Mutex<Option<Child>>>;

/// The behaviour for one recipient's message.
#[derive(Clone)]
pub enum Behavior {
    /// This answer to RCPT.
    AtRcpt(&'static str),
    /// This answer to DATA.
    AtData(&'static str),
    /// This answer after the text.
    AfterText(&'static str),
    /// No answer after the text: the connection ends.
    LoseAfterText,
    /// No answer to RCPT: the connection ends.
    LoseAtRcpt,
    /// The text is accepted, and the program is killed before it gets the answer.
    KillAfterText(Program),
    /// RCPT is received, and the program is killed.
    KillAtRcpt(Program),
    /// The answer after the text comes when the file exists.
    WaitFor(std::path::PathBuf),
}

/// The behaviour for all clients.
#[derive(Clone, Default)]
pub struct ServerOptions {
    pub greeting: Option<&'static str>,
    pub mail: Option<&'static str>,
    /// STARTTLS is offered, with this.
    pub starttls: Option<Arc<ServerConfig>>,
    /// TLS from the first byte.
    pub tls: Option<Arc<ServerConfig>>,
    /// A man in the middle injects this after the answer to STARTTLS.
    pub injected: Option<&'static str>,
    /// AUTH is offered, with this answer.
    pub auth: Option<&'static str>,
    pub reset: Option<&'static str>,
}

#[derive(Default)]
struct ReceivedData {
    /// Each line of each client, inside TLS too.
    lines: Vec<String>,
    /// The accepted texts: recipient, text.
    accepted: Vec<(String, String)>,
}

pub struct Smtp {
    pub address: SocketAddr,
    received: Arc<Mutex<ReceivedData>>,
    behaviors: Arc<Mutex<BTreeMap<String, Behavior>>>,
    _runtime: Runtime,
}

impl Smtp {
    pub fn start() -> Self {
        Self::with(ServerOptions::default())
    }

    pub fn with(options: ServerOptions) -> Self {
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let (received, behaviors) = (Arc::default(), Arc::default());
        let (shared_received, shared_behaviors) = (Arc::clone(&received), Arc::clone(&behaviors));
        runtime.spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let visit = Connection {
                    options: options.clone(),
                    received: Arc::clone(&shared_received),
                    behaviors: Arc::clone(&shared_behaviors),
                };
                tokio::spawn(visit.begin(client));
            }
        });
        Self { address, received, behaviors, _runtime: runtime }
    }

    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// Sets the behaviour for this address from now on.
    pub fn set_behavior(&self, address: &str, behavior: Behavior) {
        self.behaviors.lock().unwrap().insert(address.to_owned(), behavior);
    }

    pub fn reset_behavior(&self) {
        self.behaviors.lock().unwrap().clear();
    }

    /// The recipients of accepted messages, sorted; one that got two is listed twice.
    pub fn accepted(&self) -> Vec<String> {
        let received = self.received.lock().unwrap();
        let mut accepted: Vec<String> =
            received.accepted.iter().map(|(to, _)| to.clone()).collect();
        accepted.sort();
        accepted
    }

    /// The accepted text for an address.
    pub fn text(&self, address: &str) -> String {
        let received = self.received.lock().unwrap();
        let found = received.accepted.iter().find(|(to, _)| to == address);
        found.unwrap_or_else(|| panic!("nothing for {address}")).1.clone()
    }

    pub fn lines(&self) -> Vec<String> {
        self.received.lock().unwrap().lines.clone()
    }
}

struct Connection {
    options: ServerOptions,
    received: Arc<Mutex<ReceivedData>>,
    behaviors: Arc<Mutex<BTreeMap<String, Behavior>>>,
}

impl Connection {
    async fn begin(self, client: TcpStream) {
        match self.options.tls.clone() {
            None => self.greet(client).await,
            Some(config) => {
                if let Ok(client) = TlsAcceptor::from(config).accept(client).await {
                    self.greet(client).await;
                }
            }
        }
    }

    async fn greet(self, client: impl AsyncRead + AsyncWrite + Unpin) {
        let mut client = BufReader::new(client);
        let greeting = self.options.greeting.unwrap_or("220 mel.agensi.example");
        reply(&mut client, greeting).await;
        if self.serve(&mut client).await {
            let config = self.options.starttls.clone().unwrap();
            let client = client.into_inner();
            if let Ok(client) = TlsAcceptor::from(config).accept(client).await {
                self.serve(&mut BufReader::new(client)).await;
            }
        }
    }

    /// Serves a client; returns whether it starts TLS now.
    async fn serve(&self, client: &mut BufReader<impl AsyncRead + AsyncWrite + Unpin>) -> bool {
        let mut to = String::new();
        while let Some(line) = self.read_line(client).await {
            let word = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            match word.as_str() {
                "EHLO" => {
                    let tls = self.options.starttls.as_ref().map(|_| "250-STARTTLS\r\n");
                    let auth = self.options.auth.map(|_| "250-AUTH PLAIN LOGIN\r\n");
                    let words = [tls, auth].into_iter().flatten().collect::<String>();
                    reply(client, &format!("250-mel.agensi.example\r\n{words}250 8BITMIME")).await;
                }
                "STARTTLS" => {
                    let injected = self.options.injected.unwrap_or_default();
                    reply(client, &format!("220 ready{injected}")).await;
                    return true;
                }
                "AUTH" => reply(client, self.options.auth.unwrap_or("502 no")).await,
                "MAIL" => reply(client, self.options.mail.unwrap_or("250 ok")).await,
                "RCPT" => {
                    to = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                    if !self.rcpt(client, &to).await {
                        return false;
                    }
                }
                "DATA" => {
                    if !self.data(client, &to).await {
                        return false;
                    }
                }
                "RSET" => reply(client, self.options.reset.unwrap_or("250 ok")).await,
                "QUIT" => {
                    reply(client, "221 bye").await;
                    return false;
                }
                _ => reply(client, "250 ok").await,
            }
        }
        false
    }

    fn behavior(&self, to: &str) -> Option<Behavior> {
        self.behaviors.lock().unwrap().get(to).cloned()
    }

    /// Returns whether the connection continues.
    async fn rcpt(
        &self,
        client: &mut BufReader<impl AsyncRead + AsyncWrite + Unpin>,
        to: &str,
    ) -> bool {
        match self.behavior(to) {
            Some(Behavior::LoseAtRcpt) => return false,
            Some(Behavior::KillAtRcpt(program)) => {
                kill(&program);
                return false;
            }
            Some(Behavior::AtRcpt(answer)) => reply(client, answer).await,
            _ => reply(client, "250 ok").await,
        }
        true
    }

    async fn data(
        &self,
        client: &mut BufReader<impl AsyncRead + AsyncWrite + Unpin>,
        to: &str,
    ) -> bool {
        if let Some(Behavior::AtData(answer)) = self.behavior(to) {
            reply(client, answer).await;
            return true;
        }
        reply(client, "354 go on").await;
        let mut text = String::new();
        while let Some(line) = self.read_line(client).await {
            if line == "." {
                break;
            }
            text.push_str(line.strip_prefix('.').unwrap_or(&line));
            text.push_str("\r\n");
        }
        let behavior = self.behavior(to);
        if let Some(Behavior::AfterText(answer)) = behavior {
            reply(client, answer).await;
            return true;
        }
        self.received.lock().unwrap().accepted.push((to.to_owned(), text));
        match behavior {
            Some(Behavior::LoseAfterText) => return false,
            Some(Behavior::KillAfterText(program)) => {
                kill(&program);
                return false;
            }
            Some(Behavior::WaitFor(file)) => {
                while !file.exists() {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
            }
            _ => {}
        }
        reply(client, "250 2.0.0 taken").await;
        true
    }

    async fn read_line(
        &self,
        client: &mut BufReader<impl AsyncRead + AsyncWrite + Unpin>,
    ) -> Option<String> {
        let mut bytes = Vec::new();
        let read = client.read_until(b'\n', &mut bytes).await.ok()?;
        let line = String::from_utf8_lossy(&bytes).trim_end_matches(['\r', '\n']).to_owned();
        self.received.lock().unwrap().lines.push(line.clone());
        (read > 0).then_some(line)
    }
}

async fn reply(client: &mut BufReader<impl AsyncRead + AsyncWrite + Unpin>, words: &str) {
    let _ = client.write_all(format!("{words}\r\n").as_bytes()).await;
    let _ = client.flush().await;
}

fn kill(program: &Program) {
    if let Some(program) = program.lock().unwrap().as_mut() {
        // On Unix this is SIGKILL.
        let _ = program.kill();
    }
}
