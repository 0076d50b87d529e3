//! Sends messages one after the other over one connection, and reconnects if it is lost.

use std::future::Future;
use std::time::Duration;

use super::recording::{DeliveryRecorder, NoticeInDelivery};
use crate::apply::Stop;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::record::enums::DeliveryOutcome;
use crate::language::Message;
use crate::mail::message::parse_address;
use crate::mail::{Connection, MailError, MailErrorKind, Server};
use crate::ops::failure::Failure;

/// After this many lost connections in a row, arkib does not reconnect.
const MAX_LOSSES: u32 = 3;
/// The pause after a lost connection; longer after the second.
const PAUSE: Duration = Duration::from_secs(1);

/// Sends messages to the mail server.
pub(super) struct Mailer<'a> {
    server: &'a Server,
    from: &'a Mailbox,
    recording: &'a DeliveryRecorder,
    stop: &'a Stop,
    connection: Option<Connection>,
    losses: u32,
    /// Whether the server has accepted a recipient in this run.
    has_taken: bool,
    /// How often in a row it refused by its policy before it accepted any recipient.
    policy_refusals: u32,
}

impl<'a> Mailer<'a> {
    pub(super) fn new(
        server: &'a Server,
        from: &'a Mailbox,
        recording: &'a DeliveryRecorder,
        stop: &'a Stop,
    ) -> Self {
        Self {
            server,
            from,
            recording,
            stop,
            connection: None,
            losses: 0,
            has_taken: false,
            policy_refusals: 0,
        }
    }

    /// Sends one message, and stores the outcome in `notice`.
    ///
    /// # Errors
    /// Why no other message may be sent.
    pub(super) async fn send_notice(
        &mut self,
        notice: &mut NoticeInDelivery<'_>,
    ) -> Result<(), Failure> {
        let (from, to) = match (
            parse_address(self.from.as_str()),
            parse_address(notice.prepared.due.to.as_str()),
        ) {
            (Ok(from), Ok(to)) => (from, to),
            (Err(why), _) | (_, Err(why)) => {
                let refused = DeliveryOutcome::Refused;
                return self.record_outcome(notice, refused, why).await;
            }
        };
        let stop = self.stop;
        let connection = match self.ensure_connected().await? {
            Ok(connection) => connection,
            Err(why) => {
                notice.output.set_deferred(why);
                return Ok(());
            }
        };
        match within_grace(stop, connection.begin_message(&from, &to)).await {
            None => {
                self.connection = None;
                notice.output.set_deferred(message!("notify-not-begun"));
                Ok(())
            }
            Some(Ok(())) => {
                self.has_taken = true;
                self.send(notice).await
            }
            Some(Err(trouble)) => self.handle_send_failure(notice, trouble).await,
        }
    }

    /// Connects if there is no connection; the inner error says why this message has none.
    async fn ensure_connected(&mut self) -> Result<Result<&mut Connection, Message>, Failure> {
        self.connection.take_if(|open| open.needs_reconnect());
        if self.connection.is_none() {
            if self.losses > 0 {
                tokio::select! {
                    () = self.stop.wait_until_stop_requested() => {}
                    () = tokio::time::sleep(PAUSE * self.losses) => {}
                }
            }
            let name = self.from.domain().to_owned();
            match within_grace(self.stop, Connection::open(self.server, &name)).await {
                Some(Ok(connection)) => self.connection = Some(connection),
                None => return Ok(Err(message!("notify-not-begun"))),
                Some(Err(trouble)) if trouble.kind == MailErrorKind::Stop => {
                    return Err(self.stop_delivery(trouble.why, trouble.help));
                }
                Some(Err(trouble)) => {
                    self.count_loss(&trouble.why)?;
                    return Ok(Err(trouble.why.into()));
                }
            }
        }
        let connection = self.connection.as_mut();
        Ok(connection.ok_or_else(|| message!("notify-no-connection")))
    }

    fn count_loss(&mut self, why: &str) -> Result<(), Failure> {
        self.losses += 1;
        if self.losses < MAX_LOSSES {
            return Ok(());
        }
        let server = self.server.host_and_port();
        let why = message!("notify-server-lost", server, count = MAX_LOSSES as usize, why);
        Err(Failure::failed(why, message!("notify-server-lost-help")))
    }

