//! The lifecycle of one mailbox of a request. Pure.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;

use super::stage::Stage;
use crate::domain::archive_state::{State, Target};
use crate::domain::desired::{Desired, DesiredMailbox};
use crate::domain::local_time::local_day;
use crate::domain::mailbox_address::Mailbox;
use crate::domain::observed::{Observed, ObservedMailbox};
use crate::domain::plan::{Obstacle, Plan, PlanEntry};
use crate::domain::record::history::{History, RequestedMailboxHistory};
use crate::domain::request::{Request, RequestId};
use crate::language::Message;

/// The lifecycle of one mailbox of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailboxLifecycle {
    /// The mailbox.
    pub mailbox: Mailbox,
    /// How far it has come.
    pub stage: Stage,
    /// When it was done, if a record or the portal says so; also if it was withdrawn or replaced
    /// later.
    pub done_at: Option<Timestamp>,
    /// When it was last done, if it was done again.
    pub last_done_at: Option<Timestamp>,
    /// Whether the archive is as the request wants it; true if the portal was not asked, false if the
    /// address has another account now.
    pub is_as_requested: bool,
    /// Why it cannot be done.
    pub obstacle: Option<Obstacle>,
    /// The request that decides instead.
    pub superseded_by: Option<RequestId>,
    /// It was done and is no longer so; the plan says what happens next.
    pub has_drifted: bool,
    /// Until when a terminated archive can be recovered, according to the portal.
    pub recoverable_until: Option<Timestamp>,
    /// Why the last attempt failed: the outcome's word, and its cause.
    pub last_problem: Option<(String, Option<String>)>,
}

impl MailboxLifecycle {
    /// Why the last attempt failed, as a text.
    pub fn last_failure(&self) -> Option<Message> {
        let (outcome, cause) = self.last_problem.as_ref()?;
        let parts =
            std::iter::once(Message::from_word(outcome)).chain(cause.as_ref().map(Message::from));
        Some(Message::joined(parts, ": "))
    }
}

/// What is known about each mailbox.
pub(super) struct MailboxLifecycleBuilder<'a> {
    mailboxes: HashMap<&'a Mailbox, &'a DesiredMailbox>,
    planned: HashMap<&'a Mailbox, PlanEntry<'a>>,
    observed: Option<&'a Observed>,
    as_of: Date,
    /// Mailboxes whose address has another account now; sorted.
    over: &'a [Mailbox],
    history: &'a History,
}

impl<'a> MailboxLifecycleBuilder<'a> {
    pub(super) fn new(
        desired: &'a Desired,
        portal: Option<(&'a Observed, &'a Plan)>,
        history: &'a History,
    ) -> Self {
        let mailboxes = desired.mailboxes.iter();
        Self {
            mailboxes: mailboxes.map(|wanted| (&wanted.mailbox, wanted)).collect(),
            planned: portal.map_or_else(HashMap::new, |(_, plan)| plan.by_mailbox()),
            observed: portal.map(|(observed, _)| observed),
            as_of: desired.as_of,
            over: portal.map_or(&[], |(_, plan)| &plan.over),
            history,
        }
    }

