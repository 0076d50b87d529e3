//! What arkib learned about a portal while reading it: behaviour that it does not report. Data alone.

use super::confirmed_attributes::ConfirmedAttributes;
use crate::domain::mailbox_address::Mailbox;

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
