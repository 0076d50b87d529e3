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

/// Why there is no connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unopened {
    /// The server, or what it shows, says no: trying again does not help.
    Refused {
        /// Why.
        why: String,
        /// What to do.
        help: String,
    },
    /// It cannot be reached, or not now.
    Unreachable(String),
}

/// Why a message was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// The server refuses it for good.
    Refused(String),
    /// The server does not take it now, and did not take it.
    Deferred(String),
    /// The connection was lost before the message's text was on its way.
    Lost(String),
    /// The text was on its way, and nobody knows whether the server took it.
    Unknown(String),
    /// The server would refuse every message alike.
    Stop {
        /// Why.
        why: String,
        /// What to do.
        help: String,
    },
}

/// A connection that is ready for messages.
pub struct Connection {
    smtp: AsyncSmtpConnection,
    /// A transaction was begun and not ended.
    is_begun: bool,
    is_over: bool,
}

/// In which phase of a message the server answered.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Sender,
    Recipient,
    Text,
}

impl Connection {
    /// Connects, makes the way safe, and logs in. `name` is what arkib calls itself.
    ///
    /// # Errors
    /// Why not. Nothing was sent then.
    pub async fn open(server: &Server, name: &str) -> Result<Self, Unopened> {
        let mut smtp = match timeout(OPENING, connect(server, name)).await {
            Ok(connected) => connected?,
            Err(_) => return Err(unanswered(OPENING)),
        };
        if let Some((user, password)) = &server.login {
            let login = Credentials::new(user.clone(), password.expose_secret().to_owned());
            let ways = [Mechanism::Plain, Mechanism::Login];
            match timeout(COMMAND, smtp.auth(&ways, &login)).await {
                Ok(Ok(_)) => {}
                Ok(Err(error)) if is_for_now(&error) => {
                    return Err(Unopened::Unreachable(said(&error)));
                }
                Ok(Err(error)) => {
                    return Err(Unopened::Refused {
                        why: format!(
                            "the server does not let `{}` log in: {}",
                            excerpt(user, 80),
                            said(&error)
                        ),
                        help: format!(
                            "check {USER} and {PASSWORD}, and that the server allows that login by PLAIN or LOGIN"
                        ),
                    });
                }
                Err(_) => return Err(unanswered(COMMAND)),
            }
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
        self.command(mail, Phase::Sender).await?;
        let rcpt = Rcpt::new(to.clone(), Vec::new());
        self.command(rcpt, Phase::Recipient).await
    }

    /// Forgets the message before. A server that does not is left; nobody is refused by that.
    async fn reset(&mut self) -> Result<(), Trouble> {
        let reset = self.command(Rset, Phase::Recipient).await;
        reset.map_err(|trouble| {
            self.is_over = true;
            match trouble {
                Trouble::Refused(said) | Trouble::Deferred(said) => {
                    Trouble::Lost(format!("the server takes no further message: {said}"))
                }
                trouble => trouble,
            }
        })
    }

    /// Sends the text of the message that was begun; gives the server's answer.
    ///
    /// # Errors
    /// What became of it, as far as that is known.
    pub async fn send(&mut self, text: &[u8]) -> Result<String, Trouble> {
        self.command(Data, Phase::Text).await?;
        let answer = match timeout(MESSAGE, self.smtp.message(text)).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) if error.status().is_some() => {
                return Err(self.answered(&error, Phase::Text));
            }
            Ok(Err(error)) => {
                return Err(self.unknown(format!(
                    "the connection was lost before the server said whether it took the message: {}",
                    said(&error)
                )));
            }
            Err(_) => {
                return Err(self.unknown(format!(
                    "the server did not say within {} seconds whether it took the message",
                    MESSAGE.as_secs()
                )));
            }
        };
        self.is_begun = false;
        if answer.code().severity == Severity::PositiveCompletion {
            return Ok(words(&answer));
        }
        Err(self.unknown(format!(
            "an answer that says neither yes nor no: {}",
            words(&answer)
        )))
    }

    /// Says good-bye.
    pub async fn close(mut self) {
        if !self.is_over {
            // It is all done; whether the server hears this does not matter.
            let _ = timeout(PARTING, self.smtp.command(Quit)).await;
        }
    }

    async fn command(
        &mut self,
        command: impl std::fmt::Display,
        phase: Phase,
    ) -> Result<(), Trouble> {
        match timeout(COMMAND, self.smtp.command(command)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(self.answered(&error, phase)),
            Err(_) => Err(self.lost(format!(
                "the server did not answer within {} seconds",
                COMMAND.as_secs()
            ))),
        }
    }

    fn lost(&mut self, why: String) -> Trouble {
        self.is_over = true;
        Trouble::Lost(why)
    }

    fn unknown(&mut self, why: String) -> Trouble {
        self.is_over = true;
        Trouble::Unknown(why)
    }

    /// What an answer, or none, means for the message, before or after its text.
    fn answered(&mut self, error: &Error, phase: Phase) -> Trouble {
        let said = said(error);
        let Some(code) = error.status() else {
            return self.lost(format!("the connection was lost: {said}"));
        };
        let code = code.to_string();
        // The service closes the channel (RFC 5321 section 3.8).
        self.is_over |= code == "421";
        if error.is_transient() {
            return Trouble::Deferred(said);
        }
        match (phase, code.as_str()) {
            (_, "530" | "534" | "535" | "538") => Trouble::Stop {
                why: format!("the server wants a login before it takes messages: {said}"),
                help: format!("set {USER} and {PASSWORD}"),
            },
            // The sender is the same for all: the next message would fare no better.
            (Phase::Sender, _) => Trouble::Stop {
                why: format!(
                    "the server takes no messages from the address of the notices: {said}"
                ),
                help: format!(
                    "set `notices: {{from: …}}` in the policy to an address that the server in {URL} sends for"
                ),
            },
            _ => Trouble::Refused(said),
        }
    }
}

