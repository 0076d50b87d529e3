//! HTTP/1.1 as the interceptor needs it: one message at a time, with a body by Content-Length.

use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt as _};

/// A request or an answer.
#[derive(Debug, Clone)]
pub struct Message {
    /// The first line.
    pub line: String,
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Message {
    pub fn new(line: &str) -> Self {
        Self { line: line.to_owned(), headers: Vec::new(), body: Vec::new() }
    }

    /// An answer with a SCIM body, or none.
    pub fn answer(status: &str, body: Option<&Value>) -> Self {
        let mut answer = Self::new(&format!("HTTP/1.1 {status}"));
        if let Some(body) = body {
            answer.set("content-type", "application/scim+json");
            answer.set_json(body);
        }
        answer
    }

    /// The next message of a connection; `None` where it ends.
    pub async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Option<Self> {
        let mut bytes = Vec::new();
        let mut buffer = [0; 16 << 10];
        loop {
            if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
                let mut message = Self::head(&String::from_utf8_lossy(&bytes[..end]))?;
                let length = match message.header("content-length") {
                    Some(length) => length.parse().ok()?,
                    None => 0,
                };
                if bytes.len() >= end + 4 + length {
                    message.body = bytes[end + 4..end + 4 + length].to_vec();
                    return Some(message);
                }
            }
            let read = stream.read(&mut buffer).await.ok()?;
            if read == 0 {
                return None;
            }
            bytes.extend_from_slice(&buffer[..read]);
        }
    }

    fn head(text: &str) -> Option<Self> {
        let mut lines = text.split("\r\n");
        let mut message = Self::new(lines.next()?);
        for (name, value) in lines.filter_map(|line| line.split_once(':')) {
            let (name, value) = (name.trim().to_lowercase(), value.trim().to_owned());
            // Chunks are not supported: the development portal sends none.
            assert_ne!(name, "transfer-encoding", "a body without a length");
            message.headers.push((name, value));
        }
        Some(message)
    }

    /// The bytes of the message, with the current length of the body.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = format!("{}\r\n", self.line).into_bytes();
        for (name, value) in &self.headers {
            bytes.extend(format!("{name}: {value}\r\n").bytes());
        }
        bytes.extend(b"\r\n");
        bytes.extend(&self.body);
        bytes
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|header| header.0 == name);
        found.map(|(_, value)| value.as_str())
    }

    pub fn set(&mut self, name: &str, value: &str) {
        self.headers.retain(|header| header.0 != name);
        self.headers.push((name.to_owned(), value.to_owned()));
    }

    pub fn set_body(&mut self, body: Vec<u8>) {
        self.set("content-length", &body.len().to_string());
        self.body = body;
    }

    pub fn set_json(&mut self, body: &Value) {
        self.set_body(body.to_string().into_bytes());
    }

    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// Whether it is a successful answer.
    pub fn is_good(&self) -> bool {
        self.line.starts_with("HTTP/1.1 2")
    }
}
