//! The IPMS Admin Portal for arkib: one trait to read, another to write, and what can go wrong,
//! in words that a person understands.
//!
//! Loading, comparing and showing get a [`PortalReader`]; only `apply` gets a [`PortalWriter`].
//! May not know requests, policy or plan.

pub mod any_reader;
pub mod files;
pub mod scim;

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use crate::domain::archive_state::State;
pub use crate::domain::archive_state::Target;
use crate::domain::change_outcome::Outcome;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::observed::{MailboxFilter, Observed, ObservedMailbox, PortalId};
use crate::domain::record::entry::HandOver;
use crate::environment::EnvError;
use crate::language::Message;

/// Told after each page how many mailboxes have been read, and of how many where the portal says.
pub type Progress<'a> = &'a (dyn Fn(usize, Option<usize>) + Send + Sync);

/// Reads the portal; has no method that changes anything.
pub trait PortalReader: Send + Sync {
    /// Whether the portal keeps the id of the request that last changed a mailbox. Where it cannot,
    /// the records of runs have to tell.
    fn stores_request_id(&self) -> bool {
        true
    }

    /// Whether single mailboxes can be asked for, without reading all of them.
    fn can_look_up(&self) -> bool {
        false
    }

    /// The whole portal, and of it at least what the filter keeps.
    ///
    /// # Errors
    /// Where the portal does not answer, refuses, or gives a list that contradicts itself.
    fn read_all(
        &self,
        mailbox_filter: &Arc<MailboxFilter>,
        progress: Progress<'_>,
    ) -> impl Future<Output = Result<Observed, PortalError>> + Send;

    /// These mailboxes alone. One that the portal does not have is absent from the answer; a
    /// lookup that fails is an error, never an absence.
    ///
    /// # Errors
    /// As for [`PortalReader::read_all`].
    fn read_some(
        &self,
        mailboxes: &[Mailbox],
    ) -> impl Future<Output = Result<Observed, PortalError>> + Send;
}

/// What of a portal is looked at.
#[derive(Debug, Clone)]
pub enum ReadScope<'a> {
    /// The whole portal, of which a filter keeps what matters.
    Filtered(Arc<MailboxFilter>),
    /// These mailboxes alone.
    These(&'a [Mailbox]),
}

impl<'a> ReadScope<'a> {
    /// These mailboxes, or every one where none is named.
    pub fn mailboxes_or_all(only: &'a [Mailbox]) -> Self {
        match only {
            [] => Self::Filtered(Arc::new(MailboxFilter::EVERYTHING)),
            only => Self::These(only),
        }
    }
}

/// The most mailboxes that are looked up by themselves; for more the whole list costs less.
const MOST_LOOKED_UP: usize = 200;

/// What the scope says, by whichever way costs the portal least.
///
/// # Errors
/// As for [`PortalReader::read_all`].
pub async fn observe(
    reader: &impl PortalReader,
    scope: &ReadScope<'_>,
    progress: Progress<'_>,
) -> Result<Observed, PortalError> {
    match scope {
        ReadScope::Filtered(mailbox_filter) => reader.read_all(mailbox_filter, progress).await,
        ReadScope::These(mailboxes) if mailboxes.len() <= MOST_LOOKED_UP => {
            reader.read_some(mailboxes).await
        }
        ReadScope::These(mailboxes) => {
            let mailbox_filter = Arc::new(MailboxFilter::named_only(mailboxes));
            let observed = reader.read_all(&mailbox_filter, progress).await?;
            Ok(observed.keep_only(mailboxes))
        }
    }
}

/// One change as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortalChange {
    /// The portal's key of the mailbox.
    pub id: PortalId,
    /// The version in the plan; sent as If-Match if the portal supports it (RFC 7644 section 3.14).
    pub version: Option<Box<str>>,
    /// The state to set.
    pub target: Target,
    /// The id of the request that is the authority for it.
    pub request: Box<str>,
    /// Whether to say it in the other form, because the portal takes the usual one without effect.
    pub in_other_form: bool,
}

/// How a change that was sent has ended: with the mailbox as the portal then shows it, without a
/// word on it, or with an error.
pub type WriteResult = Result<Option<ObservedMailbox>, PortalError>;

