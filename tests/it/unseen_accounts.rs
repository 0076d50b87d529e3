//! Not seen is not done: whatever a portal hides, renames, makes anew or garbles, nothing says that a
//! request was done that the portal's own trail does not have; and nothing is done to the account of
//! another person.

use std::collections::HashSet;
use std::sync::Arc;

use arkib::domain::approval::verification::UnverifiedApprovals;
use arkib::domain::archive_state::{AccountState, State, Target};
use arkib::domain::change_outcome::OutcomeKind;
use arkib::domain::desired::fold_requests;
use arkib::domain::lifecycle::{LifecycleInput, Stage, request_lifecycles};
use arkib::domain::local_time::noon;
use arkib::domain::mailbox_address::Mailbox;
use arkib::domain::notice::Kind;
use arkib::domain::notice::due::{NoticeFacts, due_notices};
use arkib::domain::observed::{Observed, ObservedMailbox};
use arkib::domain::plan::{Plan, plan};
use arkib::domain::policy::PortalKind;
use arkib::domain::record::chain::RunRecord;
use arkib::domain::record::entry::{Begun, Event, FORMAT, Intent, OutcomeEvent, RecordLine};
use arkib::domain::record::history::{History, last_done_requests};
use arkib::domain::request::Request;
use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::limits::request;
use crate::properties::{config, mailbox, policy};

/// The day of the approvals; the first run is two days later.
const APPROVED: Date = date(2026, 11, 2);
/// Addresses that requests name.
const NAMED: u8 = 4;

/// An account as the portal has it.
#[derive(Debug, Clone)]
struct Account {
    key: u32,
    address: Mailbox,
    state: State,
    created: Option<Date>,
    is_hidden: bool,
    is_garbled: bool,
}

/// What happens in the portal between two runs, to the account of that address.
#[derive(Debug, Clone, Copy)]
enum PortalEvent {
    Hide(u8),
    Show(u8),
    Garble(u8),
    Rename(u8),
    Delete(u8),
    MakeAnew(u8),
}

fn portal_event() -> impl Strategy<Value = PortalEvent> {
    use PortalEvent::{Delete, Garble, Hide, MakeAnew, Rename, Show};
    let kinds = [Hide, Show, Garble, Rename, Delete, MakeAnew];
    (0..kinds.len(), 0..NAMED).prop_map(move |(kind, number)| kinds[kind](number))
}

/// The portal, with its own trail: what was done to which account, by which request.
struct Portal {
    accounts: Vec<Account>,
    next_key: u32,
    trail: HashSet<(u32, Mailbox, String)>,
    shows_created: bool,
}

impl Portal {
    fn happens(&mut self, event: PortalEvent, today: Date) {
        use PortalEvent::{Delete, Garble, Hide, MakeAnew, Rename, Show};
        let (Hide(n) | Show(n) | Garble(n) | Rename(n) | Delete(n) | MakeAnew(n)) = event;
        if let MakeAnew(_) | Delete(_) = event {
            self.accounts.retain(|account| account.address != mailbox(n));
        }
        if let MakeAnew(_) = event {
            self.next_key += 1;
            let account = self.new_account(self.next_key, mailbox(n), Some(today), State::Enabled);
            self.accounts.push(account);
        }
        for account in self.accounts.iter_mut().filter(|account| account.address == mailbox(n)) {
            match event {
                Hide(_) => account.is_hidden = true,
                Show(_) => (account.is_hidden, account.is_garbled) = (false, false),
                Garble(_) => account.is_garbled = true,
                Rename(_) => account.address = mailbox(n + 100),
                Delete(_) | MakeAnew(_) => {}
            }
        }
    }

    fn new_account(
        &self,
        key: u32,
        address: Mailbox,
        created: Option<Date>,
        state: State,
    ) -> Account {
        Account { key, address, state, created, is_hidden: false, is_garbled: false }
    }

