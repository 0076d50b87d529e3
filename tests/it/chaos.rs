//! The executor in bad weather: whatever the portal and the network do, only approved changes reach
//! the portal, what others have is left alone, and no outcome claims more than the portal's own
//! audit trail shows. When the faults stop, one run converges and the next is empty.
//!
//! `ARKIB_SEED=7 ARKIB_CASES=50000 cargo test --release --test it chaos` runs others, and more.

use std::time::Duration;

use arkib::apply::{Options, Outcome, Stop, Witness, apply};
use arkib::mailbox::Mailbox;
use arkib::observed::Observed;
use arkib::plan::{Change, Plan, plan};
use arkib::policy::Limits as PolicyLimits;
use arkib::portal::embedded::{self, Clock, Database, Roster, Running};
use arkib::portal::scim::{self, Endpoint, Limits};
use arkib::portal::{PortalRead as _, Target};
use arkib::provenance::Doubts;
use secrecy::SecretString;
use serde_json::Value;

use crate::limits::request;
use crate::storm::{LATEST, Storm};

const TOKEN: &str = "chaos-chaos-chaos";
/// Mailboxes 0 to 2 are to be terminated, 3 to 8 enabled; 9 is on hold and wanted terminated, 10
/// protected and wanted terminated, 11 has an archive that nobody asked for.
const MAILBOXES: usize = 12;

struct Silent;

impl Witness for Silent {
    async fn begun(&self, _: &Change) -> Result<(), String> {
        Ok(())
    }
    async fn ended(&self, _: &Change, _: &Outcome) {}
}

async fn portal(if_match: bool) -> Running {
    let mut csv = String::from("mailbox,state,hold\n");
    for number in 0..MAILBOXES {
        let state = if (3..9).contains(&number) {
            "disabled"
        } else {
            "enabled"
        };
        csv += &format!("m{number:04}@agensi.example,{state},{}\n", number == 9);
    }
    let mut options = embedded::Options::new(SecretString::from(TOKEN));
    options.database = Database::Memory;
    options.roster = Some(Roster::read(csv.as_bytes(), "roster").unwrap());
    options.clock = Clock::Fixed("2026-11-23T04:00:00Z".parse().unwrap());
    options.if_match = if_match;
    embedded::start(options).await.unwrap()
}

fn limits() -> Limits {
    Limits {
        connect: Duration::from_millis(500),
        read: Duration::from_millis(300),
        request: Duration::from_millis(600),
        attempts: 3,
        first_delay: Duration::from_millis(1),
        longest_delay: Duration::from_millis(2),
        max_retry_after: Duration::from_millis(50),
        patience: Duration::from_millis(400),
        reading_pause: Duration::from_millis(1),
        concurrency: 4,
        ..Limits::default()
    }
}

fn planned(observed: &Observed) -> Plan {
    let requests = [
        request("R-1", Target::Terminated, 0, 3),
        request("R-2", Target::Enabled, 3, 9),
        request("R-3", Target::Terminated, 9, 11),
    ];
    let desired = arkib::desired::fold(&requests, jiff::civil::date(2026, 11, 23), &Doubts::new());
    let policy = arkib::policy::Policy {
        limits: PolicyLimits {
            terminations: 99,
            terminations_percent: 100,
            changes: 99,
        },
        protected: vec![Mailbox::parse("m0010@agensi.example").unwrap()],
        ..crate::properties::policy()
    };
    plan(&desired, observed, &policy, 99)
}

/// One run through a portal's address: its outcomes; none where it could not be read at all.
async fn run(url: &str) -> Option<(Plan, Vec<Outcome>)> {
    let endpoint = Endpoint::new(url, SecretString::from(TOKEN)).unwrap();
    let reader = scim::connect(&endpoint, &limits()).await.ok()?;
    let observed = reader.read_all(&|_, _| {}).await.ok()?;
    let plan = planned(&observed);
    let writer = scim::connect_to_write(&endpoint, &limits()).await.ok()?;
    let options = Options { concurrency: 4 };
    let cleared = plan.clear(&[], true).unwrap();
    let outcomes = apply(cleared, &writer, &options, &Stop::default(), &Silent).await;
    Some((plan, outcomes))
}

