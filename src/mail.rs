//! E-mail (RFC 5321, RFC 5322): how a message is made, which server takes it, and what became of it.
//! Knows nothing of requests.

mod certificate_authorities;
mod connection;
mod line_stream;
pub mod message;
pub mod server;

pub use connection::{Connection, MailError, MailErrorKind};
pub use server::Server;
