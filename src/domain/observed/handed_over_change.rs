//! What people were asked to do, and whether the portal shows that they did it. Pure.

use jiff::Timestamp;

use super::observed_mailbox::ObservedMailbox;
use crate::domain::archive_state::Target;
use crate::domain::local_time::local_day;
use crate::domain::mailbox_address::Mailbox;
use crate::language::Message;

/// A change that was handed over to the people who operate the portal; the portal's export does not
/// show it yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandedOverChange {
    /// The mailbox.
    pub mailbox: Mailbox,
    /// The desired state of its archive.
    pub target: Target,
    /// The request that is the authority for it.
    pub request: Box<str>,
    /// When it was handed over.
    pub at: Timestamp,
    /// The file that asks for it.
    pub file: Box<str>,
    /// Whether a record says that the file appeared. If not, its run was killed at that moment, and
    /// people may have it.
    pub is_certain: bool,
    /// Whether the file must not be uploaded any more.
    pub is_void: bool,
}

impl HandedOverChange {
    /// "handed over on 2026-03-05", or that it may have been, for people.
    pub fn describe(&self) -> Message {
        let day = local_day(self.at);
        match self.is_certain {
            true => message!("plan-handed-over", day),
            false => message!("plan-perhaps-handed-over", day),
        }
    }

    /// Whether the portal shows that it was done, even if it was undone since: then the portal names
    /// its request, and a moment after the hand-over.
    pub fn is_done_in(&self, observed: &ObservedMailbox) -> bool {
        let names_it = observed.request.as_ref() == Some(&self.request);
        let is_later = observed.changed_at.is_some_and(|at| at > self.at);
        self.target.is_met_by(&observed.state) || (names_it && is_later)
    }
}
