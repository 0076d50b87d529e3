//! Agencies, their requests over time and their portals, all from a seed.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use arkib::devportal::{Options, Roster};
use arkib::domain::policy::Policy;
use arkib::domain::request::Request;
use jiff::civil::{Date, date};
use secrecy::SecretString;

use super::dice::Dice;
use super::fault::Fault;
use super::filing::file;
use super::run::TOKEN;
use super::skew;
use super::storm::RequestFaults;
use crate::properties::mailbox;

/// One case: everything that is not weather.
pub struct Agency {
    /// As the reader gave them.
    pub policy: Policy,
    pub requests: Vec<Arc<Request>>,
    /// What was written into their files, for the oracle.
    pub filed: Vec<Arc<Request>>,
    /// What the portal has at first.
    pub starts: Vec<Start>,
    pub protected: BTreeSet<String>,
    /// The days for which runs are made, in turn.
    pub days: Vec<Date>,
    /// Whether runs read the whole portal, or look up what requests name.
    pub reads_all: bool,
    pub options: Options,
    pub request_faults: RequestFaults,
}

/// A mailbox as the portal has it at first.
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
        let dice = Dice::new(seed ^ 0xa9e7);
        let number = 4 + dice.below(37);
        // Some that no request can name, and at times one that requests name and nobody has.
        let named = (number - 1 - number / 5) as u8;
        let absent = dice.in_a_thousand(250).then(|| dice.below(named.into()));
        let protected: BTreeSet<String> = (0..number)
            .filter(|_| dice.in_a_thousand(80))
            .map(|number| mailbox(number as u8).to_string())
            .collect();
        let first = date(2026, 11, 14 + dice.below(12) as i8);
        let mut days = vec![first];
        if dice.in_a_thousand(250) {
            days.push(
                first
                    .checked_add(jiff::Span::new().days(dice.below(5) as i64))
                    .unwrap(),
            );
        }
        let (policy, requests, filed) = file(seed, named, 4 + 2 * number, &protected, first);
        let starts: Vec<Start> = (0..number)
            .filter(|number| Some(*number) != absent)
            .map(|number| start(number as u8, &dice))
            .collect();
        let request_faults = request_faults(seed, number, &dice);
        Self {
            policy,
            requests,
            filed,
            protected,
            days,
            reads_all: dice.in_a_thousand(750),
            options: options(&starts, request_faults, &dice),
            starts,
            request_faults,
        }
    }
}

fn request_faults(seed: u64, mailboxes: usize, dice: &Dice) -> RequestFaults {
    use Fault::{Broken, LandsLate, LostBefore, RetryDate};
    let outages = [Broken, LandsLate, LostBefore, RetryDate];
    // Only where much is to be changed can a run give up before the rest.
    let is_out = mailboxes > 22 && dice.in_a_thousand(600);
    let outage = is_out.then(|| dice.one(&outages));
    RequestFaults {
        seed,
        // Where changes fail one and all, the reading that comes before them should not.
        faults: if outage.is_some() {
            20
        } else {
            50 + seed % 400
        },
        outage,
        others: dice.one(&[0, 150, 300]),
        skewed: dice.in_a_thousand(300),
        cursors: dice.in_a_thousand(400),
        keeps_holds: dice.in_a_thousand(500),
        if_match: !seed.is_multiple_of(3),
    }
}

fn start(number: u8, dice: &Dice) -> Start {
    let states = [
        "disabled",
        "disabled",
        "disabled",
        "enabled",
        "enabled",
        "enabled",
        "terminated",
    ];
    let state = if dice.in_a_thousand(50) {
        dice.one(&["enabling", "terminating"])
    } else {
        dice.one(&states)
    };
    let account = if dice.in_a_thousand(70) {
        dice.one(&["disabled", "requested-to-delete", "deleted"])
    } else {
        "active"
    };
    // An id that a request may have: what the portal then shows otherwise is drift.
    let request = if dice.in_a_thousand(400) {
        format!("R-{:02}", dice.below(12))
    } else {
        String::new()
    };
    Start {
        mailbox: mailbox(number).to_string(),
        state,
        account,
        held: dice.in_a_thousand(120),
        request,
    }
}

fn options(starts: &[Start], request_faults: RequestFaults, dice: &Dice) -> Options {
    let mut csv = String::from("mailbox,state,account,hold,request\n");
    for start in starts {
        let held = start.held && request_faults.keeps_holds;
        let Start {
            mailbox,
            state,
            account,
            request,
            ..
        } = start;
        csv += &format!("{mailbox},{state},{account},{held},{request}\n");
    }
    let mut options = Options::new(SecretString::from(TOKEN));
    options.roster = Some(Roster::read(csv.as_bytes(), "roster").unwrap());
    options.clock = skew::clock(dice);
    options.if_match = request_faults.if_match;
    options.page_size = dice.one(&[3, 5, 12, 1000]);
    if dice.in_a_thousand(150) {
        options.provisioning_delay = Duration::from_millis(20);
    }
    options.max_operations = dice.one(&[0, 2, 3, 5, 1000, 1000]);
    options
}
