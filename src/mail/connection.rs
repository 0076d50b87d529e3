//! One connection to the mail server, and the exact result of each message: whether the server
//! accepted it, refused it for good or for now, or whether that is unknown. Retries nothing.

use std::error::Error as Cause;
use std::io;
use std::iter::successors;
use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, AsyncTokioStream};
use lettre::transport::smtp::commands::{Data, Mail, Quit, Rcpt, Rset, Starttls};
use lettre::transport::smtp::extension::{ClientId, Extension};
use lettre::transport::smtp::response::{Response, Severity};
use rustls::pki_types::ServerName;
use secrecy::ExposeSecret as _;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::certificate_authorities::CA;
use super::line_stream::BoundedSmtpStream;
use super::server::{PASSWORD, Security, Server, URL, USER};
use crate::text::{excerpt, one_line};

/// How long the way to the server may take, with its greeting and TLS.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(60);
/// How long the server may take for a command; RFC 5321 section 4.5.3.2 asks for five minutes, which
/// a job of CI does not have for every recipient.
const COMMAND_TIMEOUT: Duration = Duration::from_secs(120);
/// How long it may take for a message: the ten minutes of that section, since what is given up here
/// is never sent again.
const MESSAGE_TIMEOUT: Duration = Duration::from_secs(600);
/// How long QUIT may take.
const QUIT_TIMEOUT: Duration = Duration::from_secs(5);

/// Why a message was not accepted, or why there is no connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailError {
    /// What it means for the message.
    pub kind: MailErrorKind,
    /// Why.
    pub why: String,
    /// What to do, where the server would refuse every message alike.
    pub help: String,
}

/// What trouble means for a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailErrorKind {
    /// The server refuses it for good.
    Refused,
    /// The server does not take it now, and did not take it.
    Deferred,
    /// There is no connection, or it was lost before the message's text was on its way.
    Lost,
    /// The text was on its way, and it is not known whether the server accepted it.
    Unknown,
    /// The server, or what it shows, says no to every message: trying again does not help.
    Stop,
}

impl MailError {
    /// Trouble about which nothing can be done but to wait.
    pub fn new(kind: MailErrorKind, why: impl Into<String>) -> Self {
        Self { kind, why: why.into(), help: String::new() }
    }

    fn permanent_error(why: String, help: String) -> Self {
        Self { help, ..Self::new(MailErrorKind::Stop, why) }
    }
}

/// A connection that is ready for messages.
pub struct Connection {
    smtp: AsyncSmtpConnection,
    /// A transaction was begun and not ended.
    is_begun: bool,
    needs_reconnect: bool,
}

impl Connection {
    /// Connects, starts TLS, and logs in. `name` is arkib's name in EHLO.
    ///
    /// # Errors
    /// Why not. Nothing was sent then.
    pub async fn open(server: &Server, name: &str) -> Result<Self, MailError> {
        let unanswered = |time: Duration| {
            let why = format!("no answer within {} seconds", time.as_secs());
            MailError::new(MailErrorKind::Lost, why)
        };
        let connected = timeout(CONNECT_TIMEOUT, connect(server, name)).await;
        let mut smtp = connected.map_err(|_| unanswered(CONNECT_TIMEOUT))??;
        if let Some((user, password)) = &server.login {
            let login = Credentials::new(user.clone(), password.expose_secret().to_owned());
            let ways = [Mechanism::Plain, Mechanism::Login];
            let answer = timeout(COMMAND_TIMEOUT, smtp.auth(&ways, &login)).await;
            let answer = answer.map_err(|_| unanswered(COMMAND_TIMEOUT))?;
            answer.map_err(|error| match is_temporary(&error) {
                true => MailError::new(MailErrorKind::Lost, root_cause_text(&error)),
                false => MailError::permanent_error(
                    format!(
                        "the server refused the login of `{}`: {}",
                        excerpt(user, 80),
                        root_cause_text(&error)
                    ),
                    format!(
                        "check {USER} and {PASSWORD}, and that the server allows PLAIN or LOGIN for this user"
                    ),
                ),
            })?;
        }
        Ok(Self { smtp, is_begun: false, needs_reconnect: false })
    }

    /// Whether another message needs another connection.
    pub fn needs_reconnect(&self) -> bool {
        self.needs_reconnect
    }