    /// What arkib reads of it.
    fn shown(&self) -> Observed {
        let each = self.accounts.iter().filter(|account| !account.is_hidden);
        let shown = each.map(|account| ObservedMailbox {
            mailbox: match account.is_garbled {
                true => Mailbox::from_portal(&format!("{}\u{200b}", account.address)),
                false => account.address.clone(),
            },
            id: account.key.to_string().into(),
            version: None,
            state: account.state.clone(),
            account: AccountState::Active,
            hold: false,
            request: None,
            changed_at: None,
            modified_at: None,
            recoverable_until: None,
            created: account.created.filter(|_| self.shows_created).map(noon),
            person: None,
        });
        Observed::new(shown.collect(), true)
    }

    /// Makes the changes of a plan, and gives the record of it.
    fn make_changes(&mut self, plan: &Plan, run: usize, today: Date) -> RunRecord {
        let mut events = vec![Event::Begun(begun(today))];
        for change in &plan.changes {
            let key: u32 = change.id.parse().unwrap();
            let account = self.accounts.iter_mut().find(|account| account.key == key).unwrap();
            account.state = match change.target {
                Target::Enabled => State::Enabled,
                Target::Terminated => State::Terminated,
            };
            let request = change.request.id.to_string();
            let address = change.mailbox.to_string();
            self.trail.insert((key, change.mailbox.clone(), request.clone()));
            events.push(Event::Intent(Intent {
                mailbox: address.clone(),
                action: change.target,
                request: request.clone(),
                from: change.from.to_string(),
                id: change.id.to_string(),
            }));
            events.push(Event::Outcome(OutcomeEvent {
                is_settling: false,
                mailbox: address,
                request,
                outcome: OutcomeKind::Applied,
                detail: None,
            }));
        }
        let line = |(number, event)| RecordLine {
            seq: number as u64,
            at: noon(today).to_string(),
            prev: Vec::new(),
            event,
            hash: format!("{run}-{number}"),
        };
        let lines = events.into_iter().enumerate();
        RunRecord {
            file: format!("{run}.jsonl").into(),
            lines: lines.map(|(number, event)| (number + 1, line((number, event)))).collect(),
            findings: Vec::new(),
            is_under_way: false,
        }
    }
}

fn begun(today: Date) -> Begun {
    Begun {
        format: FORMAT.into(),
        arkib: "0".into(),
        agency: "CONTOH".into(),
        by: "test".into(),
        job: None,
        portal: PortalKind::Embedded,
        export: None,
        commit: None,
        accepted: true,
        policy: String::new(),
        plan: String::new(),
        as_of: today.to_string(),
        changes: 0,
        hand_over: None,
        shard: None,
    }
}

/// A request for each named address.
fn requests(targets: &[bool]) -> Vec<Arc<Request>> {
    let each = targets.iter().enumerate();
    each.map(|(number, is_enable)| {
        let target = if *is_enable { Target::Enabled } else { Target::Terminated };
        let mut request =
            Request::clone(&request(&format!("R-{number}"), target, number, number + 1));
        if let arkib::domain::request::Action::Change { mailboxes, .. } = &mut request.action {
            mailboxes[0].mailbox = mailbox(number as u8);
        }
        Arc::new(request)
    })
    .collect()
}

