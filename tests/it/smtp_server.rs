//! A mail server on loopback that does as it is told, and keeps what it heard. Its threads end with
//! the test process.

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

/// A process under test, to be killed by what happens here.
pub type Program = Arc<Mutex<Option<Child>>>;

/// What is done to one recipient's message.
#[derive(Clone)]
pub enum Act {
    /// This answer in place of that to RCPT.
    AtRcpt(&'static str),
    /// This answer in place of that to DATA.
    AtData(&'static str),
    /// This answer after the text.
    AfterText(&'static str),
    /// No answer after the text: the connection ends.
    LoseAfterText,
    /// No answer to RCPT: the connection ends.
    LoseAtRcpt,
    /// The text is taken, and the program killed before it hears of it.
    KillAfterText(Program),
    /// RCPT is heard, and the program killed.
    KillAtRcpt(Program),
    /// The answer after the text comes when the file is there.
    WaitFor(std::path::PathBuf),
}

/// How the server behaves to everyone.
#[derive(Clone, Default)]
pub struct Manner {
    pub greeting: Option<&'static str>,
    pub mail: Option<&'static str>,
    /// STARTTLS is offered, with this.
    pub starttls: Option<Arc<ServerConfig>>,
    /// TLS from the first byte.
    pub tls: Option<Arc<ServerConfig>>,
    /// What stands on the way puts this in after the answer to STARTTLS.
    pub injected: Option<&'static str>,
    /// AUTH is offered, and answered so.
    pub auth: Option<&'static str>,
    pub reset: Option<&'static str>,
}

#[derive(Default)]
struct Heard {
    /// Each line of each client, inside TLS too.
    lines: Vec<String>,
    /// The texts that the server took: recipient, text.
    taken: Vec<(String, String)>,
}

pub struct Smtp {
    pub address: SocketAddr,
    was_asked: Arc<Mutex<Heard>>,
    acts: Arc<Mutex<BTreeMap<String, Act>>>,
    _runtime: Runtime,
}

impl Smtp {
    pub fn start() -> Self {
        Self::with(Manner::default())
    }

    pub fn with(manner: Manner) -> Self {
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let (was_asked, acts) = (Arc::default(), Arc::default());
        let (hears, told) = (Arc::clone(&was_asked), Arc::clone(&acts));
        runtime.spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let visit = Visit {
                    manner: manner.clone(),
                    was_asked: Arc::clone(&hears),
                    acts: Arc::clone(&told),
                };
                tokio::spawn(visit.begin(client));
            }
        });
        Self {
            address,
            was_asked,
            acts,
            _runtime: runtime,
        }
    }

    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// What happens to messages for this address, from now on.
    pub fn act(&self, address: &str, act: Act) {
        self.acts.lock().unwrap().insert(address.to_owned(), act);
    }

    pub fn be_good(&self) {
        self.acts.lock().unwrap().clear();
    }

    /// The recipients whose message was taken, sorted; one taken twice stands there twice.
    pub fn taken(&self) -> Vec<String> {
        let was_asked = self.was_asked.lock().unwrap();
        let mut taken: Vec<String> = was_asked.taken.iter().map(|(to, _)| to.clone()).collect();
        taken.sort();
        taken
    }

    /// The text that was taken for an address.
    pub fn text(&self, address: &str) -> String {
        let was_asked = self.was_asked.lock().unwrap();
        let found = was_asked.taken.iter().find(|(to, _)| to == address);
        found
            .unwrap_or_else(|| panic!("nothing for {address}"))
            .1
            .clone()
    }

    pub fn lines(&self) -> Vec<String> {
        self.was_asked.lock().unwrap().lines.clone()
    }
}

struct Visit {
    manner: Manner,
    was_asked: Arc<Mutex<Heard>>,
    acts: Arc<Mutex<BTreeMap<String, Act>>>,
}

