//! A webhook on loopback, which stores what it receives. Its thread ends with the test process.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// The secret part of its address.
pub const SECRET: &str = "rahsia-T0001-B0001";

/// A request: its head in lower case, and its body.
pub type Received = (String, String);

#[derive(Default)]
struct Shared {
    received: Mutex<Vec<Received>>,
    answers: Mutex<VecDeque<&'static str>>,
}

pub struct Webhook {
    pub address: SocketAddr,
    shared: Arc<Shared>,
}

impl Webhook {
    /// One that accepts everything.
    pub fn start() -> Self {
        Self::answering(&[])
    }

    /// One that answers so, each once (`404 Not Found\r\nName: value`), and then accepts. What the last
    /// header `X-Echo` has is the body, too.
    pub fn answering(answers: &[&'static str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared::default());
        shared.answers.lock().unwrap().extend(answers);
        let own = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let _ = own.serve(stream.unwrap());
            }
        });
        Self { address, shared }
    }

    pub fn url(&self) -> String {
        format!("http://{}/hooks/{SECRET}?kunci={SECRET}", self.address)
    }

    /// What it received since it was asked last.
    pub fn take(&self) -> Vec<Received> {
        std::mem::take(&mut self.shared.received.lock().unwrap())
    }
}

impl Shared {
    fn serve(&self, stream: TcpStream) -> std::io::Result<()> {
        let mut reader = BufReader::new(stream.try_clone()?);
        let (mut head, mut line) = (String::new(), String::new());
        while reader.read_line(&mut line)? > 2 {
            head.push_str(&line.to_ascii_lowercase());
            line.clear();
        }
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
        reader.read_exact(&mut body)?;
        self.received.lock().unwrap().push((head, String::from_utf8(body).unwrap()));
        let answer = self.answers.lock().unwrap().pop_front().unwrap_or("200 OK");
        let body = answer.split_once("X-Echo: ").map_or("ok", |(_, secret)| secret);
        let length = body.len();
        let mut stream = stream;
        write!(
            stream,
            "HTTP/1.1 {answer}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        )
    }
}
