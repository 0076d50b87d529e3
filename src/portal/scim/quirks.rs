//! What a portal taught while it was read, beyond what it says of itself.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};

use super::page::Page;
use crate::domain::mailbox::Mailbox;

/// What the portal taught while it was read; kept for the rest of the run.
#[derive(Debug, Default)]
pub(super) struct Learnt {
    /// It does not take `attributes`, or drops the extension with them.
    pub(super) whole_users: AtomicBool,
    /// A user of it was seen to say what state an archive is in.
    pub(super) says_state: AtomicBool,
    /// The same of a hold.
    pub(super) says_hold: AtomicBool,
    /// The same of the account's state.
    pub(super) says_account: AtomicBool,
    /// Addresses of users that have several, of which none is the one.
    pub(super) claimed: Mutex<Vec<Mailbox>>,
    /// It was seen to give the extension with `attributes`, or has none to give.
    pub(super) attributes_work: AtomicBool,
    /// It rounds `startIndex`, so that pages cannot overlap.
    pub(super) no_overlap: AtomicBool,
    /// It does not take filters, whatever it says.
    pub(super) no_filter: AtomicBool,
    /// Its filters were seen to find an address however it is spelt.
    pub(super) any_case: AtomicBool,
}

impl Learnt {
    /// What a page shows.
    pub(super) fn take(&self, page: &Page) {
        for (count, says) in [
            (page.with_state, &self.says_state),
            (page.with_hold, &self.says_hold),
            (page.with_account, &self.says_account),
        ] {
            if count > 0 {
                says.store(true, Relaxed);
            }
        }
        if !page.claimed.is_empty() {
            let mut claimed = self.claimed.lock().unwrap_or_else(PoisonError::into_inner);
            claimed.extend(page.claimed.iter().cloned());
        }
    }
}
