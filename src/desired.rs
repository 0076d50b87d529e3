//! What the approved requests want of each mailbox on a given day. Pure.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::civil::Date;

use crate::mailbox::Mailbox;
use crate::request::{Action, Request, across::withdrawn};

/// What an archive is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// Procedure 4.1.
    Enabled,
    /// Procedure 4.2.
    Terminated,
}

impl Target {
    /// The state's word, as the portal and the diff have it.
    pub fn state(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::Terminated => "terminated",
        }
    }

    /// The word for bringing it about, as request files and outputs have it.
    pub fn verb(self) -> &'static str {
        match self {
            Self::Enabled => "enable",
            Self::Terminated => "terminate",
        }
    }
}

/// What is wanted of one mailbox, and by which request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// The mailbox.
    pub mailbox: Mailbox,
    /// What its archive is to be.
    pub target: Target,
    /// The request that decides, which is approved.
    pub request: Arc<Request>,
    /// The line of its file that names the mailbox.
    pub line: u32,
}

/// What the requests of an agency want on a given day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desired {
    /// The day.
    pub as_of: Date,
    /// Sorted by mailbox; one a mailbox.
    pub wishes: Vec<Wish>,
    /// Requests without an approval, sorted by id.
    pub pending: Vec<Arc<Request>>,
    /// Approved requests whose day has not come, sorted by id.
    pub scheduled: Vec<Arc<Request>>,
    /// Every mailbox that a request names which was not withdrawn, due or not; sorted.
    pub named: Vec<Mailbox>,
}

/// Folds the requests of an agency. Their order does not matter: for each mailbox the last of
/// those that are due wins, by the day of effect, then the day of approval, then the id. A
/// withdrawn request counts as never made; a request that nobody approved wants nothing.
pub fn fold(requests: &[Arc<Request>], as_of: Date) -> Desired {
    let gone = withdrawn(requests, as_of);
    let counting = || {
        requests
            .iter()
            .filter(|request| !gone.contains(&request.id))
    };

    let mut wishes: Vec<Wish> = counting()
        .filter(|request| request.day().is_some_and(|day| day <= as_of))
        .flat_map(wishes_of)
        .collect();
    // Of equal mailboxes the deciding one comes first, and is the one that stays.
    wishes.sort_by(|a, b| {
        a.mailbox
            .cmp(&b.mailbox)
            .then_with(|| rank(&b.request).cmp(&rank(&a.request)))
    });
    wishes.dedup_by(|later, first| later.mailbox == first.mailbox);

    let mut named: Vec<Mailbox> = counting()
        .flat_map(|request| request.mailboxes())
        .map(|named| named.mailbox.clone())
        .collect();
    named.sort_unstable();
    named.dedup();

    Desired {
        as_of,
        wishes,
        pending: sorted(counting().filter(|request| request.day().is_none())),
        scheduled: sorted(
            counting().filter(|request| request.day().is_some_and(|day| day > as_of)),
        ),
        named,
    }
}

/// The order in which requests take effect; the last one that is due decides.
pub(crate) fn rank(request: &Request) -> impl Ord + use<> {
    let approved = request.approval.as_ref().map(|approval| approval.date);
    (request.day(), approved, request.id.clone())
}

fn wishes_of(request: &Arc<Request>) -> Vec<Wish> {
    let Action::Change { target, mailboxes } = &request.action else {
        return Vec::new();
    };
    mailboxes
        .iter()
        .map(|named| Wish {
            mailbox: named.mailbox.clone(),
            target: *target,
            request: Arc::clone(request),
            line: named.line,
        })
        .collect()
}

fn sorted<'a>(requests: impl Iterator<Item = &'a Arc<Request>>) -> Vec<Arc<Request>> {
    let mut requests: Vec<Arc<Request>> = requests.cloned().collect();
    requests.sort_by(|a, b| a.id.cmp(&b.id));
    requests
}

impl Desired {
    /// Keeps only what concerns these mailboxes. `requests` are all of the agency, since a
    /// withdrawal concerns the mailboxes of the request that it withdraws.
    #[must_use]
    pub fn only(mut self, mailboxes: &[Mailbox], requests: &[Arc<Request>]) -> Self {
        let kept: HashSet<&Mailbox> = mailboxes.iter().collect();
        let names = |request: &Request| {
            let mut named = request.mailboxes().iter();
            named.any(|named| kept.contains(&named.mailbox))
        };
        let concerns = |request: &Arc<Request>| match &request.action {
            Action::Change { .. } => names(request),
            Action::Withdraw { withdraws } => requests
                .iter()
                .any(|other| other.id == *withdraws && names(other)),
        };
        self.wishes.retain(|wish| kept.contains(&wish.mailbox));
        self.named.retain(|mailbox| kept.contains(mailbox));
        self.pending.retain(concerns);
        self.scheduled.retain(concerns);
        self
    }

    /// How many archives the requests want to be there.
    pub fn wanted(&self) -> usize {
        self.wishes
            .iter()
            .filter(|wish| wish.target == Target::Enabled)
            .count()
    }
}
