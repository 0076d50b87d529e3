//! A connection that is read a byte at a time, in lines of bounded length. lettre reads a line before it
//! looks at its length: a server could fill the memory with one. And between the answer to STARTTLS and TLS
//! nothing of the clear text may be left over that would be taken for an answer inside it: anyone who
//! intercepts the connection could have put it there. What follows that line stays unread, and TLS refuses it.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// The longest line of a server, in bytes; RFC 5321 section 4.5.3.1.5 allows 512.
const LONGEST_LINE: usize = 1000;
/// The longest answer to a command, in bytes; lettre reads all of it again with each line.
const LONGEST_ANSWER: usize = 16_384;

/// Gives a byte at a time.
#[derive(Debug)]
pub(super) struct BoundedSmtpStream<S> {
    stream: S,
    /// What is still to be given before the stream's own bytes.
    prefix: &'static [u8],
    in_line: usize,
    in_answer: usize,
}

impl<S> BoundedSmtpStream<S> {
    /// A stream in which the server speaks first.
    pub(super) fn new(stream: S) -> Self {
        Self { stream, prefix: b"", in_line: 0, in_answer: 0 }
    }

    /// As if the server had said it: after STARTTLS there is no greeting, and lettre waits for one.
    pub(super) fn with_greeting(stream: S) -> Self {
        Self { prefix: b"220 TLS\r\n", ..Self::new(stream) }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for BoundedSmtpStream<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let mut byte = [0];
        if let Some((first, rest)) = this.prefix.split_first() {
            (byte, this.prefix) = ([*first], rest);
        } else {
            let mut one = ReadBuf::new(&mut byte);
            ready!(Pin::new(&mut this.stream).poll_read(context, &mut one))?;
            if one.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
        }
        this.in_line = if byte == *b"\n" { 0 } else { this.in_line + 1 };
        this.in_answer += 1;
        if this.in_line > LONGEST_LINE || this.in_answer > LONGEST_ANSWER {
            let why = format!(
                "the server sent a line of more than {LONGEST_LINE} bytes, or an answer of more than {LONGEST_ANSWER}"
            );
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::InvalidData, why)));
        }
        buffer.put_slice(&byte);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for BoundedSmtpStream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.in_answer = 0;
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + Sync + std::fmt::Debug> AsyncTokioStream
    for BoundedSmtpStream<S>
{
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, repeat};

    use super::*;

    #[tokio::test]
    async fn a_line_that_does_not_end_is_refused() {
        let mut read = Vec::new();
        let mut endless = BoundedSmtpStream::new(repeat(b'2').take(1 << 20));
        let why = endless.read_to_end(&mut read).await.expect_err("a line without an end");
        assert_eq!((read.len(), why.kind()), (LONGEST_LINE, io::ErrorKind::InvalidData));
        let mut lines = BoundedSmtpStream::new(repeat(b'\n').take(1 << 20));
        let mut read = Vec::new();
        lines.read_to_end(&mut read).await.expect_err("an answer without an end");
        assert_eq!(read.len(), LONGEST_ANSWER);
        let lines = format!("{}\n", "2".repeat(LONGEST_LINE)).repeat(3);
        let mut bounded = BoundedSmtpStream::with_greeting(lines.as_bytes());
        let mut read = String::new();
        bounded.read_to_string(&mut read).await.expect("lines");
        assert_eq!(read, format!("220 TLS\r\n{lines}"));
    }
}
