//! A portal for tests that answers each write with a given answer.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use crate::domain::archive_state::State;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::observed::{MailboxFilter, Observed, ObservedMailbox, PortalId};
use crate::language::Message;
use crate::portal::{
    ErrorKind, PortalChange, PortalError, PortalReader, PortalWriter, Progress, Target,
};

const STALE: ErrorKind = ErrorKind::Stale;
const LOST: ErrorKind = ErrorKind::Timeout;

/// The answer of the scripted portal to a write, and whether the write takes effect.
#[derive(Clone, Copy)]
pub(super) enum ScriptedAnswer {
    Ok,
    Lost {
        done: bool,
    },
    /// The same, but the timeout comes after some seconds.
    LostAfterDelay {
        done: bool,
    },
    /// Done, but answered with this error.
    DoneThen(ErrorKind),
    Fail(ErrorKind),
    /// A good answer without a state; whether the state was set.
    WithoutState(Option<ConcurrentChange>),
    /// Never an answer.
    Hang,
    /// Someone else makes this change first, so the write is stale.
    ChangedFirst(ConcurrentChange),
}

#[derive(Clone, Copy)]
pub(super) enum ConcurrentChange {
    Enabled,
    Terminated,
    SameButNewer,
    OnHold,
}

pub(super) struct ScriptedPortal {
    pub(super) mailboxes: Mutex<Vec<ObservedMailbox>>,
    pub(super) answers: Mutex<VecDeque<ScriptedAnswer>>,
    pub(super) writes: Mutex<usize>,
    pub(super) rereads_fail: bool,
    pub(super) if_match: bool,
}

impl ScriptedPortal {
    pub(super) fn new(
        observed: &Observed,
        answers: impl IntoIterator<Item = ScriptedAnswer>,
    ) -> Self {
        Self {
            mailboxes: Mutex::new(observed.mailboxes().to_vec()),
            answers: Mutex::new(answers.into_iter().collect()),
            writes: Mutex::new(0),
            rereads_fail: false,
            if_match: true,
        }
    }

    pub(super) fn with_mailbox<T>(
        &self,
        id: &PortalId,
        change: impl FnOnce(&mut ObservedMailbox) -> T,
    ) -> T {
        let mut all = self.mailboxes.lock().unwrap();
        change(all.iter_mut().find(|mailbox| mailbox.id == *id).unwrap())
    }

    fn apply_write(&self, write: &PortalChange) {
        self.with_mailbox(&write.id, |mailbox| {
            mailbox.state = match write.target {
                Target::Enabled => State::Enabled,
                Target::Terminated => State::Terminated,
            };
            mailbox.request = Some(write.request.clone());
            mailbox.version = Some("v2".into());
        });
    }
}

fn portal_error(kind: ErrorKind) -> PortalError {
    PortalError {
        kind,
        doing: "changing a mailbox".into(),
        detail: format!("{kind:?}").into(),
        help: Message::default(),
    }
}

impl PortalWriter for ScriptedPortal {
    fn refuses_stale_versions(&self) -> bool {
        self.if_match
    }

    async fn reread_mailbox(&self, id: &PortalId) -> Result<Option<ObservedMailbox>, PortalError> {
        if self.rereads_fail {
            return Err(portal_error(ErrorKind::Unreachable));
        }
        Ok(Some(self.with_mailbox(id, |mailbox| mailbox.clone())))
    }

    async fn write(&self, write: &PortalChange) -> Result<Option<ObservedMailbox>, PortalError> {
        *self.writes.lock().unwrap() += 1;
        let answer = self.answers.lock().unwrap().pop_front().unwrap_or(ScriptedAnswer::Ok);
        if self.if_match && self.with_mailbox(&write.id, |mailbox| mailbox.version != write.version)
        {
            return Err(portal_error(STALE));
        }
        match answer {
            ScriptedAnswer::Ok => {
                self.apply_write(write);
                Ok(Some(self.with_mailbox(&write.id, |mailbox| mailbox.clone())))
            }
            ScriptedAnswer::Lost { done } => {
                if done {
                    self.apply_write(write);
                }
                Err(portal_error(LOST))
            }
            ScriptedAnswer::LostAfterDelay { done } => {
                if done {
                    self.apply_write(write);
                }
                tokio::time::sleep(std::time::Duration::from_secs(3)).await;
                Err(portal_error(LOST))
            }
            ScriptedAnswer::DoneThen(kind) => {
                self.apply_write(write);
                Err(portal_error(kind))
            }
            ScriptedAnswer::Fail(kind) => Err(portal_error(kind)),
            ScriptedAnswer::WithoutState(done) => {
                if done.is_some() {
                    self.apply_write(write);
                }
                Ok(None)
            }
            ScriptedAnswer::Hang => std::future::pending().await,
            ScriptedAnswer::ChangedFirst(by) => {
                self.with_mailbox(&write.id, |mailbox| {
                    mailbox.version = Some("v9".into());
                    match by {
                        ConcurrentChange::Enabled => mailbox.state = State::Enabled,
                        ConcurrentChange::Terminated => mailbox.state = State::Terminated,
                        ConcurrentChange::OnHold => mailbox.hold = true,
                        ConcurrentChange::SameButNewer => {}
                    }
                });
                Err(portal_error(STALE))
            }
        }
    }
}

/// Reads show what the portal has.
impl PortalReader for ScriptedPortal {
    async fn read_all(
        &self,
        _: &Arc<MailboxFilter>,
        _: Progress<'_>,
    ) -> Result<Observed, PortalError> {
        self.read_some(&[]).await
    }

    async fn read_some(&self, _: &[Mailbox]) -> Result<Observed, PortalError> {
        if self.rereads_fail {
            return Err(portal_error(ErrorKind::Unreachable));
        }
        Ok(Observed::new(self.mailboxes.lock().unwrap().clone(), true))
    }
}
