//! What happened in many cases: a fault that is never dealt and an outcome that never comes would
//! prove nothing.

use std::collections::BTreeMap;

use arkib::apply::Outcome;
use arkib::domain::plan::Plan;

use super::fault::Fault;
use super::others::Deed;
use super::storm::Dealt;

/// How often what happened.
#[derive(Debug, Default, Clone)]
pub struct Tally {
    pub dealt: BTreeMap<Dealt, usize>,
    /// Outcomes, causes of changes, and what blocked others.
    pub told: BTreeMap<String, usize>,
    pub outcomes: usize,
}

impl Tally {
    pub fn plan(&mut self, plan: &Plan) {
        for change in &plan.changes {
            self.add(format!(
                "{} by {}",
                change.target.verb(),
                change.cause.as_str()
            ));
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
            *self.told.entry(name.to_owned()).or_default() += count;
        }
    }

    pub fn outcome(&mut self, outcome: &Outcome) {
        self.outcomes += 1;
        self.add(outcome.as_str().to_owned());
    }

    fn add(&mut self, name: String) {
        *self.told.entry(name).or_default() += 1;
    }

    pub fn dealt(&mut self, all: &[(Dealt, String)]) {
        for (dealt, _) in all {
            *self.dealt.entry(*dealt).or_default() += 1;
        }
    }

    #[must_use]
    pub fn with(mut self, other: Self) -> Self {
        for (dealt, count) in other.dealt {
            *self.dealt.entry(dealt).or_default() += count;
        }
        for (name, count) in other.told {
            *self.told.entry(name).or_default() += count;
        }
        self.outcomes += other.outcomes;
        self
    }

    /// What should have happened and did not.
    pub fn missing(&self) -> Vec<String> {
        let faults = Fault::all().into_iter().map(Dealt::Fault);
        let dealt = faults.chain(Deed::ALL.map(Dealt::Other));
        let never = dealt.filter(|dealt| !self.dealt.contains_key(dealt));
        let never = never.map(|dealt| format!("{dealt:?}"));
        let told = TOLD.iter().filter(|name| {
            let count = self.told.get(**name);
            count.is_none_or(|count| *count == 0)
        });
        never.chain(told.map(|name| (*name).to_owned())).collect()
    }
}

const TOLD: [&str; 18] = [
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
