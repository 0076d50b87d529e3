//! The IPMS Admin Portal as arkib sees it: one trait to read, another to write.
//!
//! Loading, comparing and showing get a [`PortalRead`]; only `apply` gets a [`PortalWrite`].
//! May not know requests, policy or plan.

pub mod any;
pub mod error;
pub mod files;
pub mod scim;

use std::future::Future;
use std::sync::Arc;

pub use crate::domain::archive::Target;
use crate::domain::mailbox::Mailbox;
use crate::domain::observed::{Observed, ObservedMailbox, PortalId, Sieve};
pub use error::{ErrorKind, PortalError};

/// Told after each page how many mailboxes have been read, and of how many where the portal says.
pub type Progress<'a> = &'a (dyn Fn(usize, Option<usize>) + Send + Sync);

/// Reads the portal; has no method that changes anything.
pub trait PortalRead: Send + Sync {
    /// Whether the portal keeps the id of the request that last changed a mailbox. Where it cannot,
    /// the records of runs have to tell.
    fn holds_requests(&self) -> bool {
        true
    }

    /// The whole portal, and of it at least what the sieve keeps.
    ///
    /// # Errors
    /// Where the portal does not answer, refuses, or gives a list that contradicts itself.
    fn read_all(
        &self,
        sieve: &Arc<Sieve>,
        progress: Progress<'_>,
    ) -> impl Future<Output = Result<Observed, PortalError>> + Send;

    /// These mailboxes alone. One that the portal does not have is absent from the answer; a
    /// lookup that fails is an error, never an absence.
    ///
    /// # Errors
    /// As for [`PortalRead::read_all`].
    fn read_some(
        &self,
        mailboxes: &[Mailbox],
    ) -> impl Future<Output = Result<Observed, PortalError>> + Send;
}

/// What of a portal is looked at.
#[derive(Debug, Clone)]
pub enum Scope<'a> {
    /// Every mailbox of the portal.
    Whole,
    /// The whole portal, of which a sieve keeps what matters.
    Sieved(Arc<Sieve>),
    /// These mailboxes alone.
    These(&'a [Mailbox]),
}

impl<'a> Scope<'a> {
    /// These mailboxes, or every one where none is named.
    pub fn of(only: &'a [Mailbox]) -> Self {
        if only.is_empty() {
            Self::Whole
        } else {
            Self::These(only)
        }
    }
}

/// The most mailboxes that are looked up by themselves; for more the whole list costs less.
const MOST_LOOKED_UP: usize = 200;

/// What the scope says, by whichever way costs the portal least.
///
/// # Errors
/// As for [`PortalRead::read_all`].
pub async fn observe(
    reader: &impl PortalRead,
    scope: &Scope<'_>,
    progress: Progress<'_>,
) -> Result<Observed, PortalError> {
    match scope {
        Scope::Whole => {
            let everything = Arc::new(Sieve::EVERYTHING);
            reader.read_all(&everything, progress).await
        }
        Scope::Sieved(sieve) => reader.read_all(sieve, progress).await,
        Scope::These(mailboxes) if mailboxes.len() <= MOST_LOOKED_UP => {
            reader.read_some(mailboxes).await
        }
        Scope::These(mailboxes) => {
            let sieve = Arc::new(Sieve::these(mailboxes));
            Ok(reader.read_all(&sieve, progress).await?.only(mailboxes))
        }
    }
}

/// One change as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Write {
    /// The portal's key of the mailbox.
    pub id: PortalId,
    /// The version that the plan saw; sent as If-Match where the portal honours it (RFC 7644 section 3.14).
    pub version: Option<Box<str>>,
    /// The state to set.
    pub target: Target,
    /// The id of the request that is the authority for it.
    pub request: Box<str>,
}

/// How a change that was sent has ended: with the mailbox as the portal then shows it, without a
/// word on it, or with an error.
pub type Written = Result<Option<ObservedMailbox>, PortalError>;

/// Whether what was offered may still be sent: a run that was asked to stop sends nothing more.
pub type MaySend = Arc<dyn Fn() -> bool + Send + Sync>;

/// Hands changes over to the people who operate a portal; only `apply` holds one.
pub trait PortalHandOver: Sync {
    /// Why a change cannot be handed over as it is, where it cannot.
    fn unfit(&self, row: &files::Row<'_>) -> Option<String>;

    /// Puts these changes where people find them: all, or none. Gives the name of the file.
    ///
    /// # Errors
    /// Why nothing was handed over.
    fn hand_over(&self, rows: &[files::Row<'_>]) -> Result<String, String>;
}

/// Writes to the portal; only `apply` holds one.
pub trait PortalWrite: Send + Sync {
    /// Whether a stale [`Write::version`] is refused by the portal itself. Where not, `apply` reads
    /// the mailbox right before it writes.
    fn refuses_stale(&self) -> bool;

    /// How many changes to have under way, where so many requests may be: more where the portal
    /// takes several changes in one.
    fn at_once(&self, requests: usize) -> usize {
        requests
    }

    /// The mailbox as it is now; `None` where the portal no longer has it.
    ///
    /// # Errors
    /// As for [`PortalRead::read_all`].
    fn reread(
        &self,
        id: &PortalId,
    ) -> impl Future<Output = Result<Option<ObservedMailbox>, PortalError>> + Send;

    /// Offers one change to be sent in the company of others, if it still may when they leave;
    /// `None` where it was not, or surely not taken so, and is to be sent by itself.
    fn write_together(
        &self,
        _: &Write,
        _: &MaySend,
    ) -> impl Future<Output = Option<Written>> + Send {
        std::future::ready(None)
    }

    /// Sends one change by itself. Gives the mailbox as the portal then shows it, or `None` where the answer
    /// had no body (204).
    ///
    /// # Errors
    /// [`PortalError::may_have_happened`] tells a write that certainly was not done from one of
    /// which nobody knows until the mailbox is read again.
    fn write(&self, write: &Write) -> impl Future<Output = Written> + Send;
}
