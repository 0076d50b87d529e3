//! One connection to the mail server, and the exact result of each message: whether the server
//! accepted it, refused it for good or for now, or whether that is unknown. Retries nothing.

use std::error::Error as Cause;
use std::iter::successors;
use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Quit, Rcpt, Rset};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::{Response, Severity};
use secrecy::ExposeSecret as _;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::certificate_authorities::CA;
use super::line_stream::LineStream;
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
                true => MailError::new(MailErrorKind::Lost, error_text(&error)),
                false => MailError::permanent_error(
                    format!(
                        "the server refused the login of `{}`: {}",
                        excerpt(user, 80),
                        error_text(&error)
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
                    let error_text = trouble.why;
                    let why = format!("the server accepts no further message: {error_text}");
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
                error_text(&error)
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
        let error_text = error_text(error);
        let Some(code) = error.status() else {
            return self.mark_lost(format!("the connection was lost: {error_text}"));
        };
        let code = code.to_string();
        // The service closes the channel (RFC 5321 section 3.8).
        self.needs_reconnect |= code == "421";
        if error.is_transient() {
            return MailError::new(MailErrorKind::Deferred, error_text);
        }
        match code.as_str() {
            "530" | "534" | "535" | "538" => MailError::permanent_error(
                format!("the server requires a login: {error_text}"),
                format!("set {USER} and {PASSWORD}"),
            ),
            _ => MailError::new(MailErrorKind::Refused, error_text),
        }
    }
}

async fn connect(server: &Server, name: &str) -> Result<AsyncSmtpConnection, MailError> {
    let name = ClientId::Domain(name.to_owned());
    let place = (server.host.as_str(), server.port);
    let tls = || {
        let tls = server.authorities.tls_parameters(&server.host);
        tls.map_err(|error| permanent_connect_error(&error))
    };
    if server.security == Security::Tls {
        let connected = AsyncSmtpConnection::connect_tokio1(
            place,
            Some(CONNECT_TIMEOUT),
            &name,
            Some(tls()?),
            None,
        );
        return connected.await.map_err(|error| connect_error(&error));
    }
    let stream = TcpStream::connect(place).await;
    let stream = stream.map_err(|error| MailError::new(MailErrorKind::Lost, error.to_string()))?;
    let stream = Box::new(LineStream::new(stream));
    let connected = AsyncSmtpConnection::connect_with_transport(stream, &name).await;
    let mut smtp = connected.map_err(|error| connect_error(&error))?;
    if server.security == Security::StartTls {
        if !smtp.can_starttls() {
            return Err(MailError::permanent_error(
                "the server does not offer STARTTLS, so others on the network could read the notices"
                    .to_owned(),
                format!(
                    "write {URL} with smtps:// if the server uses TLS from the start; without TLS arkib uses only a server on this machine"
                ),
            ));
        }
        let upgraded = smtp.starttls(tls()?, &name).await;
        upgraded.map_err(|error| connect_error(&error))?;
    }
    Ok(smtp)
}

/// Why a connection failed: for now, or because of what the server says or shows.
fn connect_error(error: &Error) -> MailError {
    let is_tls = |cause: &(dyn Cause + 'static)| {
        let io = cause.downcast_ref::<std::io::Error>();
        let inner = io.and_then(std::io::Error::get_ref);
        inner.is_some_and(|inner| inner.is::<rustls::Error>())
    };
    match is_temporary(error) && !error_causes(error).any(is_tls) {
        true => MailError::new(MailErrorKind::Lost, error_text(error)),
        false => permanent_connect_error(error),
    }
}

/// What lies behind an error, the last cause last.
fn error_causes(error: &Error) -> impl Iterator<Item = &(dyn Cause + 'static)> {
    successors(error.source(), |cause| (*cause).source())
}

fn permanent_connect_error(error: &Error) -> MailError {
    MailError::permanent_error(
        error_text(error),
        format!(
            "check {URL}, and that {CA} names the authority of its certificate if that is the agency's own"
        ),
    )
}

fn is_temporary(error: &Error) -> bool {
    !(error.is_permanent() || error.is_client() || error.is_response())
}

/// The server's words, or what the system says.
fn error_text(error: &Error) -> String {
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
