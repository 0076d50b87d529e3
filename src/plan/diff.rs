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
                let mut change = change(wish, seen, (desired, observed), policy);
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

fn change(
    wish: &Wish,
    seen: &ObservedMailbox,
    (desired, observed): (&Desired, &Observed),
    policy: &Policy,
) -> Change {
    let id = Some(wish.request.id.as_str());
    let by_record = || observed.recorded_for(&wish.mailbox);
    Change {
        mailbox: wish.mailbox.clone(),
        target: wish.target,
        cause: match seen.request.as_deref() {
            Some(_) if seen.request.as_deref() == id => Cause::Drift,
            None if by_record() == id => Cause::Recorded,
            _ => Cause::Request,
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
        .filter(|seen| is_unmanaged(seen, desired, policy))
        .map(|seen| Unmanaged {
            mailbox: seen.mailbox.clone(),
            state: seen.state.clone(),
        })
        .collect()
}

/// Whether a mailbox has an archive of the agency's that no request names.
pub(super) fn is_unmanaged(seen: &ObservedMailbox, desired: &Desired, policy: &Policy) -> bool {
    !matches!(seen.state, State::Disabled | State::Terminated)
        && policy.owns(&seen.mailbox)
        && desired.named.binary_search(&seen.mailbox).is_err()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::desired::fold;
    use crate::observed::entry;
    use crate::plan::saved::SavedPlan;
    use crate::plan::{Cause, of_policy, plan};
    use crate::provenance::Doubts;
    use crate::request::sample;

    fn planned(portal_says: Option<&str>, records_say: Option<&str>) -> Plan {
        let approved = "approval: {by: uc@agensi.example, date: 2026-01-03}";
        let request = sample::request(
            "R-1",
            "date: 2026-01-02, channel: memo, reference: R",
            &format!("action: enable\nmailboxes: [a@agensi.example]\n{approved}"),
        );
        let desired = fold(&[request], date(2026, 11, 23), &Doubts::new());
        let mailbox = Mailbox::from_portal("a@agensi.example");
        let seen = ObservedMailbox {
            request: portal_says.map(Into::into),
            ..entry("a@agensi.example", "1", State::Disabled)
        };
        let recorded = records_say.map(|request| (mailbox, request.into()));
        let observed =
            Observed::new(vec![seen], true).with_recorded(recorded.into_iter().collect());
        plan(&desired, &observed, &sample::policy("A", ""), 1)
    }

    #[test]
    fn drift_is_told_by_the_portal_or_where_it_cannot_by_records() {
        for (portal, records, cause) in [
            (None, None, Cause::Request),
            (Some("R-1"), None, Cause::Drift),
            (None, Some("R-1"), Cause::Recorded),
            // Another request was carried out after this one.
            (None, Some("R-2"), Cause::Request),
            // What the portal says counts, whatever is recorded.
            (Some("R-2"), Some("R-1"), Cause::Request),
            (Some("R-1"), Some("R-2"), Cause::Drift),
        ] {
            let plan = planned(portal, records);
            assert_eq!(plan.changes[0].cause, cause, "{portal:?} {records:?}");
        }
    }

    #[test]
    fn a_kept_plan_holds_with_records_at_hand_and_without() {
        let (without, with) = (planned(None, None), planned(None, Some("R-1")));
        assert_eq!(with.changes[0].cause.as_str(), "drift");
        assert_eq!(without.digest, with.digest);
        let digest = of_policy(&sample::policy("A", ""));
        for (made, now) in [(&without, &with), (&with, &without)] {
            let stale = SavedPlan::of(made, digest, digest).stale(now, digest, digest);
            assert!(stale.is_empty(), "{stale:?}");
        }
        // What the portal says is part of what was reviewed.
        assert_ne!(without.digest, planned(Some("R-1"), None).digest);
    }
}
