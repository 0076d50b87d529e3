//! Compares what was handed over to the people who operate the portal with the desired state. If a
//! file contains one change that is no longer wanted, the whole file becomes void, because nobody edits
//! it; its other changes are then handed over again. Pure.

#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use crate::domain::desired::{Desired, DesiredMailbox};
use crate::domain::mailbox_address::Mailbox;
use crate::domain::observed::{HandedOverChange, Observed};

/// A change that was handed over and is no longer wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecalledChange {
    /// The change.
    pub handed_over: HandedOverChange,
    /// Whether the export shows that it was done anyway.
    pub is_done: bool,
}

/// The changes that were handed over, in three groups.
#[derive(Debug, Default)]
pub(super) struct ClassifiedHandOvers<'a> {
    /// Changes that are wanted and may still be done, by mailbox.
    pub(super) waiting: HashMap<&'a Mailbox, &'a HandedOverChange>,
    pub(super) recalled: Vec<RecalledChange>,
    /// The files that must not be uploaded any more.
    pub(super) void: Vec<Box<str>>,
}

impl<'a> ClassifiedHandOvers<'a> {
    /// Groups what was handed over; `is_possible` says whether nothing prevents a desired state.
    pub(super) fn classify(
        desired: &Desired,
        observed: &'a Observed,
        is_possible: impl Fn(&DesiredMailbox) -> bool,
    ) -> Self {
        let desired_of = |change: &HandedOverChange| desired.find_mailbox(&change.mailbox);
        let is_wanted = |change: &HandedOverChange| {
            desired_of(change).is_some_and(|wanted| {
                wanted.target == change.target
                    && wanted.request.id.as_str() == &*change.request
                    && is_possible(wanted)
            })
        };
        let is_done = |change: &HandedOverChange| {
            let mailbox = observed.find_mailbox(&change.mailbox);
            mailbox.is_some_and(|mailbox| change.is_done_in(mailbox))
        };
        let mut handed = Self::default();
        let mut void: HashSet<&str> = HashSet::new();
        for change in observed.handed_over() {
            let (is_wanted, done) = (is_wanted(change), is_done(change));
            if change.is_void || (!is_wanted && !done) {
                void.insert(&change.file);
            }
            // If another request decides, the plan shows what happens to what was done.
            if !is_wanted && (!done || desired_of(change).is_none()) {
                handed.recalled.push(RecalledChange { handed_over: change.clone(), is_done: done });
            }
        }
        for change in observed.handed_over() {
            if is_wanted(change) && !void.contains(&*change.file) && !is_done(change) {
                handed.waiting.insert(&change.mailbox, change);
            }
        }
        handed.void = void.into_iter().map(Into::into).collect();
        handed.void.sort_unstable();
        handed
    }
}
