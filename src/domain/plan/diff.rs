//! Compares desired and observed, mailbox by mailbox. Pure; may not know the limits.

use std::collections::HashSet;

use super::another_account::find_another_account;
use super::handed_over::ClassifiedHandOvers;
use super::{
    BlockedMailbox, Cause, Change, Digest, LastChange, MailboxInProgress, Obstacle, Plan,
    UnmanagedMailbox, note,
};
use crate::domain::archive_state::{AccountState, State, Target};
use crate::domain::desired::{Desired, DesiredMailbox};
use crate::domain::mailbox_address::Mailbox;
use crate::domain::observed::{HandedOverChange, Observed, ObservedMailbox};
use crate::domain::policy::Policy;

/// The most mailboxes without an account for which a similar address is looked up.
const MAX_SUGGESTIONS: usize = 50;

/// The plan without its refusals and digest.
pub(super) fn plan_changes(desired: &Desired, observed: &Observed, policy: &Policy) -> Plan {
    let mut plan = Plan {
        agency: policy.agency.clone(),
        as_of: desired.as_of,
        changes: Vec::new(),
        blocked: Vec::new(),
        in_progress: Vec::new(),
        in_sync: 0,
        over: Vec::new(),
        recalled: Vec::new(),
        void: Vec::new(),
        unmanaged: Vec::new(),
        pending: desired.pending.clone(),
        scheduled: desired.scheduled.clone(),
        unverified: desired.unverified.clone(),
        refusals: Vec::new(),
        digest: Digest::default(),
    };
    let protected: HashSet<&Mailbox> = policy.protected.iter().collect();
    let obstacle_to = |wanted: &DesiredMailbox| {
        let mailbox = observed.find_mailbox(&wanted.mailbox)?;
        if let Some(another) = find_another_account(wanted, mailbox, observed, policy) {
            return Some(Obstacle::AnotherAccount(another.created));
        }
        find_obstacle(wanted, mailbox, protected.contains(&wanted.mailbox))
    };
    let handed =
        ClassifiedHandOvers::classify(desired, observed, |wanted| obstacle_to(wanted).is_none());
    let mut ascending = observed.ascending_search();
    let mut absent = 0;
    let mut addresses = None;
    for wanted in &desired.mailboxes {
        let mailbox = ascending.find_mailbox(&wanted.mailbox);
        let is_protected = protected.contains(&wanted.mailbox);
        let waiting = handed.waiting.get(&wanted.mailbox).copied();
        let blocked = |obstacle| BlockedMailbox {
            mailbox: wanted.mailbox.clone(),
            target: wanted.target,
            obstacle,
            request: wanted.request.clone(),
            line: wanted.line,
        };
        let in_progress =
            |state: &State, handed_over: Option<&HandedOverChange>| MailboxInProgress {
                mailbox: wanted.mailbox.clone(),
                state: state.clone(),
                target: wanted.target,
                request: wanted.request.id.clone(),
                handed_over: handed_over.cloned(),
            };
        // Whether or not another row can be read: nobody knows which is right.
        if let Some(row) = observed.unreadable_row_of(&wanted.mailbox) {
            plan.blocked.push(blocked(Obstacle::UnreadableRow(row.place.clone())));
            continue;
        }
        match mailbox.map(|mailbox| (mailbox, &mailbox.state)) {
            _ if observed.is_ambiguous(&wanted.mailbox) => {
                plan.blocked.push(blocked(Obstacle::Ambiguous))
            }
            // A run terminated it, and then the account went.
            None if wanted.target == Target::Terminated
                && observed.is_terminated_on_record(&wanted.mailbox) =>
            {
                plan.in_sync += 1;
            }
            // Not seen is not done.
            None => {
                absent += 1;
                let index = (absent <= MAX_SUGGESTIONS)
                    .then(|| &*addresses.get_or_insert_with(|| observed.all_addresses()));
                let related = observed.find_related_account(&wanted.mailbox, index);
                plan.blocked.push(blocked(Obstacle::NoAccount(related)));
            }
            Some((mailbox, _))
                if let Some(another) = find_another_account(wanted, mailbox, observed, policy) =>
            {
                match another.is_over {
                    true => plan.over.push(wanted.mailbox.clone()),
                    false => plan.blocked.push(blocked(Obstacle::AnotherAccount(another.created))),
                }
            }
            Some((_, State::Unknown(word))) => {
                plan.blocked.push(blocked(Obstacle::UnknownState(word.clone())));
            }
            Some((_, state @ (State::Enabling | State::Terminating))) => {
                plan.in_progress.push(in_progress(state, None));
            }
            Some((_, state)) if wanted.target.is_met_by(state) => plan.in_sync += 1,
            Some((mailbox, state @ (State::Enabled | State::Disabled | State::Terminated))) => {
                match (find_obstacle(wanted, mailbox, is_protected), waiting) {
                    (Some(obstacle), _) => plan.blocked.push(blocked(obstacle)),
                    (None, Some(_)) => plan.in_progress.push(in_progress(state, waiting)),
                    (None, None) => {
                        let change = planned_change(wanted, mailbox, (desired, observed), policy);
                        plan.changes.push(change);
                    }
                }
            }
        }
    }
    // Terminations come first, because they are dangerous. The sort is stable, so each group stays
    // sorted by mailbox.
    plan.changes.sort_by_key(|change| change.target != Target::Terminated);
    plan.unmanaged = find_unmanaged(desired, observed, policy, &plan.over);
    plan.recalled = handed.recalled;
    plan.void = handed.void;
    plan
}

