//! Properties of the pure part, with generated agencies, histories and portals.

mod later_days;
mod samples;

use std::collections::BTreeSet;
use std::sync::Arc;

use arkib::domain::approval::verification::{
    UnverifiedApprovals, UnverifiedCause, UnverifiedReason,
};
use arkib::domain::archive_state::Target;
use arkib::domain::archive_state::{AccountState, State};
use arkib::domain::desired::fold_requests;
use arkib::domain::mailbox_address::Mailbox;
use arkib::domain::observed::{Observed, ObservedMailbox};
use arkib::domain::plan::{Change, Plan, plan, plan_pull_request};
use arkib::domain::request::approval_state::ApprovalState;
use arkib::domain::request::{
    Action, Approval, Channel, Received, Request, RequestId, RequestedMailbox,
};
use jiff::civil::{Date, date};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

pub use samples::{mailbox, policy};

/// The same cases in every run, so that a failure comes from the change that introduced it. More of
/// them, and others, by hand: `ARKIB_SEED=7 ARKIB_CASES=100000 cargo test --test it properties
/// reader`.
pub fn config(cases: u32) -> ProptestConfig {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse().ok());
    ProptestConfig {
        cases: number("ARKIB_CASES").map_or(cases, |cases: u64| cases as u32),
        rng_seed: RngSeed::Fixed(number("ARKIB_SEED").unwrap_or(2026)),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

const AS_OF: Date = date(2026, 11, 23);

fn unsigned() -> UnverifiedReason {
    UnverifiedReason { index: 0, approver: mailbox(1), cause: UnverifiedCause::NotSigned }
}

fn day() -> impl Strategy<Value = Date> {
    // Around the day of the plan, so that some are due and some are not.
    (1_i8..=30).prop_map(|day| date(2026, 11, day))
}

#[derive(Debug, Clone)]
struct Sketch {
    action: u8,
    mailboxes: BTreeSet<u8>,
    withdraws: usize,
    approved: Option<Date>,
    effective: Option<Date>,
}

fn sketch(mailboxes: u8, most: usize) -> impl Strategy<Value = Sketch> {
    (
        0_u8..5,
        proptest::collection::btree_set(0..mailboxes, 1..4),
        0..most,
        option::weighted(0.8, day()),
        option::weighted(0.4, day()),
    )
        .prop_map(|(action, mailboxes, withdraws, approved, effective)| Sketch {
            action,
            mailboxes,
            withdraws,
            approved,
            effective,
        })
}

fn id(number: usize) -> RequestId {
    RequestId::parse(&format!("R-{number:02}")).unwrap()
}

fn requests() -> impl Strategy<Value = Vec<Arc<Request>>> {
    requests_about(8, 12)
}

/// Fewer than `most` requests for the first mailboxes. A withdrawal names an existing request that
/// is not a withdrawal; requests may contradict each other.
pub fn requests_about(mailboxes: u8, most: usize) -> impl Strategy<Value = Vec<Arc<Request>>> {
    vec(sketch(mailboxes, most), 0..most).prop_map(|sketches| {
        sketches
            .iter()
            .enumerate()
            .map(|(number, sketch)| {
                let other = sketches.get(sketch.withdraws).filter(|other| other.action != 4);
                let action = match (sketch.action, other) {
                    (4, Some(_)) => Action::Withdraw { withdraws: id(sketch.withdraws) },
                    (action, _) => Action::Change {
                        target: if action % 2 == 0 { Target::Enabled } else { Target::Terminated },
                        mailboxes: sketch
                            .mailboxes
                            .iter()
                            .map(|number| RequestedMailbox { mailbox: mailbox(*number), line: 1 })
                            .collect(),
                    },
                };
                Arc::new(Request {
                    id: id(number),
                    file: format!("requests/R-{number:02}.yaml").into(),
                    action,
                    received: Received {
                        date: date(2026, 11, 1),
                        channel: Channel::Letter,
                        reference: "R".into(),
                        from: None,
                        name: None,
                        file: None,
                    },
                    approvals: sketch
                        .approved
                        .map(|date| Approval {
                            by: Mailbox::parse("approver@agensi.example").unwrap(),
                            date,
                            signature: None,
                        })
                        .into_iter()
                        .collect(),
                    approval_state: sketch
                        .approved
                        .map_or_else(ApprovalState::pending, ApprovalState::Approved),
                    effective: sketch.effective,
                    reason: None,
                    evidence: Vec::new(),
                })
            })
            .collect()
    })
}

fn state() -> impl Strategy<Value = State> {
    prop_oneof![
        3 => Just(State::Disabled),
        3 => Just(State::Enabled),
        1 => Just(State::Enabling),
        1 => Just(State::Terminating),
        2 => Just(State::Terminated),
        1 => Just(State::Unknown("paused".into())),
    ]
}

fn account() -> impl Strategy<Value = AccountState> {
    prop_oneof![
        8 => Just(AccountState::Active),
        1 => Just(AccountState::Disabled),
        1 => Just(AccountState::Deleted),
    ]
}

/// A portal that has some of the mailboxes that requests may name (m0 to m7), and m8 and m9, which
/// no request names.
pub fn observed() -> impl Strategy<Value = Observed> {
    let one = (0_u8..10, state(), account(), prop::bool::weighted(0.1), option::of(0_usize..12))
        .prop_map(|(number, state, account, hold, request)| ObservedMailbox {
            mailbox: mailbox(number),
            id: format!("id-{number}").into(),
            version: Some("W/\"1\"".into()),
            state,
            account,
            hold,
            request: request.map(|number| id(number).as_str().into()),
            changed_at: None,
            modified_at: None,
            recoverable_until: None,
            created: None,
            person: None,
        });
    vec(one, 0..16).prop_map(|read| Observed::new(read, true))
}

fn planned(requests: &[Arc<Request>], observed: &Observed) -> Plan {
    let desired = fold_requests(requests, AS_OF, &UnverifiedApprovals::new());
    plan(&desired, observed, &policy())
}

/// The state of the portal after every change of a plan was made.
fn applied(plan: &Plan, observed: &Observed) -> Observed {
    let after = observed.mailboxes().iter().cloned().map(|mut account| {
        if let Some(change) = plan.changes.iter().find(|change| change.id == account.id) {
            account.state = match change.target {
                Target::Enabled => State::Enabled,
                Target::Terminated => State::Terminated,
            };
            account.request = Some(change.request.id.as_str().into());
        }
        account
    });
    Observed::new(after.collect(), true)
}

fn key(change: &Change) -> (Mailbox, Target, RequestId) {
    (change.mailbox.clone(), change.target, change.request.id.clone())
}

fn keys(plan: &Plan) -> BTreeSet<(Mailbox, Target, RequestId)> {
    plan.changes.iter().map(key).collect()
}

proptest! {
    #![proptest_config(config(600))]

    #[test]
    fn mailboxes_are_independent(requests in requests(), number in 0_u8..8) {
        let person = mailbox(number);
        let without: Vec<Arc<Request>> = requests
            .iter()
            .map(|request| {
                let mut request = Request::clone(request);
                if let Action::Change { mailboxes, .. } = &mut request.action {
                    mailboxes.retain(|named| named.mailbox != person);
                }
                Arc::new(request)
            })
            .collect();
        let mailboxes = |requests: &[Arc<Request>]| -> Vec<_> {
            let desired = fold_requests(requests, AS_OF, &UnverifiedApprovals::new());
            let each = desired.mailboxes.into_iter();
            each.map(|wanted| (wanted.mailbox, wanted.target, wanted.request.id.clone())).collect()
        };
        let mut expected = mailboxes(&requests);
        expected.retain(|(mailbox, ..)| *mailbox != person);
        prop_assert_eq!(mailboxes(&without), expected);
    }

    #[test]
    fn file_order_is_irrelevant(requests in requests(), observed in observed(), seed in any::<u64>()) {
        let mut shuffled = requests.clone();
        // A fixed shuffle from the seed: only a different order matters.
        for index in (1..shuffled.len()).rev() {
            let other = (seed.rotate_left(index as u32) % (index as u64 + 1)) as usize;
            shuffled.swap(index, other);
        }
        prop_assert_eq!(planned(&requests, &observed), planned(&shuffled, &observed));
    }

    #[test]
    fn every_change_has_an_approved_due_request(requests in requests(), observed in observed()) {
        let plan = planned(&requests, &observed);
        let withdrawn: BTreeSet<&str> = requests.iter().filter_map(|request| match &request.action {
            Action::Withdraw { withdraws } if request.effect_day().is_some_and(|day| day <= AS_OF) => Some(withdraws.as_str()),
            _ => None,
        }).collect();
        for change in &plan.changes {
            let request = requests.iter().find(|request| request.id == change.request.id).unwrap();
            let approved = request.approved_on().expect("an approval");
            prop_assert!(approved <= AS_OF);
            prop_assert!(request.effective.is_none_or(|day| day <= AS_OF));
            prop_assert!(!withdrawn.contains(request.id.as_str()));
            match &request.action {
                Action::Change { target, mailboxes } => {
                    prop_assert_eq!(*target, change.target);
                    prop_assert!(mailboxes.iter().any(|named| named.mailbox == change.mailbox));
                }
                Action::Withdraw { .. } => prop_assert!(false, "a withdrawal changed something"),
            }
        }
    }

    #[test]
    fn unnamed_mailboxes_are_never_changed(requests in requests(), observed in observed()) {
        let plan = planned(&requests, &observed);
        for change in &plan.changes {
            prop_assert!(change.mailbox != mailbox(8) && change.mailbox != mailbox(9));
            prop_assert!(requests.iter().any(|request| request.mailboxes().iter().any(|named| named.mailbox == change.mailbox)));
        }
    }

    #[test]
    fn protected_held_and_inactive_mailboxes_are_unchanged(requests in requests(), observed in observed()) {
        for change in &planned(&requests, &observed).changes {
            let account = observed.find_mailbox(&change.mailbox).expect("an account");
            prop_assert_eq!(&account.account, &AccountState::Active);
            if change.target == Target::Terminated {
                prop_assert!(!account.hold);
                prop_assert!(change.mailbox != mailbox(7));
                prop_assert_eq!(&account.state, &State::Enabled);
            }
        }
    }

    #[test]
    fn a_plan_after_apply_is_empty(requests in requests(), observed in observed()) {
        let first = planned(&requests, &observed);
        let second = planned(&requests, &applied(&first, &observed));
        prop_assert!(second.changes.is_empty(), "{:?}", second.changes);
        prop_assert_eq!(second.in_sync, first.in_sync + first.changes.len());
        prop_assert_eq!(second.blocked, first.blocked);
    }

    #[test]
    fn every_desired_mailbox_is_counted_once(requests in requests(), observed in observed()) {
        let desired = fold_requests(&requests, AS_OF, &UnverifiedApprovals::new());
        let plan = planned(&requests, &observed);
        let counted = plan.changes.len() + plan.blocked.len() + plan.in_progress.len() + plan.in_sync;
        prop_assert_eq!(counted, desired.mailboxes.len());
    }

    #[test]
    fn changes_are_sorted_with_terminations_first(requests in requests(), observed in observed()) {
        let plan = planned(&requests, &observed);
        let keys: Vec<_> = plan.changes.iter().map(|change| (change.target == Target::Enabled, change.mailbox.clone())).collect();
        prop_assert!(keys.is_sorted());
    }

    #[test]
    fn a_different_portal_state_gives_another_digest(requests in requests(), observed in observed()) {
        let plan = planned(&requests, &observed);
        if let Some(change) = plan.changes.first() {
            let moved = observed.mailboxes().iter().cloned().map(|mut account| {
                if account.id == change.id { account.version = Some("W/\"2\"".into()); }
                account
            });
            let moved = Observed::new(moved.collect(), true);
            prop_assert!(planned(&requests, &moved).digest != plan.digest);
        }
    }
    #[test]
    fn a_pull_request_plan_equals_its_merge(requests in requests(), observed in observed(), own in any::<u16>(), approves in any::<u16>()) {
        // The requests on main: without those that the pull request adds or approves.
        let has = |bits: u16, number: usize| bits & (1 << number) != 0;
        let base: Vec<Arc<Request>> = requests.iter().enumerate()
            .filter(|(number, _)| !has(own, *number))
            .map(|(number, request)| {
                let mut request = Request::clone(request);
                if has(approves, number) { request.approval_state = ApprovalState::pending(); }
                Arc::new(request)
            })
            .collect();
        let (before, after) = (fold_requests(&base, AS_OF, &UnverifiedApprovals::new()), fold_requests(&requests, AS_OF, &UnverifiedApprovals::new()));
        let beyond = after.difference_from(&before);
        let same = before.clone().keep_only(&beyond.named, &base);
        // Only those mailboxes are looked up.
        let delta = plan_pull_request(&beyond, &same, &after, &observed.clone().keep_only(&beyond.named), &policy());
        let (old, new) = (keys(&planned(&base, &observed)), keys(&planned(&requests, &observed)));
        prop_assert_eq!(keys(&delta.plan), new.difference(&old).cloned().collect::<BTreeSet<_>>());
        let prevented: BTreeSet<_> = delta.prevented.iter().map(key).collect();
        prop_assert_eq!(prevented, old.difference(&new).cloned().collect::<BTreeSet<_>>());
    }

    #[test]
    fn unverified_approvals_change_nothing(requests in requests(), observed in observed(), unverified in any::<u16>()) {
        let unverified: UnverifiedApprovals = (0..requests.len())
            .filter(|number| unverified & (1 << number) != 0)
            .map(|number| (id(number), unsigned()))
            .collect();
        let desired = fold_requests(&requests, AS_OF, &unverified);
        let plan = plan(&desired, &observed, &policy());
        for change in &plan.changes {
            prop_assert!(!unverified.contains_key(&change.request.id));
            let withdraws = |request: &&Arc<Request>| matches!(&request.action, Action::Withdraw { withdraws } if *withdraws == change.request.id);
            for withdrawal in requests.iter().filter(withdraws) {
                let is_due = withdrawal.effect_day().is_some_and(|day| day <= AS_OF);
                prop_assert!(!(is_due && unverified.contains_key(&withdrawal.id)));
            }
        }
        let without = keys(&planned(&requests, &observed));
        prop_assert!(keys(&plan).is_subset(&without), "a doubt brought a change about");
    }
}
