//! arkib in bad weather: whatever the portal, the network and others do, only approved changes reach
//! the portal, what others have is left alone, and no outcome claims more than the portal's own
//! audit trail shows. When the faults stop, one run converges and the next is empty.
//!
//! Agencies, requests, portals and faults all follow from a seed.
//! `ARKIB_SEED=7 ARKIB_CASES=50000 cargo test --release --test it chaos` runs others, and more;
//! `ARKIB_SEED=7000421 ARKIB_CASES=1` the one that a failure printed.

mod agency;
mod answers;
mod asks;
mod bulk;
mod bulk_drills;
mod dice;
mod drills;
mod fault;
mod filing;
mod http;
mod judge;
mod layer;
mod oracle;
mod others;
mod pages;
mod run;
mod skew;
mod storm;
mod tally;
mod told;

use std::sync::OnceLock;

use futures_util::StreamExt as _;

use tally::Tally;

/// What fewer cases than these may not come across.
const CASES: u64 = 300;

fn cases() -> u64 {
    number("ARKIB_CASES").unwrap_or(CASES)
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

/// What happened in all cases, and those that broke a promise.
#[derive(Default)]
struct Ran {
    tally: Tally,
    broken: Vec<String>,
}

/// All cases, run once for all tests.
fn ran() -> &'static Ran {
    static RAN: OnceLock<Ran> = OnceLock::new();
    RAN.get_or_init(|| {
        let first = match number("ARKIB_SEED").unwrap_or(2026) {
            // A seed as a failure prints it.
            seed @ 1_000_000.. => seed,
            row => row * 1_000_000,
        };
        let _ = rustls::crypto::ring::default_provider().install_default();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let all = futures_util::stream::iter(first..first + cases())
            .map(|seed| async move { (seed, run::holds(seed).await) })
            .buffer_unordered(8)
            .fold(Ran::default(), |mut all, (seed, held)| async move {
                match held {
                    Ok(tally) => all.tally = all.tally.with(tally),
                    Err(why) => all.broken.push(format!("seed {seed}: {why}")),
                }
                all
            });
        runtime.block_on(all)
    })
}

#[test]
fn whatever_the_weather_only_what_was_approved_is_done_and_nothing_is_misreported() {
    let broken = &ran().broken;
    if let Some(first) = broken.first() {
        let short: Vec<&str> = broken.iter().filter_map(|why| why.lines().next()).collect();
        panic!(
            "{} of {} cases broke a promise:\n{}\n\nThe first in full: {first}",
            broken.len(),
            cases(),
            short[..short.len().min(20)].join("\n")
        );
    }
}

#[test]
fn every_fault_is_dealt_and_every_outcome_comes() {
    let tally = &ran().tally;
    assert!(
        tally.outcomes as u64 > cases() * 3,
        "only {} outcomes in {} cases",
        tally.outcomes,
        cases()
    );
    let missing = tally.missing();
    assert!(
        missing.is_empty() || cases() < CASES,
        "never: {missing:?} of {tally:#?}"
    );
}