/// What prevents a change.
fn find_obstacle(
    wanted: &DesiredMailbox,
    mailbox: &ObservedMailbox,
    is_protected: bool,
) -> Option<Obstacle> {
    let terminate = wanted.target == Target::Terminated;
    match &mailbox.account {
        _ if terminate && is_protected => Some(Obstacle::Protected),
        _ if terminate && mailbox.hold => Some(Obstacle::Hold),
        AccountState::Active => wanted.unverified.clone().map(Obstacle::Unverified),
        other => Some(Obstacle::AccountNotActive(other.as_str().into())),
    }
}

fn planned_change(
    wanted: &DesiredMailbox,
    mailbox: &ObservedMailbox,
    (desired, observed): (&Desired, &Observed),
    policy: &Policy,
) -> Change {
    let id = wanted.request.id.as_str();
    let recorded = observed.recorded_request_of(&wanted.mailbox);
    let recorded = recorded.filter(|entry| &*entry.request == id);
    let cause = match (mailbox.request.as_deref(), recorded) {
        // The portal accepted it, and gave up before a run saw it done: this is no drift.
        (_, Some(entry)) if !entry.is_finished => Cause::Request,
        (Some(request), _) if request == id => Cause::Drift,
        // Whatever the portal names: another request was not carried out after it by any run on record.
        (_, Some(_)) => Cause::Recorded,
        _ => Cause::Request,
    };
    let last_change = match cause.is_drift() {
        true => LastChange {
            at: mailbox.changed_at.or(mailbox.modified_at),
            request: mailbox.request.clone(),
        },
        false => LastChange::default(),
    };
    Change {
        mailbox: wanted.mailbox.clone(),
        target: wanted.target,
        cause,
        request: wanted.request.clone(),
        line: wanted.line,
        from: mailbox.state.clone(),
        id: mailbox.id.clone(),
        version: mailbox.version.clone(),
        note: note::note_for(wanted.target, mailbox, desired.as_of, policy),
        last_change,
    }
}

/// The archives of the agency that no request names. Both lists are sorted by mailbox.
fn find_unmanaged(
    desired: &Desired,
    observed: &Observed,
    policy: &Policy,
    over: &[Mailbox],
) -> Vec<UnmanagedMailbox> {
    if !observed.is_complete() {
        return Vec::new();
    }
    let mut named = desired.named.iter().peekable();
    let mut is_named = |mailbox: &Mailbox| {
        while named.next_if(|named| *named < mailbox).is_some() {}
        named.peek() == Some(&mailbox)
    };
    let archives = observed.mailboxes().iter();
    let is_over = |mailbox: &Mailbox| over.binary_search(mailbox).is_ok();
    let unmanaged = archives.filter(|archive| {
        let is_managed = is_named(&archive.mailbox) && !is_over(&archive.mailbox);
        !is_managed && has_archive(archive, policy)
    });
    unmanaged.map(UnmanagedMailbox::new).collect()
}

