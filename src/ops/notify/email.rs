//! Sends messages, one after the other over one connection, and makes another where that is lost.

use std::future::Future;
use std::time::Duration;

use super::prepare::Prepared;
use super::recording::{End, Recording, Stopped};
use crate::apply::Stop;
use crate::domain::mailbox::Mailbox;
use crate::domain::record::words::DeliveryOutcome;
use crate::mail::message::address;
use crate::mail::{Connection, Server, Trouble, Unopened};

/// After so many lost connections in a row no other is tried.
const LOST: u32 = 3;
/// How long to wait after a lost connection; longer after the second.
const PAUSE: Duration = Duration::from_secs(1);

/// The way to the mail server.
pub(super) struct Mailer<'a> {
    server: &'a Server,
    from: &'a Mailbox,
    recording: &'a Recording,
    stop: &'a Stop,
    connection: Option<Connection>,
    lost: u32,
    /// Whether the server has taken a recipient in this run.
    has_taken: bool,
    /// How often in a row it has refused by its policy before it took any.
    unwelcome: u32,
}

impl<'a> Mailer<'a> {
    pub(super) fn new(
        server: &'a Server,
        from: &'a Mailbox,
        recording: &'a Recording,
        stop: &'a Stop,
    ) -> Self {
        Self {
            server,
            from,
            recording,
            stop,
            connection: None,
            lost: 0,
            has_taken: false,
            unwelcome: 0,
        }
    }

    /// Gives one message.
    ///
    /// # Errors
    /// Why no other message is to be tried.
    pub(super) async fn give(&mut self, prepared: &Prepared) -> Result<End, Stopped> {
        let to = match (
            address(self.from.as_str()),
            address(prepared.due.to.as_str()),
        ) {
            (Ok(from), Ok(to)) => (from, to),
            (Err(why), _) | (_, Err(why)) => {
                return self.recorded(prepared, DeliveryOutcome::Refused, why).await;
            }
        };
        if let Err(end) = self.connect().await? {
            return Ok(end);
        }
        let Some(connection) = &mut self.connection else {
            return Ok(End::not_begun("there is no connection"));
        };
        let begun = within_grace(self.stop, connection.begin(&to.0, &to.1)).await;
        match begun {
            None => {
                self.connection = None;
                Ok(End::not_begun("interrupted before it was sent"))
            }
            Some(Ok(())) => {
                self.has_taken = true;
                self.send(prepared).await
            }
            Some(Err(trouble)) => self.not_begun(prepared, trouble).await,
        }
    }

    /// Makes a connection where there is none; or says what that means for the message.
    async fn connect(&mut self) -> Result<Result<(), End>, Stopped> {
        if self.connection.as_ref().is_some_and(|open| !open.is_over()) {
            return Ok(Ok(()));
        }
        self.connection = None;
        if self.lost > 0 {
            tokio::select! {
                () = self.stop.asked() => {}
                () = tokio::time::sleep(PAUSE * self.lost) => {}
            }
        }
        let name = self.from.domain().to_owned();
        let opened = within_grace(self.stop, Connection::open(self.server, &name)).await;
        match opened {
            Some(Ok(connection)) => {
                self.connection = Some(connection);
                Ok(Ok(()))
            }
            None => Ok(Err(End::not_begun("interrupted before it was sent"))),
            Some(Err(Unopened::Refused { why, help })) => Err(self.stopped(&why, help)),
            Some(Err(Unopened::Unreachable(why))) => {
                self.lose(&why)?;
                Ok(Err(End::not_begun(&why)))
            }
        }
    }

    fn lose(&mut self, why: &str) -> Result<(), Stopped> {
        self.lost += 1;
        if self.lost < LOST {
            return Ok(());
        }
        let why = format!(
            "the mail server {} cannot be reached, or lost the connection {LOST} times in a row: {why}",
            self.server.shown()
        );
        let help = "run arkib again when the server is well; what was put off is given then";
        Err(Stopped::new(why, help))
    }

    /// A refusal by the server's policy may mean the sender, and many servers tell that only with the
    /// first recipient: until one was taken nobody is refused for good by it.
    async fn unwelcome(&mut self, prepared: &Prepared, said: String) -> Result<End, Stopped> {
        self.lost = 0;
        self.unwelcome += 1;
        let end = self
            .recorded(prepared, DeliveryOutcome::Deferred, said.clone())
            .await?;
        if self.unwelcome < LOST {
            return Ok(end);
        }
        let help = "see that the server lets this machine and the address in `notices: {from: …}` send; what was put off is given then";
        let why = format!("it refused {LOST} messages in a row by its policy: {said}");
        Err(self.stopped(&why, help.to_owned()).after(end))
    }

