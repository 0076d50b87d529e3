//! What a pull request's plan says of every later day, held against runs on these days.

use std::collections::BTreeSet;
use std::sync::Arc;

use arkib::domain::approval::verification::UnverifiedApprovals;
use arkib::domain::archive_state::Target;
use arkib::domain::desired::{Desired, fold_requests};
use arkib::domain::mailbox_address::Mailbox;
use arkib::domain::observed::Observed;
use arkib::domain::plan::{
    Change, LaterDayEffect, LaterDayPlanner, Plan, PullRequestEffects, plan, plan_pull_request,
};
use arkib::domain::request::Request;
use arkib::domain::request::approval_state::ApprovalState;
use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::{config, observed, policy, requests_about};

const TODAY: Date = date(2026, 11, 10);

fn folded(requests: &[Arc<Request>], day: Date) -> Desired {
    fold_requests(requests, day, &UnverifiedApprovals::new())
}

fn planned(requests: &[Arc<Request>], day: Date, observed: &Observed) -> Plan {
    plan(&folded(requests, day), observed, &policy())
}

fn ended(plan: &Plan) -> impl Iterator<Item = &Mailbox> {
    let changes = plan.changes.iter().filter(|change| change.target == Target::Terminated);
    changes.map(|change| &change.mailbox)
}

/// The requests without those that a pull request adds, and without the approvals that it adds.
fn base_of(head: &[Arc<Request>], added: u16, approved: u16) -> Vec<Arc<Request>> {
    let has = |bits: u16, number: usize| bits & (1 << number) != 0;
    let each = head.iter().enumerate().filter(|(number, _)| !has(added, *number));
    each.map(|(number, request)| {
        let mut request = Request::clone(request);
        if has(approved, number) {
            request.approval_state = ApprovalState::pending();
        }
        Arc::new(request)
    })
    .collect()
}

/// The plan of the pull request, and what else it does.
fn pull_request(
    base: &[Arc<Request>],
    head: &[Arc<Request>],
    observed: &Observed,
) -> (Plan, PullRequestEffects) {
    let (before, after) = (folded(base, TODAY), folded(head, TODAY));
    let difference = after.difference_from(&before);
    let same = before.clone().keep_only(&difference.named, base);
    let delta = plan_pull_request(&difference, &same, &after, observed, &policy());
    let mut later = LaterDayPlanner::new(base, head, TODAY).changes(observed, &policy());
    later.extend(delta.ended);
    let due_terminations = planned(base, TODAY, observed).other_terminations(&difference);
    let effects = PullRequestEffects {
        prevented: delta.prevented,
        met: delta.met,
        lifted: after.newly_withdrawn(&before, base),
        later,
        due_terminations,
        ..PullRequestEffects::default()
    };
    (delta.plan, effects)
}

proptest! {
    #![proptest_config(config(128))]

    #[test]
    fn every_termination_of_every_day_is_named(
        head in requests_about(8, 12), observed in observed(), added in any::<u16>(), approved in any::<u16>(),
    ) {
        let base = base_of(&head, added, approved);
        let (first, effects) = pull_request(&base, &head, &observed);
        let later = effects.later.iter().filter(|change| change.effect == LaterDayEffect::Terminated);
        let due = effects.due_terminations.iter().map(|change| &change.mailbox);
        let blocked = first.blocked.iter().map(|blocked| &blocked.mailbox);
        let named: BTreeSet<&Mailbox> =
            ended(&first).chain(later.map(|change| &change.mailbox)).chain(due).chain(blocked).collect();
        // A run on that day alone, and a run on each day until then.
        let mut day_by_day = observed.clone();
        let mut day = TODAY;
        while day <= date(2026, 12, 1) {
            for observed in [&observed, &day_by_day] {
                let plan = planned(&head, day, observed);
                for mailbox in ended(&plan) {
                    prop_assert!(named.contains(mailbox), "{mailbox} on {day}");
                }
            }
            let plan = planned(&head, day, &day_by_day);
            let met = plan.changes.iter().map(|change| (&change.mailbox, change.target));
            day_by_day = day_by_day.with_targets_met(met);
            day = day.tomorrow().unwrap();
        }
    }

    #[test]
    fn nothing_ever_comes_of_nothing(
        head in requests_about(4, 5), observed in observed(), added in any::<u16>(), approved in any::<u16>(),
    ) {
        let base = base_of(&head, added, approved);
        let (plan, effects) = pull_request(&base, &head, &observed);
        let is_no_op = effects.is_no_op(&plan);
        let key = |change: &Change| (change.mailbox.clone(), change.target, change.request.id.clone());
        let mut day = TODAY;
        while is_no_op && day <= date(2026, 12, 1) {
            let [without, with] = [&base, &head].map(|side| planned(side, day, &observed));
            let keys = |plan: &Plan| plan.changes.iter().map(key).collect::<Vec<_>>();
            prop_assert_eq!(keys(&without), keys(&with), "{}", day);
            day = day.tomorrow().unwrap();
        }
    }
}
