//! The layer itself: each fault that misleads does mislead, and what arkib makes of lists that are
//! none. Here a fault is ordered, not left to chance.

use arkib::portal::PortalRead as _;
use arkib::portal::embedded::{self, Options, Roster, Running};
use arkib::portal::scim::{self, Endpoint, wire};
use secrecy::SecretString;
use serde_json::{Value, json};

use super::fault::{BULK, Fault};
use super::run::{TOKEN, limits};
use super::storm::{Storm, Weather};

const GOOD: Weather = Weather {
    seed: 7,
    faults: 0,
    outage: None,
    others: 0,
    skewed: false,
    cursors: false,
    keeps_holds: true,
    if_match: true,
};

async fn portal(mailboxes: usize, page_size: usize) -> Running {
    let rows = (0..mailboxes).map(|number| format!("m{number}@agensi.example,disabled\n"));
    let csv: String = std::iter::once("mailbox,state\n".to_owned())
        .chain(rows)
        .collect();
    let mut options = Options::new(SecretString::from(TOKEN));
    options.roster = Some(Roster::read(csv.as_bytes(), "roster").unwrap());
    options.page_size = page_size;
    embedded::start(options).await.unwrap()
}

/// A list that contradicts itself is not believed, and another reading mends it.
#[tokio::test]
async fn a_list_that_is_spoilt_is_read_again() {
    let faults = [Fault::Gap, Fault::Repeated, Fault::SamePage, Fault::Total];
    for page_size in [3, 12] {
        let portal = portal(30, page_size).await;
        for (cursors, paging) in [(false, Fault::Shifted), (true, Fault::Expired)] {
            for fault in faults.into_iter().chain([paging]) {
                let weather = Weather { cursors, ..GOOD };
                let storm = Storm::before(portal.url(), weather).await;
                let endpoint = Endpoint::new(&storm.url, SecretString::from(TOKEN)).unwrap();
                let reader = scim::connect(&endpoint, &limits()).await.unwrap();
                // Pages of the first reading can be put in place of later ones.
                reader.read_all(&|_, _| {}).await.unwrap();
                for _ in 0..3 {
                    storm.order(fault);
                    let observed = reader.read_all(&|_, _| {}).await.unwrap();
                    assert_eq!(observed.mailboxes().len(), 30, "{fault:?}");
                }
                assert_eq!(storm.dealt().len(), 3, "{fault:?}");
            }
        }
        portal.stop().await;
    }
}

/// Five changes in one request; the last of them asks for what cannot be.
async fn bulk(url: &str) -> Value {
    let change = |number: usize| {
        let state = if number == 5 { "terminated" } else { "enabled" };
        let path = format!("{}:state", wire::MAILBOX);
        let patch = json!({
            "schemas": [wire::PATCH_OP],
            "Operations": [{"op": "replace", "path": path, "value": state}],
        });
        json!({"method": "PATCH", "path": format!("/Users/{number:08x}"), "data": patch})
    };
    let operations: Vec<Value> = (1..=5).map(change).collect();
    let body = json!({"schemas": [wire::BULK_REQUEST], "Operations": operations});
    let client = reqwest::Client::new();
    let request = client
        .post(format!("{url}/Bulk"))
        .bearer_auth(TOKEN)
        .header("content-type", wire::MEDIA_TYPE)
        .body(body.to_string());
    let answer = request.send().await.unwrap();
    serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
}

/// What is said of each operation: the number of its user, and its status.
fn said(answer: &Value) -> Vec<(usize, String)> {
    let operations = answer["Operations"].as_array().unwrap().iter();
    let said = operations.map(|operation| {
        let location = operation["location"].as_str().unwrap();
        let (_, id) = location.rsplit_once('/').unwrap();
        let status = operation["status"].as_str().unwrap();
        (usize::from_str_radix(id, 16).unwrap(), status.to_owned())
    });
    said.collect()
}

/// How many archives there are.
async fn enabled(portal: &Running) -> usize {
    let storm = Storm::before(portal.url(), GOOD).await;
    let endpoint = Endpoint::new(&storm.url, SecretString::from(TOKEN)).unwrap();
    let reader = scim::connect(&endpoint, &limits()).await.unwrap();
    let observed = reader.read_all(&|_, _| {}).await.unwrap();
    let states = observed.mailboxes().iter();
    states.filter(|it| it.state.as_str() == "enabled").count()
}

#[tokio::test]
async fn answers_to_bulk_mislead_in_each_way() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let honest: Vec<(usize, String)> = [(1, "200"), (2, "200"), (3, "200"), (4, "200"), (5, "409")]
        .map(|(number, status)| (number, status.to_owned()))
        .to_vec();
    for fault in BULK {
        for seed in 0..4 {
            let portal = portal(6, 1000).await;
            let weather = Weather { seed, ..GOOD };
            let storm = Storm::before(portal.url(), weather).await;
            storm.order(fault);
            let said = said(&bulk(&storm.url).await);
            let others = said.iter().filter(|it| !honest.contains(it)).count();
            let mut numbers: Vec<usize> = said.iter().map(|it| it.0).collect();
            let is_sorted = numbers.is_sorted();
            numbers.sort_unstable();
            numbers.dedup();
            let done = enabled(&portal).await;
            let is_so = match fault {
                Fault::OperationsLost => said.len() < 5 && others == 0 && done == 4,
                Fault::OperationsShuffled => numbers.len() == 5 && !is_sorted && done == 4,
                Fault::OperationTwice => said.len() == 5 && numbers.len() == 4 && done == 4,
                // The one that failed by itself cannot be given the wrong status.
                Fault::OperationDoneBut500 => others <= 1 && done == 4,
                Fault::OperationNotDone => numbers.len() == 5 && others == 1 && done >= 3,
                _ => false,
            };
            assert!(is_so, "{fault:?} {seed}: {said:?}, {done} done");
            assert_eq!(storm.dealt().len(), 1);
            portal.stop().await;
        }
    }
}

/// Someone else acts also where the change stands in a Bulk body, and the witness sees each one.
#[tokio::test]
async fn what_stands_in_bulk_is_seen() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let portal = portal(6, 1000).await;
    let weather = Weather {
        others: 1000,
        ..GOOD
    };
    let storm = Storm::before(portal.url(), weather).await;
    for _ in 0..20 {
        bulk(&storm.url).await;
    }
    assert!(!storm.dealt().is_empty(), "nobody else acts");
    // No mailbox was ever shown to whoever asked for these changes.
    let unseen = storm.violations();
    assert_eq!(unseen.len(), 20 * 5, "{unseen:?}");
    portal.stop().await;
}
