//! The limits of a plan, at their exact boundaries.

use std::sync::{Arc, LazyLock};

use arkib::domain::approval::verification::UnverifiedApprovals;
use arkib::domain::archive_state::Target;
use arkib::domain::archive_state::{AccountState, State};
use arkib::domain::desired::fold_requests;
use arkib::domain::mailbox_address::Mailbox;
use arkib::domain::observed::{Observed, ObservedMailbox};
use arkib::domain::plan::{Plan, plan};
use arkib::domain::policy::ChangeLimits;
use arkib::domain::request::approval_state::ApprovalState;
use arkib::domain::request::{
    Action, Approval, Channel, Received, Request, RequestId, RequestedMailbox,
};
use jiff::civil::date;

/// The mailboxes of most plans are parsed once for all of them.
fn address(number: usize) -> Mailbox {
    static FIRST: LazyLock<Vec<Mailbox>> = LazyLock::new(|| (0..1_000).map(parsed).collect());
    FIRST.get(number).cloned().unwrap_or_else(|| parsed(number))
}

fn parsed(number: usize) -> Mailbox {
    Mailbox::parse(&format!("m{number:04}@agensi.example")).unwrap()
}

pub fn request(id: &str, target: Target, from: usize, to: usize) -> Arc<Request> {
    Arc::new(Request {
        id: RequestId::parse(id).unwrap(),
        file: format!("requests/{id}.yaml").into(),
        action: Action::Change {
            target,
            mailboxes: (from..to)
                .map(|number| RequestedMailbox { mailbox: address(number), line: 1 })
                .collect(),
        },
        received: Received {
            date: date(2026, 11, 1),
            channel: Channel::Memo,
            reference: "R".into(),
            from: None,
            name: None,
            file: None,
        },
        approvals: vec![Approval {
            by: Mailbox::parse("approver@agensi.example").unwrap(),
            date: date(2026, 11, 2),
            signature: None,
        }],
        approval_state: ApprovalState::Approved(date(2026, 11, 2)),
        effective: None,
        reason: None,
        evidence: Vec::new(),
    })
}

/// The state of the account with this number.
type AccountFault = fn(usize) -> AccountState;

/// Of `all` archives that are there, the first `ended` are to be terminated and the rest kept;
/// `fresh` more are to be enabled. `present` of all these mailboxes are in the portal.
pub fn planned(
    all: usize,
    ended: usize,
    fresh: usize,
    present: usize,
    limits: ChangeLimits,
) -> Plan {
    planned_with(all, ended, fresh, present, limits, |_| AccountState::Active)
}

fn planned_with(
    all: usize,
    ended: usize,
    fresh: usize,
    present: usize,
    limits: ChangeLimits,
    account: AccountFault,
) -> Plan {
    let requests = [
        request("R-1", Target::Terminated, 0, ended),
        request("R-2", Target::Enabled, ended, all + fresh),
    ];
    let read = (0..present).map(|number| ObservedMailbox {
        mailbox: address(number),
        id: format!("{number}").into(),
        version: None,
        state: if number < all { State::Enabled } else { State::Disabled },
        account: account(number),
        hold: false,
        request: None,
        changed_at: None,
        modified_at: None,
        recoverable_until: None,
        created: None,
        person: None,
    });
    let mut desired = fold_requests(&requests, date(2026, 11, 23), &UnverifiedApprovals::new());
    // The archives that stay, without new ones.
    desired.kept = all - ended;
    let policy =
        arkib::domain::policy::Policy { limits, protected: vec![], ..crate::properties::policy() };
    plan(&desired, &Observed::new(read.collect(), true), &policy)
}

fn refused(plan: &Plan) -> Vec<&'static str> {
    plan.refusals.iter().map(arkib::domain::plan::Refusal::code).collect()
}

const NONE: [&str; 0] = [];
const WIDE: ChangeLimits =
    ChangeLimits { terminations: 10_000, terminations_percent: 100, changes: 10_000 };

#[test]
fn limits_the_number_of_terminations() {
    let limits = ChangeLimits { terminations: 3, ..WIDE };
    assert_eq!(refused(&planned(100, 3, 0, 100, limits)), NONE);
    assert_eq!(refused(&planned(100, 4, 0, 100, limits)), ["terminations"]);
    let zero = ChangeLimits { terminations: 0, ..WIDE };
    assert_eq!(refused(&planned(100, 1, 0, 100, zero)), ["terminations"]);
}

