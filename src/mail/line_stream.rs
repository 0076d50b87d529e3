//! A connection that gives what the server says a line at a time. Between the answer to STARTTLS and
//! TLS nothing of the clear text may be left over that would be taken for an answer inside it: anyone who
//! intercepts the connection could have put it there. What follows that line stays here, and TLS refuses it.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncBufRead as _, AsyncRead, AsyncWrite, BufReader, ReadBuf};
use tokio::net::TcpStream;

/// Gives at most a line at a time.
#[derive(Debug)]
pub(super) struct LineStream(BufReader<TcpStream>);

impl LineStream {
    pub(super) fn new(stream: TcpStream) -> Self {
        Self(BufReader::new(stream))
    }
}

impl AsyncRead for LineStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let mut reader = Pin::new(&mut self.0);
        let ahead = ready!(reader.as_mut().poll_fill_buf(context))?;
        let line = ahead.iter().position(|byte| *byte == b'\n');
        let end = line.map_or(ahead.len(), |at| at + 1);
        let end = end.min(buffer.remaining());
        buffer.put_slice(&ahead[..end]);
        reader.consume(end);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for LineStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}

impl AsyncTokioStream for LineStream {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.0.get_ref().peer_addr()
    }
}
