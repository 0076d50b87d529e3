//! What earlier runs left open: changes that were announced and of whose end no record knows.
//! Pure.

use std::collections::{HashMap, HashSet};

use super::chain::Run;
use super::entry::{Event, Intent, Line, Settled};
use crate::mailbox::Mailbox;
use crate::observed::{Observed, State};

/// A change that was announced, and nothing more is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// The hash of the line that announced it.
    pub hash: String,
    /// When it was announced.
    pub at: String,
    /// The change.
    pub intent: Intent,
}

/// The changes that are open, oldest first. One that ended as unknown is open, too.
pub fn open(runs: &[Run]) -> Vec<Open> {
    let lines = || {
        runs.iter()
            .flat_map(|run| run.lines.iter().map(|(_, line)| line))
    };
    let settled: HashSet<&str> = lines()
        .filter_map(|line| match &line.event {
            Event::Settled(settled) => Some(settled.intent.as_str()),
            _ => None,
        })
        .collect();
    let mut open: Vec<Open> = runs
        .iter()
        .filter(|run| !run.is_under_way)
        .flat_map(open_in)
        .filter(|open| !settled.contains(open.hash.as_str()))
        .collect();
    open.sort_by(|a, b| (&a.at, &a.hash).cmp(&(&b.at, &b.hash)));
    open
}

fn open_in(run: &Run) -> Vec<Open> {
    let mut open: HashMap<&str, (&Line, &Intent)> = HashMap::new();
    for (_, line) in &run.lines {
        match &line.event {
            Event::Intent(intent) => {
                open.insert(&intent.mailbox, (line, intent));
            }
            Event::Outcome(outcome) if outcome.outcome != "unknown" => {
                open.remove(outcome.mailbox.as_str());
            }
            _ => {}
        }
    }
    let each = open.into_values();
    each.map(|(line, intent)| Open {
        hash: line.hash.clone(),
        at: line.at.clone(),
        intent: intent.clone(),
    })
    .collect()
}

/// What the portal says of an open change. `None` where the mailbox was not looked at, or where
/// the portal is still working on it.
pub fn settle(open: &Open, observed: &Observed) -> Option<Settled> {
    let mailbox = Mailbox::parse(&open.intent.mailbox).ok()?;
    let seen = observed.get(&mailbox);
    let (outcome, detail) = match seen {
        None if !observed.is_complete() => return None,
        None => (
            "unknown",
            "the portal has no such account any more".to_owned(),
        ),
        Some(seen) if matches!(seen.state, State::Enabling | State::Terminating) => return None,
        Some(seen) => {
            let is_so = match open.intent.action.as_str() {
                "enable" => seen.state == State::Enabled,
                _ => matches!(seen.state, State::Terminated | State::Disabled),
            };
            let by = seen.request.as_deref();
            match (is_so, by) {
                (true, Some(by)) if by == open.intent.request => {
                    ("applied", format!("the archive is {}", seen.state))
                }
                (true, Some(by)) => ("unknown", format!("the archive is {}, by {by}", seen.state)),
                // Nor does a portal say who it was that has no place for it.
                (true, None) => (
                    "unknown",
                    format!(
                        "the archive is {}; the portal does not say by which request",
                        seen.state
                    ),
                ),
                (false, _) if seen.state.as_str() == open.intent.from => (
                    "not-applied",
                    format!("the archive is {}, as it was before", seen.state),
                ),
                (false, _) => ("unknown", format!("the archive is {} now", seen.state)),
            }
        }
    };
    Some(Settled {
        mailbox: open.intent.mailbox.clone(),
        request: open.intent.request.clone(),
        intent: open.hash.clone(),
        outcome: outcome.to_owned(),
        detail,
    })
}
