//! What the records of earlier runs say of changes that were left open, what became of those, and
//! what people were asked to do.

use std::collections::HashSet;
use std::path::PathBuf;

use super::options::Context;
use crate::apply::Outcome;
use crate::domain::agency::Agency;
use crate::domain::mailbox::Mailbox;
use crate::domain::outcome::OutcomeKind;
use crate::domain::plan::Plan;
use crate::domain::record::chain::Run;
use crate::domain::record::entry::{Event, Settled};
use crate::domain::record::open::{OpenChange, open_in, settle, settled_event};
use crate::domain::record::words::Settlement;
use crate::ops::failure::Failure;
use crate::ops::survey::{Observer, problems};
use crate::output::human::counts;
use crate::portal;
use crate::portal::any::Reader;
use crate::portal::{PortalRead as _, Scope};
use crate::printer;
use crate::text::plural;

/// What is known of earlier runs.
pub(super) struct PreviousRuns {
    /// The folder of their records.
    pub folder: PathBuf,
    /// Their records, oldest first.
    pub runs: Vec<Run>,
    /// What they left open.
    pub open: Vec<OpenChange>,
}

impl PreviousRuns {
    /// Reads their records.
    ///
    /// # Errors
    /// Why nothing may be changed now.
    pub fn read(observer: &Observer<'_>, agency: &Agency) -> Result<Self, Failure> {
        let read = observer.records(agency);
        let (folder, runs) = read.map_err(|failure| failure.refusing("Nothing was changed."))?;
        if let Some(problems) = problems(&runs) {
            // A chain that is broken goes on all the same: to stop here would let whoever broke it
            // stop every change. It is said each time until it is mended.
            printer::say(&format!(
                "note: {problems} in the records of earlier runs; `arkib records verify` shows them"
            ));
        }
        let open = open_in(agency.policy.portal, &runs);
        Ok(Self { folder, runs, open })
    }

    /// What the portal says of what they left open. Where it cannot be asked, that is left for the
    /// next run.
    pub async fn settle(
        &self,
        context: &Context<'_>,
        observer: &Observer<'_>,
        reader: &Reader,
        plan: &Plan,
    ) -> Vec<Settled> {
        let shard = context.options.shard;
        let own = || self.open.iter().filter(|open| open.is_of(shard));
        let mut mailboxes: Vec<Mailbox> = own()
            .filter_map(|open| Mailbox::parse(&open.intent.mailbox).ok())
            .collect();
        mailboxes.sort_unstable();
        mailboxes.dedup();
        if mailboxes.is_empty() {
            return Vec::new();
        }
        let scope = Scope::These(&mailboxes);
        let observed = tokio::select! {
            biased;
            () = context.stop.asked() => return Vec::new(),
            observed = portal::observe(reader, &scope, &|_, _| {}) => observed,
        };
        match observed {
            Ok(observed) => {
                let keeps = reader.holds_requests();
                own()
                    .filter_map(|open| {
                        settle(open, &observed, keeps).or_else(|| given_up(observer, open, plan))
                    })
                    .collect()
            }
            Err(error) => {
                printer::say(&format!(
                    "note: what earlier runs left open stays so: {error}"
                ));
                Vec::new()
            }
        }
    }

    /// Of what was handed over before and is in the new file nobody will know whether the old one did it.
    pub fn replaced(&self, plan: &Plan, outcomes: &[Outcome]) -> Vec<Settled> {
        let anew: HashSet<&str> = plan
            .changes
            .iter()
            .zip(outcomes)
            .filter(|(_, outcome)| matches!(outcome, Outcome::HandedOver { .. }))
            .map(|(change, _)| change.mailbox.as_str())
            .collect();
        self.handed_over()
            .filter(|open| anew.contains(open.intent.mailbox.as_str()))
            .map(|open| {
                let why = "no export showed it, and a new file asks for the mailbox's change";
                settled_event(open, Settlement::Unknown, why.to_owned())
            })
            .collect()
    }

    /// What became of what they left open, in words.
    pub fn summary(&self, settled: &[Settled]) -> Option<String> {
        let by_people: HashSet<&str> = self.handed_over().map(|open| open.hash.as_str()).collect();
        let (handed_over, others): (Vec<&Settled>, Vec<&Settled>) = settled
            .iter()
            .partition(|it| by_people.contains(it.intent.as_str()));
        let mut sentences = Vec::new();
        if !by_people.is_empty() {
            let mut parts = counted(&handed_over);
            let open = by_people.len() - handed_over.len();
            if open > 0 {
                parts.push(format!("{open} not done as far as the export shows"));
            }
            sentences.push(format!("Of what was handed over: {}.", parts.join(", ")));
        }
        if !others.is_empty() {
            sentences.push(format!(
                "An earlier run did not come to its end and left {} open: {}.",
                plural(others.len(), "change", "changes"),
                counted(&others).join(", ")
            ));
        }
        (!sentences.is_empty()).then(|| sentences.join(" "))
    }

    /// What was handed over and is open.
    pub fn handed_over(&self) -> impl Iterator<Item = &OpenChange> {
        self.open.iter().filter(|open| open.is_handed_over)
    }

    /// The names of the files that were ever handed over.
    pub fn handed_over_files(&self) -> HashSet<&str> {
        let lines = self.runs.iter().flat_map(|run| &run.lines);
        lines
            .filter_map(|(_, line)| match &line.event {
                Event::Outcome(outcome) if outcome.outcome == OutcomeKind::HandedOver => {
                    outcome.detail.as_deref()?.split(" (").next()
                }
                _ => None,
            })
            .collect()
    }
}

/// What was handed over and will not be done any more, on the word of whoever runs arkib; what is
/// handed over anew is replaced later.
fn given_up(observer: &Observer<'_>, open: &OpenChange, plan: &Plan) -> Option<Settled> {
    let mut changes = plan.changes.iter();
    let is_anew = changes.any(|change| change.mailbox.as_str() == open.intent.mailbox);
    (observer.is_given_up(open) && !is_anew).then(|| {
        let why = "given up by who ran arkib with --hand-over-again";
        settled_event(open, Settlement::NotApplied, why.to_owned())
    })
}

/// "2 made, 1 unclear".
fn counted(settled: &[&Settled]) -> Vec<String> {
    let of = |word| settled.iter().filter(|it| it.outcome == word).count();
    counts([
        (of(Settlement::Applied), "made"),
        (of(Settlement::AlreadySo), "found so"),
        (of(Settlement::NotApplied), "not made"),
        (of(Settlement::Unknown), "unclear"),
    ])
}
