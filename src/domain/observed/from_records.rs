//! Adds to what the portal has what only the records of runs say. Pure.

use super::{Observed, RecordedRequest, find_pair};
use crate::domain::archive_state::Target;
use crate::domain::mailbox_address::Mailbox;

impl Observed {
    /// Adds which request was last carried out on each mailbox, according to the records of runs.
    #[must_use]
    pub fn with_recorded_requests(mut self, mut recorded: Vec<RecordedRequest>) -> Self {
        recorded.sort();
        self.renamed = self.find_renamed(&recorded);
        self.on_record = recorded.iter().filter(|entry| entry.is_finished).count();
        self.recorded = recorded;
        self
    }

    /// How many mailboxes a run finished a change of, according to records.
    pub fn count_on_record(&self) -> usize {
        self.on_record
    }

    /// The request that was last carried out on a mailbox, according to records.
    pub fn recorded_request_of(&self, mailbox: &Mailbox) -> Option<&RecordedRequest> {
        let recorded = &self.recorded;
        let found = recorded.binary_search_by(|entry| entry.mailbox.cmp(mailbox));
        found.ok().map(|index| &self.recorded[index])
    }

    /// Whether the last thing that a run did to a mailbox that is gone, according to records, is its
    /// termination. If its account is still there under another address, its archive counts.
    pub fn is_terminated_on_record(&self, mailbox: &Mailbox) -> bool {
        let is_recorded =
            |entry: &RecordedRequest| entry.target == Target::Terminated && entry.is_finished;
        let new_address = find_pair(&self.renamed, mailbox);
        let account = new_address.and_then(|address| self.find_mailbox(address));
        self.recorded_request_of(mailbox).is_some_and(is_recorded)
            && account.is_none_or(|account| account.state.is_absent())
    }
}
