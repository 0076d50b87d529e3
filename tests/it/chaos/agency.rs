//! Agencies, their requests over time and their portals, all from a seed.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use arkib::devportal::{Options, Roster};
use arkib::domain::policy::Policy;
use arkib::domain::request::Request;
use jiff::civil::{Date, date};
use secrecy::SecretString;

use super::clock_skew;
use super::fault::Fault;
use super::fault_proxy::RequestFaults;
use super::random::Random;
use super::request_files::generate_requests;
use super::run::TOKEN;
use crate::properties::mailbox;

/// One case: everything except faults.
pub struct Agency {
    /// As read from their files.
    pub policy: Policy,
    pub requests: Vec<Arc<Request>>,
    /// As written into their files, for `approved`.
    pub filed: Vec<Arc<Request>>,
    /// The initial state of the portal.
    pub starts: Vec<Start>,
    pub protected: BTreeSet<String>,
    /// The days of the runs, in order.
    pub days: Vec<Date>,
    /// Whether runs read the whole portal, or only named mailboxes.
    pub reads_all: bool,
    pub options: Options,
    pub request_faults: RequestFaults,
}

/// The initial state of a mailbox.
#[derive(Debug, Clone)]
pub struct Start {
    pub mailbox: String,
    pub state: &'static str,
    pub account: &'static str,
    pub held: bool,
    request: String,
}

impl Agency {
    pub fn from(seed: u64) -> Self {
        let random = Random::new(seed ^ 0xa9e7);
        let number = 4 + random.below(37);
        // Some that no request can name, and sometimes one that requests name but the portal lacks.
        let named = (number - 1 - number / 5) as u8;
        let absent = random.chance_per_mille(250).then(|| random.below(named.into()));
        let protected: BTreeSet<String> = (0..number)
            .filter(|_| random.chance_per_mille(80))
            .map(|number| mailbox(number as u8).to_string())
            .collect();
        let first = date(2026, 11, 14 + random.below(12) as i8);
        let mut days = vec![first];
        if random.chance_per_mille(250) {
            days.push(first.checked_add(jiff::Span::new().days(random.below(5) as i64)).unwrap());
        }
        let (policy, requests, filed) =
            generate_requests(seed, named, 4 + 2 * number, &protected, first);
        let starts: Vec<Start> = (0..number)
            .filter(|number| Some(*number) != absent)
            .map(|number| start(number as u8, &random))
            .collect();
        let request_faults = request_faults(seed, number, &random);
        Self {
            policy,
            requests,
            filed,
            protected,
            days,
            reads_all: random.chance_per_mille(750),
            options: options(&starts, request_faults, &random),
            starts,
            request_faults,
        }
    }
}

fn request_faults(seed: u64, mailboxes: usize, random: &Random) -> RequestFaults {
    use Fault::{Broken, LandsLate, LostBefore, RetryDate};
    let outages = [Broken, LandsLate, LostBefore, RetryDate];
    // Only a run with many changes can stop before the rest.
    let is_out = mailboxes > 22 && random.chance_per_mille(600);
    let outage = is_out.then(|| random.pick(&outages));
    RequestFaults {
        seed,
        // If all changes fail, the reading before them should not.
        faults: if outage.is_some() { 20 } else { 50 + seed % 400 },
        outage,
        others: random.pick(&[0, 150, 300]),
        skewed: random.chance_per_mille(300),
        cursors: random.chance_per_mille(400),
        keeps_holds: random.chance_per_mille(500),
        if_match: !seed.is_multiple_of(3),
    }
}

fn start(number: u8, random: &Random) -> Start {
    let states =
        ["disabled", "disabled", "disabled", "enabled", "enabled", "enabled", "terminated"];
    let state = if random.chance_per_mille(50) {
        random.pick(&["enabling", "terminating"])
    } else {
        random.pick(&states)
    };
    let account = if random.chance_per_mille(70) {
        random.pick(&["disabled", "requested-to-delete", "deleted"])
    } else {
        "active"
    };
    // An id that a request may have: a different state is then drift.
    let request = if random.chance_per_mille(400) {
        format!("R-{:02}", random.below(12))
    } else {
        String::new()
    };
    Start {
        mailbox: mailbox(number).to_string(),
        state,
        account,
        held: random.chance_per_mille(120),
        request,
    }
}

fn options(starts: &[Start], request_faults: RequestFaults, random: &Random) -> Options {
    let mut csv = String::from("mailbox,state,account,hold,request\n");
    for start in starts {
        let held = start.held && request_faults.keeps_holds;
        let Start { mailbox, state, account, request, .. } = start;
        csv += &format!("{mailbox},{state},{account},{held},{request}\n");
    }
    let mut options = Options::new(SecretString::from(TOKEN));
    options.roster = Some(Roster::read(csv.as_bytes(), "roster").unwrap());
    options.clock = clock_skew::clock(random);
    options.if_match = request_faults.if_match;
    options.page_size = random.pick(&[3, 5, 12, 1000]);
    if random.chance_per_mille(150) {
        options.provisioning_delay = Duration::from_millis(20);
    }
    options.max_operations = random.pick(&[0, 2, 3, 5, 1000, 1000]);
    options
}
