//! What the records of runs say of a mailbox: the request that was last carried out on it, and on which
//! account. Pure.

use std::sync::Arc;

use crate::domain::archive_state::Target;
use crate::domain::mailbox_address::Mailbox;

/// Whether an id is a key of the portal's own. Where an export has no keys, the address stands for it.
pub fn is_portal_account_id(id: &str, mailbox: &str) -> bool {
    !id.starts_with(mailbox)
}

/// What was last carried out on a mailbox, as the records of runs say.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecordedRequest {
    /// The mailbox.
    pub mailbox: Mailbox,
    /// The request.
    pub request: Box<str>,
    /// What its archive became.
    pub target: Target,
    /// Whether the portal had finished it, not only accepted it.
    pub is_finished: bool,
    /// The portal's key of the account on which it was carried out; `None` if the portal had no keys, or
    /// was set up anew since.
    pub id: Option<Arc<str>>,
}
