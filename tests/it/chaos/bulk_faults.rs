//! Bulk faults, on requests made by hand: each misleads in its own way, and the interceptor reads
//! the body.

use arkib::devportal::RunningPortal;
use arkib::domain::mapping::scim::Mapping;
use arkib::domain::mapping::scim_urns as wire;
use arkib::portal::PortalReader as _;
use arkib::portal::scim;
use arkib::portal::scim::ConnectionConfig;
use secrecy::SecretString;
use serde_json::{Value, json};

use super::fault::{BULK, Fault};
use super::fault_proxy::{FaultProxy, RequestFaults};
use super::ordered_faults::{GOOD, is_any, portal};
use super::run::{TOKEN, limits};

/// Five changes in one request; the last one is impossible.
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

/// The answer for each operation: the number of its user, and its status.
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

/// The number of archives.
async fn enabled(portal: &RunningPortal) -> usize {
    let proxy = FaultProxy::start_before(portal.url(), GOOD).await;
    let endpoint = ConnectionConfig::new(&proxy.url, SecretString::from(TOKEN)).unwrap();
    let reader = scim::connect(&endpoint, &limits(), &Mapping::default()).await.unwrap();
    let observed = reader.read_all(&Default::default(), &|_, _| {}).await.unwrap();
    let states = observed.mailboxes().iter();
    states.filter(|mailbox| mailbox.state.as_str() == "enabled").count()
}

#[tokio::test]
async fn each_bulk_fault_misleads_in_its_way() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let honest: Vec<(usize, String)> = [(1, "200"), (2, "200"), (3, "200"), (4, "200"), (5, "409")]
        .map(|(number, status)| (number, status.to_owned()))
        .to_vec();
    for fault in BULK {
        for seed in 0..4 {
            let portal = portal(6, 1000, "disabled").await;
            let request_faults = RequestFaults { seed, ..GOOD };
            let proxy = FaultProxy::start_before(portal.url(), request_faults).await;
            proxy.order(is_any, fault, None);
            let said = said(&bulk(&proxy.url).await);
            let others = said.iter().filter(|answer| !honest.contains(answer)).count();
            let mut numbers: Vec<usize> = said.iter().map(|answer| answer.0).collect();
            let is_sorted = numbers.is_sorted();
            numbers.sort_unstable();
            numbers.dedup();
            let done = enabled(&portal).await;
            let is_so = match fault {
                Fault::OperationsLost => said.len() < 5 && others == 0 && done == 4,
                Fault::OperationsShuffled => numbers.len() == 5 && !is_sorted && done == 4,
                Fault::OperationTwice => said.len() == 5 && numbers.len() == 4 && done == 4,
                // The one that really failed cannot get a wrong status.
                Fault::OperationDoneBut500 => others <= 1 && done == 4,
                Fault::OperationNotDone => numbers.len() == 5 && others == 1 && done >= 3,
                _ => false,
            };
            assert!(is_so, "{fault:?} {seed}: {said:?}, {done} done");
            assert_eq!(proxy.injected().len(), 1);
            portal.stop().await;
        }
    }
}

/// Someone else also acts on changes in a Bulk body, and each one is checked.
#[tokio::test]
async fn the_content_of_bulk_requests_is_read() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let portal = portal(6, 1000, "disabled").await;
    let request_faults = RequestFaults { others: 1000, ..GOOD };
    let proxy = FaultProxy::start_before(portal.url(), request_faults).await;
    for _ in 0..20 {
        bulk(&proxy.url).await;
    }
    assert!(!proxy.injected().is_empty(), "nobody else acts");
    // No mailbox was shown before these changes were requested.
    let unseen = proxy.violations();
    assert_eq!(unseen.len(), 20 * 5, "{unseen:?}");
    portal.stop().await;
}
