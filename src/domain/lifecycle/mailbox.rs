//! How far one mailbox of a request has come. Pure.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use super::{Known, Stage};
use crate::domain::archive::State;
use crate::domain::archive::Target;
use crate::domain::desired::Wish;
use crate::domain::mailbox::Mailbox;
use crate::domain::observed::{Observed, ObservedMailbox};
use crate::domain::plan::{Cause, Obstacle};
use crate::domain::record::history::History;
use crate::domain::request::{Action, Named, Request, RequestId};

/// The life of one mailbox of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailboxLife {
    /// The mailbox.
    pub mailbox: Mailbox,
    /// How far it has come.
    pub stage: Stage,
    /// When it was done, where a record or the portal says so; also of one that was withdrawn or
    /// replaced later.
    pub done_at: Option<Timestamp>,
    /// When it was last done, where it was done again.
    pub last_done_at: Option<Timestamp>,
    /// Whether the archive is as the request wants it; where the portal was not asked, nothing says
    /// that it is not.
    pub is_so: bool,
    /// Why it cannot be done.
    pub obstacle: Option<Obstacle>,
    /// The request that decides in its place.
    pub superseded_by: Option<RequestId>,
    /// It was done and is no longer so; the plan says what comes of that.
    pub has_drifted: bool,
    /// Until when a terminated archive can be had back, as the portal says.
    pub recoverable_until: Option<Timestamp>,
    /// Why the last attempt did not end well: the outcome's word, and its cause.
    pub trouble: Option<(String, Option<String>)>,
}

/// What is known, by mailbox.
pub(super) struct Around<'a> {
    wishes: HashMap<&'a Mailbox, &'a Wish>,
    blocked: HashMap<&'a Mailbox, &'a Obstacle>,
    in_progress: HashSet<&'a Mailbox>,
    changes: HashMap<&'a Mailbox, Cause>,
    observed: Option<&'a Observed>,
    history: &'a History,
}

impl<'a> Around<'a> {
    pub(super) fn new(known: &Known<'a>) -> Self {
        let plan = known.portal.map(|(_, plan)| plan);
        let blocked = plan.iter().flat_map(|plan| &plan.blocked);
        let in_progress = plan.iter().flat_map(|plan| &plan.in_progress);
        let changes = plan.iter().flat_map(|plan| &plan.changes);
        let wishes = known.desired.wishes.iter();
        Self {
            wishes: wishes.map(|wish| (&wish.mailbox, wish)).collect(),
            blocked: blocked.map(|it| (&it.mailbox, &it.obstacle)).collect(),
            in_progress: in_progress.map(|it| &it.mailbox).collect(),
            changes: changes.map(|it| (&it.mailbox, it.cause)).collect(),
            observed: known.portal.map(|(observed, _)| observed),
            history: known.history,
        }
    }

    /// The life of a mailbox as a request names it; `early` is the stage of a request that nothing
    /// is to be done for.
    pub(super) fn life(
        &self,
        request: &Request,
        named: &Named,
        early: Option<Stage>,
    ) -> MailboxLife {
        let mailbox = &named.mailbox;
        let deed = self
            .history
            .of_mailbox(request.id.as_str(), mailbox.as_str());
        let seen = self.observed.and_then(|observed| observed.get(mailbox));
        let wish = self.wishes.get(mailbox);
        let decides = wish.is_some_and(|wish| wish.request.id == request.id);
        let by_record = deed.and_then(|deed| deed.done_at);
        let done_at = by_record.or_else(|| seen.and_then(|seen| said_by_portal(request, seen)));
        let stage = early.unwrap_or_else(|| {
            if decides {
                self.deciding(mailbox, done_at.is_some())
            } else if done_at.is_some() {
                Stage::Done
            } else {
                Stage::Superseded
            }
        });
        let is_superseded = stage == Stage::Superseded && !decides;
        let is_terminated = decides && target(request) == Some(Target::Terminated);
        MailboxLife {
            mailbox: mailbox.clone(),
            stage,
            done_at,
            last_done_at: deed.and_then(|deed| deed.last_done_at).or(done_at),
            is_so: self.observed.is_none() || is_so(request, seen),
            obstacle: (decides && stage == Stage::Blocked)
                .then(|| self.blocked.get(mailbox).map(|it| (*it).clone()))
                .flatten(),
            superseded_by: wish
                .filter(|_| is_superseded)
                .map(|wish| wish.request.id.clone()),
            has_drifted: decides && stage == Stage::Done && self.is_otherwise(mailbox),
            recoverable_until: seen
                .filter(|_| is_terminated)
                .and_then(|seen| seen.recoverable_until),
            trouble: deed.and_then(|deed| deed.trouble.clone()),
        }
    }

    /// Where this request decides, and is due. What was done once is done, whatever became of it
    /// since: the plan says that, and [`MailboxLife::has_drifted`].
    fn deciding(&self, mailbox: &Mailbox, is_done: bool) -> Stage {
        let change = self.changes.get(mailbox);
        if self.in_progress.contains(mailbox) {
            Stage::InProgress
        } else if is_done || change.is_some_and(|cause| cause.is_drift()) {
            Stage::Done
        } else if self.blocked.contains_key(mailbox) {
            Stage::Blocked
        } else if change.is_some() || self.observed.is_none() {
            Stage::Waiting
        } else {
            // In the plan under no heading: it is as it is wanted.
            Stage::Done
        }
    }

    fn is_otherwise(&self, mailbox: &Mailbox) -> bool {
        self.changes.contains_key(mailbox) || self.blocked.contains_key(mailbox)
    }
}

fn target(request: &Request) -> Option<Target> {
    match &request.action {
        Action::Change { target, .. } => Some(*target),
        Action::Withdraw { .. } => None,
    }
}

/// Whether the archive is as a request wants it.
fn is_so(request: &Request, seen: Option<&ObservedMailbox>) -> bool {
    let state = seen.map(|seen| &seen.state);
    match target(request) {
        Some(Target::Enabled) => state == Some(&State::Enabled),
        // There is none without an account.
        Some(Target::Terminated) => {
            matches!(state, None | Some(State::Terminated | State::Disabled))
        }
        None => true,
    }
}

/// When the portal says that this request was carried out.
fn said_by_portal(request: &Request, seen: &ObservedMailbox) -> Option<Timestamp> {
    let is_so = target(request).is_some() && is_so(request, Some(seen));
    let is_its = seen.request.as_deref() == Some(request.id.as_str());
    seen.changed_at.filter(|_| is_so && is_its)
}
