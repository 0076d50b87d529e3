//! Faults that are ordered and not left to chance: what arkib makes of lists that are none, and what
//! it tells of a change that goes wrong in a given way.

use arkib::apply::{Outcome, Stop, apply};
use arkib::devportal;
use arkib::devportal::{Options, Roster, Running};
use arkib::domain::approval::UnverifiedApprovals;
use arkib::domain::archive::Target;
use arkib::domain::desired::fold;
use arkib::domain::mapping::scim::Mapping;
use arkib::domain::plan::plan;
use arkib::portal::PortalRead as _;
use arkib::portal::scim;
use arkib::portal::scim::Endpoint;
use jiff::civil::date;
use secrecy::SecretString;

use super::asks::Asks;
use super::fault::Fault;
use super::others::Deed;
use super::run::{Silent, TOKEN, limits};
use super::storm::{RequestFaults, Storm};
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

/// A fault, and what someone else then does.
type Happens = (Fault, Option<Deed>);

pub fn is_any(_: &Asks) -> bool {
    true
}

fn is_change(asks: &Asks) -> bool {
    !asks.changes().is_empty()
}

pub async fn portal(mailboxes: usize, page_size: usize, state: &str) -> Running {
    let rows = (0..mailboxes).map(|number| format!("m{number:04}@agensi.example,{state}\n"));
    let csv: String = std::iter::once("mailbox,state\n".to_owned())
        .chain(rows)
        .collect();
    let mut options = Options::new(SecretString::from(TOKEN));
    options.roster = Some(Roster::read(csv.as_bytes(), "roster").unwrap());
    options.page_size = page_size;
    devportal::start(options).await.unwrap()
}

/// A list that contradicts itself is not believed, and another reading mends it.
#[tokio::test]
async fn a_list_that_is_spoilt_is_read_again() {
    let faults = [Fault::Gap, Fault::Repeated, Fault::SamePage, Fault::Total];
    for page_size in [3, 12] {
        let portal = portal(30, page_size, "disabled").await;
        for (cursors, paging) in [(false, Fault::Shifted), (true, Fault::Expired)] {
            for fault in faults.into_iter().chain([paging]) {
                let request_faults = RequestFaults { cursors, ..GOOD };
                let storm = Storm::before(portal.url(), request_faults).await;
                let endpoint = Endpoint::new(&storm.url, SecretString::from(TOKEN)).unwrap();
                let reader = scim::connect(&endpoint, &limits(), &Mapping::default())
                    .await
                    .unwrap();
                // Pages of the first reading can be put in place of later ones.
                reader
                    .read_all(&Default::default(), &|_, _| {})
                    .await
                    .unwrap();
                for _ in 0..3 {
                    storm.order(is_any, fault, None);
                    let observed = reader
                        .read_all(&Default::default(), &|_, _| {})
                        .await
                        .unwrap();
                    assert_eq!(observed.mailboxes().len(), 30, "{fault:?}");
                }
                assert_eq!(storm.dealt().len(), 3, "{fault:?}");
            }
        }
        portal.stop().await;
    }
}

/// What becomes of one termination, and how often this run made it.
async fn terminated(orders: &[Happens]) -> (Outcome, usize) {
    let portal = portal(1, 1000, "enabled").await;
    let storm = Storm::before(portal.url(), GOOD).await;
    let endpoint = Endpoint::new(&storm.url, SecretString::from(TOKEN)).unwrap();
    let reader = scim::connect(&endpoint, &limits(), &Mapping::default())
        .await
        .unwrap();
    let observed = reader
        .read_all(&Default::default(), &|_, _| {})
        .await
        .unwrap();
    let requests = [request("R-1", Target::Terminated, 0, 1)];
    let desired = fold(&requests, date(2026, 11, 23), &UnverifiedApprovals::new());
    let mut policy = crate::properties::policy();
    policy.limits.terminations_percent = 100;
    let plan = plan(&desired, &observed, &policy);
    let writer = scim::connect_to_write(&endpoint, &limits(), &Mapping::default())
        .await
        .unwrap();
    for (fault, deed) in orders {
        let reads = *fault == Fault::Stale;
        storm.order(if reads { is_any } else { is_change }, *fault, *deed);
    }
    let cleared = plan.clear(&[], true).unwrap();
    let mut outcomes = apply(cleared, &writer, 1, &Stop::default(), &Silent).await;
    storm.settles().await;
    let deeds = orders.iter().filter(|(_, deed)| deed.is_some()).count();
    let dealt = storm.dealt();
    assert_eq!(dealt.len(), orders.len() + deeds, "{orders:?}: {dealt:?}");
    let trail = storm.audit().await;
    let made = trail
        .iter()
        .filter(|it| it.to == "terminated" && it.request == "R-1")
        .count();
    portal.stop().await;
    (outcomes.remove(0), made)
}

#[tokio::test]
async fn what_is_told_of_a_change_is_what_became_of_it() {
    use Deed::*;
    use Fault::*;
    let _ = rustls::crypto::ring::default_provider().install_default();
    let cases: [(&[Happens], &str, usize); 12] = [
        (&[(DoneBut500, None)], "applied", 1),
        (&[(LostBefore, None)], "applied", 1),
        (&[(LandsLate, None)], "applied", 1),
        (&[(NoContent, None)], "applied", 1),
        (&[(Forgotten, None)], "unknown", 0),
        (
            &[(Broken, None), (Broken, None), (Broken, None)],
            "unknown",
            0,
        ),
        // Done at once, and everything after that hides it.
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
        // Made, taken back, and then nothing more is taken.
        (
            &[
                (DoneBut500, Some(Undo)),
                (TooMany, None),
                (TooMany, None),
                (TooMany, None),
            ],
            "unknown",
            1,
        ),
        // Told as done and not done, but someone else did it.
        (&[(Forgotten, Some(Same))], "already-so", 0),
        // Someone else did it while this run could not.
        (&[(Broken, Some(Same))], "already-so", 0),
        // Someone else took it back, and it was made again.
        (&[(DoneBut500, Some(Undo))], "applied", 2),
        // Done by this run or not, nobody may terminate it now.
        (&[(LostBefore, Some(Hold))], "unknown", 0),
    ];
    for (orders, expected, times) in cases {
        let (outcome, made) = terminated(orders).await;
        assert_eq!(
            (outcome.as_str(), made),
            (expected, times),
            "{orders:?}: {outcome:?}"
        );
    }
}