    /// Counts how often the server ended the connection, which it may do with an answer, too.
    fn count(&mut self, said: &str) -> Result<(), Stopped> {
        if self.connection.as_ref().is_some_and(Connection::is_over) {
            self.connection = None;
            return self.lose(said);
        }
        self.lost = 0;
        Ok(())
    }

    /// The server did not take it, and its text was not sent.
    async fn not_begun(&mut self, prepared: &Prepared, trouble: Trouble) -> Result<End, Stopped> {
        match trouble {
            Trouble::Refused(said) if !self.has_taken && is_policy(&said) => {
                self.unwelcome(prepared, said).await
            }
            Trouble::Refused(said) => {
                self.lost = 0;
                self.recorded(prepared, DeliveryOutcome::Refused, said)
                    .await
            }
            Trouble::Deferred(said) => {
                let end = self
                    .recorded(prepared, DeliveryOutcome::Deferred, said.clone())
                    .await?;
                self.count(&said).map_err(|why| why.after(end.clone()))?;
                Ok(end)
            }
            Trouble::Lost(why) | Trouble::Unknown(why) => {
                self.connection = None;
                self.lose(&why)?;
                Ok(End::not_begun(&why))
            }
            Trouble::Stop { why, help } => Err(self.stopped(&why, help)),
        }
    }

    fn stopped(&self, why: &str, help: String) -> Stopped {
        let why = format!("the mail server {}: {why}", self.server.shown());
        Stopped::new(why, help)
    }

    async fn send(&mut self, prepared: &Prepared) -> Result<End, Stopped> {
        self.recording.announce(prepared, None).await?;
        let Some(connection) = &mut self.connection else {
            return Ok(End::not_begun("there is no connection"));
        };
        let sent = within_grace(self.stop, connection.send(&prepared.bytes)).await;
        let sent = sent.unwrap_or_else(|| {
            let why = "interrupted before the server said whether it took the message";
            Err(Trouble::Unknown(why.to_owned()))
        });
        let (outcome, said, then) = match sent {
            Ok(said) => (DeliveryOutcome::Sent, said, None),
            Err(Trouble::Refused(said)) => (DeliveryOutcome::Refused, said, None),
            Err(Trouble::Deferred(said)) => (DeliveryOutcome::Deferred, said, None),
            Err(Trouble::Lost(why)) => (DeliveryOutcome::Deferred, why, None),
            Err(Trouble::Unknown(why)) => (DeliveryOutcome::Unknown, why, None),
            Err(Trouble::Stop { why, help }) => {
                let stopped = self.stopped(&why, help);
                (DeliveryOutcome::Deferred, why, Some(stopped))
            }
        };
        let written = self
            .recording
            .delivered(prepared, outcome, Some(&said))
            .await;
        let end = End::of_message(outcome, said.clone());
        let counted = match outcome {
            DeliveryOutcome::Unknown => {
                self.connection = None;
                self.lose(&said)
            }
            _ => self.count(&said),
        };
        match written.err().or(then).or(counted.err()) {
            Some(stopped) => Err(stopped.after(end)),
            None => Ok(end),
        }
    }

    /// Writes down that it was tried, and how that ended.
    async fn recorded(
        &self,
        prepared: &Prepared,
        outcome: DeliveryOutcome,
        said: String,
    ) -> Result<End, Stopped> {
        self.recording.announce(prepared, None).await?;
        let delivered = self.recording.delivered(prepared, outcome, Some(&said));
        delivered.await?;
        Ok(End::of_message(outcome, said))
    }

    /// Ends the connection.
    pub(super) async fn close(self) {
        if let Some(connection) = self.connection {
            connection.close().await;
        }
    }
}

/// What something comes to, unless the run was asked to stop and it has had its time.
async fn within_grace<T>(stop: &Stop, what: impl Future<Output = T>) -> Option<T> {
    tokio::select! {
        biased;
        done = what => Some(done),
        () = stop.grace() => None,
    }
}

/// Whether an answer is one of security or policy (RFC 3463 section 3.8).
fn is_policy(said: &str) -> bool {
    said.split([' ', '-'])
        .nth(1)
        .is_some_and(|code| code.starts_with("5.7."))
}