    /// Asks the server to take a message from one address to another.
    ///
    /// # Errors
    /// Why it does not. The message was not sent then.
    pub async fn begin_message(&mut self, from: &Address, to: &Address) -> Result<(), MailError> {
        if std::mem::replace(&mut self.is_begun, true) {
            self.reset_transaction().await?;
        }
        let mail = Mail::new(Some(from.clone()), Vec::new());
        let taken = self.send_command(mail).await;
        taken.map_err(|trouble| match trouble.kind {
            // The sender is the same for all: the next message would fare no better.
            MailErrorKind::Refused => MailError::permanent_error(
                format!(
                    "the server accepts no messages from the sender address of the notices: {}",
                    trouble.why
                ),
                format!(
                    "set `notices: {{from: …}}` in the policy to an address that the server in {URL} may send for"
                ),
            ),
            _ => trouble,
        })?;
        self.send_command(Rcpt::new(to.clone(), Vec::new())).await
    }

    /// Forgets the message before. A server that does not is left; nobody is refused by that.
    async fn reset_transaction(&mut self) -> Result<(), MailError> {
        let reset = self.send_command(Rset).await;
        reset.map_err(|trouble| {
            self.needs_reconnect = true;
            match trouble.kind {
                MailErrorKind::Refused | MailErrorKind::Deferred => {
                    let root_cause_text = trouble.why;
                    let why = format!("the server accepts no further message: {root_cause_text}");
                    MailError::new(MailErrorKind::Lost, why)
                }
                _ => trouble,
            }
        })
    }

    /// Sends the text of the message that was begun; gives the server's answer.
    ///
    /// # Errors
    /// What became of it, as far as that is known.
    pub async fn send(&mut self, text: &[u8]) -> Result<String, MailError> {
        self.send_command(Data).await?;
        let unknown = match timeout(MESSAGE_TIMEOUT, self.smtp.message(text)).await {
            Ok(Ok(answer)) if answer.code().severity == Severity::PositiveCompletion => {
                self.is_begun = false;
                return Ok(response_text(&answer));
            }
            Ok(Ok(answer)) => format!(
                "an answer that is neither a success nor an error: {}",
                response_text(&answer)
            ),
            Ok(Err(error)) if error.status().is_some() => return Err(self.classify_answer(&error)),
            Ok(Err(error)) => format!(
                "the connection was lost before the server said whether it accepted the message: {}",
                root_cause_text(&error)
            ),
            Err(_) => format!(
                "the server did not say within {} seconds whether it accepted the message",
                MESSAGE_TIMEOUT.as_secs()
            ),
        };
        self.needs_reconnect = true;
        Err(MailError::new(MailErrorKind::Unknown, unknown))
    }

    /// Sends QUIT.
    pub async fn close(mut self) {
        if !self.needs_reconnect {
            // It is all done; whether the server hears this does not matter.
            let _ = timeout(QUIT_TIMEOUT, self.smtp.command(Quit)).await;
        }
    }

    async fn send_command(&mut self, command: impl std::fmt::Display) -> Result<(), MailError> {
        match timeout(COMMAND_TIMEOUT, self.smtp.command(command)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(self.classify_answer(&error)),
            Err(_) => Err(self.mark_lost(format!(
                "the server did not answer within {} seconds",
                COMMAND_TIMEOUT.as_secs()
            ))),
        }
    }

    fn mark_lost(&mut self, why: String) -> MailError {
        self.needs_reconnect = true;
        MailError::new(MailErrorKind::Lost, why)
    }

    /// What an answer that is no success, or none, means for the message.
    fn classify_answer(&mut self, error: &Error) -> MailError {
        let root_cause_text = root_cause_text(error);
        let Some(code) = error.status() else {
            return self.mark_lost(format!("the connection was lost: {root_cause_text}"));
        };
        let code = code.to_string();
        // The service closes the channel (RFC 5321 section 3.8).
        self.needs_reconnect |= code == "421";
        if error.is_transient() {
            return MailError::new(MailErrorKind::Deferred, root_cause_text);
        }
        match code.as_str() {
            "530" | "534" | "535" | "538" => MailError::permanent_error(
                format!("the server requires a login: {root_cause_text}"),
                format!("set {USER} and {PASSWORD}"),
            ),
            _ => MailError::new(MailErrorKind::Refused, root_cause_text),
        }
    }
}

async fn connect(server: &Server, name: &str) -> Result<AsyncSmtpConnection, MailError> {
    let stream = TcpStream::connect((server.host.as_str(), server.port)).await;
    let stream = stream.map_err(|error| io_error(&error))?;
    let name = ClientId::Domain(name.to_owned());
    match server.security {
        Security::Plain => greet(BoundedSmtpStream::new(stream), &name).await,
        Security::Tls => greet(BoundedSmtpStream::new(encrypt(server, stream).await?), &name).await,
        Security::StartTls => {
            let stream = encrypt(server, start_tls(stream, &name).await?).await?;
            greet(BoundedSmtpStream::with_greeting(stream), &name).await
        }
    }
}

