//! Compares desired and observed, mailbox by mailbox. Pure; knows nothing of limits.

use std::collections::HashSet;

use jiff::civil::Date;

use super::{Blocked, Cause, Change, Digest, InProgress, Obstacle, Plan, Unmanaged, note};
use crate::calendar::local_day;
use crate::desired::{Desired, Target, Wish};
use crate::mailbox::Mailbox;
use crate::observed::{Account, HandedOver, Observed, ObservedMailbox, State};
use crate::policy::Policy;

/// The plan without its refusals and digest.
pub(super) fn compare(desired: &Desired, observed: &Observed, policy: &Policy) -> Plan {
    let mut plan = Plan {
        agency: policy.agency.clone(),
        as_of: desired.as_of,
        changes: Vec::new(),
        blocked: Vec::new(),
        in_progress: Vec::new(),
        in_sync: 0,
        recalled: recalled(desired, observed),
        unmanaged: unmanaged(desired, observed, policy),
        pending: desired.pending.clone(),
        scheduled: desired.scheduled.clone(),
        refusals: Vec::new(),
        digest: Digest::default(),
    };
    let protected: HashSet<&Mailbox> = policy.protected.iter().collect();
    for wish in &desired.wishes {
        let is_protected = protected.contains(&wish.mailbox);
        match decide(wish, observed, is_protected) {
            Decision::InSync => plan.in_sync += 1,
            Decision::InProgress(state, handed_over) => plan.in_progress.push(InProgress {
                mailbox: wish.mailbox.clone(),
                state,
                target: wish.target,
                request: wish.request.id.clone(),
                handed_over,
            }),
            Decision::Blocked(obstacle) => plan.blocked.push(Blocked {
                mailbox: wish.mailbox.clone(),
                target: wish.target,
                obstacle,
                request: wish.request.clone(),
                line: wish.line,
            }),
            Decision::Change(seen) => {
                let mut change = change(wish, seen, desired, policy);
                if let Some(handed_over) = observed.handed_over_for(&wish.mailbox) {
                    change.from = becoming(handed_over.target);
                }
                plan.changes.push(change);
            }
        }
    }
    // The dangerous direction is read first. Wishes come sorted by mailbox, and the sort is stable.
    plan.changes
        .sort_by_key(|change| change.target != Target::Terminated);
    plan
}

enum Decision<'a> {
    InSync,
    InProgress(State, Option<Date>),
    Blocked(Obstacle),
    Change(&'a ObservedMailbox),
}

fn decide<'a>(wish: &Wish, observed: &'a Observed, is_protected: bool) -> Decision<'a> {
    if observed.is_ambiguous(&wish.mailbox) {
        return Decision::Blocked(Obstacle::Ambiguous);
    }
    let terminate = wish.target == Target::Terminated;
    let Some(seen) = observed.get(&wish.mailbox) else {
        // Where there is no account there is no archive: a termination is met.
        return if terminate {
            Decision::InSync
        } else {
            Decision::Blocked(Obstacle::NoAccount)
        };
    };
    match (&seen.state, observed.handed_over_for(&wish.mailbox)) {
        (State::Unknown(word), _) => {
            return Decision::Blocked(Obstacle::UnknownState(word.clone()));
        }
        (State::Enabling | State::Terminating, _) => {
            return Decision::InProgress(seen.state.clone(), None);
        }
        (state, Some(handed_over)) if handed_over.target == wish.target => {
            let day = local_day(handed_over.at);
            return Decision::InProgress(state.clone(), Some(day));
        }
        // The opposite was handed over. It may be done any moment, and then it is not as wanted.
        (_, Some(_)) => {}
        (state, None) if wish.target.is_met_by(state) => return Decision::InSync,
        (State::Enabled | State::Disabled | State::Terminated, None) => {}
    }
    match (obstacle(seen, terminate, is_protected), &wish.doubt) {
        (Some(obstacle), _) => Decision::Blocked(obstacle),
        (None, Some(doubted)) => Decision::Blocked(Obstacle::Unverified(doubted.clone())),
        (None, None) => Decision::Change(seen),
    }
}

fn obstacle(seen: &ObservedMailbox, terminate: bool, is_protected: bool) -> Option<Obstacle> {
    if terminate && is_protected {
        return Some(Obstacle::Protected);
    }
    if terminate && seen.hold {
        return Some(Obstacle::Hold);
    }
    match &seen.account {
        Account::Active => None,
        other => Some(Obstacle::AccountNotActive(other.as_str().into())),
    }
}

fn change(wish: &Wish, seen: &ObservedMailbox, desired: &Desired, policy: &Policy) -> Change {
    let carried_out = seen.request.as_deref() == Some(wish.request.id.as_str());
    Change {
        mailbox: wish.mailbox.clone(),
        target: wish.target,
        cause: if carried_out {
            Cause::Drift
        } else {
            Cause::Request
        },
        request: wish.request.clone(),
        line: wish.line,
        from: seen.state.clone(),
        id: seen.id.clone(),
        version: seen.version.clone(),
        note: note::of(wish.target, seen, desired.as_of, policy),
    }
}

/// The state of an archive that people were asked to change.
fn becoming(target: Target) -> State {
    match target {
        Target::Enabled => State::Enabling,
        Target::Terminated => State::Terminating,
    }
}

/// What was handed over and no request wants any longer: another decides, or none does. Of those
/// that were looked at.
fn recalled(desired: &Desired, observed: &Observed) -> Vec<HandedOver> {
    let wanted = |it: &HandedOver| {
        let found = desired
            .wishes
            .binary_search_by(|wish| wish.mailbox.cmp(&it.mailbox));
        found.is_ok_and(|index| desired.wishes[index].target == it.target)
    };
    let each = observed.handed_over().iter();
    each.filter(|it| !wanted(it)).cloned().collect()
}

/// The archives of the agency that no request names. Both lists are sorted by mailbox.
fn unmanaged(desired: &Desired, observed: &Observed, policy: &Policy) -> Vec<Unmanaged> {
    if !observed.is_complete() {
        return Vec::new();
    }
    observed
        .mailboxes()
        .iter()
        .filter(|seen| {
            !matches!(seen.state, State::Disabled | State::Terminated)
                && policy.owns(&seen.mailbox)
                && desired.named.binary_search(&seen.mailbox).is_err()
        })
        .map(|seen| Unmanaged {
            mailbox: seen.mailbox.clone(),
            state: seen.state.clone(),
        })
        .collect()
}
