//! What people who operate the portal were asked to do, held against what is wanted now. A file
//! that asks for one thing that is no longer wanted is not to be uploaded at all, since nobody
//! edits it; what else it asks for is then handed over anew. Pure.

use std::collections::{HashMap, HashSet};

use crate::domain::desired::{Desired, DesiredMailbox};
use crate::domain::mailbox::Mailbox;
use crate::domain::observed::{HandedOver, Observed};

/// What was handed over and is wanted no longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recalled {
    /// What it was.
    pub handed_over: HandedOver,
    /// Whether it was done all the same, as the export shows.
    pub is_done: bool,
}

/// What was handed over, sorted out.
#[derive(Debug, Default)]
pub(super) struct Handed<'a> {
    /// What may still be done and is wanted, by mailbox.
    pub(super) waiting: HashMap<&'a Mailbox, &'a HandedOver>,
    pub(super) recalled: Vec<Recalled>,
    /// The files that are not to be uploaded any more.
    pub(super) void: Vec<Box<str>>,
}

impl<'a> Handed<'a> {
    /// Sorts out what was handed over; `stands` tells whether nothing stands in the way of a desired state.
    pub(super) fn sort_out(
        desired: &Desired,
        observed: &'a Observed,
        stands: impl Fn(&DesiredMailbox) -> bool,
    ) -> Self {
        let desired_of = |it: &HandedOver| desired.get(&it.mailbox);
        let is_wanted = |it: &HandedOver| {
            desired_of(it).is_some_and(|wanted| {
                wanted.target == it.target
                    && wanted.request.id.as_str() == &*it.request
                    && stands(wanted)
            })
        };
        let is_done = |it: &HandedOver| {
            let seen = observed.get(&it.mailbox);
            seen.is_some_and(|seen| it.is_done_in(seen))
        };
        let mut handed = Self::default();
        let mut void: HashSet<&str> = HashSet::new();
        for it in observed.handed_over() {
            let (is_wanted, done) = (is_wanted(it), is_done(it));
            if !is_wanted && !done {
                void.extend(it.file.as_deref());
            }
            // Where another request decides, the plan says what comes of what was done.
            if !is_wanted && (!done || desired_of(it).is_none()) {
                handed.recalled.push(Recalled {
                    handed_over: it.clone(),
                    is_done: done,
                });
            }
        }
        for it in observed.handed_over() {
            let is_void = it.file.as_deref().is_some_and(|file| void.contains(file));
            if is_wanted(it) && !is_void && !is_done(it) {
                handed.waiting.insert(&it.mailbox, it);
            }
        }
        handed.void = void.into_iter().map(Into::into).collect();
        handed.void.sort_unstable();
        handed
    }
}

#[cfg(test)]
mod tests;
