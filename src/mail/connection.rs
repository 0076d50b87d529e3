//! One connection to the mail server, and exactly what became of each message: whether the server
//! took it, refused it for good or for now, or whether nobody knows. Retries nothing.

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

use super::authorities::CA;
use super::lines::Lines;
use super::server::{PASSWORD, Security, Server, URL, USER};
use crate::text::excerpt;

/// How long the way to the server may take, with its greeting and TLS.
const OPENING: Duration = Duration::from_secs(60);
/// How long the server may take for a command; RFC 5321 section 4.5.3.2 asks for five minutes, which
/// a job of CI does not have for every recipient.
const COMMAND: Duration = Duration::from_secs(120);
/// How long it may take for a message: the ten minutes of that section, since what is given up here
/// is never sent again.
const MESSAGE: Duration = Duration::from_secs(600);
/// How long a good-bye may take.
const PARTING: Duration = Duration::from_secs(5);

/// Why a message was not taken, or why there is no connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// What it means for the message.
    pub kind: TroubleKind,
    /// Why.
    pub why: String,
    /// What to do, where the server would refuse every message alike.
    pub help: String,
}

/// What trouble means for a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TroubleKind {
    /// The server refuses it for good.
    Refused,
    /// The server does not take it now, and did not take it.
    Deferred,
    /// There is no connection, or it was lost before the message's text was on its way.
    Lost,
    /// The text was on its way, and nobody knows whether the server took it.
    Unknown,
    /// The server, or what it shows, says no to every message: trying again does not help.
    Stop,
}

impl Trouble {
    /// Trouble about which nothing can be done but to wait.
    pub fn new(kind: TroubleKind, why: impl Into<String>) -> Self {
        Self {
            kind,
            why: why.into(),
            help: String::new(),
        }
    }

    fn stop(why: String, help: String) -> Self {
        Self {
            help,
            ..Self::new(TroubleKind::Stop, why)
        }
    }
}

/// A connection that is ready for messages.
pub struct Connection {
    smtp: AsyncSmtpConnection,
    /// A transaction was begun and not ended.
    is_begun: bool,
    is_over: bool,
}

impl Connection {
    /// Connects, makes the way safe, and logs in. `name` is what arkib calls itself.
    ///
    /// # Errors
    /// Why not. Nothing was sent then.
    pub async fn open(server: &Server, name: &str) -> Result<Self, Trouble> {
        let unanswered = |time: Duration| {
            let why = format!("no answer within {} seconds", time.as_secs());
            Trouble::new(TroubleKind::Lost, why)
        };
        let connected = timeout(OPENING, connect(server, name)).await;
        let mut smtp = connected.map_err(|_| unanswered(OPENING))??;
        if let Some((user, password)) = &server.login {
            let login = Credentials::new(user.clone(), password.expose_secret().to_owned());
            let ways = [Mechanism::Plain, Mechanism::Login];
            let answer = timeout(COMMAND, smtp.auth(&ways, &login)).await;
            let answer = answer.map_err(|_| unanswered(COMMAND))?;
            answer.map_err(|error| match is_for_now(&error) {
                true => Trouble::new(TroubleKind::Lost, said(&error)),
                false => Trouble::stop(
                    format!(
                        "the server does not let `{}` log in: {}",
                        excerpt(user, 80),
                        said(&error)
                    ),
                    format!(
                        "check {USER} and {PASSWORD}, and that the server allows that login by PLAIN or LOGIN"
                    ),
                ),
            })?;
        }
        Ok(Self {
            smtp,
            is_begun: false,
            is_over: false,
        })
    }

    /// Whether another message needs another connection.
    pub fn is_over(&self) -> bool {
        self.is_over
    }

    /// Asks the server to take a message from one address to another.
    ///
    /// # Errors
    /// Why it does not. The message was not sent then.
    pub async fn begin(&mut self, from: &Address, to: &Address) -> Result<(), Trouble> {
        if std::mem::replace(&mut self.is_begun, true) {
            self.reset().await?;
        }
        let mail = Mail::new(Some(from.clone()), Vec::new());
        let taken = self.command(mail).await;
        taken.map_err(|trouble| match trouble.kind {
            // The sender is the same for all: the next message would fare no better.
            TroubleKind::Refused => Trouble::stop(
                format!(
                    "the server takes no messages from the address of the notices: {}",
                    trouble.why
                ),
                format!(
                    "set `notices: {{from: …}}` in the policy to an address that the server in {URL} sends for"
                ),
            ),
            _ => trouble,
        })?;
        self.command(Rcpt::new(to.clone(), Vec::new())).await
    }

    /// Forgets the message before. A server that does not is left; nobody is refused by that.
    async fn reset(&mut self) -> Result<(), Trouble> {
        let reset = self.command(Rset).await;
        reset.map_err(|trouble| {
            self.is_over = true;
            match trouble.kind {
                TroubleKind::Refused | TroubleKind::Deferred => {
                    let said = trouble.why;
                    let why = format!("the server takes no further message: {said}");
                    Trouble::new(TroubleKind::Lost, why)
                }
                _ => trouble,
            }
        })
    }

