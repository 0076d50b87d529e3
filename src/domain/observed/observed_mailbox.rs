//! One mailbox as the portal has it. Pure.

use std::sync::Arc;

use jiff::Timestamp;

use super::Person;
use crate::domain::archive_state::{AccountState, State};
use crate::domain::mailbox_address::Mailbox;

/// The portal's own key of a mailbox (SCIM `id`, RFC 7643 section 3.1).
pub type PortalId = Arc<str>;

/// One mailbox as the portal has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObservedMailbox {
    /// Its address.
    pub mailbox: Mailbox,
    /// The portal's key.
    pub id: PortalId,
    /// The version that was read (`meta.version`), if the portal has versions.
    pub version: Option<Box<str>>,
    /// The archive's state.
    pub state: State,
    /// The account's state.
    pub account: AccountState,
    /// Legal hold: the archive must not be terminated.
    pub hold: bool,
    /// The id of the request that last changed it, according to the portal.
    pub request: Option<Box<str>>,
    /// When the archive was last changed.
    pub changed_at: Option<Timestamp>,
    /// When anything about the user was last changed (RFC 7643 section 3.1, `meta.lastModified`), where the
    /// portal tells only that: nothing of the archive happened later.
    pub modified_at: Option<Timestamp>,
    /// After this a terminated archive cannot be recovered.
    pub recoverable_until: Option<Timestamp>,
    /// When the account was created (RFC 7643 section 3.1, `meta.created`); `None` if the portal does not
    /// say it: then it was always there.
    pub created: Option<Timestamp>,
    /// The person behind it, where a letter is to be addressed to them.
    pub person: Option<Box<Person>>,
}

/// An active account without further data; for tests.
#[cfg(test)]
pub(crate) fn sample_mailbox(address: &str, id: &str, state: State) -> ObservedMailbox {
    ObservedMailbox {
        mailbox: Mailbox::from_portal(address),
        id: id.into(),
        version: None,
        state,
        account: AccountState::Active,
        hold: false,
        request: None,
        changed_at: None,
        modified_at: None,
        recoverable_until: None,
        created: None,
        person: None,
    }
}
