//! Sends messages, one after the other over one connection, and makes another where that is lost.

use std::future::Future;
use std::time::Duration;

use super::recording::{OpenDelivery, Recording, Stopped};
use crate::apply::Stop;
use crate::domain::mailbox::Mailbox;
use crate::domain::record::words::DeliveryOutcome;
use crate::mail::message::address;
use crate::mail::{Connection, MailError, MailErrorKind, Server};

/// After so many lost connections in a row no other is tried.
const LOST: u32 = 3;
/// How long to wait after a lost connection; longer after the second.
const PAUSE: Duration = Duration::from_secs(1);

/// Why a message was not sent that the run had no time for.
const INTERRUPTED: &str = "interrupted before it was sent";

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

    /// Gives one message, and says in `notice` what became of it.
    ///
    /// # Errors
    /// Why no other message is to be tried.
    pub(super) async fn give(&mut self, notice: &mut OpenDelivery<'_>) -> Result<(), Stopped> {
        let (from, to) = match (
            address(self.from.as_str()),
            address(notice.prepared.due.to.as_str()),
        ) {
            (Ok(from), Ok(to)) => (from, to),
            (Err(why), _) | (_, Err(why)) => {
                let refused = DeliveryOutcome::Refused;
                return self.recorded(notice, refused, why).await;
            }
        };
        let stop = self.stop;
        let connection = match self.connect().await? {
            Ok(connection) => connection,
            Err(why) => {
                notice.output.not_begun(why);
                return Ok(());
            }
        };
        match within_grace(stop, connection.begin(&from, &to)).await {
            None => {
                self.connection = None;
                notice.output.not_begun(INTERRUPTED);
                Ok(())
            }
            Some(Ok(())) => {
                self.has_taken = true;
                self.send(notice).await
            }
            Some(Err(trouble)) => self.not_begun(notice, trouble).await,
        }
    }

    /// Makes a connection where there is none; or says why there is none for this message.
    async fn connect(&mut self) -> Result<Result<&mut Connection, String>, Stopped> {
        self.connection.take_if(|open| open.is_over());
        if self.connection.is_none() {
            if self.lost > 0 {
                tokio::select! {
                    () = self.stop.asked() => {}
                    () = tokio::time::sleep(PAUSE * self.lost) => {}
                }
            }
            let name = self.from.domain().to_owned();
            match within_grace(self.stop, Connection::open(self.server, &name)).await {
                Some(Ok(connection)) => self.connection = Some(connection),
                None => return Ok(Err(INTERRUPTED.to_owned())),
                Some(Err(trouble)) if trouble.kind == MailErrorKind::Stop => {
                    return Err(self.stopped(&trouble.why, trouble.help));
                }
                Some(Err(trouble)) => {
                    self.lose(&trouble.why)?;
                    return Ok(Err(trouble.why));
                }
            }
        }
        let connection = self.connection.as_mut();
        Ok(connection.ok_or_else(|| "there is no connection".to_owned()))
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
    async fn unwelcome(
        &mut self,
        notice: &mut OpenDelivery<'_>,
        said: String,
    ) -> Result<(), Stopped> {
        self.lost = 0;
        self.unwelcome += 1;
        let why = format!("it refused {LOST} messages in a row by its policy: {said}");
        let deferred = DeliveryOutcome::Deferred;
        self.recorded(notice, deferred, said).await?;
        if self.unwelcome < LOST {
            return Ok(());
        }
        let help = "see that the server lets this machine and the address in `notices: {from: …}` send; what was put off is given then";
        Err(self.stopped(&why, help.to_owned()))
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
    async fn not_begun(
        &mut self,
        notice: &mut OpenDelivery<'_>,
        trouble: MailError,
    ) -> Result<(), Stopped> {
        let said = trouble.why;
        match trouble.kind {
            MailErrorKind::Refused if !self.has_taken && is_policy(&said) => {
                self.unwelcome(notice, said).await
            }
            MailErrorKind::Refused => {
                self.lost = 0;
                let refused = DeliveryOutcome::Refused;
                self.recorded(notice, refused, said).await
            }
            MailErrorKind::Deferred => {
                let deferred = DeliveryOutcome::Deferred;
                self.recorded(notice, deferred, said.clone()).await?;
                self.count(&said)
            }
            MailErrorKind::Lost | MailErrorKind::Unknown => {
                self.connection = None;
                self.lose(&said)?;
                notice.output.not_begun(said);
                Ok(())
            }
            MailErrorKind::Stop => Err(self.stopped(&said, trouble.help)),
        }
    }

    fn stopped(&self, why: &str, help: String) -> Stopped {
        let why = format!("the mail server {}: {why}", self.server.shown());
        Stopped::new(why, help)
    }

    async fn send(&mut self, notice: &mut OpenDelivery<'_>) -> Result<(), Stopped> {
        self.recording.announce(notice.prepared, None).await?;
        let Some(connection) = &mut self.connection else {
            notice.output.not_begun("there is no connection");
            return Ok(());
        };
        let sent = within_grace(self.stop, connection.send(&notice.prepared.bytes)).await;
        let sent = sent.unwrap_or_else(|| {
            let why = "interrupted before the server said whether it took the message";
            Err(MailError::new(MailErrorKind::Unknown, why))
        });
        let (outcome, said, then) = match sent {
            Ok(said) => (DeliveryOutcome::Sent, said, None),
            Err(MailError { kind, why, help }) => {
                let outcome = match kind {
                    MailErrorKind::Refused => DeliveryOutcome::Refused,
                    MailErrorKind::Unknown => DeliveryOutcome::Unknown,
                    _ => DeliveryOutcome::Deferred,
                };
                let stopped = (kind == MailErrorKind::Stop).then(|| self.stopped(&why, help));
                (outcome, why, stopped)
            }
        };
        let written = self
            .recording
            .delivered(notice.prepared, outcome, Some(&said))
            .await;
        let counted = match outcome {
            DeliveryOutcome::Unknown => {
                self.connection = None;
                self.lose(&said)
            }
            _ => self.count(&said),
        };
        notice.output.ended(outcome, Some(said));
        written.and(then.map_or(Ok(()), Err)).and(counted)
    }

    /// Writes down that it was tried, and how that ended.
    async fn recorded(
        &self,
        notice: &mut OpenDelivery<'_>,
        outcome: DeliveryOutcome,
        said: String,
    ) -> Result<(), Stopped> {
        self.recording.announce(notice.prepared, None).await?;
        let delivered = self
            .recording
            .delivered(notice.prepared, outcome, Some(&said));
        delivered.await?;
        notice.output.ended(outcome, Some(said));
        Ok(())
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