    /// Sends the text of the message that was begun; gives the server's answer.
    ///
    /// # Errors
    /// What became of it, as far as that is known.
    pub async fn send(&mut self, text: &[u8]) -> Result<String, Trouble> {
        self.command(Data).await?;
        let unknown = match timeout(MESSAGE, self.smtp.message(text)).await {
            Ok(Ok(answer)) if answer.code().severity == Severity::PositiveCompletion => {
                self.is_begun = false;
                return Ok(words(&answer));
            }
            Ok(Ok(answer)) => format!("an answer that says neither yes nor no: {}", words(&answer)),
            Ok(Err(error)) if error.status().is_some() => return Err(self.answered(&error)),
            Ok(Err(error)) => format!(
                "the connection was lost before the server said whether it took the message: {}",
                said(&error)
            ),
            Err(_) => format!(
                "the server did not say within {} seconds whether it took the message",
                MESSAGE.as_secs()
            ),
        };
        self.is_over = true;
        Err(Trouble::new(TroubleKind::Unknown, unknown))
    }

    /// Says good-bye.
    pub async fn close(mut self) {
        if !self.is_over {
            // It is all done; whether the server hears this does not matter.
            let _ = timeout(PARTING, self.smtp.command(Quit)).await;
        }
    }

    async fn command(&mut self, command: impl std::fmt::Display) -> Result<(), Trouble> {
        match timeout(COMMAND, self.smtp.command(command)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(self.answered(&error)),
            Err(_) => Err(self.lost(format!(
                "the server did not answer within {} seconds",
                COMMAND.as_secs()
            ))),
        }
    }

    fn lost(&mut self, why: String) -> Trouble {
        self.is_over = true;
        Trouble::new(TroubleKind::Lost, why)
    }

    /// What an answer that is no success, or none, means for the message.
    fn answered(&mut self, error: &Error) -> Trouble {
        let said = said(error);
        let Some(code) = error.status() else {
            return self.lost(format!("the connection was lost: {said}"));
        };
        let code = code.to_string();
        // The service closes the channel (RFC 5321 section 3.8).
        self.is_over |= code == "421";
        if error.is_transient() {
            return Trouble::new(TroubleKind::Deferred, said);
        }
        match code.as_str() {
            "530" | "534" | "535" | "538" => Trouble::stop(
                format!("the server wants a login before it takes messages: {said}"),
                format!("set {USER} and {PASSWORD}"),
            ),
            _ => Trouble::new(TroubleKind::Refused, said),
        }
    }
}

async fn connect(server: &Server, name: &str) -> Result<AsyncSmtpConnection, Trouble> {
    let name = ClientId::Domain(name.to_owned());
    let place = (server.host.as_str(), server.port);
    let tls = || {
        let tls = server.authorities.tls(&server.host);
        tls.map_err(|error| refused(&error))
    };
    if server.security == Security::Tls {
        let connected =
            AsyncSmtpConnection::connect_tokio1(place, Some(OPENING), &name, Some(tls()?), None);
        return connected.await.map_err(|error| unopened(&error));
    }
    let stream = TcpStream::connect(place).await;
    let stream = stream.map_err(|error| Trouble::new(TroubleKind::Lost, error.to_string()))?;
    let stream = Box::new(Lines::new(stream));
    let connected = AsyncSmtpConnection::connect_with_transport(stream, &name).await;
    let mut smtp = connected.map_err(|error| unopened(&error))?;
    if server.security == Security::StartTls {
        if !smtp.can_starttls() {
            return Err(Trouble::stop(
                "the server offers no STARTTLS, so everyone on the way could read the notices"
                    .to_owned(),
                format!(
                    "write {URL} with smtps:// where the server speaks TLS from the start; without TLS only a server on this machine is used"
                ),
            ));
        }
        let upgraded = smtp.starttls(tls()?, &name).await;
        upgraded.map_err(|error| unopened(&error))?;
    }
    Ok(smtp)
}

/// Why a connection failed: for now, or because of what the server says or shows.
fn unopened(error: &Error) -> Trouble {
    let is_tls = |cause: &(dyn Cause + 'static)| {
        let io = cause.downcast_ref::<std::io::Error>();
        let inner = io.and_then(std::io::Error::get_ref);
        inner.is_some_and(|inner| inner.is::<rustls::Error>())
    };
    match is_for_now(error) && !causes(error).any(is_tls) {
        true => Trouble::new(TroubleKind::Lost, said(error)),
        false => refused(error),
    }
}

/// What lies behind an error, the last cause last.
fn causes(error: &Error) -> impl Iterator<Item = &(dyn Cause + 'static)> {
    successors(error.source(), |cause| (*cause).source())
}

fn refused(error: &Error) -> Trouble {
    Trouble::stop(
        said(error),
        format!(
            "check {URL}, and that {CA} names the authority of its certificate where that is the agency's own"
        ),
    )
}

fn is_for_now(error: &Error) -> bool {
    !(error.is_permanent() || error.is_client() || error.is_response())
}

/// The server's words, or what the system says.
fn said(error: &Error) -> String {
    let words = causes(error)
        .last()
        .map_or_else(|| error.to_string(), ToString::to_string);
    let words = one_line(&words);
    match error.status() {
        Some(code) => excerpt(&format!("{code} {words}"), 300),
        None => excerpt(&words, 300),
    }
}

fn words(answer: &Response) -> String {
    let lines: Vec<&str> = answer.message().collect();
    let words = one_line(&lines.join(" "));
    excerpt(&format!("{} {words}", answer.code()), 300)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