async fn connect(server: &Server, name: &str) -> Result<AsyncSmtpConnection, Unopened> {
    let name = ClientId::Domain(name.to_owned());
    let place = (server.host.as_str(), server.port);
    let tls = || {
        server
            .authorities
            .tls(&server.host)
            .map_err(|error| refused(&error))
    };
    if server.security == Security::Tls {
        let connected =
            AsyncSmtpConnection::connect_tokio1(place, Some(OPENING), &name, Some(tls()?), None);
        return connected.await.map_err(|error| unopened(&error));
    }
    let stream = TcpStream::connect(place)
        .await
        .map_err(|error| Unopened::Unreachable(error.to_string()))?;
    let stream = Box::new(Lines::new(stream));
    let connected = AsyncSmtpConnection::connect_with_transport(stream, &name).await;
    let mut smtp = connected.map_err(|error| unopened(&error))?;
    if server.security == Security::StartTls {
        if !smtp.can_starttls() {
            return Err(Unopened::Refused {
                why: "the server offers no STARTTLS, so everyone on the way could read the notices"
                    .to_owned(),
                help: format!(
                    "write {URL} with smtps:// where the server speaks TLS from the start; without TLS only a server on this machine is used"
                ),
            });
        }
        let upgraded = smtp.starttls(tls()?, &name).await;
        upgraded.map_err(|error| unopened(&error))?;
    }
    Ok(smtp)
}

/// Why a connection failed: for now, or because of what the server says or shows.
fn unopened(error: &Error) -> Unopened {
    let is_tls = |cause: &(dyn Cause + 'static)| {
        let io = cause.downcast_ref::<std::io::Error>();
        let inner = io.and_then(std::io::Error::get_ref);
        inner.is_some_and(|inner| inner.is::<rustls::Error>())
    };
    if is_for_now(error) && !causes(error).any(is_tls) {
        Unopened::Unreachable(said(error))
    } else {
        refused(error)
    }
}

/// What lies behind an error, the last cause last.
fn causes(error: &Error) -> impl Iterator<Item = &(dyn Cause + 'static)> {
    successors(error.source(), |cause| (*cause).source())
}

fn refused(error: &Error) -> Unopened {
    Unopened::Refused {
        why: said(error),
        help: format!(
            "check {URL}, and that {CA} names the authority of its certificate where that is the agency's own"
        ),
    }
}

fn is_for_now(error: &Error) -> bool {
    !(error.is_permanent() || error.is_client() || error.is_response())
}

fn unanswered(time: Duration) -> Unopened {
    Unopened::Unreachable(format!("no answer within {} seconds", time.as_secs()))
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
