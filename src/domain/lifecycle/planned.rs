//! What the next run does about each mailbox. Pure.

use std::collections::HashMap;

use crate::domain::mailbox::Mailbox;
use crate::domain::plan::{Blocked, Change, InProgress, Plan};

/// What a plan says of one mailbox that is not as it is wanted.
#[derive(Debug, Clone, Copy)]
pub enum Planned<'a> {
    /// It is changed.
    Change(&'a Change),
    /// It cannot be changed.
    Blocked(&'a Blocked),
    /// The portal is still working on it.
    InProgress(&'a InProgress),
}

/// What a plan says of each mailbox; of one under no heading, that it is as it is wanted.
pub fn by_mailbox(plan: &Plan) -> HashMap<&Mailbox, Planned<'_>> {
    let changes = plan.changes.iter();
    let blocked = plan.blocked.iter();
    let in_progress = plan.in_progress.iter();
    changes
        .map(|change| (&change.mailbox, Planned::Change(change)))
        .chain(blocked.map(|blocked| (&blocked.mailbox, Planned::Blocked(blocked))))
        .chain(in_progress.map(|item| (&item.mailbox, Planned::InProgress(item))))
        .collect()
}