impl Visit {
    async fn begin(self, client: TcpStream) {
        match self.manner.tls.clone() {
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
        let greeting = self.manner.greeting.unwrap_or("220 mel.agensi.example");
        say(&mut client, greeting).await;
        if self.talk(&mut client).await {
            let config = self.manner.starttls.clone().unwrap();
            let client = client.into_inner();
            if let Ok(client) = TlsAcceptor::from(config).accept(client).await {
                self.talk(&mut BufReader::new(client)).await;
            }
        }
    }

    /// Serves a client; whether it wants TLS now.
    async fn talk(&self, client: &mut BufReader<impl AsyncRead + AsyncWrite + Unpin>) -> bool {
        let mut to = String::new();
        while let Some(line) = self.hear(client).await {
            let word = line
                .split([' ', ':'])
                .next()
                .unwrap_or_default()
                .to_ascii_uppercase();
            match word.as_str() {
                "EHLO" => {
                    let tls = self.manner.starttls.as_ref().map(|_| "250-STARTTLS\r\n");
                    let auth = self.manner.auth.map(|_| "250-AUTH PLAIN LOGIN\r\n");
                    let words = [tls, auth].into_iter().flatten().collect::<String>();
                    say(
                        client,
                        &format!("250-mel.agensi.example\r\n{words}250 8BITMIME"),
                    )
                    .await;
                }
                "STARTTLS" => {
                    let injected = self.manner.injected.unwrap_or_default();
                    say(client, &format!("220 ready{injected}")).await;
                    return true;
                }
                "AUTH" => say(client, self.manner.auth.unwrap_or("502 no")).await,
                "MAIL" => say(client, self.manner.mail.unwrap_or("250 ok")).await,
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
                "RSET" => say(client, self.manner.reset.unwrap_or("250 ok")).await,
                "QUIT" => {
                    say(client, "221 bye").await;
                    return false;
                }
                _ => say(client, "250 ok").await,
            }
        }
        false
    }

    fn act(&self, to: &str) -> Option<Act> {
        self.acts.lock().unwrap().get(to).cloned()
    }

    /// Whether the connection goes on.
    async fn rcpt(
        &self,
        client: &mut BufReader<impl AsyncRead + AsyncWrite + Unpin>,
        to: &str,
    ) -> bool {
        match self.act(to) {
            Some(Act::LoseAtRcpt) => return false,
            Some(Act::KillAtRcpt(program)) => {
                kill(&program);
                return false;
            }
            Some(Act::AtRcpt(answer)) => say(client, answer).await,
            _ => say(client, "250 ok").await,
        }
        true
    }

    async fn data(
        &self,
        client: &mut BufReader<impl AsyncRead + AsyncWrite + Unpin>,
        to: &str,
    ) -> bool {
        if let Some(Act::AtData(answer)) = self.act(to) {
            say(client, answer).await;
            return true;
        }
        say(client, "354 go on").await;
        let mut text = String::new();
        while let Some(line) = self.hear(client).await {
            if line == "." {
                break;
            }
            text.push_str(line.strip_prefix('.').unwrap_or(&line));
            text.push_str("\r\n");
        }
        let act = self.act(to);
        if let Some(Act::AfterText(answer)) = act {
            say(client, answer).await;
            return true;
        }
        self.was_asked
            .lock()
            .unwrap()
            .taken
            .push((to.to_owned(), text));
        match act {
            Some(Act::LoseAfterText) => return false,
            Some(Act::KillAfterText(program)) => {
                kill(&program);
                return false;
            }
            Some(Act::WaitFor(file)) => {
                while !file.exists() {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
            }
            _ => {}
        }
        say(client, "250 2.0.0 taken").await;
        true
    }

    async fn hear(
        &self,
        client: &mut BufReader<impl AsyncRead + AsyncWrite + Unpin>,
    ) -> Option<String> {
        let mut bytes = Vec::new();
        let read = client.read_until(b'\n', &mut bytes).await.ok()?;
        let line = String::from_utf8_lossy(&bytes)
            .trim_end_matches(['\r', '\n'])
            .to_owned();
        self.was_asked.lock().unwrap().lines.push(line.clone());
        (read > 0).then_some(line)
    }
}

async fn say(client: &mut BufReader<impl AsyncRead + AsyncWrite + Unpin>, words: &str) {
    let _ = client.write_all(format!("{words}\r\n").as_bytes()).await;
    let _ = client.flush().await;
}

fn kill(program: &Program) {
    if let Some(program) = program.lock().unwrap().as_mut() {
        // On Unix this is SIGKILL.
        let _ = program.kill();
    }
}
