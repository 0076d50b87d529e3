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
pub(super) struct ClassifiedHandOvers<'a> {
    /// What may still be done and is wanted, by mailbox.
    pub(super) waiting: HashMap<&'a Mailbox, &'a HandedOver>,
    pub(super) recalled: Vec<Recalled>,
    /// The files that are not to be uploaded any more.
    pub(super) void: Vec<Box<str>>,
}

impl<'a> ClassifiedHandOvers<'a> {
    /// Sorts out what was handed over; `stands` tells whether nothing stands in the way of a desired state.
    pub(super) fn classify(
        desired: &Desired,
        observed: &'a Observed,
        stands: impl Fn(&DesiredMailbox) -> bool,
    ) -> Self {
        let desired_of = |change: &HandedOver| desired.get(&change.mailbox);
        let is_wanted = |change: &HandedOver| {
            desired_of(change).is_some_and(|wanted| {
                wanted.target == change.target
                    && wanted.request.id.as_str() == &*change.request
                    && stands(wanted)
            })
        };
        let is_done = |change: &HandedOver| {
            let mailbox = observed.get(&change.mailbox);
            mailbox.is_some_and(|mailbox| change.is_done_in(mailbox))
        };
        let mut handed = Self::default();
        let mut void: HashSet<&str> = HashSet::new();
        for change in observed.handed_over() {
            let (is_wanted, done) = (is_wanted(change), is_done(change));
            if !is_wanted && !done {
                void.extend(change.file.as_deref());
            }
            // Where another request decides, the plan says what comes of what was done.
            if !is_wanted && (!done || desired_of(change).is_none()) {
                handed.recalled.push(Recalled {
                    handed_over: change.clone(),
                    is_done: done,
                });
            }
        }
        for change in observed.handed_over() {
            let is_void = change
                .file
                .as_deref()
                .is_some_and(|file| void.contains(file));
            if is_wanted(change) && !is_void && !is_done(change) {
                handed.waiting.insert(&change.mailbox, change);
            }
        }
        handed.void = void.into_iter().map(Into::into).collect();
        handed.void.sort_unstable();
        handed
    }
}