async fn greet(
    stream: impl AsyncTokioStream + 'static,
    name: &ClientId,
) -> Result<AsyncSmtpConnection, MailError> {
    let connected = AsyncSmtpConnection::connect_with_transport(Box::new(stream), name).await;
    connected.map_err(|error| connect_error(&error))
}

/// Agrees with the server that TLS begins now.
async fn start_tls(stream: TcpStream, name: &ClientId) -> Result<TcpStream, MailError> {
    // lettre keeps the stream that it gets.
    let twins = stream.into_std().and_then(|stream| Ok((stream.try_clone()?, stream)));
    let (stream, own) = twins.map_err(|error| io_error(&error))?;
    let stream = TcpStream::from_std(stream).map_err(|error| io_error(&error))?;
    let mut smtp = greet(BoundedSmtpStream::new(stream), name).await?;
    if !smtp.server_info().supports_feature(Extension::StartTls) {
        return Err(MailError::permanent_error(
            "the server does not offer STARTTLS, so others on the network could read the notices"
                .to_owned(),
            format!(
                "write {URL} with smtps:// if the server uses TLS from the start; without TLS arkib uses only a server on this machine"
            ),
        ));
    }
    smtp.command(Starttls).await.map_err(|error| connect_error(&error))?;
    drop(smtp);
    TcpStream::from_std(own).map_err(|error| io_error(&error))
}

async fn encrypt(server: &Server, stream: TcpStream) -> Result<TlsStream<TcpStream>, MailError> {
    let name = ServerName::try_from(server.host.clone());
    let name = name.map_err(|error| permanent_connect_error(error.to_string()))?;
    let tls = server.authorities.tls_config();
    let tls = tls.map_err(|error| permanent_connect_error(error.to_string()))?;
    TlsConnector::from(tls).connect(name, stream).await.map_err(|error| io_error(&error))
}

/// Why a connection failed: for now, or because of what the server says or shows.
fn connect_error(error: &Error) -> MailError {
    let io = error_causes(error).filter_map(|cause| cause.downcast_ref::<io::Error>()).next();
    match io {
        Some(io) if is_temporary(error) => io_error(io),
        None if is_temporary(error) => MailError::new(MailErrorKind::Lost, root_cause_text(error)),
        _ => permanent_connect_error(root_cause_text(error)),
    }
}

/// What is no TLS, a certificate that is not trusted, and what is no SMTP stay as they are.
fn io_error(error: &io::Error) -> MailError {
    let why = excerpt(&one_line(&error.to_string()), 300);
    match error.kind() {
        io::ErrorKind::InvalidData => permanent_connect_error(why),
        _ => MailError::new(MailErrorKind::Lost, why),
    }
}

/// What lies behind an error, the last cause last.
fn error_causes(error: &Error) -> impl Iterator<Item = &(dyn Cause + 'static)> {
    successors(error.source(), |cause| (*cause).source())
}

fn permanent_connect_error(why: String) -> MailError {
    let help = format!(
        "check {URL}, and that {CA} names the authority of its certificate if that is the agency's own"
    );
    MailError::permanent_error(why, help)
}

fn is_temporary(error: &Error) -> bool {
    !(error.is_permanent() || error.is_client() || error.is_response())
}

/// The server's words, or what the system says.
fn root_cause_text(error: &Error) -> String {
    let response_text =
        error_causes(error).last().map_or_else(|| error.to_string(), ToString::to_string);
    let response_text = one_line(&response_text);
    match error.status() {
        Some(code) => excerpt(&format!("{code} {response_text}"), 300),
        None => excerpt(&response_text, 300),
    }
}

fn response_text(answer: &Response) -> String {
    let lines: Vec<&str> = answer.message().collect();
    let response_text = one_line(&lines.join(" "));
    excerpt(&format!("{} {response_text}", answer.code()), 300)
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncWriteExt as _;
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn a_greeting_without_end_is_no_mail_server() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let server = tokio::spawn(async move {
            let (mut client, _) = listener.accept().await.expect("a client");
            let mut sent = 0;
            while client.write_all(&[b'2'; 4096]).await.is_ok() {
                sent += 4096;
            }
            sent
        });
        let url = format!("smtp://127.0.0.1:{port}");
        let variable = |name: &str| (name == URL).then(|| url.clone());
        let smtp = Server::from_environment(&variable, &|_| Err(io::Error::other("no file")));
        let opened = Connection::open(&smtp.expect("a server"), "agensi.example").await;
        let why = opened.map(drop).expect_err("no greeting");
        assert_eq!(why.kind, MailErrorKind::Stop, "{why:?}");
        assert!(why.why.contains("a line of more than 1000 bytes"), "{why:?}");
        // No more than what the system takes before anyone reads it.
        assert!(server.await.expect("the server") < 64 << 20);
    }
}
