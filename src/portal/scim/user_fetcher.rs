//! The portal's users as they can be read: the connection, the portal's capabilities and observed
//! behaviour, and which mailboxes are read. May not know how they are read.

use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::compiled_mapping::CompiledMapping;
use super::confirmed_attributes;
use super::confirmed_attributes::{ConfirmedAttributes, USED_ANYWAY};
use super::limits::ClientLimits;
use super::mapping_trial::InspectCounts;
use super::scim_client::GetOnlyClient;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::observed::MailboxFilter;
use crate::domain::portal_inspection::Capabilities;

/// The portal's users, to be listed.
pub(super) struct UserFetcher {
    pub(super) http: GetOnlyClient,
    pub(super) matcher: Arc<CompiledMapping>,
    pub(super) capabilities: Capabilities,
    pub(super) limits: ClientLimits,
    pub(super) quirks: Mutex<Quirks>,
    /// Counts every page that is read, for `arkib portal inspect`.
    pub(super) counts: Option<Box<Mutex<InspectCounts>>>,
}

/// Observed behaviour of the portal beyond its reported capabilities; kept for the rest of the run.
#[derive(Debug, Default)]
pub(super) struct Quirks {
    /// Which attributes its schemas or its users show that it has.
    pub(super) shown: ConfirmedAttributes,
    /// What the mapping names and its schemas lack: the key in the policy, and the problem. Users that
    /// have it show that it exists.
    pub(super) unlisted: Vec<(&'static str, String)>,
    /// Somebody in a list said what the state is.
    pub(super) lists_state: bool,
    /// It fails with larger pages; with 0, whenever a size is asked for.
    pub(super) largest_page: Option<usize>,
    /// Sizes of a page are being tried.
    pub(super) tries_page_sizes: bool,
    /// It failed with pages of every size.
    pub(super) fails_always: bool,
    /// Addresses of users that have several, of which none is the one.
    pub(super) claimed: Vec<Mailbox>,
    /// Addresses that accounts have beside their own, each with the account's own.
    pub(super) aliases: Vec<(Mailbox, Mailbox)>,
    /// It does not support `attributes`, or drops the extension with them.
    pub(super) whole_users: bool,
    /// It was observed to return the extension with `attributes`, or has none to return.
    pub(super) attributes_work: bool,
    /// It rounds `startIndex`, so that pages cannot overlap.
    pub(super) no_overlap: bool,
    /// It does not support filters, whatever it reports.
    pub(super) no_filter: bool,
    /// Its filters were observed to ignore the case of an address.
    pub(super) any_case: bool,
    /// It showed a mailbox, so it is not empty.
    pub(super) has_mailboxes: bool,
    /// A filter of several terms gave several mailboxes, so all its terms count.
    pub(super) all_terms: bool,
    /// All of its mailboxes were read.
    pub(super) read_all: bool,
}

impl UserFetcher {
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
    pub(super) fn action_text(self) -> &'static str {
        match self {
            Self::All(_) => "reading the list of mailboxes",
            Self::Filter(..) => "looking mailboxes up",
        }
    }
}