    /// A refusal by the server's policy may be about the sender, and many servers report that only for
    /// the first recipient. Until one recipient is accepted, such a refusal is not final.
    async fn count_policy_refusal(
        &mut self,
        notice: &mut NoticeInDelivery<'_>,
        said: String,
    ) -> Result<(), Failure> {
        self.losses = 0;
        self.policy_refusals += 1;
        let count = MAX_LOSSES as usize;
        let why = message!("notify-server-policy", count, said = said.as_str());
        let deferred = DeliveryOutcome::Deferred;
        self.record_outcome(notice, deferred, said).await?;
        if self.policy_refusals < MAX_LOSSES {
            return Ok(());
        }
        Err(self.stop_delivery(why, message!("notify-server-policy-help")))
    }

    /// Counts how often the server closed the connection, which it may do after an answer.
    fn count_closed_connection(&mut self, said: &str) -> Result<(), Failure> {
        if self.connection.as_ref().is_some_and(Connection::needs_reconnect) {
            self.connection = None;
            return self.count_loss(said);
        }
        self.losses = 0;
        Ok(())
    }

    /// The server did not accept the message, and the text was not sent.
    async fn handle_send_failure(
        &mut self,
        notice: &mut NoticeInDelivery<'_>,
        trouble: MailError,
    ) -> Result<(), Failure> {
        let said = trouble.why;
        // Whether an answer is about security or policy (RFC 3463 section 3.8).
        let is_policy = said.split([' ', '-']).nth(1).is_some_and(|code| code.starts_with("5.7."));
        match trouble.kind {
            MailErrorKind::Refused if !self.has_taken && is_policy => {
                self.count_policy_refusal(notice, said).await
            }
            MailErrorKind::Refused => {
                self.losses = 0;
                let refused = DeliveryOutcome::Refused;
                self.record_outcome(notice, refused, said).await
            }
            MailErrorKind::Deferred => {
                let deferred = DeliveryOutcome::Deferred;
                self.record_outcome(notice, deferred, said.clone()).await?;
                self.count_closed_connection(&said)
            }
            MailErrorKind::Lost | MailErrorKind::Unknown => {
                self.connection = None;
                self.count_loss(&said)?;
                notice.output.set_deferred(Message::verbatim(said));
                Ok(())
            }
            MailErrorKind::Stop => Err(self.stop_delivery(said, trouble.help)),
        }
    }

    fn stop_delivery(&self, why: impl Into<Message>, help: impl Into<Message>) -> Failure {
        let server = self.server.host_and_port();
        Failure::failed(message!("notify-server", server, why = why.into()), help)
    }

    async fn send(&mut self, notice: &mut NoticeInDelivery<'_>) -> Result<(), Failure> {
        self.recording.record_attempt(notice.prepared, None).await?;
        let Some(connection) = &mut self.connection else {
            notice.output.set_deferred(message!("notify-no-connection"));
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
                let stopped = (kind == MailErrorKind::Stop).then(|| self.stop_delivery(&why, help));
                (outcome, why, stopped)
            }
        };
        let written = self.recording.record_delivery(notice.prepared, outcome, Some(&said)).await;
        let counted = match outcome {
            DeliveryOutcome::Unknown => {
                self.connection = None;
                self.count_loss(&said)
            }
            _ => self.count_closed_connection(&said),
        };
        notice.output.set_outcome(outcome, Some(said.into()));
        written.and(then.map_or(Ok(()), Err)).and(counted)
    }

    /// Records the attempt and its outcome.
    async fn record_outcome(
        &self,
        notice: &mut NoticeInDelivery<'_>,
        outcome: DeliveryOutcome,
        said: String,
    ) -> Result<(), Failure> {
        self.recording.record_attempt(notice.prepared, None).await?;
        let delivered = self.recording.record_delivery(notice.prepared, outcome, Some(&said));
        delivered.await?;
        notice.output.set_outcome(outcome, Some(said.into()));
        Ok(())
    }

    /// Closes the connection.
    pub(super) async fn close(self) {
        if let Some(connection) = self.connection {
            within_grace(self.stop, connection.close()).await;
        }
    }
}

/// The result of some work; `None` if the run was stopped and the grace period is over.
async fn within_grace<T>(stop: &Stop, what: impl Future<Output = T>) -> Option<T> {
    tokio::select! {
        biased;
        done = what => Some(done),
        () = stop.wait_until_grace_is_over() => None,
    }
}