/// Whether a mailbox has an archive of the agency's that no request names.
pub(super) fn is_unmanaged(mailbox: &ObservedMailbox, desired: &Desired, policy: &Policy) -> bool {
    has_archive(mailbox, policy) && desired.named.binary_search(&mailbox.mailbox).is_err()
}

fn has_archive(mailbox: &ObservedMailbox, policy: &Policy) -> bool {
    !mailbox.state.is_absent() && policy.owns_domain_of(&mailbox.mailbox)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::approval::verification::UnverifiedApprovals;
    use crate::domain::desired::fold_requests;
    use crate::domain::observed::{RecordedRequest, sample_mailbox};
    use crate::domain::plan::saved::SavedAgencyPlan;
    use crate::domain::plan::{Cause, plan, policy_digest};
    use crate::domain::request::sample;

    fn planned(portal_says: Option<&str>, records_say: Option<&str>) -> Plan {
        let approved = "approvals: [{by: uc@agensi.example, date: 2026-01-03}]";
        let request = sample::request(
            "R-1",
            "date: 2026-01-02, channel: memo, reference: R",
            &format!("action: enable\nmailboxes: [a@agensi.example]\n{approved}"),
        );
        let desired = fold_requests(&[request], date(2026, 11, 23), &UnverifiedApprovals::new());
        let mailbox = Mailbox::from_portal("a@agensi.example");
        let read = ObservedMailbox {
            request: portal_says.map(Into::into),
            ..sample_mailbox("a@agensi.example", "1", State::Disabled)
        };
        let recorded = records_say.map(|request| RecordedRequest {
            mailbox,
            request: request.trim_start_matches('~').into(),
            target: Target::Enabled,
            is_finished: !request.starts_with('~'),
            id: None,
        });
        let observed =
            Observed::new(vec![read], true).with_recorded_requests(recorded.into_iter().collect());
        plan(&desired, &observed, &sample::policy("A", ""))
    }

    #[test]
    fn drift_comes_from_the_portal_or_the_records() {
        for (portal, records, cause) in [
            (None, None, Cause::Request),
            (Some("R-1"), None, Cause::Drift),
            (None, Some("R-1"), Cause::Recorded),
            // Another request was carried out after this one.
            (None, Some("R-2"), Cause::Request),
            // The portal was restored from before it.
            (Some("R-2"), Some("R-1"), Cause::Recorded),
            // The portal's word counts more than the records.
            (Some("R-1"), Some("R-2"), Cause::Drift),
            // It accepted the change, and gave up before a run saw it done.
            (Some("R-1"), Some("~R-1"), Cause::Request),
            (None, Some("~R-1"), Cause::Request),
            (Some("R-1"), Some("~R-2"), Cause::Drift),
        ] {
            let plan = planned(portal, records);
            assert_eq!(plan.changes[0].cause, cause, "{portal:?} {records:?}");
        }
    }

    #[test]
    fn saved_plan_holds_with_and_without_records() {
        let (without, with) = (planned(None, None), planned(None, Some("R-1")));
        assert_eq!(with.changes[0].cause.as_str(), "drift");
        assert_eq!(without.digest, with.digest);
        let digest = policy_digest(&sample::policy("A", ""));
        for (made, now) in [(&without, &with), (&with, &without)] {
            let stale =
                SavedAgencyPlan::new(made, digest, digest).stale_reasons(now, digest, digest);
            assert!(stale.is_empty(), "{stale:?}");
        }
        // What the portal says is part of what was reviewed.
        assert_ne!(without.digest, planned(Some("R-1"), None).digest);
    }
}
