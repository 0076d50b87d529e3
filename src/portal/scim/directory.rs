//! The portal's users as they can be read: the connection, what is known of the portal, and what a
//! reading is of. May not know how they are read.

use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, PoisonError};

use super::capabilities::Capabilities;
use super::connection::GetOnly;
use super::consistency::Contradiction;
use super::http::Failure;
use super::limits::Limits;
use super::mapping_counts::Census;
use super::matcher::Matcher;
use super::quirks::Learnt;
use super::vouched::{Unknown, Vouched};
use crate::domain::mailbox::Mailbox;
use crate::domain::observed::Sieve;
use crate::portal::{ErrorKind, PortalError};

/// The portal's users, to be listed.
pub(super) struct Directory {
    pub(super) http: GetOnly,
    pub(super) matcher: Arc<Matcher>,
    /// Whether the portal itself says that it has the attribute of the state.
    pub(super) vouched: Vouched,
    pub(super) capabilities: Capabilities,
    pub(super) limits: Limits,
    pub(super) learnt: Learnt,
    /// Shown every page that is read, where somebody counts.
    pub(super) census: Option<Box<Mutex<Census>>>,
}

impl Directory {
    pub(super) fn census(&self, count: impl FnOnce(&mut Census)) {
        if let Some(census) = &self.census {
            count(&mut census.lock().unwrap_or_else(PoisonError::into_inner));
        }
    }

    /// An attribute of which nothing shows that the portal has it: no schema, and no user so far.
    pub(super) fn unknown(&self) -> Option<Unknown> {
        let learnt = Vouched {
            state: self.learnt.says_state.load(Relaxed),
            hold: self.learnt.says_hold.load(Relaxed),
            account: self.learnt.says_account.load(Relaxed),
        };
        self.vouched.or(learnt).lacking(self.matcher.mapping())
    }
}

/// Which mailboxes a list is of.
#[derive(Clone, Copy)]
pub(super) enum Which<'a> {
    /// Of all, those that the sieve keeps.
    All(&'a Arc<Sieve>),
    /// Those of this filter, which is to give these.
    Filter(&'a str, &'a [Mailbox]),
}

impl Which<'_> {
    /// For errors.
    pub(super) fn doing(self) -> &'static str {
        match self {
            Self::All(_) => "reading the list of mailboxes",
            Self::Filter(..) => "looking mailboxes up",
        }
    }
}

/// Why a reading ended.
pub(super) enum Trouble {
    Failed(Failure),
    Contradiction(Contradiction),
    /// The portal gives mailboxes that the filter does not name.
    FilterIgnored,
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<Contradiction> for Trouble {
    fn from(contradiction: Contradiction) -> Self {
        Self::Contradiction(contradiction)
    }
}

impl From<Trouble> for PortalError {
    fn from(trouble: Trouble) -> Self {
        let detail = match trouble {
            Trouble::Failed(failure) => return failure.into(),
            Trouble::Contradiction(contradiction) => contradiction.to_string(),
            Trouble::FilterIgnored => "the portal pays no regard to the filter".to_owned(),
        };
        Self::new(
            ErrorKind::Inconsistent,
            "looking mailboxes up",
            detail,
            "run again; if it stays so, tell the portal's operator",
        )
    }
}