    /// The life of a mailbox that a request names; `inactive_stage` is the stage of a request that nothing
    /// is to be done for.
    pub(super) fn lifecycle_of_mailbox(
        &self,
        request: &Request,
        mailbox: &Mailbox,
        inactive_stage: Option<Stage>,
    ) -> MailboxLifecycle {
        let (id, address) = (request.id.as_str(), mailbox.as_str());
        let by_record = self.history.mailbox(id, address);
        let observed = self.observed.and_then(|observed| observed.find_mailbox(mailbox));
        let planned = self.planned.get(mailbox);
        let wanted = self.mailboxes.get(mailbox);
        let decides = wanted.is_some_and(|wanted| wanted.request.id == request.id);
        let done_at = by_record.and_then(|entry| entry.done_at).or_else(|| {
            let at = done_at_by_portal(request, observed?)?;
            // As settlements do: of a moment that cannot be, that of the change stands.
            let accepted_at = by_record.and_then(|entry| entry.accepted_at);
            let is_impossible = |accepted| at < accepted || local_day(at) > self.as_of;
            Some(accepted_at.filter(|accepted| is_impossible(*accepted)).unwrap_or(at))
        });
        let stage = inactive_stage.unwrap_or_else(|| {
            if decides {
                self.stage_if_deciding(planned, done_at.is_some(), by_record)
            } else if done_at.is_some() {
                Stage::Done
            } else {
                Stage::Superseded
            }
        });
        let superseded_by = wanted.filter(|_| stage == Stage::Superseded && !decides);
        // A withdrawal does not undo what was done. Whether that still stands, only the portal can tell: the
        // address may have another account, or another request may have followed.
        let is_withdrawn = inactive_stage == Some(Stage::Withdrawn);
        let is_shown = || {
            let is_its = observed.is_some_and(|now| now.request.as_deref() == Some(id));
            done_at.is_some() && is_its && is_as_requested(request, observed)
        };
        let is_kept = decides || is_withdrawn && is_shown();
        let is_terminated = is_kept && request.target() == Some(Target::Terminated);
        let is_otherwise = matches!(planned, Some(PlanEntry::Change(_) | PlanEntry::Blocked(_)));
        let obstacle = match planned {
            Some(PlanEntry::Blocked(blocked)) if decides && stage == Stage::Blocked => {
                Some(blocked.obstacle.clone())
            }
            _ => None,
        };
        let kept = observed.filter(|_| is_terminated);
        MailboxLifecycle {
            mailbox: mailbox.clone(),
            stage,
            done_at,
            last_done_at: by_record.and_then(|entry| entry.last_done_at).or(done_at),
            is_as_requested: match is_withdrawn {
                true => is_kept,
                false => {
                    self.over.binary_search(mailbox).is_err()
                        && (self.observed.is_none()
                            || is_as_requested(request, observed)
                            || self.is_gone_as_requested(request, mailbox))
                }
            },
            obstacle,
            superseded_by: superseded_by.map(|wanted| wanted.request.id.clone()),
            has_drifted: decides && stage == Stage::Done && is_otherwise,
            recoverable_until: kept.and_then(|observed| observed.recoverable_until),
            last_problem: by_record.and_then(|entry| entry.last_problem.clone()),
        }
    }

    /// Whether a run terminated the archive, and then the account went.
    fn is_gone_as_requested(&self, request: &Request, mailbox: &Mailbox) -> bool {
        request.target() == Some(Target::Terminated)
            && self.observed.is_some_and(|observed| {
                observed.find_mailbox(mailbox).is_none()
                    && observed.is_terminated_on_record(mailbox)
            })
    }

    /// The stage if this request decides and is due. What was done once stays done, whatever happened
    /// since: the plan shows that, and [`MailboxLifecycle::has_drifted`]. What the portal accepted is not done.
    fn stage_if_deciding(
        &self,
        planned: Option<&PlanEntry<'_>>,
        is_done: bool,
        by_record: Option<&RequestedMailboxHistory>,
    ) -> Stage {
        let is_accepted = by_record.is_some_and(|entry| entry.accepted_at.is_some());
        match planned {
            Some(PlanEntry::InProgress(_)) => Stage::InProgress,
            _ if is_done => Stage::Done,
            // What the portal accepted and no run saw done has not drifted: the portal gave up.
            Some(PlanEntry::Change(change)) if change.cause.is_drift() && !is_accepted => {
                Stage::Done
            }
            Some(PlanEntry::Change(_)) => Stage::Waiting,
            Some(PlanEntry::Blocked(_)) => Stage::Blocked,
            None if self.observed.is_none() => {
                let has_failed = by_record.is_some_and(|entry| entry.last_problem.is_some());
                if is_accepted && !has_failed { Stage::InProgress } else { Stage::Waiting }
            }
            None => Stage::Done,
        }
    }
}

/// Whether the archive is as a request wants it.
fn is_as_requested(request: &Request, observed: Option<&ObservedMailbox>) -> bool {
    let state = observed.map(|observed| &observed.state);
    match request.target() {
        Some(Target::Enabled) => state == Some(&State::Enabled),
        Some(Target::Terminated) => state.is_some_and(State::is_absent),
        None => true,
    }
}

/// When this request was carried out, according to the portal.
fn done_at_by_portal(request: &Request, observed: &ObservedMailbox) -> Option<Timestamp> {
    let is_as_requested = request.target().is_some() && is_as_requested(request, Some(observed));
    let is_its = observed.request.as_deref() == Some(request.id.as_str());
    observed.changed_at.filter(|_| is_as_requested && is_its)
}