/// Runs arkib's pure part once and checks what it says against the portal.
fn check_run(
    portal: &mut Portal,
    requests: &[Arc<Request>],
    runs: &mut Vec<RunRecord>,
    today: Date,
) -> Result<(), TestCaseError> {
    let policy = policy();
    let desired = fold_requests(requests, today, &UnverifiedApprovals::new());
    let recorded = last_done_requests(runs, true, None);
    let observed = portal.shown().with_recorded_requests(recorded);
    let plan = plan(&desired, &observed, &policy);
    for change in &plan.changes {
        let key: u32 = change.id.parse().unwrap();
        let account = portal.accounts.iter().find(|account| account.key == key).unwrap();
        prop_assert_eq!(&account.address, &change.mailbox);
        let is_younger = account.created.is_some_and(|created| created > APPROVED);
        prop_assert!(!portal.shows_created || !is_younger, "{change:?} of another person");
        let request = change.request.id.to_string();
        let is_of_another = |(known, address, by): &(u32, Mailbox, String)| {
            *known != key && *address == change.mailbox && *by == request
        };
        prop_assert!(!portal.trail.iter().any(is_of_another), "{change:?} is another account");
    }
    let record = portal.make_changes(&plan, runs.len(), today);
    runs.push(record);
    // What is said after the run, about what the portal shows then.
    let recorded = last_done_requests(runs, true, None);
    let observed = portal.shown().with_recorded_requests(recorded);
    let plan = arkib::domain::plan::plan(&desired, &observed, &policy);
    let history = History::from_runs(runs);
    let lifecycles = request_lifecycles(&LifecycleInput {
        requests,
        desired: &desired,
        portal: Some((&observed, &plan)),
        history: &history,
    });
    let is_true = |request: &str, mailbox: &Mailbox, target: Target| {
        let is_in_trail =
            portal.trail.iter().any(|(_, address, by)| address == mailbox && by == request);
        let is_seen = portal.accounts.iter().any(|account| {
            account.address == *mailbox
                && !account.is_hidden
                && !account.is_garbled
                && target.is_met_by(&account.state)
        });
        is_in_trail || is_seen
    };
    for lifecycle in &lifecycles {
        for user in &lifecycle.mailboxes {
            let target = lifecycle.request.target().unwrap();
            let is_done = user.stage == Stage::Done;
            prop_assert!(
                !is_done || is_true(lifecycle.request.id.as_str(), &user.mailbox, target),
                "done: {user:?}"
            );
        }
    }
    let facts = NoticeFacts {
        lifecycles: &lifecycles,
        history: &history,
        since: date(2026, 1, 1),
        as_of: today,
        recoverable_days: None,
        observed: Some(&observed),
        again: &[],
        again_to: None,
    };
    for notice in due_notices(&facts) {
        if let Kind::Enabled | Kind::Terminated = notice.kind {
            let target = notice.request.target().unwrap();
            for about in &notice.mailboxes {
                let request = notice.request.id.as_str();
                prop_assert!(is_true(request, &about.mailbox, target), "{notice:?}");
            }
            // It goes to the person whom it is about.
            let account = observed.find_mailbox(&notice.to);
            let is_other = account.is_some_and(|account| plan.over.contains(&account.mailbox));
            prop_assert!(!is_other, "to another person: {notice:?}");
        }
    }
    Ok(())
}

proptest! {
    // CI runs 20,000.
    #![proptest_config(config(1_000))]

    #[test]
    fn nothing_unseen_is_said_to_be_done(
        targets in vec(any::<bool>(), usize::from(NAMED)),
        is_there in vec(any::<bool>(), usize::from(NAMED)),
        shows_created in any::<bool>(),
        rounds in vec(vec(portal_event(), 0..4), 1..4),
    ) {
        let requests = requests(&targets);
        let mut portal =
            Portal { accounts: Vec::new(), next_key: 0, trail: HashSet::new(), shows_created };
        for number in (0..NAMED).filter(|number| is_there[usize::from(*number)]) {
            portal.next_key += 1;
            let state = if number % 2 == 0 { State::Enabled } else { State::Disabled };
            let account =
                portal.new_account(portal.next_key, mailbox(number), None, state);
            portal.accounts.push(account);
        }
        let mut runs = Vec::new();
        let mut today = APPROVED + 2.days();
        for events in rounds {
            for event in events {
                portal.happens(event, today);
            }
            check_run(&mut portal, &requests, &mut runs, today)?;
            today += 1.day();
        }
    }
}