/// Whether what was offered may still be sent: a run that was asked to stop sends nothing more.
pub type MaySend = Arc<dyn Fn() -> bool + Send + Sync>;

/// One change as it is handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UploadRow<'a> {
    /// The mailbox.
    pub mailbox: &'a Mailbox,
    /// What is to become of its archive.
    pub action: Target,
    /// The id of the request that is the authority for it.
    pub request: &'a str,
}

/// Hands changes over to the people who operate a portal; only `apply` holds one.
pub trait PortalHandOver: Sync {
    /// Why a change cannot be handed over as it is, where it cannot.
    fn unfit_reason(&self, row: &UploadRow<'_>) -> Option<Message>;

    /// Writes a file with all these changes, where people do not find it yet.
    ///
    /// # Errors
    /// Why it cannot be written.
    fn prepare(&self, rows: &[UploadRow<'_>]) -> Result<HandOver, Message>;

    /// Puts that file where people find it, at once or not at all. Gives the outcome of its changes.
    fn publish(&self, file: &HandOver) -> Outcome;
}

/// Writes to the portal; only `apply` holds one.
pub trait PortalWriter: Send + Sync {
    /// Whether a stale [`PortalChange::version`] is refused by the portal itself. Where not, `apply` reads
    /// the mailbox right before it writes.
    fn refuses_stale_versions(&self) -> bool;

    /// How many changes to have under way, where so many requests may be: more where the portal
    /// takes several changes in one.
    fn max_concurrent_changes(&self, requests: usize) -> usize {
        requests
    }

    /// The mailbox as it is now; `None` where the portal no longer has it.
    ///
    /// # Errors
    /// As for [`PortalReader::read_all`].
    fn reread_mailbox(
        &self,
        id: &PortalId,
    ) -> impl Future<Output = Result<Option<ObservedMailbox>, PortalError>> + Send;

    /// Offers one change to be sent in bulk with others, if it still may be sent then;
    /// `None` where it was not, or surely not taken so, and is to be sent by itself.
    fn write_in_bulk(
        &self,
        _: &PortalChange,
        _: &MaySend,
    ) -> impl Future<Output = Option<WriteResult>> + Send {
        std::future::ready(None)
    }

    /// Sends one change by itself. Gives the mailbox as the portal then shows it, or `None` where the answer
    /// had no body (204).
    ///
    /// # Errors
    /// [`PortalError::may_have_happened`] distinguishes a write that certainly was not done from one of
    /// which nobody knows until the mailbox is read again.
    fn write(&self, write: &PortalChange) -> impl Future<Output = WriteResult> + Send;

    /// Sends one change in a bulk request of its own, for a rehearsal; `None` where it was not taken so.
    fn write_in_own_bulk(
        &self,
        _: &PortalChange,
    ) -> impl Future<Output = Option<WriteResult>> + Send {
        std::future::ready(None)
    }

    /// Puts back what a rehearsal changed: writes the portal's word for this state, or removes the
    /// request where no state is given.
    ///
    /// # Errors
    /// As for [`PortalWriter::write`].
    fn undo_rehearsal(
        &self,
        _: &PortalId,
        _version: Option<&str>,
        _: Option<&State>,
    ) -> impl Future<Output = WriteResult> + Send {
        std::future::ready(Ok(None))
    }
}

/// The cause, as far as the program acts on it. Equal kinds count as the same cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize)]
pub enum ErrorKind {
    /// Address, token or transport are not set up so that a request may leave.
    Configuration,
    /// No connection could be made; nothing was sent.
    Unreachable,
    /// The connection broke or ended after the request was sent.
    Broken,
    /// No answer in time.
    Timeout,
    /// 401: the token is missing, wrong or has expired.
    Unauthorized,
    /// 403: the token may not do this.
    Forbidden,
    /// 404.
    NotFound,
    /// 412: the mailbox changed since it was read (RFC 7644 section 3.14).
    Stale,
    /// 429, or 503 with Retry-After, and it stayed so: the request was not taken.
    RateLimited,
    /// 3xx: the portal points elsewhere, where arkib does not go.
    Redirected,
    /// Another 4xx: the portal refuses this request.
    Rejected,
    /// 5xx, and it stayed so.
    Server,
    /// The answer cannot be understood: not JSON, cut off, too large, not SCIM.
    Malformed,
    /// A write was accepted, and the portal goes on showing the old state.
    NoEffect,
    /// A list that contradicts itself, however often it is read.
    Inconsistent,
    /// What was given for the portal's state may not be used: too old, or of another agency.
    Refused,
}

words! {
    /// What is asked of a portal.
    pub enum Doing {
        /// Nothing yet: the connection is set up.
        Connecting = "connect",
        /// An access token.
        GettingToken = "token",
        /// What it can do.
        AskingCapabilities = "capabilities",
        /// Its schemas.
        AskingSchemas = "schemas",
        /// Its kinds of resources.
        AskingKinds = "kinds",
        /// The list of mailboxes.
        Listing = "list",
        /// Mailboxes by a filter.
        LookingUp = "look-up",
        /// A mailbox by itself.
        ReadingOne = "one",
        /// A mailbox that was to be changed.
        ReadingAgain = "again",
        /// To change a mailbox.
        Changing = "change",
        /// To change mailboxes in a bulk request.
        ChangingInBulk = "bulk",
    }
}

/// As errors say it.
impl From<Doing> for Message {
    fn from(doing: Doing) -> Self {
        message!("portal-doing", word = doing.as_str())
    }
}

/// A failed exchange with the portal. Never holds a token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct PortalError {
    /// The cause.
    pub kind: ErrorKind,
    /// What arkib was doing: "reading the list of mailboxes".
    pub doing: Message,
    /// What happened, and the portal's own words where it had some (control characters made visible, bounded).
    pub detail: Message,
    /// What the user can do.
    pub help: Message,
}

/// Nothing can be sent to the portal before that is put right.
impl From<EnvError> for PortalError {
    fn from(unusable: EnvError) -> Self {
        Self::new(ErrorKind::Configuration, Doing::Connecting, unusable.why, unusable.help)
    }
}

/// In English, for logs.
impl fmt::Display for PortalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message().in_english())
    }
}

