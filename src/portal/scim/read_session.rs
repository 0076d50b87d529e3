//! What every read of the portal's users shares: the connection, the portal's capabilities and
//! observed behaviour, and which mailboxes are read. May not know how they are read.

use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::compiled_mapping::CompiledMapping;
use super::confirmed_attributes;
use super::confirmed_attributes::{ConfirmedAttributes, USED_ANYWAY};
use super::limits::ClientLimits;
use super::mapping_trial::InspectCounts;
use super::quirks::Quirks;
use super::scim_client::GetOnlyClient;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::observed::MailboxFilter;
use crate::domain::portal_inspection::Capabilities;
use crate::portal::Doing;

/// A run's reads of the portal's users.
pub(super) struct ReadSession {
    pub(super) http: GetOnlyClient,
    pub(super) matcher: Arc<CompiledMapping>,
    pub(super) capabilities: Capabilities,
    pub(super) limits: ClientLimits,
    pub(super) quirks: Mutex<Quirks>,
    /// Counts every page that is read, for `arkib portal inspect`.
    pub(super) counts: Option<Box<Mutex<InspectCounts>>>,
}

impl ReadSession {
    pub(super) fn lock_quirks(&self) -> MutexGuard<'_, Quirks> {
        self.quirks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn update_counts(&self, count: impl FnOnce(&mut InspectCounts)) {
        if let Some(counts) = &self.counts {
            count(&mut counts.lock().unwrap_or_else(PoisonError::into_inner));
        }
    }

    /// What neither its schemas nor its users show. What users show is said once.
    pub(super) fn unlisted_problems(&self, has_mailboxes: bool) -> Vec<String> {
        let mut quirks = self.lock_quirks();
        let shown = if has_mailboxes { quirks.shown } else { ConfirmedAttributes::default() };
        let open = confirmed_attributes::unconfirmed_problems(&quirks.unlisted, shown);
        if open.is_empty() && !quirks.unlisted.is_empty() {
            for (_, problem) in mem::take(&mut quirks.unlisted) {
                tracing::warn!("{problem}{USED_ANYWAY}");
            }
        }
        open
    }

    /// An attribute of which nothing shows that the portal has it: no schema, and no user so far.
    pub(super) fn unconfirmed_attribute(&self) -> Option<(&'static str, String)> {
        self.lock_quirks().shown.first_unconfirmed(&self.matcher.mapping)
    }
}

/// Which mailboxes a list is of.
#[derive(Clone, Copy)]
pub(super) enum MailboxSelection<'a> {
    /// Of all, those that the filter keeps.
    All(&'a Arc<MailboxFilter>),
    /// Those of this filter, which is to give these.
    Filter(&'a str, &'a [Mailbox]),
}

impl MailboxSelection<'_> {
    /// For errors.
    pub(super) fn doing(self) -> Doing {
        match self {
            Self::All(_) => Doing::Listing,
            Self::Filter(..) => Doing::LookingUp,
        }
    }
}
