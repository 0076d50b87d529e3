//! Counts over many cases: a fault that is never injected or an outcome that never occurs would
//! prove nothing.

use std::collections::BTreeMap;

use arkib::apply::Outcome;
use arkib::domain::plan::Plan;

use super::fault::Fault;
use super::fault_proxy::Injected;
use super::other_actors::OtherAction;

/// The number of each fault, action and outcome.
#[derive(Debug, Default, Clone)]
pub struct Counts {
    pub injected: BTreeMap<Injected, usize>,
    /// Outcomes, causes of changes, and reasons for blocking.
    pub outcome_counts: BTreeMap<String, usize>,
    pub outcomes: usize,
}

impl Counts {
    pub fn plan(&mut self, plan: &Plan) {
        for change in &plan.changes {
            self.add(format!("{} by {}", change.target.verb(), change.cause.as_str()));
        }
        for blocked in &plan.blocked {
            self.add(format!("blocked: {}", blocked.obstacle.code()));
        }
        let counts = [
            ("in progress", plan.in_progress.len()),
            ("in sync", plan.in_sync),
            ("unmanaged", plan.unmanaged.len()),
            ("pending", plan.pending.len()),
            ("scheduled", plan.scheduled.len()),
        ];
        for (name, count) in counts {
            *self.outcome_counts.entry(name.to_owned()).or_default() += count;
        }
    }

    pub fn outcome(&mut self, outcome: &Outcome) {
        self.outcomes += 1;
        self.add(outcome.as_str().to_owned());
    }

    fn add(&mut self, name: String) {
        *self.outcome_counts.entry(name).or_default() += 1;
    }

    pub fn injected(&mut self, all: &[(Injected, String)]) {
        for (injected, _) in all {
            *self.injected.entry(*injected).or_default() += 1;
        }
    }

    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        for (injected, count) in other.injected {
            *self.injected.entry(injected).or_default() += count;
        }
        for (name, count) in other.outcome_counts {
            *self.outcome_counts.entry(name).or_default() += count;
        }
        self.outcomes += other.outcomes;
        self
    }

    /// Expected events that never occurred.
    pub fn missing(&self) -> Vec<String> {
        let faults = Fault::all().into_iter().map(Injected::Fault);
        let injected = faults.chain(OtherAction::ALL.map(Injected::Other));
        let never = injected.filter(|injected| !self.injected.contains_key(injected));
        let never = never.map(|injected| format!("{injected:?}"));
        let outcome_counts = EXPECTED.iter().filter(|name| {
            let count = self.outcome_counts.get(**name);
            count.is_none_or(|count| *count == 0)
        });
        never.chain(outcome_counts.map(|name| (*name).to_owned())).collect()
    }
}

const EXPECTED: [&str; 18] = [
    "applied",
    "already-so",
    "failed",
    "unknown",
    "skipped",
    "enable by request",
    "enable by drift",
    "terminate by request",
    "terminate by drift",
    "blocked: hold",
    "blocked: protected",
    "blocked: account-not-active",
    "blocked: no-account",
    "in progress",
    "in sync",
    "unmanaged",
    "pending",
    "scheduled",
];