impl PortalError {
    /// An error of these words.
    pub fn new(
        kind: ErrorKind,
        doing: impl Into<Message>,
        detail: impl Into<Message>,
        help: impl Into<Message>,
    ) -> Self {
        Self { kind, doing: doing.into(), detail: detail.into(), help: help.into() }
    }

    /// Adds the portal's own words, or what was done about it.
    pub fn add_detail(&mut self, more: &str) {
        self.detail = Message::joined([std::mem::take(&mut self.detail), more.into()], "");
    }

    /// What arkib was doing, and what happened.
    pub fn message(&self) -> Message {
        Message::joined([self.doing.clone(), self.detail.clone()], ": ")
    }

    /// Whether the portal answered that it refuses the request. A portal may refuse what it has done, such
    /// as a write that a proxy sent twice.
    pub fn is_refusal(&self) -> bool {
        use ErrorKind::{Forbidden, NotFound, RateLimited, Rejected, Unauthorized};
        matches!(self.kind, Unauthorized | Forbidden | NotFound | RateLimited | Rejected)
    }

    /// Whether what was refused so in bulk is worth a request of its own.
    pub fn may_be_taken_alone(&self) -> bool {
        self.is_refusal() && self.kind != ErrorKind::Unauthorized
    }

    /// Whether a write that failed so may nevertheless have been done: sent, and no clear answer.
    pub fn may_have_happened(&self) -> bool {
        match self.kind {
            ErrorKind::Broken
            | ErrorKind::Timeout
            | ErrorKind::Redirected
            | ErrorKind::NoEffect
            | ErrorKind::Server
            | ErrorKind::Malformed => true,
            ErrorKind::Configuration
            | ErrorKind::Unreachable
            | ErrorKind::Unauthorized
            | ErrorKind::Forbidden
            | ErrorKind::NotFound
            | ErrorKind::Stale
            | ErrorKind::RateLimited
            | ErrorKind::Rejected
            | ErrorKind::Inconsistent
            | ErrorKind::Refused => false,
        }
    }
}
