//! A portal for tests of the executor that answers each write as it is told.

use std::collections::VecDeque;
use std::sync::Mutex;

use crate::domain::archive::State;
use crate::domain::observed::{Observed, ObservedMailbox, PortalId};
use crate::portal::{ErrorKind, PortalError, PortalWrite, Target, Write};

const STALE: ErrorKind = ErrorKind::Stale;
const LOST: ErrorKind = ErrorKind::Timeout;

/// What the scripted portal does with a write: whether it takes effect, and what it answers.
#[derive(Clone, Copy)]
pub(super) enum Act {
    Ok,
    Lost {
        done: bool,
    },
    /// The same, and the answer is given up after some seconds.
    LostLate {
        done: bool,
    },
    /// Done, and answered with 500 all the same.
    DoneBut500,
    Fail(ErrorKind),
    /// A good answer that names no state; whether the state was set all the same.
    Mute(Option<By>),
    /// No answer, ever.
    Hang,
    /// Someone else sets this state first; the write is then stale.
    Overtaken(By),
}

#[derive(Clone, Copy)]
pub(super) enum By {
    Enabled,
    Terminated,
    SameButNewer,
    OnHold,
}

pub(super) struct Scripted {
    pub(super) mailboxes: Mutex<Vec<ObservedMailbox>>,
    pub(super) acts: Mutex<VecDeque<Act>>,
    pub(super) writes: Mutex<usize>,
    pub(super) rereads_fail: bool,
    pub(super) if_match: bool,
}

impl Scripted {
    pub(super) fn new(observed: &Observed, acts: impl IntoIterator<Item = Act>) -> Self {
        Self {
            mailboxes: Mutex::new(observed.mailboxes().to_vec()),
            acts: Mutex::new(acts.into_iter().collect()),
            writes: Mutex::new(0),
            rereads_fail: false,
            if_match: true,
        }
    }

    pub(super) fn with<T>(
        &self,
        id: &PortalId,
        change: impl FnOnce(&mut ObservedMailbox) -> T,
    ) -> T {
        let mut all = self.mailboxes.lock().unwrap();
        change(all.iter_mut().find(|seen| seen.id == *id).unwrap())
    }

    fn set(&self, write: &Write) {
        self.with(&write.id, |seen| {
            seen.state = match write.target {
                Target::Enabled => State::Enabled,
                Target::Terminated => State::Terminated,
            };
            seen.request = Some(write.request.clone());
            seen.version = Some("v2".into());
        });
    }
}

fn error(kind: ErrorKind) -> PortalError {
    PortalError {
        kind,
        doing: "changing a mailbox".into(),
        detail: format!("{kind:?}"),
        help: String::new(),
    }
}

impl PortalWrite for Scripted {
    fn refuses_stale(&self) -> bool {
        self.if_match
    }

    async fn reread(&self, id: &PortalId) -> Result<Option<ObservedMailbox>, PortalError> {
        if self.rereads_fail {
            return Err(error(ErrorKind::Unreachable));
        }
        Ok(Some(self.with(id, |seen| seen.clone())))
    }

    async fn write(&self, write: &Write) -> Result<Option<ObservedMailbox>, PortalError> {
        *self.writes.lock().unwrap() += 1;
        let act = self.acts.lock().unwrap().pop_front().unwrap_or(Act::Ok);
        if self.if_match && self.with(&write.id, |seen| seen.version != write.version) {
            return Err(error(STALE));
        }
        match act {
            Act::Ok => {
                self.set(write);
                Ok(Some(self.with(&write.id, |seen| seen.clone())))
            }
            Act::Lost { done } => {
                if done {
                    self.set(write);
                }
                Err(error(LOST))
            }
            Act::LostLate { done } => {
                if done {
                    self.set(write);
                }
                tokio::time::sleep(std::time::Duration::from_secs(5)).await;
                Err(error(LOST))
            }
            Act::DoneBut500 => {
                self.set(write);
                Err(error(ErrorKind::Server))
            }
            Act::Fail(kind) => Err(error(kind)),
            Act::Mute(done) => {
                if done.is_some() {
                    self.set(write);
                }
                Ok(None)
            }
            Act::Hang => std::future::pending().await,
            Act::Overtaken(by) => {
                self.with(&write.id, |seen| {
                    seen.version = Some("v9".into());
                    match by {
                        By::Enabled => seen.state = State::Enabled,
                        By::Terminated => seen.state = State::Terminated,
                        By::OnHold => seen.hold = true,
                        By::SameButNewer => {}
                    }
                });
                Err(error(STALE))
            }
        }
    }
}