#[test]
fn limits_the_percentage_of_terminations() {
    let limits = ChangeLimits { terminations_percent: 5, ..WIDE };
    assert_eq!(refused(&planned(100, 5, 0, 100, limits)), NONE);
    assert_eq!(refused(&planned(100, 6, 0, 100, limits)), ["terminations-percent"]);
    assert_eq!(refused(&planned(99, 5, 0, 99, limits)), ["terminations-percent"]);
    // Small agencies count, too.
    assert_eq!(refused(&planned(4, 1, 0, 4, limits)), ["terminations-percent"]);
}

#[test]
fn limits_the_number_of_changes() {
    let limits = ChangeLimits { changes: 7, ..WIDE };
    assert_eq!(refused(&planned(10, 2, 5, 15, limits)), NONE);
    assert_eq!(refused(&planned(10, 2, 6, 16, limits)), ["changes"]);
}

#[test]
fn refuses_a_portal_that_lost_mailboxes() {
    assert_eq!(refused(&planned(10, 0, 0, 5, WIDE)), NONE);
    assert_eq!(refused(&planned(10, 0, 0, 4, WIDE)), ["portal-shrunken"]);
    assert_eq!(refused(&planned(10, 0, 0, 0, WIDE)), ["portal-empty"]);
    // A single missing mailbox may be misspelt or deleted.
    assert_eq!(refused(&planned(1, 0, 0, 0, WIDE)), ["portal-empty"]);
    assert_eq!(refused(&planned(2, 0, 0, 1, WIDE)), NONE);
    // Inactive accounts are blocked one by one, and do not count as missing.
    let disabled = |_| AccountState::Disabled;
    let plan = planned_with(0, 0, 10, 10, WIDE, disabled);
    assert_eq!((plan.blocked.len(), refused(&plan)), (10, NONE.to_vec()));
}

#[test]
fn refuses_when_most_archives_are_gone() {
    let with = |gone: usize, by: Option<&str>| {
        let requests = [request("R-1", Target::Enabled, 0, 10)];
        let read = (0..10).map(|number| ObservedMailbox {
            mailbox: address(number),
            id: format!("{number}").into(),
            version: None,
            state: if number < gone { State::Disabled } else { State::Enabled },
            account: AccountState::Active,
            hold: false,
            request: by.map(Into::into),
            changed_at: None,
            modified_at: None,
            recoverable_until: None,
            created: None,
            person: None,
        });
        let mut desired = fold_requests(&requests, date(2026, 11, 23), &UnverifiedApprovals::new());
        desired.kept = 10;
        let policy = arkib::domain::policy::Policy {
            limits: WIDE,
            protected: vec![],
            ..crate::properties::policy()
        };
        plan(&desired, &Observed::new(read.collect(), true), &policy)
    };
    // Someone may have disabled half of them; more looks like a changed meaning of words.
    assert_eq!(refused(&with(5, Some("R-1"))), NONE);
    assert_eq!(refused(&with(6, Some("R-1"))), ["changes-undone"]);
    // What was never enabled is not gone.
    assert_eq!(refused(&with(10, None)), NONE);
    let plan = with(6, Some("R-1"));
    assert!(plan.clear_to_run(&[plan.digest.to_string()], true).is_ok());
}

#[test]
fn accept_applies_to_one_plan() {
    let limits = ChangeLimits { changes: 1, ..WIDE };
    let (one, other) = (planned(9, 1, 2, 11, limits), planned(9, 2, 1, 10, limits));
    assert!(one.clear_to_run(&[], true).is_err());
    for length in [32, 64] {
        let accepted = [one.digest.to_string()[..length].to_owned()];
        assert!(one.clear_to_run(&accepted, true).is_ok());
        assert!(other.clear_to_run(&accepted, true).is_err());
        assert!(other.clear_to_run(&accepted, false).is_err());
    }
    assert!(one.clear_to_run(&[one.digest.to_string()[..31].to_owned()], true).is_err());
    // Within its limits, but another plan was accepted: refused, unless the digest may be another
    // agency's.
    let within = planned(9, 0, 1, 10, limits);
    let accepted = [one.digest.to_string()];
    assert!(within.clear_to_run(&accepted, true).is_err());
    assert!(within.clear_to_run(&accepted, false).is_ok());
}
