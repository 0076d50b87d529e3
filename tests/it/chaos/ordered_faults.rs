//! Ordered faults instead of random ones: how arkib handles inconsistent lists, and what it reports
//! for a change that fails in a given way.

use arkib::apply::{Outcome, Stop, apply};
use arkib::devportal;
use arkib::devportal::{Options, Roster, RunningPortal};
use arkib::domain::approval::verification::UnverifiedApprovals;
use arkib::domain::archive_state::Target;
use arkib::domain::desired::fold_requests;
use arkib::domain::mapping::scim::Mapping;
use arkib::domain::plan::plan;
use arkib::portal::PortalReader as _;
use arkib::portal::scim;
use arkib::portal::scim::{ConnectionConfig, Outage};
use jiff::civil::date;
use secrecy::SecretString;

use super::fault::Fault;
use super::fault_proxy::{FaultProxy, RequestFaults};
use super::other_actors::OtherAction;
use super::request_kind::RequestKind;
use super::run::{NoJournal, TOKEN, apply_limits, limits};
use crate::limits::request;

pub const GOOD: RequestFaults = RequestFaults {
    seed: 7,
    faults: 0,
    outage: None,
    others: 0,
    skewed: false,
    cursors: false,
    keeps_holds: true,
    if_match: true,
};

/// A fault, and an action of someone else after it.
type OrderedFault = (Fault, Option<OtherAction>);

pub fn is_any(_: &RequestKind) -> bool {
    true
}

fn is_change(kind: &RequestKind) -> bool {
    !kind.changes().is_empty()
}

pub async fn portal(mailboxes: usize, page_size: usize, state: &str) -> RunningPortal {
    let rows = (0..mailboxes).map(|number| format!("m{number:04}@agensi.example,{state}\n"));
    let csv: String = std::iter::once("mailbox,state\n".to_owned()).chain(rows).collect();
    let mut options = Options::new(SecretString::from(TOKEN));
    options.roster = Some(Roster::read(csv.as_bytes(), "roster").unwrap());
    options.page_size = page_size;
    devportal::start(options).await.unwrap()
}

/// A list that contradicts itself is not trusted, and is read again.
#[tokio::test]
async fn an_inconsistent_list_is_read_again() {
    let faults = [Fault::Gap, Fault::Repeated, Fault::SamePage, Fault::Total];
    for page_size in [3, 12] {
        // Some pages of the small size, and more than one of the large.
        let portal = portal(14, page_size, "disabled").await;
        for (cursors, paging) in [(false, Fault::Shifted), (true, Fault::Expired)] {
            for fault in faults.into_iter().chain([paging]) {
                let request_faults = RequestFaults { cursors, ..GOOD };
                let proxy = FaultProxy::start_before(portal.url(), request_faults).await;
                let endpoint =
                    ConnectionConfig::new(&proxy.url, SecretString::from(TOKEN)).unwrap();
                let reader =
                    scim::connect(&endpoint, &limits(), &Mapping::default()).await.unwrap();
                // Pages of the first reading can replace later ones.
                reader.read_all(&Default::default(), &|_, _| {}).await.unwrap();
                for _ in 0..3 {
                    proxy.order(is_any, fault, None);
                    let observed = reader.read_all(&Default::default(), &|_, _| {}).await.unwrap();
                    assert_eq!(observed.mailboxes().len(), 14, "{fault:?}");
                }
                assert_eq!(proxy.injected().len(), 3, "{fault:?}");
            }
        }
        portal.stop().await;
    }
}