/// Every change of state that the portal knows of: mailbox, to, request.
async fn audit(portal: &Running) -> Vec<(String, String, String)> {
    let url = portal.url().replace("/scim/v2", "/audit");
    let answer = reqwest::Client::new()
        .get(url)
        .bearer_auth(TOKEN)
        .send()
        .await
        .unwrap();
    let body: Value = answer.json().await.unwrap();
    let text = |entry: &Value, name: &str| entry[name].as_str().unwrap_or("-").to_owned();
    let entries = body["entries"].as_array().unwrap().iter();
    entries
        .filter(|entry| entry["actor"] == "client" && entry["from_state"] != entry["to_state"])
        .map(|entry| {
            (
                text(entry, "mailbox"),
                text(entry, "to_state"),
                text(entry, "request"),
            )
        })
        .collect()
}

/// The promises, for one schedule of faults.
async fn holds(seed: u64) -> Result<usize, String> {
    let if_match = !seed.is_multiple_of(3);
    let portal = portal(if_match).await;
    let storm = Storm::before(portal.url(), seed, 50 + seed % 400).await;
    let mut told = 0;
    if let Some((plan, outcomes)) = run(&storm.url).await {
        tokio::time::sleep(LATEST).await;
        let trail = audit(&portal).await;
        for (change, outcome) in plan.changes.iter().zip(&outcomes) {
            let mailbox = change.mailbox.as_str();
            let mine = |entry: &&(String, String, String)| {
                entry.0 == mailbox && entry.2 == change.request.id.as_str()
            };
            let made = trail.iter().filter(mine).count();
            told += 1;
            match outcome {
                Outcome::Applied { .. } if made == 1 => {}
                // Where the portal heeds no If-Match, it takes from both what two do in one instant.
                Outcome::Applied { .. }
                    if made == 0 && !if_match && trail.iter().any(|it| it.0 == mailbox) => {}
                Outcome::AlreadySo { .. } | Outcome::Unknown { .. } if made <= 1 => {}
                Outcome::Failed { .. } | Outcome::Skipped { .. } if made == 0 => {}
                other => {
                    return Err(format!(
                        "{mailbox} was made {made} times and is told as {other:?}"
                    ));
                }
            }
        }
    }
    storm.ends();
    let (plan, outcomes) = run(&storm.url)
        .await
        .ok_or("it does not read in good weather")?;
    if let Some(bad) = outcomes.iter().find(|outcome| !outcome.is_good()) {
        return Err(format!(
            "in good weather: {bad:?} of {} changes",
            plan.changes.len()
        ));
    }
    let (again, _) = run(&storm.url).await.ok_or("it does not read again")?;
    if !again.changes.is_empty() {
        return Err(format!("it does not converge: {:?}", again.changes));
    }
    for (mailbox, to, request) in audit(&portal).await {
        let number: usize = mailbox[1..5].parse().unwrap();
        let wanted = match (number, request.as_str()) {
            (0..3, "R-1" | "X-1") => "terminated",
            (3..9, "R-2" | "X-2") => "enabled",
            _ => return Err(format!("{mailbox} became {to} by {request}")),
        };
        if to != wanted {
            return Err(format!("{mailbox} became {to} by {request}"));
        }
    }
    portal.stop().await;
    Ok(told)
}

#[test]
fn whatever_the_weather_only_what_was_approved_is_done_and_nothing_is_misreported() {
    let number = |name: &str| {
        std::env::var(name)
            .ok()
            .and_then(|text| text.parse::<u64>().ok())
    };
    let cases = number("ARKIB_CASES").unwrap_or(300);
    let first = number("ARKIB_SEED").unwrap_or(2026) * 1_000_000;
    let _ = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let told: usize = runtime.block_on(async {
        use futures_util::StreamExt as _;
        futures_util::stream::iter(first..first + cases)
            .map(|seed| async move {
                match holds(seed).await {
                    Ok(told) => told,
                    Err(why) => panic!("seed {seed}: {why}"),
                }
            })
            .buffer_unordered(8)
            .fold(0, |sum, told| async move { sum + told })
            .await
    });
    // Most runs come as far as to change something.
    assert!(
        told as u64 > cases * 3,
        "only {told} outcomes in {cases} runs"
    );
}