/// The outcome of one termination with faults of such requests, and how often this run made it.
async fn terminated(orders: &[OrderedFault], of: fn(&RequestKind) -> bool) -> (Outcome, usize) {
    let portal = portal(1, 1000, "enabled").await;
    let proxy = FaultProxy::start_before(portal.url(), GOOD).await;
    let mut endpoint = ConnectionConfig::new(&proxy.url, SecretString::from(TOKEN)).unwrap();
    let outage = Outage::new(|_| {}, || Box::pin(std::future::pending()));
    endpoint.outage = Some(std::sync::Arc::new(outage));
    let reader = scim::connect(&endpoint, &limits(), &Mapping::default()).await.unwrap();
    let observed = reader.read_all(&Default::default(), &|_, _| {}).await.unwrap();
    let requests = [request("R-1", Target::Terminated, 0, 1)];
    let desired = fold_requests(&requests, date(2026, 11, 23), &UnverifiedApprovals::new());
    let mut policy = crate::properties::policy();
    policy.limits.terminations_percent = 100;
    let plan = plan(&desired, &observed, &policy);
    let writer = scim::connect_to_write(&endpoint, &limits(), &Mapping::default()).await.unwrap();
    for (fault, other_action) in orders {
        let reads = *fault == Fault::Stale;
        proxy.order(if reads { is_any } else { of }, *fault, *other_action);
    }
    let cleared = plan.clear_to_run(&[], true).unwrap();
    let mut outcomes =
        apply(cleared, &writer, &reader, apply_limits(1), &Stop::default(), &NoJournal).await;
    proxy.wait_until_idle().await;
    let other_actions = orders.iter().filter(|(_, other_action)| other_action.is_some()).count();
    let injected = proxy.injected();
    assert_eq!(injected.len(), orders.len() + other_actions, "{orders:?}: {injected:?}");
    let trail = proxy.audit().await;
    let made =
        trail.iter().filter(|entry| entry.to == "terminated" && entry.request == "R-1").count();
    portal.stop().await;
    (outcomes.remove(0), made)
}

#[tokio::test]
async fn reported_outcomes_are_true() {
    use Fault::*;
    use OtherAction::*;
    let _ = rustls::crypto::ring::default_provider().install_default();
    let cases: [(&[OrderedFault], &str, usize); 13] = [
        (&[(DoneBut500, None)], "already-so", 1),
        (&[(LostBefore, None)], "applied", 1),
        // It lands before or after the mailbox is read again.
        (&[(LandsLate, None)], "applied or already-so", 1),
        (&[(NoContent, None)], "applied", 1),
        // Reported as made but not made; then it is sent once more, in another form.
        (&[(Forgotten, None)], "applied", 1),
        (&[(Forgotten, None), (Forgotten, None)], "unknown", 0),
        (&[(Broken, None), (Broken, None), (Broken, None)], "unknown", 0),
        // Made immediately, but every later answer hides it.
        (
            &[
                (DoneBut500, None),
                (Stale, None),
                (Broken, None),
                (Stale, None),
                (Broken, None),
                (Stale, None),
            ],
            "unknown",
            1,
        ),
        // Made, undone, and then no request is accepted.
        (
            &[(DoneBut500, Some(Undo)), (TooMany, None), (TooMany, None), (TooMany, None)],
            "unknown",
            1,
        ),
        // Reported as made but not made; someone else made it.
        (&[(Forgotten, Some(Same))], "already-so", 0),
        // Someone else made it while this run could not.
        (&[(Broken, Some(Same))], "already-so", 0),
        // Someone else undid it, and it was made again.
        (&[(DoneBut500, Some(Undo))], "applied", 2),
        // Made by this run or not, it may not be terminated now.
        (&[(LostBefore, Some(Hold))], "unknown", 0),
    ];
    for (orders, expected, times) in cases {
        let (outcome, made) = terminated(orders, is_change).await;
        let is_expected = expected.split(" or ").any(|word| word == outcome.as_str());
        assert!(is_expected && made == times, "{orders:?}: {outcome:?}, made {made} times");
    }
}

#[tokio::test]
async fn a_portal_that_is_away_for_a_second_fails_no_change() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    // As often as one request is sent at most.
    let orders = [(Fault::LostBefore, None); 3];
    let (outcome, made) = terminated(&orders, is_any).await;
    assert_eq!((outcome.as_str(), made), ("applied", 1), "{outcome:?}");
}
